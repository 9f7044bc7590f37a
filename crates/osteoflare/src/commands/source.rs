//! Records of files as commands need them: with the questions that the check leaves, and with what is wrong.

use std::path::{Path, PathBuf};

use osteoflare_clinic::check::{Severity, check};
use osteoflare_clinic::record::Record;
use osteoflare_exchange::{Contents, Fault, Mapping, Options, Problem, Problems, Records, read};
use serde::Serialize;

use crate::arguments::ReadArguments;
use crate::commands::identifiers::{self, Identifiers};
use crate::failure::Failure;
use crate::terminal::say;

/// One record of the files, or what is wrong with it.
pub enum Source {
    /// A record without errors, with questions that may be left.
    Good {
        /// Record.
        record: Box<Record>,
        /// Number of its file among those read.
        file: usize,
        /// Its number in its file, from 1.
        number: usize,
        /// Questions.
        questions: Vec<Complaint>,
        /// What was left out of it.
        left_out: Vec<Complaint>,
    },
    /// A record that cannot be used.
    Bad {
        /// Errors.
        errors: Vec<Complaint>,
        /// Questions, where a record could be formed in spite of the errors.
        questions: Vec<Complaint>,
    },
}

/// What is wrong with a record or odd about it, and where.
#[derive(Debug, Serialize)]
pub struct Complaint {
    /// File.
    pub file: String,
    /// Number of the record in its file, from 1.
    pub record: usize,
    /// Line of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column of the table, or character of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Path within the document or record, or the name of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What it is.
    pub message: String,
    /// As it is said to people.
    #[serde(skip)]
    pub text: String,
}

impl Complaint {
    /// Whether it is about a code of a Phenopacket or a bundle that is not known here.
    fn is_unknown_code(&self) -> bool {
        let coded = self.path.as_deref().is_some_and(|path| path.ends_with(".id") || path.ends_with(".code"));
        coded && self.message.starts_with("unknown ")
    }
}

/// The options that arguments say.
///
/// # Errors
/// What is wrong with the mapping.
pub fn options(arguments: &ReadArguments) -> Result<Options, Failure> {
    let mapping = arguments.mapping.as_deref().map(Mapping::read).transpose();
    Ok(Options {
        mapping: mapping.map_err(|problems| Failure::BadInput(listed(&problems)))?,
        skip_unknown: arguments.skip_unknown,
        ..Options::default()
    })
}

/// The records of files, one by one; a bad one does not stop the next.
pub fn read_all<'a>(files: &'a [PathBuf], options: &'a Options) -> impl Iterator<Item = Source> + 'a {
    let mut seen = Identifiers::default();
    files.iter().enumerate().flat_map(move |(f, file)| read_file(file, options).map(move |s| (f, s))).map(
        move |(f, mut source)| {
            if let Source::Good { file, .. } = &mut source {
                *file = f;
            }
            if let Source::Good { record, number, questions, .. } = &mut source
                && let Some(earlier) = seen.note(&record.id, (f, *number))
            {
                let message = identifiers::question(files, f, earlier);
                questions.push(asked(&files[f], *number, "id".to_owned(), message));
            }
            source
        },
    )
}

/// The records of one file.
fn read_file<'a>(file: &'a Path, options: &'a Options) -> Box<dyn Iterator<Item = Source> + 'a> {
    let records = match read(file, options) {
        Ok(records) => records,
        Err(problems) => {
            let errors = errors(file, 1, &problems);
            return Box::new(std::iter::once(Source::Bad { errors, questions: vec![] }));
        }
    };
    let mut second = SecondReading { file, options, records: None, next: 0 };
    let (mut records, mut k) = (records, 0);
    Box::new(std::iter::from_fn(move || {
        let record = records.next()?;
        k += 1;
        Some(match record {
            Ok(record) => {
                let odd = check(&record).iter().any(|problem| problem.severity == Severity::Question);
                let questions = if odd { second.questions(k - 1) } else { vec![] };
                let left_out = errors(file, k, records.left_out());
                Source::Good { record: Box::new(record), file: 0, number: k, questions, left_out }
            }
            Err(problems) => {
                Source::Bad { errors: errors(file, k, &problems), questions: second.questions(k - 1) }
            }
        })
    }))
}

/// A second reading of a file, for what is odd about its records and where.
struct SecondReading<'a> {
    file: &'a Path,
    options: &'a Options,
    records: Option<Records>,
    next: usize,
}

impl SecondReading<'_> {
    /// The questions about the record with a number from 0, if it has the form of one; numbers must grow.
    fn questions(&mut self, number: usize) -> Vec<Complaint> {
        if self.records.is_none() {
            let options = Options { contents: Contents::Asked, ..self.options.clone() };
            self.records = read(self.file, &options).ok();
        }
        let skip = number - self.next;
        self.next = number + 1;
        let record = self.records.as_mut().and_then(|records| records.nth(skip));
        let Some(Err(problems)) = record else { return vec![] };
        let questions = problems.iter().filter(|problem| matches!(problem.fault, Fault::Question { .. }));
        questions.map(|question| complaint(self.file, number + 1, question)).collect()
    }
}

/// Says the questions of a record, and what was left out of it, on standard error.
pub fn ask(source: &Source) {
    if let Source::Good { left_out, .. } = source {
        tell(left_out);
    }
    let (Source::Good { questions, .. } | Source::Bad { questions, .. }) = source;
    for question in questions {
        say(&format!("question: {}", question.text));
    }
}

/// Says on standard error what was left out.
pub fn tell(left_out: &[Complaint]) {
    for one in left_out {
        say(&format!("note: {}", one.text));
    }
}

/// A question about a record.
fn asked(file: &Path, record: usize, path: String, message: String) -> Complaint {
    let file = file.display().to_string();
    let text = format!("{file}: record {record}: {path}: {message}");
    Complaint { file, record, line: None, column: None, path: Some(path), message, text }
}

fn complaint(file: &Path, record: usize, problem: &Problem) -> Complaint {
    let Problem { place, fault } = problem;
    let named = place.file.as_deref().unwrap_or(file);
    Complaint {
        file: named.display().to_string(),
        record,
        line: place.line,
        column: place.column,
        path: problem.path(),
        message: fault.to_string(),
        text: problem.to_string(),
    }
}

fn errors(file: &Path, number: usize, problems: &Problems) -> Vec<Complaint> {
    let shown = file.display().to_string();
    let mut list: Vec<Complaint> = problems.iter().map(|problem| complaint(file, number, problem)).collect();
    let more = problems.count() - list.len();
    if more > 0 {
        let message = format!("… and {more} more");
        list.push(Complaint {
            file: shown.clone(),
            record: number,
            line: None,
            column: None,
            path: None,
            text: format!("{shown}: {message}"),
            message,
        });
    }
    list
}

/// Complaints as one failure, each line beginning like an error of its own.
pub fn failure(errors: &[Complaint]) -> Failure {
    let lines: Vec<&str> = errors.iter().map(|error| error.text.as_str()).collect();
    let hint = if errors.iter().any(Complaint::is_unknown_code) {
        "\nhint: --skip-unknown leaves out what has an unknown code"
    } else {
        ""
    };
    Failure::BadInput(format!("{}{hint}", lines.join("\nerror: ")))
}

/// One line a problem, each beginning like an error of its own.
pub fn listed(problems: &Problems) -> String {
    problems.to_string().replace('\n', "\nerror: ")
}
