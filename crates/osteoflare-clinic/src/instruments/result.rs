//! Results of instruments.

use std::borrow::Cow;

use serde::Serialize;

use super::definition::{Certainty, Definition};
use crate::view::{Path, State};

/// What an instrument says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// For.
    Positive,
    /// Against.
    Negative,
    /// The instrument itself leaves it open (a middle band).
    Unclear,
    /// The record leaves it open.
    Undetermined,
    /// A number or list, not a classification.
    Measured,
    /// It cannot be scored; `reason` says why.
    NotScored,
}

impl Classification {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::Unclear => "unclear",
            Self::Undetermined => "undetermined",
            Self::Measured => "measured",
            Self::NotScored => "not scored",
        }
    }
}

/// One item of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemResult {
    /// Identifier.
    pub id: Cow<'static, str>,
    /// In words.
    pub text: Cow<'static, str>,
    /// Met, not met, unknown.
    pub state: State,
    /// Points now, `[lowest, highest]`; absent where no points are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<[f64; 2]>,
    /// Group of items.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub group: Cow<'static, str>,
    /// Fields of the record that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Path>,
    /// What would have to be known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<&'static str>,
    /// For an unknown item: what the instrument would say if it were met, and if it were not, all else equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_change: Option<[Classification; 2]>,
    /// How sure the item's definition is.
    pub certainty: Certainty,
}

/// A number that an instrument measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// Name.
    pub name: Cow<'static, str>,
    /// Bounds; `null` for a bound that is not known.
    pub value: [Option<f64>; 2],
    /// Unit.
    pub unit: &'static str,
    /// Fields of the record that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Path>,
}

/// What an instrument says of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instrument {
    /// Identifier.
    pub id: Cow<'static, str>,
    /// Name.
    pub name: Cow<'static, str>,
    /// Version of the definition.
    pub version: Cow<'static, str>,
    /// Publication.
    pub source: Cow<'static, str>,
    /// How sure the definition is.
    pub certainty: Certainty,
    /// Classification.
    pub classification: Classification,
    /// In words.
    pub label: Cow<'static, str>,
    /// Points, `[lowest, highest]` possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<[f64; 2]>,
    /// Whether the patient belongs to those it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_population: Option<State>,
    /// Items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemResult>,
    /// Numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// Why it was not scored, and what would be needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'static, str>>,
    /// Things to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Cow<'static, str>>,
}

impl Instrument {
    /// A result without items yet.
    pub(super) fn of(definition: &'static Definition) -> Self {
        Self {
            source: (&definition.source).into(),
            notes: definition.notes.iter().map(Into::into).collect(),
            ..Self::named(&definition.id, &definition.name, &definition.version, definition.certainty)
        }
    }

    /// A result of an instrument that is not described by a table.
    pub(super) fn named(
        id: &'static str,
        name: &'static str,
        version: &'static str,
        certainty: Certainty,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            version: version.into(),
            source: "".into(),
            certainty,
            classification: Classification::Undetermined,
            label: "".into(),
            total: None,
            within_population: None,
            items: vec![],
            measures: vec![],
            reason: None,
            notes: vec![],
        }
    }

    /// The item with an identifier.
    pub fn item(&self, id: &str) -> Option<&ItemResult> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The measure with a name.
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }
}
