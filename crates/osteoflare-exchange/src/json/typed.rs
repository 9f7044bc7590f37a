//! Turns values into Rust types and collects everything that does not fit.
//!
//! A derived `Deserialize` stops at the first fault. Here the faulty node is reported and cut out of a copy, and the
//! copy is looked at again, until it fits or nothing is left. A node that is only missing because it was cut is not
//! reported; the object that needs it is cut instead.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::spelling::ANSWER;
use crate::fault::{Fault, nearest};
use crate::json;
use crate::privacy::{self, clean};
use crate::problem::{JsonPath, MOST_PROBLEMS, Place, Problems, Step};

/// How much of a value fits a type.
pub(crate) enum Fit<T> {
    /// All of it.
    Whole(T),
    /// What is left without the faulty nodes, and what is wrong with those.
    Remainder(T, Remainder),
    /// Nothing.
    Nothing(Problems),
}

/// What is left of a value without its faulty nodes: where its nodes were in the original, and why others are missing.
pub(crate) struct Remainder {
    /// What is left.
    pub(crate) value: Value,
    /// Faults of the nodes that were cut.
    problems: Problems,
    shape: Shape,
    cuts: Vec<JsonPath>,
}

impl Remainder {
    /// Whether the node, or something in or around it, was cut.
    pub(crate) fn lacks(&self, path: &JsonPath) -> bool {
        self.cuts.iter().any(|cut| cut.0.starts_with(&path.0) || path.0.starts_with(&cut.0))
    }

    /// The faults of the nodes that were cut, and those that were found in what is left, with their paths in the
    /// original. What holds or lacks a part that was cut is not at fault itself.
    pub(crate) fn with(&self, rest: Problems) -> Problems {
        let mut problems = self.problems.clone();
        for problem in &rest.relocate(|path| Place::path(self.shape.original_path(&path.0))) {
            if !problem.place.path.as_ref().is_some_and(|path| self.lacks(path)) {
                problems.add(problem.place.clone(), problem.fault.clone());
            }
        }
        problems
    }
}

/// Fits a value to a type; every fault has the path of its node. `personal` says of a node whether its content may be
/// personal; the content of others is repeated in messages.
pub(crate) fn fit<T: DeserializeOwned>(value: &Value, personal: fn(&JsonPath) -> bool) -> Fit<T> {
    let mut error = match serde_path_to_error::deserialize::<_, T>(value) {
        Ok(typed) => return Fit::Whole(typed),
        Err(error) => error,
    };
    let mut work =
        Work { copy: value.clone(), shape: Shape::of(value), problems: Problems::new(), cuts: Vec::new() };
    for _ in 0..MOST_PROBLEMS {
        if !work.report_and_cut(value, &error, personal) {
            break;
        }
        match serde_path_to_error::deserialize::<_, T>(&work.copy) {
            Ok(typed) => {
                let Work { copy: value, shape, problems, cuts } = work;
                return Fit::Remainder(typed, Remainder { value, problems, shape, cuts });
            }
            Err(next) => error = next,
        }
    }
    Fit::Nothing(work.problems)
}

/// Remembers which elements of the original lists are still in the copy.
struct Shape {
    fields: Vec<(String, Shape)>,
    elements: Vec<(usize, Shape)>,
}

impl Shape {
    fn of(value: &Value) -> Shape {
        let mut shape = Shape { fields: Vec::new(), elements: Vec::new() };
        match value {
            Value::Object(map) => {
                shape.fields = map.iter().map(|(key, value)| (key.clone(), Shape::of(value))).collect();
            }
            Value::Array(list) => {
                shape.elements = list.iter().enumerate().map(|(k, value)| (k, Shape::of(value))).collect();
            }
            _ => {}
        }
        shape
    }

    fn original_path(&self, steps: &[Step]) -> JsonPath {
        let mut path = Vec::new();
        let mut shape = Some(self);
        for step in steps {
            match step {
                Step::Key(key) => {
                    path.push(step.clone());
                    shape = shape
                        .and_then(|shape| shape.fields.iter().find(|(name, _)| name == key))
                        .map(|(_, shape)| shape);
                }
                Step::Index(index) => {
                    let element = shape.and_then(|shape| shape.elements.get(*index));
                    path.push(Step::Index(element.map_or(*index, |(original, _)| *original)));
                    shape = element.map(|(_, shape)| shape);
                }
            }
        }
        JsonPath(path)
    }
}

struct Work {
    copy: Value,
    shape: Shape,
    problems: Problems,
    /// Paths that were cut, in the terms of the original.
    cuts: Vec<JsonPath>,
}

impl Work {
    /// Reports a fault and cuts its node; false when nothing is left to cut.
    fn report_and_cut(
        &mut self,
        original: &Value,
        error: &serde_path_to_error::Error<serde_json::Error>,
        personal: fn(&JsonPath) -> bool,
    ) -> bool {
        let message = error.inner().to_string();
        let mut steps = steps(error.path());
        if let Some(field) = quoted_after(&message, "missing field `") {
            let path = self.shape.original_path(&steps).key(&field);
            if !self.cuts.contains(&path) {
                self.problems.add(Place::path(path), Fault::Missing { field });
            }
            return self.cut(&steps);
        }
        if let Some(found) = quoted_after(&message, "unknown field `") {
            let allowed = quoted(&message[message.find("expected").unwrap_or(message.len())..]);
            // The path of an unknown field ends at its object or at the field itself, as the type reads it.
            if !matches!(steps.last(), Some(Step::Key(key)) if *key == found) {
                steps.push(Step::Key(found.clone()));
            }
            let path = self.shape.original_path(&steps);
            let nearest = nearest(&found, allowed.iter().map(String::as_str));
            self.problems
                .add(Place::path(path), Fault::UnknownField { found: clean(&found), nearest, allowed });
            return self.cut(&steps);
        }
        let path = self.shape.original_path(&steps);
        let found = json::node(original, &path);
        let hidden = personal(&path);
        let fault = match (found, quoted_after(&message, "unknown variant `")) {
            (Some(Value::String(text)), Some(_)) if !hidden => {
                let allowed = quoted(&message[message.find("expected").unwrap_or(message.len())..]);
                Fault::UnknownCode {
                    what: path.last_key().unwrap_or("code").to_owned(),
                    found: clean(text),
                    nearest: nearest(text, allowed.iter().map(String::as_str)),
                    allowed,
                }
            }
            _ => {
                let answer = path.keys().any(|key| key == "chaq") && path.keys().any(|key| key == "items");
                let expected = if answer { ANSWER.to_owned() } else { expected(&message, hidden) };
                Fault::Kind { found: shown(found, hidden), expected }
            }
        };
        self.problems.add(Place::path(path), fault);
        self.cut(&steps)
    }

    /// Cuts the node out of the copy; false at the root, or if there is no such node.
    fn cut(&mut self, steps: &[Step]) -> bool {
        let Some((last, parents)) = steps.split_last() else { return false };
        self.cuts.push(self.shape.original_path(steps));
        let (mut value, mut shape) = (&mut self.copy, &mut self.shape);
        for step in parents {
            let next = match (step, value, &mut *shape) {
                (Step::Key(key), Value::Object(map), shape) => map
                    .get_mut(key)
                    .zip(shape.fields.iter_mut().find(|(name, _)| name == key).map(|(_, shape)| shape)),
                (Step::Index(k), Value::Array(list), shape) => {
                    list.get_mut(*k).zip(shape.elements.get_mut(*k).map(|(_, shape)| shape))
                }
                _ => None,
            };
            let Some(next) = next else { return false };
            (value, shape) = next;
        }
        match (last, value) {
            (Step::Key(key), Value::Object(map)) => {
                shape.fields.retain(|(name, _)| name != key);
                map.shift_remove(key).is_some()
            }
            (Step::Index(k), Value::Array(list)) if *k < list.len() => {
                shape.elements.remove(*k);
                list.remove(*k);
                true
            }
            _ => false,
        }
    }
}

/// What was expected, in words, from the message of the deserialiser.
fn expected(message: &str, hidden: bool) -> String {
    if message.contains("untagged enum When") {
        return "days since day 0, or a date YYYY-MM-DD that exists".to_owned();
    }
    if message.contains("is not a calendar date") {
        return "a date YYYY-MM-DD that exists between 1800 and 2200".to_owned();
    }
    let Some(at) = message.find("expected ") else {
        // Messages of our own types name what they found, which must not be personal.
        return if hidden { "another value".to_owned() } else { message.to_owned() };
    };
    match &message[at + "expected ".len()..] {
        "f64" => "a number".to_owned(),
        "u8" | "u32" | "u64" => "a whole number from 0".to_owned(),
        "a string" => "text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        words if words.starts_with("struct ") => "an object".to_owned(),
        words if words.starts_with("one of") || words.starts_with('`') => words.replace('`', ""),
        words => words.to_owned(),
    }
}

fn shown(found: Option<&Value>, hidden: bool) -> String {
    match found {
        None => "nothing".to_owned(),
        Some(value) if hidden => json::kind(value).to_owned(),
        Some(value) => privacy::shown(value),
    }
}

fn steps(path: &serde_path_to_error::Path) -> Vec<Step> {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            // The variant of an enumeration is not a node of its own in the way records are written; see the tests.
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// The text between `before` and the next back quote.
fn quoted_after(message: &str, before: &str) -> Option<String> {
    let rest = &message[message.find(before)? + before.len()..];
    Some(rest[..rest.find('`')?].to_owned())
}

/// Every text between back quotes.
fn quoted(message: &str) -> Vec<String> {
    message.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        name: String,
        sex: Sex,
        #[serde(default)]
        visits: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        day: f64,
        crp: Option<f64>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Sex {
        Female,
        Male,
    }

    fn personal(path: &JsonPath) -> bool {
        path.last_key() == Some("name")
    }

    fn problems(value: Value) -> Vec<String> {
        let problems = match fit::<Outer>(&value, personal) {
            Fit::Whole(outer) => panic!("{outer:?}"),
            Fit::Remainder(_, remainder) => remainder.with(Problems::new()),
            Fit::Nothing(problems) => problems,
        };
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn everything_is_reported_once_with_its_own_index() {
        let found = problems(json!({
            "name": 7, "sex": "femal",
            "visits": [{"day": "x"}, {"day": 1, "crp": true}, {"crp": 1}, {"day": 2, "cpr": 3}, {"day": 4}]
        }));
        assert_eq!(
            found,
            [
                "$.name: found a number, expected text",
                "$.sex: unknown sex 'femal'; did you mean 'female'? allowed: female, male",
                "$.visits[0].day: found 'x', expected a number",
                "$.visits[1].crp: found true, expected a number",
                "$.visits[2].day: 'day' is missing",
                "$.visits[3].cpr: unknown field 'cpr'; did you mean 'crp'? allowed: day, crp",
            ]
        );
    }

    #[test]
    fn a_fault_of_the_root_ends_it() {
        assert_eq!(problems(json!(1)).len(), 1);
        assert_eq!(problems(json!({"sex": "male"})), ["$.name: 'name' is missing"]);
    }

    #[test]
    fn personal_content_is_not_repeated() {
        let found = problems(json!({"name": {"first": "Ada"}, "sex": "male"}));
        assert_eq!(found, ["$.name: found an object, expected text"]);
    }
}
