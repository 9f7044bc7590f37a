//! What is wrong with a record, and what is doubtful: every problem at once, each with its path and line.
//!
//! *Errors* make a record unusable: it contradicts itself or the format. *Questions* are for people: a value that is
//! hardly possible, a word that nobody knows. A record with questions is scored; what is doubtful is not repaired.

mod contradictions;
mod lines;
mod structure;
mod values;

use std::fmt;

use serde::Serialize;

use crate::record::{FORMAT, Record};

pub use lines::line_of;

/// How notes begin that keep what a reader of another format did not understand; each is a question.
pub const NOT_UNDERSTOOD: &str = "not understood: ";

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The record cannot be used.
    Error,
    /// Somebody should look.
    Question,
}

/// One problem of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad.
    pub severity: Severity,
    /// Field, e.g. `laboratory[2].unit`.
    pub path: String,
    /// Line of the file, from 1, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What was found, what is allowed, what may have been meant.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        let path = if self.path.is_empty() { "record" } else { &self.path };
        write!(f, "{path}: {}", self.what)
    }
}

/// Problems as they are found.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn push(&mut self, severity: Severity, path: impl Into<String>, what: impl Into<String>) {
        self.0.push(Problem { severity, path: path.into(), line: None, what: what.into() });
    }

    fn error(&mut self, path: impl Into<String>, what: impl Into<String>) {
        self.push(Severity::Error, path, what);
    }

    fn question(&mut self, path: impl Into<String>, what: impl Into<String>) {
        self.push(Severity::Question, path, what);
    }
}

/// `; did you mean …?`, or nothing without suggestions.
pub fn did_you_mean<S: AsRef<str>>(suggestions: &[S]) -> String {
    let quoted: Vec<String> = suggestions.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((one, [])) => format!("; did you mean {one}?"),
        Some((last, others)) => format!("; did you mean {} or {last}?", others.join(", ")),
    }
}

/// Every problem of a record, errors and questions, in the order of the fields.
pub fn check(record: &Record) -> Vec<Problem> {
    let mut problems = Problems::default();
    if record.format != FORMAT {
        let found = record.format;
        problems.error(
            "osteoflare_record",
            format!("version {found} of the format; this program reads {FORMAT}"),
        );
    }
    if record.id.trim().is_empty() {
        problems.error("id", "is empty; give the patient an identifier (no name)");
    }
    values::check(record, &mut problems);
    contradictions::check(record, &mut problems);
    problems.0
}

/// Reads a record from JSON and checks it.
///
/// Returns the record with its questions.
///
/// # Errors
/// Every problem of the text, with line and path, if at least one is an error.
pub fn read_json(text: &str) -> Result<(Record, Vec<Problem>), Vec<Problem>> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        vec![Problem {
            severity: Severity::Error,
            path: String::new(),
            line: Some(error.line()),
            what: format!("not JSON: {error}"),
        }]
    })?;
    let mut problems = Problems::default();
    // The reader stops at its first problem; the walk along the schema finds all of them. Valid files skip the walk.
    let record: Option<Record> = match serde_json::from_value(value.clone()) {
        Ok(record) => Some(record),
        Err(error) => {
            structure::check(&value, &mut problems);
            if problems.0.is_empty() {
                problems.error("", error.to_string());
            }
            None
        }
    };
    let mut problems = problems.0;
    if let Some(record) = &record {
        problems.extend(check(record));
    }
    for problem in &mut problems {
        problem.line = line_of(text, &problem.path);
    }
    match record {
        Some(record) if problems.iter().all(|p| p.severity == Severity::Question) => Ok((record, problems)),
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests;
