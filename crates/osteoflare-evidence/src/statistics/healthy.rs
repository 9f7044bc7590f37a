//! Bright marrow of healthy children on whole-body MRI.
//!
//! The source graded areas of high signal in healthy children; its *major* areas look like lesions of CNO. The reader of
//! a record reports lesions and, apart from them, bright marrow of no significance. Both count here.

use osteoflare_clinic::digest::{PatientDigest, logic::sorted};
use osteoflare_skeleton::{Site, SiteId};

use super::{
    Fidelity::Approximate,
    Role::Healthy,
    Statistic,
    measure::{count_of, involves},
    row,
};
use crate::estimate::{
    Estimator::{Mean, Proportion, Total},
    Observation,
};

/// Reported sites, lesions and bright marrow together, of a child who never presented and had an MRI.
fn bright(digest: &PatientDigest) -> Option<Vec<SiteId>> {
    if digest.entry.presented {
        return None;
    }
    digest.entry.mri_lesions?;
    Some(sorted([&digest.sites.entry_mri[..], &digest.sites.entry_bright_marrow[..]].concat()))
}

fn axial(site: &Site) -> bool {
    !site.is_lower_limb() && !site.is_upper_limb()
}

pub(super) const STATISTICS: &[Statistic] = &[
    row(
        &["heal.axial_major"],
        Healthy,
        Proportion,
        Approximate,
        "Healthy children with a reported site (lesion or bright marrow) outside the limbs; the source counts major areas, and the bright marrow of the reader model was set after them.",
        |d| Some(involves(&bright(d)?, axial)),
    ),
    row(
        &["heal.append_major"],
        Healthy,
        Proportion,
        Approximate,
        "Healthy children with a reported site (lesion or bright marrow) in a limb; the source counts major areas, and the bright marrow of the reader model was set after them.",
        |d| Some(involves(&bright(d)?, |s| !axial(s))),
    ),
    row(
        &["heal.upper_major"],
        Healthy,
        Total { patients: 196 },
        Approximate,
        "Reported sites (lesion or bright marrow) of the upper limb in 196 healthy children (mean times 196); the source counts major areas, and the bright marrow of the reader model was set after them.",
        |d| Some(Observation::number(count_of(&bright(d)?, Site::is_upper_limb))),
    ),
    row(
        &["heal.lower_major"],
        Healthy,
        Total { patients: 196 },
        Approximate,
        "Reported sites (lesion or bright marrow) of the lower limb in 196 healthy children (mean times 196); the source counts major areas, and the bright marrow of the reader model was set after them.",
        |d| Some(Observation::number(count_of(&bright(d)?, Site::is_lower_limb))),
    ),
    row(
        &["heal.major_per_child"],
        Healthy,
        Mean,
        Approximate,
        "Reported sites (lesion or bright marrow) per healthy child; the source counts major areas, and the bright marrow of the reader model was set after them.",
        |d| Some(Observation::number(bright(d)?.len() as f64)),
    ),
];
