//! Bacterial osteomyelitis on antibiotics.

use osteoflare_skeleton::{Site, SiteGroup};

use super::{
    Fidelity::{Approximate, AsSource},
    Role::Bacterial,
    Statistic,
    measure::{in_group, in_long_bone, in_spine, involves, mixed, mixed_count, number, presented, yes},
    row,
};
use crate::estimate::{
    Estimator::{Mean, Proportion},
    Observation,
};

/// Patients with a place involved.
macro_rules! involved {
    ([$($id:literal),+], $place:literal, $test:expr) => {
        row(
            &[$($id),+],
            Bacterial,
            Proportion,
            Approximate,
            concat!(
                "Patients with a focus in the ",
                $place,
                " by examination and whole-body MRI together, of those with any; false positive sites of the reader count."
            ),
            |d| Some(involves(&mixed(d)?, $test)),
        )
    };
}

fn femur(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Femur])
}

pub(super) const STATISTICS: &[Statistic] = &[
    // Admission.
    row(&["unk.crp", "paa.crp"], Bacterial, Mean, AsSource, "Mean CRP at presentation, mg/L.", |d| {
        number(presented(d)?.crp)
    }),
    row(&["unk.esr", "paa.esr"], Bacterial, Mean, AsSource, "Mean ESR at presentation, mm/h.", |d| {
        number(presented(d)?.esr)
    }),
    row(&["unk.crp_raised"], Bacterial, Proportion, AsSource, "CRP above 19 mg/L at presentation.", |d| {
        yes(presented(d)?.crp.map(|v| v > 19.0))
    }),
    row(&["paa.crp_raised"], Bacterial, Proportion, AsSource, "CRP above 20 mg/L at presentation.", |d| {
        yes(presented(d)?.crp.map(|v| v > 20.0))
    }),
    row(
        &["unk.esr_raised"],
        Bacterial,
        Proportion,
        AsSource,
        "ESR of 20 mm/h or more at presentation.",
        |d| yes(presented(d)?.esr.map(|v| v >= 20.0)),
    ),
    row(&["paa.esr_raised"], Bacterial, Proportion, AsSource, "ESR above 20 mm/h at presentation.", |d| {
        yes(presented(d)?.esr_over_20)
    }),
    row(
        &["paa.either"],
        Bacterial,
        Proportion,
        AsSource,
        "ESR above 20 mm/h or CRP above 20 mg/L at presentation.",
        |d| {
            let entry = presented(d)?;
            Some(Observation::yes(entry.crp? > 20.0 || entry.esr? > 20.0))
        },
    ),
    row(
        &["dar.crp_raised"],
        Bacterial,
        Proportion,
        Approximate,
        "CRP above 5 mg/L at presentation; the limits of the reviewed studies differ.",
        |d| yes(presented(d)?.crp_over_5),
    ),
    row(
        &["dar.esr_raised"],
        Bacterial,
        Proportion,
        Approximate,
        "ESR above 20 mm/h at presentation; the limits of the reviewed studies differ.",
        |d| yes(presented(d)?.esr_over_20),
    ),
    row(
        &["gro.bo_markers"],
        Bacterial,
        Proportion,
        Approximate,
        "CRP above 5 mg/L or ESR above 20 mm/h at presentation; the limits of the source are not known.",
        |d| yes(presented(d)?.markers_raised),
    ),
    row(
        &["kos18.sp_crp_le_55"],
        Bacterial,
        Proportion,
        AsSource,
        "CRP above 55 mg/L at presentation: share of children with bacterial osteomyelitis whom the rule \"at most 55\" excludes (specificity).",
        |d| yes(presented(d)?.crp_over_55),
    ),
    row(
        &["gro.bo_fever", "kosBO.fever", "dar.fever"],
        Bacterial,
        Proportion,
        AsSource,
        "Temperature above 38.0 °C at presentation, or fever noticed in the weeks before.",
        |d| yes(presented(d)?.fever),
    ),
    row(
        &["kos18.sp_no_fever"],
        Bacterial,
        Proportion,
        AsSource,
        "Fever at presentation: share of children with bacterial osteomyelitis whom the rule \"no fever\" excludes (specificity).",
        |d| yes(presented(d)?.fever),
    ),
    row(
        &["dar.pain"],
        Bacterial,
        Proportion,
        AsSource,
        "Pain above 3/10 at a site or as worst pain of the week before presentation.",
        |d| yes(presented(d)?.pain),
    ),
    row(
        &["dar.local_signs"],
        Bacterial,
        Proportion,
        Approximate,
        "A site painful above 3/10, tender or swollen at presentation.",
        |d| yes(presented(d)?.clinical_lesions.map(|n| n > 0)),
    ),
    row(
        &["gro.bo_swelling"],
        Bacterial,
        Proportion,
        AsSource,
        "Swelling at one site or more at presentation.",
        |d| yes(presented(d)?.swelling),
    ),
    // Foci.
    row(
        &["kosBO.monofocal", "kos18.sp_more_than_one_focus"],
        Bacterial,
        Proportion,
        Approximate,
        "Exactly one site by examination and whole-body MRI together, of patients with any; false positive sites of the reader count.",
        |d| Some(Observation::yes(mixed_count(d)? == 1)),
    ),
    row(
        &["mbact.multifocal"],
        Bacterial,
        Proportion,
        Approximate,
        "More than one site by examination and whole-body MRI together, of patients with any; the source used bone scans.",
        |d| Some(Observation::yes(mixed_count(d)? > 1)),
    ),
    row(
        &["flo.mri"],
        Bacterial,
        Proportion,
        Approximate,
        "At least one lesion on whole-body MRI at presentation; the source reads local MRI.",
        |d| yes(presented(d)?.mri_lesions.map(|n| n > 0)),
    ),
    row(
        &["kos18.sp_sclerotic_rim_lysis"],
        Bacterial,
        Proportion,
        Approximate,
        "No mixed radiograph (lysis with sclerotic margin or new bone) at presentation, of patients with a radiograph (specificity).",
        |d| yes(presented(d)?.radiographs_mixed.map(|n| n == 0)),
    ),
    involved!(["kosBO.site_spine"], "spine", in_spine),
    involved!(["kosBO.site_femur", "dar.site_femur"], "femur", femur),
    involved!(["kosBO.site_foot"], "foot", |s| in_group(s, &[SiteGroup::Foot])),
    involved!(["kosBO.site_clavicle"], "clavicle", |s| in_group(s, &[SiteGroup::Clavicle])),
    involved!(["kosBO.site_sternum"], "sternum", |s| in_group(s, &[SiteGroup::Sternum])),
    involved!(["dar.site_tibia"], "tibia", |s| in_group(s, &[SiteGroup::Tibia])),
    involved!(["epi.no_longbone"], "long bones", in_long_bone),
    // Under antibiotics.
    row(
        &["unk.crp_peak"],
        Bacterial,
        Mean,
        Approximate,
        "Mean of each patient's highest CRP from the start of the antibiotic, mg/L; the source gives the mean of day 2.",
        |d| {
            presented(d)?;
            number(d.course.treated_crp_peak)
        },
    ),
    row(
        &["unk.esr_peak"],
        Bacterial,
        Mean,
        Approximate,
        "Mean of each patient's highest ESR from the start of the antibiotic, mm/h; the source gives the mean of days 3 to 5.",
        |d| {
            presented(d)?;
            number(d.course.treated_esr_peak)
        },
    ),
    row(
        &["unk.crp_norm", "paa.crp_norm"],
        Bacterial,
        Mean,
        AsSource,
        "Mean days from the start of the antibiotic to the first CRP below 20 mg/L after the peak, patients in whom it fell; seen only when blood is drawn.",
        |d| {
            presented(d)?;
            number(d.course.crp_below_20_days)
        },
    ),
    row(
        &["unk.esr_norm", "paa.esr_norm"],
        Bacterial,
        Mean,
        AsSource,
        "Mean days from the start of the antibiotic to the first ESR below 20 mm/h after the peak, patients in whom it fell; seen only when blood is drawn.",
        |d| {
            presented(d)?;
            number(d.course.esr_below_20_days)
        },
    ),
    row(
        &["les.cure_short", "les.cure_long"],
        Bacterial,
        Proportion,
        Approximate,
        "Cured by antibiotics alone at the last examination 3 to 12 months after their start; the source judges at 6 months and compares routes, which the model does not.",
        |d| {
            presented(d)?;
            yes(d.course.cured_by_antibiotics)
        },
    ),
    row(
        &["ker.fail_oral", "ker.fail_picc"],
        Bacterial,
        Proportion,
        Approximate,
        "Not cured by antibiotics alone at the last examination 3 to 12 months after their start; the route is not modelled.",
        |d| {
            presented(d)?;
            yes(d.course.cured_by_antibiotics.map(|cured| !cured))
        },
    ),
    row(
        &["omsa.recrudescence"],
        Bacterial,
        Proportion,
        Approximate,
        "A clinical lesion after clinical remission, or activity over 42 days or more without a symptom-free visit.",
        |d| {
            presented(d)?;
            match (d.course.clinical_relapse, d.course.chronic) {
                (Some(true), _) | (_, Some(true)) => Some(Observation::yes(true)),
                (None, None) => None,
                _ => Some(Observation::yes(false)),
            }
        },
    ),
];
