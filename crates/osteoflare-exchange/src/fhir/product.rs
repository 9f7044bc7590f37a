//! Products of drugs: the drug, and what is said of it beyond that.

use super::concept::word;
use crate::codes::word_of_text;
use crate::fault::Fault;
use crate::node::{Entry, Node};
use crate::problem::{Place as At, Problems};

/// Keeps what a product says beyond its drug (`naproxen 500 MG Oral Tablet`) as dose, a line that no instrument reads.
pub(super) fn strength(entry: &mut Entry, concept: &Node<'_>) {
    let codings = concept.items("coding");
    if entry.value.get("dose").is_some() || codings.iter().any(|coding| coding.text("system").is_none()) {
        return;
    }
    let texts = concept.text("text").into_iter().chain(codings.iter().filter_map(|c| c.text("display")));
    let drug = entry.value["drug"].as_str();
    let product = texts.into_iter().find(|text| {
        drug.is_some() && text.contains(char::is_whitespace) && word_of_text("drug", text) == drug
    });
    if let Some((_, strength)) = product.and_then(|text| text.trim().split_once(char::is_whitespace))
        && strength.starts_with(|c: char| c.is_ascii_digit())
    {
        let strength = strength.to_owned();
        entry.set(&["dose"], strength, &concept.path);
    }
}

/// Puts the drug of a Medication into the entry of its treatment.
pub(super) fn medication(entry: &mut Entry, medication: &Node<'_>, problems: &mut Problems) {
    match medication.get("code") {
        Some(code) => {
            if let Some(drug) = word("drug", &code, problems) {
                entry.set(&["drug"], drug, &code.path);
                strength(entry, &code);
            }
        }
        None => {
            problems.add(At::path(medication.path.clone()), Fault::Missing { field: "code".to_owned() });
        }
    }
}
