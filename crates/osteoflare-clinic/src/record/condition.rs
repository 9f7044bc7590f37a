//! Diseases: of the patient, of relatives, considered, and final; and what became of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Term, When};

/// A disease of the patient or of a relative, apart from the bone disease in question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Which, e.g. `psoriasis`, `crohn_disease`, `acute_lymphoblastic_leukaemia`, `scurvy`.
    pub condition: Term,
    /// How sure it is.
    pub status: Status,
    /// Whose; the patient's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Kin>,
    /// When it became known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How sure a disease is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is there.
    Present,
    /// It was there, and is not now.
    Past,
    /// Thought of, not settled.
    Suspected,
    /// Looked for and excluded.
    Excluded,
}

/// Whose disease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kin {
    /// The patient's own.
    Patient,
    /// Parent, sibling or child.
    FirstDegree,
    /// Grandparent, aunt, uncle, half-sibling.
    SecondDegree,
    /// Farther.
    Farther,
    /// A relative; which is not said.
    Relative,
}

/// What clinicians called the illness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// Disease, e.g. `cno`, `bacterial_osteomyelitis`, `ewing_sarcoma`.
    pub disease: Term,
    /// First, feared, working or final.
    pub kind: DiagnosisKind,
    /// Who says so, e.g. `authors`, `topic of the article`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

/// Standing of a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiagnosisKind {
    /// The first label, later dropped or kept.
    Initial,
    /// Feared or considered.
    Considered,
    /// Acted on for the time being.
    Working,
    /// The last word.
    Final,
}

/// What became of the patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// In words.
    pub outcome: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}
