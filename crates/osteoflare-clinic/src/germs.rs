//! Searches for germs: from where, what grew, and whether that tells an infection of bone.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    record::{Culture, CultureResult},
    vocabulary::{normalised, rows},
};

#[derive(Deserialize)]
struct Contaminant {
    beginning: String,
    #[serde(rename = "certainty")]
    _certainty: String,
    #[serde(rename = "source")]
    _source: String,
}

static CONTAMINANTS: LazyLock<Vec<Contaminant>> =
    LazyLock::new(|| rows("blood_contaminants.csv", include_str!("../data/blood_contaminants.csv")));

/// Where a sample came from, as far as that decides what a germ in it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Bone, or pus or tissue from it.
    Bone,
    /// A joint.
    Joint,
    /// Blood.
    Blood,
    /// The record does not say.
    Unspecified,
    /// Skin, throat, urine and others: germs live there.
    Elsewhere,
}

/// Where a sample came from. Bone marrow is no bone: what circulates is found there too.
pub(crate) fn source(culture: &Culture) -> Source {
    let name = normalised(culture.specimen.as_str());
    let any = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if any(&["blood"]) {
        Source::Blood
    } else if any(&["marrow", "skin", "node", "throat", "nasal", "swab"]) {
        Source::Elsewhere
    } else if any(&["joint", "synovial"]) {
        Source::Joint
    } else if any(&["bone", "biopsy", "tissue", "pus", "abscess", "aspirate"]) {
        Source::Bone
    } else if any(&["unspecified", "unknown"]) {
        Source::Unspecified
    } else {
        Source::Elsewhere
    }
}

/// Whether a germ was found that does not grow in SAPHO too, as Cutibacterium acnes does.
pub(crate) fn grew(culture: &Culture) -> bool {
    let acnes = culture.organism.as_deref().is_some_and(|name| name.to_lowercase().contains("acnes"));
    culture.result == CultureResult::Positive && !acnes
}

/// Whether a germ was named that is no usual contaminant of blood.
pub(crate) fn is_pathogen(culture: &Culture) -> bool {
    grew(culture) && culture.organism.as_deref().is_some_and(|name| !is_contaminant(name))
}

/// Whether a germ comes from the skin more often than from blood.
pub(crate) fn is_contaminant(organism: &str) -> bool {
    let name = normalised(organism);
    let begins = |text: &str, word: &str| {
        // Short names are whole words.
        text.strip_prefix(word).is_some_and(|rest| word.len() > 4 || rest.is_empty() || rest.starts_with('_'))
    };
    let starts = || std::iter::once(0).chain(name.match_indices('_').map(|(at, _)| at + 1));
    CONTAMINANTS.iter().any(|row| starts().any(|at| begins(&name[at..], &row.beginning)))
}

/// Whether a germ is a mycobacterium.
pub(crate) fn is_mycobacterium(culture: &Culture) -> bool {
    culture.organism.as_deref().is_some_and(|organism| {
        let name = organism.to_lowercase();
        let species = name.trim_start_matches("m.").trim_start_matches("m ").trim_start();
        ["mycobact", "tuberculosis", "bcg"].iter().any(|word| name.contains(word))
            || species != name && ["tub", "bovis"].iter().any(|word| species.starts_with(word))
            || name.split(|c: char| !c.is_alphanumeric()).any(|word| ["mtb", "mtbc", "tb"].contains(&word))
    })
}
