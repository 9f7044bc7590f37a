//! What a format has no place for.
//!
//! An entry is encoded, decoded again as a stranger would, and compared: every leaf that did not come back is the
//! remainder. So nothing is lost, whatever a format can hold, and nothing is said twice that it can hold.

use serde_json::{Map, Value, json};

/// A leaf that has to be put back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Leaf {
    /// JSON pointer within the entry.
    pub pointer: String,
    /// Its value; `None` if the leaf has to be taken away.
    pub value: Option<Value>,
}

/// Leaves of `original` that are missing or different in `decoded`, and those of `decoded` that should not be there.
pub(crate) fn remainder(original: &Value, decoded: &Value) -> Vec<Leaf> {
    let mut out = Vec::new();
    compare(Some(original), Some(decoded), String::new(), &mut out);
    out
}

fn compare(original: Option<&Value>, decoded: Option<&Value>, pointer: String, out: &mut Vec<Leaf>) {
    match (original, decoded) {
        // What is of another kind, or longer, is made empty first.
        (Some(Value::Object(a)), b) => {
            let empty = Map::new();
            let b = match b {
                Some(Value::Object(b)) => b,
                None => &empty,
                Some(_) => {
                    out.push(Leaf { pointer: pointer.clone(), value: Some(Value::Object(Map::new())) });
                    &empty
                }
            };
            for (key, value) in a {
                compare(Some(value), b.get(key), format!("{pointer}/{}", escape(key)), out);
            }
            for key in b.keys().filter(|key| !a.contains_key(*key)) {
                out.push(Leaf { pointer: format!("{pointer}/{}", escape(key)), value: None });
            }
        }
        (Some(Value::Array(a)), b) if !a.is_empty() => {
            let empty = Vec::new();
            let b = match b {
                Some(Value::Array(b)) if b.len() <= a.len() => b,
                None => &empty,
                Some(_) => {
                    out.push(Leaf { pointer: pointer.clone(), value: Some(Value::Array(Vec::new())) });
                    &empty
                }
            };
            for (k, value) in a.iter().enumerate() {
                compare(Some(value), b.get(k), format!("{pointer}/{k}"), out);
            }
        }
        (a, b) if a == b || numbers(a, b) => {}
        (a, _) => out.push(Leaf { pointer, value: a.cloned() }),
    }
}

/// Whether both are the same number, written as integer or not.
fn numbers(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a.and_then(Value::as_f64), b.and_then(Value::as_f64)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// Puts leaves back. Says of each whether there was a place for it.
pub(crate) fn restore(value: &mut Value, leaf: Leaf) -> bool {
    let mut keys: Vec<String> = leaf.pointer.split('/').skip(1).map(unescape).collect();
    let Some(last) = keys.pop() else { return false };
    let mut node = value;
    for key in &keys {
        let Some(next) = child(node, key) else { return false };
        node = next;
    }
    match leaf.value {
        Some(leaf) => match child(node, &last) {
            Some(place) => *place = leaf,
            None => return false,
        },
        None => match node {
            Value::Object(map) => {
                map.shift_remove(&last);
            }
            _ => return false,
        },
    }
    true
}

/// Longest list that is put back: an index is a number anybody can write.
const LONGEST_LIST: usize = 100_000;

fn child<'a>(node: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    // A number after nothing or a list is an index, else it is a name.
    if let (Ok(index), Value::Null | Value::Array(_)) = (key.parse::<usize>(), &*node) {
        if node.is_null() {
            *node = Value::Array(Vec::new());
        }
        let list = node.as_array_mut()?;
        if index >= LONGEST_LIST.min(list.len() + 1) {
            return None;
        }
        if index == list.len() {
            list.push(Value::Null);
        }
        return list.get_mut(index);
    }
    if node.is_null() {
        *node = Value::Object(Map::new());
    }
    Some(node.as_object_mut()?.entry(key.to_owned()).or_insert(Value::Null))
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn unescape(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// A leaf as FHIR extension of a URL.
pub(crate) fn to_extension(leaf: &Leaf, url: &str) -> Value {
    let value = match &leaf.value {
        Some(Value::Bool(value)) => json!({"url": "value", "valueBoolean": value}),
        Some(Value::Number(value)) => json!({"url": "value", "valueDecimal": value}),
        Some(Value::String(value)) => json!({"url": "value", "valueString": value}),
        Some(Value::Null) => json!({"url": "value", "valueCode": "null"}),
        Some(Value::Array(_)) => json!({"url": "value", "valueCode": "empty-list"}),
        Some(Value::Object(_)) => json!({"url": "value", "valueCode": "empty-object"}),
        None => json!({"url": "value", "valueCode": "absent"}),
    };
    json!({"url": url, "extension": [{"url": "path", "valueString": leaf.pointer}, value]})
}

/// The leaf of an extension; `None` if it is not of the form that [`to_extension`] gives.
pub(crate) fn of_extension(extension: &Value) -> Option<Leaf> {
    let part = |name: &str| {
        extension
            .get("extension")?
            .as_array()?
            .iter()
            .find(|part| part.get("url").and_then(Value::as_str) == Some(name))
    };
    let pointer = part("path")?.get("valueString")?.as_str()?.to_owned();
    if !pointer.starts_with('/') {
        return None;
    }
    let value = part("value")?;
    let value = if let Some(value) = value.get("valueBoolean") {
        Some(Value::Bool(value.as_bool()?))
    } else if let Some(value) = value.get("valueDecimal") {
        Some(Value::Number(value.as_number()?.clone()))
    } else if let Some(value) = value.get("valueString") {
        Some(Value::String(value.as_str()?.to_owned()))
    } else {
        match value.get("valueCode")?.as_str()? {
            "null" => Some(Value::Null),
            "empty-list" => Some(Value::Array(Vec::new())),
            "empty-object" => Some(Value::Object(Map::new())),
            "absent" => None,
            _ => return None,
        }
    };
    Some(Leaf { pointer, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes_back(original: Value, decoded: Value) {
        let mut restored = decoded.clone();
        for leaf in remainder(&original, &decoded) {
            let through = of_extension(&to_extension(&leaf, "u")).unwrap();
            assert!(restore(&mut restored, through), "{leaf:?}");
        }
        let same = remainder(&original, &restored);
        assert!(same.is_empty(), "{restored} {same:?}");
    }

    #[test]
    fn whatever_is_decoded_the_original_comes_back() {
        let original = json!({"a": 1, "b": {"c": [1.5, null], "d/e~": "x"}, "l": [{"p": 1}, {"p": 2}], "e": [], "3": {"x": 1}});
        comes_back(original.clone(), json!({}));
        comes_back(original.clone(), original.clone());
        comes_back(original.clone(), json!({"a": 2, "l": [{"p": 1, "q": 3}], "z": 1}));
        comes_back(original, json!({"l": [1, 2, 3], "b": 4}));
    }

    #[test]
    fn only_what_is_missing_remains() {
        let leaves = remainder(&json!({"a": 1.0, "b": "x"}), &json!({"a": 1}));
        assert_eq!(leaves, [Leaf { pointer: "/b".into(), value: Some(json!("x")) }]);
    }

    #[test]
    fn wild_pointers_find_no_place() {
        let leaf = |pointer: &str| Leaf { pointer: pointer.into(), value: Some(json!(1)) };
        assert!(!restore(&mut json!({"a": []}), leaf("/a/99999999")));
        assert!(!restore(&mut json!({"a": 1}), leaf("/a/b")));
        assert!(!restore(&mut json!({}), leaf("")));
    }
}
