//! The catalogue, and that what is written is what it says.

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_column_is_named_once_and_explained() {
    for table in layout().all() {
        let mut names = BTreeSet::new();
        assert!(!table.meaning.is_empty());
        for column in &table.columns {
            assert!(names.insert(column.name.clone()), "{}.{} stands twice", table.name, column.name);
            assert!(!column.unit.is_empty(), "{}.{} has no unit", table.name, column.name);
            assert!(column.meaning.ends_with('.'), "{}.{} is not explained", table.name, column.name);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(column.name.chars().all(plain), "{}.{}", table.name, column.name);
        }
    }
}

#[test]
fn the_dictionary_lists_the_catalogue() {
    let dictionary = dictionary();
    let tables = dictionary["tables"].as_array().unwrap();
    assert_eq!(tables.len(), layout().all().count());
    let page = dictionary_markdown();
    for table in tables {
        let name = table["name"].as_str().unwrap();
        assert!(page.contains(&format!("## `{name}`")));
        for column in table["columns"].as_array().unwrap() {
            assert!(page.contains(&format!("| `{}` |", column["name"].as_str().unwrap())));
        }
    }
}

#[test]
fn files_carry_the_units() {
    let mut sheet = site_rows();
    let rows = sheet.rows() as usize;
    let batch = sheet.take().unwrap();
    assert_eq!((batch.num_rows(), sheet.rows()), (rows, 0));
    for (field, column) in batch.schema().fields().iter().zip(&layout().sites.columns) {
        assert_eq!((field.name().as_str(), field.is_nullable()), (column.name.as_ref(), column.nullable));
        assert_eq!(field.metadata()["unit"], column.unit);
    }
}

#[test]
#[should_panic(expected = "column 'failures.patient' cannot hold Text(\"one\")")]
fn a_row_that_does_not_fit_is_a_fault_of_the_program() {
    let mut sheet = Sheet::new(&layout().failures);
    sheet.push(&[Cell::Text("cno"), Cell::Text("one"), Cell::Text("reason")]);
}

#[test]
fn numbers_that_are_none_are_missing() {
    assert!(matches!(Cell::number(Some(f64::NAN)), Cell::Null));
    assert!(matches!(Cell::number(Some(1.5)), Cell::Number(value) if value == 1.5));
}
