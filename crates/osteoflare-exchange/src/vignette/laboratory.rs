//! Blood: results in numbers and in words.

use osteoflare_clinic::record::{LabResult, Qualitative};
use osteoflare_clinic::units;
use osteoflare_clinic::vocabulary;
use serde_json::Value;

use super::{Case, amount, amount::Amount, elements, is_unknown, plain, presence, words::Phrase};

impl Case {
    /// A section of laboratory results.
    pub(super) fn laboratory(&mut self, value: &Value) {
        if let Value::String(text) = value
            && in_words(&Phrase::new(text)).is_some()
            && Phrase::new(text).words().len() == 1
        {
            return self.result("labs", value);
        }
        let Some(fields) = value.as_object() else {
            return elements(value).iter().for_each(|entry| self.result(&plain(entry), &Value::Bool(true)));
        };
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            for value in elements(value) {
                self.result(key, &value);
            }
        }
    }

    pub(super) fn result(&mut self, key: &str, value: &Value) {
        if is_unknown(value) {
            return self.remark(key, value);
        }
        let phrase = Phrase::new(key);
        if phrase.begins(&["other", "remain"]) || phrase.has("rest") {
            // Which tests were normal is not said: they stay unknown.
            return self.remark(key, value);
        }
        if phrase.begins(&["cultur", "pcr"]) && vocabulary::analyte(key).is_none() {
            return self.culture(key, value);
        }
        // A temperature among the results is no blood.
        if key.starts_with("temp") {
            return self.finding(key, value, false);
        }
        if let Some((analyte, qualitative)) = named_by_abnormality(key) {
            return self.abnormality(key, value, analyte, qualitative);
        }
        let (analyte, unit, note) = analyte_of(key);
        if *value == Value::Bool(true) && vocabulary::analyte(key).is_none() {
            return self.result_of_phrase(key);
        }
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
            value => self.ask(key, value),
        }
    }

    /// The name of an abnormality with whether it is there: `anaemia: mild`.
    fn abnormality(&mut self, key: &str, value: &Value, analyte: &'static str, abnormal: Qualitative) {
        let text = if value.is_string() { plain(value) } else { String::new() };
        if presence(value).is_none() && !value.is_string() || Phrase::new(&text).is_hearsay() {
            return self.ask(key, value);
        }
        let denied = presence(value) == Some(false) || Phrase::new(key).denies();
        match if denied { denial(abnormal) } else { Some(abnormal) } {
            Some(words) => {
                let named = Phrase::new(key).words().len() > 1;
                let note = remark(value).or_else(|| named.then(|| key.replace('_', " ")));
                self.push(LabResult { note, ..LabResult::in_words(analyte, words) });
            }
            // No leukocytosis still leaves a low count possible.
            None => self.remark(key, value),
        }
    }

    /// A result that a list tells in one phrase: `raised_esr`, `normal_blood_count`, `crp_12`.
    fn result_of_phrase(&mut self, text: &str) {
        let words: Vec<String> = Phrase::new(text).words().to_vec();
        let split = (1..words.len()).find_map(|k| {
            let (first, second) = (words[..k].join("_"), words[k..].join("_"));
            let known = |text: &str| vocabulary::analyte(text).is_some();
            let says = |text: &str| {
                in_words(&Phrase::new(text)).is_some()
                    || amount::read(&Value::String(text.to_owned())).is_some()
            };
            match (known(&first), known(&second)) {
                (true, _) if says(&second) => Some((first, second)),
                (_, true) if says(&first) => Some((second, first)),
                _ => None,
            }
        });
        match split {
            Some((key, value)) => self.result(&key, &Value::String(value)),
            None => {
                let (analyte, _, note) = analyte_of(text);
                self.push(LabResult { note, ..LabResult::in_words(analyte, Qualitative::Positive) });
            }
        }
    }

    fn result_in_words(&mut self, key: &str, text: &str, unit: Option<String>, result: LabResult) {
        let text = text.trim();
        let result_has_unit = unit.is_some();
        // A titre is a positive result.
        if text.starts_with("1:") {
            let note = Some(text.to_owned());
            return self.push(LabResult { qualitative: Some(Qualitative::Positive), note, ..result });
        }
        if let Some(said) = amount::read(&Value::String(text.to_owned())) {
            return self.amount(key, text, said, unit, result);
        }
        let phrase = Phrase::new(text);
        if phrase.is_tentative() {
            return self.ask(key, &Value::String(text.to_owned()));
        }
        let plainly = presence(&Value::String(text.to_owned()));
        let plainly = plainly.map(|yes| if yes { Qualitative::Positive } else { Qualitative::Negative });
        match in_words(&phrase).or(plainly) {
            Some(qualitative) => {
                let plain = phrase.words().len() == 1;
                let note = if plain { result.note.clone() } else { Some(text.replace('_', " ")) };
                let negative = qualitative == Qualitative::Negative && rises_only(result.analyte.as_str());
                let qualitative = Some(if negative { Qualitative::Normal } else { qualitative });
                self.push(LabResult { qualitative, note, ..result });
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
            None => self.ask(key, &Value::String(text.to_owned())),
        }
    }

    /// A number of a text, with the unit that the text or the key says.
    fn amount(&mut self, key: &str, text: &str, said: Amount, unit: Option<String>, result: LabResult) {
        let analyte = vocabulary::analyte(result.analyte.as_str());
        let behind = said.unit.as_deref().map(|behind| {
            let words: Vec<String> = Phrase::new(behind).words().to_vec();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let spelled = analyte.and_then(|analyte| {
                unit_of(&words, analyte).filter(|(_, used)| *used == words.len()).map(|(unit, _)| unit)
            });
            spelled.unwrap_or_else(|| behind.to_owned())
        });
        if let (Some(behind), Some(analyte)) = (&behind, analyte)
            && !fits(analyte, behind)
        {
            // Whatever stands there is no unit of this analyte: the number may be another one.
            return self.ask(key, &Value::String(text.to_owned()));
        }
        let unit = behind.or(unit);
        let remarks: Vec<String> = [result.note.clone(), said.remark].into_iter().flatten().collect();
        let note = (!remarks.is_empty()).then(|| remarks.join("; "));
        // Two results of one day bound what it was.
        let ends = if said.low == said.high { vec![said.low] } else { vec![said.low, said.high] };
        for value in ends {
            self.push(LabResult {
                value: Some(value),
                comparator: said.comparator,
                unit: unit.clone(),
                qualitative: None,
                note: note.clone(),
                ..result.clone()
            });
        }
    }

    fn push(&mut self, result: LabResult) {
        self.record.laboratory.push(LabResult { when: self.when, ..result });
    }
}

/// Names of abnormal results, with what else they say: `microcytic_anaemia`.
pub(super) fn named_by_abnormality(key: &str) -> Option<(&'static str, Qualitative)> {
    Phrase::new(key).words().iter().find_map(|word| {
        Some(match word.as_str() {
            "anaemia" | "anemia" | "anaemic" | "anemic" => ("haemoglobin", Qualitative::Low),
            "thrombocytosis" => ("platelets", Qualitative::Elevated),
            "thrombocytopenia" | "thrombopenia" => ("platelets", Qualitative::Low),
            "leukocytosis" | "leucocytosis" => ("leukocytes", Qualitative::Elevated),
            "leukopenia" | "leucopenia" => ("leukocytes", Qualitative::Low),
            "neutropenia" => ("neutrophils", Qualitative::Low),
            "neutrophilia" => ("neutrophils", Qualitative::Elevated),
            _ => return None,
        })
    })
}

/// Whether a key names a result of the laboratory, not a measure of the body.
pub(super) fn is_result(key: &str) -> bool {
    vocabulary::analyte(&analyte_of(key).0).is_some_and(|analyte| {
        analyte.name != "all_tests"
            && !["mass", "length", "temperature"].contains(&analyte.dimension.as_str())
    })
}

/// Whether only a high value of an analyte means anything, so that `negative` says the same as `normal`.
fn rises_only(analyte: &str) -> bool {
    vocabulary::analyte(analyte).is_some_and(|a| {
        a.name == "inflammatory_markers" || a.normal_low == Some(0.0) && a.normal_high.is_some()
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
        let within = (1..n).find_map(|k| unit_of(&words[k..n], analyte).filter(|(_, used)| k + used == n));
        // `crp_peak_mg_l`: the unit may stand behind other words.
        let behind = (n..words.len())
            .find_map(|k| unit_of(&words[k..], analyte).map(|(unit, used)| (unit, k, used)))
            .filter(|(unit, k, _)| *k == n || fits(analyte, unit));
        let mut others: Vec<&str> = words[n..].to_vec();
        let unit = match (within.filter(|(unit, _)| fits(analyte, unit)), behind) {
            (Some((unit, _)), _) => Some(unit),
            (None, Some((unit, ..))) if !fits(analyte, &unit) => {
                // A share of cells is not their number: it stays a word of its own, and checking asks about it.
                return (key.to_owned(), Some(unit), None);
            }
            (None, Some((unit, k, used))) => {
                others.drain(k - n..k - n + used);
                Some(unit)
            }
            (None, None) => None,
        };
        let note = others.join(" ");
        return (analyte.name.clone(), unit, (!note.is_empty()).then_some(note));
    }
    (key.to_owned(), None, None)
}

fn fits(analyte: &vocabulary::Analyte, unit: &str) -> bool {
    units::canonical(analyte, 1.0, unit).is_ok()
}

/// A unit written in words of a key: `mg_l`, `e9_l`, `mm_h`, `per_ul`.
fn unit_of(words: &[&str], analyte: &vocabulary::Analyte) -> Option<(String, usize)> {
    let two = match words {
        ["per" | "/", second, ..] => Some(format!("/{second}")),
        ["cells", second, ..] => Some(format!("/{second}")),
        ["e9" | "10e9" | "x10e9", "l", ..] => Some("10^9/l".to_owned()),
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
        // `esr_mm` leaves out the hour that it means.
        Some(&"mm") if analyte.dimension == "rate" => Some(("mm/h".to_owned(), 1)),
        Some(&"mm") => Some(("mm".to_owned(), 1)),
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
