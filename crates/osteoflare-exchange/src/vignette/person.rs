//! Who it is, how it began, other diseases, what it was called, and where it was published.

use osteoflare_clinic::record::{
    Condition, CoursePattern, Diagnosis, DiagnosisKind, Finding, Kin, LabResult, Origin, Outcome, Status,
    When,
};
use osteoflare_clinic::vocabulary::{self, Kind};
use osteoflare_skeleton::Sex;
use serde_json::Value;

use super::times::duration;
use super::{Case, Fields, elements, is_unknown, plain, presence, unit_days, words::Phrase};

impl Case {
    pub(super) fn citation(&mut self, value: &Value) {
        let text = |key: &str| value.get(key).filter(|v| !v.is_null()).map(plain);
        let mut words: Vec<String> = Vec::new();
        words.extend(text("first_author").map(|author| format!("{author} et al.")));
        words.extend(text("journal"));
        words.extend(text("year").filter(|year| !words.iter().any(|word| word.contains(year.as_str()))));
        words.extend(text("case").map(|case| format!("case {case}")));
        words.extend(text("pmcid"));
        if let Value::String(citation) = value {
            words.push(citation.clone());
        }
        self.record.origin = Some(Origin {
            citation: (!words.is_empty()).then(|| words.join(", ")),
            doi: text("doi"),
            pmid: text("pmid"),
            url: text("url"),
            ..Origin::default()
        });
    }

    pub(super) fn patient(&mut self, value: &Value) {
        let Some(fields) = value.as_object() else { return self.ask("patient", value) };
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            let phrase = Phrase::new(key);
            match key.as_str() {
                _ if phrase.has("age") || phrase.words() == ["onset", "years"] => self.age(key, value),
                "sex" => match plain(value).to_lowercase().as_str() {
                    "f" | "female" | "girl" | "woman" => self.record.patient.sex = Some(Sex::Female),
                    "m" | "male" | "boy" | "man" => self.record.patient.sex = Some(Sex::Male),
                    _ => self.refuse("patient", key, value, "F or M"),
                },
                "weight_g" => self.measure("weight", value, "g"),
                "weight_kg" => self.measure("weight", value, "kg"),
                "length_cm" | "height_cm" => self.measure("height", value, "cm"),
                "head_cm" => self.measure("head_circumference", value, "cm"),
                "background" | "comorbid" | "history" => self.background(value),
                "family_history" | "family" => self.relatives(value),
                _ if self.duration_before_diagnosis(key, value) => {}
                _ if key.ends_with("_pct") || key.ends_with("percentile") => self.remark(key, value),
                "kin" | "ethnicity" | "origin" => self.record.patient.background.push(plain(value)),
                // `autism: true` is told of the patient as well among the circumstances.
                _ if presence(value) == Some(true) => self.background(&Value::String(key.clone())),
                _ => self.ask(key, value),
            }
        }
    }

    fn measure(&mut self, analyte: &'static str, value: &Value, unit: &str) {
        match value.as_f64() {
            Some(number) => self
                .record
                .vital_signs
                .push(LabResult { when: self.when, ..LabResult::number(analyte, number, unit) }),
            None => self.ask(analyte, value),
        }
    }

    /// Diseases and circumstances; what is neither a disease nor a finding is a circumstance.
    fn background(&mut self, value: &Value) {
        for entry in elements(value) {
            let text = plain(&entry);
            if Phrase::new(&text).has("immunocompetent") {
                self.record.conditions.push(condition("immunodeficiency", Status::Excluded));
            } else if Phrase::new(&text).is_of_family() && family_disease(&text) {
                self.relatives_of_entry(&text, &Value::Bool(true));
            } else if !self.disease(&text) && !self.diet(&text) && !self.sign(&text) {
                self.record.patient.background.push(text.replace('_', " "));
            }
        }
    }

    /// A finding that stands among the circumstances: `premature_tooth_loss`.
    fn sign(&mut self, text: &str) -> bool {
        const OF_AGE: [&str; 9] = ["at", "age", "aged", "of", "years", "year", "months", "old", "since"];
        let mut phrase = Phrase::new(text);
        let terms = phrase.whole_or_parts(Kind::Finding, text);
        // What else is said but an age may change what is meant: then it stays a circumstance.
        let [(term, denied)] = terms[..] else { return false };
        if phrase.left_over_but(&OF_AGE).is_some() || phrase.is_hearsay() {
            return false;
        }
        let note = (vocabulary::word(Kind::Finding, text).is_none()).then(|| text.replace('_', " "));
        let finding = Finding { present: !denied, when: self.when, note, ..Finding::present(term) };
        self.record.findings.push(finding);
        true
    }

    /// A restricted diet is a finding, not a disease.
    fn diet(&mut self, text: &str) -> bool {
        let mut phrase = Phrase::new(text);
        let diet = !phrase.is_hearsay() && phrase.things(Kind::Finding).contains(&"restricted_diet");
        if diet {
            let finding = Finding::present("restricted_diet");
            self.record.findings.push(Finding {
                note: Some(text.replace('_', " ")),
                when: self.when,
                ..finding
            });
        }
        diet
    }

    pub(super) fn conditions(&mut self, value: &Value) {
        if let Value::Object(fields) = value {
            return fields.iter().for_each(|(disease, value)| self.condition_of(disease, value));
        }
        for entry in elements(value) {
            let text = plain(&entry);
            if Phrase::new(&text).is_of_family() {
                self.relatives_of_entry(&text, &Value::Bool(true));
            } else if presence(value) == Some(false) {
                // `none` denies other diseases; which of those of the skin were looked for is not said.
                self.remark("comorbid", &entry);
                self.record.conditions.push(condition("autoimmune_disease", Status::Excluded));
            } else if is_unknown(&entry) || presence(&entry).is_some() {
                self.remark("comorbid", &entry);
            } else if Phrase::new(&text).is_tentative() {
                self.ask("comorbid", &entry);
            } else if !self.disease(&text) {
                // Unknown words stay words of the record: checking asks about them.
                self.record.conditions.push(condition(&text, Status::Present));
            }
        }
    }

    /// A disease with whether the patient has it.
    fn condition_of(&mut self, disease: &str, value: &Value) {
        if is_unknown(value) {
            return self.remark(disease, value);
        }
        let normal = ["normal", "unremarkable"].iter().any(|word| plain(value) == *word);
        if value.is_number() || normal || matches!(plain(value).as_str(), "0" | "1") {
            return self.ask(disease, value);
        }
        let text = match presence(value) {
            Some(true) => disease.to_owned(),
            Some(false) => format!("no_{disease}"),
            None => format!("{disease}_{}", plain(value)),
        };
        self.conditions(&Value::String(text));
    }

    /// Diseases of the family in a section about the patient: `psoriasis: family_only`, `psoriasis_in_mother`.
    pub(super) fn relatives_of_entry(&mut self, key: &str, value: &Value) {
        self.relatives(&Value::Object(std::iter::once((key.to_owned(), value.clone())).collect()));
    }

    pub(super) fn disease(&mut self, text: &str) -> bool {
        let mut phrase = Phrase::new(text);
        if phrase.is_hearsay() {
            return false;
        }
        // A thing named whole comes before the diseases that its words name.
        let diseases = match vocabulary::word(Kind::Disease, text) {
            Some(word) => vec![word.term.as_str()],
            None => diseases(&mut phrase, text),
        };
        let past = phrase.begins(&[
            "remission",
            "past",
            "previous",
            "former",
            "history",
            "resolved",
            "treated",
            "transplant",
            "surviv",
        ]);
        let later = phrase.has("after") || phrase.has("later");
        let status = match (phrase.denies(), past) {
            (true, _) => Status::Excluded,
            (false, true) => Status::Past,
            (false, false) => Status::Present,
        };
        for disease in &diseases {
            self.record.conditions.push(Condition {
                // When it came is not said; the day after day 0 stands for later.
                when: if later { Some(When::Day(1.0)) } else { None },
                note: (vocabulary::normalised(text) != **disease).then(|| text.replace('_', " ")),
                ..condition(disease, status)
            });
        }
        !diseases.is_empty()
    }

    /// Diseases of relatives, with how near they are as far as it is said.
    pub(super) fn relatives(&mut self, value: &Value) {
        let entries: Vec<(String, String)> = match value {
            Value::Object(map) => map
                .iter()
                .flat_map(|(key, value)| {
                    elements(value).into_iter().map(|entry| (key.clone(), plain(&entry))).collect::<Vec<_>>()
                })
                .collect(),
            value => elements(value)
                .iter()
                .flat_map(|entry| match entry {
                    Value::Object(map) => {
                        map.iter().map(|(key, value)| (key.clone(), plain(value))).collect()
                    }
                    entry => vec![(plain(entry), plain(entry))],
                })
                .collect(),
        };
        for (key, value) in entries {
            self.relative(&key, &value);
        }
    }

    /// A disease of a relative. Either of two words names the disease, the other the relative or whether it is so.
    fn relative(&mut self, key: &str, value: &str) {
        let person = Phrase::new(&format!("{key}_{value}"));
        let kin = if person.begins(&["grand", "aunt", "half", "niece", "nephew", "second"])
            || person.has("uncle")
        {
            Kin::SecondDegree
        } else if person.begins(&[
            "mother", "father", "parent", "brother", "sister", "sibling", "twin", "son", "daughter", "first",
            "maternal", "paternal",
        ]) {
            Kin::FirstDegree
        } else {
            Kin::Relative
        };
        if Phrase::new(value).is_unknown() {
            return self.remark("family", &Value::String(format!("{key} {value}")));
        }
        let mut found: Vec<(&'static str, bool)> = Vec::new();
        for text in if key == value { vec![value] } else { vec![value, key] } {
            let mut phrase = Phrase::new(text);
            let denied = phrase.denies();
            found.extend(diseases(&mut phrase, text).into_iter().map(|disease| (disease, denied)));
        }
        let nothing = presence(&Value::String(value.to_owned())) == Some(false) || value == "unremarkable";
        if found.is_empty() {
            let text = Value::String(if key == value { key.to_owned() } else { format!("{key} {value}") });
            if !nothing {
                return self.ask("family", &text);
            }
            self.remark("family", &text);
            // `none` of a whole family denies its diseases of any degree.
            if key == value {
                self.record.conditions.push(Condition {
                    of: Some(Kin::FirstDegree),
                    ..condition("autoimmune_disease", Status::Excluded)
                });
            }
            return;
        }
        let tentative = Phrase::new(value).is_tentative() || Phrase::new(key).is_tentative();
        for (disease, denied) in found {
            let status = match (denied || nothing, tentative) {
                (true, _) => Status::Excluded,
                (false, true) => Status::Suspected,
                (false, false) => Status::Present,
            };
            // What one relative does not have says nothing of the others.
            if status == Status::Excluded && kin != Kin::Relative && !person.has("degree") {
                self.remark("family", &Value::String(format!("{key} {value}")));
                continue;
            }
            // What nobody of the family has, the nearest do not have.
            let nobody = status == Status::Excluded && kin == Kin::Relative;
            let of = Some(if nobody && disease.starts_with("auto") { Kin::FirstDegree } else { kin });
            self.record.conditions.push(Condition { of, ..condition(disease, status) });
        }
    }

    pub(super) fn course(&mut self, value: &Value) {
        let Some(fields) = value.as_object() else { return self.ask("course", value) };
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            let phrase = Phrase::new(key);
            let days = phrase.words().iter().find_map(|word| unit_days(word));
            if self.duration_before_diagnosis(key, value) {
            } else if (key.starts_with("symptom") || key.starts_with("duration")) && !phrase.has("free") {
                match duration(value, days) {
                    Some(range) => self.record.history.symptom_duration_days = Some(range),
                    None if days.is_some() || presence(value).is_none() => self.ask(key, value),
                    None => self.finding(key, value, false),
                }
            } else if key.ends_with("pattern") || key == "course" {
                let text = plain(value);
                let said = Phrase::new(&text);
                if key.starts_with("pain") && !is_unknown(value) && !said.denies() && !said.is_tentative() {
                    // What has a pattern is there.
                    let term = if said.begins(&["nocturn", "night"]) { "night_pain" } else { "pain" };
                    let note = Some(text.replace('_', " "));
                    self.record.findings.push(Finding { when: self.when, note, ..Finding::present(term) });
                }
                match pattern(&Phrase::new(&text)) {
                    // The pattern of the course is told in one place, of the pain in another: the course comes first.
                    Some(pattern) if key == "pattern" || self.record.history.course.is_none() => {
                        self.record.history.course = Some(pattern);
                    }
                    _ => self.ask(key, value),
                }
                self.extent(&text);
            } else if key == "outcome" {
                self.outcome(value);
            } else if recurs(&phrase, value) {
                self.record.history.course.get_or_insert(CoursePattern::RelapsingRemitting);
            } else if phrase.begins(&["respon"]) && !phrase.clone().drugs().is_empty() {
                self.responses(&Value::Object(Fields::from_iter([(key.clone(), value.clone())])));
            } else {
                self.finding(key, value, false);
            }
        }
    }

    fn extent(&mut self, text: &str) {
        let mut phrase = Phrase::new(text);
        for term in phrase.things(Kind::Finding) {
            if matches!(term, "multifocal" | "unifocal" | "symmetric") && !phrase.denies() {
                self.record.findings.push(Finding { when: self.when, ..Finding::present(term) });
            }
        }
    }

    pub(super) fn diagnosis(&mut self, key: &str, value: &Value) {
        let kind = match key {
            "initial_label" => DiagnosisKind::Initial,
            "working_label" => DiagnosisKind::Working,
            "feared" => DiagnosisKind::Considered,
            _ => DiagnosisKind::Final,
        };
        let (names, by) = match value {
            Value::Object(label) => {
                if let Some(note) = label.get("note").filter(|note| !note.is_null()) {
                    self.record.notes.push(plain(note));
                }
                let by = label.get("label_source").map(|source| match plain(source).as_str() {
                    "topic" => "topic of the article".to_owned(),
                    source => source.replace('_', " "),
                });
                (label.get("class").map(elements).unwrap_or_default(), by)
            }
            value => (elements(value), Some("authors".to_owned())),
        };
        for name in names {
            let text = plain(&name);
            let found = match text.as_str() {
                "cno_plus" => vec!["cno"],
                text => match vocabulary::word(Kind::Disease, text) {
                    Some(word) => vec![word.term.as_str()],
                    None => diseases(&mut Phrase::new(text), text),
                },
            };
            let when = self.when;
            let mut push = |disease: &str| {
                self.record.diagnoses.push(Diagnosis { disease: disease.into(), kind, by: by.clone(), when });
            };
            if found.is_empty() {
                push(&text);
            }
            found.into_iter().for_each(&mut push);
        }
    }

    pub(super) fn outcome(&mut self, value: &Value) {
        for (key, value) in value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            if !self.measure_of_course(key, value) {
                self.outcome(&Value::String(format!("{key} {}", plain(value))));
            }
        }
        for entry in elements(value).iter().filter(|entry| !entry.is_object()) {
            let outcome = plain(entry).replace('_', " ");
            self.record.outcomes.push(Outcome { outcome, when: self.when });
        }
    }
}

/// Whether a text about the family names a disease.
fn family_disease(text: &str) -> bool {
    !diseases(&mut Phrase::new(text), text).is_empty()
}

/// Diseases that a phrase names. `all` is leukaemia in capitals only.
fn diseases(phrase: &mut Phrase, text: &str) -> Vec<&'static str> {
    let capitals = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ALL");
    let mut found = phrase.things(Kind::Disease);
    if phrase.has("all") && !capitals && text != "all" {
        found.retain(|disease| *disease != "leukaemia" || phrase.begins(&["leuk", "lymphoblastic"]));
    }
    found
}

fn condition(disease: &str, status: Status) -> Condition {
    Condition { condition: disease.into(), status, of: None, when: None, note: None }
}

/// Whether a count says that it came back: `flares: 3`, `relapses: 1`.
fn recurs(key: &Phrase, value: &Value) -> bool {
    let first = match key.words() {
        [word] if matches!(word.as_str(), "flares" | "episodes") => 2,
        [word] if matches!(word.as_str(), "relapses" | "recurrences") => 1,
        _ => return false,
    };
    value.as_u64().is_some_and(|count| count >= first)
}

/// How it comes and goes, in words.
fn pattern(phrase: &Phrase) -> Option<CoursePattern> {
    let relapsing = phrase.says(&["relaps", "recurr", "exacerb", "flar", "remitt", "waxing"]);
    let migrating = phrase.says(&["migrat"]);
    match (migrating, relapsing) {
        (true, true) => Some(CoursePattern::MigratingRelapsing),
        (true, false) => Some(CoursePattern::Migrating),
        (false, true) => Some(CoursePattern::RelapsingRemitting),
        (false, false) if phrase.says(&["intermittent", "episodic"]) => Some(CoursePattern::Intermittent),
        (false, false) if phrase.says(&["continuous", "constant", "persistent"]) => {
            Some(CoursePattern::Continuous)
        }
        (false, false) if phrase.says(&["progressive", "worsening"]) => Some(CoursePattern::Progressive),
        (false, false) if phrase.has("single") && phrase.has("episode") => Some(CoursePattern::SingleEpisode),
        _ => None,
    }
}
