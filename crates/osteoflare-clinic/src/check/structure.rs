//! Every way in which a JSON value departs from the schema of the format, with suggestions.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::{Problems, did_you_mean};
use crate::record::Record;

static SCHEMA: LazyLock<Value> = LazyLock::new(Record::json_schema);

/// Walks a value along the schema.
pub fn check(value: &Value, problems: &mut Problems) {
    walk(value, &SCHEMA, "", problems);
}

fn walk(value: &Value, schema: &Value, path: &str, problems: &mut Problems) {
    let Some(schema) = schema.as_object() else { return };
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        if let Some(target) = SCHEMA.pointer(target.trim_start_matches('#')) {
            walk(value, target, path, problems);
        }
        return;
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(options) = schema.get(key).and_then(Value::as_array) {
            any(value, options, path, problems);
            return;
        }
    }
    if let Some(words) = words(schema) {
        if !words.contains(&value) {
            not_a_word(value, &words, path, problems);
        }
        return;
    }
    if let Some(expected) = wrong_type(value, schema) {
        problems.error(path, format!("expected {expected}, found {}", short(value)));
        return;
    }
    match value {
        Value::Object(fields) => object(fields, schema, path, problems),
        Value::Array(items) => {
            let bound = |key| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
            if bound("minItems").is_some_and(|n| items.len() < n)
                || bound("maxItems").is_some_and(|n| items.len() > n)
            {
                problems.error(path, format!("a list of {} values does not fit here", items.len()));
            }
            if let Some(item) = schema.get("items") {
                for (number, value) in items.iter().enumerate() {
                    walk(value, item, &format!("{path}[{number}]"), problems);
                }
            }
        }
        Value::String(text) if schema.contains_key("pattern") => {
            if let Err(error) = text.parse::<crate::record::Date>() {
                problems.error(path, error.to_string());
            }
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            let whole = schema.get("type").is_some_and(|kind| kind.to_string().contains("integer"));
            if whole && !(number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)) {
                problems.error(path, format!("expected a whole number from 0, found {number}"));
            }
        }
        _ => {}
    }
}

fn object(fields: &Map<String, Value>, schema: &Map<String, Value>, path: &str, problems: &mut Problems) {
    let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let empty = Map::new();
    let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    for (name, value) in fields {
        match (known.get(name), schema.get("additionalProperties")) {
            (Some(schema), _) => walk(value, schema, &join(name), problems),
            (None, Some(Value::Bool(false))) => {
                let mut near: Vec<(f64, &str)> = known
                    .keys()
                    .map(|key| (strsim::jaro_winkler(key, name), key.as_str()))
                    .filter(|(score, _)| *score > 0.8)
                    .collect();
                near.sort_by(|a, b| b.0.total_cmp(&a.0));
                let near: Vec<&str> = near.into_iter().map(|(_, key)| key).take(2).collect();
                let allowed = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                problems.error(
                    join(name),
                    format!("there is no such field{}; allowed: {allowed}", did_you_mean(&near)),
                );
            }
            (None, Some(schema)) => walk(value, schema, &join(name), problems),
            (None, None) => {}
        }
    }
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if let Some(name) = name.as_str()
            && !fields.contains_key(name)
        {
            problems.error(path, format!("the field `{name}` is missing"));
        }
    }
}

/// A value that may have several forms: fine if one fits; else the problems of the form that comes nearest.
fn any(value: &Value, options: &[Value], path: &str, problems: &mut Problems) {
    let words: Vec<&Value> =
        options.iter().filter_map(|option| option.as_object().and_then(words)).flatten().collect();
    if words.len() >= options.len() {
        if !words.contains(&value) {
            not_a_word(value, &words, path, problems);
        }
        return;
    }
    let mut nearest: Option<Problems> = None;
    for option in options {
        let mut found = Problems::default();
        walk(value, option, path, &mut found);
        if found.0.is_empty() {
            return;
        }
        let is_null = option.get("type").is_some_and(|kind| kind == "null");
        let same_type = found.0.iter().all(|p| p.path != path || !p.what.starts_with("expected"));
        if !is_null && (nearest.is_none() || same_type) {
            nearest = Some(found);
        }
    }
    problems.0.extend(nearest.unwrap_or_default().0);
}

/// The words that an enumeration allows.
fn words(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    if let Some(one) = schema.get("const") {
        return Some(vec![one]);
    }
    schema.get("enum").and_then(Value::as_array).map(|words| words.iter().collect())
}

fn not_a_word(value: &Value, words: &[&Value], path: &str, problems: &mut Problems) {
    let words: Vec<&str> = words.iter().filter_map(|word| word.as_str()).collect();
    let near: Vec<&str> = value
        .as_str()
        .and_then(|text| {
            words
                .iter()
                .map(|word| (strsim::jaro_winkler(word, text), *word))
                .filter(|(score, _)| *score > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0))
        })
        .map(|(_, word)| word)
        .into_iter()
        .collect();
    problems
        .error(path, format!("found {}, allowed: {}{}", short(value), words.join(", "), did_you_mean(&near)));
}

/// What was expected, if the type is another.
fn wrong_type(value: &Value, schema: &Map<String, Value>) -> Option<String> {
    let kinds: Vec<&str> = match schema.get("type")? {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = kinds.iter().any(|kind| match *kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" | "integer" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    });
    let name = |kind: &&str| match *kind {
        "boolean" => "true or false".to_owned(),
        "integer" => "a whole number".to_owned(),
        "array" => "a list".to_owned(),
        "string" => "a text".to_owned(),
        kind => format!("a {kind}"),
    };
    (!fits).then(|| kinds.iter().filter(|kind| **kind != "null").map(name).collect::<Vec<_>>().join(" or "))
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
