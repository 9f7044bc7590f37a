//! Tissue, germs and genes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, Term, When};

/// Tissue that was taken and looked at, or a biopsy that was judged not necessary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Biopsy {
    /// Whether it was done; `false`: considered and not done.
    pub done: bool,
    /// Tissue, e.g. `bone`, `bone_marrow`, `lymph_node`; bone if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tissue: Option<Term>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// How, e.g. `ct_guided`, `open`, `closed_needle`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Term>,
    /// What was found, e.g. `chronic_inflammation`, `fibrosis`, `plasma_cells`, `malignancy`, `cd1a_positive`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Term>,
    /// What was looked for and is absent, e.g. `malignancy`, `infection`, `granuloma`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Term>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A search for germs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Culture {
    /// What was cultured, e.g. `bone`, `blood`, `pus`, `joint_fluid`.
    pub specimen: Term,
    /// What grew.
    pub result: CultureResult,
    /// Germ, if one was named, e.g. `Staphylococcus aureus`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organism: Option<String>,
    /// Whether the sample was taken without antibiotics having been given before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_antibiotics: Option<bool>,
    /// Where, if the specimen has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CultureResult {
    /// Nothing.
    Sterile,
    /// A germ.
    Positive,
    /// A germ that was taken for a contaminant.
    Contaminant,
}

/// A gene that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GeneticFinding {
    /// Symbol of the gene, e.g. `LPIN2`.
    pub gene: String,
    /// Variant as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Zygosity, e.g. `homozygous`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zygosity: Option<Term>,
    /// What it means; unknown if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub significance: Option<Significance>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

/// What a genetic finding means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Significance {
    /// It explains the disease.
    Pathogenic,
    /// Not known.
    Uncertain,
    /// It does not; or nothing was found in this gene.
    Benign,
}
