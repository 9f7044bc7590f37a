//! Phenopackets with their companion as records.

use std::collections::HashMap;

use osteoflare_clinic::record::Record;
use phenopackets::schema::v2::Phenopacket;
use serde_json::{Value, json};

use super::decode::{decode, roots};
use super::encode::{canonical, packet as packet_of};
use super::{CONTENT, Companion, personal};
use crate::fault::Fault;
use crate::finish::Check;
use crate::json::{self, Fit, fit, prune};
use crate::node::Node;
use crate::privacy::{clean, is_field, shown};
use crate::problem::{JsonPath, Place, Problem, Problems, Step};
use crate::remainder::remainder;
use crate::table::place_of;

/// The record of a phenopacket.
///
/// # Errors
/// Everything that is wrong with it or its companion.
pub(crate) fn record(
    value: &Value,
    skip_unknown: bool,
    check: Check,
    companion: &mut Companion,
    left_out: &mut Problems,
) -> Result<Record, Problems> {
    let (mut value, wrong) = without_bad_numbers(value);
    spell_out(&mut value);
    if wrong.is_empty() {
        return fitted(&value, skip_unknown, check, companion, left_out);
    }
    let mut problems = wrong;
    if let Err(rest) = fitted(&value, skip_unknown, check, companion, left_out) {
        problems.append_elsewhere(rest);
    }
    Err(problems)
}

/// The phenopacket with zero for every number of a quantity that is none, and what is wrong with those. The schema knows
/// several kinds of values; to its reader, one with a bad number is of no kind at all.
fn without_bad_numbers(value: &Value) -> (Value, Problems) {
    let (mut copy, mut problems) = (value.clone(), Problems::new());
    let measurements = copy.get_mut("measurements").and_then(Value::as_array_mut);
    for (k, measurement) in measurements.into_iter().flatten().enumerate() {
        for keys in [&["value"][..], &["referenceRange", "low"], &["referenceRange", "high"]] {
            let path = JsonPath::default().key("measurements").index(k).key("value").key("quantity");
            let path = keys.iter().fold(path, |path, key| path.key(key));
            let pointer = format!("/value/quantity/{}", keys.join("/"));
            let Some(number) = measurement.pointer_mut(&pointer) else { continue };
            if !number.is_number() && !number.is_null() {
                let fault = Fault::Kind { found: shown(number), expected: "a number".to_owned() };
                problems.add(Place::path(path), fault);
                *number = json!(0.0);
            }
        }
    }
    (copy, problems)
}

/// Two forms that JSON of Protobuf allows and the reader of the schema does not know: a zero that is left out, and a long
/// number as text.
fn spell_out(packet: &mut Value) {
    if let Some(status) = packet.pointer_mut("/subject/vitalStatus").and_then(Value::as_object_mut) {
        status.entry("survivalTimeInDays").or_insert(json!(0));
    }
    if let Some(interpretations) = packet.get_mut("interpretations") {
        numbers_of_positions(interpretations);
    }
}

fn numbers_of_positions(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(numbers_of_positions),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str().and_then(|text| text.parse::<u64>().ok()) {
                    Some(number) if key == "pos" => *value = json!(number),
                    _ => numbers_of_positions(value),
                }
            }
        }
        _ => {}
    }
}

fn fitted(
    value: &Value,
    skip_unknown: bool,
    check: Check,
    companion: &mut Companion,
    left_out: &mut Problems,
) -> Result<Record, Problems> {
    match fit::<Phenopacket>(value, personal) {
        Fit::Whole(packet) => of_packet(value, &packet, skip_unknown, check, companion, left_out),
        Fit::Nothing(problems) => Err(problems),
        Fit::Remainder(packet, remainder) => {
            let rest = of_packet(&remainder.value, &packet, skip_unknown, check, companion, left_out);
            Err(remainder.with(rest.err().unwrap_or_default()))
        }
    }
}

/// The record of a phenopacket and of the value that it was read from.
fn of_packet(
    value: &Value,
    packet: &Phenopacket,
    skip_unknown: bool,
    check: Check,
    companion: &mut Companion,
    left_out: &mut Problems,
) -> Result<Record, Problems> {
    let packet = serde_json::to_value(packet).unwrap_or_default();
    let mut problems = Problems::new();
    unknown_fields(value, &packet, &JsonPath::default(), &mut problems);
    let root = Node::new(&packet, JsonPath::default());
    other_patients(&root, &mut problems);
    let mut found = Problems::new();
    let mut entry = decode(&packet, &JsonPath::default(), &mut found);
    left_out.append(found.take_left_out());
    if skip_unknown {
        drop_incomplete(&mut entry.value, &found, &entry.places);
        // What belongs to somebody else is nothing that could be left out.
        for Problem { place, fault } in &found {
            match fault {
                Fault::OtherPatient { .. } => problems.add(place.clone(), fault.clone()),
                _ => left_out.append(Problems::one(place.clone(), fault.clone()).into_left_out()),
            }
        }
    } else {
        problems.append(found);
    }
    no_room(&root, if skip_unknown { left_out } else { &mut problems });
    *left_out = std::mem::take(left_out).into_left_out();
    let places: HashMap<JsonPath, Place> =
        entry.places.iter().map(|(inner, from)| (inner.clone(), Place::path(from.clone()))).collect();
    let mut replaced = Vec::new();
    let id = entry.value["id"].as_str().unwrap_or_default().to_owned();
    for file in root.items("files") {
        let attribute = |name: &str| file.at(&["fileAttributes", name]).and_then(|node| node.value.as_str());
        if attribute("content") != Some(CONTENT) {
            continue;
        }
        let place = Place::path(file.path.key("uri"));
        match companion.record(file.text("uri").unwrap_or_default(), &id, &place) {
            Ok(table) => {
                let sections = attribute("sections").unwrap_or_default();
                merge(&mut entry.value, table, sections, &file, &mut replaced, &mut problems);
            }
            Err(found) => problems.append(found),
        }
    }
    if !replaced.is_empty()
        && let Ok(record) = json::record(&entry.value, Check::Form)
    {
        contradictions(&record, &packet, &mut problems);
    }
    match json::record(&entry.value, check) {
        Ok(record) => problems.unless(record),
        Err(found) => {
            // What lacks a part that could not be read is not at fault itself.
            problems.append_elsewhere(found.relocate(|path| place_of(&places, path)));
            Err(problems)
        }
    }
}

/// Fields that the schema does not have: reading drops them.
fn unknown_fields(input: &Value, read: &Value, path: &JsonPath, problems: &mut Problems) {
    match (input, read) {
        (Value::Object(input), Value::Object(read)) => {
            for (key, value) in input {
                match read.get(key) {
                    Some(read) => unknown_fields(value, read, &path.key(key), problems),
                    // What has the value of a field that nobody set is not written.
                    None if is_default(value) => {}
                    None => {
                        let fault = Fault::UnknownField {
                            found: clean(key),
                            nearest: camel(key).filter(|_| is_field(key)),
                            allowed: Vec::new(),
                        };
                        problems.add(Place::path(path.key(key)), fault);
                    }
                }
            }
        }
        (Value::Array(input), Value::Array(read)) => {
            for (k, (input, read)) in input.iter().zip(read).enumerate() {
                unknown_fields(input, read, &path.index(k), problems);
            }
        }
        _ => {}
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_default),
    }
}

/// The name in the writing of JSON, if it was given in that of Protobuf.
fn camel(key: &str) -> Option<String> {
    let mut parts = key.split('_');
    let mut name = parts.next()?.to_owned();
    for part in parts {
        let mut letters = part.chars();
        name.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    (name != key).then_some(name)
}

/// Samples of somebody else.
fn other_patients(root: &Node<'_>, problems: &mut Problems) {
    let Some(subject) = root.at(&["subject", "id"]) else { return };
    for sample in root.items("biosamples") {
        let owner = sample.text("individualId").filter(|owner| !owner.is_empty());
        if owner.is_some_and(|owner| Some(owner) != subject.value.as_str()) {
            let what = "individualId is not the subject".to_owned();
            problems.add(Place::path(sample.path.key("individualId")), Fault::OtherPatient { what });
        }
    }
}

/// Fields of elements that a record has no place for; reading would drop them.
const NO_ROOM: [(&str, &[&str]); 5] = [
    ("phenotypicFeatures", &["resolution"]),
    ("measurements", &["interpretation", "procedure"]),
    ("medicalActions", &["adverseEvents", "treatmentTerminationReason"]),
    ("diseases", &["resolution", "diseaseStage", "clinicalTnmFinding", "primarySite", "laterality"]),
    ("biosamples", &["histologicalDiagnosis", "phenotypicFeatures", "measurements", "diagnosticMarkers"]),
];

/// Parts of a phenopacket that a record has no place for.
fn no_room(root: &Node<'_>, problems: &mut Problems) {
    // Features that this program wrote have their sides in the companion, or are those of images.
    let in_companion = root.items("files").iter().any(|file| {
        file.at(&["fileAttributes", "sections"])
            .and_then(|sections| sections.value.as_str())
            .is_some_and(|sections| sections.split_whitespace().any(|section| section == "findings"))
    });
    for (list, fields) in NO_ROOM {
        for element in root.items(list) {
            let of_image = element.items("evidence").iter().any(|evidence| {
                let id = evidence.at(&["reference", "id"]);
                id.is_some_and(|id| id.value.as_str() == Some("osteoflare:imaging"))
            });
            if list == "phenotypicFeatures" && (in_companion || of_image) {
                continue;
            }
            for node in fields.iter().filter_map(|field| element.get(field)) {
                if !is_default(node.value) {
                    let field = node.path.last_key().unwrap_or_default();
                    let what = format!("a record has no place for '{field}' here");
                    problems.add(Place::path(node.path.clone()), Fault::Lost { what });
                }
            }
        }
    }
}

/// Takes away entries whose word is not known.
fn drop_incomplete(record: &mut Value, found: &Problems, places: &[(JsonPath, JsonPath)]) {
    let mut dropped: Vec<(String, usize)> = Vec::new();
    for problem in found {
        let Some(path) = &problem.place.path else { continue };
        // Without a modifier or its time an entry still says what it says.
        let aside = ["modifiers", "onset", "timeObserved", "timeOfCollection"];
        if matches!(problem.fault, Fault::Lost { .. }) && path.keys().any(|key| aside.contains(&key)) {
            continue;
        }
        let entry = places.iter().find(|(inner, from)| inner.0.len() == 2 && path.0.starts_with(&from.0));
        if let Some((inner, _)) = entry
            && let [Step::Key(list), Step::Index(k)] = inner.0.as_slice()
        {
            dropped.push((list.clone(), *k));
        }
    }
    dropped.sort();
    dropped.dedup();
    for (list, k) in dropped.into_iter().rev() {
        if let Some(entries) = record[list.as_str()].as_array_mut()
            && k < entries.len()
        {
            entries.remove(k);
        }
    }
}

/// Puts the sections of the companion into the record.
fn merge(
    record: &mut Value,
    table: &Record,
    sections: &str,
    file: &Node<'_>,
    replaced: &mut Vec<&'static str>,
    problems: &mut Problems,
) {
    let mut table = serde_json::to_value(table).unwrap_or_default();
    prune(&mut table);
    for section in sections.split_whitespace() {
        let Some(root) = roots().find(|root| *root == section) else {
            problems.add(
                Place::path(file.path.key("fileAttributes").key("sections")),
                Fault::UnknownCode {
                    what: "section".to_owned(),
                    found: clean(section),
                    nearest: crate::fault::nearest(section, roots()),
                    allowed: roots().map(str::to_owned).collect(),
                },
            );
            continue;
        };
        let Some(map) = record.as_object_mut() else { return };
        let keys: &[&str] = match root {
            "patient" => &["patient", "history", "origin", "reference_date", "followed_until"],
            _ => &[root],
        };
        for &key in keys {
            map.shift_remove(key);
            if let Some(value) = table.get(key) {
                map.insert(key.to_owned(), value.clone());
            }
        }
        replaced.push(root);
    }
}

/// Whether the phenopacket says what the record with its companion would say.
fn contradictions(record: &Record, packet: &Value, problems: &mut Problems) {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    prune(&mut value);
    let Ok(expected) = canonical(packet_of(&value)) else { return };
    for part in ["subject", "phenotypicFeatures", "measurements", "biosamples", "diseases", "medicalActions"]
    {
        let (ours, theirs) =
            (expected.get(part).unwrap_or(&Value::Null), packet.get(part).unwrap_or(&Value::Null));
        for leaf in remainder(theirs, ours) {
            let mut path = JsonPath::default().key(part);
            for key in leaf.pointer.split('/').skip(1) {
                path = match key.parse::<usize>() {
                    Ok(index) => path.index(index),
                    Err(_) => path.key(key),
                };
            }
            let what = "the phenopacket and its companion table say different things".to_owned();
            problems.add(Place::path(path), Fault::Contradiction { what, other: None });
        }
    }
}
