//! Likelihood ratios: from published shares, within groups of dependent features, to shares of diseases.

use std::sync::LazyLock;

use osteoflare_skeleton::{SiteGroup, Skeleton};

use super::{FeatureRow, Prior, Question, Ratio, Table};
use crate::{
    instruments::facts,
    place::SiteSet,
    view::{Answer, State, View},
};

static SITES: LazyLock<[(&str, SiteSet); 5]> = LazyLock::new(|| {
    let skeleton = Skeleton::get();
    let group = |wanted: SiteGroup| SiteSet::of(|id| skeleton.site(id).group() == wanted);
    [
        ("spine", group(SiteGroup::Spine)),
        ("femur", group(SiteGroup::Femur)),
        ("foot", group(SiteGroup::Foot)),
        ("clavicle", group(SiteGroup::Clavicle)),
        ("sternum", group(SiteGroup::Sternum)),
    ]
});

/// Features of the table in this patient, each once, in the order of the table.
pub(super) fn answers(view: &View<'_>, features: &'static [FeatureRow]) -> Vec<(&'static str, Answer)> {
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    for row in features {
        if answers.iter().any(|(id, _)| *id == row.id) {
            continue;
        }
        let answer = match row.id.as_str() {
            "fever" => facts::fever(view),
            "multifocal" => facts::multifocal(view),
            "arthritis" => view.ever("arthritis"),
            "symmetric" => view.symmetric(),
            id => match SITES.iter().find(|(name, _)| *name == id) {
                Some((_, sites)) => view.lesion_in(sites, "places of all lesions"),
                None => Answer::unknown(&[]),
            },
        };
        answers.push((&row.id, answer));
    }
    answers
}

fn ratio(row: &FeatureRow, present: bool) -> f64 {
    if present { row.cno / row.other } else { (1.0 - row.cno) / (1.0 - row.other) }
}

/// Ratios of CNO against a disease for known features, with what each counts for.
pub(super) fn ratios(table: &'static Table, answers: &[(&'static str, Answer)], disease: &str) -> Vec<Ratio> {
    let mut ratios: Vec<Ratio> = Vec::new();
    for row in table.features.iter().filter(|row| row.against.iter().any(|d| d == disease)) {
        let Some((_, answer)) = answers.iter().find(|(id, _)| *id == row.id) else { continue };
        let Some(present) = answer.state.known() else { continue };
        ratios.push(Ratio {
            feature: &row.text,
            present,
            ratio: ratio(row, present),
            counted: 1.0,
            group: &row.group,
            used: answer.used.clone(),
            source: &row.source,
            certainty: row.certainty,
        });
    }
    count(&mut ratios, table.largest_ratio);
    ratios
}

/// Of each group the strongest ratio in each direction counts, capped.
fn count(ratios: &mut [Ratio], largest: f64) {
    for i in 0..ratios.len() {
        let strongest = |up: bool| {
            (0..ratios.len())
                .filter(|&k| ratios[k].group == ratios[i].group && (ratios[k].ratio >= 1.0) == up)
                .max_by(|&a, &b| {
                    let size = |k: usize| ratios[k].ratio.ln().abs();
                    size(a).total_cmp(&size(b)).then(b.cmp(&a))
                })
        };
        if strongest(ratios[i].ratio >= 1.0) == Some(i) {
            ratios[i].counted = ratios[i].ratio.clamp(1.0 / largest, largest);
        }
    }
}

/// The ratio of CNO against a disease for given states of the features, without the details.
fn combined(table: &Table, answers: &[(&'static str, Answer)], states: &[State], disease: &str) -> f64 {
    let mut groups: Vec<(&str, f64, f64)> = Vec::new();
    for row in table.features.iter().filter(|row| row.against.iter().any(|d| d == disease)) {
        let Some(place) = answers.iter().position(|(id, _)| *id == row.id) else { continue };
        let Some(present) = states[place].known() else { continue };
        let size = ratio(row, present).clamp(1.0 / table.largest_ratio, table.largest_ratio).ln();
        let entry = match groups.iter_mut().find(|(group, ..)| *group == row.group) {
            Some(entry) => entry,
            None => {
                groups.push((&row.group, 0.0, 0.0));
                let last = groups.len() - 1;
                &mut groups[last]
            }
        };
        entry.1 = entry.1.max(size);
        entry.2 = entry.2.min(size);
    }
    groups.iter().map(|(_, up, down)| up + down).sum::<f64>().exp()
}

/// Shares of the diseases, in the order of the table.
pub(super) fn shares(
    table: &Table,
    prior: &Prior,
    answers: &[(&'static str, Answer)],
    states: &[State],
) -> Vec<f64> {
    let weights: Vec<f64> = table
        .diseases
        .iter()
        .map(|row| prior.of(&row.id) / combined(table, answers, states, &row.id))
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| if sum > 0.0 { weight / sum } else { 0.0 }).collect()
}

fn entropy(shares: &[f64]) -> f64 {
    shares.iter().filter(|share| **share > 0.0).map(|share| -share * share.log2()).sum()
}

/// Unknown features by the information that knowing them is expected to bring, bits.
pub(super) fn questions(
    table: &'static Table,
    prior: &Prior,
    answers: &[(&'static str, Answer)],
    states: &[State],
) -> Vec<Question> {
    let now = shares(table, prior, answers, states);
    let mut questions = Vec::new();
    for (place, (id, _)) in answers.iter().enumerate().filter(|(_, (_, a))| a.state == State::Unknown) {
        // Share of patients with the feature: by the published shares, CNO's where a disease has none of its own.
        let rows: Vec<&FeatureRow> = table.features.iter().filter(|row| row.id == *id).collect();
        let Some(first) = rows.first() else { continue };
        let present: f64 = table
            .diseases
            .iter()
            .zip(&now)
            .map(|(disease, share)| {
                let own = rows.iter().find(|row| row.against.contains(&disease.id));
                share * own.map_or(first.cno, |row| row.other)
            })
            .sum();
        let after = |state| {
            let mut states = states.to_vec();
            states[place] = state;
            entropy(&shares(table, prior, answers, &states))
        };
        let expected = present * after(State::Met) + (1.0 - present) * after(State::NotMet);
        let bits = (entropy(&now) - expected).max(0.0);
        questions.push(Question { ask: &first.text, bits: Some(bits), because: "information" });
    }
    questions.sort_by(|a, b| b.bits.unwrap_or(0.0).total_cmp(&a.bits.unwrap_or(0.0)));
    questions
}
