//! Where lesions come back: the MRI series of a record, site by site.

use std::collections::BTreeSet;

use osteoflare_skeleton::{SiteId, Skeleton};

use super::{
    course::Course,
    logic::{clinical_sites, count, examinations, mri_sites, scans},
};
use crate::visits::VisitLog;

/// A clinical finding this near to a scan confirms a lesion on it, days.
pub const CONFIRMATION_DAYS: f64 = 45.0;

/// Fills in recurrences at old sites, lesions at new sites, flares of one-sided pairs and the sites ever involved.
///
/// A lesion absent from the scan before counts once it is confirmed: it is there again on the next scan, or the child
/// has a clinical finding at the site within [`CONFIRMATION_DAYS`] of the scan. One reader's single report does not
/// make a recurrence. A lesion that was missed on one scan and confirmed later counts, as it would in practice.
/// One-sided pairs follow the question of Chang et al. 2022 for juvenile arthritis (does a joint flare on the side
/// that was involved first?), asked here of mirror sites.
pub(super) fn recurrences(found: &mut Course, record: &VisitLog) {
    let skeleton = Skeleton::get();
    let days: Vec<f64> = scans(record).map(|(v, _)| v.day).collect();
    let series: Vec<Vec<SiteId>> = scans(record).map(|(_, mri)| mri_sites(mri)).collect();
    let confirmed = |k: usize, site: SiteId| {
        series.get(k + 1).is_some_and(|next| next.binary_search(&site).is_ok())
            || examinations(record)
                .filter(|(v, _)| (v.day - days[k]).abs() <= CONFIRMATION_DAYS)
                .any(|(_, e)| clinical_sites(e).binary_search(&site).is_ok())
    };
    let clinical: Option<BTreeSet<SiteId>> = examinations(record)
        .next()
        .is_some()
        .then(|| examinations(record).flat_map(|(_, e)| clinical_sites(e)).collect());

    let mut ever: BTreeSet<SiteId> = BTreeSet::new();
    let (mut old, mut new, mut original, mut other) = (0_u32, 0_u32, 0_u32, 0_u32);
    for (k, now) in series.iter().enumerate() {
        if let Some(previous) = k.checked_sub(1).map(|k| &series[k]) {
            let was_active = |site: SiteId| previous.binary_search(&site).is_ok();
            for &site in now.iter().filter(|&&s| !was_active(s) && confirmed(k, s)) {
                let before = ever.contains(&site);
                if before {
                    old += 1
                } else {
                    new += 1
                }
                let Some(mirror) = skeleton.site(site).mirror else {
                    continue;
                };
                if was_active(mirror) {
                    continue;
                }
                match (before, ever.contains(&mirror)) {
                    (true, false) => original += 1,
                    (false, true) => other += 1,
                    _ => {}
                }
            }
        }
        ever.extend(now);
    }
    if series.len() >= 2 {
        found.new_sites = Some(new);
        found.new_site = Some(new > 0);
    }
    if series.len() >= 3 {
        found.same_site_recurrences = Some(old);
        found.same_site_recurrence = Some(old > 0);
        found.one_sided_original = Some(original);
        found.one_sided_other = Some(other);
    }
    found.clinical_sites_ever = clinical.as_ref().map(|sites| count(sites.len()));
    if !series.is_empty() {
        found.mri_sites_ever = Some(count(ever.len()));
        if let Some(clinical) = &clinical {
            let together = ever.union(clinical).count();
            found.monofocal_course = (together > 0).then_some(together == 1);
        }
    }
}
