//! Definitions of instruments as they stand in `data/instruments/`.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{
    facts::{self, Fact},
    rule::Logic,
};
use crate::{
    record::Range,
    view::{Answer, View},
};

/// How sure a figure of a definition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Certainty {
    /// Read in the publication itself.
    P,
    /// Read in another source that reports it.
    S,
    /// Derived from figures that were read.
    D,
    /// Recalled, not read.
    R,
    /// Not found.
    U,
}

/// Published accuracy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Performance {
    /// Share of patients with the disease that are recognised.
    pub sensitivity: f64,
    /// Share of the others that are not.
    pub specificity: Option<f64>,
    /// Who was compared with whom.
    pub comparison: String,
}

/// One instrument as data.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Version, usually the year.
    pub version: String,
    /// Kind of evaluation.
    pub kind: Kind,
    /// Publication.
    pub source: String,
    /// Digital object identifier.
    #[serde(default)]
    pub doi: Option<String>,
    /// In whom it was made.
    pub population: String,
    /// What it may be used for.
    pub permitted_use: String,
    /// How sure the definition as a whole is.
    pub certainty: Certainty,
    /// Things to know.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Published accuracy.
    #[serde(default)]
    pub performance: Option<Performance>,
    /// Whom it may be applied to.
    #[serde(default)]
    pub applies: Option<Applies>,
    /// Items.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
    /// Bands of a score, ascending.
    #[serde(default, rename = "band")]
    pub bands: Vec<Band>,
    /// Rule of criteria.
    #[serde(default)]
    pub rule: Option<Rule>,
    #[serde(skip)]
    logic: OnceLock<Logic>,
    /// Domains of weighted criteria.
    #[serde(default, rename = "domain")]
    pub domains: Vec<Domain>,
    /// Threshold of weighted criteria, points.
    #[serde(default)]
    pub threshold: Option<f64>,
    /// What a positive result is called.
    #[serde(default)]
    pub positive: String,
    /// What a negative result is called.
    #[serde(default)]
    pub negative: String,
}

impl Definition {
    /// The rule, made ready when it is first asked for.
    pub(super) fn logic(&self) -> Option<&Logic> {
        self.rule.as_ref().map(|rule| self.logic.get_or_init(|| Logic::of(self, rule)))
    }
}

/// How an instrument is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Points are added.
    Score,
    /// A rule over items.
    Criteria,
    /// Entry, exclusions and weighted domains.
    Weighted,
}

/// Whom an instrument may be applied to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    fact: Fact,
    #[serde(flatten)]
    bounds: Bounds,
    /// In words.
    pub text: String,
}

/// One item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Identifier.
    pub id: String,
    /// In words.
    pub text: String,
    fact: Fact,
    #[serde(flatten)]
    bounds: Bounds,
    /// Points of a score, if met.
    #[serde(default)]
    pub points: f64,
    /// Group of items, e.g. major and minor.
    #[serde(default)]
    pub group: String,
    /// How sure.
    pub certainty: Certainty,
}

/// Limits of an item that is a number.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Bounds {
    #[serde(default)]
    at_least: Option<f64>,
    #[serde(default)]
    above: Option<f64>,
    #[serde(default)]
    at_most: Option<f64>,
    #[serde(default)]
    below: Option<f64>,
}

impl Bounds {
    fn decide(&self, range: Range) -> Option<bool> {
        if let Some(limit) = self.at_least {
            range.at_least(limit)
        } else if let Some(limit) = self.above {
            range.above(limit)
        } else if let Some(limit) = self.at_most {
            range.above(limit).map(|v| !v)
        } else if let Some(limit) = self.below {
            range.at_least(limit).map(|v| !v)
        } else {
            None
        }
    }
}

fn answer(view: &View<'_>, fact: Fact, bounds: Bounds) -> Answer {
    let mut answer = match facts::evaluate(view, fact) {
        facts::Value::Answer(answer) => answer.asking(fact.missing()),
        facts::Value::Number(number) => number.decide(|range| bounds.decide(range), fact.missing()),
    };
    // What two parts of an answer rest on is named once.
    let mut k = 0;
    while k < answer.used.len() {
        if answer.used[..k].contains(&answer.used[k]) {
            answer.used.remove(k);
        } else {
            k += 1;
        }
    }
    answer
}

impl Item {
    /// The item on a view.
    pub fn answer(&self, view: &View<'_>) -> Answer {
        answer(view, self.fact, self.bounds)
    }
}

impl Applies {
    /// Whether the patient belongs to those it may be applied to.
    pub fn answer(&self, view: &View<'_>) -> Answer {
        answer(view, self.fact, self.bounds)
    }
}

/// A band of a score, from a number of points up to the next band.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Fewest points.
    pub from: f64,
    /// What it means.
    pub class: BandClass,
    /// In words.
    pub label: String,
    /// How sure.
    pub certainty: Certainty,
}

/// What a band means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandClass {
    /// For.
    Positive,
    /// Against.
    Negative,
    /// The score itself leaves it open.
    Unclear,
}

/// A rule over items.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// At least one.
    Any(Vec<Rule>),
    /// Every one.
    All(Vec<Rule>),
    /// Not.
    Not(Box<Rule>),
    /// The item with this identifier.
    Item(String),
    /// At least so many items of a group.
    Count {
        /// Group.
        group: String,
        /// How many.
        at_least: usize,
    },
}

/// A domain of weighted criteria.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Identifier.
    pub id: String,
    /// In words.
    pub text: String,
    /// Levels, one of which applies.
    pub levels: Vec<String>,
    /// How sure.
    pub certainty: Certainty,
}
