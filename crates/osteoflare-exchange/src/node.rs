//! A value of a JSON document that knows its path, and entries of records that remember where their fields came from.

use serde_json::{Map, Value};

use crate::problem::{JsonPath, Step};

/// A value and its path.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub value: &'a Value,
    pub path: JsonPath,
}

impl<'a> Node<'a> {
    /// A value at a path.
    pub fn new(value: &'a Value, path: JsonPath) -> Node<'a> {
        Node { value, path }
    }

    /// A field, if it is there.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        Some(Node { value: self.value.get(key)?, path: self.path.key(key) })
    }

    /// A field within fields.
    pub fn at(&self, keys: &[&str]) -> Option<Node<'a>> {
        keys.iter().try_fold(self.clone(), |node, key| node.get(key))
    }

    /// Elements of a list; none if it is not there.
    pub fn items(&self, key: &str) -> Vec<Node<'a>> {
        let Some(list) = self.get(key) else { return Vec::new() };
        let elements = list.value.as_array().map_or(&[][..], Vec::as_slice);
        elements.iter().enumerate().map(|(k, value)| Node { value, path: list.path.index(k) }).collect()
    }

    /// A field of text.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }
}

/// An entry of a record that is being read.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its JSON form.
    pub value: Value,
    /// Paths within it and where they came from.
    pub places: Vec<(JsonPath, JsonPath)>,
}

impl Entry {
    /// An entry without fields that comes from somewhere.
    pub fn from(path: &JsonPath) -> Entry {
        Entry { value: Value::Object(Map::new()), places: vec![(JsonPath::default(), path.clone())] }
    }

    /// Sets a field.
    pub fn set(&mut self, fields: &[&str], value: impl Into<Value>, from: &JsonPath) {
        let mut node = &mut self.value;
        for field in fields {
            if !node.is_object() {
                *node = Value::Object(Map::new());
            }
            node = &mut node[*field];
        }
        *node = value.into();
        let steps = fields.iter().map(|&field| Step::Key(field.to_owned())).collect();
        self.places.push((JsonPath(steps), from.clone()));
    }
}
