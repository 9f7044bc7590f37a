//! Cure by antibiotics alone.

use super::{
    course::CRP_NORMALISED_BELOW,
    drugs::DrugClass,
    logic::{all, clinical_sites, examinations, laboratories},
};
use crate::visits::{Treatment, VisitLog};

/// Cure is judged at the last examination up to this many days after the start of the antibiotic (12 months and two
/// weeks, so that a visit on schedule is not missed).
pub const CURE_WITHIN_DAYS: f64 = 380.0;
/// That examination must lie at least this many days after the start.
pub const CURE_AFTER_DAYS: f64 = 90.0;
/// From this many days after the start on nothing may be found: an infection that is cured has settled within weeks
/// (assumed: twice the usual course of about four weeks), while other inflammation may fade within months by itself.
pub const SETTLED_AFTER_DAYS: f64 = 60.0;
/// An antibiotic that starts at most this many days after the one before has stopped continues the same course.
pub const SAME_COURSE_GAP_DAYS: f64 = 7.0;

/// Whether antibiotics alone cured; `None` without antibiotic, or if the record does not tell.
///
/// Cured: no examination from 60 days after the start on finds a clinical lesion, at least one lies 90 to 380 days
/// after the start, the last CRP of that time is below 20 mg/L, there was no second course, and no drug other than
/// antibiotics was given from the start on.
pub(super) fn cured_by_antibiotics(record: &VisitLog) -> Option<bool> {
    let mut antibiotics: Vec<&Treatment> =
        record.treatments.iter().filter(|t| t.class() == DrugClass::Antibiotic).collect();
    antibiotics.sort_by(|a, b| a.start_day.total_cmp(&b.start_day));
    let start = antibiotics.first()?.start_day;

    let (visit, _) = examinations(record)
        .filter(|(v, _)| (CURE_AFTER_DAYS..=CURE_WITHIN_DAYS).contains(&(v.day - start)))
        .last()?;
    let crp = laboratories(record)
        .filter(|(v, _)| v.day > start && v.day <= visit.day)
        .filter_map(|(_, l)| l.crp_mg_l)
        .last();
    let lesion = examinations(record)
        .any(|(v, e)| v.day >= start + SETTLED_AFTER_DAYS && !clinical_sites(e).is_empty());
    let other_drug = record
        .treatments
        .iter()
        .any(|t| t.class() != DrugClass::Antibiotic && t.stop_day.is_none_or(|stop| stop > start));
    all([
        crp.map(|v| v < CRP_NORMALISED_BELOW),
        Some(!lesion),
        Some(!other_drug),
        single_course(&antibiotics, visit.day),
    ])
}

/// One course that has ended by `day`; `None` if it still runs then.
fn single_course(antibiotics: &[&Treatment], day: f64) -> Option<bool> {
    let mut end = f64::NEG_INFINITY;
    for treatment in antibiotics {
        if end.is_finite() && treatment.start_day > end + SAME_COURSE_GAP_DAYS {
            return Some(false);
        }
        end = end.max(treatment.stop_day.unwrap_or(f64::INFINITY));
    }
    (end <= day).then_some(true)
}
