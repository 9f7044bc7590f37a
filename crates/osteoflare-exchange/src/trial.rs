//! A trial of the importers by one input: for the chore `cargo xtask fuzz` and the test that replays its corpus.

use std::io::Cursor;

use osteoflare_clinic::record::Record;
use serde_json::Value;

use crate::json::prune;
use crate::{
    Contents, Fault, Format, Mapping, Options, Problem, WriteError, WriteOptions, Writer, read_stream,
};

/// Kinds of inputs: what is tried, and the name of its folder in the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Whatever the content says: own JSON, phenopackets, FHIR, long tables.
    Any,
    /// JSON documents, one a line.
    Lines,
    /// A table with one row a patient, with a fixed mapping.
    Wide,
    /// A mapping file.
    Mapping,
}

impl Door {
    /// Every door.
    pub const ALL: [Door; 4] = [Door::Any, Door::Lines, Door::Wide, Door::Mapping];

    /// Name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Door::Any => "any",
            Door::Lines => "lines",
            Door::Wide => "wide",
            Door::Mapping => "mapping",
        }
    }
}

/// Tries an input: it must be read or refused, never panic; what is read must come back the same through own JSON, the
/// long table and FHIR. Gives what happened, as text without numbers, by which one outcome is told from another.
///
/// # Errors
/// If what was read does not come back, with the reason.
pub fn try_input(door: Door, bytes: &[u8], wide_mapping: &Mapping) -> Result<String, String> {
    // Unchecked, so that more of what is read goes on to be written.
    let mut options = Options { contents: Contents::Unchecked, ..Options::default() };
    match door {
        Door::Mapping => {
            let text = String::from_utf8_lossy(bytes);
            return Ok(match Mapping::parse(&text) {
                Ok(_) => "read".to_owned(),
                Err(problems) => problems.iter().map(outline).collect::<Vec<_>>().join(" "),
            });
        }
        Door::Wide => {
            options.mapping = Some(wide_mapping.clone());
            options.format = Some(Format::Wide);
        }
        Door::Any | Door::Lines => {}
    }
    let open =
        |options: &Options| read_stream(Box::new(Cursor::new(bytes.to_vec())), door == Door::Lines, options);
    let mut outlines = Vec::new();
    match open(&options) {
        Err(problems) => outlines.extend(problems.iter().map(outline)),
        Ok(records) => {
            let mut count = 0;
            for record in records {
                count += 1;
                match record {
                    Ok(record) => {
                        comes_back(&record)?;
                        outlines.push(shape(&record));
                    }
                    Err(problems) => {
                        // Whatever the problem is, it must be possible to say it.
                        let _ = problems.to_string();
                        outlines.extend(problems.iter().map(outline));
                    }
                }
            }
            // Questions are found again by the number of their record.
            options.contents = Contents::Asked;
            let asked = open(&options).map_or(0, Iterator::count);
            if asked != count {
                return Err(format!("{count} records, of which {asked} are asked about"));
            }
        }
    }
    outlines.sort();
    outlines.dedup();
    outlines.truncate(20);
    Ok(outlines.join(" "))
}

/// A problem without its values: kind and names of fields.
fn outline(problem: &Problem) -> String {
    let kind = match &problem.fault {
        Fault::Unreadable { .. } => "unreadable",
        Fault::TooLarge { .. } => "large",
        Fault::TooDeep { .. } => "deep",
        Fault::Syntax { .. } => "syntax",
        Fault::Format { .. } => "format",
        Fault::UnknownField { .. } => "unknown-field",
        Fault::Missing { .. } => "missing",
        Fault::Twice { .. } => "twice",
        Fault::Kind { .. } => "kind",
        Fault::UnknownCode { .. } => "unknown-code",
        Fault::Impossible { .. } => "impossible",
        Fault::Contradiction { .. } => "contradiction",
        Fault::OtherPatient { .. } => "other-patient",
        Fault::Lost { .. } => "lost",
        Fault::Question { .. } => "question",
        Fault::LeftOut { .. } => "left-out",
        Fault::Record { .. } => "record",
    };
    let field =
        problem.place.field.as_deref().or(problem.place.path.as_ref().and_then(|path| path.last_key()));
    format!("{kind}:{}", field.unwrap_or_default().chars().take(24).collect::<String>())
}

/// Which sections a record has.
fn shape(record: &Record) -> String {
    let value = serde_json::to_value(record).unwrap_or_default();
    let keys: Vec<&str> = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    format!("read:{}", keys.join("+"))
}

fn comes_back(record: &Record) -> Result<(), String> {
    let expected = pruned(record);
    let unchecked = Options { contents: Contents::Unchecked, ..Options::default() };
    for format in [Format::Json, Format::Csv, Format::Fhir] {
        let mut bytes = Vec::new();
        let options = WriteOptions::default();
        let done = Writer::new(&mut bytes, format, &options)
            .and_then(|mut writer| writer.write(record).map(|()| writer))
            .and_then(|writer| writer.finish(|| Err::<Vec<u8>, _>(WriteError::NoCompanion)));
        if let Err(error) = done {
            return Err(format!("{format}: {error}"));
        }
        let back = read_stream(Box::new(Cursor::new(bytes)), false, &unchecked)
            .map_err(|problems| format!("{format}: {problems}"))?;
        let back: Vec<Record> =
            back.collect::<Result<_, _>>().map_err(|problems| format!("{format}: {problems}"))?;
        match back.as_slice() {
            [back] if pruned(back) == expected => {}
            _ => return Err(format!("{format}: another record came back")),
        }
    }
    Ok(())
}

fn pruned(record: &Record) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    prune(&mut value);
    value
}
