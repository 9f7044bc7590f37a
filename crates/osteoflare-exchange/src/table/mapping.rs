//! The mapping file of a one-row-per-patient table: which column is which field of which entry.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::cell::Kind;
use super::columns::{Column, SECTIONS, Section, section};
use crate::fault::{Fault, nearest};
use crate::privacy::clean;
use crate::problem::{Place, Problems};

/// How the columns of a one-row-per-patient table, such as REDCap exports, map to records.
///
/// ```toml
/// id = "record_id"
/// missing = ["-99"]
/// ignore = ["redcap_event_name"]
///
/// [[column]]
/// column = "sex"
/// section = "patient"
/// field = "sex"
/// values = { "1" = "female", "2" = "male" }
///
/// [[column]]
/// column = "crp_baseline"
/// section = "laboratory"
/// field = "value"
/// set = { name = "crp", unit = "mg/l", when = "0" }
/// ```
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Column of the patient's identifier.
    pub(super) id: String,
    /// Columns that are left out on purpose.
    pub(super) ignore: Vec<String>,
    /// Entries, in the order in which their first columns are given.
    pub(super) entries: Vec<MappedEntry>,
}

/// One entry of a section, fed by one or several columns.
#[derive(Clone, Debug)]
pub(super) struct MappedEntry {
    pub section: &'static Section,
    /// Number of the entry within which it stands, among the entries of the mapping.
    pub within: Option<usize>,
    /// Fixed fields, as cells of the long table.
    pub set: Vec<(&'static str, String)>,
    pub columns: Vec<MappedColumn>,
}

/// One column.
#[derive(Clone, Debug)]
pub(super) struct MappedColumn {
    pub name: String,
    pub field: &'static Column,
    pub missing: Vec<String>,
    pub values: Vec<(String, String)>,
    pub date: DateForm,
}

/// Order of the parts of a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum DateForm {
    /// 2020-12-31.
    #[default]
    #[serde(rename = "YYYY-MM-DD")]
    Iso,
    /// 31.12.2020.
    #[serde(rename = "DD.MM.YYYY")]
    Dots,
    /// 31/12/2020.
    #[serde(rename = "DD/MM/YYYY")]
    DayFirst,
    /// 12/31/2020.
    #[serde(rename = "MM/DD/YYYY")]
    MonthFirst,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    dates: DateForm,
    #[serde(default)]
    ignore: Vec<String>,
    column: Vec<toml::Spanned<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    column: String,
    section: String,
    field: String,
    /// Columns with the same key are fields of one entry.
    entry: Option<String>,
    /// Key of the entry within which this one stands (a lesion within an imaging study).
    within: Option<String>,
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    missing: Vec<String>,
    dates: Option<DateForm>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(path: &Path) -> Result<Mapping, Problems> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problems::one(Place::default(), Fault::Unreadable { reason: error.to_string() })
        });
        text.and_then(|text| Mapping::parse(&text)).map_err(|problems| problems.in_file(path))
    }

    /// Understands the text of a mapping file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Mapping, Problems> {
        let line = |at: usize| {
            1 + text.as_bytes()[..at.min(text.len())].iter().filter(|&&byte| byte == b'\n').count()
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let place = error.span().map_or(Place::default(), |span| Place::line(line(span.start) as u64));
            let reason = error.message().to_owned();
            Problems::one(place, Fault::Syntax { format: "a mapping in TOML", reason })
        })?;
        let mut mapping = Mapping { id: file.id, ignore: file.ignore, entries: Vec::new() };
        let mut keys: Vec<(String, usize)> = Vec::new();
        let mut problems = Problems::new();
        let mut seen: Vec<(String, u64)> = Vec::new();
        for row in file.column {
            let place = Place::line(line(row.span().start) as u64);
            let row = row.into_inner();
            if let Some((_, first)) = seen.iter().find(|(name, _)| *name == row.column) {
                let first = Some(Box::new(Place::line(*first)));
                problems
                    .add(Place { field: Some(row.column.clone()), ..place.clone() }, Fault::Twice { first });
            }
            seen.push((row.column.clone(), place.line.unwrap_or_default()));
            let mut missing = file.missing.clone();
            missing.extend(row.missing.iter().cloned());
            let Some((kind, column)) = understood(&row, missing, file.dates, &place, &mut problems) else {
                continue;
            };
            let set = fixed(&row, kind, &place, &mut problems);
            let key = match (&row.entry, kind.name) {
                (_, "patient") => Some("patient"),
                (key, _) => key.as_deref(),
            };
            let old = key.and_then(|key| keys.iter().find(|(known, _)| known == key)).map(|(_, k)| *k);
            if let Some(k) = old {
                let entry = &mut mapping.entries[k];
                if entry.section.name != kind.name || (!set.is_empty() && set != entry.set) {
                    let what = "columns of one entry must have the same section and the same 'set', or none"
                        .to_owned();
                    problems.add(place, Fault::Contradiction { what, other: None });
                    continue;
                }
                entry.columns.push(column);
                continue;
            }
            let within = match row.within.as_deref() {
                None => None,
                Some(outer) => match keys.iter().find(|(known, _)| known == outer) {
                    Some((_, k)) => Some(*k),
                    None => {
                        let fault = Fault::UnknownCode {
                            what: "entry".to_owned(),
                            found: clean(outer),
                            nearest: nearest(outer, keys.iter().map(|(key, _)| key.as_str())),
                            allowed: keys.iter().map(|(key, _)| key.clone()).collect(),
                        };
                        problems.add(place, fault);
                        continue;
                    }
                },
            };
            if let Some(key) = key {
                keys.push((key.to_owned(), mapping.entries.len()));
            }
            mapping.entries.push(MappedEntry { section: kind, within, set, columns: vec![column] });
        }
        problems.unless(mapping)
    }
}

fn understood(
    row: &Row,
    missing: Vec<String>,
    dates: DateForm,
    place: &Place,
    problems: &mut Problems,
) -> Option<(&'static Section, MappedColumn)> {
    let Some(kind) = section(&row.section) else {
        let names = SECTIONS.iter().map(|section| section.name);
        problems.add(
            place.clone(),
            Fault::UnknownCode {
                what: "section".to_owned(),
                found: clean(&row.section),
                nearest: nearest(&row.section, names.clone()),
                allowed: names.map(str::to_owned).collect(),
            },
        );
        return None;
    };
    let field = known_field(kind, &row.field, place, problems)?;
    Some((
        kind,
        MappedColumn {
            name: row.column.clone(),
            field,
            missing,
            values: row.values.iter().map(|(code, word)| (code.clone(), word.clone())).collect(),
            date: row.dates.unwrap_or(dates),
        },
    ))
}

fn known_field(
    kind: &'static Section,
    name: &str,
    place: &Place,
    problems: &mut Problems,
) -> Option<&'static Column> {
    let found = kind.columns.iter().find(|column| column.name == name);
    if found.is_none() {
        let names = kind.columns.iter().map(|column| column.name);
        problems.add(
            place.clone(),
            Fault::UnknownCode {
                what: format!("field of section '{}'", kind.name),
                found: clean(name),
                nearest: nearest(name, names.clone()),
                allowed: names.map(str::to_owned).collect(),
            },
        );
    }
    found
}

fn fixed(
    row: &Row,
    kind: &'static Section,
    place: &Place,
    problems: &mut Problems,
) -> Vec<(&'static str, String)> {
    let mut set = Vec::new();
    for (name, text) in &row.set {
        let Some(column) = known_field(kind, name, place, problems) else { continue };
        match column.kind.parse(text) {
            // As the table would write it, so that entries can be found again.
            Ok(value) => set.push((column.name, column.kind.print(&value))),
            Err(fault) => {
                let expected = fault.expected.to_owned();
                problems.add(place.clone(), Fault::Kind { found: format!("'{}'", clean(text)), expected });
            }
        }
    }
    set
}

impl MappedColumn {
    /// The cell of the long table for a cell of this column; `None` if it is missing.
    pub fn inward(&self, text: &str) -> Option<String> {
        let plain = text.trim();
        if plain.is_empty() || self.missing.iter().any(|missing| missing == plain) {
            return None;
        }
        if let Some((_, word)) = self.values.iter().find(|(code, _)| code == plain) {
            return Some(word.clone());
        }
        match self.field.kind {
            Kind::Date | Kind::When => Some(self.date.to_iso(plain).unwrap_or_else(|| plain.to_owned())),
            _ => Some(text.to_owned()),
        }
    }

    /// Whether a code is one of those listed, if any are.
    pub fn is_listed(&self, text: &str) -> bool {
        self.values.is_empty() || self.values.iter().any(|(code, _)| code == text.trim())
    }

    /// The cell of this column for a cell of the long table.
    pub fn outward(&self, text: &str) -> String {
        if let Some((code, _)) = self.values.iter().find(|(_, word)| word == text) {
            return code.clone();
        }
        match self.field.kind {
            Kind::Date | Kind::When => self.date.of_iso(text).unwrap_or_else(|| text.to_owned()),
            _ => text.to_owned(),
        }
    }
}

impl DateForm {
    /// As it is written in a mapping.
    pub fn name(self) -> &'static str {
        match self {
            DateForm::Iso => "YYYY-MM-DD",
            DateForm::Dots => "DD.MM.YYYY",
            DateForm::DayFirst => "DD/MM/YYYY",
            DateForm::MonthFirst => "MM/DD/YYYY",
        }
    }

    fn to_iso(self, text: &str) -> Option<String> {
        let separator = match self {
            DateForm::Iso => return None,
            DateForm::Dots => '.',
            DateForm::DayFirst | DateForm::MonthFirst => '/',
        };
        let parts: Vec<&str> = text.split(separator).collect();
        let [first, second, year] = parts.as_slice() else { return None };
        let (day, month) = if self == DateForm::MonthFirst { (second, first) } else { (first, second) };
        Some(format!("{year}-{month:0>2}-{day:0>2}"))
    }

    fn of_iso(self, text: &str) -> Option<String> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return None };
        match self {
            _ if year.len() != 4 => None,
            DateForm::Iso => None,
            DateForm::Dots => Some(format!("{day}.{month}.{year}")),
            DateForm::DayFirst => Some(format!("{day}/{month}/{year}")),
            DateForm::MonthFirst => Some(format!("{month}/{day}/{year}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_mapping_is_named() {
        let text = r#"
id = "record_id"
[[column]]
column = "a"
section = "labs"
field = "value"
[[column]]
column = "b"
section = "laboratory"
field = "valeu"
[[column]]
column = "a"
section = "laboratory"
field = "value"
set = { name = "crp", value = "high", vaule = "1" }
"#;
        let problems = Mapping::parse(text).unwrap_err();
        let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 5, "{problems}");
        assert!(found[0].starts_with("line 3: unknown section 'labs'"), "{problems}");
        assert!(found[1].contains("did you mean 'value'?"), "{problems}");
        assert!(found[2].contains("given twice; first at line 3"), "{problems}");
        assert!(found[3].contains("found 'high', expected a number"), "{problems}");
    }

    #[test]
    fn a_file_that_is_no_toml_is_placed() {
        let problems = Mapping::parse("id = \"x\"\ncolumn = 3\n").unwrap_err();
        assert!(problems.to_string().starts_with("line 2: not a mapping in TOML"), "{problems}");
    }

    #[test]
    fn dates_are_turned_both_ways() {
        for (form, text) in [
            (DateForm::Dots, "31.12.2020"),
            (DateForm::DayFirst, "31/12/2020"),
            (DateForm::MonthFirst, "12/31/2020"),
        ] {
            assert_eq!(form.to_iso(text).as_deref(), Some("2020-12-31"));
            assert_eq!(form.of_iso("2020-12-31").as_deref(), Some(text));
        }
    }
}
