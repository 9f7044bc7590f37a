//! Ages and durations.

use osteoflare_clinic::record::{Comparator, DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, Range};
use serde_json::Value;

use super::{Case, amount, plain, unit_days, words::Phrase};

impl Case {
    /// An age, at the presentation or at the onset, in the unit that the key or the text says, else in years.
    pub(super) fn age(&mut self, key: &str, value: &Value) {
        let phrase = Phrase::new(key);
        if is_age_group(&plain(value)) {
            // How old exactly is not said, and the groups of one author are not those of another.
            return self.ask(key, value);
        }
        let said = years_and_months(value).or_else(|| amount::read(value));
        let range =
            range_of(value).or_else(|| said.as_ref().map(|said| Range { low: said.low, high: said.high }));
        let unit = said.and_then(|said| said.unit);
        let days = match &unit {
            Some(unit) => {
                unit_days(unit.trim_end_matches("old").trim_end_matches([' ', '-'])).or(short_unit(unit))
            }
            None => phrase.words().iter().find_map(|word| unit_days(word)).or(Some(DAYS_PER_YEAR)),
        };
        let (Some(range), Some(days)) = (range, days) else {
            return self.refuse("patient", key, value, "a number, or lowest-highest");
        };
        let age = range.times(if days == DAYS_PER_MONTH { 1.0 / 12.0 } else { days / DAYS_PER_YEAR });
        if phrase.begins(&["onset", "begin", "start"]) {
            self.record.patient.age_at_onset_years = Some(age);
        } else if phrase.has("diagnosis") && self.record.patient.age_years.is_some() {
            self.remark(key, value);
        } else {
            self.record.patient.age_years = Some(age);
        }
    }

    /// How long it took until the diagnosis: the symptoms lasted so long, unless that is told itself.
    pub(super) fn duration_before_diagnosis(&mut self, key: &str, value: &Value) -> bool {
        let phrase = Phrase::new(key);
        let diagnosis = phrase.begins(&["diagnos"]);
        let time = ["time", "interval", "months", "years", "weeks"].iter().any(|word| phrase.has(word));
        if !(phrase.begins(&["delay"]) || diagnosis && time && phrase.has("to")) {
            return false;
        }
        let unit = phrase.words().iter().find_map(|word| unit_days(word));
        match duration(value, unit) {
            Some(range) if self.record.history.symptom_duration_days.is_none() => {
                self.record.history.symptom_duration_days = Some(range);
            }
            Some(_) => self.remark(key, value),
            None => self.ask(key, value),
        }
        true
    }
}

/// A unit of an age in one letter or two: `9y`, `18m`. Nowhere else is `m` a month.
fn short_unit(unit: &str) -> Option<f64> {
    match unit.trim_end_matches('.') {
        "y" | "yr" | "yrs" | "yo" | "y/o" | "a" => Some(DAYS_PER_YEAR),
        "m" | "mo" | "mos" | "mth" | "mths" => Some(DAYS_PER_MONTH),
        "w" | "wk" | "wks" => Some(DAYS_PER_WEEK),
        "d" => Some(1.0),
        _ => None,
    }
}

/// Whether a text is a word for an age, without a number.
fn is_age_group(text: &str) -> bool {
    const GROUPS: [&str; 20] = [
        "newborn",
        "neonate",
        "neonatal",
        "infant",
        "baby",
        "toddler",
        "preschool",
        "preschooler",
        "schoolchild",
        "school",
        "child",
        "childhood",
        "teenager",
        "teen",
        "teenage",
        "adolescent",
        "adolescence",
        "adult",
        "pubertal",
        "prepubertal",
    ];
    const BESIDE: [&str; 8] = ["young", "older", "early", "late", "age", "aged", "mid", "in"];
    let phrase = Phrase::new(text);
    let group = |word: &String| GROUPS.contains(&word.trim_end_matches('s'));
    phrase.words().iter().any(group)
        && phrase.words().iter().all(|word| group(word) || BESIDE.contains(&word.as_str()))
}

/// An age such as `8 10/12` or `8 years 10 months`.
fn years_and_months(value: &Value) -> Option<amount::Amount> {
    let text = value.as_str()?.replace('_', " ").to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let (years, months) = match words.as_slice() {
        [one] if one.contains('y') && one.ends_with('m') => one.trim_end_matches('m').split_once('y')?,
        [years, months] => (*years, months.strip_suffix("/12")?),
        [years, "year" | "years", months, "month" | "months"] => (*years, *months),
        _ => return None,
    };
    let (years, months): (f64, f64) = (years.parse().ok()?, months.parse().ok()?);
    let age = years + months / 12.0;
    (months < 12.0).then_some(amount::Amount {
        low: age,
        high: age,
        comparator: None,
        unit: None,
        remark: None,
    })
}

/// A duration in days, of a number under a key with a unit or of a text with one: `3 months`. Durations are told to the day:
/// more than six weeks is a day more at least.
pub(super) fn duration(value: &Value, days: Option<f64>) -> Option<Range> {
    let signed = value.as_str().is_some_and(|text| text.contains(['<', '>', '≤', '≥']));
    if let (false, Some(range), Some(days)) = (signed, range_of(value), days) {
        return Some(range.times(days));
    }
    let said = amount::read(value)?;
    let days = match said.unit {
        Some(unit) => unit_days(&unit)?,
        None => days?,
    };
    let (low, high) = (said.low * days, said.high * days);
    Some(match said.comparator {
        Some(Comparator::Greater) => Range { low: low + 1.0, high: f64::INFINITY },
        Some(Comparator::AtLeast) => Range { low, high: f64::INFINITY },
        Some(Comparator::Less) => Range { low: 0.0, high: (high - 1.0).max(0.0) },
        Some(Comparator::AtMost) => Range { low: 0.0, high },
        None => Range { low, high },
    })
}

/// A number, or a range of numbers: `5`, `"2-3"`, `[2, 3]`, `">6"`.
pub(super) fn range_of(value: &Value) -> Option<Range> {
    match value {
        Value::Number(number) => Some(Range::exactly(number.as_f64()?)),
        Value::Array(list) => match list.as_slice() {
            [low, high] => Some(Range { low: low.as_f64()?, high: high.as_f64()? }),
            _ => None,
        },
        Value::String(text) => {
            let text = text.trim().replace('–', "-");
            let bound = |text: &str| text.trim_start_matches('=').trim().parse::<f64>().ok();
            if let Some(low) = text.strip_prefix('>') {
                let value = bound(low)?;
                let low = if low.starts_with('=') { value } else { value.next_up() };
                return Some(Range { low, high: f64::INFINITY });
            }
            if let Some(high) = text.strip_prefix('<') {
                let value = bound(high)?;
                let high = if high.starts_with('=') { value } else { value.next_down().max(0.0) };
                return Some(Range { low: 0.0, high });
            }
            match text.split_once('-') {
                Some((low, high)) => {
                    Some(Range { low: low.trim().parse().ok()?, high: high.trim().parse().ok()? })
                }
                None => Some(Range::exactly(text.parse().ok()?)),
            }
        }
        _ => None,
    }
}
