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

/// Score of one domain: the largest answer; at least 2 where an aid or help is usual. Items without an answer may be
/// anything; that is the interval. `None` where no item of the domain applies or was answered.
pub fn domain_score(chaq: &Chaq, domain: &ChaqDomain) -> Option<[u8; 2]> {
    let mut largest: Option<u8> = None;
    let mut open = false;
    for key in &domain.items {
        match chaq.items.get(key) {
            Some(answer) => largest = answer.points().max(largest),
            None => open = true,
        }
    }
    let aided = |list: &Vec<String>| list.contains(&domain.id);
    let low = largest?.max(match &chaq.aid_or_help {
        Some(list) if aided(list) => TABLE.aid_or_help_at_least,
        _ => 0,
    });
    let high = match (&chaq.aid_or_help, open) {
        (_, true) => 3,
        (None, false) => low.max(TABLE.aid_or_help_at_least),
        (Some(_), false) => low,
    };
    Some([low, high])
}

/// Disability index 0–3: the mean of the domains that were answered; needs six of eight domains. A form with a given
/// index and no items has that index.
///
/// Items left out within a domain, and aids or help that were not asked about, widen the interval.
pub fn disability_index(chaq: &Chaq) -> Option<Range> {
    if chaq.items.is_empty() {
        return chaq.disability_index.map(Range::exactly);
    }
    let scores: Vec<[u8; 2]> = TABLE.domains.iter().filter_map(|domain| domain_score(chaq, domain)).collect();
    if scores.len() < TABLE.minimum_domains {
        return None;
    }
    let mean = |k: usize| scores.iter().map(|s| f64::from(s[k])).sum::<f64>() / scores.len() as f64;
    Some(Range { low: mean(0), high: mean(1) })
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
        let state = match score {
            Some([low, high]) if low == high => State::Met,
            _ => State::Unknown,
        };
        result.items.push(ItemResult {
            id: domain.id.as_str().into(),
            text: domain.id.as_str().into(),
            state,
            points: Some(score.map_or([0.0, 3.0], |s| s.map(f64::from))),
            group: "domain".into(),
            used: vec![path],
            missing: if state == State::Unknown {
                vec!["answers of the domain, aids and help"]
            } else {
                vec![]
            },
            would_change: None,
            certainty: TABLE.certainty,
        });
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
