//! Resources as entries of records.

use serde_json::{Value, json};

use super::concept::{LOCAL, from_list, place, word};
use super::lists::{ASSESSMENT_NUMBERS, LESION_NUMBERS, STANDING, STATUS};
use super::product::strength;
use crate::dosage;
use crate::fault::Fault;
use crate::node::{Entry, Node};
use crate::privacy::clean;
use crate::problem::{Place as At, Problems};

mod measured;

/// The entry of a section that a resource says, without its extensions.
pub(super) fn entry(section: &str, node: &Node<'_>, problems: &mut Problems) -> Entry {
    let mut reader = Reader { entry: Entry::from(&node.path), node, problems };
    match section {
        "patient" => reader.patient(),
        "condition" => reader.condition(),
        "diagnosis" => reader.diagnosis(),
        "visit" => reader.visit(),
        "finding" => reader.finding(),
        "laboratory" | "vital_sign" => reader.result(),
        "lesion" => reader.lesion(),
        "imaging" => reader.imaging(),
        "biopsy" => reader.biopsy(),
        "culture" => reader.culture(),
        "genetics" => reader.genetics(),
        "treatment" => reader.treatment(),
        "assessment" => reader.assessment(),
        "outcome" => reader.outcome(),
        _ => {}
    }
    reader.entry
}

/// Whether an Observation has no value of its own and results in its components.
pub(super) fn is_panel(node: &Node<'_>) -> bool {
    let own = node.value.as_object().into_iter().flatten().any(|(key, _)| {
        key.starts_with("value") || matches!(key.as_str(), "interpretation" | "dataAbsentReason")
    });
    !own && !node.items("component").is_empty()
}

/// The result of one component of an Observation, which has its time and notes.
pub(super) fn component(node: &Node<'_>, component: &Node<'_>, problems: &mut Problems) -> Entry {
    let mut reader = Reader { entry: Entry::from(&component.path), node: component, problems };
    reader.result();
    let mut whole = Reader { entry: reader.entry, node, problems };
    whole.effective();
    whole.note();
    whole.entry
}

struct Reader<'a, 'n> {
    entry: Entry,
    node: &'a Node<'n>,
    problems: &'a mut Problems,
}

impl Reader<'_, '_> {
    fn word(&mut self, kind: &str, keys: &[&str], field: &str) {
        if let Some(concept) = self.node.at(keys)
            && let Some(word) = word(kind, &concept, self.problems)
        {
            self.entry.set(&[field], word, &concept.path);
        }
    }

    /// The project's own code among the codings of a concept.
    fn own(&self, kind: &str, concept: &Node<'_>) -> Option<String> {
        let system = format!("{LOCAL}{kind}");
        concept
            .items("coding")
            .iter()
            .find(|coding| coding.text("system") == Some(&system))
            .and_then(|coding| coding.text("code").map(str::to_owned))
    }

    fn copy(&mut self, keys: &[&str], fields: &[&str]) {
        if let Some(node) = self.node.at(keys) {
            self.entry.set(fields, node.value.clone(), &node.path);
        }
    }

    /// Notes, one or several, as one text.
    fn note(&mut self) {
        let notes = self.node.items("note");
        let texts: Vec<&str> = notes.iter().filter_map(|note| note.text("text")).collect();
        if let Some(first) = notes.first().filter(|_| !texts.is_empty()) {
            self.entry.set(&["note"], texts.join("\n"), &first.path);
        }
    }

    /// A date, from the first of several elements that is there.
    fn date(&mut self, choices: &[&[&str]], field: &str) {
        let Some(node) = choices.iter().find_map(|keys| self.node.at(keys)) else { return };
        if let Some(date) = date(&node, self.problems) {
            self.entry.set(&[field], date, &node.path);
        }
    }

    fn effective(&mut self) {
        self.date(&[&["effectiveDateTime"], &["effectivePeriod", "start"], &["effectiveInstant"]], "when");
    }

    fn place(&mut self, concept: Option<Node<'_>>) {
        if let Some(concept) = concept
            && let Some(place) = place(&concept, self.problems)
        {
            self.entry.set(&["place"], place, &concept.path);
        }
    }

    fn patient(&mut self) {
        let own = format!("{LOCAL}patient");
        let identifiers = self.node.items("identifier");
        let id =
            identifiers.iter().filter(|id| id.text("system") == Some(&own)).find_map(|id| id.get("value"));
        match id.or_else(|| self.node.get("id")) {
            Some(id) => self.entry.set(&["id"], id.value.clone(), &id.path),
            // Other identifiers are numbers of hospitals and persons, which no record holds.
            None => self.entry.set(&["id"], "patient", &self.node.path),
        }
        if let Some(gender) = self.node.get("gender") {
            match gender.value.as_str() {
                Some("female" | "male") => self.copy(&["gender"], &["patient", "sex"]),
                Some("other") => {
                    let what = "gender 'other'; a record knows female, male and not known".to_owned();
                    self.problems.add(At::path(gender.path), Fault::LeftOut { what });
                }
                // Unknown is what the record says without it.
                _ => {}
            }
        }
        if let Some(node) = self.node.get("birthDate")
            && let Some(date) = date(&node, self.problems)
        {
            self.entry.set(&["patient", "birth_date"], date, &node.path);
        }
    }

    fn condition(&mut self) {
        if self.node.text("resourceType") == Some("FamilyMemberHistory") {
            let conditions = self.node.items("condition");
            if let Some(code) = conditions.first().and_then(|condition| condition.get("code"))
                && let Some(word) = word("disease", &code, self.problems)
            {
                self.entry.set(&["condition"], word, &code.path);
            }
            let relationship = self.node.get("relationship");
            let kin = relationship.as_ref().and_then(|node| self.own("kin", node));
            self.entry.set(&["of"], kin.unwrap_or_else(|| "relative".to_owned()), &self.node.path);
            self.entry.set(&["status"], "present", &self.node.path);
            self.note();
            return;
        }
        self.word("disease", &["code"], "condition");
        let mut status = self.verification(STATUS).unwrap_or("present");
        if status == "present"
            && let Some(clinical) = self.node.get("clinicalStatus")
        {
            for coding in clinical.items("coding") {
                if matches!(coding.text("code"), Some("resolved" | "inactive" | "remission")) {
                    status = "past";
                }
            }
        }
        self.entry.set(&["status"], status, &self.node.path);
        self.date(&[&["recordedDate"], &["onsetDateTime"], &["onsetPeriod", "start"]], "when");
        self.note();
    }

    fn diagnosis(&mut self) {
        self.word("disease", &["code"], "disease");
        let kind = self.verification(STANDING).unwrap_or("final");
        self.entry.set(&["kind"], kind, &self.node.path);
        self.date(&[&["recordedDate"], &["onsetDateTime"]], "when");
    }

    fn verification(&mut self, list: &[(&str, &'static str)]) -> Option<&'static str> {
        let codings = self.node.get("verificationStatus")?.items("coding");
        let code = codings.first()?.get("code")?;
        if list.iter().any(|(known, _)| code.value.as_str() == Some(*known))
            || code.value.as_str() != Some("refuted")
        {
            return from_list(list, &code, "verification status", self.problems);
        }
        // A diagnosis that was refuted was considered.
        Some("considered")
    }

    fn visit(&mut self) {
        if let Some(kind) = self.node.items("type").first() {
            // Kinds of visits elsewhere are many; that there was one is what counts.
            if let Some(code) = self.own("visit", kind) {
                self.entry.set(&["kind"], code, &kind.path);
            }
        }
        self.date(&[&["period", "start"]], "when");
    }

    fn finding(&mut self) {
        self.word("finding", &["code"], "finding");
        self.copy(&["valueBoolean"], &["present"]);
        self.place(self.node.get("bodySite"));
        if let Some(method) = self.node.get("method")
            && let Some(code) = self.own("method", &method)
        {
            self.entry.set(&["method"], code, &method.path);
        }
        for component in self.node.items("component") {
            let Some(code) = component.get("code") else { continue };
            if self.own("finding_measure", &code).as_deref() == Some("severity_0_10")
                && let Some(value) = component.at(&["valueQuantity", "value"])
            {
                self.entry.set(&["severity_0_10"], value.value.clone(), &value.path);
            }
        }
        self.effective();
        self.note();
    }

    fn lesion(&mut self) {
        self.copy(&["valueBoolean"], &["active"]);
        self.place(self.node.get("bodySite"));
        let mut words: [Vec<Value>; 2] = Default::default();
        for component in self.node.items("component") {
            let Some(code) = component.get("code") else { continue };
            if let Some(field) = self.own("lesion_measure", &code) {
                if let Some((field, _)) = LESION_NUMBERS.iter().find(|(known, _)| *known == field)
                    && let Some(value) = component.at(&["valueQuantity", "value"])
                {
                    let number = match value.value.as_f64() {
                        Some(grade) if *field == "extent_grade" && grade.fract() == 0.0 => {
                            json!(grade as i64)
                        }
                        _ => value.value.clone(),
                    };
                    self.entry.set(&[field], number, &value.path);
                }
                continue;
            }
            let Some(word) = word("descriptor", &code, self.problems) else { continue };
            let absent =
                component.get("valueBoolean").is_some_and(|value| value.value == &Value::Bool(false));
            words[usize::from(absent)].push(Value::String(word));
        }
        let [present, absent] = words;
        for (field, words) in [("descriptors", present), ("absent", absent)] {
            if !words.is_empty() {
                self.entry.set(&[field], words, &self.node.path);
            }
        }
        self.note();
    }

    fn imaging(&mut self) {
        self.word("modality", &["code"], "modality");
        let words: Vec<Value> = self
            .node
            .items("conclusionCode")
            .iter()
            .filter_map(|concept| word("descriptor", concept, self.problems))
            .map(Value::String)
            .collect();
        if !words.is_empty() {
            self.entry.set(&["descriptors"], words, &self.node.path);
        }
        self.copy(&["conclusion"], &["note"]);
        self.effective();
    }

    fn biopsy(&mut self) {
        self.entry.set(&["done"], self.node.text("status") != Some("not-done"), &self.node.path);
        self.place(self.node.items("bodySite").into_iter().next());
        self.date(&[&["performedDateTime"], &["performedPeriod", "start"]], "when");
        self.note();
    }

    fn culture(&mut self) {
        self.word("culture_result", &["valueCodeableConcept"], "result");
        self.place(self.node.get("bodySite"));
        for component in self.node.items("component") {
            let Some(code) = component.get("code") else { continue };
            match self.own("culture", &code).as_deref() {
                Some("specimen") => {
                    if let Some(concept) = component.get("valueCodeableConcept")
                        && let Some(word) = word("specimen", &concept, self.problems)
                    {
                        self.entry.set(&["specimen"], word, &concept.path);
                    }
                }
                Some("organism") => {
                    if let Some(text) = component.get("valueString") {
                        self.entry.set(&["organism"], text.value.clone(), &text.path);
                    }
                }
                _ => {}
            }
        }
        self.effective();
        self.note();
    }

    fn genetics(&mut self) {
        for component in self.node.items("component") {
            let Some(code) = component.get("code") else { continue };
            if self.own("gene", &code).as_deref() == Some("gene")
                && let Some(text) = component.get("valueString")
            {
                self.entry.set(&["gene"], text.value.clone(), &text.path);
            }
        }
        self.effective();
    }

    fn treatment(&mut self) {
        self.word("drug", &["medicationCodeableConcept"], "drug");
        if let Some(concept) = self.node.get("medicationCodeableConcept") {
            strength(&mut self.entry, &concept);
        }
        self.date(&[&["effectivePeriod", "start"], &["effectiveDateTime"], &["authoredOn"]], "start");
        self.date(&[&["effectivePeriod", "end"]], "stop");
        if let Some((dose, path)) = dosage::of_resource(self.node) {
            self.entry.set(&["dose"], dose, &path);
        }
        self.note();
    }

    fn assessment(&mut self) {
        if self.node.text("resourceType") == Some("Observation") {
            let code = self.node.get("code");
            let Some(field) = code.and_then(|code| word("assessment", &code, self.problems)) else { return };
            let value = self.node.at(&["valueQuantity", "value"]).or_else(|| self.node.get("valueInteger"));
            if let Some(value) = value {
                self.entry.set(&[&field], value.value.clone(), &value.path);
            }
            return self.effective();
        }
        for item in self.node.items("item") {
            let Some(link) = item.text("linkId") else { continue };
            let answers = item.items("answer");
            let Some(answer) = answers.first() else { continue };
            let number = answer.get("valueDecimal").or_else(|| answer.get("valueInteger"));
            // The key of an item may hold slashes itself.
            match (link.splitn(3, '/').collect::<Vec<_>>().as_slice(), number) {
                ([field], Some(number)) if ASSESSMENT_NUMBERS.contains(field) => {
                    let value = match number.value.as_f64() {
                        Some(count) if *field == "clinically_active_lesions" && count.fract() == 0.0 => {
                            json!(count as i64)
                        }
                        _ => number.value.clone(),
                    };
                    self.entry.set(&[field], value, &number.path);
                }
                (["chaq", "disability_index"], Some(number)) => {
                    self.entry.set(&["chaq", "disability_index"], number.value.clone(), &number.path);
                }
                (["chaq", "items", name], _) => {
                    let code = answer.at(&["valueCoding", "code"]);
                    if let Some(code) = code {
                        self.entry.set(&["chaq", "items", name], code.value.clone(), &code.path);
                    }
                }
                _ => self.problems.add(
                    At::path(item.path.key("linkId")),
                    Fault::UnknownCode {
                        what: "item of the questionnaire".to_owned(),
                        found: clean(link),
                        nearest: None,
                        allowed: ASSESSMENT_NUMBERS.iter().map(|&name| name.to_owned()).collect(),
                    },
                ),
            }
        }
        self.date(&[&["authored"]], "when");
    }

    fn outcome(&mut self) {
        self.copy(&["summary"], &["outcome"]);
        self.date(&[&["effectiveDateTime"], &["date"]], "when");
    }
}

/// The day of a date with or without time.
fn date(node: &Node<'_>, problems: &mut Problems) -> Option<Value> {
    let text = node.value.as_str()?;
    match text.get(..10) {
        Some(day) => Some(Value::String(day.to_owned())),
        None => {
            problems.add(
                At::path(node.path.clone()),
                Fault::Kind {
                    found: "a date without its day".to_owned(),
                    expected: "YYYY-MM-DD: a record has no place for less".to_owned(),
                },
            );
            None
        }
    }
}
