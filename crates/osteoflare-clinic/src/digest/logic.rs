//! Logic with unknowns, and the findings of single visits on which every digest rests.

use osteoflare_skeleton::{SiteId, Skeleton};

use crate::visits::{Examination, Laboratory, Visit, VisitLog, WholeBodyMri};

/// Pain at a site above which the site counts as painful, 0–10 (the model's observation rule: painful above 3).
pub const PAINFUL_ABOVE_NRS: f64 = 3.0;
/// Body temperature above which there is fever, °C.
pub const FEVER_ABOVE_C: f64 = 38.0;
/// CRP above which it counts as raised, mg/L.
pub const CRP_RAISED_ABOVE_MG_L: f64 = 5.0;
/// ESR above which it counts as raised, mm/h.
pub const ESR_RAISED_ABOVE_MM_H: f64 = 20.0;
/// Worst pain up to which a patient without clinical lesion counts as symptom-free, 0–10 (assumed).
pub const SYMPTOM_FREE_PAIN_NRS: f64 = 1.0;

/// Or with unknowns: true if one is true, false if all are false, otherwise unknown.
pub fn any(values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for value in values {
        match value {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
}

/// And with unknowns: false if one is false, true if all are true, otherwise unknown.
pub fn all(values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    any(values.into_iter().map(|value| value.map(|v| !v))).map(|v| !v)
}

/// A length as a count.
pub fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Sorts and removes repetitions.
pub fn sorted(mut sites: Vec<SiteId>) -> Vec<SiteId> {
    sites.sort_unstable();
    sites.dedup();
    sites
}

/// Sites as lesions are counted, sorted: an epiphysis counts with its metaphysis, because neither the hand on a knee
/// nor the count of a reader takes a lesion that crosses the growth plate for two.
fn as_lesions(sites: impl Iterator<Item = SiteId>) -> Vec<SiteId> {
    let skeleton = Skeleton::get();
    sorted(sites.map(|site| skeleton.site(site).lesion_site).collect())
}

/// Lesions by examination (painful above 3, tender or swollen), sorted; an epiphysis counts with its metaphysis.
pub fn clinical_sites(examination: &Examination) -> Vec<SiteId> {
    as_lesions(
        examination
            .sites
            .iter()
            .filter(|s| s.pain_nrs > PAINFUL_ABOVE_NRS || s.tender || s.swelling)
            .map(|s| s.site),
    )
}

/// Lesions reported on MRI, sorted; an epiphysis counts with its metaphysis.
pub fn mri_sites(mri: &WholeBodyMri) -> Vec<SiteId> {
    as_lesions(mri.lesions.iter().map(|l| l.site))
}

/// Fever at the visit or since the one before.
pub fn fever(examination: &Examination) -> Option<bool> {
    any([examination.temperature_c.map(|t| t > FEVER_ABOVE_C), examination.fever_since_last_visit])
}

/// No clinical lesion and hardly any pain.
pub fn symptom_free(examination: &Examination) -> Option<bool> {
    all([
        Some(clinical_sites(examination).is_empty()),
        examination.worst_pain_nrs.map(|p| p <= SYMPTOM_FREE_PAIN_NRS),
    ])
}

/// CRP or ESR above normal.
pub fn markers_raised(laboratory: &Laboratory) -> Option<bool> {
    any([
        laboratory.crp_mg_l.map(|v| v > CRP_RAISED_ABOVE_MG_L),
        laboratory.esr_mm_h.map(|v| v > ESR_RAISED_ABOVE_MM_H),
    ])
}

/// Examinations with their visits, in order of time.
pub fn examinations(record: &VisitLog) -> impl Iterator<Item = (&Visit, &Examination)> {
    record.visits.iter().filter_map(|v| v.examination.as_ref().map(|e| (v, e)))
}

/// Whole-body MRI scans with their visits, in order of time.
pub fn scans(record: &VisitLog) -> impl Iterator<Item = (&Visit, &WholeBodyMri)> {
    record.visits.iter().filter_map(|v| v.mri.as_ref().map(|m| (v, m)))
}

/// Blood tests with their visits, in order of time.
pub fn laboratories(record: &VisitLog) -> impl Iterator<Item = (&Visit, &Laboratory)> {
    record.visits.iter().filter_map(|v| v.laboratory.as_ref().map(|l| (v, l)))
}

/// The item nearest to `day` among those at most `window` days away; the earlier of two equally near ones.
pub fn nearest<'a, T>(
    items: impl Iterator<Item = (&'a Visit, T)>,
    day: f64,
    window: f64,
) -> Option<(&'a Visit, T)> {
    let mut best: Option<(f64, (&'a Visit, T))> = None;
    for item in items {
        let distance = (item.0.day - day).abs();
        if distance <= window && best.as_ref().is_none_or(|(d, _)| distance < *d) {
            best = Some((distance, item));
        }
    }
    best.map(|(_, item)| item)
}

/// Largest of the finite values.
pub fn maximum(values: impl Iterator<Item = f64>) -> Option<f64> {
    values.filter(|v| v.is_finite()).fold(None, |best, v| Some(best.map_or(v, |b: f64| b.max(v))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_neither_true_nor_false() {
        assert_eq!(any([Some(true), None]), Some(true));
        assert_eq!(any([Some(false), None]), None);
        assert_eq!(any([Some(false), Some(false)]), Some(false));
        assert_eq!(all([Some(false), None]), Some(false));
        assert_eq!(all([Some(true), None]), None);
        assert_eq!(all([Some(true), Some(true)]), Some(true));
    }

    #[test]
    fn raised_needs_both_markers_to_be_called_normal() {
        let normal_crp = Laboratory { crp_mg_l: Some(2.0), esr_mm_h: None, blood_count: None };
        assert_eq!(markers_raised(&normal_crp), None);
        let raised_crp = Laboratory { crp_mg_l: Some(5.1), esr_mm_h: None, blood_count: None };
        assert_eq!(markers_raised(&raised_crp), Some(true));
        let normal = Laboratory { crp_mg_l: Some(5.0), esr_mm_h: Some(20.0), blood_count: None };
        assert_eq!(markers_raised(&normal), Some(false));
    }
}
