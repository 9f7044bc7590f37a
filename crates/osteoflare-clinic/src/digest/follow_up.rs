//! What was found around a month of follow-up, against a baseline.

use osteoflare_skeleton::SiteId;

use super::{
    logic::{clinical_sites, count, examinations, laboratories, mri_sites, nearest, scans, symptom_free},
    table::columns,
};
use crate::record::DAYS_PER_MONTH;
use crate::visits::{Examination, Laboratory, Visit, VisitLog, WholeBodyMri};

columns! {
    /// Findings around one month of follow-up. Each instrument is read at the visit nearest to the month that has it,
    /// at most 20 % of the time or 20 days away (whichever is more); what the instrument saw at the baseline is never
    /// read again as follow-up.
    FollowUp {
        mri_lesions: Option<u32>, "sites", "Lesions on whole-body MRI.";
        baseline_lesions: Option<u32>, "sites", "Lesions on the baseline MRI, of patients who also have this follow-up MRI.";
        baseline_lesions_left: Option<u32>, "sites", "Lesions of the baseline MRI that are still there.";
        new_lesions: Option<u32>, "sites", "Lesions that are not on the baseline MRI.";
        mri_free: Option<bool>, "1", "No lesion on MRI.";
        clinical_lesions: Option<u32>, "sites", "Examined sites painful above 3/10, tender or swollen.";
        worst_pain: Option<f64>, "0-10", "Worst pain of the last week.";
        symptom_free: Option<bool>, "1", "No clinical lesion and worst pain at most 1/10.";
        crp: Option<f64>, "mg/L", "C-reactive protein.";
        esr: Option<f64>, "mm/h", "Erythrocyte sedimentation rate.";
        physician_global: Option<f64>, "0-10", "Physician's global assessment of activity.";
        patient_global: Option<f64>, "0-10", "Patient's or parent's global assessment.";
    }
}

/// What each instrument saw at the baseline, and when.
pub(super) struct Baseline<'a> {
    /// Day from which follow-up is counted, days since day 0.
    pub day: f64,
    /// Baseline MRI.
    pub mri: Option<(&'a Visit, &'a WholeBodyMri)>,
    /// Baseline examination.
    pub examination: Option<(&'a Visit, &'a Examination)>,
    /// Baseline blood test.
    pub laboratory: Option<(&'a Visit, &'a Laboratory)>,
}

impl Baseline<'_> {
    /// Lesions of the baseline MRI, sorted.
    pub(super) fn mri_sites(&self) -> Option<Vec<SiteId>> {
        self.mri.map(|(_, mri)| mri_sites(mri))
    }
}

/// Findings around `months` after the baseline.
pub(super) fn follow_up(record: &VisitLog, baseline: &Baseline<'_>, months: u32) -> FollowUp {
    let after = f64::from(months) * DAYS_PER_MONTH;
    let day = baseline.day + after;
    let window = (0.2 * after).max(20.0);
    let later_than = |taken: Option<f64>| taken.map_or(baseline.day, |d| d.max(baseline.day));

    let mut found = FollowUp::default();
    let from = later_than(baseline.mri.map(|(v, _)| v.day));
    if let Some((_, mri)) = nearest(scans(record).filter(|(v, _)| v.day > from), day, window) {
        let now = mri_sites(mri);
        found.mri_lesions = Some(count(now.len()));
        found.mri_free = Some(now.is_empty());
        if let Some(before) = baseline.mri_sites() {
            let left = before.iter().filter(|s| now.binary_search(s).is_ok()).count();
            found.baseline_lesions = Some(count(before.len()));
            found.baseline_lesions_left = Some(count(left));
            found.new_lesions = Some(count(now.len() - left));
        }
    }
    let from = later_than(baseline.examination.map(|(v, _)| v.day));
    let seen = examinations(record).filter(|(v, _)| v.day > from);
    if let Some((_, examination)) = nearest(seen, day, window) {
        found.clinical_lesions = Some(count(clinical_sites(examination).len()));
        found.worst_pain = examination.worst_pain_nrs;
        found.symptom_free = symptom_free(examination);
        found.physician_global = examination.physician_global;
        found.patient_global = examination.patient_global;
    }
    let from = later_than(baseline.laboratory.map(|(v, _)| v.day));
    let tests = laboratories(record).filter(|(v, _)| v.day > from);
    if let Some((_, test)) = nearest(tests, day, window) {
        found.crp = test.crp_mg_l;
        found.esr = test.esr_mm_h;
    }
    found
}
