//! Words as codeable concepts and back.

use osteoflare_clinic::record::Place;
use serde_json::{Value, json};

use crate::codes::{
    bone_code, bone_of_code, code_named, codes_of, known_codes, row_of, system_of_uri, uri, word_of_text,
};
use crate::fault::{Fault, nearest};
use crate::node::Node;
use crate::privacy::{clean, is_field as is_address};
use crate::problem::{Place as At, Problems};

/// Where the project's own codes live; a name, not an address.
pub(super) const LOCAL: &str = "https://github.com/osteoflare/osteoflare/fhir/CodeSystem/";

/// A coding of the project's own.
pub(super) fn local(kind: &str, code: &str) -> Value {
    json!({"system": format!("{LOCAL}{kind}"), "code": code})
}

/// Whether a text may be a code of FHIR: no blanks but single ones within.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && !text.split(' ').any(str::is_empty)
        && !text.chars().any(|c| c.is_whitespace() && c != ' ' || c.is_control())
}

/// The concept of a word: standard codes, the project's own, and the word itself.
pub(super) fn concept(kind: &str, word: &str) -> Value {
    let mut codings: Vec<Value> = codes_of(kind, word)
        .filter_map(|code| {
            Some(json!({"system": uri(&code.system)?, "code": code.code, "display": code.display}))
        })
        .collect();
    if is_code(word) {
        codings.push(local(kind, word));
    }
    let mut concept = json!({"text": word});
    if !codings.is_empty() {
        concept["coding"] = Value::Array(codings);
    }
    concept
}

/// The word of a concept.
pub(super) fn word(kind: &str, concept: &Node<'_>, problems: &mut Problems) -> Option<String> {
    let codings = concept.items("coding");
    let own = format!("{LOCAL}{kind}");
    if let Some(code) = codings.iter().filter(|c| c.text("system") == Some(&own)).find_map(|c| c.text("code"))
    {
        return Some(code.to_owned());
    }
    let known = |coding: &Node<'_>| {
        let row = row_of(kind, system_of_uri(coding.text("system")?)?, coding.text("code")?)?;
        // The place of a finding stands in an element of its own here.
        Some(row).filter(|row| !row.word.contains('@'))
    };
    if let Some((coding, row)) = codings.iter().find_map(|coding| Some((coding, known(coding)?))) {
        if row.only_read && row.system == "ICD10" && row.code.len() > "M86.3".len() {
            let what = "the site that this code says beside the disease".to_owned();
            problems.add(At::path(coding.path.key("code")), Fault::LeftOut { what });
        }
        return Some(row.word.clone());
    }
    // What people wrote beside a code that is not known here counts if it is a word that is known.
    let texts = concept.text("text").into_iter().chain(codings.iter().filter_map(|c| c.text("display")));
    if let Some(word) = texts.into_iter().find_map(|text| word_of_text(kind, text)) {
        return Some(word.to_owned());
    }
    match (codings.first(), concept.text("text")) {
        (None, Some(text)) => Some(text.to_owned()),
        (None, None) => {
            problems.add(At::path(concept.path.key("coding")), Fault::Missing { field: "coding".to_owned() });
            None
        }
        (Some(coding), _) => {
            let code = coding.text("code").unwrap_or_default();
            // An address has no blanks; a name may have.
            let system = coding.text("system").filter(|system| !system.contains(char::is_whitespace));
            let system = system.unwrap_or_default();
            let short = system_of_uri(system);
            let known = short.map(|system| known_codes(kind, system)).unwrap_or_default();
            let named =
                coding.text("display").zip(short).and_then(|(name, system)| code_named(kind, system, name));
            problems.add(
                At::path(coding.path.key("code")),
                Fault::UnknownCode {
                    what: match system {
                        "" => format!("{kind} of no system"),
                        system if is_address(system) => format!("{kind} of {system}"),
                        _ => format!("{kind} of another system"),
                    },
                    found: clean(code),
                    nearest: named.map(str::to_owned),
                    allowed: known.into_iter().map(str::to_owned).collect(),
                },
            );
            None
        }
    }
}

/// The concept of a place: the standard code of its bone and the place itself, `bone|part|side|at least`.
pub(super) fn place_concept(place: &Value) -> Value {
    let text = |key: &str| match &place[key] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let bone = text("bone");
    let mut codings = Vec::new();
    for system in ["SNOMED", "UBERON"] {
        if let Some((code, display)) = bone_code(&Place::of(bone.as_str()), system) {
            codings.push(json!({"system": uri(system), "code": code, "display": display}));
        }
    }
    let code = format!("{bone}|{}|{}|{}", text("part"), text("side"), text("at_least"));
    let code = code.trim_end_matches('|');
    if is_code(code) {
        codings.push(local("place", code));
    }
    let mut concept = json!({"text": bone});
    if !codings.is_empty() {
        concept["coding"] = Value::Array(codings);
    }
    concept
}

/// The place of a concept, as JSON.
pub(super) fn place(concept: &Node<'_>, problems: &mut Problems) -> Option<Value> {
    let codings = concept.items("coding");
    let own = format!("{LOCAL}place");
    if let Some(code) = codings.iter().filter(|c| c.text("system") == Some(&own)).find_map(|c| c.text("code"))
    {
        let mut parts = code.split('|');
        let mut place = json!({"bone": parts.next()});
        for key in ["part", "side"] {
            if let Some(part) = parts.next().filter(|part| !part.is_empty()) {
                place[key] = Value::String(part.to_owned());
            }
        }
        if let Some(number) = parts.next() {
            place["at_least"] = number.parse::<u64>().map_or(Value::String(number.to_owned()), Value::from);
        }
        return Some(place);
    }
    let known =
        |coding: &Node<'_>| bone_of_code(system_of_uri(coding.text("system")?)?, coding.text("code")?);
    if let Some(bone) = codings.iter().find_map(known) {
        return Some(json!({"bone": bone}));
    }
    word("place", concept, problems).map(|word| json!({"bone": word}))
}

/// A code from a fixed list of FHIR codes and words of the record.
pub(super) fn from_list<'w>(
    list: &[(&str, &'w str)],
    node: &Node<'_>,
    what: &str,
    problems: &mut Problems,
) -> Option<&'w str> {
    let code = node.value.as_str()?;
    let found = list.iter().find(|(known, _)| *known == code).map(|(_, word)| *word);
    if found.is_none() {
        problems.add(
            At::path(node.path.clone()),
            Fault::UnknownCode {
                what: what.to_owned(),
                found: clean(code),
                nearest: nearest(code, list.iter().map(|(known, _)| *known)),
                allowed: list.iter().map(|(known, _)| (*known).to_owned()).collect(),
            },
        );
    }
    found
}
