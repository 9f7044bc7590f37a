//! The keys of a study file, read off its JSON Schema.

use osteoflare_study::file;
use serde_json::{Map, Value};

use super::{cell, code};
use crate::document::table;

/// Longest list of words that is spelled out.
const MOST_WORDS: usize = 20;

/// Every key of a study file.
pub fn keys() -> String {
    let mut text = String::from(
        "Made from the same tables that read the file; `osteoflare study schema` prints them as JSON Schema.\n\n\
         *time*: a number and one of `h`, `d`, `wk`, `mo`, `y`, as in `\"26 wk\"`. *series*: `\"every 6 mo until 10 y\"`. \
         *dose*: `\"12 mg/kg\"`, `\"10 mg/m2\"`, `\"40 mg\"`, `\"50 mg/kg max 2 g\"`. *name*: letters, digits, `-`, `_`.\n",
    );
    section(&mut text, "The file", "", &file::schema());
    text
}

/// A table of keys, then the tables that those keys hold.
fn section(text: &mut String, title: &str, path: &str, schema: &Value) {
    let Some(properties) = schema["properties"].as_object() else { return };
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut names: Vec<&String> = properties.keys().collect();
    names.sort_by_key(|name| (!required.contains(&name.as_str()), *name));
    let rows: Vec<Vec<String>> = names
        .iter()
        .map(|name| {
            let key = &properties[*name];
            let needed = if required.contains(&name.as_str()) { "yes" } else { "" };
            vec![code(name), needed.to_owned(), value(key), cell(key["description"].as_str().unwrap_or(""))]
        })
        .collect();
    *text += &format!("\n## {title}\n\n{}", table(&["key", "required", "value", "meaning"], &rows));
    for name in names {
        let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        deeper(text, name, &inner, &properties[name]);
    }
}

fn deeper(text: &mut String, name: &str, path: &str, key: &Value) {
    // Parameters and switches have pages of their own.
    if name == "parameters" || name == "switches" {
        return;
    }
    if key["properties"].is_object() {
        section(text, &format!("`[{path}]`"), path, key);
    } else if key["additionalProperties"]["properties"].is_object() {
        let path = format!("{path}.NAME");
        section(text, &format!("`[{path}]`"), &path, &key["additionalProperties"]);
    } else if key["items"]["properties"].is_object() {
        section(text, &format!("`[[{path}]]`"), path, &key["items"]);
    }
    for choice in key["anyOf"].as_array().into_iter().flatten() {
        if choice["properties"].is_object() {
            section(text, &format!("`{name} = {{ … }}` in `[{}]`", parent(path)), path, choice);
        }
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(parent, _)| parent)
}

/// What stands behind the equals sign.
fn value(key: &Value) -> String {
    if let Some(choices) = key["anyOf"].as_array() {
        return choices.iter().map(value).collect::<Vec<_>>().join(" or ");
    }
    if let Some(word) = key.get("const") {
        return code(&word.to_string());
    }
    if let Some(words) = key["enum"].as_array() {
        return if words.len() > MOST_WORDS {
            "`\"random_metaphysis\"` or a [site](sites.md)".to_owned()
        } else {
            words.iter().map(|word| code(&word.to_string())).collect::<Vec<_>>().join(", ")
        };
    }
    match key["type"].as_str() {
        Some("string") => string(key).to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("integer") => format!("whole number{}", limits(key)),
        Some("number") => format!("number{}", limits(key)),
        Some("array") => format!("list of {}", value(&key["items"])),
        Some("object") => object(key).to_owned(),
        _ => String::new(),
    }
}

fn string(key: &Value) -> &'static str {
    match key["pattern"].as_str() {
        None => "text",
        Some(pattern) if pattern.contains("every") => "series",
        Some(pattern) if pattern.contains("mg") => "dose",
        Some(pattern) if pattern.contains("wk") => "time",
        Some(_) => "name",
    }
}

fn limits(key: &Value) -> String {
    let bound = |name: &str| key.get(name).map(Value::to_string);
    match (bound("minimum"), bound("maximum")) {
        (Some(low), Some(high)) => format!(", {low} to {high}"),
        _ => String::new(),
    }
}

fn object(key: &Value) -> &'static str {
    let holds = |name: &str| key["properties"].as_object().is_some_and(|p: &Map<_, _>| p.contains_key(name));
    if holds("sD") {
        "table of [parameters](parameters.md)"
    } else if holds("adaptive_arm") {
        "table of [switches](switches.md)"
    } else {
        "table, below"
    }
}
