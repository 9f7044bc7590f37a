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
            "crp_above_55" => view.value("crp", "CRP with its unit").decide(|range| range.above(55.0), "CRP"),
            "marginal_sclerosis" => {
                view.described(|term, _| term == "marginal_sclerosis", &[]).asking("margin of the lesions")
            }
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

/// What one row of the table adds to the logarithm of a ratio.
struct Step {
    /// Which feature, in the order of [`answers`].
    feature: usize,
    /// Which group of dependent features.
    group: usize,
    present: f64,
    absent: f64,
}

/// Rows that bear on each disease, in the order of the table: looked up once, for a question tries every completion.
static STEPS: LazyLock<Vec<Vec<Step>>> = LazyLock::new(|| {
    let table: &'static Table = &super::TABLE;
    let mut features: Vec<&str> = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    let place = |names: &mut Vec<&'static str>, name: &'static str| {
        names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        })
    };
    for row in &table.features {
        place(&mut features, &row.id);
        place(&mut groups, &row.group);
    }
    let size = |ratio: f64| ratio.clamp(1.0 / table.largest_ratio, table.largest_ratio).ln();
    let steps = |disease: &str| {
        let rows = table.features.iter().filter(|row| row.against.iter().any(|d| d == disease));
        rows.map(|row| Step {
            feature: place(&mut features, &row.id),
            group: place(&mut groups, &row.group),
            present: size(ratio(row, true)),
            absent: size(ratio(row, false)),
        })
        .collect()
    };
    table.diseases.iter().map(|row| row.id.as_str()).map(steps).collect()
});

/// The ratio of CNO against a disease for given states of the features, without the details: of each group the strongest
/// step in each direction.
fn combined(steps: &[Step], states: &[State]) -> f64 {
    const GROUPS: usize = 8;
    let mut groups = [(0.0_f64, 0.0_f64); GROUPS];
    for step in steps {
        let Some(present) = states[step.feature].known() else { continue };
        let size = if present { step.present } else { step.absent };
        let (up, down) = &mut groups[step.group];
        *up = up.max(size);
        *down = down.min(size);
    }
    groups.iter().map(|(up, down)| up + down).sum::<f64>().exp()
}

/// Shares of the diseases, in the order of the table.
pub(super) fn shares(table: &Table, prior: &Prior, states: &[State]) -> Vec<f64> {
    let diseases = table.diseases.iter().zip(STEPS.iter());
    let weights: Vec<f64> =
        diseases.map(|(row, steps)| prior.of(&row.id) / combined(steps, states)).collect();
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
    let now = shares(table, prior, states);
    let uncertainty = entropy(&now);
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
            entropy(&shares(table, prior, &states))
        };
        let expected = present * after(State::Met) + (1.0 - present) * after(State::NotMet);
        let bits = (uncertainty - expected).max(0.0);
        // Less would be printed as nothing.
        if bits >= 0.005 {
            questions.push(Question { ask: &first.text, bits: Some(bits), because: "information" });
        }
    }
    questions.sort_by(|a, b| b.bits.unwrap_or(0.0).total_cmp(&a.bits.unwrap_or(0.0)));
    questions
}
