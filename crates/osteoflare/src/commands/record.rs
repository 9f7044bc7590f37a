//! `osteoflare record`

use std::path::{Path, PathBuf};

use osteoflare_clinic::check::{Problem, Severity, check};
use osteoflare_clinic::record::Record;
use osteoflare_exchange::{Options, read};
use serde::Serialize;

use crate::arguments::{Format, RecordCommand};
use crate::commands::convert::convert;
use crate::failure::Failure;
use crate::terminal::{print, print_json, say};

/// One record of the files, or what is wrong with it.
pub enum Source {
    /// A record without errors, with questions that may be left.
    Good {
        /// File.
        file: PathBuf,
        /// Record.
        record: Box<Record>,
        /// Questions.
        questions: Vec<Problem>,
    },
    /// Every problem, one a line.
    Bad(String),
}

/// The records of files, one by one; a bad one does not stop the next.
pub fn read_all(files: &[PathBuf]) -> impl Iterator<Item = Source> + '_ {
    files.iter().flat_map(|file| -> Box<dyn Iterator<Item = Source>> {
        match read(file, &Options::default()) {
            Err(problems) => Box::new(std::iter::once(Source::Bad(problems.to_string()))),
            Ok(records) => Box::new(records.map(move |record| match record {
                Err(problems) => Source::Bad(problems.to_string()),
                Ok(record) => checked(file, record),
            })),
        }
    })
}

fn checked(file: &Path, record: Record) -> Source {
    let problems = check(&record);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        let lines: Vec<String> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| format!("{}: {problem}", file.display()))
            .collect();
        return Source::Bad(lines.join("\n"));
    }
    Source::Good { file: file.to_owned(), record: Box::new(record), questions: problems }
}

/// `osteoflare record`
pub fn record(command: &RecordCommand) -> Result<(), Failure> {
    match command {
        RecordCommand::Check { files, format } => check_all(files, *format),
        RecordCommand::Convert(arguments) => convert(arguments),
        RecordCommand::Summary { file, output } => summary(file, output),
        RecordCommand::Schema => print_json(&Record::json_schema()),
    }
}

#[derive(Serialize)]
struct Report {
    records: usize,
    errors: Vec<String>,
    questions: Vec<String>,
}

fn check_all(files: &[PathBuf], format: Format) -> Result<(), Failure> {
    let mut report = Report { records: 0, errors: vec![], questions: vec![] };
    for source in read_all(files) {
        match source {
            Source::Good { file, questions, .. } => {
                report.records += 1;
                report
                    .questions
                    .extend(questions.iter().map(|problem| format!("{}: {problem}", file.display())));
            }
            Source::Bad(problems) => report.errors.extend(problems.lines().map(str::to_owned)),
        }
    }
    match format {
        Format::Json => print_json(&report)?,
        Format::Text => {
            for question in &report.questions {
                say(&format!("question: {question}"));
            }
            let records = report.records;
            print(&format!("{records} records without errors, {} questions", report.questions.len()))?;
        }
    }
    if report.errors.is_empty() { Ok(()) } else { Err(Failure::BadInput(report.errors.join("\nerror: "))) }
}

fn summary(file: &Path, output: &Path) -> Result<(), Failure> {
    let files = [file.to_owned()];
    match read_all(&files).next() {
        Some(Source::Good { record, .. }) => {
            osteoflare_report::write_patient_page(&record, output)
                .map_err(|error| Failure::Failed(error.to_string()))?;
            print(&format!("wrote {}", output.display()))
        }
        Some(Source::Bad(problems)) => Err(Failure::BadInput(problems)),
        None => Err(Failure::BadInput(format!("{}: holds no record", file.display()))),
    }
}
