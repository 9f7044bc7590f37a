//! One row a patient, as a mapping says; or one an event, rows of a patient together.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

use osteoflare_clinic::record::Record;

use super::csv_rows::CsvRows;
use super::mapping::Mapping;
use super::patient::{Patient, Positions};
use super::rows_of;
use crate::fault::{Fault, nearest};
use crate::finish::Check;
use crate::privacy::clean;
use crate::problem::{Place, Problems};

/// Reads a table row by row.
pub(crate) struct WideReader {
    rows: CsvRows,
    mapping: Mapping,
    /// Position of each column of the table, by name.
    positions: Positions,
    current: Option<Patient>,
    /// An unreadable row, given after the patient before it.
    waiting: Option<Problems>,
    seen: HashSet<u64>,
    hasher: RandomState,
    header_problems: Option<Problems>,
    check: Check,
    done: bool,
}

impl WideReader {
    /// Goes on behind a header.
    pub fn of(rows: CsvRows, mapping: Mapping, check: Check) -> WideReader {
        let mut problems = Problems::new();
        let mut positions = HashMap::new();
        let mapped: Vec<&str> = std::iter::once(mapping.id.as_str())
            .chain(mapping.entries.iter().flat_map(|entry| &entry.columns).map(|column| column.name.as_str()))
            .collect();
        for (k, name) in rows.header.iter().enumerate() {
            let place = Place::cell(1, k as u64 + 1, name);
            if positions.insert(name.clone(), k).is_some() {
                problems.add(place, Fault::Twice { first: None });
            } else if !mapped.contains(&name.as_str()) && !mapping.ignore.contains(name) {
                problems.add(
                    place,
                    Fault::UnknownField {
                        found: clean(name),
                        nearest: nearest(name, mapped.iter().copied()),
                        allowed: vec!["columns of the mapping, or list it under 'ignore'".to_owned()],
                    },
                );
            }
        }
        for name in mapped.iter().chain(mapping.ignore.iter().map(String::as_str).collect::<Vec<_>>().iter())
        {
            if !positions.contains_key(*name) && !mapping.ignore.iter().any(|ignored| ignored == name) {
                problems.add(Place::line(1), Fault::Missing { field: (*name).to_owned() });
            }
        }
        WideReader {
            rows,
            mapping,
            positions: Positions(positions),
            current: None,
            waiting: None,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            header_problems: (!problems.is_empty()).then_some(problems),
            check,
            done: false,
        }
    }
}

impl WideReader {
    /// Takes a row in; gives the patient before if a new one begins.
    fn step(&mut self) -> Option<Result<Record, Problems>> {
        let comma = self.rows.delimiter == b';';
        let row = match self.rows.next_row() {
            None => {
                self.done = true;
                return self.current.take().map(|patient| patient.finish(&self.mapping, self.check));
            }
            Some(Err(problems)) => {
                let id = self.positions.0.get(&self.mapping.id).and_then(|&k| self.rows.last_cell(k));
                match &mut self.current {
                    // A row that belongs to the patient must not be missed in the record.
                    Some(current) if id.is_some_and(|id| !id.is_empty() && id == current.id) => {
                        current.problems(problems);
                        return None;
                    }
                    _ => self.waiting = Some(problems),
                }
                return self.current.take().map(|patient| patient.finish(&self.mapping, self.check));
            }
            Some(Ok(row)) => row,
        };
        let id = self.positions.cell(&row, &self.mapping.id).trim();
        let mut finished = None;
        if id.is_empty() || self.current.as_ref().is_none_or(|current| current.id != id) {
            let place = self.positions.place(row.line, &self.mapping.id);
            let mut patient = Patient::new(id, place.clone(), &self.mapping, comma);
            if id.is_empty() {
                patient.problem(place, Fault::Missing { field: self.mapping.id.clone() });
            } else if !self.seen.insert(self.hasher.hash_one(id)) {
                let what = "rows of this patient have ended above; sort the table by patient".to_owned();
                patient.problem(place, Fault::Contradiction { what, other: None });
            }
            finished = self.current.replace(patient);
        }
        if let Some(current) = &mut self.current {
            current.row(&self.mapping, &self.positions, &row);
        }
        finished.map(|patient| patient.finish(&self.mapping, self.check))
    }
}

impl Iterator for WideReader {
    type Item = Result<Record, Problems>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(problems) = self.header_problems.take() {
            self.done = true;
            return Some(Err(problems));
        }
        loop {
            if let Some(problems) = self.waiting.take() {
                return Some(Err(problems));
            }
            if self.done {
                return None;
            }
            if let Some(record) = self.step() {
                return Some(record);
            }
        }
    }
}

/// Writes a table row by row.
pub(crate) struct WideWriter<W: Write> {
    mapping: Mapping,
    output: csv::Writer<W>,
}

impl<W: Write> WideWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(output: W, mapping: Mapping) -> io::Result<WideWriter<W>> {
        let mut output = csv::Writer::from_writer(output);
        let columns = mapping.entries.iter().flat_map(|entry| &entry.columns);
        output.write_record(std::iter::once(&mapping.id).chain(columns.map(|column| &column.name)))?;
        Ok(WideWriter { mapping, output })
    }

    /// Writes the row of a record and says which sections have rows that the mapping has no columns for.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, record: &Record) -> io::Result<Vec<String>> {
        let rows = rows_of(record);
        let mut written = vec![0usize; rows.len()];
        let mut used: Vec<Option<usize>> = Vec::new();
        let mut cells = vec![record.id.clone()];
        let value = |row: &[(&'static str, String)], name: &str| {
            row.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone())
        };
        for entry in &self.mapping.entries {
            let outer = entry.within.and_then(|k| used[k]).and_then(|k| value(&rows[k], "entry"));
            let found = rows.iter().enumerate().position(|(k, row)| {
                let free = written[k] == 0 || entry.section.name == "patient";
                free && value(row, "section").as_deref() == Some(entry.section.name)
                    && entry.set.iter().all(|(name, text)| value(row, name).as_ref() == Some(text))
                    && (entry.within.is_none() || (outer.is_some() && value(row, "entry") == outer))
                    && entry.columns.iter().any(|column| value(row, column.field.name).is_some())
            });
            if let Some(k) = found {
                written[k] += entry.set.len();
            }
            for column in &entry.columns {
                let text = found.and_then(|k| value(&rows[k], column.field.name));
                if let (Some(k), true) = (found, text.is_some()) {
                    written[k] += 1;
                }
                cells.push(text.map(|text| column.outward(&text)).unwrap_or_default());
            }
            used.push(found);
        }
        self.output.write_record(&cells)?;
        let mut lost: Vec<String> = rows
            .iter()
            .zip(&written)
            .filter(|(row, written)| {
                let said =
                    row.iter().filter(|(name, _)| !matches!(*name, "patient" | "section" | "entry")).count();
                said > **written
            })
            .filter_map(|(row, _)| value(row, "section"))
            .collect();
        lost.sort();
        lost.dedup();
        Ok(lost)
    }

    /// Finishes the table.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.output.flush()
    }
}
