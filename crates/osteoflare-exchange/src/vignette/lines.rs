//! Where in the text of a case something stands.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;

/// A value and the lines of its parts.
pub(super) struct Lined {
    pub value: Value,
    /// Parts in the order of the text: name of the field, none in lists, and line.
    parts: Vec<Part>,
    /// Searches that are left: each looks at the whole case, and nobody reads more of them.
    left: Cell<usize>,
}

/// Most searches in one case.
const MOST_SEARCHES: usize = 200;

struct Part {
    key: Option<String>,
    line: u64,
    parts: Vec<Part>,
}

impl Lined {
    /// The line of a text or value of the case under a section and key, each as far as it is known; `None` if there is none
    /// that is surely meant.
    pub fn line_of(&self, hints: &[&str], sought: &Value) -> Option<u64> {
        self.left.set(self.left.get().checked_sub(1)?);
        let mut best: Option<(usize, u64)> = None;
        let mut rivals = 0;
        let mut keys = Vec::new();
        walk(&self.value, &self.parts, &mut keys, &mut |keys, value, line| {
            let Some(likeness) = likeness(keys, value, sought) else { return };
            let score = likeness + hints.iter().filter(|hint| keys.contains(hint)).count();
            match best {
                Some((most, _)) if most > score => {}
                Some((most, _)) if most == score => rivals += 1,
                _ => (best, rivals) = (Some((score, line)), 0),
            }
        });
        // A number that stands in two places says nothing; of the same words the first will do.
        best.filter(|_| rivals == 0 || !sought.is_number()).map(|(_, line)| line)
    }
}

fn walk<'a>(
    value: &'a Value,
    parts: &'a [Part],
    keys: &mut Vec<&'a str>,
    visit: &mut impl FnMut(&[&str], &Value, u64),
) {
    for (index, part) in parts.iter().enumerate() {
        let within = match &part.key {
            Some(key) => value.get(key),
            None => value.get(index),
        };
        let Some(within) = within else { continue };
        keys.extend(part.key.as_deref());
        visit(keys, within, part.line);
        walk(within, &part.parts, keys, visit);
        keys.truncate(keys.len() - usize::from(part.key.is_some()));
    }
}

/// How surely a part of a case is what is sought, if it may be.
fn likeness(keys: &[&str], value: &Value, sought: &Value) -> Option<usize> {
    const SAME: usize = 8;
    const SAME_WORDS: usize = 6;
    const HOLDS_WORDS: usize = 4;
    let same_number = || value.as_f64().is_some_and(|number| Some(number) == sought.as_f64());
    if value == sought || same_number() {
        return Some(SAME);
    }
    let sought = plain(sought.as_str()?);
    let key = keys.last().map(|key| plain(key)).unwrap_or_default();
    match value {
        _ if sought.is_empty() => None,
        Value::String(text) if plain(text) == sought => Some(SAME_WORDS),
        _ if key == sought => Some(SAME_WORDS),
        Value::String(text) if plain(text).contains(&sought) => Some(HOLDS_WORDS),
        _ if key.contains(&sought) => Some(HOLDS_WORDS),
        _ => None,
    }
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace('_', " ")
}

impl<'de> Deserialize<'de> for Lined {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lined, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

fn lined(value: Value, parts: Vec<Part>) -> Lined {
    Lined { value, parts, left: Cell::new(MOST_SEARCHES) }
}

fn scalar<E>(value: Value) -> Result<Lined, E> {
    Ok(lined(value, Vec::new()))
}

impl<'de> Visitor<'de> for Reader {
    type Value = Lined;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of YAML")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Lined, E> {
        scalar(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Lined, E> {
        scalar(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Lined, E> {
        scalar(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Lined, E> {
        scalar(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Lined, E> {
        scalar(value.into())
    }

    fn visit_none<E>(self) -> Result<Lined, E> {
        scalar(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Lined, E> {
        scalar(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Lined, D::Error> {
        Lined::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Lined, A::Error> {
        let (mut values, mut parts) = (Vec::new(), Vec::new());
        while let Some(element) = list.next_element::<Spanned<Lined>>()? {
            parts.push(Part { key: None, line: element.referenced.line(), parts: element.value.parts });
            values.push(element.value.value);
        }
        Ok(lined(Value::Array(values), parts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Lined, A::Error> {
        let (mut map, mut parts) = (Map::new(), Vec::new());
        while let Some((key, field)) = fields.next_entry::<String, Spanned<Lined>>()? {
            let line = field.referenced.line();
            parts.push(Part { key: Some(key.clone()), line, parts: field.value.parts });
            map.insert(key, field.value.value);
        }
        Ok(lined(Value::Object(map), parts))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Lined;

    #[test]
    fn lines_are_those_of_the_text() {
        let text = "id: A\nlabs:\n  crp_mg_l: high\n  wbc: 7\nsites:\n- {bone: tibia, side: L}\n- bone: tibbia\n  side: L\n\
                    imaging:\n  mri:\n    sites: [left_tibbia, rib]\n    count: 7\nx: ~\n";
        let lined: Lined = serde_saphyr::from_str(text).unwrap();
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        assert_eq!(lined.value, value);
        let line = |hints: &[&str], sought| lined.line_of(hints, &sought);
        assert_eq!(line(&["sites", "bone"], json!("tibbia")), Some(7));
        assert_eq!(line(&["imaging"], json!("left tibbia")), Some(11));
        assert_eq!(line(&[], json!("high")), Some(3));
        assert_eq!(line(&["laboratory", "labs"], json!(7.0)), Some(4));
        assert_eq!(line(&[], json!(7)), None);
        assert_eq!(line(&[], json!("femur")), None);
        assert_eq!(line(&[], json!({"bone": "tibia", "side": "L"})), Some(6));
    }
}
