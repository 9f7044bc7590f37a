//! Records as bundles.
//!
//! Every entry of a record becomes one resource (an imaging study one more for each lesion, a lesion two). What FHIR has
//! an element for is said there, in standard codes where there are any; the rest stands in extensions of the resource.

use osteoflare_clinic::record::{Date, Record};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::concept::{LOCAL, concept, local, place_concept};
use super::{FIELD, PROFILE};
use super::{decode, lists};
use crate::codes::{ucum, uri};
use crate::json::prune;
use crate::node::Node;
use crate::problem::{JsonPath, Problems};
use crate::remainder::{remainder, to_extension};

mod resources;

/// The bundle of a record.
pub(crate) fn bundle(record: &Record) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    prune(&mut value);
    let mut encoder = Encoder {
        record: &value,
        reference: record.reference_date,
        patient: uuid(value["id"].as_str().unwrap_or_default(), "patient", 0),
        entries: Vec::new(),
    };
    encoder.patient();
    for section in lists::LISTS {
        let list = value[section.list].as_array().map_or(&[][..], Vec::as_slice);
        for (k, entry) in list.iter().enumerate() {
            if section.name == "imaging" {
                encoder.imaging(entry, k);
            } else {
                let resource = encoder.resource(section.name, entry);
                encoder.add(section.name, k, resource, Some(entry));
            }
        }
    }
    json!({
        "resourceType": "Bundle",
        "meta": {"tag": [local("bundle", PROFILE)]},
        "type": "collection",
        "entry": encoder.entries,
    })
}

struct Encoder<'a> {
    record: &'a Value,
    reference: Option<Date>,
    patient: String,
    entries: Vec<Value>,
}

/// A UUID that is the same for the same record and entry: version 8, from a hash.
fn uuid(id: &str, section: &str, k: usize) -> String {
    let hash = Sha256::digest(format!("osteoflare\u{0}{id}\u{0}{section}\u{0}{k}"));
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

impl Encoder<'_> {
    fn subject(&self) -> Value {
        json!({"reference": self.patient})
    }

    /// A date of FHIR, if the time is one or can be made one.
    fn date(&self, when: &Value) -> Option<Value> {
        match when {
            Value::String(date) => Some(Value::String(date.clone())),
            Value::Number(day) => {
                let day = day.as_f64()?.floor();
                if day.abs() > 200_000.0 {
                    return None;
                }
                let date = self.reference?.plus_days(day as i32).ok()?;
                Some(Value::String(date.to_string()))
            }
            _ => None,
        }
    }

    /// Adds a resource, with what it does not say of the entry as extensions; gives its reference.
    fn add(&mut self, section: &str, k: usize, mut resource: Value, entry: Option<&Value>) -> String {
        let url = uuid(self.record["id"].as_str().unwrap_or_default(), section, k);
        if let Some(entry) = entry {
            let node = Node::new(&resource, JsonPath::default());
            let decoded = decode::entry(section, &node, &mut Problems::new());
            let leaves = remainder(entry, &decoded.value);
            if !leaves.is_empty() {
                let extensions = leaves.iter().map(|leaf| to_extension(leaf, FIELD)).collect();
                resource["extension"] = Value::Array(extensions);
            }
        }
        self.entries.push(json!({"fullUrl": url, "resource": resource}));
        url
    }

    fn patient(&mut self) {
        let mut facts = self.record.clone();
        if let Some(map) = facts.as_object_mut() {
            map.retain(|key, _| !lists::LISTS.iter().any(|section| section.list == key));
            map.shift_remove("osteoflare_record");
        }
        let mut resource = json!({
            "resourceType": "Patient",
            "identifier": [{"system": format!("{LOCAL}patient"), "value": self.record["id"]}],
        });
        if let Some(sex) = self.record["patient"]["sex"].as_str() {
            resource["gender"] = json!(sex);
        }
        if let Some(date) = self.record["patient"]["birth_date"].as_str() {
            resource["birthDate"] = json!(date);
        }
        let url = self.add("patient", 0, resource, Some(&facts));
        debug_assert_eq!(url, self.patient);
    }

    fn imaging(&mut self, study: &Value, k: usize) {
        let mut references = Vec::new();
        let when = self.date(&study["when"]);
        for (n, lesion) in study["lesions"].as_array().into_iter().flatten().enumerate() {
            let structure = json!({
                "resourceType": "BodyStructure",
                "morphology": {"coding": [local("morphology", "lesion")], "text": "lesion"},
                "location": place_concept(&lesion["place"]),
                "patient": self.subject(),
            });
            let number = k * 10_000 + n;
            let structure = self.add("body_structure", number, structure, None);
            let mut resource = self.observation(
                "lesion",
                "imaging",
                json!({"coding": [local("finding", "lesion")], "text": "lesion"}),
            );
            if let Some(active) = lesion["active"].as_bool() {
                resource["valueBoolean"] = json!(active);
            }
            resource["bodySite"] = place_concept(&lesion["place"]);
            resource["focus"] = json!([{"reference": structure}]);
            set_some(&mut resource, "effectiveDateTime", when.clone());
            set_some(&mut resource, "note", note(lesion));
            let mut components = Vec::new();
            for (field, unit) in lists::LESION_NUMBERS {
                if let Some(number) = lesion[field].as_f64() {
                    let mut quantity = json!({"value": number});
                    set_some(&mut quantity, "unit", unit.map(Value::from));
                    set_some(&mut quantity, "system", unit.and_then(|_| uri("UCUM")).map(Value::from));
                    set_some(&mut quantity, "code", unit.and_then(ucum).map(Value::from));
                    components
                        .push(json!({"code": concept("lesion_measure", field), "valueQuantity": quantity}));
                }
            }
            for (field, present) in [("descriptors", true), ("absent", false)] {
                for word in lesion[field].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    components.push(json!({"code": concept("descriptor", word), "valueBoolean": present}));
                }
            }
            if !components.is_empty() {
                resource["component"] = Value::Array(components);
            }
            let reference = self.add("lesion", number, resource, Some(lesion));
            references.push(json!({"reference": reference}));
        }
        let mut entry = study.clone();
        if let Some(map) = entry.as_object_mut() {
            map.shift_remove("lesions");
        }
        let modality = study["modality"].as_str().unwrap_or_default();
        let mut resource = json!({
            "resourceType": "DiagnosticReport",
            "status": "final",
            "category": [
                {"coding": [local("section", "imaging")]},
                {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]},
            ],
            "code": concept("modality", modality),
            "subject": self.subject(),
        });
        set_some(&mut resource, "effectiveDateTime", when);
        if !references.is_empty() {
            resource["result"] = Value::Array(references);
        }
        let conclusions: Vec<Value> = study["descriptors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|word| concept("descriptor", word))
            .collect();
        if !conclusions.is_empty() {
            resource["conclusionCode"] = Value::Array(conclusions);
        }
        set_some(&mut resource, "conclusion", study["note"].as_str().map(Value::from));
        self.add("imaging", k, resource, Some(&entry));
    }

    /// An observation without value, of a section of the record.
    fn observation(&self, section: &str, category: &str, code: Value) -> Value {
        json!({
            "resourceType": "Observation",
            "status": "final",
            "category": [
                {"coding": [local("section", section)]},
                {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": category}]},
            ],
            "code": code,
            "subject": self.subject(),
        })
    }

    fn resource(&self, section: &str, entry: &Value) -> Value {
        let mut resource = match section {
            "condition" if entry["of"].as_str().is_some_and(|of| of != "patient") => self.relative(entry),
            "condition" => self.problem(entry),
            "diagnosis" => self.diagnosis(entry),
            "visit" => self.visit(entry),
            "finding" => self.finding(entry),
            "laboratory" | "vital_sign" => self.result(section, entry),
            "biopsy" => self.biopsy(entry),
            "culture" => self.culture(entry),
            "genetics" => self.genetics(entry),
            "treatment" => self.treatment(entry),
            "assessment" => self.assessment(entry),
            "outcome" => self.outcome(entry),
            _ => Value::Null,
        };
        if resource["resourceType"] == json!("Observation") {
            set_some(&mut resource, "effectiveDateTime", self.date(&entry["when"]));
        }
        let notes = !matches!(section, "visit" | "diagnosis" | "outcome" | "assessment" | "genetics");
        if notes && let Some(note) = note(entry) {
            resource["note"] = note;
        }
        resource
    }
}

fn set_some(object: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[key] = value;
    }
}

fn note(entry: &Value) -> Option<Value> {
    entry["note"].as_str().map(|text| json!([{"text": text}]))
}

fn verification(resource: &mut Value, list: &[(&str, &str)], word: &str) {
    if let Some((code, _)) = list.iter().find(|(_, known)| *known == word) {
        resource["verificationStatus"] = json!({"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": code}]});
    }
}
