//! Who presents, when, and with what: children with CNO at presentation.

use osteoflare_clinic::digest::{Entry, PatientDigest};
use osteoflare_skeleton::{Part, SiteGroup, Skeleton};

use super::{
    Fidelity::{Approximate, AsSource},
    Role::Cno,
    Statistic,
    measure::{
        count, count_of, in_group, in_long_bone, in_spine, involves, mixed, mixed_count, months, number,
        on_examination, on_mri, presented, share_of, years, yes,
    },
    row,
};
use crate::estimate::{
    Estimator::{Mean, Median, PooledShare, Proportion, Total},
    Observation,
};

pub(super) const STATISTICS: &[Statistic] = &[
    // Age and delay.
    row(
        &["eurofever.age_onset", "kaiser.age_onset", "motol.age_onset", "it29.age_onset"],
        Cno,
        Mean,
        AsSource,
        "Mean age at the first symptom, children who presented. The age at which the simulation starts is an assumption.",
        |d| number(presented(d)?.onset_age),
    ),
    row(
        &[
            "borz.age_onset",
            "jansson07.age_onset",
            "bhat18.age_onset",
            "tr18.age_onset",
            "kos.age_onset",
            "kos16.age_onset",
            "ma.age_onset",
            "lei.age_onset",
        ],
        Cno,
        Median,
        AsSource,
        "Median age at the first symptom, children who presented. The age at which the simulation starts is an assumption.",
        |d| number(presented(d)?.onset_age),
    ),
    row(
        &["dang.age_dx", "falip.age_dx", "welsh.age_dx"],
        Cno,
        Mean,
        Approximate,
        "Mean age at presentation, which stands for the age at diagnosis.",
        |d| number(presented(d)?.age),
    ),
    row(
        &["stern.age", "yue.age"],
        Cno,
        Mean,
        Approximate,
        "Mean age at presentation; the source does not say at which moment age was taken.",
        |d| number(presented(d)?.age),
    ),
    row(
        &["schnabel.age", "tr28.age_dx", "nprd21.age"],
        Cno,
        Median,
        Approximate,
        "Median age at presentation, which stands for the age at diagnosis or registration.",
        |d| number(presented(d)?.age),
    ),
    row(
        &["eurofever.delay"],
        Cno,
        Mean,
        Approximate,
        "Mean years from the first symptom to the presentation, which stands for the diagnosis.",
        |d| number(presented(d)?.delay_days.map(years)),
    ),
    row(
        &["kaiser.delay"],
        Cno,
        Mean,
        Approximate,
        "Mean months from the first symptom to the presentation, which stands for the diagnosis.",
        |d| number(presented(d)?.delay_days.map(months)),
    ),
    row(
        &["dang.delay", "tr28.delay", "ma.delay", "and19.delay"],
        Cno,
        Median,
        Approximate,
        "Median months from the first symptom to the presentation, which stands for the diagnosis.",
        |d| number(presented(d)?.delay_days.map(months)),
    ),
    row(
        &["it29.delay_uni"],
        Cno,
        Mean,
        Approximate,
        "Mean months from the first symptom to the presentation, patients with one lesion by mixed imaging.",
        |d| number(presented(d)?.delay_days.map(months).filter(|_| mixed_count(d) == Some(1))),
    ),
    row(
        &["it29.delay_multi"],
        Cno,
        Mean,
        Approximate,
        "Mean months from the first symptom to the presentation, patients with several lesions by mixed imaging.",
        |d| number(presented(d)?.delay_days.map(months).filter(|_| mixed_count(d) > Some(1))),
    ),
    // Number of lesions.
    row(
        &["eurofever.lesions", "stern.lesions", "falip.lesions"],
        Cno,
        Mean,
        Approximate,
        "Mean sites per patient by examination and whole-body MRI together; mixed imaging of the source saw less.",
        |d| Some(Observation::number(mixed_count(d)? as f64)),
    ),
    row(
        &["jansson07.lesions", "kos16.lesions", "ma.lesions"],
        Cno,
        Median,
        Approximate,
        "Median sites per patient by examination and whole-body MRI together; mixed imaging of the source saw less.",
        |d| Some(Observation::number(mixed_count(d)? as f64)),
    ),
    row(
        &["dang.lesions"],
        Cno,
        Median,
        AsSource,
        "Median sites with a lesion on whole-body MRI at presentation, patients with at least one.",
        |d| Some(Observation::number(on_mri(d)?.len() as f64)),
    ),
    row(
        &["kie.lesions"],
        Cno,
        Mean,
        AsSource,
        "Mean sites with a lesion on whole-body MRI at presentation, patients with at least one.",
        |d| Some(Observation::number(on_mri(d)?.len() as f64)),
    ),
    row(
        &["nprd23.mri_0"],
        Cno,
        Mean,
        AsSource,
        "Mean lesions on whole-body MRI at presentation, patients with none included.",
        |d| count(presented(d)?.mri_lesions),
    ),
    row(
        &["nprd23.clin_0"],
        Cno,
        Mean,
        AsSource,
        "Mean sites painful above 3/10, tender or swollen at presentation, patients with none included.",
        |d| count(presented(d)?.clinical_lesions),
    ),
    row(
        &["arn.clin_lesions"],
        Cno,
        Total { patients: 40 },
        Approximate,
        "Clinical lesions in 40 patients at presentation (mean times 40); patients of the source were partly treated.",
        |d| count(presented(d)?.clinical_lesions),
    ),
    row(
        &["arn.rad_lesions"],
        Cno,
        Total { patients: 40 },
        Approximate,
        "MRI lesions in 40 patients at presentation (mean times 40); patients of the source were partly treated.",
        |d| count(presented(d)?.mri_lesions),
    ),
    row(
        &["arn.mri_more"],
        Cno,
        Proportion,
        Approximate,
        "Patients with more lesions on whole-body MRI than on examination at presentation.",
        |d| {
            let entry = presented(d)?;
            Some(Observation::yes(entry.mri_lesions? > entry.clinical_lesions?))
        },
    ),
    row(
        &["nprd21.mri_positive"],
        Cno,
        Proportion,
        Approximate,
        "Patients with a lesion among those with whole-body MRI at presentation; the source also counts local MRI.",
        |d| yes(presented(d)?.mri_lesions.map(|n| n > 0)),
    ),
    row(
        &["dang.unifocal"],
        Cno,
        Proportion,
        AsSource,
        "Exactly one lesion on whole-body MRI at presentation, of patients with at least one.",
        |d| yes(presented(d)?.mri_unifocal),
    ),
    row(
        &["stern.unifocal", "kaiser.unifocal_onset", "it29.unifocal", "kos.monofocal"],
        Cno,
        Proportion,
        Approximate,
        "Exactly one site by examination and whole-body MRI together; mixed imaging of the source calls more patients unifocal.",
        |d| Some(Observation::yes(mixed_count(d)? == 1)),
    ),
    row(
        &[
            "schnabel.multifocal",
            "seattle.multifocal",
            "motol.multifocal",
            "lei.multifocal",
            "kos16.multifocal",
            "gro.nbo_multifocal",
            "kos18.se_more_than_one_focus",
        ],
        Cno,
        Proportion,
        Approximate,
        "More than one site by examination and whole-body MRI together; mixed imaging of the source calls fewer patients multifocal.",
        |d| Some(Observation::yes(mixed_count(d)? > 1)),
    ),
    row(
        &["schnabel.multifocal_pain"],
        Cno,
        Proportion,
        AsSource,
        "More than one site painful above 3/10, tender or swollen at presentation.",
        |d| yes(presented(d)?.clinical_lesions.map(|n| n > 1)),
    ),
    row(
        &["mim.sym_cno", "tr18.symmetric"],
        Cno,
        Proportion,
        AsSource,
        "At least one pair of mirror sites with a lesion on both sides on whole-body MRI, of patients with a lesion.",
        |d| {
            on_mri(d)?;
            yes(d.entry.symmetric_pairs.map(|n| n > 0))
        },
    ),
    // Symptoms.
    row(
        &["stern.pain", "bhat18.pain"],
        Cno,
        Proportion,
        AsSource,
        "Pain above 3/10 at a site or as worst pain of the week before presentation.",
        |d| yes(presented(d)?.pain),
    ),
    row(
        &["dang.pain"],
        Cno,
        Proportion,
        Approximate,
        "Clinical lesions not confined to the spine (the source counts back pain alone separately).",
        |d| {
            let sites = on_examination(d).filter(|s| !s.is_empty())?;
            Some(involves(sites, |s| !in_spine(s)))
        },
    ),
    row(
        &["dang.backpain_only"],
        Cno,
        Proportion,
        Approximate,
        "All clinical lesions in the spine, of patients with at least one.",
        |d| {
            let sites = on_examination(d).filter(|s| !s.is_empty())?;
            Some(Observation::yes(sites.iter().all(|&s| in_spine(Skeleton::get().site(s)))))
        },
    ),
    row(
        &["stern.swelling", "bhat18.swelling"],
        Cno,
        Proportion,
        AsSource,
        "Swelling at one site or more at presentation.",
        |d| yes(presented(d)?.swelling),
    ),
    row(
        &["stern.fever", "kos.fever", "kos16.fever", "ma.fever", "mim.fever_cno"],
        Cno,
        Proportion,
        AsSource,
        "Temperature above 38.0 °C at presentation, or fever noticed in the weeks before.",
        |d| yes(presented(d)?.fever),
    ),
    row(
        &["kos18.se_no_fever"],
        Cno,
        Proportion,
        AsSource,
        "No fever at presentation: share of children with CNO without it (sensitivity).",
        |d| yes(presented(d)?.fever.map(|f| !f)),
    ),
    row(
        &["nprd21.wellbeing"],
        Cno,
        Median,
        Approximate,
        "Median patient global at presentation (0 best); the source takes it at registration, some on treatment.",
        |d| number(presented(d)?.patient_global),
    ),
    // Blood.
    row(
        &["bhat18.markers", "dang.markers", "brno.any_marker"],
        Cno,
        Proportion,
        Approximate,
        "CRP above 5 mg/L or ESR above 20 mm/h at presentation; each source has limits of its own.",
        |d| yes(presented(d)?.markers_raised),
    ),
    row(
        &["it29.crp"],
        Cno,
        Proportion,
        Approximate,
        "CRP above 5 mg/L at presentation; the limit of the source is not known.",
        |d| yes(presented(d)?.crp_over_5),
    ),
    row(
        &["it29.esr"],
        Cno,
        Proportion,
        Approximate,
        "ESR above 20 mm/h at presentation; the limit of the source is not known.",
        |d| yes(presented(d)?.esr_over_20),
    ),
    row(&["brno.crp30"], Cno, Proportion, AsSource, "CRP above 30 mg/L at presentation.", |d| {
        yes(presented(d)?.crp_over_30)
    }),
    row(&["and19.esr"], Cno, Median, AsSource, "Median ESR at presentation.", |d| number(presented(d)?.esr)),
    row(
        &["kos18.se_crp_le_55"],
        Cno,
        Proportion,
        AsSource,
        "CRP of at most 55 mg/L at presentation: share of children with CNO (sensitivity).",
        |d| yes(presented(d)?.crp_over_55.map(|over| !over)),
    ),
    // Radiographs.
    row(
        &["nprd21.xray_lysis_sclerosis"],
        Cno,
        Proportion,
        AsSource,
        "Lysis or sclerosis on a radiograph of the time of presentation, of patients with one.",
        |d| {
            let entry = presented(d)?;
            Some(Observation::yes(entry.radiographs? > entry.radiographs_normal?))
        },
    ),
    row(
        &["nprd21.xray_hyperostosis"],
        Cno,
        Proportion,
        AsSource,
        "Hyperostosis or periosteal new bone on a radiograph of the time of presentation, of patients with one.",
        |d| yes(presented(d)?.radiographs_hyperostosis.map(|n| n > 0)),
    ),
    row(
        &["kos18.se_sclerotic_rim_lysis"],
        Cno,
        Proportion,
        Approximate,
        "A mixed radiograph (lysis with sclerotic margin or new bone), of patients with one; the source also reads CT and MRI.",
        |d| yes(presented(d)?.radiographs_mixed.map(|n| n > 0)),
    ),
    row(
        &["falip.xray_normal"],
        Cno,
        PooledShare,
        Approximate,
        "Radiographs without finding among those of the time of presentation, all bones; the source has long bones.",
        |d| radiographs(d, |e| e.radiographs_normal),
    ),
    row(
        &["falip.xray_mixed"],
        Cno,
        PooledShare,
        Approximate,
        "Radiographs with lysis and sclerosis among those of the time of presentation, all bones; the source has long bones.",
        |d| radiographs(d, |e| e.radiographs_mixed),
    ),
    row(
        &["falip.xray_sclerotic"],
        Cno,
        PooledShare,
        Approximate,
        "Radiographs with sclerosis only among those of the time of presentation, all bones; the source has long bones.",
        |d| radiographs(d, |e| e.radiographs_sclerotic),
    ),
    row(
        &["falip.xray_lytic"],
        Cno,
        PooledShare,
        Approximate,
        "Radiographs with lysis only among those of the time of presentation, all bones; the source has long bones.",
        |d| radiographs(d, |e| e.radiographs_lytic),
    ),
    row(
        &["falip.hyperostosis"],
        Cno,
        PooledShare,
        Approximate,
        "Radiographs with hyperostosis among those of the time of presentation, all bones; the source has long bones.",
        |d| radiographs(d, |e| e.radiographs_hyperostosis),
    ),
    row(
        &["falip.juxtaphyseal"],
        Cno,
        PooledShare,
        Approximate,
        "Lesions of long bones on MRI that sit in a metaphysis, of all lesions of long bones; the source reads distance to the growth plate.",
        |d| {
            let long: Vec<_> =
                mixed(d)?.into_iter().filter(|&s| in_long_bone(Skeleton::get().site(s))).collect();
            Some(share_of(&long, |s| matches!(s.part, Part::ProximalMetaphysis | Part::DistalMetaphysis)))
        },
    ),
    row(
        &["falip.spine_multilevel"],
        Cno,
        Proportion,
        Approximate,
        "Two or more vertebrae with a lesion on MRI, of patients with one or more.",
        |d| {
            let vertebrae = count_of(on_mri(d)?, |s| in_group(s, &[SiteGroup::Spine]));
            (vertebrae > 0.0).then(|| Observation::yes(vertebrae >= 2.0))
        },
    ),
];

fn radiographs(digest: &PatientDigest, part: fn(&Entry) -> Option<u32>) -> Option<Observation> {
    let entry = presented(digest)?;
    Some(Observation::share(f64::from(part(entry)?), f64::from(entry.radiographs?)))
}
