//! What drugs do, counted from the start of the index treatment.

use osteoflare_clinic::digest::PatientDigest;

use super::{
    Fidelity::{Approximate, AsSource},
    Role::{CnoMethotrexate, CnoNsaid, CnoPamidronate, CnoSteroid, CnoTnf},
    Statistic,
    measure::{count, months, number, yes},
    treated,
};
use crate::estimate::{
    Estimator::{Mean, Median, PooledShare, Proportion, RelativeChange, Total},
    Observation,
};

/// Sources that say "effective" or "response" without a rule are read like this.
macro_rules! response {
    ([$($id:literal),+], $role:expr) => {
        treated(
            &[$($id),+],
            $role,
            Proportion,
            Approximate,
            "Worst pain halved with no more clinical lesions than at the start, or symptom-free, 6 months after the start, of patients with pain above 1/10 at it. The source gives no rule.",
            response,
        )
    };
}

/// Relative change of pain; the sources give neither time nor denominator.
macro_rules! pain_change {
    ([$($id:literal),+], $role:expr) => {
        treated(
            &[$($id),+],
            $role,
            RelativeChange,
            Approximate,
            "Change of the mean worst pain from the start to 6 months, as a fraction of that at the start. The source gives no time.",
            pain_change,
        )
    };
}

fn response(digest: &PatientDigest) -> Option<Observation> {
    let start = digest.treatment.worst_pain.filter(|pain| *pain > 1.0)?;
    let found = digest.treated_month(6)?;
    if found.symptom_free? {
        return Some(Observation::yes(true));
    }
    let fewer = found.clinical_lesions? <= digest.treatment.clinical_lesions?;
    Some(Observation::yes(found.worst_pain? <= 0.5 * start && fewer))
}

fn pain_change(digest: &PatientDigest) -> Option<Observation> {
    Some(Observation::share(digest.treated_month(6)?.worst_pain?, digest.treatment.worst_pain?))
}

/// The patient had lesions on MRI when the treatment started.
fn with_lesions(digest: &PatientDigest) -> Option<&PatientDigest> {
    digest.treatment.mri_lesions.filter(|&n| n > 0)?;
    Some(digest)
}

pub(super) const STATISTICS: &[Statistic] = &[
    // Non-steroidal drugs, methotrexate, steroid, TNF inhibitors.
    response!(["borz.resp_nsaid", "jansson07.nsaid_effective", "kos13.nsaid", "kos15.eff_nsaid"], CnoNsaid),
    response!(["borz.resp_methotrexate", "gam.mtx_response", "kos13.mtx", "kos15.eff_mtx"], CnoMethotrexate),
    response!(["borz.resp_tnf", "kos15.eff_tnf"], CnoTnf),
    response!(["borz.resp_glucocorticoid"], CnoSteroid),
    response!(["kos15.eff_pam", "brno.pam_response"], CnoPamidronate),
    pain_change!(["kos15.pain_nsaid", "kos16.pain_nsaid"], CnoNsaid),
    pain_change!(["kos15.pain_mtx", "kos16.pain_mtx"], CnoMethotrexate),
    pain_change!(["kos15.pain_tnf", "kos16.pain_tnf"], CnoTnf),
    pain_change!(["kos15.pain_pam", "kos16.pain_pam"], CnoPamidronate),
    treated(
        &["schnabel.nsaid_rem_3m"],
        CnoNsaid,
        Proportion,
        Approximate,
        "No clinical lesion and worst pain at most 1/10, 3 months after the start.",
        |d| yes(d.treated_month(3)?.symptom_free),
    ),
    treated(
        &["caen.remission"],
        CnoNsaid,
        Proportion,
        Approximate,
        "No clinical lesion and worst pain at most 1/10, 12 months after the start; the source gives no time.",
        |d| yes(d.treated_month(12)?.symptom_free),
    ),
    // Pamidronate.
    treated(
        &["kos13.pam_cr"],
        CnoPamidronate,
        Proportion,
        Approximate,
        "Symptom-free and without MRI lesion 12 months after the start; the source gives no rule.",
        |d| {
            let found = d.treated_month(12)?;
            Some(Observation::yes(found.symptom_free? && found.mri_free?))
        },
    ),
    treated(
        &["and19.ext_inactive"],
        CnoPamidronate,
        Proportion,
        Approximate,
        "No clinical lesion and worst pain at most 1/10, 12 months after the start.",
        |d| yes(d.treated_month(12)?.symptom_free),
    ),
    treated(
        &["and19.ext_relapse"],
        CnoPamidronate,
        Proportion,
        Approximate,
        "A clinical relapse at any time after the first clinical remission, of patients symptom-free 12 months after the start.",
        |d| {
            d.treated_month(12)?.symptom_free.filter(|free| *free)?;
            yes(d.course.clinical_relapse)
        },
    ),
    treated(
        &["andACR.symptomatic"],
        CnoPamidronate,
        Total { patients: 17 },
        AsSource,
        "Clinical lesions in 17 patients before the start (mean times 17).",
        |d| count(with_lesions(d)?.treatment.clinical_lesions),
    ),
    treated(
        &["andACR.radiological"],
        CnoPamidronate,
        Total { patients: 17 },
        AsSource,
        "MRI lesions in 17 patients before the start (mean times 17), patients with at least one.",
        |d| count(with_lesions(d)?.treatment.mri_lesions),
    ),
    treated(
        &["andACR.total_12"],
        CnoPamidronate,
        Total { patients: 17 },
        AsSource,
        "MRI lesions in 17 patients 12 months after the start (mean times 17), patients with a lesion before.",
        |d| count(with_lesions(d)?.treated_month(12)?.mri_lesions),
    ),
    treated(
        &["andACR.active_12"],
        CnoPamidronate,
        Proportion,
        AsSource,
        "At least one MRI lesion 12 months after the start, of patients with a lesion before.",
        |d| yes(with_lesions(d)?.treated_month(12)?.mri_free.map(|free| !free)),
    ),
    treated(
        &["and22.ral_0"],
        CnoPamidronate,
        Median,
        AsSource,
        "Median MRI lesions before the start, patients with at least one.",
        |d| count(with_lesions(d)?.treatment.mri_lesions),
    ),
    treated(
        &["and22.ral_12"],
        CnoPamidronate,
        Median,
        AsSource,
        "Median MRI lesions 12 months after the start, patients with a lesion before.",
        |d| count(with_lesions(d)?.treated_month(12)?.mri_lesions),
    ),
    treated(
        &["and22.resolved"],
        CnoPamidronate,
        PooledShare,
        AsSource,
        "MRI lesions from before the start that are gone at 12 months, of all lesions.",
        |d| {
            let found = d.treated_month(12)?;
            let before = found.baseline_lesions?;
            let gone = before - found.baseline_lesions_left?;
            Some(Observation::share(f64::from(gone), f64::from(before)))
        },
    ),
    treated(
        &["and22.new_pts"],
        CnoPamidronate,
        Proportion,
        AsSource,
        "At least one MRI lesion 12 months after the start that was not there before.",
        |d| yes(with_lesions(d)?.treated_month(12)?.new_lesions.map(|n| n > 0)),
    ),
    treated(
        &["and22.clear"],
        CnoPamidronate,
        Proportion,
        AsSource,
        "No MRI lesion 12 months after the start, of patients with a lesion before.",
        |d| yes(with_lesions(d)?.treated_month(12)?.mri_free),
    ),
    treated(
        &["mie09.t_mri"],
        CnoPamidronate,
        Mean,
        AsSource,
        "Mean months from the start to the first MRI without lesion, patients with a lesion before who came to have one; seen only when a scan is due.",
        |d| number(with_lesions(d)?.treatment.mri_clear_days.map(months)),
    ),
    treated(
        &["mie09.recurrence"],
        CnoPamidronate,
        Proportion,
        Approximate,
        "An MRI lesion after an MRI without lesion, of patients with such an MRI and a later one; over all follow-up (source: median 31 months).",
        |d| yes(d.treatment.mri_recurrence),
    ),
    treated(
        &["mie19.noflare"],
        CnoPamidronate,
        Proportion,
        Approximate,
        "No MRI lesion after an MRI without lesion, of patients with such an MRI and a later one; over all follow-up (source: median 9 years).",
        |d| yes(d.treatment.mri_recurrence.map(|r| !r)),
    ),
    treated(
        &["mie19.flare"],
        CnoPamidronate,
        Proportion,
        Approximate,
        "First MRI lesion after an MRI without lesion came 9 to 36 months after the start, with a recurrence at an old site.",
        |d| {
            let old = d.treatment.mri_recurrence_old_site?;
            let in_time =
                d.treatment.mri_recurrence_days.is_some_and(|day| (9.0..=36.0).contains(&months(day)));
            Some(Observation::yes(old && in_time))
        },
    ),
    treated(
        &["mie19.cr_6m"],
        CnoPamidronate,
        Proportion,
        AsSource,
        "Symptom-free and without MRI lesion 6 months after the start.",
        |d| {
            let found = d.treated_month(6)?;
            Some(Observation::yes(found.symptom_free? && found.mri_free?))
        },
    ),
    treated(
        &["mie19.final_cr"],
        CnoPamidronate,
        Proportion,
        Approximate,
        "No lesion on the last MRI of the record (source: median 9 years).",
        |d| yes(d.course.last_mri_free),
    ),
    treated(
        &["mie09.vas_0"],
        CnoPamidronate,
        Median,
        AsSource,
        "Median worst pain at the last examination before the start.",
        |d| number(d.treatment.worst_pain),
    ),
];
