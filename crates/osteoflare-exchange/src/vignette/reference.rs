//! Reference ranges: as fields beside a result, as fields of a result, or in brackets behind its number.

use osteoflare_clinic::record::{Comparator, LabResult, ReferenceRange};
use osteoflare_clinic::vocabulary::{self, normalised};
use serde_json::Value;

use super::laboratory::analyte_of;
use super::{Case, Fields, amount, plain};

/// Words that say that a number is a limit of normal.
const LIMIT: [&str; 14] = [
    "reference",
    "ref",
    "range",
    "interval",
    "limit",
    "limits",
    "uln",
    "lln",
    "nv",
    "rr",
    "upper",
    "lower",
    "normal",
    "normals",
];

/// Words that may stand beside them.
const BESIDE: [&str; 10] = ["of", "value", "values", "low", "high", "min", "max", "lab", "n", "for"];

/// Whether words say that a number is a limit of normal, and nothing else.
fn says_limit<'a>(mut words: impl Iterator<Item = &'a str> + Clone) -> bool {
    words.clone().any(|word| LIMIT.contains(&word))
        && words.all(|word| LIMIT.contains(&word) || BESIDE.contains(&word))
}

/// The analyte, unit and words of a field that holds a reference range: `alp_normal_range_u_l`, `ref_crp`.
fn named(key: &str) -> Option<(String, Option<String>, String)> {
    let key = normalised(key);
    let words: Vec<&str> = key.split('_').collect();
    let before = words.iter().take_while(|word| LIMIT.contains(word) || BESIDE.contains(word)).count();
    let (analyte, unit, behind) = analyte_of(&words[before..].join("_"));
    vocabulary::analyte(&analyte)?;
    let said = [&words[..before].join(" "), behind.as_deref().unwrap_or_default()].join(" ");
    says_limit(said.split_whitespace()).then_some((analyte, unit, said))
}

/// The limits that a value names under words such as `upper limit`, and their unit.
fn limits(words: &str, value: &Value) -> Option<(ReferenceRange, Option<String>)> {
    if let Some(fields) = value.as_object() {
        let end = |names: [&str; 3]| names.iter().find_map(|name| fields.get(*name)?.as_f64());
        let range = ReferenceRange { low: end(["low", "lower", "min"]), high: end(["high", "upper", "max"]) };
        let known = usize::from(range.low.is_some()) + usize::from(range.high.is_some());
        return (known > 0 && known == fields.len()).then_some((range, None));
    }
    let said = amount::read(value)?;
    let has = |names: &[&str]| words.split([' ', '_']).any(|word| names.contains(&word));
    let above = matches!(said.comparator, Some(Comparator::Less | Comparator::AtMost));
    let below = matches!(said.comparator, Some(Comparator::Greater | Comparator::AtLeast));
    let range = if said.low < said.high {
        ReferenceRange { low: Some(said.low), high: Some(said.high) }
    } else if above || has(&["upper", "uln", "high", "max"]) {
        ReferenceRange { low: None, high: Some(said.high) }
    } else if below || has(&["lower", "lln", "low", "min"]) {
        ReferenceRange { low: Some(said.low), high: None }
    } else {
        return None;
    };
    Some((range, said.unit))
}

/// The reference range that a remark behind a number is: `normal <5`, `ref: 0-5`.
pub(super) fn in_brackets(remark: &str) -> Option<ReferenceRange> {
    let at = remark.find(|c: char| c.is_ascii_digit() || "<>≤≥".contains(c))?;
    let (words, number) = remark.split_at(at);
    let words = normalised(words);
    says_limit(words.split('_'))
        .then(|| limits(&words, &Value::String(number.to_owned())))?
        .map(|(range, _)| range)
}

/// Whether a remark is a range without a word that says of what.
pub(super) fn is_bare_range(remark: &str) -> bool {
    amount::read(&Value::String(remark.to_owned())).is_some_and(|said| said.low < said.high)
}

impl Case {
    /// Whether a field of laboratory results holds a reference range.
    pub(super) fn is_reference(key: &str, value: &Value) -> bool {
        named(key).is_some_and(|(_, _, words)| limits(&words, value).is_some())
    }

    /// Gives the reference range of a field to the results of its analyte from a number on.
    pub(super) fn reference(&mut self, first: usize, key: &str, value: &Value) {
        let Some((analyte, unit, words)) = named(key) else { return self.ask(key, value) };
        let Some((range, behind)) = limits(&words, value) else { return self.ask(key, value) };
        if !self.refer(first, &analyte, range, behind.or(unit)) {
            self.ask(key, value);
        }
    }

    /// Whether a reference range could be given to results of an analyte: it is in their unit.
    fn refer(&mut self, first: usize, analyte: &str, range: ReferenceRange, unit: Option<String>) -> bool {
        let name = vocabulary::analyte(analyte).map_or(analyte, |a| a.name.as_str());
        let fits = |result: &LabResult| match (&result.unit, &unit) {
            (Some(a), Some(b)) => normalised(a) == normalised(b),
            (None, Some(_)) => false,
            (_, None) => true,
        };
        let mut given = false;
        for result in self.record.laboratory.iter_mut().skip(first) {
            if result.analyte.as_str() == name && result.value.is_some() && fits(result) {
                let known = result.reference.unwrap_or_default();
                let range = ReferenceRange { low: range.low.or(known.low), high: range.high.or(known.high) };
                result.reference = Some(range);
                given = true;
            }
        }
        given
    }

    /// A result with fields of its own: `{value: 62, unit: U/l, reference: 142-335}`.
    pub(super) fn detailed_result(&mut self, key: &str, fields: &Fields) {
        let value =
            ["value", "result", "number", "level"].iter().find_map(|name| Some((*name, fields.get(*name)?)));
        let Some((name, value)) = value else { return self.ask(key, &Value::Object(fields.clone())) };
        let first = self.record.laboratory.len();
        match fields.get("unit").or_else(|| fields.get("units")).filter(|unit| !unit.is_null()) {
            Some(unit) => self.result(key, &Value::String(format!("{} {}", plain(value), plain(unit)))),
            None => self.result(key, value),
        }
        let analyte = analyte_of(key).0;
        for (detail, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            let words = normalised(detail);
            let range = (says_limit(words.split('_'))
                || matches!(words.as_str(), "low" | "high" | "min" | "max"))
            .then(|| limits(&words, value))
            .flatten();
            let understood = match range {
                Some((range, unit)) => self.refer(first, &analyte, range, unit),
                None => detail == name || matches!(words.as_str(), "unit" | "units"),
            };
            match detail.as_str() {
                _ if understood => {}
                "note" | "comment" => self.remark(key, value),
                _ => self.ask(&format!("{key} {detail}"), value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_that_are_limits_are_told_from_others() {
        let shown = |text: &str| in_brackets(text).map(|range| (range.low, range.high));
        assert_eq!(shown("normal <5"), Some((None, Some(5.0))));
        assert_eq!(shown("ref: 0-5"), Some((Some(0.0), Some(5.0))));
        assert_eq!(shown("normal range 142-335 U/l"), Some((Some(142.0), Some(335.0))));
        assert_eq!(shown("upper limit 5"), Some((None, Some(5.0))));
        assert_eq!(shown("day 5"), None);
        assert_eq!(shown("normal"), None);
        assert_eq!(shown("2-5"), None);
        assert!(is_bare_range("142-335") && !is_bare_range("high"));
    }

    #[test]
    fn fields_of_limits_are_told_from_fields_of_results() {
        let is = |key: &str, value: &str| Case::is_reference(key, &Value::String(value.to_owned()));
        assert!(is("alp_normal_range_u_l", "142-335"));
        assert!(is("alp_reference", "142-335"));
        assert!(is("ref_crp", "<5"));
        assert!(is("crp_upper_limit_mg_l", "5"));
        assert!(!is("crp_mg_l", "5-8"));
        assert!(!is("crp_normal", "true"));
        assert!(!is("crp_high", "72"));
    }
}
