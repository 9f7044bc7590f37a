//! Words that are nobody's name: those of the vocabularies, formats and units that this program knows.
//!
//! A message repeats a text of a file only if it is made of them and at most one other word in small letters, or nearly one
//! that is allowed in its place.

use std::collections::HashSet;
use std::sync::LazyLock;

use osteoflare_clinic::place::known_word;
use osteoflare_clinic::record::Record;
use osteoflare_clinic::vocabulary::{Kind, words};
use osteoflare_skeleton::Skeleton;
use serde_json::Value;

use crate::codes::displays;
use crate::fhir::field_names;
use crate::table::SECTIONS;

/// Letters that may stand together without being a word: a unit, a prefix, an initial.
const SHORTEST: usize = 3;

/// Words of formats, systems and short texts that stand in none of the tables.
const MORE: &str = "http https www org com net urn uuid loinc snomed info sct hpo mondo orpha omim icd ucum rxnorm atc uberon
geno hgnc ncit eco pmid dicom hl7 fhir nlm nih gov bfarm dimdi sid research umls purl obolibrary obo owl orphanet
umol nmol pmol mmol ug mg kg mcg tsd
osteoflare record format version true false null none yes not and the for with without other unknown unspecified missing
left right both bilateral midline female male day days week weeks month months year years hour date time age sex
phenotypic features excluded onset severity modifiers evidence description resolution measurements assay quantity reference range
low high unit term medical actions treatment agent dose intervals interval start end biosamples sampled tissue diseases disease
stage interpretations interpretation diagnosis genomic variant variation descriptor gene context symbol expressions syntax allelic
state acmg pathogenicity classification progress status subject last encounter iso duration proband relatives pedigree members
meta data files file attributes content sections uri procedure observed label id resource type entry bundle
labs sites site comorbid course findings symptoms signs examination exam surgery complications imaging biopsy histology
microbiology culture marrow genetics advice outcome focality response class cite citation family history timeline radiograph
scan ultrasound whole body rating score pain global physician patient lesions active
dressing dress shampoo wash stand chair bed cut meat lift cup glass mouth open milk carton cereal walk outdoors climb steps stairs
bath tub dry toilet reach down bend pick clothing clothes floor sweater turn neck look back shoulder car doors jars faucets write
run play errands shop ride bike tricycle chores nails socks shoes tie laces buttons hygiene grip activities arising eating walking
raise rise eat get out";

static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut known = HashSet::new();
    let mut add = |text: &str| known.extend(pieces(text));
    add(MORE);
    names(&Record::json_schema(), &mut add);
    field_names().for_each(&mut add);
    displays().for_each(&mut add);
    for kind in [Kind::Finding, Kind::Descriptor, Kind::Tissue, Kind::Disease] {
        words(kind).for_each(|word| add(&word.term));
    }
    for section in SECTIONS {
        add(section.name);
        section.columns.iter().for_each(|column| add(column.name));
    }
    let skeleton = Skeleton::get();
    skeleton.ids().for_each(|id| add(&skeleton.site(id).bone));
    known
});

/// Names of fields and choices of a JSON schema; its descriptions are sentences and no words of a record.
fn names(schema: &Value, add: &mut impl FnMut(&str)) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("properties", Value::Object(fields)) => fields.keys().for_each(|name| add(name)),
                    ("enum", Value::Array(list)) => list.iter().filter_map(Value::as_str).for_each(&mut *add),
                    ("const", Value::String(word)) => add(word),
                    _ => {}
                }
                names(value, add);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| names(value, add)),
        _ => {}
    }
}

/// Runs of letters of a text in small letters, divided where a large letter follows a small one.
fn pieces(text: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut small = false;
    for c in text.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && small) {
            list.push(String::new());
        }
        small = c.is_lowercase();
        if c.is_alphabetic()
            && let Some(last) = list.last_mut()
        {
            last.extend(c.to_lowercase());
        }
    }
    list.retain(|piece| !piece.is_empty());
    list
}

fn is_known(piece: &str) -> bool {
    WORDS.contains(piece)
        || piece.strip_suffix('s').is_some_and(|singular| WORDS.contains(singular))
        || known_word(piece).is_some()
}

/// Whether a text is a few known words in small letters, such as `left tibia`.
pub(crate) fn are_known_words(text: &str) -> bool {
    const MOST: usize = 4;
    text.bytes().all(|b| b.is_ascii_lowercase() || b == b' ')
        && text.split_whitespace().count() <= MOST
        && text.split_whitespace().all(is_known)
}

/// Whether a text is made of known words, numbers and marks, so that it can be no name.
pub(crate) fn is_impersonal(text: &str) -> bool {
    let pieces = pieces(text);
    let known = |piece: &String| is_known(piece);
    let short = |piece: &String| piece.chars().count() < SHORTEST;
    // Short pieces alone may be a name of two (`li_xu`).
    let alone = pieces.len() > 1 && pieces.iter().all(short) && !text.contains(['/', '%', ':']);
    pieces.iter().all(|piece| known(piece) || short(piece)) && (!alone || pieces.iter().all(known))
        || is_lone_small_word(text, &pieces, known)
}

/// Whether one word in small letters stands alone or among known ones: names begin large, and a misspelt code that is not
/// shown could not be found again.
fn is_lone_small_word(text: &str, pieces: &[String], known: impl Fn(&String) -> bool) -> bool {
    is_small(text) && pieces.iter().filter(|piece| !known(piece)).count() == 1
}

/// Whether a text is written in small letters of ASCII, digits and underscores, with no long number in it.
fn is_small(text: &str) -> bool {
    const LONGEST_NUMBER: usize = 4;
    let digits = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && digits.is_none_or(|longest| longest <= LONGEST_NUMBER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_writing_are_told_from_words() {
        for text in [
            "anna_schmidt",
            "Schmidt",
            "AnnaSchmidt",
            "seen_by_dr_miller",
            "hans_schmidt_1234",
            "li_xu",
            "müller",
        ] {
            assert!(!is_impersonal(text), "{text}");
        }
        for text in [
            "age_years",
            "valueQuantity",
            "HP:0002754",
            "10^9/l",
            "crp_mg_l",
            "bone_pain",
            "12,5",
            "http://loinc.org",
            "tibbia",
            "smoker_status",
        ] {
            assert!(is_impersonal(text), "{text}");
        }
    }
}
