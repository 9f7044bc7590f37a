//! The table of contents: every page that is there.

use std::path::Path;

/// What a line of the table of contents is.
enum Line {
    /// Heading of a part.
    Part(&'static str),
    /// A page that is always there.
    Page(&'static str, &'static str),
    /// A page that its own chore writes.
    Measured(&'static str, &'static str),
}

use Line::{Measured, Page, Part};

const LINES: &[Line] = &[
    Part("Start"),
    Page("First study in five minutes", "tutorial.md"),
    Part("How to"),
    Page("Write a study", "howto/write-a-study.md"),
    Page("Change a parameter, or switch a mechanism off", "howto/change-the-model.md"),
    Page("Read the tables", "howto/read-the-tables.md"),
    Page("Resume", "howto/resume.md"),
    Page("Compare with evidence", "howto/compare-with-evidence.md"),
    Page("Score a patient", "howto/score-a-patient.md"),
    Page("Exchange records", "howto/exchange-records.md"),
    Page("Run a patient in another program", "howto/export.md"),
    Part("The model"),
    Page("One site and the circulation", "model/equations.md"),
    Page("Choices", "model/choices.md"),
    Page("Children and drugs", "model/patients.md"),
    Page("The clinic's eyes", "model/clinic.md"),
    Page("Clinical instruments", "model/instruments.md"),
    Page("The solver", "model/solver.md"),
    Measured("The number 𝓡ₛ", "generated/regeneration.md"),
    Part("Trust"),
    Page("Model card", "model-card.md"),
    Page("Validation", "validation.md"),
    Measured("Acceptance table", "generated/acceptance.md"),
    Measured("Published numbers", "generated/validation.md"),
    Measured("Choice of the integrator", "generated/methods.md"),
    Measured("Peers, side by side", "generated/peers.md"),
    Measured("Benchmark", "generated/benchmark.md"),
    Measured("Cross-check", "generated/crosscheck.md"),
    Measured("Archives in the reference libraries", "generated/archives.md"),
    Part("Reference"),
    Page("Keys of a study file", "generated/study-file.md"),
    Page("Tables of a results folder", "generated/dictionary.md"),
    Page("Equations", "generated/equations.md"),
    Page("Parameters", "generated/parameters.md"),
    Page("States", "generated/states.md"),
    Page("Switches", "generated/switches.md"),
    Page("Drugs", "generated/drugs.md"),
    Page("Sites", "generated/sites.md"),
];

/// The table of contents of the book under `source`.
pub fn summary(source: &Path) -> String {
    let mut text = String::from("# Summary\n\n[Introduction](introduction.md)\n");
    for line in LINES {
        match line {
            Part(title) => text += &format!("\n# {title}\n\n"),
            Page(title, path) => text += &format!("- [{title}]({path})\n"),
            Measured(title, path) if source.join(path).is_file() => text += &format!("- [{title}]({path})\n"),
            Measured(..) => {}
        }
    }
    text
}
