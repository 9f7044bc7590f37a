//! Finds the line of a node in the text of a document.

use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::problem::{JsonPath, Step};

/// Line and column, from 1, at which the value at a path begins; of its nearest ancestor if there is no such value.
pub(super) fn position(text: &str, path: &JsonPath, first_line: u64) -> Option<(u64, u64)> {
    let mut here: &str = text.trim_start();
    for step in &path.0 {
        let found: Option<&RawValue> = match step {
            Step::Key(key) => serde_json::from_str::<HashMap<String, &RawValue>>(here)
                .ok()
                .and_then(|map| map.get(key).copied()),
            Step::Index(index) => {
                serde_json::from_str::<Vec<&RawValue>>(here).ok().and_then(|list| list.get(*index).copied())
            }
        };
        match found {
            Some(raw) => here = raw.get(),
            None => break,
        }
    }
    // Every piece is a slice of the text, so its address tells its place.
    let offset = (here.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let before = text.get(..offset)?;
    let line = before.bytes().filter(|&byte| byte == b'\n').count() as u64;
    let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() as u64;
    Some((first_line + line, column + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_found() {
        let text = "\n{\"a\": [1,\n   {\"b\": \"é\", \"c\": 2}]}";
        let at = |path: JsonPath| position(text, &path, 1).unwrap();
        let root = JsonPath::default();
        assert_eq!(at(root.clone()), (2, 1));
        assert_eq!(at(root.key("a").index(1).key("c")), (3, 20));
        assert_eq!(at(root.key("a").index(1).key("missing")), (3, 4));
        assert_eq!(position(text, &root.key("a"), 10).unwrap(), (11, 7));
    }
}
