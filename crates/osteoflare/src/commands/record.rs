//! `osteoflare record`

use std::path::Path;

use osteoflare_clinic::record::Record;
use osteoflare_exchange::Options;
use serde::Serialize;

use crate::arguments::{CheckArguments, Format, RecordCommand};
use crate::commands::convert::convert;
use crate::commands::source::{Complaint, Source, ask, failure, options, read_all, tell};
use crate::failure::Failure;
use crate::terminal::{print, print_json, say};

/// `osteoflare record`
pub fn record(command: &RecordCommand) -> Result<(), Failure> {
    match command {
        RecordCommand::Check(arguments) => check_all(arguments),
        RecordCommand::Convert(arguments) => convert(arguments),
        RecordCommand::Summary { file, output, force } => summary(file, output, *force),
        RecordCommand::Schema => print_json(&Record::json_schema()),
    }
}

#[derive(Serialize)]
struct Report {
    records: usize,
    errors: Vec<Complaint>,
    questions: Vec<Complaint>,
    left_out: Vec<Complaint>,
}

fn check_all(arguments: &CheckArguments) -> Result<(), Failure> {
    let options = options(&arguments.read)?;
    let mut report = Report { records: 0, errors: vec![], questions: vec![], left_out: vec![] };
    for source in read_all(&arguments.files, &options) {
        match source {
            Source::Good { questions, left_out, .. } => {
                report.records += 1;
                report.left_out.extend(left_out);
                report.questions.extend(questions);
            }
            Source::Bad { errors, questions } => {
                report.errors.extend(errors);
                report.questions.extend(questions);
            }
        }
    }
    match arguments.format {
        Format::Json => print_json(&report)?,
        Format::Text => {
            tell(&report.left_out);
            for question in &report.questions {
                say(&format!("question: {}", question.text));
            }
            let counted =
                |number: usize, what| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
            let (records, questions) =
                (counted(report.records, "record"), counted(report.questions.len(), "question"));
            print(&format!("{records} without errors, {questions}"))?;
        }
    }
    if report.errors.is_empty() { Ok(()) } else { Err(failure(&report.errors)) }
}

fn summary(file: &Path, output: &Path, force: bool) -> Result<(), Failure> {
    if output.exists() && !force {
        let shown = output.display();
        return Err(Failure::BadInput(format!("{shown}: already exists; use --force to replace it")));
    }
    let (files, options) = ([file.to_owned()], Options::default());
    let mut sources = read_all(&files, &options);
    let first = sources.next();
    first.iter().for_each(ask);
    match first {
        Some(Source::Good { record, .. }) => {
            if sources.next().is_some() {
                say(&format!("note: {}: holds several records; the page is of the first", file.display()));
            }
            osteoflare_report::write_patient_page(&record, output)
                .map_err(|error| Failure::Failed(error.to_string()))?;
            print(&format!("wrote {}", output.display()))
        }
        Some(Source::Bad { errors, .. }) => Err(failure(&errors)),
        None => Err(Failure::BadInput(format!("{}: holds no record", file.display()))),
    }
}
