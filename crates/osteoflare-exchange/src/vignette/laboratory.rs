//! Blood: results in numbers and in words.

use osteoflare_clinic::record::{LabResult, Qualitative};
use osteoflare_clinic::units;
use osteoflare_clinic::vocabulary;
use serde_json::Value;

use super::blood_words::{denial, in_words, is_multiple_of_limit, named_by_abnormality, rises_only};
use super::reference::{in_brackets, is_bare_range};
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
        let first = self.record.laboratory.len();
        // Reference ranges belong to results, which come first.
        let (references, results): (Vec<_>, Vec<_>) = fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .partition(|(key, value)| Case::is_reference(key, value));
        for (key, value) in results {
            for value in elements(value) {
                self.result(key, &value);
            }
        }
        for (key, value) in references {
            self.reference(first, key, value);
        }
    }

    pub(super) fn result(&mut self, key: &str, value: &Value) {
        // A dash instead of a number is a gap of a table.
        let measured = vocabulary::analyte(&analyte_of(key).0).is_some_and(|a| a.dimension != "none");
        let gap = measured && value.as_str().is_some_and(|text| matches!(text.trim(), "-" | "−" | "–"));
        if gap || is_unknown(value) {
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
        if !named_by_abnormality(key).is_empty() {
            return self.abnormality(key, value);
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
            Value::Object(fields) => self.detailed_result(key, fields),
            value => self.ask(key, value),
        }
    }

    /// The name of an abnormality with whether it is there: `anaemia: mild`.
    fn abnormality(&mut self, key: &str, value: &Value) {
        let text = if value.is_string() { plain(value) } else { String::new() };
        let normal = ["normal", "unremarkable"].iter().any(|word| Phrase::new(&text).words() == [*word]);
        if presence(value).is_none() && (!value.is_string() || normal) || Phrase::new(&text).is_hearsay() {
            return self.ask(key, value);
        }
        let named = Phrase::new(key).words().len() > 1;
        let note = remark(value).or_else(|| named.then(|| key.replace('_', " ")));
        for one in named_by_abnormality(key) {
            let denied = presence(value) == Some(false) || one.denied;
            let words = if denied { denial(one.result) } else { one.result };
            let note = note.clone().or_else(|| denied.then(|| format!("no {}", key.replace('_', " "))));
            self.push(LabResult { note, ..LabResult::in_words(one.analyte, words) });
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

    /// What a smear or another test without a number shows, where that is an analyte itself: `blood_smear: no_blasts`.
    fn parts_of_panel(&mut self, result: &LabResult, text: &str) -> bool {
        let panel = vocabulary::analyte(result.analyte.as_str()).filter(|panel| panel.dimension == "none");
        let Some(panel) = panel else { return false };
        let mut phrase = Phrase::new(text);
        let mut parts = phrase.analytes();
        parts.retain(|(part, _)| *part != panel.name);
        let [(part, denied)] = parts[..] else { return false };
        let rest = phrase.rest();
        let note = Some(format!("{}: {}", panel.name.replace('_', " "), text.replace('_', " ")));
        let of_part = LabResult { note, ..LabResult::in_words(part, Qualitative::Positive) };
        let number = amount::read(&Value::String(rest.clone()));
        match in_words(&Phrase::new(&rest)) {
            _ if denied => {
                let words = if rises_only(part) { Qualitative::Normal } else { Qualitative::Negative };
                self.push(LabResult { qualitative: Some(words), ..of_part });
            }
            _ if number.is_some() => self.result_in_words(part, &rest, None, of_part),
            words => self.push(LabResult { qualitative: words.or(of_part.qualitative), ..of_part }),
        }
        true
    }

    fn result_in_words(&mut self, key: &str, text: &str, unit: Option<String>, result: LabResult) {
        let text = text.trim();
        let result_has_unit = unit.is_some();
        // A titre is a positive result.
        if text.starts_with("1:") {
            let note = Some(text.to_owned());
            return self.push(LabResult { qualitative: Some(Qualitative::Positive), note, ..result });
        }
        let phrase = Phrase::new(text);
        if !phrase.is_tentative() && self.parts_of_panel(&result, text) {
            return;
        }
        let said = amount::read(&Value::String(text.to_owned()));
        if let Some(said) = said.filter(|_| !is_multiple_of_limit(&phrase)) {
            return self.amount(key, text, said, unit, result);
        }
        if phrase.is_tentative() {
            return self.ask(key, &Value::String(text.to_owned()));
        }
        // `wbc: normal_no_leukocytosis` says more than that the count is not high.
        let named = named_by_abnormality(text);
        let normal = in_words(&phrase) == Some(Qualitative::Normal) && named.iter().all(|one| one.denied);
        if !named.is_empty() && !normal {
            return self.abnormality(text, &Value::Bool(true));
        }
        let plainly = presence(&Value::String(text.to_owned()));
        let plainly = plainly.map(|yes| if yes { Qualitative::Positive } else { Qualitative::Negative });
        match plainly.or_else(|| in_words(&phrase)) {
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
        let reference = said.remark.as_deref().and_then(in_brackets);
        let remark = said.remark.filter(|_| reference.is_none());
        if remark.as_deref().is_some_and(is_bare_range) {
            // A range in brackets may be that of normal values, or that of what was measured.
            self.ask(key, &Value::String(text.to_owned()));
        }
        let remarks: Vec<String> = [result.note.clone(), remark].into_iter().flatten().collect();
        let note = (!remarks.is_empty()).then(|| remarks.join("; "));
        // Two results of one day bound what it was.
        let ends = if said.low == said.high { vec![said.low] } else { vec![said.low, said.high] };
        for value in ends {
            self.push(LabResult {
                value: Some(value),
                comparator: said.comparator,
                unit: unit.clone(),
                reference,
                qualitative: None,
                note: note.clone(),
                ..result.clone()
            });
        }
    }

    fn push(&mut self, mut result: LabResult) {
        if result.value.is_some() && result.unit.is_none() {
            // What can be given in one unit only is given in that.
            let analyte = vocabulary::analyte(result.analyte.as_str());
            result.unit = analyte.and_then(units::only).map(str::to_owned);
        }
        self.record.laboratory.push(LabResult { when: self.when, ..result });
    }
}

/// Whether a key names a result of the laboratory, not a measure of the body.
pub(super) fn is_result(key: &str) -> bool {
    vocabulary::analyte(&analyte_of(key).0).is_some_and(|analyte| {
        analyte.name != "all_tests"
            && !["mass", "length", "temperature"].contains(&analyte.dimension.as_str())
    })
}

fn remark(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.replace('_', " "))
}

/// The analyte of a key, its unit and what else the key says: `crp_mg_l_outpatient`.
pub(super) fn analyte_of(key: &str) -> (String, Option<String>, Option<String>) {
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
