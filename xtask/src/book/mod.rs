//! `cargo xtask book`: the pages of the book that are tables of the model itself.

mod model;
mod patient;
mod study_file;

use std::error::Error;

use osteoflare_study::tables::dictionary_markdown;

use crate::document::{self, NOTICE};

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {}

/// Writes every page.
///
/// # Errors
/// If a page cannot be written.
pub fn run(_: &Arguments) -> Result<(), Box<dyn Error>> {
    for (name, text) in pages() {
        document::write(name, &text)?;
    }
    Ok(())
}

/// File names and texts.
fn pages() -> [(&'static str, String); 7] {
    [
        ("parameters.md", page("Parameters", &model::parameters())),
        ("states.md", page("States", &model::states())),
        ("switches.md", page("Switches", &model::switches())),
        ("drugs.md", page("Drugs", &patient::drugs())),
        ("sites.md", page("Sites", &patient::sites())),
        ("study-file.md", page("Keys of a study file", &study_file::keys())),
        ("dictionary.md", dictionary()),
    ]
}

fn page(title: &str, body: &str) -> String {
    format!("# {title}\n\n{NOTICE} Command: `cargo xtask book`.\n\n{body}")
}

/// The column dictionary brings its own title.
fn dictionary() -> String {
    let text = dictionary_markdown();
    let (title, body) = text.split_once('\n').unwrap_or((&text, ""));
    page(title.trim_start_matches("# "), body.trim_start())
}

/// Text that can stand in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The same, as code.
fn code(text: &str) -> String {
    format!("`{}`", cell(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn pages_are_those_of_the_present_code() {
        for (name, text) in pages() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/generated").join(name);
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == text, "book/src/generated/{name} is out of date; run `cargo xtask book`");
        }
    }

    #[test]
    fn every_row_has_as_many_cells_as_its_header() {
        for (name, text) in pages() {
            let mut columns = None;
            for line in text.lines() {
                if !line.starts_with('|') {
                    columns = None;
                    continue;
                }
                let cells = line.replace("\\|", "").matches('|').count();
                assert_eq!(*columns.get_or_insert(cells), cells, "{name}: {line}");
            }
        }
    }
}
