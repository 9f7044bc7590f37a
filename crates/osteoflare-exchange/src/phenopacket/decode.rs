//! Phenopackets as records, without their companion.

use osteoflare_clinic::record::{DAYS_PER_YEAR, FORMAT};
use serde_json::{Value, json};

use super::duration::years;
use super::{LOCAL, PREFIXES};
use crate::codes::{VITAL_SIGNS, bone_of_code, code_named, known_codes, word_of};
use crate::day_zero::first_day;
use crate::dosage;
use crate::fault::Fault;
use crate::node::{Entry, Node};
use crate::privacy::clean;
use crate::problem::{JsonPath, Place, Problems};
use crate::units::{is_same, unit};

/// Roots of a record: its lists, and `patient` for everything else.
pub(super) fn roots() -> impl Iterator<Item = &'static str> {
    [
        "patient",
        "conditions",
        "visits",
        "findings",
        "vital_signs",
        "laboratory",
        "imaging",
        "biopsies",
        "cultures",
        "genetics",
        "treatments",
        "assessments",
        "diagnoses",
        "outcomes",
        "notes",
    ]
    .into_iter()
}

/// What a phenopacket says by itself.
pub(super) fn decode(packet: &Value, base: &JsonPath, problems: &mut Problems) -> Entry {
    let root = Node::new(packet, base.clone());
    let mut record = Entry::from(base);
    record.value = json!({"osteoflare_record": FORMAT});
    let subject = root.get("subject");
    let id = subject.as_ref().and_then(|subject| subject.get("id")).or_else(|| root.get("id"));
    if let Some(id) = id {
        record.set(&["id"], id.value.clone(), &id.path);
    }
    let mut reader = Reader { record, age_years: None, problems };
    if let Some(subject) = subject {
        reader.subject(&subject);
    }
    for node in root.items("phenotypicFeatures") {
        let own_image = node.items("evidence").iter().any(|evidence| {
            evidence
                .at(&["reference", "id"])
                .is_some_and(|id| id.value.as_str() == Some("osteoflare:imaging"))
        });
        if !own_image {
            reader.feature(&node);
        }
    }
    for node in root.items("measurements") {
        reader.measurement(&node);
    }
    for node in root.items("biosamples") {
        reader.biosample(&node);
    }
    for node in root.items("diseases") {
        reader.disease(&node);
    }
    for node in root.items("medicalActions") {
        reader.action(&node);
    }
    for node in root.items("interpretations") {
        reader.interpretation(&node, &root);
    }
    let mut record = reader.record;
    // The schema has dates and no day 0.
    if let Some(first) = first_day(&record.value) {
        record.value["reference_date"] = Value::String(first);
    }
    record
}

/// Reads a phenopacket part by part.
pub(super) struct Reader<'p> {
    record: Entry,
    age_years: Option<f64>,
    pub(super) problems: &'p mut Problems,
}

impl Reader<'_> {
    pub(super) fn push(&mut self, list: &str, entry: Entry) {
        if !self.record.value[list].is_array() {
            self.record.value[list] = Value::Array(Vec::new());
        }
        let Some(entries) = self.record.value[list].as_array_mut() else { return };
        let base = JsonPath::default().key(list).index(entries.len());
        entries.push(entry.value);
        for (inner, from) in entry.places {
            let mut path = base.0.clone();
            path.extend(inner.0);
            self.record.places.push((JsonPath(path), from));
        }
    }

    fn subject(&mut self, subject: &Node<'_>) {
        match subject.text("sex") {
            Some("FEMALE") => self.record.set(&["patient", "sex"], "female", &subject.path),
            Some("MALE") => self.record.set(&["patient", "sex"], "male", &subject.path),
            Some("OTHER_SEX") => {
                let what = "sex 'OTHER_SEX'; a record knows female, male and not known".to_owned();
                self.problems.add(Place::path(subject.path.key("sex")), Fault::LeftOut { what });
            }
            // Unknown is what the record says without it.
            _ => {}
        }
        if let Some(birth) = subject.get("dateOfBirth")
            && let Some(date) = day_of(birth.value)
        {
            self.record.set(&["patient", "birth_date"], date, &birth.path);
        }
        if let Some(age) = subject.at(&["timeAtLastEncounter", "age", "iso8601duration"]) {
            match age.value.as_str().and_then(years) {
                Some(years) => {
                    self.age_years = Some(years);
                    self.record.set(&["patient", "age_years"], years, &age.path);
                }
                None => self.no_duration(&age),
            }
        }
    }

    fn no_duration(&mut self, node: &Node<'_>) {
        let expected = "an ISO 8601 duration such as P9Y6M".to_owned();
        self.problems.add(Place::path(node.path.clone()), Fault::Kind { found: "text".to_owned(), expected });
    }

    /// Sets the time of an element, as date or as day since day 0, for which the age must be known.
    pub(super) fn time(&mut self, entry: &mut Entry, field: &str, element: Option<Node<'_>>) {
        let Some(element) = element else { return };
        if let Some(timestamp) = element.get("timestamp") {
            if let Some(date) = day_of(timestamp.value) {
                entry.set(&[field], date, &timestamp.path);
            }
        } else if let Some(age) = element.at(&["age", "iso8601duration"]) {
            match (age.value.as_str().and_then(years), self.age_years) {
                (Some(then), Some(now)) => {
                    let day = ((then - now) * DAYS_PER_YEAR).round();
                    entry.set(&[field], day + 0.0, &age.path);
                }
                (None, _) => self.no_duration(&age),
                (Some(_), None) => {
                    let what = "an age cannot be placed without the age at the last encounter".to_owned();
                    self.problems.add(Place::path(age.path), Fault::Lost { what });
                }
            }
        } else {
            let what = "a record has no place for this kind of time".to_owned();
            self.problems.add(Place::path(element.path), Fault::Lost { what });
        }
    }

    /// The word of an ontology class.
    pub(super) fn word(&mut self, kind: &str, class: &Node<'_>) -> Option<String> {
        let id = class.text("id").unwrap_or_default();
        if let Some(word) = id.strip_prefix(LOCAL) {
            return Some(match word {
                "other" => class.text("label").unwrap_or_default().to_owned(),
                word => word.to_owned(),
            });
        }
        let system = PREFIXES.iter().find(|(prefix, ..)| id.starts_with(prefix));
        if let Some((prefix, system, ..)) = system {
            let bare = &id[prefix.len()..];
            let found = word_of(kind, system, id).or_else(|| word_of(kind, system, bare));
            if let Some(word) = found {
                return Some(word.to_owned());
            }
        }
        let known = system.map(|(_, system, ..)| known_codes(kind, system)).unwrap_or_default();
        let named = class.text("label").zip(system);
        let named = named.and_then(|(label, (_, system, ..))| code_named(kind, system, label));
        self.problems.add(
            Place::path(class.path.key("id")),
            Fault::UnknownCode {
                what: kind.to_owned(),
                found: clean(id),
                nearest: named.map(str::to_owned),
                allowed: known.into_iter().map(str::to_owned).collect(),
            },
        );
        None
    }

    pub(super) fn set_word(&mut self, entry: &mut Entry, field: &str, kind: &str, class: Option<Node<'_>>) {
        if let Some(class) = class
            && let Some(word) = self.word(kind, &class)
        {
            entry.set(&[field], word, &class.path);
        }
    }

    fn measurement(&mut self, node: &Node<'_>) {
        let mut entry = Entry::from(&node.path);
        self.set_word(&mut entry, "analyte", "analyte", node.get("assay"));
        if let Some(quantity) = node.at(&["value", "quantity"]) {
            // The schema leaves out zero, the value that fields have when nobody sets them.
            let value = quantity.get("value").map_or(json!(0.0), |value| value.value.clone());
            entry.set(&["value"], value, &quantity.path);
            let of = entry.value["analyte"].as_str().unwrap_or_default().to_owned();
            let own = quantity.get("unit").and_then(|class| self.unit_of(&of, &class));
            if let Some(unit) = own.clone() {
                entry.set(&["unit"], unit, &quantity.path);
            }
            if let Some(range) = quantity.get("referenceRange") {
                for bound in ["low", "high"] {
                    let value = range.get(bound).map_or(json!(0.0), |value| value.value.clone());
                    entry.set(&["reference", bound], value, &range.path);
                }
                let unit = range.get("unit").and_then(|class| self.unit_of(&of, &class));
                if let (Some(unit), Some(own)) = (unit, own)
                    && !is_same(&of, &unit, &own)
                {
                    let what = "the reference range is in another unit than the value".to_owned();
                    self.problems.add(Place::path(range.path), Fault::Contradiction { what, other: None });
                }
            }
        } else if let Some(class) = node.at(&["value", "ontologyClass"]) {
            self.set_word(&mut entry, "qualitative", "qualitative", Some(class));
        } else {
            let what = "a record has no place for this kind of value".to_owned();
            self.problems.add(Place::path(node.path.key("value")), Fault::Lost { what });
        }
        self.time(&mut entry, "when", node.get("timeObserved"));
        copy(&mut entry, "note", node.get("description"));
        let vital = entry.value["analyte"].as_str().is_some_and(|analyte| VITAL_SIGNS.contains(&analyte));
        self.push(if vital { "vital_signs" } else { "laboratory" }, entry);
    }

    /// The unit of a class, by its code and its label.
    fn unit_of(&mut self, of: &str, class: &Node<'_>) -> Option<String> {
        let code = class.text("id").and_then(|id| id.strip_prefix("UCUM:"));
        unit(of, class.text("label"), code).unwrap_or_else(|fault| {
            self.problems.add(Place::path(class.path.key("id")), fault);
            None
        })
    }

    fn biosample(&mut self, node: &Node<'_>) {
        let mut entry = Entry::from(&node.path);
        entry.set(&["done"], true, &node.path);
        if let Some(tissue) = node.get("sampledTissue") {
            match tissue.text("id").and_then(|id| bone_of_code("UBERON", id)) {
                Some(bone) => entry.set(&["place", "bone"], bone, &tissue.path),
                None => self.problems.add(
                    Place::path(tissue.path.key("id")),
                    Fault::UnknownCode {
                        what: "bone".to_owned(),
                        found: clean(tissue.text("id").unwrap_or_default()),
                        nearest: None,
                        allowed: vec!["bones of UBERON".to_owned()],
                    },
                ),
            }
        }
        self.time(&mut entry, "when", node.get("timeOfCollection"));
        copy(&mut entry, "note", node.get("description"));
        self.push("biopsies", entry);
    }

    fn disease(&mut self, node: &Node<'_>) {
        let mut entry = Entry::from(&node.path);
        let excluded = node.get("excluded").is_some_and(|excluded| excluded.value == &Value::Bool(true));
        let (list, field) = if excluded { ("conditions", "condition") } else { ("diagnoses", "disease") };
        self.set_word(&mut entry, field, "disease", node.get("term"));
        match excluded {
            true => entry.set(&["status"], "excluded", &node.path),
            false => entry.set(&["kind"], "final", &node.path),
        }
        self.time(&mut entry, "when", node.get("onset"));
        self.push(list, entry);
    }

    fn action(&mut self, node: &Node<'_>) {
        let Some(treatment) = node.get("treatment") else {
            let what = "a record has no place for an action that is no treatment".to_owned();
            return self.problems.add(Place::path(node.path.clone()), Fault::Lost { what });
        };
        let mut entry = Entry::from(&node.path);
        self.set_word(&mut entry, "drug", "drug", treatment.get("agent"));
        let intervals = treatment.items("doseIntervals");
        for (end, interval) in [("start", intervals.first()), ("end", intervals.last())] {
            let Some(time) = interval.and_then(|interval| interval.at(&["interval", end])) else { continue };
            if let Some(date) = day_of(time.value) {
                entry.set(&[if end == "start" { "start" } else { "stop" }], date, &time.path);
            }
        }
        if let Some((dose, path)) = dosage::of_intervals(&intervals) {
            entry.set(&["dose"], dose, &path);
        }
        if let Some(note) = dosage::circumstances(node, &treatment) {
            entry.set(&["note"], note, &node.path);
        }
        self.set_word(&mut entry, "response", "response", node.get("responseToTreatment"));
        self.push("treatments", entry);
    }
}

pub(super) fn copy(entry: &mut Entry, field: &str, node: Option<Node<'_>>) {
    if let Some(node) = node {
        entry.set(&[field], node.value.clone(), &node.path);
    }
}

/// The day of an instant.
fn day_of(value: &Value) -> Option<Value> {
    Some(Value::String(value.as_str()?.get(..10)?.to_owned()))
}
