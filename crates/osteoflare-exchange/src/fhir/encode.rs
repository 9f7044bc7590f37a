//! Records as bundles.
//!
//! Every entry of a record becomes one resource (an imaging study one more for each lesion, a lesion two). What FHIR has
//! an element for is said there, in standard codes where there are any; the rest stands in extensions of the resource.

use osteoflare_clinic::record::{Date, Record};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::concept::{LOCAL, concept, local, place_concept};
use super::{FIELD, PROFILE, QUESTIONNAIRE};
use super::{decode, lists};
use crate::codes::{ucum, uri};
use crate::json::prune;
use crate::node::Node;
use crate::problem::{JsonPath, Problems};
use crate::remainder::{remainder, to_extension};

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
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        let mut resource = match section {
            "condition" if entry["of"].as_str().is_some_and(|of| of != "patient") => json!({
                "resourceType": "FamilyMemberHistory",
                "status": "completed",
                "patient": self.subject(),
                "relationship": {"coding": [
                    local("kin", text("of")),
                    {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "FAMMEMB"},
                ]},
                "condition": [{"code": concept("disease", text("condition"))}],
            }),
            "condition" => {
                let mut resource = self.condition("problem-list-item", "condition", text("condition"));
                set_some(&mut resource, "recordedDate", self.date(&entry["when"]));
                verification(&mut resource, lists::STATUS, text("status"));
                if let Some(clinical) = match text("status") {
                    "present" => Some("active"),
                    "past" => Some("resolved"),
                    _ => None,
                } {
                    resource["clinicalStatus"] = json!({"coding": [{
                        "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": clinical}]});
                }
                resource
            }
            "diagnosis" => {
                let mut resource = self.condition("encounter-diagnosis", "diagnosis", text("disease"));
                set_some(&mut resource, "recordedDate", self.date(&entry["when"]));
                verification(&mut resource, lists::STANDING, text("kind"));
                resource
            }
            "visit" => {
                let mut resource = json!({
                    "resourceType": "Encounter",
                    "status": "finished",
                    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
                    "subject": self.subject(),
                });
                if !text("kind").is_empty() {
                    resource["type"] = json!([{"coding": [local("visit", text("kind"))]}]);
                }
                if let Some(date) = self.date(&entry["when"]) {
                    resource["period"] = json!({"start": date});
                }
                resource
            }
            "finding" => {
                let mut resource = self.observation("finding", "exam", concept("finding", text("finding")));
                set_some(&mut resource, "valueBoolean", entry["present"].as_bool().map(Value::from));
                if entry["place"].is_object() {
                    resource["bodySite"] = place_concept(&entry["place"]);
                }
                if !text("method").is_empty() {
                    resource["method"] = json!({"coding": [local("method", text("method"))]});
                }
                if let Some(severity) = entry["severity_0_10"].as_f64() {
                    resource["component"] = json!([{
                        "code": concept("finding_measure", "severity_0_10"),
                        "valueQuantity": {"value": severity, "system": uri("UCUM"), "code": "{score}"},
                    }]);
                }
                resource
            }
            "laboratory" | "vital_sign" => self.result(section, entry),
            "biopsy" => {
                let mut resource = json!({
                    "resourceType": "Procedure",
                    "status": if entry["done"] == json!(true) { "completed" } else { "not-done" },
                    "code": {
                        "coding": [
                            local("procedure", "biopsy"),
                            {"system": uri("SNOMED"), "code": "86273004", "display": "Biopsy"},
                        ],
                        "text": "biopsy",
                    },
                    "subject": self.subject(),
                });
                if entry["place"].is_object() {
                    resource["bodySite"] = json!([place_concept(&entry["place"])]);
                }
                set_some(&mut resource, "performedDateTime", self.date(&entry["when"]));
                resource
            }
            "culture" => {
                let code = json!({
                    "coding": [
                        local("procedure", "culture"),
                        {"system": uri("LOINC"), "code": "6463-4", "display": "Bacteria identified in Specimen by Culture"},
                    ],
                    "text": "culture",
                });
                let mut resource = self.observation("culture", "laboratory", code);
                resource["valueCodeableConcept"] = concept("culture_result", text("result"));
                if entry["place"].is_object() {
                    resource["bodySite"] = place_concept(&entry["place"]);
                }
                let mut components = vec![
                    json!({"code": concept("culture", "specimen"), "valueCodeableConcept": concept("specimen", text("specimen"))}),
                ];
                if let Some(organism) = entry["organism"].as_str() {
                    components.push(json!({"code": concept("culture", "organism"), "valueString": organism}));
                }
                resource["component"] = Value::Array(components);
                resource
            }
            "genetics" => {
                let code = json!({
                    "coding": [
                        local("procedure", "gene"),
                        {"system": uri("LOINC"), "code": "69548-6", "display": "Genetic variant assessment"},
                    ],
                    "text": "gene",
                });
                let mut resource = self.observation("genetics", "laboratory", code);
                let gene = json!({"code": concept("gene", "gene"), "valueString": text("gene")});
                resource["component"] = json!([gene]);
                resource
            }
            "treatment" => self.treatment(entry),
            "assessment" => self.assessment(entry),
            "outcome" => {
                let mut resource = json!({
                    "resourceType": "ClinicalImpression",
                    "status": "completed",
                    "subject": self.subject(),
                    "summary": text("outcome"),
                });
                set_some(&mut resource, "effectiveDateTime", self.date(&entry["when"]));
                resource
            }
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

    fn condition(&self, category: &str, section: &str, disease: &str) -> Value {
        json!({
            "resourceType": "Condition",
            "category": [
                {"coding": [local("section", section)]},
                {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": category}]},
            ],
            "code": concept("disease", disease),
            "subject": self.subject(),
        })
    }

    fn result(&self, section: &str, entry: &Value) -> Value {
        let category = if section == "laboratory" { "laboratory" } else { "vital-signs" };
        let code = concept("analyte", entry["analyte"].as_str().unwrap_or_default());
        let mut resource = self.observation(section, category, code);
        let unit = entry["unit"].as_str();
        let quantity = |number: &Value| {
            let mut quantity = json!({"value": number});
            if let Some(unit) = unit {
                quantity["unit"] = json!(unit);
                if let Some(code) = ucum(unit) {
                    quantity["system"] = json!(uri("UCUM"));
                    quantity["code"] = json!(code);
                }
            }
            quantity
        };
        if entry["value"].is_number() {
            let mut value = quantity(&entry["value"]);
            set_some(&mut value, "comparator", entry["comparator"].as_str().map(Value::from));
            resource["valueQuantity"] = value;
        }
        let mut range = json!({});
        for bound in ["low", "high"] {
            if entry["reference"][bound].is_number() {
                range[bound] = quantity(&entry["reference"][bound]);
            }
        }
        if range.as_object().is_some_and(|range| !range.is_empty()) {
            resource["referenceRange"] = json!([range]);
        }
        if let Some(word) = entry["qualitative"].as_str() {
            let mut codings = vec![local("qualitative", word)];
            if let Some((code, _)) = lists::INTERPRETATION.iter().find(|(_, known)| *known == word) {
                codings.push(json!({
                    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": code}));
            }
            resource["interpretation"] = json!([{"coding": codings}]);
        }
        resource
    }

    fn treatment(&self, entry: &Value) -> Value {
        let drug = concept("drug", entry["drug"].as_str().unwrap_or_default());
        let (start, stop) = (self.date(&entry["start"]), self.date(&entry["stop"]));
        let status = if entry["stop"].is_null() { "unknown" } else { "completed" };
        let mut period = json!({});
        set_some(&mut period, "start", start.clone());
        set_some(&mut period, "end", stop.clone());
        let mut resource = json!({
            "resourceType": if start.is_some() { "MedicationAdministration" } else { "MedicationStatement" },
            "status": status,
            "medicationCodeableConcept": drug,
            "subject": self.subject(),
        });
        if start.is_some() || stop.is_some() {
            resource["effectivePeriod"] = period;
        }
        if let Some(dose) = entry["dose"].as_str() {
            let dosage = json!({"text": dose});
            resource["dosage"] = if start.is_some() { dosage } else { json!([dosage]) };
        }
        resource
    }

    fn assessment(&self, entry: &Value) -> Value {
        let mut items = Vec::new();
        for key in lists::ASSESSMENT_NUMBERS {
            if let Some(number) = entry[key].as_f64() {
                items.push(json!({"linkId": key, "answer": [{"valueDecimal": number}]}));
            }
        }
        if let Some(index) = entry["chaq"]["disability_index"].as_f64() {
            items.push(json!({"linkId": "chaq/disability_index", "answer": [{"valueDecimal": index}]}));
        }
        if let Some(answers) = entry["chaq"]["items"].as_object() {
            for (item, answer) in answers {
                let coding = local("chaq_answer", answer.as_str().unwrap_or_default());
                items.push(
                    json!({"linkId": format!("chaq/items/{item}"), "answer": [{"valueCoding": coding}]}),
                );
            }
        }
        let mut resource = json!({
            "resourceType": "QuestionnaireResponse",
            "questionnaire": QUESTIONNAIRE,
            "status": "completed",
            "subject": self.subject(),
        });
        set_some(&mut resource, "authored", self.date(&entry["when"]));
        if !items.is_empty() {
            resource["item"] = Value::Array(items);
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
