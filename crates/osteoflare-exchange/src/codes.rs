//! Words of records and what other people call them: HPO, MONDO, LOINC, UCUM and the like.
//!
//! `data/codes.csv` says for each code how sure it is: `P` read at its source, `S` read in another publication, `R`
//! recalled and to be verified before it is relied upon. `data/codes_read.csv` has codes that are read and never written,
//! because they say more than the word, or not quite the same; a word may have a place there (`pain@mandible`) or a result
//! (`crp:elevated`). Bones have their codes in the skeleton.

use std::collections::HashMap;
use std::sync::LazyLock;

use osteoflare_clinic::record::Place;
use osteoflare_clinic::vocabulary;
use osteoflare_skeleton::Skeleton;
use serde::Deserialize;

/// A code with its system and what it says.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Code {
    kind: String,
    /// The word of the record.
    pub word: String,
    /// Short name of the system.
    pub system: String,
    /// The code.
    pub code: String,
    /// What it says.
    pub display: String,
    /// Whether it is read and never written.
    #[serde(skip)]
    pub only_read: bool,
}

/// Short names of systems with the URI that FHIR knows them by.
pub(crate) const SYSTEMS: &[(&str, &str)] = &[
    ("HPO", "http://human-phenotype-ontology.org"),
    ("MONDO", "http://purl.obolibrary.org/obo/mondo.owl"),
    ("ORPHA", "http://www.orpha.net"),
    ("OMIM", "http://www.omim.org"),
    ("ICD10", "http://hl7.org/fhir/sid/icd-10"),
    ("LOINC", "http://loinc.org"),
    ("UCUM", "http://unitsofmeasure.org"),
    ("RXNORM", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("ATC", "http://www.whocc.no/atc"),
    ("SNOMED", "http://snomed.info/sct"),
    ("DICOM", "http://dicom.nema.org/resources/ontology/DCM"),
    ("UBERON", "http://purl.obolibrary.org/obo/uberon.owl"),
];

/// Analytes that are vital signs.
pub(crate) const VITAL_SIGNS: [&str; 4] = ["body_temperature", "weight", "height", "head_circumference"];

struct Codes {
    rows: Vec<Code>,
    of_word: HashMap<(String, String), Vec<usize>>,
    of_code: HashMap<(String, String), Vec<usize>>,
}

static CODES: LazyLock<Codes> = LazyLock::new(|| {
    let table = |text: &str| -> Vec<Code> {
        csv::Reader::from_reader(text.as_bytes())
            .deserialize()
            .collect::<Result<_, _>>()
            .expect("the embedded table is checked by the tests of this crate")
    };
    let mut rows = table(include_str!("../data/codes.csv"));
    rows.extend(
        table(include_str!("../data/codes_read.csv")).into_iter().map(|row| Code { only_read: true, ..row }),
    );
    let mut codes = Codes { rows, of_word: HashMap::new(), of_code: HashMap::new() };
    for (k, row) in codes.rows.iter().enumerate() {
        if !row.only_read {
            codes.of_word.entry((row.kind.clone(), row.word.clone())).or_default().push(k);
        }
        codes.of_code.entry((row.system.clone(), row.code.clone())).or_default().push(k);
    }
    codes
});

/// Codes of a word, the preferred one first.
pub(crate) fn codes_of(kind: &str, word: &str) -> impl Iterator<Item = &'static Code> {
    let rows = CODES.of_word.get(&(kind.to_owned(), word.to_owned()));
    rows.into_iter().flatten().map(|&k| &CODES.rows[k])
}

/// The word of a code.
pub(crate) fn word_of(kind: &str, system: &str, code: &str) -> Option<&'static str> {
    row_of(kind, system, code).map(|row| row.word.as_str())
}

/// The row of a code.
pub(crate) fn row_of(kind: &str, system: &str, code: &str) -> Option<&'static Code> {
    let exact = |code: &str| {
        let rows = CODES.of_code.get(&(system.to_owned(), code.to_owned()));
        rows.into_iter().flatten().map(|&k| &CODES.rows[k]).find(|row| row.kind == kind)
    };
    // The sixth character of ICD-10-CM is the side: M86.362 is M86.36 on the left.
    exact(code).or_else(|| {
        let site = code.strip_suffix(['1', '2', '9'])?;
        (system == "ICD10" && code.len() == 7).then(|| exact(site)).flatten()
    })
}

/// The code of a system whose name is this label: what was probably meant by a code that is not known. A code that is
/// spelt like another means something else, and is never suggested.
pub(crate) fn code_named(kind: &str, system: &str, label: &str) -> Option<&'static str> {
    let label = label.trim();
    let row = CODES
        .rows
        .iter()
        .find(|row| row.kind == kind && row.system == system && row.display.eq_ignore_ascii_case(label));
    row.map(|row| row.code.as_str())
}

/// The word of a text that is one of the vocabulary, as written there; of a drug also with its strength behind it.
pub(crate) fn word_of_text(kind: &str, text: &str) -> Option<&'static str> {
    let word = |kind| vocabulary::word(kind, text).map(|word| word.term.as_str());
    match kind {
        "finding" => word(vocabulary::Kind::Finding),
        "descriptor" => word(vocabulary::Kind::Descriptor),
        "disease" => word(vocabulary::Kind::Disease),
        "analyte" => vocabulary::analyte(text).map(|analyte| analyte.name.as_str()),
        "place" => osteoflare_clinic::place::known_word(text),
        "drug" => {
            // A second drug must not be lost behind the first.
            let one = !text.contains(['/', '+', ',', ';', '&']) && !text.contains(" and ");
            let first = || text.split_whitespace().next().filter(|_| one).and_then(vocabulary::drug);
            vocabulary::drug(text).or_else(first).map(|drug| drug.name.as_str())
        }
        _ => None,
    }
}

/// Codes of a kind in a system, for messages.
pub(crate) fn known_codes(kind: &str, system: &str) -> Vec<&'static str> {
    CODES
        .rows
        .iter()
        .filter(|row| row.kind == kind && row.system == system)
        .map(|row| row.code.as_str())
        .collect()
}

/// Words and names of all codes.
pub(crate) fn displays() -> impl Iterator<Item = &'static str> {
    CODES.rows.iter().flat_map(|row| [row.word.as_str(), row.display.as_str()])
}

/// The UCUM code of a unit as laboratories print it; `None` if it is in no table.
pub(crate) fn ucum(unit: &str) -> Option<&'static str> {
    let plain: String = unit
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'µ' | 'μ' => 'u',
            '⁹' => '9',
            '³' => '3',
            c => c,
        })
        .collect();
    let plain = match plain.as_str() {
        "°c" | "celsius" | "cel" => "degc",
        "10*9/l" | "x10^9/l" | "109/l" | "x109/l" | "e9/l" => "10^9/l",
        "10*3/ul" | "x10^3/ul" | "103/ul" | "x103/ul" => "10^3/ul",
        "mm/hr" | "mm/1h" => "mm/h",
        "iu/l" => "u/l",
        plain => plain,
    };
    codes_of("unit", plain).next().map(|code| code.code.as_str())
}

/// The unit that a UCUM code stands for.
pub(crate) fn unit_of_ucum(code: &str) -> Option<&'static str> {
    word_of("unit", "UCUM", code)
}

/// URI of a system by its short name.
pub(crate) fn uri(system: &str) -> Option<&'static str> {
    SYSTEMS.iter().find(|(name, _)| *name == system).map(|(_, uri)| *uri)
}

/// Short name of a system by its URI.
pub(crate) fn system_of_uri(uri: &str) -> Option<&'static str> {
    // Modifications of nations divide further; what is not divided means the same.
    if matches!(uri, "http://hl7.org/fhir/sid/icd-10-cm" | "http://fhir.de/CodeSystem/bfarm/icd-10-gm")
        || uri.starts_with("http://hl7.org/fhir/sid/icd-10-gm")
        || uri.starts_with("http://fhir.de/CodeSystem/dimdi/icd-10-gm")
    {
        return Some("ICD10");
    }
    SYSTEMS.iter().find(|(_, known)| *known == uri).map(|(name, _)| *name)
}

/// Code of a bone, by the word of a place, in `SNOMED` or `UBERON`, with its name.
pub(crate) fn bone_code(place: &Place, system: &str) -> Option<(&'static str, &'static str)> {
    bone_code_of(place.bone.as_str(), system)
}

/// As [`bone_code`], by the word alone.
pub(crate) fn bone_code_of(word: &str, system: &str) -> Option<(&'static str, &'static str)> {
    let skeleton = Skeleton::get();
    let id = skeleton.ids().find(|&id| skeleton.site(id).bone == word)?;
    let bone = skeleton.bone(id);
    let code = match system {
        "SNOMED" => bone.codes.snomed.as_deref(),
        "UBERON" => bone.codes.uberon.as_deref(),
        _ => None,
    }?;
    Some((code, &bone.name))
}

/// The word of a bone with a code.
pub(crate) fn bone_of_code(system: &str, code: &str) -> Option<&'static str> {
    let skeleton = Skeleton::get();
    skeleton
        .ids()
        .find(|&id| {
            let codes = &skeleton.bone(id).codes;
            match system {
                "SNOMED" => codes.snomed.as_deref() == Some(code),
                "UBERON" => codes.uberon.as_deref() == Some(code),
                _ => false,
            }
        })
        .map(|id| skeleton.site(id).bone.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_means_one_word_of_its_kind() {
        for ((system, code), rows) in &CODES.of_code {
            for kind in rows.iter().map(|&k| &CODES.rows[k].kind) {
                let words: Vec<&str> = rows
                    .iter()
                    .map(|&k| &CODES.rows[k])
                    .filter(|row| row.kind == *kind)
                    .map(|row| row.word.as_str())
                    .collect();
                assert_eq!(words.len(), 1, "{system} {code}: {words:?}");
            }
            assert!(uri(system).is_some(), "{system} has no URI");
        }
    }

    #[test]
    fn codes_have_the_form_of_their_system() {
        for row in &CODES.rows {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let good = match row.system.as_str() {
                "HPO" => row.code.strip_prefix("HP:").is_some_and(|code| code.len() == 7 && digits(code)),
                "MONDO" => {
                    row.code.strip_prefix("MONDO:").is_some_and(|code| code.len() == 7 && digits(code))
                }
                "LOINC" => row.code.split_once('-').is_some_and(|(number, check)| {
                    digits(number) && check == loinc_check_digit(number).to_string()
                }),
                "RXNORM" | "SNOMED" => digits(&row.code),
                _ => !row.code.is_empty(),
            };
            assert!(good, "{} {}", row.system, row.code);
        }
    }

    /// Mod 10 check digit (Luhn) with which every LOINC number ends.
    fn loinc_check_digit(number: &str) -> u32 {
        let sum: u32 = number
            .bytes()
            .rev()
            .enumerate()
            .map(|(k, byte)| {
                let digit = u32::from(byte - b'0');
                if k % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
            })
            .sum();
        (10 - sum % 10) % 10
    }

    #[test]
    fn units_as_printed_have_a_ucum_code() {
        assert_eq!(ucum("mg/l"), Some("mg/L"));
        assert_eq!(ucum("°C"), Some("Cel"));
        assert_eq!(ucum("x 10⁹/l"), Some("10*9/L"));
        assert_eq!(ucum("bananas"), None);
    }

    #[test]
    fn national_codes_of_icd_10_are_those_of_the_world_with_digits_behind() {
        for code in ["M86.3", "M86.36", "M86.362", "M86.39"] {
            assert_eq!(word_of("disease", "ICD10", code), Some("cno"), "{code}");
        }
        for code in ["M86.4", "M86.363", "M86.3624", "M863"] {
            assert_eq!(word_of("disease", "ICD10", code), None, "{code}");
        }
        for uri in ["icd-10", "icd-10-cm", "icd-10-gm"] {
            assert_eq!(system_of_uri(&format!("http://hl7.org/fhir/sid/{uri}")), Some("ICD10"));
        }
    }

    #[test]
    fn words_of_codes_are_known() {
        for row in &CODES.rows {
            let (word, place) = row.word.split_once('@').unwrap_or((&row.word, "mandible"));
            assert!(bone_code_of(place, "UBERON").is_some(), "{place}");
            match row.kind.as_str() {
                "laboratory" => {
                    let (analyte, _) = word.split_once(':').expect("an analyte and its result");
                    assert_eq!(word_of_text("analyte", analyte), Some(analyte));
                }
                kind @ ("finding" | "descriptor" | "disease") => {
                    assert_eq!(word_of_text(kind, word), Some(word), "{kind}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_drug_is_found_before_its_strength_and_never_one_of_two() {
        assert_eq!(word_of_text("drug", "naproxen 500 MG Oral Tablet"), Some("naproxen"));
        assert_eq!(word_of_text("drug", "naproxen 500 MG / esomeprazole 20 MG"), None);
        assert_eq!(word_of_text("drug", "Tablet of naproxen"), None);
    }

    #[test]
    fn words_are_those_of_the_record() {
        assert_eq!(bone_code_of("tibia", "UBERON").unwrap().1, "tibia");
        let (code, _) = bone_code_of("clavicle", "SNOMED").unwrap();
        assert_eq!(bone_of_code("SNOMED", code), Some("clavicle"));
    }
}
