//! `[visits]` and `[solver]`.

use super::error::FileError;
use super::fields::Entry;
use super::keys::{SOLVER, VISITS};
use super::quantity::DAYS_PER_YEAR;
use crate::study::{SolverSettings, VisitPlan};

const MONTH: f64 = DAYS_PER_YEAR / 12.0;

/// The schedule of a study that says nothing: a registry's follow-up, closer in the first year.
fn usual_visits() -> VisitPlan {
    let early = [0.0, 14.0, 28.0, 3.0 * MONTH, 6.0 * MONTH, 9.0 * MONTH, 12.0 * MONTH];
    let later = |step: f64| (1..=40).map(move |k| DAYS_PER_YEAR + f64::from(k) * step);
    let until_end = |day: &f64| *day <= 10.0 * DAYS_PER_YEAR + 0.5;
    let half_yearly: Vec<f64> = early.into_iter().chain(later(6.0 * MONTH)).filter(until_end).collect();
    let imaging: Vec<f64> = [0.0, 3.0 * MONTH, 6.0 * MONTH, 12.0 * MONTH]
        .into_iter()
        .chain(later(6.0 * MONTH))
        .filter(until_end)
        .collect();
    VisitPlan {
        examination_days: half_yearly.clone(),
        mri_days: imaging,
        radiograph_days: vec![0.0, 12.0 * MONTH],
        laboratory_days: [0.0, 2.0, 4.0, 7.0, 10.0]
            .into_iter()
            .chain(half_yearly.into_iter().skip(1))
            .collect(),
        control_day: DAYS_PER_YEAR,
    }
}

/// Reads `[visits]`; what is left out keeps its usual schedule.
pub(crate) fn read_visits(entry: Option<Entry<'_, '_>>) -> Result<VisitPlan, FileError> {
    let mut plan = usual_visits();
    let Some(entry) = entry else { return Ok(plan) };
    let fields = entry.fields(VISITS)?;
    let lists: [(&'static str, &mut Vec<f64>); 4] = [
        ("examination", &mut plan.examination_days),
        ("mri", &mut plan.mri_days),
        ("radiographs", &mut plan.radiograph_days),
        ("laboratory", &mut plan.laboratory_days),
    ];
    for (name, place) in lists {
        if let Some(list) = fields.get(name) {
            *place = list.times()?;
        }
    }
    if let Some(day) = fields.get("control_day") {
        plan.control_day = day.time()?;
    }
    Ok(plan)
}

/// Reads `[solver]`; what is left out keeps its usual value.
pub(crate) fn read_solver(entry: Option<Entry<'_, '_>>) -> Result<SolverSettings, FileError> {
    let mut settings = SolverSettings {
        relative_tolerance: 1e-4,
        absolute_tolerance: 1e-6,
        sleeping: true,
        intrinsic_noise: 0.0,
    };
    let Some(entry) = entry else { return Ok(settings) };
    let fields = entry.fields(SOLVER)?;
    if let Some(value) = fields.get("relative_tolerance") {
        settings.relative_tolerance = value.number()?;
    }
    if let Some(value) = fields.get("absolute_tolerance") {
        settings.absolute_tolerance = value.number()?;
    }
    if let Some(value) = fields.get("sleeping") {
        settings.sleeping = value.flag()?;
    }
    if let Some(value) = fields.get("intrinsic_noise") {
        settings.intrinsic_noise = value.number()?;
    }
    Ok(settings)
}
