//! Global judgements and questionnaires of one time.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::When;

/// What was asked and judged at one time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Worst pain of the last week told by child or parent, 0–10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pain_0_10: Option<f64>,
    /// Global judgement of child or parent, 0–10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_global_0_10: Option<f64>,
    /// Physician's global judgement of activity, 0–10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub physician_global_0_10: Option<f64>,
    /// Clinically active lesions (painful, tender or swollen), counted by the physician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinically_active_lesions: Option<u32>,
    /// Childhood Health Assessment Questionnaire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chaq: Option<Chaq>,
}

/// Answers to the Childhood Health Assessment Questionnaire: keys of items, no wording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chaq {
    /// Answers by the key of the item, e.g. `dress_and_fasten`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, ChaqAnswer>,
    /// Domains in which an aid or device, or help of a person, is usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aid_or_help: Option<Vec<String>>,
    /// The disability index itself, 0–3, where only it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disability_index: Option<f64>,
}

/// Answer to one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChaqAnswer {
    /// 0.
    WithoutDifficulty,
    /// 1.
    SomeDifficulty,
    /// 2.
    MuchDifficulty,
    /// 3.
    Unable,
    /// Does not apply at this age.
    NotApplicable,
}

impl ChaqAnswer {
    /// Points; `None` where the item does not apply.
    pub fn points(self) -> Option<u8> {
        match self {
            Self::WithoutDifficulty => Some(0),
            Self::SomeDifficulty => Some(1),
            Self::MuchDifficulty => Some(2),
            Self::Unable => Some(3),
            Self::NotApplicable => None,
        }
    }
}
