//! One door for every format.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use osteoflare_clinic::record::Record;
use serde_json::Value;

use crate::fault::Fault;
use crate::fhir;
use crate::finish::Check;
use crate::format::{Format, is_lines};
use crate::json::{self, Document, Limits, read_document};
use crate::phenopacket::{self, Companion};
use crate::problem::{JsonPath, Place, Problems};
use crate::table::{CsvRows, LongReader, Mapping, WideReader, is_long};
use crate::vignette;

/// How files are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The format; recognised by content if absent.
    pub format: Option<Format>,
    /// Columns of a table with one row a patient.
    pub mapping: Option<Mapping>,
    /// Leave out what has a code that is not known, instead of refusing (FHIR, Phenopackets).
    pub skip_unknown: bool,
    /// What becomes of records whose contents are impossible or odd.
    pub contents: Contents,
}

/// What becomes of records whose form is right and whose contents are impossible or odd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contents {
    /// Contradictions and impossible values are refused; what is odd passes.
    #[default]
    Checked,
    /// What is odd is given with its place as [`Fault::Question`] instead of the record; what is impossible is not looked for.
    Asked,
    /// Records are taken as they are.
    Unchecked,
}

impl Options {
    fn check(&self) -> Check {
        match self.contents {
            Contents::Checked => Check::Contents,
            Contents::Asked => Check::Questions,
            Contents::Unchecked => Check::Form,
        }
    }
}

/// Records of one file, one by one. Whatever is wrong with one of them does not stop the next.
///
/// Memory does not grow with the length of a table or of a file with one document a line, but for 16 bytes a patient.
pub struct Records {
    file: Option<PathBuf>,
    source: Source,
    left_out: Problems,
}

/// A record or what is wrong with it, and what was left out of it.
type Item = (Result<Record, Problems>, Problems);

enum Source {
    Table(Box<dyn Iterator<Item = Result<Record, Problems>> + Send>),
    Documents(Documents),
}

struct Documents {
    stream: Box<dyn BufRead + Send>,
    lines: bool,
    line: u64,
    options: Options,
    companion: Companion,
    waiting: VecDeque<Item>,
    done: bool,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Reads the records of a file, whatever its format.
///
/// # Errors
/// If the file cannot be opened, or its format not recognised. What is wrong within it comes with the records.
pub fn read(path: &Path, options: &Options) -> Result<Records, Problems> {
    let unreadable = |error: std::io::Error| {
        Problems::one(Place::default(), Fault::Unreadable { reason: error.to_string() }).in_file(path)
    };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(std::io::Error::other("it is a folder")));
    }
    let mut stream = Box::new(BufReader::with_capacity(1 << 16, file));
    let blank = stream.fill_buf().map_err(unreadable)?.iter().all(u8::is_ascii_whitespace);
    // Nothing tells what it should be but its name.
    if let Some(format) = name_of(path).filter(|_| blank && options.format.is_none()) {
        let fault = Fault::Syntax { format, reason: "the file is empty".to_owned() };
        return Err(Problems::one(Place::line(1), fault).in_file(path));
    }
    let mut records =
        read_stream(stream, is_lines(path), options).map_err(|problems| problems.in_file(path))?;
    records.file = Some(path.to_owned());
    if let Source::Documents(documents) = &mut records.source {
        documents.companion = Companion::beside(path);
    }
    Ok(records)
}

/// What a file whose name is that of no JSON should be.
fn name_of(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" | "tsv" => Some("CSV"),
        "yaml" | "yml" => Some("YAML"),
        _ => None,
    }
}

/// Reads records from a stream; `lines` says that it holds one JSON document a line.
///
/// # Errors
/// As [`read`].
pub fn read_stream(
    mut stream: Box<dyn BufRead + Send>,
    lines: bool,
    options: &Options,
) -> Result<Records, Problems> {
    let start = beginning(&mut stream)?;
    let vignettes = match options.format {
        Some(format) => format == Format::Vignette,
        None => start == Beginning::Vignettes && options.mapping.is_none(),
    };
    let table = match options.format {
        Some(format) => format.is_table(),
        None => start != Beginning::Json,
    };
    let source = if vignettes {
        Source::Table(Box::new(vignette::records(stream, options.check())?.into_iter()))
    } else if table {
        Source::Table(open_table(stream, options)?)
    } else {
        let options = options.clone();
        Source::Documents(Documents {
            stream,
            lines,
            line: 1,
            options,
            companion: Companion::default(),
            waiting: VecDeque::new(),
            done: false,
        })
    };
    Ok(Records { file: None, source, left_out: Problems::new() })
}

/// What a stream looks like from its first bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beginning {
    /// A JSON document, or nothing at all.
    Json,
    /// A list of cases in YAML.
    Vignettes,
    /// Anything else: a table.
    Other,
}

fn beginning(stream: &mut dyn BufRead) -> Result<Beginning, Problems> {
    let start = stream
        .fill_buf()
        .map_err(|error| Problems::one(Place::default(), Fault::Unreadable { reason: error.to_string() }))?;
    if let Some(reason) = no_text(start) {
        let fault = Fault::Format { reason: reason.to_owned(), allowed: Format::names() };
        return Err(Problems::one(Place::default(), fault));
    }
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    Ok(match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') | None => Beginning::Json,
        Some(_) if vignette::looks_like(start) => Beginning::Vignettes,
        Some(_) => Beginning::Other,
    })
}

/// What a file looks like that is no text in UTF-8.
fn no_text(start: &[u8]) -> Option<&'static str> {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
            Some("a text in UTF-16; save it in UTF-8")
        }
        [0x1f, 0x8b, ..] => Some("a file packed by gzip; unpack it first"),
        [b'P', b'K', 3, 4, ..] => {
            Some("a ZIP archive, as workbooks of Excel are; save the table as CSV in UTF-8")
        }
        _ => None,
    }
}

fn open_table(
    stream: Box<dyn BufRead + Send>,
    options: &Options,
) -> Result<Box<dyn Iterator<Item = Result<Record, Problems>> + Send>, Problems> {
    let rows = CsvRows::new(stream)?;
    if let Some(mapping) = options.mapping.clone().filter(|_| options.format != Some(Format::Csv)) {
        return Ok(Box::new(WideReader::of(rows, mapping, options.check())));
    }
    if !is_long(&rows.header) || options.format == Some(Format::Wide) {
        let reason = "no long table, which has the columns 'patient' and 'section'; a table with one row a patient \
                      needs a mapping file";
        let reason = reason.to_owned();
        return Err(Problems::one(Place::line(1), Fault::Format { reason, allowed: Format::names() }));
    }
    Ok(Box::new(LongReader::of(rows, options.check())))
}

impl Iterator for Records {
    type Item = Result<Record, Problems>;

    fn next(&mut self) -> Option<Self::Item> {
        let (next, left_out) = match &mut self.source {
            Source::Table(table) => (table.next()?, Problems::new()),
            Source::Documents(documents) => documents.next()?,
        };
        self.left_out = left_out;
        Some(match &self.file {
            Some(file) => {
                self.left_out = std::mem::take(&mut self.left_out).in_file(file);
                next.map_err(|problems| problems.in_file(file))
            }
            None => next,
        })
    }
}

impl Records {
    /// What was left out of the record that was given last, as [`Fault::LeftOut`]: what has a code that is not known, if
    /// [asked for](Options::skip_unknown), and what a record has no place for and can do without.
    pub fn left_out(&self) -> &Problems {
        &self.left_out
    }
}

impl Documents {
    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(next) = self.waiting.pop_front() {
                return Some(next);
            }
            if self.done {
                return None;
            }
            match read_document(&mut self.stream, self.lines, Limits::default(), &mut self.line) {
                Ok(None) => {
                    self.done = true;
                    return None;
                }
                Err(problems) => {
                    self.done =
                        !self.lines || problems.iter().any(|p| matches!(p.fault, Fault::Unreadable { .. }));
                    return Some((Err(problems), Problems::new()));
                }
                Ok(Some(scanned)) => {
                    self.done = !self.lines;
                    match Document::parse(scanned.text, scanned.first_line) {
                        Ok(document) => {
                            self.waiting = records_of(&document, &self.options, &mut self.companion).into()
                        }
                        Err(problems) => return Some((Err(problems), Problems::new())),
                    }
                }
            }
        }
    }
}

/// The records of one document: one, or as many as a list has elements.
fn records_of(document: &Document, options: &Options, companion: &mut Companion) -> Vec<Item> {
    let root = JsonPath::default();
    let documents: Vec<(&Value, JsonPath)> = match &document.value {
        Value::Array(list) => list.iter().enumerate().map(|(k, value)| (value, root.index(k))).collect(),
        value => vec![(value, root)],
    };
    let mut items = Vec::new();
    for (value, base) in documents {
        let format = options.format.or_else(|| Format::of_document(value));
        let (parts, mut beside) = match format {
            Some(Format::Phenopacket) => phenopacket::packets(value),
            _ => (vec![(value, JsonPath::default())], Problems::new()),
        };
        for (value, inner) in parts {
            let mut found = std::mem::take(&mut beside);
            let (record, left_out) = record_of(value, format, options, companion);
            found.append(left_out.under(&inner));
            let path = JsonPath(base.0.iter().chain(&inner.0).cloned().collect());
            let mut unfit = document.unfit.at(&path);
            let record = match record.map_err(|problems| problems.under(&path)) {
                Ok(record) => unfit.unless(record),
                Err(problems) => {
                    unfit.append_elsewhere(problems);
                    Err(unfit)
                }
            };
            let record = record.map_err(|problems| document.settle(problems));
            items.push((record, document.settle(found.under(&base))));
        }
    }
    items
}

fn record_of(value: &Value, format: Option<Format>, options: &Options, companion: &mut Companion) -> Item {
    let mut left_out = Problems::new();
    let record = match format {
        Some(Format::Json) => json::record(value, options.check()),
        Some(Format::Csv | Format::Wide | Format::Vignette) => unreachable!("opened before, not as JSON"),
        Some(Format::Fhir) => fhir::record(value, options.skip_unknown, options.check(), &mut left_out),
        Some(Format::Phenopacket) => {
            phenopacket::record(value, options.skip_unknown, options.check(), companion, &mut left_out)
        }
        None => {
            let reason =
                "an object with none of 'osteoflare_record', 'resourceType' and 'phenotypicFeatures'";
            let fault = Fault::Format { reason: reason.to_owned(), allowed: Format::names() };
            Err(Problems::one(Place::path(JsonPath::default()), fault))
        }
    };
    let record = record.map_err(|mut problems| {
        left_out.append(problems.take_left_out());
        problems
    });
    (record, left_out)
}
