//! The long table: one row an entry, columns by name, rows of a patient together.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, Seek, Write};

use osteoflare_clinic::record::Record;

use super::csv_rows::CsvRows;
use super::{Assembly, RowPlace, column_names, rows_of};
use crate::fault::{Fault, nearest};
use crate::finish::Check;
use crate::privacy::clean;
use crate::problem::{Place, Problems};

/// Most rows of one patient.
const MOST_ROWS: usize = 200_000;

/// Whether a header is that of a long table.
pub(crate) fn is_long(header: &[String]) -> bool {
    ["patient", "section"].iter().all(|name| header.iter().any(|column| column == name))
}

/// Reads a long table patient by patient.
pub(crate) struct LongReader {
    rows: CsvRows,
    /// Name of each column as it is known here.
    columns: Vec<Option<&'static str>>,
    places: HashMap<&'static str, (u64, String)>,
    current: Option<Current>,
    /// Identifiers that were seen, as hashes: 16 bytes a patient are all that a file of any length costs.
    seen: HashSet<u64>,
    hasher: RandomState,
    /// Problems of the header, given once.
    header_problems: Option<Problems>,
    check: Check,
    done: bool,
}

struct Current {
    id: String,
    assembly: Assembly,
    rows: usize,
}

impl LongReader {
    /// Goes on behind a header.
    pub fn of(rows: CsvRows, check: Check) -> LongReader {
        let known = column_names();
        let mut problems = Problems::new();
        let mut columns = Vec::new();
        let mut places = HashMap::new();
        for (k, name) in rows.header.iter().enumerate() {
            let number = k as u64 + 1;
            let place = Place::cell(1, number, name);
            let Some(&column) = known.iter().find(|&column| column == name) else {
                let fault = Fault::UnknownField {
                    found: clean(name),
                    nearest: nearest(name, known.iter().copied()),
                    allowed: known.iter().map(|&name| name.to_owned()).collect(),
                };
                problems.add(place, fault);
                columns.push(None);
                continue;
            };
            if places.insert(column, (number, name.clone())).is_some() {
                problems.add(place, Fault::Twice { first: None });
            }
            columns.push(Some(column));
        }
        for needed in ["patient", "section"] {
            if !places.contains_key(needed) {
                problems.add(Place::line(1), Fault::Missing { field: needed.to_owned() });
            }
        }
        LongReader {
            rows,
            columns,
            places,
            current: None,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            header_problems: (!problems.is_empty()).then_some(problems),
            check,
            done: false,
        }
    }

    /// Adds a row to the patient it belongs to; gives the patient before if a new one begins.
    fn step(&mut self) -> Step {
        let comma = self.rows.delimiter == b';';
        let row = match self.rows.next_row() {
            None => return Step::End,
            Some(Err(problems)) => {
                return match &mut self.current {
                    Some(current) => {
                        current.assembly.problems(problems);
                        Step::More
                    }
                    None => Step::Lone(problems),
                };
            }
            Some(Ok(row)) => row,
        };
        let place = RowPlace { line: row.line, columns: HashMap::new() };
        let cells: Vec<(&'static str, &str)> = self
            .columns
            .iter()
            .zip(row.cells)
            .filter_map(|(name, text)| Some(((*name)?, text)))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map(|(_, text)| *text);
        if cells.is_empty() {
            return Step::More;
        }
        let Some(id) = cell("patient") else {
            let problem =
                (place_of(&self.places, row.line, "patient"), Fault::Missing { field: "patient".into() });
            return match &mut self.current {
                Some(current) => {
                    current.assembly.problem(problem.0, problem.1);
                    Step::More
                }
                None => Step::Lone(Problems::one(problem.0, problem.1)),
            };
        };
        let mut finished = None;
        if self.current.as_ref().is_none_or(|current| current.id != id) {
            let id_place = place_of(&self.places, row.line, "patient");
            let mut assembly = Assembly::new(id, id_place.clone()).with_decimal_comma(comma);
            if !self.seen.insert(self.hasher.hash_one(id)) {
                let what = "rows of this patient have ended above; sort the table by patient".to_owned();
                assembly.problem(id_place, Fault::Contradiction { what, other: None });
            }
            finished = self.current.replace(Current { id: id.to_owned(), assembly, rows: 0 });
        }
        if let Some(current) = &mut self.current {
            current.rows += 1;
            let place = RowPlace { columns: self.places.clone(), ..place };
            if current.rows == MOST_ROWS + 1 {
                let fault = Fault::TooLarge { limit: MOST_ROWS as u64, unit: "rows of one patient" };
                current.assembly.problem(Place::line(row.line), fault);
            } else if current.rows <= MOST_ROWS {
                match cell("section") {
                    Some(section) => current.assembly.row(section.trim(), &cells, &place),
                    None => current
                        .assembly
                        .problem(place.cell("section"), Fault::Missing { field: "section".to_owned() }),
                }
            }
        }
        match finished {
            Some(finished) => Step::Patient(Box::new(finished)),
            None => Step::More,
        }
    }
}

enum Step {
    More,
    Patient(Box<Current>),
    Lone(Problems),
    End,
}

fn place_of(places: &HashMap<&'static str, (u64, String)>, line: u64, name: &str) -> Place {
    match places.get(name) {
        Some((column, field)) => Place::cell(line, *column, field),
        None => Place::line(line),
    }
}

impl Iterator for LongReader {
    type Item = Result<Record, Problems>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(problems) = self.header_problems.take() {
            // Without its columns nothing of the table can be trusted.
            self.done = true;
            return Some(Err(problems));
        }
        if self.done {
            return None;
        }
        loop {
            match self.step() {
                Step::More => {}
                Step::Lone(problems) => return Some(Err(problems)),
                Step::Patient(current) => return Some(current.assembly.finish(self.check)),
                Step::End => {
                    self.done = true;
                    return self.current.take().map(|current| current.assembly.finish(self.check));
                }
            }
        }
    }
}

/// Writes a long table. Rows go to a temporary file first, so that the table has the columns that are used and no
/// others, in constant memory.
pub(crate) struct LongWriter {
    names: Vec<&'static str>,
    used: BTreeSet<usize>,
    rows: csv::Writer<std::fs::File>,
}

impl LongWriter {
    /// A table without rows.
    ///
    /// # Errors
    /// If there is no place for a temporary file.
    pub fn new() -> io::Result<LongWriter> {
        let names = column_names();
        let mut rows = csv::Writer::from_writer(tempfile::tempfile()?);
        // The first cell of a file must not be a patient's: a byte order mark in it would be dropped.
        rows.write_record(&names)?;
        Ok(LongWriter { names, used: BTreeSet::new(), rows })
    }

    /// Adds the rows of a record.
    ///
    /// # Errors
    /// If the temporary file cannot be written.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        self.write_sections(record, |_| true)
    }

    /// Adds the rows of some sections of a record.
    ///
    /// # Errors
    /// As [`LongWriter::write`].
    pub fn write_sections(&mut self, record: &Record, keep: impl Fn(&str) -> bool) -> io::Result<()> {
        for row in rows_of(record) {
            if !row.iter().any(|(name, text)| *name == "section" && keep(text)) {
                continue;
            }
            let mut cells = vec![String::new(); self.names.len()];
            for (name, text) in row {
                if let Some(k) = self.names.iter().position(|&known| known == name) {
                    self.used.insert(k);
                    cells[k] = text;
                }
            }
            self.rows.write_record(&cells)?;
        }
        Ok(())
    }

    /// Writes the table.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn finish(self, output: impl Write) -> io::Result<()> {
        let mut file = self.rows.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        file.rewind()?;
        let mut rows = csv::Reader::from_reader(io::BufReader::new(file));
        let mut output = csv::Writer::from_writer(BufWriter::new(output));
        let used: Vec<usize> =
            if self.used.is_empty() { vec![0, 1] } else { self.used.iter().copied().collect() };
        output.write_record(used.iter().map(|&k| self.names[k]))?;
        let mut row = csv::StringRecord::new();
        while rows.read_record(&mut row)? {
            output.write_record(used.iter().map(|&k| row.get(k).unwrap_or_default()))?;
        }
        output.flush()
    }
}
