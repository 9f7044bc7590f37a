//! Childhood Health Assessment Questionnaire: disability index 0–3.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{
    definition::Certainty,
    facts,
    result::{Classification, Instrument, ItemResult, Measure},
};
use crate::{
    record::{Chaq, Range},
    view::{Path, State, View},
};

/// A domain of the questionnaire.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChaqDomain {
    /// Identifier.
    pub id: String,
    /// Keys of its items.
    pub items: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    source: String,
    certainty: Certainty,
    minimum_domains: usize,
    aid_or_help_at_least: u8,
    #[serde(rename = "domain")]
    domains: Vec<ChaqDomain>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/instruments/chaq.toml"))
        .unwrap_or_else(|error| panic!("embedded definition chaq: {error}"))
});

/// The domains with the keys of their items.
pub fn domains() -> &'static [ChaqDomain] {
    &TABLE.domains
}

/// Score of one domain by the published rule: the largest of the answers that were given; at least 2 where an aid or help is
/// usual. `None` where no item of the domain applies or was answered.
pub fn domain_score(chaq: &Chaq, domain: &ChaqDomain) -> Option<u8> {
    let answers = domain.items.iter().filter_map(|key| chaq.items.get(key)?.points());
    let aided = chaq.aid_or_help.as_ref().is_some_and(|list| list.contains(&domain.id));
    Some(answers.max()?.max(if aided { TABLE.aid_or_help_at_least } else { 0 }))
}

/// What a domain leaves open, which the published rule passes over: items without an answer.
fn unanswered(chaq: &Chaq, domain: &ChaqDomain) -> usize {
    domain.items.iter().filter(|key| !chaq.items.contains_key(key.as_str())).count()
}

/// Disability index 0–3: the mean of the domains that were answered; needs six of eight domains. A form with a given
/// index and no items has that index.
pub fn disability_index(chaq: &Chaq) -> Option<Range> {
    if chaq.items.is_empty() {
        return chaq.disability_index.map(Range::exactly);
    }
    let scores: Vec<u8> = TABLE.domains.iter().filter_map(|domain| domain_score(chaq, domain)).collect();
    if scores.len() < TABLE.minimum_domains {
        return None;
    }
    let sum: f64 = scores.iter().map(|&score| f64::from(score)).sum();
    Some(Range::exactly(sum / scores.len() as f64))
}

/// The newest questionnaire, domain by domain.
pub fn score(view: &View<'_>) -> Instrument {
    let mut result = Instrument::named("chaq", "CHAQ disability index", "1994", TABLE.certainty);
    result.source = TABLE.source.as_str().into();
    result.notes.push("Keys of items only; the wording belongs to its authors.".into());
    let Some((i, chaq)) = facts::newest_assessment(view, |a| a.chaq.as_ref()) else {
        result.reason = Some("no questionnaire in the record".into());
        result.classification = Classification::NotScored;
        return result;
    };
    let path = Path::new("assessments", i);
    for domain in domains() {
        let score = domain_score(chaq, domain);
        let state = if score.is_some() { State::Met } else { State::Unknown };
        result.items.push(ItemResult {
            id: domain.id.as_str().into(),
            text: domain.id.as_str().into(),
            state,
            points: Some(score.map_or([0.0, 3.0], |s| [f64::from(s); 2])),
            group: "domain".into(),
            used: vec![path],
            missing: if state == State::Unknown { vec!["answers of the domain"] } else { vec![] },
            would_change: None,
            certainty: TABLE.certainty,
        });
    }
    if !chaq.items.is_empty() {
        let open: usize = domains().iter().map(|domain| unanswered(chaq, domain)).sum();
        if open > 0 {
            let note =
                format!("{open} items have no answer; the rule takes the largest of those that have one.");
            result.notes.push(note.into());
        }
        if chaq.aid_or_help.is_none() {
            let note = "Aids and help were not recorded; the rule counts none, so the index may be too low.";
            result.notes.push(note.into());
        }
    }
    match disability_index(chaq) {
        Some(index) => {
            result.classification = Classification::Measured;
            result.label = "disability index 0–3".into();
            result.total = Some([index.low, index.high]);
            result.measures.push(Measure {
                name: "disability_index".into(),
                value: [Some(index.low), Some(index.high)],
                unit: "0–3",
                used: vec![path],
            });
        }
        None => {
            result.classification = Classification::NotScored;
            result.reason = Some("fewer than six domains were answered".into());
        }
    }
    result
}
