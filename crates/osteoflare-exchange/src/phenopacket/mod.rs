//! GA4GH Phenopackets v2: one phenopacket a record, with a companion table.
//!
//! Version 2 has no body site on findings, no lesions and no questionnaires. What a phenopacket can hold is in it, for
//! everybody to read; sections of the record that do not come back from it complete stand in a long table beside it,
//! the companion, to which `files` refers. On reading, the sections of the companion count, and the phenopacket must say
//! what those sections would say: if somebody changed one and not the other, that is a contradiction.

mod companion;
mod decode;
mod duration;
mod encode;
mod family;
mod features;
mod genes;
mod read;

pub(crate) use companion::{Companion, section_root};
pub(crate) use encode::encode;
pub(crate) use family::packets;
pub(crate) use read::record;

use crate::problem::JsonPath;

/// What the attribute `content` of the companion says.
const CONTENT: &str = "osteoflare-record-sections";

/// Prefix of the project's own codes.
const LOCAL: &str = "osteoflare:";

/// Prefixes of codes, with the short name of the system and what the metadata of a phenopacket say of it.
const PREFIXES: &[(&str, &str, &str, &str, &str)] = &[
    ("HP:", "HPO", "Human Phenotype Ontology", "http://purl.obolibrary.org/obo/hp.owl", "2025-01-16"),
    ("MONDO:", "MONDO", "Mondo Disease Ontology", "http://purl.obolibrary.org/obo/mondo.owl", "unversioned"),
    ("ORPHA:", "ORPHA", "Orphanet", "http://www.orpha.net", "unversioned"),
    ("OMIM:", "OMIM", "Online Mendelian Inheritance in Man", "http://www.omim.org", "unversioned"),
    ("ICD10:", "ICD10", "ICD-10", "http://hl7.org/fhir/sid/icd-10", "2019"),
    ("LOINC:", "LOINC", "Logical Observation Identifiers Names and Codes", "http://loinc.org", "unversioned"),
    ("UCUM:", "UCUM", "Unified Code for Units of Measure", "http://unitsofmeasure.org", "2.1"),
    ("RxNorm:", "RXNORM", "RxNorm", "http://www.nlm.nih.gov/research/umls/rxnorm", "unversioned"),
    (
        "ATC:",
        "ATC",
        "Anatomical Therapeutic Chemical Classification",
        "http://www.whocc.no/atc",
        "unversioned",
    ),
    ("UBERON:", "UBERON", "Uberon", "http://purl.obolibrary.org/obo/uberon.owl", "unversioned"),
];

/// Whether the content of a field may tell who somebody is.
fn personal(path: &JsonPath) -> bool {
    let keys: Vec<&str> = path.keys().collect();
    match keys.as_slice() {
        ["id" | "subject", ..] => !matches!(keys.last(), Some(&("sex" | "karyotypicSex"))),
        [.., "type" | "assay" | "unit" | "agent" | "term" | "sampledTissue", "id"] => false,
        [.., "value" | "low" | "high" | "sex" | "excluded" | "drugType"] => false,
        _ => true,
    }
}
