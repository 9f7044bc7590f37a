//! Standard output and standard error as people and pipes need them.

use std::io::{ErrorKind, IsTerminal, Write};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, ContentArrangement, Table};
use serde::Serialize;

use crate::failure::Failure;

/// Width of tables where there is no terminal to ask.
const USUAL_WIDTH: u16 = 120;

/// Prints on standard output.
///
/// # Errors
/// [`Failure::ReaderLeft`] if nobody reads, otherwise the fault of the system.
pub fn print(text: &str) -> Result<(), Failure> {
    if text.ends_with('\n') {
        print_bytes(text.as_bytes())
    } else {
        print_bytes(format!("{text}\n").as_bytes())
    }
}

/// Prints on standard output what need not be text.
///
/// # Errors
/// As [`print`].
pub fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::ReaderLeft),
        Err(error) => Err(Failure::Failed(format!("cannot write to standard output: {error}"))),
    }
}

/// Prints data as JSON.
///
/// # Errors
/// As [`print`].
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Failed(error.to_string()))?;
    print(&text)
}

/// Prints documents as they come, so that a pipe can follow files of any length: one as it is, several as a list.
#[derive(Default)]
pub struct JsonList {
    /// The first document, until it is known whether there is a second.
    first: Option<String>,
    open: bool,
}

impl JsonList {
    /// Prints a document.
    ///
    /// # Errors
    /// As [`print`].
    pub fn add(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Failed(error.to_string()))?;
        if let Some(first) = self.first.take() {
            print(&format!("[\n{first}"))?;
            self.open = true;
        } else if !self.open {
            self.first = Some(text);
            return Ok(());
        }
        print(&format!(",\n{text}"))
    }

    /// Prints what is left.
    ///
    /// # Errors
    /// As [`print`].
    pub fn finish(&mut self) -> Result<(), Failure> {
        match (self.first.take(), self.open) {
            (Some(only), _) => print(&only),
            (None, true) => print("]"),
            (None, false) => Ok(()),
        }
    }
}

/// Says something on standard error. Nobody listening is no error.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says what went wrong.
pub fn complain(failure: &Failure) {
    say(&format!("error: {failure}"));
}

/// Whether standard output is a terminal that wants colours.
fn colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A table as wide as its content, for short cells; titles may have line breaks.
pub fn narrow_table(header: &[&str]) -> Table {
    let mut table = table(header);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table
}

/// A table with a header, as wide as the terminal.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !std::io::stdout().is_terminal() {
        table.set_width(USUAL_WIDTH);
    }
    if !colours() {
        table.force_no_tty();
    }
    table.set_header(header.iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    table
}

/// A heading.
pub fn heading(text: &str) -> String {
    if colours() { format!("\u{1b}[1m{text}\u{1b}[0m\n") } else { format!("{text}\n") }
}
