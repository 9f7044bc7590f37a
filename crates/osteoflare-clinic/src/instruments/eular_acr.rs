//! EULAR/ACR classification criteria of 2025: entry, exclusions, domains; weights from a file of the user.
//!
//! The weights of the levels are not in this program: without a file the result is `not_scored` with the level reached in
//! each domain, unless entry or an exclusion already decides.

use std::{collections::BTreeMap, path::Path as FilePath};

use serde::Deserialize;

use super::{
    criteria,
    definition::Definition,
    facts, library,
    result::{Classification, Instrument, ItemResult},
};
use crate::{
    check::did_you_mean,
    view::{Level, Path, State, View},
};

/// The template to fill in.
pub const TEMPLATE: &str = include_str!("../../data/instruments/eular_acr_2025_weights_template.toml");

/// Weights of every level of every domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    levels: BTreeMap<String, BTreeMap<String, f64>>,
    threshold: f64,
    filled_in_by: String,
}

/// What is wrong with a file of weights; every problem at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("\n"))]
pub struct WeightsError {
    /// One line a problem.
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    instrument: String,
    filled_in_by: String,
    threshold: f64,
    weights: BTreeMap<String, BTreeMap<String, f64>>,
}

fn definition() -> &'static Definition {
    library::definition("eular_acr_2025")
}

impl Weights {
    /// Reads and checks a file of weights; `file` is only named in messages.
    ///
    /// # Errors
    /// If the text is not such a file, a weight is missing, unknown or impossible, or nobody is named as its source.
    pub fn parse(text: &str, file: &FilePath) -> Result<Self, WeightsError> {
        let name = file.display();
        let parsed: File = toml::from_str(text).map_err(|error| WeightsError {
            problems: vec![format!("{name}: {}", error.to_string().trim_end())],
        })?;
        let mut problems = Vec::new();
        let definition = definition();
        if parsed.instrument != definition.id {
            problems
                .push(format!("{name}: instrument is `{}`, must be `{}`", parsed.instrument, definition.id));
        }
        if parsed.filled_in_by.trim().is_empty() {
            problems.push(format!("{name}: filled_in_by is empty; say who took the weights from the paper"));
        }
        if Some(parsed.threshold) != definition.threshold {
            let known = definition.threshold.unwrap_or(f64::NAN);
            problems.push(format!("{name}: threshold is {}, the publication says {known}", parsed.threshold));
        }
        for domain in &definition.domains {
            let given = parsed.weights.get(&domain.id);
            for level in &domain.levels {
                match given.and_then(|levels| levels.get(level)) {
                    None => problems.push(format!("{name}: weights.{}.{level} is missing", domain.id)),
                    Some(weight) if !(-100.0..=100.0).contains(weight) => {
                        problems
                            .push(format!("{name}: weights.{}.{level} = {weight} is impossible", domain.id));
                    }
                    Some(weight) if domain.id == "bone_biopsy" && *weight > 17.0 => {
                        problems.push(format!("{name}: weights.bone_biopsy.{level} = {weight}; at most 17 points come from a biopsy"));
                    }
                    Some(_) => {}
                }
            }
            for level in given.into_iter().flat_map(BTreeMap::keys) {
                if !domain.levels.contains(level) {
                    let allowed = domain.levels.join(", ");
                    problems.push(format!(
                        "{name}: weights.{} has no level `{level}`; allowed: {allowed}",
                        domain.id
                    ));
                }
            }
        }
        let known: Vec<&str> = definition.domains.iter().map(|d| d.id.as_str()).collect();
        for id in parsed.weights.keys() {
            if !known.contains(&id.as_str()) {
                let near: Vec<&str> =
                    known.iter().copied().filter(|k| strsim::jaro_winkler(k, id) > 0.85).collect();
                problems.push(format!("{name}: there is no domain `{id}`{}", did_you_mean(&near)));
            }
        }
        if problems.is_empty() {
            Ok(Self {
                levels: parsed.weights,
                threshold: parsed.threshold,
                filled_in_by: parsed.filled_in_by,
            })
        } else {
            Err(WeightsError { problems })
        }
    }

    fn points(&self, domain: &str, level: &str) -> f64 {
        self.levels.get(domain).and_then(|levels| levels.get(level)).copied().unwrap_or(0.0)
    }
}

/// The criteria on a view.
pub fn score(view: &View<'_>, weights: Option<&Weights>) -> Instrument {
    let definition = definition();
    let mut result = Instrument::of(definition);
    criteria::items(definition, view, &mut result);
    let group = |items: &[ItemResult], name: &str| -> Vec<State> {
        items.iter().filter(|i| i.group == name).map(|i| i.state).collect()
    };
    let entry = group(&result.items, "entry");
    let excluded = group(&result.items, "exclusion");
    let mut total = [0.0, 0.0];
    for domain in &definition.domains {
        let (levels, used) = possible_levels(view, &domain.id, &domain.levels);
        let points = weights.map(|weights| {
            let all = levels.iter().map(|level| weights.points(&domain.id, level));
            [all.clone().fold(f64::INFINITY, f64::min), all.fold(f64::NEG_INFINITY, f64::max)]
        });
        if let Some(points) = points {
            total = [total[0] + points[0], total[1] + points[1]];
        }
        let known = levels.len() == 1;
        result.items.push(ItemResult {
            id: domain.id.as_str().into(),
            text: format!("{}: {}", domain.text, levels.join(" or ").replace('_', " ")).into(),
            state: if known { State::Met } else { State::Unknown },
            points,
            group: "domain".into(),
            used,
            missing: if known { vec![] } else { vec![what_decides(&domain.id)] },
            would_change: None,
            certainty: domain.certainty,
        });
    }
    let warned = result.items.iter().any(|i| i.group == "warning" && i.state == State::Met);
    if warned {
        result.notes.push(
            "An exclusion of the proposal of 2022 applies; whether the final criteria keep it was not found."
                .into(),
        );
    }
    let no_entry = entry.contains(&State::NotMet);
    let exclusion = excluded.contains(&State::Met);
    if no_entry || exclusion {
        result.classification = Classification::Negative;
        result.label =
            if exclusion { "an exclusion applies".into() } else { "entry is not fulfilled".into() };
        return result;
    }
    let Some(weights) = weights else {
        result.classification = Classification::NotScored;
        result.label = "levels only, no weights".into();
        result.reason = Some(
            "the weight table is not public: write the template with `osteoflare score --weights-template`, fill it in from the paper, and give it with --weights FILE".into(),
        );
        return result;
    };
    result.total = Some(total);
    result.notes.push(format!("Weights filled in by: {}.", weights.filled_in_by).into());
    let admitted = !entry.contains(&State::Unknown) && !excluded.contains(&State::Unknown);
    (result.classification, result.label) = if total[1] < weights.threshold {
        (Classification::Negative, definition.negative.as_str().into())
    } else if total[0] >= weights.threshold && admitted && !warned {
        (Classification::Positive, definition.positive.as_str().into())
    } else if total[0] >= weights.threshold {
        (Classification::Undetermined, "enough points; entry and exclusions are not settled".into())
    } else {
        (Classification::Undetermined, "the missing items decide".into())
    };
    result
}

/// Levels of a domain that the record leaves possible, and what decided.
fn possible_levels(view: &View<'_>, domain: &str, all: &[String]) -> (Vec<String>, Vec<Path>) {
    let (states, used): (Vec<bool>, Vec<Path>) = match domain {
        "lesion_site" => site_levels(view),
        "lesion_pattern" => {
            let count = view.lesion_count();
            let symmetric = view.symmetric();
            let many = count.range.at_least(2.0);
            (
                vec![
                    many != Some(false) && symmetric.state != State::NotMet,
                    many != Some(false) && symmetric.state != State::Met,
                    many != Some(true) && symmetric.state != State::Met,
                ],
                count.used.into_iter().chain(symmetric.used).collect(),
            )
        }
        "age_at_onset" => {
            let age = view.age_at_onset_years();
            let old = age.range.at_least(3.0);
            (vec![old != Some(false), old != Some(true)], age.used)
        }
        "bone_biopsy" => biopsy_levels(view),
        _ => {
            let (answer, first_if_met) = match domain {
                "coexisting_conditions" => (coexisting(view), true),
                "fever" => (facts::fever(view), false),
                "anaemia" => (view.is("haemoglobin", Level::Low), false),
                "crp" => (view.is_normal("crp"), true),
                _ => (view.is_normal("esr"), true),
            };
            let known = answer.state.known().map(|met| met == first_if_met);
            (vec![known != Some(false), known != Some(true)], answer.used)
        }
    };
    let levels = all.iter().zip(states).filter(|(_, possible)| *possible).map(|(l, _)| l.clone()).collect();
    (levels, used)
}

fn coexisting(view: &View<'_>) -> crate::view::Answer {
    let definition = library::definition("carra_ctp_2018");
    match definition.items.iter().find(|item| item.id == "ibd_psoriasis_ppp") {
        Some(item) => item.answer(view),
        None => crate::view::Answer::unknown(&[]),
    }
}

/// The best site reached; with several lesions the highest level applies.
fn site_levels(view: &View<'_>) -> (Vec<bool>, Vec<Path>) {
    use osteoflare_skeleton::{EaSiteClass as E, Skeleton};
    let skeleton = Skeleton::get();
    let used = view.lesions().iter().map(|l| l.path()).collect();
    let closed = view.lesion_count().range.high.is_finite() && !view.lesions().is_empty();
    // Smallest and largest level that each lesion may have; 0 is the highest level.
    let rank = |class: E| match class {
        E::ClavicleOrMandible => 0_usize,
        E::FemurOrTibia | E::Other => 1,
        E::SkullOrHand => 2,
    };
    let mut best_possible = 2;
    let mut best_sure = 2;
    for lesion in view.lesions() {
        let Some(place) = &lesion.place else {
            best_possible = 0;
            continue;
        };
        let ranks: Vec<usize> = place.sites.iter().map(|id| rank(skeleton.site(id).ea_site_class)).collect();
        best_possible = best_possible.min(ranks.iter().copied().min().unwrap_or(0));
        best_sure = best_sure.min(ranks.iter().copied().max().unwrap_or(2));
    }
    if !closed {
        best_possible = 0;
    }
    ((0..3).map(|level| (best_possible..=best_sure).contains(&level)).collect(), used)
}

fn biopsy_levels(view: &View<'_>) -> (Vec<bool>, Vec<Path>) {
    let biopsies = &view.record.biopsies;
    let seen: Vec<usize> = (0..biopsies.len()).filter(|&i| view.visible(biopsies[i].when)).collect();
    let used = seen.iter().map(|&i| Path::new("biopsies", i)).collect();
    let of_bone = |i: usize| biopsies[i].tissue.as_ref().is_none_or(|tissue| facts::is_bone(tissue.as_str()));
    let seen: Vec<usize> = seen.into_iter().filter(|&i| of_bone(i)).collect();
    let done = seen.iter().any(|&i| biopsies[i].done);
    if !done {
        // Judged unnecessary is not done; nothing written down is unknown.
        return (if seen.is_empty() { vec![true; 3] } else { vec![false, false, true] }, used);
    }
    let definition = library::definition("bristol_2016");
    let inflamed = definition
        .items
        .iter()
        .find(|item| item.id == "inflammatory_biopsy")
        .map_or(State::Unknown, |item| item.answer(view).state);
    (vec![inflamed != State::NotMet, inflamed != State::Met, false], used)
}

fn what_decides(domain: &str) -> &'static str {
    match domain {
        "lesion_site" => "places of all lesions",
        "lesion_pattern" => "whole-body imaging with all lesions",
        "age_at_onset" => "age at the first symptom",
        "coexisting_conditions" => "skin and bowel disease",
        "fever" => "whether there was fever",
        "bone_biopsy" => "whether a bone biopsy was done, and its result",
        "anaemia" => "haemoglobin, age and sex",
        "crp" => "CRP",
        _ => "ESR",
    }
}
