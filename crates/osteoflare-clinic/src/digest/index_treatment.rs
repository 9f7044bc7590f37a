//! Response to the treatment a patient is in the group for, counted from its start.

use std::collections::BTreeSet;

use super::{
    drugs::DrugClass,
    follow_up::Baseline,
    logic::{clinical_sites, count, examinations, laboratories, mri_sites, scans},
    table::columns,
};
use crate::visits::{Treatment, Visit, VisitLog};

/// Baseline of a treatment: the last scan up to this many days before its start.
pub const BASELINE_MRI_BEFORE_DAYS: f64 = 120.0;
/// Baseline of a treatment: the last examination or blood test up to this many days before its start.
pub const BASELINE_VISIT_BEFORE_DAYS: f64 = 45.0;
/// Baseline of a treatment: without an earlier one, the first up to this many days after its start.
pub const BASELINE_AFTER_DAYS: f64 = 7.0;

columns! {
    /// The index treatment and the state at its start. The index treatment is the first second-line drug (neither
    /// antibiotic nor NSAID) of the record; without one, the first NSAID; without one, the first antibiotic.
    IndexTreatment {
        drug: Option<String>, "1", "Generic name of the index treatment.";
        day: Option<f64>, "d since day 0", "Start of the index treatment.";
        mri_lesions: Option<u32>, "sites", "Lesions on the last MRI before the start, at most 120 days old.";
        clinical_lesions: Option<u32>, "sites", "Clinical lesions at the last examination before the start, at most 45 days old.";
        worst_pain: Option<f64>, "0-10", "Worst pain at that examination.";
        crp: Option<f64>, "mg/L", "C-reactive protein of the last blood test before the start, at most 45 days old.";
        esr: Option<f64>, "mm/h", "Erythrocyte sedimentation rate of that test.";
        mri_clear_days: Option<f64>, "d", "From the start to the first MRI without lesion; missing if there was none.";
        mri_recurrence: Option<bool>, "1", "A lesion on a later MRI, after an MRI without lesion.";
        mri_recurrence_old_site: Option<bool>, "1", "Such a lesion at a site with a lesion on an earlier MRI.";
        mri_recurrence_days: Option<f64>, "d", "From the start to the first such lesion.";
    }
}

/// The index treatment of a record.
pub(super) fn index_treatment(record: &VisitLog) -> Option<&Treatment> {
    let first = |class| {
        record
            .treatments
            .iter()
            .filter(|t| t.class() == class)
            .min_by(|a, b| a.start_day.total_cmp(&b.start_day))
    };
    first(DrugClass::SecondLine).or_else(|| first(DrugClass::Nsaid)).or_else(|| first(DrugClass::Antibiotic))
}

fn last_before<'a, T>(
    items: impl Iterator<Item = (&'a Visit, T)>,
    day: f64,
    before: f64,
) -> Option<(&'a Visit, T)> {
    let mut best: Option<(&Visit, T)> = None;
    for item in items {
        let age = day - item.0.day;
        let earlier = (0.0..=before).contains(&age);
        let just_after = (-BASELINE_AFTER_DAYS..0.0).contains(&age) && best.is_none();
        if earlier || just_after {
            best = Some(item);
        }
    }
    best
}

/// State at the start of a treatment.
pub(super) fn baseline(record: &VisitLog, day: f64) -> Baseline<'_> {
    Baseline {
        day,
        mri: last_before(scans(record), day, BASELINE_MRI_BEFORE_DAYS),
        examination: last_before(examinations(record), day, BASELINE_VISIT_BEFORE_DAYS),
        laboratory: last_before(laboratories(record), day, BASELINE_VISIT_BEFORE_DAYS),
    }
}

/// State at the start of the index treatment, and what its MRI series shows.
pub(super) fn response(record: &VisitLog, treatment: &Treatment, baseline: &Baseline<'_>) -> IndexTreatment {
    let start = treatment.start_day;
    let mut found = IndexTreatment {
        drug: Some(treatment.drug.clone()),
        day: Some(start),
        mri_lesions: baseline.mri_sites().map(|s| count(s.len())),
        clinical_lesions: baseline.examination.map(|(_, e)| count(clinical_sites(e).len())),
        worst_pain: baseline.examination.and_then(|(_, e)| e.worst_pain_nrs),
        crp: baseline.laboratory.and_then(|(_, l)| l.crp_mg_l),
        esr: baseline.laboratory.and_then(|(_, l)| l.esr_mm_h),
        ..IndexTreatment::default()
    };
    let baseline_day = baseline.mri.map_or(start, |(v, _)| v.day.max(start));
    let mut before = BTreeSet::new();
    let mut recurrence: Option<(f64, bool)> = None;
    let mut scans_after_clear = 0;
    for (visit, mri) in scans(record) {
        let sites = mri_sites(mri);
        if visit.day > baseline_day {
            match found.mri_clear_days {
                None if sites.is_empty() => found.mri_clear_days = Some(visit.day - start),
                None => {}
                Some(_) => {
                    scans_after_clear += 1;
                    if !sites.is_empty() {
                        let old = sites.iter().any(|s| before.contains(s));
                        let first = recurrence.map_or(visit.day - start, |(day, _)| day);
                        recurrence = Some((first, old || recurrence.is_some_and(|(_, o)| o)));
                    }
                }
            }
        }
        before.extend(sites);
    }
    if scans_after_clear > 0 {
        found.mri_recurrence = Some(recurrence.is_some());
        found.mri_recurrence_old_site = Some(recurrence.is_some_and(|(_, old)| old));
        found.mri_recurrence_days = recurrence.map(|(day, _)| day);
    }
    found
}
