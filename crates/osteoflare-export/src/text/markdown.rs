//! The equations as a part of a Markdown page.

use std::fmt::Write;

use crate::expression::UnitError;
use crate::text::{names, systems};

/// Headings, equations as text blocks, and what the names mean.
///
/// # Errors
/// [`UnitError`] if the equations add unlike things.
pub fn markdown() -> Result<String, UnitError> {
    let mut text = String::new();
    for system in systems()? {
        let _ = writeln!(text, "## {}\n", system.title);
        text.push_str("Intermediate quantities, in the order of computing:\n\n```text\n");
        for (name, formula) in &system.intermediates {
            let _ = writeln!(text, "{name} = {formula}");
        }
        text.push_str("```\n\nChanges per day:\n\n```text\n");
        for (state, formula) in &system.rates {
            let _ = writeln!(text, "d{state}/dt = {formula}");
        }
        text.push_str("```\n\nGiven to others, and felt:\n\n```text\n");
        for (name, formula) in &system.outputs {
            let _ = writeln!(text, "{name} = {formula}");
        }
        text.push_str("```\n\n");
    }
    text.push_str("## Names besides states and parameters\n\n| name | meaning |\n|---|---|\n");
    for (name, meaning) in names() {
        let _ = writeln!(text, "| `{name}` | {meaning} |");
    }
    Ok(text)
}
