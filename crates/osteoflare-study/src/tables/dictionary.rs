//! The column dictionary: the catalogue written out.

use std::fmt::Write;

use serde_json::{Value, json};

use super::catalogue::layout;

/// The column dictionary as JSON: tables by name, columns in order.
pub fn dictionary() -> Value {
    let tables: Vec<Value> = layout()
        .all()
        .map(|table| {
            let columns: Vec<Value> = table
                .columns
                .iter()
                .map(|column| {
                    json!({
                        "name": column.name,
                        "type": column.kind.as_str(),
                        "unit": column.unit,
                        "may_be_missing": column.nullable,
                        "meaning": column.meaning,
                    })
                })
                .collect();
            json!({ "name": table.name, "meaning": table.meaning, "columns": columns })
        })
        .collect();
    json!({ "tables": tables })
}

/// The column dictionary as a page of documentation.
pub fn dictionary_markdown() -> String {
    let mut page = String::from("# Tables of a results folder\n");
    for table in layout().all() {
        let _ = write!(page, "\n## `{}`\n\n{}\n\n", table.name, table.meaning);
        page.push_str("| column | type | unit | meaning |\n|---|---|---|---|\n");
        for column in &table.columns {
            let missing = if column.nullable { ", may be missing" } else { "" };
            let kind = column.kind.as_str();
            let _ = writeln!(
                page,
                "| `{}` | {kind}{missing} | {} | {} |",
                column.name, column.unit, column.meaning
            );
        }
    }
    page
}
