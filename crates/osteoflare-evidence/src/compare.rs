//! Published numbers beside computed ones.

use osteoflare_clinic::digest::PatientDigest;
use serde::{Deserialize, Serialize};

use osteoflare_statistics::{mean_interval, standard_error_interval, wilson};

use crate::{
    estimate::Estimate,
    load::Evidence,
    reasons::reason,
    record::{EvidenceRecord, Kind, Spread},
    statistics::{self, Fidelity, MIN_PATIENTS, Statistic},
};

/// A group of patients; it plays the role whose name it bears (see [`statistics::Role`]).
#[derive(Clone, Copy, Debug)]
pub struct Cohort<'a> {
    /// Name of the group.
    pub group: &'a str,
    /// Its patients.
    pub digests: &'a [PatientDigest],
}

/// One published number and the computed one, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Identifier of the published record.
    pub id: String,
    /// What the record is about.
    pub topic: String,
    /// What was measured.
    pub quantity: String,
    /// Unit of all numbers here.
    pub unit: String,
    /// The published number.
    pub published: Option<f64>,
    /// Its 95 % interval, where one is reported or follows from denominator, standard deviation or standard error.
    pub published_interval: Option<[f64; 2]>,
    /// Where that interval comes from, or why there is none.
    pub published_interval_kind: String,
    /// Spread over patients as published; never an interval of the number.
    pub published_spread: Option<[f64; 2]>,
    /// What that spread is.
    pub published_spread_kind: Option<String>,
    /// Denominator of the published number.
    pub n_published: Option<u64>,
    /// The computed number.
    pub simulated: Option<f64>,
    /// Its 95 % interval; only the finite number of patients makes it, not the uncertainty of the model.
    pub simulated_interval: Option<[f64; 2]>,
    /// Where 95 % of cohorts of the published size would lie; given where it decides about agreement.
    pub predicted_interval: Option<[f64; 2]>,
    /// Patients behind the computed number.
    pub n_simulated: Option<u64>,
    /// Group of patients it is, or would be, computed from.
    pub group: Option<String>,
    /// What is computed, in words.
    pub definition: Option<String>,
    /// How near that comes to what the source measured.
    pub fidelity: Option<Fidelity>,
    /// Whether the two agree, by the rule at the head of this crate; missing where the rule cannot be used.
    pub agrees: Option<bool>,
    /// Why there is no computed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_computable: Option<String>,
    /// The published number was written down from memory; it proves nothing.
    pub recalled: bool,
    /// The published number was computed from others.
    pub derived: bool,
    /// Where it was published.
    pub source: String,
}

/// Puts every published record beside the number that follows from the cohorts, in the order of the records.
pub fn compare(evidence: &Evidence, cohorts: &[Cohort<'_>]) -> Vec<Comparison> {
    evidence.records().iter().map(|record| compare_one(record, cohorts)).collect()
}

fn compare_one(record: &EvidenceRecord, cohorts: &[Cohort<'_>]) -> Comparison {
    let (published_interval, published_interval_kind) = published_interval(record);
    let spread = record
        .interval
        .filter(|spread| *spread != Spread::Ci95)
        .and_then(|spread| Some(([record.lower?, record.upper?], spread.as_str().to_owned())));
    let mut comparison = Comparison {
        id: record.id.clone(),
        topic: record.topic.as_str().to_owned(),
        quantity: record.quantity.clone(),
        unit: record.unit.clone(),
        published: record.value,
        published_interval,
        published_interval_kind,
        published_spread: spread.as_ref().map(|(bounds, _)| *bounds),
        published_spread_kind: spread.map(|(_, kind)| kind),
        n_published: record.n,
        simulated: None,
        simulated_interval: None,
        predicted_interval: None,
        n_simulated: None,
        group: None,
        definition: None,
        fidelity: None,
        agrees: None,
        not_computable: None,
        recalled: record.recalled,
        derived: record.kind == Kind::Derived,
        source: record.source.citation(),
    };
    match statistics::find(&record.id) {
        None => comparison.not_computable = Some(reason(record).to_owned()),
        Some(statistic) => fill_in(&mut comparison, statistic, cohorts),
    }
    comparison
}

/// Computes the number and decides about agreement.
fn fill_in(comparison: &mut Comparison, statistic: &Statistic, cohorts: &[Cohort<'_>]) {
    let group = statistic.role.group();
    comparison.group = Some(group.to_owned());
    comparison.definition = Some(statistic.definition.to_owned());
    comparison.fidelity = Some(statistic.fidelity);
    let mut patients = cohorts.iter().filter(|c| c.group == group).peekable();
    if patients.peek().is_none() {
        comparison.not_computable = Some(format!("There is no group `{group}` in the results."));
        return;
    }
    let observations = statistic.observations(patients.flat_map(|c| c.digests));
    let Some(estimate) = statistic.estimate(&observations, &comparison.id) else {
        comparison.not_computable = Some(if observations.len() < MIN_PATIENTS {
            format!(
                "{} patients of group `{group}` have what this needs; fewer than {MIN_PATIENTS} give no number.",
                observations.len()
            )
        } else {
            format!(
                "Not defined in group `{group}`: follow-up is too short, fewer than half had the event, or nothing is in the denominator."
            )
        });
        return;
    };
    let Estimate { value, low95, high95, n, .. } = estimate;
    comparison.simulated = Some(value);
    comparison.simulated_interval = low95.zip(high95).map(|(low, high)| [low, high]);
    comparison.n_simulated = Some(n as u64);
    let Some(published) = comparison.published else {
        return;
    };
    match (comparison.published_interval, comparison.n_published) {
        (Some([low, high]), _) => {
            comparison.agrees =
                comparison.simulated_interval.map(|[sim_low, sim_high]| low <= sim_high && sim_low <= high);
        }
        (None, Some(patients)) => {
            comparison.predicted_interval =
                statistic.estimator.prediction(&observations, patients, &comparison.id);
            comparison.agrees =
                comparison.predicted_interval.map(|[low, high]| (low..=high).contains(&published));
        }
        (None, None) => {}
    }
}

/// The 95 % interval of the published number, and where it comes from.
fn published_interval(record: &EvidenceRecord) -> (Option<[f64; 2]>, String) {
    let none = |why: &str| (None, why.to_owned());
    let Some(value) = record.value else {
        return none("none: no number");
    };
    let bounds = record.lower.zip(record.upper);
    if let (Some(Spread::Ci95), Some((low, high))) = (record.interval, bounds) {
        return (Some([low, high]), "95 % interval as published".into());
    }
    match (record.kind, record.interval, bounds, record.n) {
        (Kind::Proportion, _, _, Some(n)) => {
            let share = record.count.map_or(value, |count| count as f64 / n as f64);
            (wilson(share, n as f64), format!("Wilson 95 % interval of {n}"))
        }
        (Kind::Mean, Some(Spread::Sd), Some((low, high)), Some(n)) => (
            mean_interval(value, (high - low) / 2.0, n),
            format!("95 % interval of the mean, from the standard deviation of {n}"),
        ),
        (Kind::Mean, Some(Spread::Se), Some((low, high)), _) => (
            Some(standard_error_interval(value, (high - low) / 2.0)),
            "95 % interval of the mean, from the standard error".into(),
        ),
        (_, Some(Spread::Iqr), ..) => none("none: the quartiles are of patients"),
        (_, Some(Spread::Range | Spread::RangeAsReported | Spread::RangeOverItems), ..) => {
            none("none: the range is not an interval of the number")
        }
        _ => none("none published"),
    }
}

#[cfg(test)]
mod tests;
