//! Findings that are numbers: on a scale, with a unit, and temperatures.

use osteoflare_clinic::record::{Finding, LabResult, Range};
use osteoflare_clinic::vocabulary::{self, Kind};
use serde_json::Value;

use super::{Case, amount, plain, unit_days, words::Phrase};

impl Case {
    /// Keys that end in a scale or a unit.
    pub(super) fn number(&mut self, key: &str, value: &Value) -> bool {
        if self.temperature(key, value) {
            return true;
        }
        let Some(number) = value.as_f64() else { return false };
        let scale = [("_0_100", 10.0), ("_0_10", 1.0)];
        if let Some((stem, parts)) =
            scale.iter().find_map(|(end, parts)| Some((key.strip_suffix(end)?, parts)))
        {
            let number = number / parts;
            let stem = ["_vas", "_nrs"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
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
                None => self.ask(key, value),
            }
            return true;
        }
        let Some((stem, unit)) = key.rsplit_once('_') else { return false };
        if unit == "ml" && number > 0.0 {
            // A volume of pus or blood that was found.
            self.finding(stem, &Value::Bool(true), true);
            self.remark(key, value);
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
        let terms = phrase.whole_or_parts(Kind::Finding, stem);
        if terms.is_empty() {
            self.ask(key, value);
        }
        for (term, denied) in terms {
            self.record.findings.push(Finding {
                present: !denied,
                duration_days: Some(days),
                when: self.when,
                ..Finding::present(term)
            });
        }
        true
    }

    /// A body temperature, also under the word fever: `temp_c: 38.5-39.2`, `fever: up_to_39`.
    fn temperature(&mut self, key: &str, value: &Value) -> bool {
        let phrase = Phrase::new(key);
        let temperature = phrase.begins(&["temp"]) && !phrase.begins(&["tempor"]);
        let fever = phrase.has("fever")
            && phrase
                .words()
                .iter()
                .all(|w| ["fever", "c", "f", "max", "peak", "up", "to"].contains(&w.as_str()));
        if !temperature && !fever || value.is_boolean() {
            return false;
        }
        let plausible = |number: f64| (30.0..=45.0).contains(&number) || (86.0..=113.0).contains(&number);
        // `fever: 5_days` is no temperature.
        let Some(said) = amount::read(value).filter(|said| temperature || plausible(said.low)) else {
            if temperature && Phrase::new(&plain(value)).words() == ["normal"] {
                self.record.findings.push(Finding { when: self.when, ..Finding::absent("fever") });
            } else if temperature {
                self.ask(key, value);
            }
            return temperature;
        };
        let unit = |named: &str| {
            phrase.has(named)
                || said
                    .unit
                    .as_deref()
                    .is_some_and(|unit| vocabulary::normalised(unit).trim_start_matches('°') == named)
        };
        let unit = match (unit("c") || unit("celsius"), unit("f") || unit("fahrenheit")) {
            (true, false) => Some("°C"),
            (false, true) => Some("°F"),
            // No body has the one in degrees of the other.
            _ if (30.0..=45.0).contains(&said.low) => Some("°C"),
            _ if (86.0..=113.0).contains(&said.low) => Some("°F"),
            _ => None,
        };
        let Some(unit) = unit else {
            self.ask(key, value);
            return true;
        };
        let ends = if said.low == said.high { vec![said.low] } else { vec![said.low, said.high] };
        for number in ends {
            self.vital("body_temperature", number, unit);
        }
        true
    }

    fn vital(&mut self, analyte: &'static str, number: f64, unit: &str) {
        self.record
            .vital_signs
            .push(LabResult { when: self.when, ..LabResult::number(analyte, number, unit) });
    }
}
