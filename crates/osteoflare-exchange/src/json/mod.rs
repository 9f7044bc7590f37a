//! JSON as it arrives from outside: of any size, shape and intent.
//!
//! A document is read in three steps, each with a bound. [`scan`] takes the bytes in while it counts depth, values
//! and size, so that a hostile file is refused before anything is built from it; [`tree`] builds the values and
//! notices fields given twice; [`typed`] turns them into Rust types and collects everything that does not fit, not only
//! the first. Lines are found afterwards, for the places of problems only ([`locate`]).

mod large;
mod locate;
mod scan;
mod spelling;
mod tree;
mod typed;

pub(crate) use scan::{Limits, read_document};
pub(crate) use typed::{Fit, fit};

use osteoflare_clinic::record::Record;
use serde_json::Value;

use crate::fault::Fault;
use crate::finish::{Check, finish};
use crate::problem::{JsonPath, Place, Problems, Step};
use crate::table::personal;

/// A document with its text, so that the lines of problems can be told.
#[derive(Debug)]
pub(crate) struct Document {
    text: String,
    /// Line of the file at which the text begins, from 1.
    first_line: u64,
    /// The values.
    pub value: Value,
    /// Numbers that no number is: they stand as null among the values.
    pub unfit: Problems,
}

impl Document {
    /// Parses the text of a document that begins at a line of its file.
    ///
    /// # Errors
    /// The place at which it is no JSON, or the fields that are given twice.
    pub fn parse(mut text: String, first_line: u64) -> Result<Document, Problems> {
        let large = large::take_out(&mut text);
        match tree::parse(&text, first_line) {
            Ok((value, problems)) if problems.is_empty() => {
                let unfit = large::problems(&value, &large, &text);
                Ok(Document { text, first_line, value, unfit })
            }
            Ok((_, problems)) => Err(problems.settle(|path| locate::position(&text, path, first_line))),
            Err(problems) => Err(problems),
        }
    }

    /// Fills the lines of problems in and sorts them.
    pub fn settle(&self, problems: Problems) -> Problems {
        problems.settle(|path| locate::position(&self.text, path, self.first_line))
    }
}

/// The node at a path.
pub(crate) fn node<'a>(value: &'a Value, path: &JsonPath) -> Option<&'a Value> {
    path.0.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(*index),
    })
}

/// Name of the kind of a value, without its content.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Removes what says nothing: nulls, empty texts and empty objects among the fields of objects, empty texts in lists, and
/// blanks at the ends of texts.
pub(crate) fn prune(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(prune);
            map.retain(|_, value| match value {
                Value::Null => false,
                Value::String(text) => !text.is_empty(),
                Value::Object(map) => !map.is_empty(),
                _ => true,
            });
        }
        Value::Array(list) => {
            list.iter_mut().for_each(prune);
            list.retain(|value| !matches!(value, Value::String(text) if text.is_empty()));
        }
        Value::String(text) => {
            let trimmed = text.trim();
            if trimmed.len() != text.len() {
                *text = trimmed.to_owned();
            }
        }
        _ => {}
    }
}

/// The record of its JSON form.
///
/// # Errors
/// Everything that does not fit, and what is wrong with the contents of the rest.
pub(crate) fn record(value: &Value, depth: Check) -> Result<Record, Problems> {
    let (mut empty, mut unfit) = (Problems::new(), Problems::new());
    texts(value, &mut Vec::new(), &mut empty, &mut unfit);
    // Elements that are empty are refused, so that pruning moves no other element from its place.
    empty.unless(())?;
    let mut pruned = value.clone();
    prune(&mut pruned);
    spelling::unify(&mut pruned);
    match fitted(&pruned, depth) {
        Ok(record) => unfit.unless(record),
        Err(problems) => {
            unfit.append_elsewhere(problems);
            Err(unfit)
        }
    }
}

fn fitted(value: &Value, depth: Check) -> Result<Record, Problems> {
    let place = |path: &JsonPath| Place::path(path.clone());
    match fit::<Record>(value, personal) {
        Fit::Whole(record) => finish(record, depth, place),
        Fit::Nothing(problems) => Err(problems),
        Fit::Remainder(record, remainder) => {
            let depth = match depth {
                Check::Contents if remainder.lacks(&day_0()) => Check::Untimed,
                Check::Questions if remainder.lacks(&day_0()) => Check::Form,
                other => other,
            };
            Err(remainder.with(finish(record, depth, place).err().unwrap_or_default()))
        }
    }
}

/// The date of day 0: without it no date can be judged.
pub(crate) fn day_0() -> JsonPath {
    JsonPath::default().key("reference_date")
}

/// Looks for texts that no record can hold: empty elements of lists, and control characters, for which other formats have no
/// place.
fn texts(value: &Value, path: &mut Vec<Step>, empty: &mut Problems, unfit: &mut Problems) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                path.push(Step::Key(key.clone()));
                texts(value, path, empty, unfit);
                path.pop();
            }
        }
        Value::Array(list) => {
            for (k, value) in list.iter().enumerate() {
                path.push(Step::Index(k));
                if value.as_str().is_some_and(|text| text.trim().is_empty()) {
                    let fault =
                        Fault::Kind { found: "empty text".to_owned(), expected: "a word or text".to_owned() };
                    empty.add(Place::path(JsonPath(path.clone())), fault);
                }
                texts(value, path, empty, unfit);
                path.pop();
            }
        }
        Value::String(text) => {
            let control = text.chars().find(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r'));
            if let Some(control) = control {
                let found = format!("a control character (U+{:04X})", u32::from(control));
                let fault = Fault::Kind { found, expected: "text without control characters".to_owned() };
                unfit.add(Place::path(JsonPath(path.clone())), fault);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_form_do_not_hide_faults_of_content() {
        let value = serde_json::json!({
            "osteoflare_record": 1,
            "id": "A",
            "patient": {"sex": "femal", "age_years": -3},
            "findings": [
                7,
                {"finding": "pain", "present": true, "place": {"bone": "shinn", "side": "Q"}}
            ]
        });
        let problems = record(&value, Check::Contents).unwrap_err();
        let mut paths: Vec<String> =
            problems.iter().map(|problem| problem.place.path.as_ref().unwrap().to_string()).collect();
        paths.sort();
        // The second finding keeps its number although the first was cut to read on.
        let expected = [
            "$.findings[0]",
            "$.findings[1].place.bone",
            "$.findings[1].place.side",
            "$.patient.age_years",
            "$.patient.sex",
        ];
        assert_eq!(paths, expected);
    }
}
