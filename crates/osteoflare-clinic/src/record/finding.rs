//! Symptoms told and signs found, and how it all began.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, Range, Term, When};

/// A symptom or a sign, present or looked for and absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What, e.g. `pain`, `fever`, `swelling`, `tenderness`, `multifocal`, `weight_loss`, `palmoplantar_pustulosis`.
    pub finding: Term,
    /// `true`: present. `false`: looked for and absent.
    pub present: bool,
    /// Where, if it has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Severity on a scale from 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity_0_10: Option<f64>,
    /// Degree in words, e.g. `mild`, `low_grade`, `high`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degree: Option<Term>,
    /// How it comes and goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<CoursePattern>,
    /// How long it has lasted when it was written down, days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_days: Option<Range>,
    /// How it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Finding {
    /// A finding that is present, of which nothing else is known.
    pub fn present(finding: impl Into<Term>) -> Self {
        Self {
            finding: finding.into(),
            present: true,
            place: None,
            severity_0_10: None,
            degree: None,
            pattern: None,
            duration_days: None,
            method: None,
            when: None,
            note: None,
        }
    }

    /// A finding that was looked for and absent.
    pub fn absent(finding: impl Into<Term>) -> Self {
        Self { present: false, ..Self::present(finding) }
    }
}

/// How a finding is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Told by the child or the family.
    History,
    /// Seen or felt.
    Examination,
    /// Seen at an operation.
    Surgery,
    /// Known in another way.
    Other,
}

/// How something comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoursePattern {
    /// All the time.
    Continuous,
    /// With free times between.
    Intermittent,
    /// Exacerbations and remissions.
    RelapsingRemitting,
    /// From place to place.
    Migrating,
    /// From place to place, with exacerbations and remissions.
    MigratingRelapsing,
    /// One episode.
    SingleEpisode,
    /// Steadily worse.
    Progressive,
}

/// When and how the illness began and went until day 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// When the first symptom was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom_onset: Option<When>,
    /// How long bone symptoms had lasted at day 0, days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom_duration_days: Option<Range>,
    /// How the illness comes and goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<CoursePattern>,
}

impl History {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
