//! Laboratory results and vital signs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Term, When};

/// One result of one analyte, as a number, in words, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabResult {
    /// Analyte, e.g. `crp`, `esr`, `haemoglobin`, `platelets`, `body_temperature`; or a panel in words, e.g.
    /// `blood_count`, `inflammatory_markers`, `all_tests`.
    pub analyte: Term,
    /// Number, in [`unit`](Self::unit).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Bound instead of a number: `"comparator": ">"`, `"value": 60` is `more than 60`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparator: Option<Comparator>,
    /// Unit as printed, e.g. `mg/l`, `mg/dl`, `mm/h`, `10^9/l`, `/ul`, `g/dl`. Without one, the number is not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Reference range of the laboratory, in the same unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<ReferenceRange>,
    /// Result in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualitative: Option<Qualitative>,
    /// When the sample was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl LabResult {
    /// A number with its unit.
    pub fn number(analyte: impl Into<Term>, value: f64, unit: impl Into<String>) -> Self {
        Self { value: Some(value), unit: Some(unit.into()), ..Self::bare(analyte.into()) }
    }

    /// A result in words.
    pub fn in_words(analyte: impl Into<Term>, qualitative: Qualitative) -> Self {
        Self { qualitative: Some(qualitative), ..Self::bare(analyte.into()) }
    }

    fn bare(analyte: Term) -> Self {
        Self {
            analyte,
            value: None,
            comparator: None,
            unit: None,
            reference: None,
            qualitative: None,
            when: None,
            note: None,
        }
    }
}

/// A bound instead of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Comparator {
    /// Below.
    #[serde(rename = "<")]
    Less,
    /// At most.
    #[serde(rename = "<=")]
    AtMost,
    /// At least.
    #[serde(rename = ">=")]
    AtLeast,
    /// Above.
    #[serde(rename = ">")]
    Greater,
}

/// Range of the values that the laboratory calls normal; a missing bound is open or unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceRange {
    /// Lower limit of normal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper limit of normal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// A result in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Qualitative {
    /// Within the reference range, unremarkable.
    Normal,
    /// Above the reference range.
    Elevated,
    /// A little above the reference range.
    MildlyElevated,
    /// Moderately above the reference range.
    ModeratelyElevated,
    /// Far above the reference range.
    StronglyElevated,
    /// Below the reference range.
    Low,
    /// A little below the reference range.
    MildlyLow,
    /// Below what the method can measure.
    Undetectable,
    /// Outside the reference range, it is not said in which direction.
    Abnormal,
    /// Found.
    Positive,
    /// Not found.
    Negative,
}
