//! Checks resources against the published JSON Schema of HL7 FHIR R4 (4.0.1).
//!
//! The schema is embedded, reduced to the resources of clinical records; `xtask/scripts/fhir_schema.py` makes it from
//! the published one. It knows names, kinds and patterns of fields; which codes mean something is judged later.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use serde_json::{Map, Value, json};

use crate::json;
use crate::problem::{Fault, JsonPath, Place, Problems, Step, clean, nearest};

/// Names of the types of resources that the schema knows.
pub(super) fn resource_types() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        schema()["definitions"]["ResourceList"]["oneOf"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|choice| choice["$ref"].as_str()?.strip_prefix("#/definitions/"))
            .map(str::to_owned)
            .collect()
    })
}

/// Adds what the schema says against a resource of a type in [`resource_types`].
pub(super) fn check(resource: &Value, kind: &str, path: &JsonPath, problems: &mut Problems) {
    let validator = validator(kind);
    for error in validator.iter_errors(resource) {
        let mut place = path.clone();
        for segment in &error.instance_path {
            place.0.push(match segment {
                LocationSegment::Property(key) => Step::Key(key.to_string()),
                LocationSegment::Index(index) => Step::Index(index),
            });
        }
        report(&error, &place, kind, problems);
    }
}

fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        serde_json::from_str(include_str!("../../data/fhir-r4.schema.json"))
            .expect("the embedded schema is checked by the tests of this crate")
    })
}

fn validator(kind: &str) -> Arc<Validator> {
    static VALIDATORS: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(Mutex::default);
    let mut validators = validators.lock().unwrap_or_else(PoisonError::into_inner);
    let validator = validators.entry(kind.to_owned()).or_insert_with(|| {
        Arc::new(
            jsonschema::draft6::options()
                .build(&json!({
                    "$schema": "http://json-schema.org/draft-06/schema#",
                    "allOf": [{"$ref": format!("#/definitions/{kind}")}],
                    "definitions": flattened(kind),
                }))
                .expect("the embedded schema is checked by the tests of this crate"),
        )
    });
    Arc::clone(validator)
}

/// The definitions that a resource needs. Resources within resources are checked one by one, so that a fault in one
/// does not read as "none of 28 kinds".
fn flattened(kind: &str) -> Value {
    let definitions = &schema()["definitions"];
    let mut kept = Map::new();
    let mut open = vec![kind.to_owned()];
    while let Some(name) = open.pop() {
        if kept.contains_key(&name) {
            continue;
        }
        let definition = match name.as_str() {
            "ResourceList" => json!({"type": "object"}),
            _ => definitions[&name].clone(),
        };
        references(&definition, &mut open);
        kept.insert(name, definition);
    }
    Value::Object(kept)
}

fn references(node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str().and_then(|text| text.strip_prefix("#/definitions/")) {
                    Some(name) if key == "$ref" => found.push(name.to_owned()),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

fn report(error: &ValidationError<'_>, path: &JsonPath, kind: &str, problems: &mut Problems) {
    let hidden = super::personal(path);
    let found = || match error.instance.as_ref() {
        Value::String(text) if !hidden => format!("'{}'", clean(text)),
        Value::Number(number) if !hidden => clean(&number.to_string()),
        Value::Bool(value) if !hidden => value.to_string(),
        other => json::kind(other).to_owned(),
    };
    match &error.kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = known_fields(&error.schema_path.to_string(), kind);
            for name in unexpected {
                let nearest = nearest(name, known.iter().map(String::as_str));
                let fault = Fault::UnknownField { found: clean(name), nearest, allowed: known.clone() };
                problems.add(Place::path(path.key(name)), fault);
            }
        }
        ValidationErrorKind::Required { property } => {
            let field = property.as_str().unwrap_or_default();
            problems.add(Place::path(path.key(field)), Fault::Missing { field: field.to_owned() });
        }
        ValidationErrorKind::Enum { options } => {
            let allowed: Vec<String> = options
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|o| o.as_str().map(str::to_owned))
                .collect();
            let fault = match error.instance.as_ref() {
                Value::String(text) if !hidden => Fault::UnknownCode {
                    what: path.last_key().unwrap_or("code").to_owned(),
                    found: clean(text),
                    nearest: nearest(text, allowed.iter().map(String::as_str)),
                    allowed,
                },
                _ => Fault::Kind { found: found(), expected: allowed.join(", ") },
            };
            problems.add(Place::path(path.clone()), fault);
        }
        other => {
            let expected = match other {
                ValidationErrorKind::Type { kind: TypeKind::Single(single) } => single.to_string(),
                ValidationErrorKind::Type { .. } => "another kind of value".to_owned(),
                ValidationErrorKind::Pattern { pattern } => pattern_in_words(pattern),
                ValidationErrorKind::Constant { expected_value } => expected_value.to_string(),
                _ => "what the schema of FHIR R4 allows".to_owned(),
            };
            problems.add(Place::path(path.clone()), Fault::Kind { found: found(), expected });
        }
    }
}

/// Fields of the object whose schema forbids further ones.
fn known_fields(schema_path: &str, kind: &str) -> Vec<String> {
    // The path of the schema runs through references: the last one before the end names the definition.
    let definition = schema_path
        .split('/')
        .collect::<Vec<_>>()
        .windows(2)
        .rev()
        .find(|pair| pair[0] == "definitions")
        .map_or(kind.to_owned(), |pair| pair[1].to_owned());
    schema()["definitions"][&definition]["properties"]
        .as_object()
        .map(|fields| fields.keys().filter(|name| !name.starts_with('_')).cloned().collect())
        .unwrap_or_default()
}

fn pattern_in_words(pattern: &str) -> String {
    let named = |name: &str| schema()["definitions"][name]["pattern"].as_str() == Some(pattern);
    for (name, words) in [
        ("date", "a date: YYYY, YYYY-MM or YYYY-MM-DD"),
        ("dateTime", "a date, or a date with time and zone: YYYY-MM-DDThh:mm:ss+zz:zz"),
        ("instant", "an instant: YYYY-MM-DDThh:mm:ss+zz:zz"),
        ("time", "a time: hh:mm:ss"),
        ("id", "an identifier: letters, digits, '-' and '.', at most 64"),
        ("decimal", "a decimal number"),
        ("code", "a code without blanks at its ends"),
        ("uri", "a URI without blanks"),
        ("positiveInt", "a whole number from 1"),
        ("unsignedInt", "a whole number from 0"),
        ("string", "text that is not empty"),
    ] {
        if named(name) {
            return words.to_owned();
        }
    }
    format!("text of the form {pattern}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(resource: Value) -> Vec<String> {
        let kind = resource["resourceType"].as_str().unwrap().to_owned();
        let mut problems = Problems::new();
        check(&resource, &kind, &JsonPath::default(), &mut problems);
        let mut found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        found.sort();
        found
    }

    #[test]
    fn every_type_of_resource_has_a_validator() {
        assert!(resource_types().len() > 20);
        for kind in resource_types() {
            let mut problems = Problems::new();
            check(&json!({"resourceType": kind}), kind, &JsonPath::default(), &mut problems);
            assert!(
                problems.iter().all(|problem| matches!(problem.fault, Fault::Missing { .. })),
                "{problems}"
            );
        }
    }

    #[test]
    fn faults_are_named_without_personal_content() {
        let found = problems(json!({
            "resourceType": "Patient", "gender": "femal", "birthDate": "2015-13-01", "brthDate": "x",
            "name": [{"family": 7, "given": "Ada"}], "deceasedBoolean": "no"
        }));
        assert_eq!(
            found,
            [
                "$.birthDate: found text, expected a date: YYYY, YYYY-MM or YYYY-MM-DD",
                "$.brthDate: unknown field 'brthDate'; did you mean 'birthDate'?",
                "$.deceasedBoolean: found text, expected boolean",
                "$.gender: unknown gender 'femal'; did you mean 'female'? allowed: male, female, other, unknown",
                "$.name[0].family: found a number, expected string",
                "$.name[0].given: found text, expected array",
            ]
        );
    }
}
