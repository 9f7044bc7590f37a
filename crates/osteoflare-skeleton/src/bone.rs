//! Rows of the bone catalogue.

use crate::vocabulary::{EaSiteClass, Region, Side};
use serde::Serialize;

/// A bone of one side: a row of `data/bones.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bone {
    /// Identifier, e.g. `tibia_L`, `t4`.
    pub id: String,
    /// Name in words, without the side, e.g. `medial cuneiform`.
    pub name: String,
    /// Side.
    pub side: Side,
    /// Region of the body.
    pub region: Region,
    /// Codes in terminologies.
    pub codes: Codes,
    /// Group A-G of Aydingöz 2024; bones that span two groups say so, e.g. `E_or_F`.
    pub group7: Option<String>,
    /// Class in the site domain of the EULAR/ACR criteria.
    pub ea_site_class: EaSiteClass,
    /// Whether the bone counts as vertebra, clavicle or sternum in the score of Jansson 2009.
    pub jansson_axial: bool,
    /// Names of the parts in which lesions are located; empty where the bone is not split.
    pub segments: Vec<String>,
    /// Remark of the catalogue.
    pub note: Option<String>,
}

/// Codes of a bone. A missing code is unknown, not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// UBERON identifier, e.g. `UBERON:0000979`.
    pub uberon: Option<String>,
    /// How the UBERON identifier was obtained: `seen_secondary` (a checked crosswalk) or `inferred_by_pattern`.
    pub uberon_provenance: Option<String>,
    /// Identifier in the Foundational Model of Anatomy, e.g. `FMA:24477`.
    pub fma: Option<String>,
    /// Whether two independent public sources agree on the FMA identifier; `None` where only one has it.
    pub fma_two_sources_agree: Option<bool>,
    /// RadLex identifier without side.
    pub radlex: Option<String>,
    /// RadLex identifier with side.
    pub radlex_sided: Option<String>,
    /// SNOMED CT concept without side.
    pub snomed: Option<String>,
    /// Name of that concept.
    pub snomed_term: Option<String>,
    /// SNOMED CT concept with side.
    pub snomed_sided: Option<String>,
}
