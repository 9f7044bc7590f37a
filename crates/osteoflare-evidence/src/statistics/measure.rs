//! What single patients contribute; the parts from which statistics are put together.

use osteoflare_clinic::digest::{Entry, PatientDigest, logic::sorted};
use osteoflare_clinic::record::DAYS_PER_MONTH;
use osteoflare_skeleton::{Region, Site, SiteGroup, SiteId, Skeleton};

use crate::estimate::Observation;

/// Findings at presentation; `None` for patients who never presented.
pub(super) fn presented(digest: &PatientDigest) -> Option<&Entry> {
    digest.entry.presented.then_some(&digest.entry)
}

/// A number at presentation.
pub(super) fn number(value: Option<f64>) -> Option<Observation> {
    value.map(Observation::number)
}

/// A count.
pub(super) fn count(value: Option<u32>) -> Option<Observation> {
    value.map(|v| Observation::number(f64::from(v)))
}

/// Yes or no.
pub(super) fn yes(value: Option<bool>) -> Option<Observation> {
    value.map(Observation::yes)
}

/// Years in a number of days.
pub(super) fn years(days: f64) -> f64 {
    days / 365.25
}

/// Months in a number of days.
pub(super) fn months(days: f64) -> f64 {
    days / DAYS_PER_MONTH
}

/// Sites of a patient who presented with at least one lesion on MRI.
pub(super) fn on_mri(digest: &PatientDigest) -> Option<&[SiteId]> {
    presented(digest)?.mri_lesions.filter(|&n| n > 0)?;
    Some(&digest.sites.entry_mri)
}

/// Sites with a finding on examination of a patient who presented; may be none.
pub(super) fn on_examination(digest: &PatientDigest) -> Option<&[SiteId]> {
    presented(digest)?.clinical_lesions?;
    Some(&digest.sites.entry_clinical)
}

/// Sites by examination and MRI together of a patient who presented with at least one; both must have been done.
pub(super) fn mixed(digest: &PatientDigest) -> Option<Vec<SiteId>> {
    let entry = presented(digest)?;
    entry.mri_lesions?;
    entry.clinical_lesions?;
    let sites = sorted([&digest.sites.entry_mri[..], &digest.sites.entry_clinical[..]].concat());
    (!sites.is_empty()).then_some(sites)
}

/// Number of sites by mixed imaging.
pub(super) fn mixed_count(digest: &PatientDigest) -> Option<usize> {
    mixed(digest).map(|sites| sites.len())
}

/// Whether one of the sites passes a test.
pub(super) fn involves(sites: &[SiteId], test: impl Fn(&Site) -> bool) -> Observation {
    Observation::yes(sites.iter().any(|&s| test(Skeleton::get().site(s))))
}

/// How many of the sites pass a test, of how many.
pub(super) fn share_of(sites: &[SiteId], test: impl Fn(&Site) -> bool) -> Observation {
    Observation::share(count_of(sites, test), sites.len() as f64)
}

/// How many of the sites pass a test.
pub(super) fn count_of(sites: &[SiteId], test: impl Fn(&Site) -> bool) -> f64 {
    sites.iter().filter(|&&s| test(Skeleton::get().site(s))).count() as f64
}

/// Whether a site belongs to a group.
pub(super) fn in_group(site: &Site, groups: &[SiteGroup]) -> bool {
    groups.contains(&site.group())
}

/// Long bones of the limbs.
pub(super) fn in_long_bone(site: &Site) -> bool {
    in_group(
        site,
        &[SiteGroup::Femur, SiteGroup::Tibia, SiteGroup::Fibula, SiteGroup::Humerus, SiteGroup::Forearm],
    )
}

/// Cervical, thoracic or lumbar vertebra.
pub(super) fn in_spine(site: &Site) -> bool {
    matches!(site.region, Region::SpineCervical | Region::SpineThoracic | Region::SpineLumbar)
}
