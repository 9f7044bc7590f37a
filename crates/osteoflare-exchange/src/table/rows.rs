//! From a record to rows.

use osteoflare_clinic::record::Record;
use serde_json::Value;

use super::cell::Kind;
use super::columns::{Home, SECTIONS, Section, section};
use crate::json::prune;

/// The rows of a record: cells by name of the column. Cells that are not there are empty.
pub(crate) fn rows_of(record: &Record) -> Vec<Vec<(&'static str, String)>> {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    prune(&mut value);
    let mut rows = Vec::new();
    let mut push = |section: &Section, entry: Option<usize>, cells: Vec<(&'static str, String)>| {
        let mut row = vec![("patient", record.id.clone()), ("section", section.name.to_owned())];
        row.extend(entry.map(|entry| ("entry", (entry + 1).to_string())));
        row.extend(cells);
        rows.push(row);
    };
    for section in SECTIONS {
        match section.home {
            Home::Record => push(section, None, cells(section, &value)),
            Home::List(list) => {
                let counted = SECTIONS.iter().any(|other| match other.home {
                    Home::Within { section: within, .. } | Home::Map { section: within, .. } => {
                        within == section.name
                    }
                    _ => false,
                });
                for (k, entry) in array(&value, &[list]).iter().enumerate() {
                    push(section, counted.then_some(k), cells(section, entry));
                }
            }
            Home::Texts(path) => {
                for text in array(&value, path) {
                    push(section, None, vec![("text", Kind::Text.print(text))]);
                }
            }
            Home::Within { section: within, list } => {
                for (k, parent) in entries(&value, within).iter().enumerate() {
                    for entry in array(parent, &[list]) {
                        push(section, Some(k), cells(section, entry));
                    }
                }
            }
            Home::Map { section: within, map } => {
                for (k, parent) in entries(&value, within).iter().enumerate() {
                    let items = field(parent, map).and_then(Value::as_object);
                    for (name, answer) in items.into_iter().flatten() {
                        let cells = vec![("name", name.clone()), ("result", Kind::Word.print(answer))];
                        push(section, Some(k), cells);
                    }
                }
            }
        }
    }
    rows
}

fn entries<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    match section(name).map(|section| section.home) {
        Some(Home::List(list)) => array(value, &[list]),
        _ => &[],
    }
}

/// The list at a path, or an empty one.
pub(super) fn array<'a>(value: &'a Value, path: &[&str]) -> &'a [Value] {
    field(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn field<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn cells(section: &Section, entry: &Value) -> Vec<(&'static str, String)> {
    section
        .columns
        .iter()
        .filter_map(|column| Some((column.name, column.kind.print(field(entry, column.field)?))))
        .collect()
}
