//! One row a patient, as a mapping says.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

use osteoflare_clinic::record::Record;

use super::csv_rows::CsvRows;
use super::mapping::Mapping;
use super::{Assembly, RowPlace, rows_of};
use crate::fault::{Fault, nearest};
use crate::finish::Check;
use crate::privacy::clean;
use crate::problem::{Place, Problems};

/// Reads a table row by row.
pub(crate) struct WideReader {
    rows: CsvRows,
    mapping: Mapping,
    /// Position of each column of the table, by name.
    positions: HashMap<String, usize>,
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
            positions,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            header_problems: (!problems.is_empty()).then_some(problems),
            check,
            done: false,
        }
    }
}

impl Iterator for WideReader {
    type Item = Result<Record, Problems>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(problems) = self.header_problems.take() {
            self.done = true;
            return Some(Err(problems));
        }
        if self.done {
            return None;
        }
        let comma = self.rows.delimiter == b';';
        let row = match self.rows.next_row()? {
            Ok(row) => row,
            Err(problems) => return Some(Err(problems)),
        };
        let cell = |name: &str| self.positions.get(name).and_then(|&k| row.cells.get(k)).unwrap_or_default();
        let place = |name: &str| match self.positions.get(name) {
            Some(&k) => Place::cell(row.line, k as u64 + 1, name),
            None => Place::line(row.line),
        };
        let id = cell(&self.mapping.id).trim();
        // A row without identifier lacks it once: nothing further is said about that.
        let known = if id.is_empty() { "-" } else { id };
        let mut assembly = Assembly::new(known, place(&self.mapping.id)).with_decimal_comma(comma);
        if id.is_empty() {
            assembly.problem(place(&self.mapping.id), Fault::Missing { field: self.mapping.id.clone() });
        } else if !self.seen.insert(self.hasher.hash_one(id)) {
            let what = "this patient has a row above; a patient has one row".to_owned();
            assembly.problem(place(&self.mapping.id), Fault::Contradiction { what, other: None });
        }
        // Number of each mapped entry among those of its section that this row has.
        let mut numbers: Vec<Option<usize>> = Vec::new();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for entry in &self.mapping.entries {
            let mut cells: Vec<(&str, String)> = Vec::new();
            let mut columns = HashMap::new();
            for column in &entry.columns {
                let text = cell(&column.name);
                let Some(inward) = column.inward(text) else { continue };
                if !column.is_listed(text) {
                    let fault = Fault::UnknownCode {
                        what: "value".to_owned(),
                        found: if column.field.kind.personal() { "…".to_owned() } else { clean(text) },
                        nearest: None,
                        allowed: column.values.iter().map(|(code, _)| code.clone()).collect(),
                    };
                    assembly.problem(place(&column.name), fault);
                    continue;
                }
                let position = self.positions.get(&column.name).copied().unwrap_or_default();
                columns.insert(column.field.name, (position as u64 + 1, column.name.clone()));
                cells.push((column.field.name, inward));
            }
            if cells.is_empty() {
                numbers.push(None);
                continue;
            }
            let row_place = RowPlace { line: row.line, columns };
            let outer = entry.within.and_then(|k| numbers[k]);
            if entry.within.is_some() && outer.is_none() {
                let what = "the entry within which this stands has no cells in this row".to_owned();
                assembly.problem(row_place.cell(cells[0].0), Fault::Lost { what });
                numbers.push(None);
                continue;
            }
            let count = counts.entry(entry.section.name).or_insert(0);
            *count += 1;
            numbers.push(Some(*count));
            for (name, text) in &entry.set {
                if !cells.iter().any(|(known, _)| known == name) {
                    cells.push((name, text.clone()));
                }
            }
            cells.extend(outer.map(|number| ("entry", number.to_string())));
            let cells: Vec<(&str, &str)> = cells.iter().map(|(name, text)| (*name, text.as_str())).collect();
            assembly.row(entry.section.name, &cells, &row_place);
        }
        let columns = self.mapping.entries.iter().flat_map(|entry| &entry.columns);
        let forms: HashMap<&str, &str> =
            columns.map(|column| (column.name.as_str(), column.date.name())).collect();
        Some(assembly.finish(self.check).map_err(|mut problems| {
            for problem in problems.iter_mut() {
                if let (Fault::Kind { expected, .. }, Some(field)) =
                    (&mut problem.fault, &problem.place.field)
                    && let Some(form) = forms.get(field.as_str())
                {
                    *expected = expected.replace("YYYY-MM-DD", form);
                }
            }
            problems
        }))
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
