//! The treatment plan of one patient: which steps have started, which are due, what the clinic must see.

use osteoflare_clinic::visits::{ClinicalEvent, EventKind, Treatment, VisitLog};
use osteoflare_patient::prescription::Drug;
use osteoflare_patient::simulation::Simulation;

use crate::study::{Condition, Start, TreatmentStep};

/// An MRI lesion counts for a rule if the scan is at most this old, days.
const RECENT_SCAN_DAYS: f64 = 90.0;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Progress {
    /// Not yet decided; due on this day if known.
    Waiting(Option<f64>),
    /// Started on this day.
    Started(f64),
    /// The condition did not hold when it was asked for.
    Passed,
}

/// Progress of a plan.
#[derive(Clone, Debug)]
pub(super) struct TreatmentPlan<'a> {
    steps: &'a [TreatmentStep],
    progress: Vec<Progress>,
    /// Day on which each started step ends.
    ends: Vec<f64>,
}

impl<'a> TreatmentPlan<'a> {
    pub(super) fn new(steps: &'a [TreatmentStep]) -> Self {
        let progress = steps
            .iter()
            .map(|s| match s.start {
                Start::Day(day) => Progress::Waiting(Some(day)),
                Start::AfterPresentation(_) | Start::AfterStep { .. } => Progress::Waiting(None),
            })
            .collect();
        TreatmentPlan { steps, progress, ends: vec![f64::INFINITY; steps.len()] }
    }

    /// The child was seen for the first time.
    pub(super) fn presented(&mut self, day: f64) {
        for (step, progress) in self.steps.iter().zip(&mut self.progress) {
            if let Start::AfterPresentation(delay) = step.start {
                *progress = Progress::Waiting(Some(day + delay));
            }
        }
    }

    /// The next day on which something is to be decided. The end of a course needs no attention: doses just stop.
    pub(super) fn next_day(&self) -> Option<f64> {
        self.progress
            .iter()
            .filter_map(|p| match p {
                Progress::Waiting(day) => *day,
                _ => None,
            })
            .min_by(f64::total_cmp)
    }

    /// A step to be decided today.
    pub(super) fn due(&self, day: f64) -> Option<usize> {
        self.progress.iter().position(|p| matches!(p, Progress::Waiting(Some(d)) if *d <= day))
    }

    /// Whether the decision needs an examination of the same day.
    pub(super) fn needs_examination(&self, step: usize) -> bool {
        matches!(self.steps[step].start, Start::AfterStep { condition, .. } if condition != Condition::Always)
    }

    /// Decides a due step by what the record shows, and starts it.
    pub(super) fn decide(
        &mut self,
        index: usize,
        day: f64,
        simulation: &mut Simulation,
        record: &mut VisitLog,
    ) {
        let step = &self.steps[index];
        let condition = match step.start {
            Start::AfterStep { condition, .. } => condition,
            Start::Day(_) | Start::AfterPresentation(_) => Condition::Always,
        };
        let holds = match condition {
            Condition::Always => true,
            Condition::Active => is_active(record, day),
            Condition::Inactive => !is_active(record, day),
        };
        if !holds {
            self.progress[index] = Progress::Passed;
            return;
        }
        for &other in &step.replaces {
            let drug = self.steps[other].regimen.drug;
            if matches!(self.progress[other], Progress::Started(_)) && self.ends[other] > day {
                self.ends[other] = day;
                simulation.stop(drug);
                stop(record, drug, day);
            }
            if matches!(self.progress[other], Progress::Waiting(_)) {
                self.progress[other] = Progress::Passed;
            }
        }
        let drug = step.regimen.drug;
        simulation.prescribe(step.regimen, step.duration_days);
        self.progress[index] = Progress::Started(day);
        self.ends[index] = day + step.duration_days;
        record.treatments.push(Treatment { drug: drug.name().to_owned(), start_day: day, stop_day: None });
        record.events.push(event(EventKind::TreatmentStart, drug, day));
        if step.duration_days.is_finite() {
            stop_later(record, drug, day + step.duration_days);
        }
        for (later, progress) in self.steps.iter().zip(&mut self.progress) {
            if let Start::AfterStep { step, days, .. } = later.start
                && step == index
                && matches!(progress, Progress::Waiting(None))
            {
                *progress = Progress::Waiting(Some(day + days));
            }
        }
    }

    /// Ends the book-keeping: courses that outlast the follow-up stay open.
    pub(super) fn close(&self, day: f64, record: &mut VisitLog) {
        for t in &mut record.treatments {
            if t.stop_day.is_some_and(|stop| stop > day) {
                t.stop_day = None;
            }
        }
        record.events.retain(|e| e.day <= day);
    }
}

fn event(kind: EventKind, drug: Drug, day: f64) -> ClinicalEvent {
    ClinicalEvent { day, kind, site: None, detail: Some(drug.name().to_owned()) }
}

fn stop_later(record: &mut VisitLog, drug: Drug, day: f64) {
    if let Some(t) = record.treatments.last_mut() {
        t.stop_day = Some(day);
    }
    record.events.push(event(EventKind::TreatmentStop, drug, day));
}

/// Stops a drug before its time.
fn stop(record: &mut VisitLog, drug: Drug, day: f64) {
    record.events.retain(|e| {
        !(e.kind == EventKind::TreatmentStop && e.detail.as_deref() == Some(drug.name()) && e.day > day)
    });
    for t in record.treatments.iter_mut().filter(|t| t.drug == drug.name()) {
        if t.stop_day.is_none_or(|s| s > day) {
            t.stop_day = Some(day);
        }
    }
    record.events.push(event(EventKind::TreatmentStop, drug, day));
}

/// Active disease as the clinic sees it: a painful site at the examination of the day, or a lesion on a recent scan.
fn is_active(record: &VisitLog, day: f64) -> bool {
    let painful = record
        .visits
        .iter()
        .rev()
        .find_map(|v| v.examination.as_ref())
        .is_some_and(|e| e.sites.iter().any(|s| s.tender));
    let scan = record
        .visits
        .iter()
        .rev()
        .find_map(|v| v.mri.as_ref().map(|m| (v.day, m)))
        .is_some_and(|(d, m)| day - d <= RECENT_SCAN_DAYS && !m.lesions.is_empty());
    painful || scan
}
