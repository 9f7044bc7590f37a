//! `[[groups.NAME.treatments]]`: the treatment plan.

use osteoflare_patient::prescription::{Drug, Regimen};

use super::error::FileError;
use super::fields::{Entry, check_name};
use super::keys::{START, TREATMENT};
use super::{names, quantity};
use crate::study::{Condition, Start, TreatmentStep};

/// A step under its name, while the plan is read.
struct Named<'a> {
    name: &'a str,
    step: TreatmentStep,
}

/// Reads a whole plan.
pub(crate) fn read_plan(entry: &Entry<'_, '_>, horizon_days: f64) -> Result<Vec<TreatmentStep>, FileError> {
    let mut plan: Vec<Named<'_>> = Vec::new();
    for item in entry.items()? {
        let named = read_step(&item, &plan, horizon_days)?;
        if let Some(problem) = overlap(&plan, &named.step) {
            return Err(item.error(problem));
        }
        plan.push(named);
    }
    Ok(plan.into_iter().map(|named| named.step).collect())
}

fn read_step<'a>(
    entry: &Entry<'a, '_>,
    earlier: &[Named<'a>],
    horizon_days: f64,
) -> Result<Named<'a>, FileError> {
    let fields = entry.fields(TREATMENT)?;
    let drug_entry = fields.require("drug")?;
    let drug_name = drug_entry.text()?;
    let Some(drug) = Drug::from_name(drug_name) else {
        let known = Drug::ALL.map(Drug::name);
        return Err(
            drug_entry.error(format_args!("drug '{drug_name}' {}", names::unknown(drug_name, &known)))
        );
    };
    let name = match fields.get("name") {
        None => drug_name,
        Some(name_entry) => {
            let name = name_entry.name()?;
            if earlier.iter().any(|step| step.name == name) {
                return Err(name_entry.error(format_args!("there already is a step '{name}'")));
            }
            name
        }
    };

    let mut regimen: Regimen = drug.standard_regimen();
    if let Some(dose) = fields.get("dose") {
        regimen.dose = quantity::dose(dose.text().map_err(|_| {
            dose.error(format_args!("must be a dose with its unit; {}", quantity::DOSE_HELP))
        })?)
        .map_err(|problem| dose.error(problem))?;
    }
    if let Some(doses) = fields.get("doses_per_cycle") {
        regimen.doses_per_cycle = doses.count()? as u32;
    }
    if let Some(every) = fields.get("every") {
        regimen.interval_days = every.time()?;
        if regimen.doses_per_cycle > 1 && regimen.interval_days < f64::from(regimen.doses_per_cycle) {
            return Err(
                every.error(format_args!("a cycle of {} daily doses does not fit", regimen.doses_per_cycle))
            );
        }
    }
    let duration_entry = fields.require("for")?;
    let duration_days = read_duration(&duration_entry)?;
    if let Some(taper) = fields.get("taper") {
        regimen.taper_days = taper.time()?;
        if duration_days.is_infinite() && regimen.taper_days > 0.0 {
            return Err(taper.error("a treatment for \"always\" has no end to taper to"));
        }
        if regimen.taper_days > duration_days {
            return Err(taper.error("is longer than the whole course"));
        }
    }
    let start = match fields.get("start") {
        None => Start::AfterPresentation(0.0),
        Some(start) => read_start(&start, earlier, horizon_days)?,
    };
    let replaces = match fields.get("replaces") {
        None => Vec::new(),
        Some(list) => {
            let mut replaces = Vec::new();
            for item in list.items()? {
                let index = find_step(&item, item.text()?, earlier)?;
                if replaces.contains(&index) {
                    return Err(item.error("is named twice"));
                }
                replaces.push(index);
            }
            replaces
        }
    };
    Ok(Named { name, step: TreatmentStep { regimen, start, duration_days, replaces } })
}

fn read_duration(entry: &Entry<'_, '_>) -> Result<f64, FileError> {
    let text = entry
        .text()
        .map_err(|_| entry.error(format_args!("must be a time or \"always\"; {}", quantity::TIME_HELP)))?;
    if text == "always" {
        return Ok(f64::INFINITY);
    }
    let days = entry.time()?;
    if days <= 0.0 {
        return Err(entry.error("must be more than zero"));
    }
    Ok(days)
}

fn read_start(entry: &Entry<'_, '_>, earlier: &[Named<'_>], horizon_days: f64) -> Result<Start, FileError> {
    if !entry.is_table() {
        let text = entry.text()?;
        if text == "presentation" {
            return Ok(Start::AfterPresentation(0.0));
        }
        let days = quantity::time(text).map_err(|_| {
            entry.error(format_args!(
                "'{text}' is not a start; write \"presentation\", a time after day 0 such as \"14 d\", \
                 {{ after_presentation = \"2 wk\" }} or {{ after = \"naproxen\", delay = \"4 wk\", if = \"active\" }}"
            ))
        })?;
        if !(0.0..horizon_days).contains(&days) {
            return Err(entry.error("lies outside the follow-up"));
        }
        return Ok(Start::Day(days));
    }
    let fields = entry.fields(START)?;
    match (fields.get("after_presentation"), fields.get("after")) {
        (Some(days), None) => {
            if let Some(other) = fields.get("delay").or_else(|| fields.get("if")) {
                return Err(other.error("belongs to a start with 'after'"));
            }
            Ok(Start::AfterPresentation(days.time()?))
        }
        (None, Some(after)) => {
            let step = find_step(&after, after.text()?, earlier)?;
            let days = fields.get("delay").map(|delay| delay.time()).transpose()?.unwrap_or(0.0);
            let condition = match fields.get("if") {
                None => Condition::Always,
                Some(word) => match word.word(&["active", "inactive", "always"])? {
                    "active" => Condition::Active,
                    "inactive" => Condition::Inactive,
                    _ => Condition::Always,
                },
            };
            Ok(Start::AfterStep { step, days, condition })
        }
        (Some(_), Some(_)) => Err(entry.error("has both 'after_presentation' and 'after'; keep one")),
        (None, None) => Err(entry.error("needs 'after_presentation' or 'after'")),
    }
}

/// The last earlier step of that name.
fn find_step(entry: &Entry<'_, '_>, name: &str, earlier: &[Named<'_>]) -> Result<usize, FileError> {
    if let Err(problem) = check_name(name) {
        return Err(entry.error(format_args!("'{name}' {problem}")));
    }
    earlier.iter().rposition(|step| step.name == name).ok_or_else(|| {
        let known: Vec<&str> = earlier.iter().map(|step| step.name).collect();
        if known.is_empty() {
            entry.error(format_args!("there is no step before this one that could be '{name}'"))
        } else {
            entry.error(format_args!("earlier step '{name}' {}", names::unknown(name, &known)))
        }
    })
}

/// Where time is counted from.
#[derive(Clone, Copy, PartialEq)]
enum Anchor {
    DayZero,
    Presentation,
}

/// Origin of the start of a step and days from it.
fn place(plan: &[Named<'_>], start: Start) -> (Anchor, f64) {
    match start {
        Start::Day(day) => (Anchor::DayZero, day),
        Start::AfterPresentation(days) => (Anchor::Presentation, days),
        Start::AfterStep { step, days, .. } => {
            let (anchor, offset) = place(&plan[..step], plan[step].step.start);
            (anchor, offset + days)
        }
    }
}

/// Two courses of one drug at the same time, as far as the plan alone can tell.
fn overlap(earlier: &[Named<'_>], step: &TreatmentStep) -> Option<String> {
    let (anchor, start) = place(earlier, step.start);
    earlier.iter().enumerate().find_map(|(index, other)| {
        let same_drug = other.step.regimen.drug == step.regimen.drug;
        if !same_drug || step.replaces.contains(&index) {
            return None;
        }
        let (other_anchor, other_start) = place(earlier, other.step.start);
        let clash = anchor == other_anchor
            && start < other_start + other.step.duration_days
            && other_start < start + step.duration_days;
        clash.then(|| {
            format!(
                "this course of {} overlaps the earlier one; let it start later or name the earlier in 'replaces'",
                step.regimen.drug.name()
            )
        })
    })
}
