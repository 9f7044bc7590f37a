//! The rows of one patient of a table with one row a patient, or one an event.

use std::collections::HashMap;

use osteoflare_clinic::record::Record;

use super::columns::Home;
use super::csv_rows::Row;
use super::mapping::{MappedColumn, MappedEntry, Mapping};
use super::{Assembly, RowPlace};
use crate::fault::Fault;
use crate::finish::Check;
use crate::privacy::clean;
use crate::problem::{Place, Problems};

/// Most rows of one patient: every entry is compared with those of earlier rows.
const MOST_ROWS: usize = 2_000;

/// Where the columns of a table stand, by name.
pub(super) struct Positions(pub HashMap<String, usize>);

impl Positions {
    /// The cell of a column; empty if there is none.
    pub fn cell<'r>(&self, row: &Row<'r>, name: &str) -> &'r str {
        self.0.get(name).and_then(|&k| row.cells.get(k)).unwrap_or_default()
    }

    /// The place of a cell.
    pub fn place(&self, line: u64, name: &str) -> Place {
        match self.0.get(name) {
            Some(&k) => Place::cell(line, k as u64 + 1, name),
            None => Place::line(line),
        }
    }
}

type Cells = Vec<(&'static str, String)>;

/// An entry that a row gave.
struct Given {
    /// Number of the entry within which it stands.
    outer: Option<usize>,
    cells: Cells,
    /// Its number among those of its section.
    number: usize,
    place: Place,
}

/// Puts the rows of a patient together.
pub(super) struct Patient {
    /// Identifier; empty if there is none.
    pub id: String,
    assembly: Assembly,
    counts: HashMap<&'static str, usize>,
    /// What earlier rows gave, by entry of the mapping.
    given: Vec<Vec<Given>>,
    /// Facts of the patient that earlier rows gave, by field.
    facts: HashMap<&'static str, (String, Place)>,
    rows: usize,
}

impl Patient {
    /// Nothing is known of a patient yet.
    pub fn new(id: &str, place: Place, mapping: &Mapping, decimal_comma: bool) -> Patient {
        // A row without identifier lacks it once: nothing further is said about that.
        let known = if id.is_empty() { "-" } else { id };
        Patient {
            id: id.to_owned(),
            assembly: Assembly::new(known, place).with_decimal_comma(decimal_comma),
            counts: HashMap::new(),
            given: mapping.entries.iter().map(|_| Vec::new()).collect(),
            facts: HashMap::new(),
            rows: 0,
        }
    }

    /// Adds a problem.
    pub fn problem(&mut self, place: Place, fault: Fault) {
        self.assembly.problem(place, fault);
    }

    /// Adds problems.
    pub fn problems(&mut self, problems: Problems) {
        self.assembly.problems(problems);
    }

    /// Adds a row.
    pub fn row(&mut self, mapping: &Mapping, positions: &Positions, row: &Row<'_>) {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            if self.rows == MOST_ROWS + 1 {
                let fault = Fault::TooLarge { limit: MOST_ROWS as u64, unit: "rows of one patient" };
                self.problem(Place::line(row.line), fault);
            }
            return;
        }
        // Number of each mapped entry among those of its section that this row has.
        let mut numbers: Vec<Option<usize>> = Vec::new();
        for (k, entry) in mapping.entries.iter().enumerate() {
            let (cells, columns) = self.cells(entry, positions, row);
            if cells.is_empty() {
                numbers.push(None);
                continue;
            }
            let place = RowPlace { line: row.line, columns };
            let outer = entry.within.and_then(|k| numbers[k]);
            if entry.within.is_some() && outer.is_none() {
                let what = "the entry within which this stands has no cells in this row".to_owned();
                self.assembly.problem(place.cell(cells[0].0), Fault::Lost { what });
                numbers.push(None);
                continue;
            }
            numbers.push(match entry.section.home {
                Home::Record => {
                    self.facts(entry, cells, &place);
                    None
                }
                _ => self.entry(k, entry, cells, outer, &place),
            });
        }
    }

    /// The cells of an entry in a row, and where they stand.
    fn cells(
        &mut self,
        entry: &MappedEntry,
        positions: &Positions,
        row: &Row<'_>,
    ) -> (Cells, HashMap<&'static str, (u64, String)>) {
        let (mut cells, mut columns) = (Vec::new(), HashMap::new());
        for column in &entry.columns {
            let text = positions.cell(row, &column.name);
            let Some(inward) = column.inward(text) else { continue };
            if !column.is_listed(text) {
                self.assembly.problem(positions.place(row.line, &column.name), unlisted(column, text));
                continue;
            }
            let position = positions.0.get(&column.name).copied().unwrap_or_default();
            columns.insert(column.field.name, (position as u64 + 1, column.name.clone()));
            cells.push((column.field.name, inward));
        }
        (cells, columns)
    }

    /// Adds facts of the patient; what an earlier row said already must be the same.
    fn facts(&mut self, entry: &MappedEntry, cells: Cells, place: &RowPlace) {
        let mut new: Vec<(&str, &str)> = Vec::new();
        for (name, text) in &cells {
            match self.facts.get(name) {
                Some((known, _)) if known == text => {}
                Some((_, first)) => {
                    let what = "an earlier row of this patient says something else".to_owned();
                    let other = Some(Box::new(first.clone()));
                    self.assembly.problem(place.cell(name), Fault::Contradiction { what, other });
                }
                None => {
                    self.facts.insert(name, (text.clone(), place.cell(name)));
                    new.push((name, text));
                }
            }
        }
        new.extend(
            entry
                .set
                .iter()
                .filter(|(name, text)| {
                    !cells.iter().any(|(known, _)| known == name)
                        && self.facts.insert(name, (text.clone(), place.cell(name))).is_none()
                })
                .map(|(name, text)| (*name, text.as_str())),
        );
        if !new.is_empty() {
            self.assembly.row(entry.section.name, &new, place);
        }
    }

    /// Adds an entry and gives its number. With a date of its own it is one more; without, an earlier row must have given the
    /// same, or nothing.
    fn entry(
        &mut self,
        k: usize,
        entry: &MappedEntry,
        cells: Cells,
        outer: Option<usize>,
        place: &RowPlace,
    ) -> Option<usize> {
        let same = |given: &&Given| given.outer == outer && given.cells == cells;
        if let Some(given) = self.given[k].iter().find(same) {
            return Some(given.number);
        }
        let dated = cells.iter().any(|(name, _)| matches!(*name, "when" | "start"));
        let many = dated || matches!(entry.section.home, Home::Texts(_));
        if let Some(first) = self.given[k].iter().find(|given| given.outer == outer && !many) {
            let new = cells.iter().find(|cell| !first.cells.contains(cell)).unwrap_or(&cells[0]);
            let what = "an earlier row of this patient says something else; without a column for its date \
                        ('when') an entry is given once a patient"
                .to_owned();
            let other = Some(Box::new(first.place.clone()));
            self.assembly.problem(place.cell(new.0), Fault::Contradiction { what, other });
            return Some(first.number);
        }
        let count = self.counts.entry(entry.section.name).or_insert(0);
        *count += 1;
        let number = *count;
        let mut all: Vec<(&str, &str)> = cells.iter().map(|(name, text)| (*name, text.as_str())).collect();
        all.extend(
            entry
                .set
                .iter()
                .filter(|(name, _)| !cells.iter().any(|(known, _)| known == name))
                .map(|(name, text)| (*name, text.as_str())),
        );
        let outer_text = outer.map(|number| number.to_string());
        all.extend(outer_text.as_deref().map(|text| ("entry", text)));
        self.assembly.row(entry.section.name, &all, place);
        self.given[k].push(Given { outer, number, place: place.cell(cells[0].0), cells });
        Some(number)
    }

    /// The record, with dates asked for as the mapping has them.
    ///
    /// # Errors
    /// Everything that is wrong with the rows.
    pub fn finish(self, mapping: &Mapping, check: Check) -> Result<Record, Problems> {
        self.assembly.finish(check).map_err(|mut problems| {
            let columns = || mapping.entries.iter().flat_map(|entry| &entry.columns);
            for problem in problems.iter_mut() {
                if let (Fault::Kind { expected, .. }, Some(field)) =
                    (&mut problem.fault, &problem.place.field)
                    && let Some(column) = columns().find(|column| column.name == *field)
                {
                    *expected = expected.replace("YYYY-MM-DD", column.date.name());
                }
            }
            problems
        })
    }
}

/// What is wrong with a cell whose code the mapping does not list.
fn unlisted(column: &MappedColumn, text: &str) -> Fault {
    Fault::UnknownCode {
        what: "value".to_owned(),
        found: if column.field.kind.personal() { "…".to_owned() } else { clean(text) },
        nearest: None,
        allowed: column.values.iter().map(|(code, _)| code.clone()).collect(),
    }
}
