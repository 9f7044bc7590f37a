//! Entries of a record as resources of their kinds.

use serde_json::{Value, json};

use super::super::concept::{concept, local, place_concept};
use super::super::{QUESTIONNAIRE, lists};
use super::{Encoder, set_some, verification};
use crate::codes::{ucum, uri};

impl Encoder<'_> {
    pub(super) fn relative(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        json!({
            "resourceType": "FamilyMemberHistory",
            "status": "completed",
            "patient": self.subject(),
            "relationship": {"coding": [
                local("kin", text("of")),
                {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "FAMMEMB"},
            ]},
            "condition": [{"code": concept("disease", text("condition"))}],
        })
    }

    pub(super) fn problem(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
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

    pub(super) fn diagnosis(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        let mut resource = self.condition("encounter-diagnosis", "diagnosis", text("disease"));
        set_some(&mut resource, "recordedDate", self.date(&entry["when"]));
        verification(&mut resource, lists::STANDING, text("kind"));
        resource
    }

    pub(super) fn visit(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
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

    pub(super) fn finding(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
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

    pub(super) fn biopsy(&self, entry: &Value) -> Value {
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

    pub(super) fn culture(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
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

    pub(super) fn genetics(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
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

    pub(super) fn outcome(&self, entry: &Value) -> Value {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        let mut resource = json!({
            "resourceType": "ClinicalImpression",
            "status": "completed",
            "subject": self.subject(),
            "summary": text("outcome"),
        });
        set_some(&mut resource, "effectiveDateTime", self.date(&entry["when"]));
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

    pub(super) fn result(&self, section: &str, entry: &Value) -> Value {
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

    pub(super) fn treatment(&self, entry: &Value) -> Value {
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

    pub(super) fn assessment(&self, entry: &Value) -> Value {
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
