//! Generated pages of the book.

use std::error::Error;
use std::path::PathBuf;

/// Words that stand on every generated page.
pub const NOTICE: &str =
    "Research software, not a medical device. This page is written by a program; do not edit it.";

/// Writes one generated file of the book and says where.
///
/// # Errors
/// If the file cannot be written.
pub fn write(name: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../book/src/generated");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    std::fs::write(&path, text)?;
    println!("wrote book/src/generated/{name}");
    Ok(())
}

/// A Markdown table.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
    for row in rows {
        out += &format!("| {} |\n", row.join(" | "));
    }
    out
}
