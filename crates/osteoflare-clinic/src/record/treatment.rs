//! Treatments and what they did.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Range, Term, When};

/// One drug or class of drugs over a time, and the response to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// Drug or class, e.g. `naproxen`, `nsaid`, `antibiotics`, `pamidronate`.
    pub drug: Term,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<When>,
    /// Day after the last; absent while it goes on, or if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<When>,
    /// How long it was given, days, if start and stop are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_days: Option<Range>,
    /// Dose as printed, e.g. `15 mg weekly`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// Whether nothing else that could explain the response was given at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<bool>,
    /// What it did; unknown if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Treatment {
    /// A treatment of which only the drug is known.
    pub fn with(drug: impl Into<Term>) -> Self {
        Self {
            drug: drug.into(),
            start: None,
            stop: None,
            duration_days: None,
            dose: None,
            alone: None,
            response: None,
            note: None,
        }
    }
}

/// What a treatment did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// All symptoms gone, and it stayed so after the treatment.
    CompleteSustained,
    /// All symptoms gone; whether it lasted is not known.
    Complete,
    /// Better; how much or for how long is not said.
    Good,
    /// Better, not enough.
    Partial,
    /// Better for a time, then worse again.
    Transient,
    /// No effect.
    None,
    /// Worse.
    Worse,
}
