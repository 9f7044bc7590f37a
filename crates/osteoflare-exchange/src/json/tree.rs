//! Builds the values of a document and notices fields that are given twice, of which a plain map would keep one.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::fault::Fault;
use crate::problem::{JsonPath, Place, Problems, Step};

/// Parses text into values and the problems of fields given twice.
///
/// # Errors
/// The place at which the text is no JSON.
pub(super) fn parse(text: &str, first_line: u64) -> Result<(Value, Problems), Problems> {
    let mut state = State::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Node { state: &mut state }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| {
            let line = first_line + error.line().saturating_sub(1) as u64;
            let place = Place { column: Some(error.column() as u64), ..Place::line(line) };
            Problems::one(place, Fault::Syntax { format: "JSON", reason: reason(&error) })
        })?;
    Ok((value, state.problems))
}

/// What the parser says, without its place. Its messages name characters and kinds, never values.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

#[derive(Default)]
struct State {
    path: Vec<Step>,
    problems: Problems,
}

struct Node<'a> {
    state: &'a mut State,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.state.path.push(Step::Index(list.len()));
            let element = access.next_element_seed(Node { state: self.state })?;
            self.state.path.pop();
            match element {
                Some(value) => list.push(value),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            self.state.path.push(Step::Key(key.clone()));
            let value = access.next_value_seed(Node { state: self.state })?;
            if map.contains_key(&key) {
                let path = JsonPath(self.state.path.clone());
                self.state.problems.add(Place::path(path), Fault::Twice { first: None });
            }
            self.state.path.pop();
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_given_twice_are_all_named() {
        let (_, problems) = parse(r#"{"a":1,"a":2,"b":[{"c":1,"c":1}]}"#, 1).unwrap();
        let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["$.a: given twice", "$.b[0].c: given twice"]);
    }

    #[test]
    fn broken_text_is_placed() {
        let problems = parse("{\"a\":1,\n\"b\":tru}", 10).unwrap_err();
        assert_eq!(problems.to_string(), "line 11, column 8: not JSON: expected ident");
        assert!(parse("{} x", 1).unwrap_err().to_string().contains("trailing characters"));
        assert!(parse("1e999", 1).unwrap_err().to_string().contains("number out of range"));
    }

    #[test]
    fn values_are_kept() {
        let text = r#"{"b":[1,-2,2.5,"x",null,true],"a":{}}"#;
        assert_eq!(parse(text, 1).unwrap().0, serde_json::from_str::<Value>(text).unwrap());
    }
}
