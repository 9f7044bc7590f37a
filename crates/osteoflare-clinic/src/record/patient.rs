//! Who the patient is, and where the record comes from.

use osteoflare_skeleton::Sex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{Date, Range};

/// Constant facts of a patient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Sex, if known: `female` or `male`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "sex_schema")]
    pub sex: Option<Sex>,
    /// Age at day 0, years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_years: Option<Range>,
    /// Age at the first symptom, years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_at_onset_years: Option<Range>,
    /// Date of birth; only if the record may hold it. The age at day 0 follows if there is a reference date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Circumstances that are no disease, in words (e.g. `parents of Turkish origin`, `ketogenic diet`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub background: Vec<String>,
}

fn sex_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"enum": ["female", "male"]})
}

/// Where a record comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Citation in words, for a published case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation: Option<String>,
    /// Digital object identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// PubMed identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pmid: Option<String>,
    /// Web address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// File or system from which the record was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// For a virtual child: which one.
    #[serde(default, rename = "virtual", skip_serializing_if = "Option::is_none")]
    pub virtual_patient: Option<VirtualOrigin>,
}

/// Which virtual child a record belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VirtualOrigin {
    /// Study group.
    pub group: String,
    /// Number within the group, from 0.
    pub index: u32,
}
