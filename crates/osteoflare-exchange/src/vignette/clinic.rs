//! Symptoms, signs and blood.

use osteoflare_clinic::record::{Comparator, Finding, LabResult, Method, Place, Qualitative, Range};
use osteoflare_clinic::units;
use osteoflare_clinic::vocabulary::{self, Kind};
use serde_json::Value;

use super::{Case, elements, plain, presence, unit_days, words::Phrase};

impl Case {
    /// A section of findings: fields, or a list of words that are there.
    pub(super) fn findings(&mut self, value: &Value, surgery: bool) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    self.finding(key, value, surgery);
                }
            }
            value => {
                for entry in elements(value) {
                    match &entry {
                        Value::Object(_) => self.findings(&entry, surgery),
                        entry => self.finding(&plain(entry), &Value::Bool(true), surgery),
                    }
                }
            }
        }
    }

    /// One finding: a key in words, and a value that says whether it is there, how much, how long or where.
    pub(super) fn finding(&mut self, key: &str, value: &Value, surgery: bool) {
        if value.is_null() {
            return;
        }
        let mut phrase = Phrase::new(key);
        if phrase.is_hearsay() {
            return self.note(key, value);
        }
        if self.number(key, value) || self.general_condition(key, value) {
            return;
        }
        let negated = phrase.denies();
        let mut terms = whole_or_parts(&mut phrase, key);
        let mut places = phrase.places();
        let side = phrase.side();
        let mut degree = phrase.degree();
        let mut note = Vec::new();
        let present = match (presence(value), value) {
            (Some(present), _) => present != negated,
            (None, Value::String(text)) => {
                let mut said = Phrase::new(text);
                degree = degree.or_else(|| said.degree());
                if terms.is_empty() {
                    let normal = said.begins(&["unremarkable", "normal"]) && said.words().len() == 1;
                    if normal && key.starts_with("exam") {
                        terms.push("unremarkable_examination");
                    }
                }
                if places.is_empty() {
                    places = said.places();
                } else if let Some(side) = said.side() {
                    places.iter_mut().for_each(|place| place.side = Some(side));
                }
                let rest = said.rest();
                if !rest.is_empty() {
                    note.push(rest);
                }
                !(said.denies() || said.has("none") || said.has("normal") || negated)
            }
            (None, Value::Array(list)) => {
                for entry in list {
                    let text = plain(entry);
                    let found = Phrase::new(&text).places();
                    if found.is_empty() {
                        note.push(text.replace('_', " "));
                    }
                    places.extend(found);
                }
                !negated
            }
            // A number or anything else under a word that has no scale: what it says is not known.
            _ => return self.note(key, value),
        };
        if terms.is_empty() {
            // Only a plain statement makes an unknown word a finding; anything else is a remark.
            if presence(value).is_some() && !negated {
                let finding = Finding { present, when: self.when, ..Finding::present(key) };
                self.record.findings.push(finding);
            } else {
                self.note(key, value);
            }
            return;
        }
        let rest = phrase.rest();
        if !rest.is_empty() {
            note.push(rest);
        }
        if phrase.has("night")
            && terms.iter().any(|term| term.ends_with("pain"))
            && !terms.contains(&"night_pain")
        {
            terms.push("night_pain");
        }
        if let (true, Some(side)) = (places.is_empty(), side) {
            note.push(format!("{side:?}").to_lowercase());
        }
        for term in terms {
            let here: Vec<Option<Place>> =
                if places.is_empty() { vec![None] } else { places.iter().cloned().map(Some).collect() };
            for place in here {
                self.record.findings.push(Finding {
                    present,
                    place: place.filter(|place| osteoflare_clinic::place::resolve(place).is_ok()),
                    degree: degree.clone().map(Into::into),
                    method: surgery.then_some(Method::Surgery),
                    when: self.when,
                    note: (!note.is_empty()).then(|| note.join("; ")),
                    ..Finding::present(term)
                });
            }
        }
    }

    /// `general_condition: good`.
    fn general_condition(&mut self, key: &str, value: &Value) -> bool {
        if !(key.starts_with("general_") && (key.ends_with("condition") || key.ends_with("state"))) {
            return false;
        }
        let said = Phrase::new(&plain(value));
        let finding = if said.begins(&["good", "well", "normal", "unaffected", "excellent"]) && !said.denies()
        {
            Finding::present("good_general_condition")
        } else if said.begins(&["poor", "bad", "ill", "toxic", "impaired", "reduced"]) {
            Finding::absent("good_general_condition")
        } else {
            self.note(key, value);
            return true;
        };
        self.record.findings.push(Finding { when: self.when, ..finding });
        true
    }

    /// Keys that end in a scale or a unit.
    fn number(&mut self, key: &str, value: &Value) -> bool {
        let Some(number) = value.as_f64() else { return false };
        if let Some(stem) = key.strip_suffix("_0_10") {
            match vocabulary::word(Kind::Finding, stem) {
                Some(word) => {
                    let finding = Finding {
                        present: number > 0.0,
                        severity_0_10: Some(number),
                        when: self.when,
                        ..Finding::present(word.term.as_str())
                    };
                    self.record.findings.push(finding);
                }
                None => self.note(key, value),
            }
            return true;
        }
        if let Some(unit) = key.strip_prefix("temp").map(|rest| rest.trim_start_matches("erature")) {
            match unit {
                "_c" | "_celsius" => self.vital("body_temperature", number, "°C"),
                "_f" | "_fahrenheit" => self.vital("body_temperature", number, "°F"),
                _ => self.note(key, value),
            }
            return true;
        }
        let Some((stem, unit)) = key.rsplit_once('_') else { return false };
        if unit == "ml" && number > 0.0 {
            // A volume of pus or blood that was found.
            self.finding(stem, &Value::Bool(true), true);
            self.note(key, value);
            return true;
        }
        let Some(days) = unit_days(unit) else {
            // `weight_loss_kg: 3`: it is there, and how much is a remark.
            let known = vocabulary::word(Kind::Finding, stem).filter(|_| number > 0.0);
            if let Some(word) = known {
                self.record.findings.push(Finding {
                    note: Some(format!("{number} {unit}")),
                    when: self.when,
                    ..Finding::present(word.term.as_str())
                });
            }
            return known.is_some();
        };
        let days = Range::exactly(number * days);
        let mut phrase = Phrase::new(stem);
        if let [drug] = phrase.clone().drugs().as_slice() {
            let treatment = osteoflare_clinic::record::Treatment::with(*drug);
            self.record.treatments.push(osteoflare_clinic::record::Treatment {
                duration_days: Some(days),
                start: self.when,
                ..treatment
            });
            return true;
        }
        match whole_or_parts(&mut phrase, stem).as_slice() {
            [] => self.note(key, value),
            terms => {
                for term in terms {
                    self.record.findings.push(Finding {
                        duration_days: Some(days),
                        when: self.when,
                        ..Finding::present(*term)
                    });
                }
            }
        }
        true
    }

    fn vital(&mut self, analyte: &'static str, number: f64, unit: &str) {
        self.record
            .vital_signs
            .push(LabResult { when: self.when, ..LabResult::number(analyte, number, unit) });
    }

    /// A section of laboratory results.
    pub(super) fn laboratory(&mut self, value: &Value) {
        let Some(fields) = value.as_object() else {
            return elements(value).iter().for_each(|entry| self.result(&plain(entry), &Value::Bool(true)));
        };
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            for value in elements(value) {
                self.result(key, &value);
            }
        }
    }

    fn result(&mut self, key: &str, value: &Value) {
        if key.starts_with("other") || key == "rest" {
            // Which tests were normal is not said: they stay unknown.
            return self.note(key, value);
        }
        if let Some((analyte, qualitative)) = named_by_abnormality(key) {
            let denied = presence(value) == Some(false);
            let words = if denied { denial(qualitative) } else { Some(qualitative) };
            return match words {
                Some(words) => {
                    self.push(LabResult { note: remark(value), ..LabResult::in_words(analyte, words) })
                }
                None => self.note(key, value),
            };
        }
        let (analyte, unit, note) = analyte_of(key);
        let result = LabResult { note, ..LabResult::in_words(analyte.as_str(), Qualitative::Normal) };
        match value {
            Value::Number(number) => {
                let value = number.as_f64();
                self.push(LabResult { value, unit, qualitative: None, ..result });
            }
            Value::String(text) => self.result_in_words(key, text, unit, result),
            Value::Bool(present) => {
                let qualitative = Some(if *present { Qualitative::Positive } else { Qualitative::Negative });
                self.push(LabResult { qualitative, ..result });
            }
            value => self.note(key, value),
        }
    }

    fn result_in_words(&mut self, key: &str, text: &str, unit: Option<String>, result: LabResult) {
        let signs = [
            (">=", Comparator::AtLeast),
            ("<=", Comparator::AtMost),
            ("≥", Comparator::AtLeast),
            ("≤", Comparator::AtMost),
            (">", Comparator::Greater),
            ("<", Comparator::Less),
        ];
        let text = text.trim();
        let result_has_unit = unit.is_some();
        let bound = signs.iter().find_map(|(sign, comparator)| {
            Some((text.strip_prefix(sign)?.trim().parse::<f64>().ok()?, *comparator))
        });
        if let Some((value, comparator)) = bound {
            let comparator = Some(comparator);
            return self.push(LabResult {
                value: Some(value),
                comparator,
                unit,
                qualitative: None,
                ..result
            });
        }
        if let Some(Range { low, high }) = super::person::range_of(&Value::String(text.to_owned())) {
            // Two results of one day bound what it was.
            for value in if low == high { vec![low] } else { vec![low, high] } {
                self.push(LabResult {
                    value: Some(value),
                    unit: unit.clone(),
                    qualitative: None,
                    ..result.clone()
                });
            }
            return;
        }
        // A titre is a positive result.
        if text.starts_with("1:") {
            let note = Some(text.to_owned());
            return self.push(LabResult { qualitative: Some(Qualitative::Positive), note, ..result });
        }
        match in_words(&Phrase::new(text)) {
            Some(qualitative) => {
                let plain = Phrase::new(text).words().len() == 1;
                let note = if plain { result.note.clone() } else { Some(text.replace('_', " ")) };
                self.push(LabResult { qualitative: Some(qualitative), note, ..result });
            }
            // A key that names a unit announces a number.
            None if result_has_unit => {
                self.refuse(
                    "labs",
                    key,
                    &Value::String(text.to_owned()),
                    "a number, a bound, or a word such as normal",
                );
            }
            None => self.note(key, &Value::String(text.to_owned())),
        }
    }

    fn push(&mut self, result: LabResult) {
        self.record.laboratory.push(LabResult { when: self.when, ..result });
    }
}

/// The finding that a text names whole, or those that its words name.
fn whole_or_parts(phrase: &mut Phrase, text: &str) -> Vec<&'static str> {
    match vocabulary::word(Kind::Finding, text) {
        Some(word) => {
            let all = phrase.words().len();
            phrase.take([0, all - 1]);
            vec![word.term.as_str()]
        }
        None => phrase.things(Kind::Finding),
    }
}

/// Names of abnormal results.
fn named_by_abnormality(key: &str) -> Option<(&'static str, Qualitative)> {
    Some(match key {
        "anaemia" | "anemia" => ("haemoglobin", Qualitative::Low),
        "thrombocytosis" => ("platelets", Qualitative::Elevated),
        "thrombocytopenia" | "thrombopenia" => ("platelets", Qualitative::Low),
        "leukocytosis" | "leucocytosis" => ("leukocytes", Qualitative::Elevated),
        "leukopenia" | "leucopenia" => ("leukocytes", Qualitative::Low),
        "neutropenia" => ("neutrophils", Qualitative::Low),
        "neutrophilia" => ("neutrophils", Qualitative::Elevated),
        _ => return None,
    })
}

/// What is left when an abnormality is denied: no anaemia is no low haemoglobin, and nothing more is said of a high
/// one; only haemoglobin has but one side that anybody means.
fn denial(abnormal: Qualitative) -> Option<Qualitative> {
    matches!(abnormal, Qualitative::Low).then_some(Qualitative::Normal)
}

fn remark(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.replace('_', " "))
}

/// The analyte of a key, its unit and what else the key says: `crp_mg_l_outpatient`.
fn analyte_of(key: &str) -> (String, Option<String>, Option<String>) {
    let words: Vec<&str> = key.split('_').collect();
    for n in (1..=words.len()).rev() {
        let Some(analyte) = vocabulary::analyte(&words[..n].join("_")) else { continue };
        // Some names hold their unit: `crp_mg_l`, `neutrophil_pct`.
        let within = (1..n).find_map(|k| unit_of(&words[k..n]).filter(|(_, used)| k + used == n));
        let behind = unit_of(&words[n..]);
        let (unit, used) = match (within.filter(|(unit, _)| fits(analyte, unit)), behind) {
            (Some((unit, _)), _) => (Some(unit), 0),
            (None, Some((unit, used))) => (Some(unit), used),
            (None, None) => (None, 0),
        };
        let note = words[n + used..].join(" ");
        return (analyte.name.clone(), unit, (!note.is_empty()).then_some(note));
    }
    (key.to_owned(), None, None)
}

fn fits(analyte: &vocabulary::Analyte, unit: &str) -> bool {
    units::canonical(analyte, 1.0, unit).is_ok()
}

/// A unit written in words of a key: `mg_l`, `e9_l`, `mm_h`, `per_ul`.
fn unit_of(words: &[&str]) -> Option<(String, usize)> {
    let two = match words {
        ["per", second, ..] => Some(format!("/{second}")),
        ["cells", second, ..] => Some(format!("/{second}")),
        ["e9", "l", ..] => Some("10^9/l".to_owned()),
        ["e3", "ul", ..] | ["k", "ul", ..] => Some("10^3/ul".to_owned()),
        [
            first @ ("mg" | "g" | "ug" | "ng" | "pg" | "u" | "iu" | "umol" | "nmol" | "mmol" | "ukat"),
            second @ ("l" | "dl" | "ml" | "g"),
            ..,
        ] => Some(format!("{first}/{second}")),
        ["mm", "h" | "hr", ..] => Some("mm/h".to_owned()),
        _ => None,
    };
    if let Some(unit) = two {
        return Some((unit, 2));
    }
    match words.first() {
        Some(&"fl") => Some(("fl".to_owned(), 1)),
        Some(&"pct" | &"percent") => Some(("%".to_owned(), 1)),
        Some(&"mm") => Some(("mm/h".to_owned(), 1)),
        Some(&"c") => Some(("°C".to_owned(), 1)),
        _ => None,
    }
}

/// A result in words.
fn in_words(phrase: &Phrase) -> Option<Qualitative> {
    use Qualitative as Q;
    let mild = phrase.begins(&["mild", "slight", "minor", "borderline", "subtle"]);
    let strong = phrase.begins(&["mark", "strong", "severe", "high_", "very", "gross"]);
    let up = phrase.begins(&["elevat", "rais", "high", "increas"]);
    let down = phrase.begins(&["low", "decreas", "reduc", "anaemi", "anemi", "deficien"]);
    if phrase.denies() && (up || down) {
        return if phrase.has("not") || phrase.has("no") { Some(Q::Normal) } else { None };
    }
    match (up, down) {
        (true, false) if mild => Some(Q::MildlyElevated),
        (true, false) if phrase.begins(&["moderat"]) => Some(Q::ModeratelyElevated),
        (true, false) if strong => Some(Q::StronglyElevated),
        (true, false) => Some(Q::Elevated),
        (false, true) if mild => Some(Q::MildlyLow),
        (false, true) => Some(Q::Low),
        (true, true) => None,
        _ if phrase.has("undetectable") => Some(Q::Undetectable),
        _ if phrase.has("abnormal") => Some(Q::Abnormal),
        _ if phrase.begins(&["normal", "unremarkable"]) => Some(Q::Normal),
        _ if phrase.begins(&["negative", "absent"]) || phrase.has("none") => Some(Q::Negative),
        _ if phrase.begins(&["positive", "present", "many", "few"]) => Some(Q::Positive),
        _ => None,
    }
}
