//! From rows to the record of a patient.

use std::collections::{HashMap, HashSet};

use osteoflare_clinic::record::{FORMAT, Record};
use serde_json::{Map, Value, json};

use super::cell::Kind;
use super::columns::{Column, Home, SECTIONS, Section, section};
use super::rows::array;
use crate::fault::{Fault, nearest};
use crate::finish::Check;
use crate::json;
use crate::privacy::clean;
use crate::problem::{JsonPath, Place, Problem, Problems, Step};

/// Where a row is, and what a cell of it is called there.
#[derive(Clone, Debug)]
pub(crate) struct RowPlace {
    /// Line, from 1.
    pub line: u64,
    /// Column and its name as in the file, by the name used here.
    pub columns: HashMap<&'static str, (u64, String)>,
}

impl RowPlace {
    /// The place of a cell, or of the row if it has no such cell.
    pub fn cell(&self, name: &str) -> Place {
        match self.columns.get(name) {
            Some((column, field)) => Place::cell(self.line, *column, field),
            None => Place::line(self.line),
        }
    }
}

/// Puts the rows of one patient together.
pub(crate) struct Assembly {
    value: Value,
    /// Where each node of the value came from.
    places: HashMap<JsonPath, Place>,
    problems: Problems,
    decimal_comma: bool,
    /// Lines and columns of cells that could not be read: what is missing because of them is not reported again.
    unread: HashSet<(u64, &'static str)>,
    /// Nodes that lack such a cell: their contents are not judged.
    incomplete: Vec<JsonPath>,
    /// Rows of sections that stand within others, until the others are known.
    inner: Vec<(&'static Section, usize, Map<String, Value>, Vec<(JsonPath, Place)>, Place)>,
}

impl Assembly {
    /// Nothing is known of a patient yet.
    pub fn new(id: &str, place: Place) -> Assembly {
        let places =
            HashMap::from([(JsonPath::default(), place.clone()), (JsonPath::default().key("id"), place)]);
        Assembly {
            value: json!({"osteoflare_record": FORMAT, "id": id}),
            places,
            problems: Problems::new(),
            decimal_comma: false,
            unread: HashSet::new(),
            incomplete: Vec::new(),
            inner: Vec::new(),
        }
    }

    /// Numbers have a decimal comma, as in tables divided by semicolons; a point is understood too.
    pub fn with_decimal_comma(self, decimal_comma: bool) -> Assembly {
        Assembly { decimal_comma, ..self }
    }

    /// Adds a problem.
    pub fn problem(&mut self, place: Place, fault: Fault) {
        self.problems.add(place, fault);
    }

    /// Adds problems.
    pub fn problems(&mut self, problems: Problems) {
        self.problems.append(problems);
    }

    /// Adds a row: its section and the cells that are not empty, by name.
    pub fn row(&mut self, name: &str, cells: &[(&str, &str)], place: &RowPlace) {
        let Some(section) = section(name) else {
            let names = SECTIONS.iter().map(|section| section.name);
            self.problems.add(
                place.cell("section"),
                Fault::UnknownCode {
                    what: "section".to_owned(),
                    found: clean(name),
                    nearest: nearest(name, names.clone()),
                    allowed: names.map(str::to_owned).collect(),
                },
            );
            return;
        };
        let mut values = Vec::new();
        let mut unread = Vec::new();
        let mut number = None;
        for &(name, text) in cells {
            if matches!(name, "patient" | "section") {
                continue;
            }
            if name == "entry" {
                number = self.entry_number(text, place);
                continue;
            }
            let Some(column) = section.columns.iter().find(|column| column.name == name) else {
                let allowed: Vec<String> =
                    section.columns.iter().map(|column| column.name.to_owned()).collect();
                self.problems.add(
                    place.cell(name),
                    Fault::Lost {
                        what: format!(
                            "rows of section '{}' have no '{name}' (they have: {})",
                            section.name,
                            allowed.join(", ")
                        ),
                    },
                );
                continue;
            };
            let pointed = self.decimal_comma.then(|| column.kind.with_point(text)).flatten();
            match column.kind.parse(pointed.as_deref().unwrap_or(text)) {
                Ok(value) => values.push((column, value, place.cell(name))),
                Err(fault) => {
                    self.unread.insert((place.line, column.name));
                    unread.push(column);
                    let expected = fault.expected.to_owned();
                    self.problems.add(place.cell(name), Fault::Kind { found: shown(column, text), expected });
                }
            }
        }
        self.note_incomplete(section, number, &unread);
        self.put(section, number, values, place);
    }

    /// Notes the node that a row with unread cells belongs to, before the row is put there.
    fn note_incomplete(&mut self, section: &Section, number: Option<usize>, unread: &[&Column]) {
        let root = JsonPath::default();
        match section.home {
            Home::Record => self.incomplete.extend(unread.iter().map(|c| steps(root.clone(), c.field))),
            _ if unread.is_empty() => {}
            Home::List(list) => {
                self.incomplete.push(root.key(list).index(array(&self.value, &[list]).len()));
            }
            Home::Texts(path) => self.incomplete.push(steps(root, path)),
            Home::Within { section: outer, .. } | Home::Map { section: outer, .. } => {
                if let (Some(Home::List(list)), Some(number)) =
                    (self::section(outer).map(|outer| outer.home), number)
                {
                    self.incomplete.push(root.key(list).index(number - 1));
                }
            }
        }
    }

    fn entry_number(&mut self, text: &str, place: &RowPlace) -> Option<usize> {
        match text.trim().parse::<usize>() {
            Ok(number) if number > 0 => Some(number),
            _ => {
                self.problems.add(
                    place.cell("entry"),
                    Fault::Kind {
                        found: format!("'{}'", clean(text)),
                        expected: "a whole number from 1".to_owned(),
                    },
                );
                None
            }
        }
    }

    fn put(
        &mut self,
        section: &'static Section,
        number: Option<usize>,
        values: Vec<(&'static Column, Value, Place)>,
        row: &RowPlace,
    ) {
        let whole = Place::line(row.line);
        match section.home {
            Home::Record => {
                for (column, value, place) in values {
                    let path = steps(JsonPath::default(), column.field);
                    if let Some(first) = self.places.get(&path) {
                        self.problems.add(place, Fault::Twice { first: Some(Box::new(first.clone())) });
                        continue;
                    }
                    self.places.insert(path, place);
                    set(&mut self.value, column.field, value);
                }
            }
            Home::List(list) => {
                let index = array(&self.value, &[list]).len();
                if number.is_some_and(|number| number != index + 1) {
                    self.problems.add(
                        row.cell("entry"),
                        Fault::Contradiction {
                            what: format!("this is entry {} of section '{}'", index + 1, section.name),
                            other: None,
                        },
                    );
                }
                let (entry, places) = object(values);
                let base = JsonPath::default().key(list).index(index);
                self.remember(base, places, whole);
                self.list(&[list]).push(Value::Object(entry));
            }
            Home::Texts(path) => {
                for (_, value, place) in values {
                    let index = array(&self.value, path).len();
                    self.places.insert(steps(JsonPath::default(), path).index(index), place);
                    self.list(path).push(value);
                }
            }
            Home::Within { .. } | Home::Map { .. } => {
                let (entry, places) = object(values);
                match number {
                    Some(number) => self.inner.push((section, number - 1, entry, places, whole)),
                    None => self.problems.add(whole, Fault::Missing { field: "entry".to_owned() }),
                }
            }
        }
    }

    /// The list at a path, made if it is not there.
    fn list(&mut self, path: &[&str]) -> &mut Vec<Value> {
        let mut node = &mut self.value;
        for key in path {
            node = &mut node[*key];
        }
        if !node.is_array() {
            *node = Value::Array(Vec::new());
        }
        match node {
            Value::Array(list) => list,
            _ => unreachable!("made a list above"),
        }
    }

    fn remember(&mut self, base: JsonPath, places: Vec<(JsonPath, Place)>, whole: Place) {
        for (path, place) in places {
            let mut steps = base.0.clone();
            steps.extend(path.0);
            self.places.insert(JsonPath(steps), place);
        }
        self.places.insert(base, whole);
    }

    fn put_inner(&mut self) {
        for (kind, index, entry, places, whole) in std::mem::take(&mut self.inner) {
            let (Home::Within { section: outer, .. } | Home::Map { section: outer, .. }) = kind.home else {
                continue;
            };
            let Some(Home::List(outer_list)) = section(outer).map(|section| section.home) else { continue };
            let entries = array(&self.value, &[outer_list]).len();
            if index >= entries {
                let what = format!("there is no entry {} of section '{outer}'; it has {entries}", index + 1);
                self.problems.add(whole, Fault::Contradiction { what, other: None });
                continue;
            }
            let base = JsonPath::default().key(outer_list).index(index);
            match kind.home {
                Home::Within { list, .. } => {
                    let parent = &mut self.value[outer_list][index];
                    if !parent[list].is_array() {
                        parent[list] = Value::Array(Vec::new());
                    }
                    let Some(inner) = parent[list].as_array_mut() else { continue };
                    let path = base.key(list).index(inner.len());
                    inner.push(Value::Object(entry));
                    self.remember(path, places, whole);
                }
                Home::Map { map, .. } => {
                    let (Some(Value::String(name)), Some(result)) = (entry.get("name"), entry.get("result"))
                    else {
                        self.problems.add(whole, Fault::Missing { field: "name and result".to_owned() });
                        continue;
                    };
                    let path = steps(base, map).key(name);
                    if let Some(first) = self.places.get(&path) {
                        self.problems.add(whole, Fault::Twice { first: Some(Box::new(first.clone())) });
                        continue;
                    }
                    let result_place = places
                        .into_iter()
                        .find(|(path, _)| path.last_key() == Some("result"))
                        .map_or(whole, |(_, place)| place);
                    self.places.insert(path, result_place);
                    let parent = &mut self.value[outer_list][index];
                    let mut fields = map.to_vec();
                    fields.push(name);
                    set(parent, &fields, result.clone());
                }
                _ => {}
            }
        }
    }

    /// The record.
    ///
    /// # Errors
    /// Everything that is wrong with the rows.
    pub fn finish(mut self, depth: Check) -> Result<Record, Problems> {
        self.put_inner();
        let depth = if self.incomplete.contains(&json::day_0()) { Check::Form } else { depth };
        let record = match json::record(&self.value, depth) {
            Ok(record) => Some(record),
            Err(problems) => {
                for Problem { place, fault } in problems.iter() {
                    match &place.path {
                        Some(path) => self.judge(path, fault),
                        None => self.problems.add(place.clone(), fault.clone()),
                    }
                }
                None
            }
        };
        let mut problems = self.problems.settle(|_| None);
        if problems.is_empty() && record.is_none() {
            problems.add(Place::default(), Fault::Record { message: "the rows make no record".to_owned() });
        }
        match record {
            Some(record) if problems.is_empty() => Ok(record),
            _ => Err(problems),
        }
    }

    /// Notes what is wrong with a node of the record, unless a cell that could not be read is the cause.
    fn judge(&mut self, path: &JsonPath, fault: &Fault) {
        let place = place_of(&self.places, path);
        match (fault, column_of(path)) {
            (Fault::Missing { .. }, Some(column)) => {
                if !place.line.is_some_and(|line| self.unread.contains(&(line, column))) {
                    self.problems.add(place, Fault::Missing { field: column.to_owned() });
                }
            }
            (Fault::Record { .. } | Fault::Question { .. }, _)
                if self.incomplete.iter().any(|node| node.meets(path)) => {}
            _ => self.problems.add(place, fault.clone()),
        }
    }
}

/// The place a node came from, or its nearest ancestor that came from somewhere.
pub(crate) fn place_of(places: &HashMap<JsonPath, Place>, path: &JsonPath) -> Place {
    let mut steps = path.0.clone();
    loop {
        if let Some(place) = places.get(&JsonPath(steps.clone())) {
            return place.clone();
        }
        if steps.pop().is_none() {
            return Place::default();
        }
    }
}

/// The column that a field of a record stands in.
fn column_of(path: &JsonPath) -> Option<&'static str> {
    let keys: Vec<&str> = path.keys().collect();
    SECTIONS
        .iter()
        .filter_map(|kind| {
            let home: Vec<&str> = match kind.home {
                Home::Record => Vec::new(),
                Home::List(list) => vec![list],
                Home::Within { section: outer, list } => match section(outer)?.home {
                    Home::List(outer) => vec![outer, list],
                    _ => return None,
                },
                Home::Texts(_) | Home::Map { .. } => return None,
            };
            let field = keys.strip_prefix(home.as_slice())?;
            kind.columns.iter().find(|column| column.field == field)
        })
        .map(|column| column.name)
        .next()
}

/// Whether the content of a field of a record may be personal.
pub(crate) fn personal(path: &JsonPath) -> bool {
    let keys: Vec<&str> = path.keys().collect();
    let Some(&last) = keys.last() else { return true };
    match keys[0] {
        "id" | "notes" | "origin" | "reference_date" => true,
        _ => {
            matches!(
                last,
                "background" | "outcome" | "when" | "start" | "stop" | "followed_until" | "symptom_onset"
            ) || SECTIONS
                .iter()
                .flat_map(|section| section.columns)
                .filter(|column| column.field.last() == Some(&last))
                .any(|column| column.kind.personal())
        }
    }
}

fn shown(column: &Column, text: &str) -> String {
    // Days are numbers, dates are not for messages.
    if column.kind.personal() || column.kind == Kind::When {
        format!("text of {} characters", text.chars().count())
    } else {
        format!("'{}'", clean(text))
    }
}

fn steps(mut path: JsonPath, fields: &[&str]) -> JsonPath {
    path.0.extend(fields.iter().map(|&field| Step::Key(field.to_owned())));
    path
}

/// Sets a field, with the objects that lead to it.
fn set(node: &mut Value, fields: &[&str], value: Value) {
    let mut node = node;
    for field in fields {
        node = &mut node[*field];
    }
    *node = value;
}

fn object(values: Vec<(&'static Column, Value, Place)>) -> (Map<String, Value>, Vec<(JsonPath, Place)>) {
    let mut entry = Value::Object(Map::new());
    let mut places = Vec::new();
    for (column, value, place) in values {
        set(&mut entry, column.field, value);
        for end in 1..=column.field.len() {
            places.push((steps(JsonPath::default(), &column.field[..end]), place.clone()));
        }
    }
    match entry {
        Value::Object(entry) => (entry, places),
        _ => (Map::new(), places),
    }
}
