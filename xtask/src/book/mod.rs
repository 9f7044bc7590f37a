//! `cargo xtask book`: the pages of the book that are tables of the model itself.

mod model;
mod patient;
mod study_file;
mod summary;
mod validation;

use std::error::Error;
use std::path::{Path, PathBuf};

use osteoflare_study::tables::dictionary_markdown;

use crate::document::{self, NOTICE};

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Also write generated/validation.md: published numbers beside those of this results folder
    #[arg(long, value_name = "DIR")]
    validation: Option<PathBuf>,
}

/// Writes every page, then the table of contents.
///
/// # Errors
/// If results cannot be read or a page cannot be written.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    for (name, text) in pages() {
        document::write(name, &text)?;
    }
    if let Some(folder) = &arguments.validation {
        let text = validation::validation(folder)?;
        let title = "Published numbers beside simulated ones";
        let command = "cargo xtask book --validation DIR";
        document::write("validation.md", &format!("# {title}\n\n{NOTICE} Command: `{command}`.\n\n{text}"))?;
    }
    std::fs::write(source().join("SUMMARY.md"), summary::summary(&source()))?;
    println!("wrote book/src/SUMMARY.md");
    Ok(())
}

/// Folder of the pages.
fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src")
}

/// File names and texts.
fn pages() -> [(&'static str, String); 8] {
    [
        ("equations.md", page("Equations", &model::equations())),
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
    #[test]
    fn pages_are_those_of_the_present_code() {
        for (name, text) in pages() {
            let kept = std::fs::read_to_string(source().join("generated").join(name)).unwrap_or_default();
            assert!(kept == text, "book/src/generated/{name} is out of date; run `cargo xtask book`");
        }
    }

    #[test]
    fn the_table_of_contents_lists_what_is_there() {
        let kept = std::fs::read_to_string(source().join("SUMMARY.md")).unwrap();
        assert!(
            kept == summary::summary(&source()),
            "book/src/SUMMARY.md is out of date; run `cargo xtask book`"
        );
    }

    #[test]
    fn links_between_pages_lead_somewhere() {
        let mut pages = vec![source()];
        let mut links = 0;
        while let Some(path) = pages.pop() {
            if path.is_dir() {
                pages.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            if path.extension().is_none_or(|ending| ending != "md") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for after in text.split("](").skip(1) {
                let target = after.split([')', '#']).next().unwrap();
                if target.is_empty() || target.contains("://") {
                    continue;
                }
                links += 1;
                let reached = path.parent().unwrap().join(target);
                assert!(reached.is_file(), "{}: link to {target}", path.display());
            }
        }
        assert!(links > 30, "only {links} links were found");
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
