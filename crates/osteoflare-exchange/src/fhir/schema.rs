//! Checks resources against the published JSON Schema of HL7 FHIR R4 (4.0.1).
//!
//! The schema is embedded, reduced to the resources of clinical records; `xtask/scripts/fhir_schema.py` makes it from
//! the published one. It knows names, kinds and patterns of fields; which codes mean something is judged later.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::fault::{Fault, nearest};
use crate::json;
use crate::privacy::{clean, shown};
use crate::problem::{JsonPath, Place, Problems, Step};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/fhir-r4.schema.json"))
        .expect("the embedded schema is checked by the tests of this crate")
});

/// Patterns of the schema, compiled.
static PATTERNS: LazyLock<HashMap<String, Regex>> = LazyLock::new(|| {
    let mut patterns = HashMap::new();
    collect_patterns(&SCHEMA, &mut patterns);
    patterns
});

static RESOURCE_TYPES: LazyLock<Vec<String>> = LazyLock::new(|| {
    SCHEMA["definitions"]["ResourceList"]["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|choice| choice["$ref"].as_str()?.strip_prefix("#/definitions/"))
        .map(str::to_owned)
        .collect()
});

fn collect_patterns(node: &Value, patterns: &mut HashMap<String, Regex>) {
    match node {
        Value::Object(map) => {
            if let Some(pattern) = map.get("pattern").and_then(Value::as_str) {
                let regex = Regex::new(&with_ascii_blanks(pattern))
                    .expect("the embedded schema is checked by the tests of this crate");
                patterns.insert(pattern.to_owned(), regex);
            }
            map.values().for_each(|value| collect_patterns(value, patterns));
        }
        Value::Array(list) => list.iter().for_each(|value| collect_patterns(value, patterns)),
        _ => {}
    }
}

/// The pattern with blanks read as those of ASCII, as the validator of HL7 does: a no-break space is a character like others.
fn with_ascii_blanks(pattern: &str) -> String {
    pattern.replace(r"\S", r"[^\t\n\x0B\x0C\r ]").replace(r"\s", r"[\t\n\x0B\x0C\r ]")
}

/// Names of the types of resources that the schema knows.
pub(super) fn resource_types() -> &'static [String] {
    &RESOURCE_TYPES
}

/// Names of fields and of types.
pub(crate) fn field_names() -> impl Iterator<Item = &'static str> {
    let definitions = SCHEMA["definitions"].as_object().into_iter().flatten();
    definitions.flat_map(|(name, definition)| {
        let fields = definition["properties"].as_object().into_iter().flatten();
        fields.map(|(field, _)| field.as_str()).chain([name.as_str()])
    })
}

/// Adds what the schema says against a resource of a type in [`resource_types`]. Resources within a resource are looked
/// at by the caller, one by one.
pub(super) fn check(resource: &Value, kind: &str, path: &JsonPath, problems: &mut Problems) {
    let mut checker = Checker { path: path.clone(), problems };
    checker.definition(kind, resource);
}

/// Walks a value along the schema.
///
/// The published schema uses few words of JSON Schema (`$ref`, `properties`, `items`, `type`, `enum`, `const`, `pattern`,
/// `required`, `additionalProperties: false`), and its definitions refer to each other in circles; to walk it costs
/// microseconds where to compile it for a general validator costs seconds. A test holds the walk to a general validator.
struct Checker<'p> {
    path: JsonPath,
    problems: &'p mut Problems,
}

impl Checker<'_> {
    fn definition(&mut self, name: &str, value: &Value) {
        if name == "ResourceList" {
            if !value.is_object() {
                self.kind(value, "a resource");
            }
            return;
        }
        self.walk(&SCHEMA["definitions"][name], value);
    }

    fn walk(&mut self, schema: &Value, value: &Value) {
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/definitions/")) {
            return self.definition(name, value);
        }
        if let Some(constant) = schema.get("const") {
            if constant != value {
                self.kind(value, &constant.to_string());
            }
            return;
        }
        if let Some(options) = schema["enum"].as_array() {
            return self.choice(options, value);
        }
        if let Some(properties) = schema["properties"].as_object() {
            let Some(fields) = value.as_object() else { return self.kind(value, "an object") };
            for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !fields.contains_key(required) {
                    let fault = Fault::Missing { field: required.to_owned() };
                    self.problems.add(Place::path(self.path.key(required)), fault);
                }
            }
            for (key, value) in fields {
                let Some(property) = properties.get(key) else {
                    let known: Vec<String> =
                        properties.keys().filter(|name| !name.starts_with('_')).cloned().collect();
                    let nearest = nearest(key, known.iter().map(String::as_str));
                    let fault = Fault::UnknownField { found: clean(key), nearest, allowed: known };
                    self.problems.add(Place::path(self.path.key(key)), fault);
                    continue;
                };
                self.path.0.push(Step::Key(key.clone()));
                self.walk(property, value);
                self.path.0.pop();
            }
            return;
        }
        match schema["type"].as_str() {
            Some("array") => {
                let Some(list) = value.as_array() else { return self.kind(value, "a list") };
                for (k, element) in list.iter().enumerate() {
                    self.path.0.push(Step::Index(k));
                    self.walk(&schema["items"], element);
                    self.path.0.pop();
                }
            }
            Some("boolean") if !value.is_boolean() => self.kind(value, "true or false"),
            Some("number") if !value.is_number() => self.kind(value, "a number"),
            Some("string") if !value.is_string() => self.kind(value, "text"),
            _ => {
                let pattern = schema["pattern"].as_str().and_then(|pattern| PATTERNS.get_key_value(pattern));
                if let (Some(text), Some((pattern, regex))) = (value.as_str(), pattern)
                    && !regex.is_match(text)
                {
                    self.kind(value, &pattern_in_words(pattern));
                }
            }
        }
    }

    fn hidden(&self) -> bool {
        super::personal(&self.path)
    }

    fn kind(&mut self, value: &Value, expected: &str) {
        let found = if self.hidden() { json::kind(value).to_owned() } else { shown(value) };
        let fault = Fault::Kind { found, expected: expected.to_owned() };
        self.problems.add(Place::path(self.path.clone()), fault);
    }

    fn choice(&mut self, options: &[Value], value: &Value) {
        if options.contains(value) {
            return;
        }
        let allowed: Vec<String> =
            options.iter().filter_map(|option| option.as_str().map(str::to_owned)).collect();
        match value {
            Value::String(text) if !self.hidden() => {
                let fault = Fault::UnknownCode {
                    what: self.path.last_key().unwrap_or("code").to_owned(),
                    found: clean(text),
                    nearest: nearest(text, allowed.iter().map(String::as_str)),
                    allowed,
                };
                self.problems.add(Place::path(self.path.clone()), fault);
            }
            other => self.kind(other, &format!("one of {}", allowed.join(", "))),
        }
    }
}

fn pattern_in_words(pattern: &str) -> String {
    let named = |name: &str| SCHEMA["definitions"][name]["pattern"].as_str() == Some(pattern);
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
    use proptest::prelude::*;
    use serde_json::json;

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
                "$.deceasedBoolean: found text, expected true or false",
                "$.gender: unknown gender 'femal'; did you mean 'female'? allowed: male, female, other, unknown",
                "$.name[0].family: found a number, expected text",
                "$.name[0].given: found text, expected a list",
            ]
        );
    }

    /// A general validator of the same schema.
    fn oracle(kind: &str) -> jsonschema::Validator {
        let mut definitions = SCHEMA["definitions"].clone();
        definitions["ResourceList"] = json!({"type": "object"});
        // The published schema forgets to say that what has properties is an object; the walk insists on it.
        for definition in definitions.as_object_mut().unwrap().values_mut() {
            if definition.get("properties").is_some() {
                definition["type"] = json!("object");
            }
        }
        jsonschema::draft6::new(&json!({
            "$schema": "http://json-schema.org/draft-06/schema#",
            "allOf": [{"$ref": format!("#/definitions/{kind}")}],
            "definitions": definitions,
        }))
        .unwrap()
    }

    /// Values that fit in some places of a resource and not in others.
    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(json!("final")),
            Just(json!("2020-01-01")),
            Just(json!("2020-13-01")),
            Just(json!("")),
            Just(json!(" x")),
            Just(json!(3)),
            Just(json!(-2.5)),
            Just(json!(true)),
            Just(json!(null)),
            Just(json!([])),
            Just(json!({})),
            Just(json!([{"coding": [{"system": "x", "code": "y"}]}])),
            Just(json!({"coding": [{"code": "a  b"}]})),
            Just(json!({"reference": "Patient/1"})),
            Just(json!({"value": 1, "unit": "mg"})),
            Just(json!([{"text": "t"}])),
            Just(json!({"resourceType": "Patient"})),
            Just(json!([{"url": "u", "valueDecimal": 1}])),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn the_walk_agrees_with_a_general_validator(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any_value()), 0..4),
        ) {
            thread_local! {
                static ORACLE: jsonschema::Validator = oracle("Observation");
            }
            let names: Vec<String> =
                SCHEMA["definitions"]["Observation"]["properties"].as_object().unwrap().keys().cloned().collect();
            let mut resource = json!({
                "resourceType": "Observation", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/1"},
            });
            for (name, value) in changes {
                resource[name.get(&names)] = value;
            }
            let mut problems = Problems::new();
            check(&resource, "Observation", &JsonPath::default(), &mut problems);
            let valid = ORACLE.with(|oracle| oracle.is_valid(&resource));
            prop_assert_eq!(problems.is_empty(), valid, "{} {}", resource, problems);
        }
    }
}
