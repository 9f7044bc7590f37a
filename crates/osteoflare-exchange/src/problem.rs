//! What can be wrong with a file, and where.
//!
//! Problems never carry what could identify a person: values are shown for coded and numeric fields only, and cut
//! short; of names, identifiers and free text the message says the place, never the content.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::privacy::{clean, is_field, told_field, without_texts};

/// Most problems that are kept of one document; the rest is counted.
pub const MOST_PROBLEMS: usize = 200;

/// A step into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field of an object.
    Key(String),
    /// An element of an array, from 0.
    Index(usize),
}

/// A place in a JSON document, from the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPath(pub Vec<Step>);

impl JsonPath {
    /// This path and one field further.
    pub fn key(&self, key: &str) -> JsonPath {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        JsonPath(steps)
    }

    /// This path and one element further.
    pub fn index(&self, index: usize) -> JsonPath {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        JsonPath(steps)
    }

    /// Whether one is the other or stands within it; the root meets nothing but itself.
    pub(crate) fn meets(&self, other: &JsonPath) -> bool {
        let common = self.0.len().min(other.0.len());
        (common > 0 || self == other) && self.0[..common] == other.0[..common]
    }

    /// Names of the fields on the path, without the places in lists.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// The name of the last field on the path.
    pub fn last_key(&self) -> Option<&str> {
        self.keys().next_back()
    }
}

impl JsonPath {
    /// The path as a message says it; `last` is the name of its last field, if that may be told.
    fn said(&self, last: Option<&str>) -> String {
        match (last, self.0.split_last()) {
            (Some(last), Some((Step::Key(key), parents))) if clean(key) == last => {
                format!("{}.{last}", JsonPath(parents.to_vec()))
            }
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                Step::Key(key) if is_field(key) => write!(f, ".{}", clean(key))?,
                // What is no field of any format may be the name of a person.
                Step::Key(_) => f.write_str(".…")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Where in its file something is. Unknown parts are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: Option<PathBuf>,
    /// Line, from 1.
    pub line: Option<u64>,
    /// Column of a table, or character of the line, from 1.
    pub column: Option<u64>,
    /// Name of the column of a table.
    pub field: Option<String>,
    /// Path within a JSON document.
    pub path: Option<JsonPath>,
}

impl Place {
    /// A line of a text file.
    pub fn line(line: u64) -> Place {
        Place { line: Some(line), ..Place::default() }
    }

    /// A node of a JSON document.
    pub fn path(path: JsonPath) -> Place {
        Place { path: Some(path), ..Place::default() }
    }

    /// A cell of a table: line and column from 1.
    pub fn cell(line: u64, column: u64, field: &str) -> Place {
        Place { line: Some(line), column: Some(column), field: Some(field.to_owned()), ..Place::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(None))
    }
}

impl Place {
    /// The place as a message says it; `last` is the name of the last field of the path, if that may be told.
    fn text(&self, last: Option<&str>) -> String {
        let mut parts = Vec::new();
        if let Some(line) = self.line {
            parts.push(match self.column {
                Some(column) => format!("line {line}, column {column}"),
                None => format!("line {line}"),
            });
        }
        if let Some(field) = &self.field {
            match parts.last_mut() {
                Some(part) => part.push_str(&format!(" ({})", clean(field))),
                None => parts.push(clean(field)),
            }
        }
        if let Some(path) = &self.path {
            parts.push(path.said(last));
        }
        let place = parts.join(", ");
        match &self.file {
            Some(file) if place.is_empty() => file.display().to_string(),
            Some(file) => format!("{}: {place}", file.display()),
            None => place,
        }
    }

    fn said(&self, fault: &Fault) -> String {
        self.text(told_field(fault))
    }
}

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}: {fault}", .place.said(.fault))]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

impl Problem {
    /// The path within its document, or the name of its column, as a message says it.
    pub fn path(&self) -> Option<String> {
        let path = self.place.path.as_ref().map(|path| path.said(told_field(&self.fault)));
        path.or_else(|| self.place.field.clone())
    }
}

/// Everything that is wrong with one document: a file, or one patient of a file that holds many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems {
    list: Vec<Problem>,
    not_kept: usize,
}

impl Problems {
    /// No problem so far.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// Only this problem.
    pub fn one(place: Place, fault: Fault) -> Problems {
        let mut problems = Problems::new();
        problems.add(place, fault);
        problems
    }

    /// Adds a problem.
    pub fn add(&mut self, place: Place, fault: Fault) {
        let (place, fault) = without_texts(place, fault);
        if self.list.len() < MOST_PROBLEMS {
            self.list.push(Problem { place, fault });
        } else {
            self.not_kept += 1;
        }
    }

    /// Adds all of another list.
    pub fn append(&mut self, other: Problems) {
        self.not_kept += other.not_kept;
        for problem in other.list {
            self.add(problem.place, problem.fault);
        }
    }

    /// Adds those of another list that are not about a node in, at or around which something is wrong already.
    pub(crate) fn append_elsewhere(&mut self, other: Problems) {
        let known: Vec<JsonPath> =
            self.list.iter().filter_map(|problem| problem.place.path.clone()).collect();
        let other_not_kept = other.not_kept;
        for problem in other.list {
            let path = problem.place.path.as_ref();
            if !path.is_some_and(|path| known.iter().any(|known| known.meets(path))) {
                self.add(problem.place, problem.fault);
            }
        }
        self.not_kept += other_not_kept;
    }

    /// Takes away what was only left out.
    pub(crate) fn take_left_out(&mut self) -> Problems {
        let (left_out, list) = std::mem::take(&mut self.list)
            .into_iter()
            .partition(|p| matches!(p.fault, Fault::LeftOut { .. }));
        self.list = list;
        Problems { list: left_out, not_kept: 0 }
    }

    /// These problems as things that were left out, by what they are.
    pub(crate) fn into_left_out(self) -> Problems {
        let mut left_out = Problems { list: Vec::new(), not_kept: self.not_kept };
        for Problem { place, fault } in self.list {
            let what = match fault {
                Fault::LeftOut { what } | Fault::Lost { what } => what,
                // What would have been known does not help there.
                Fault::UnknownCode { what, found, .. } => format!("unknown {what} '{found}'"),
                fault => fault.to_string(),
            };
            left_out.add(place, Fault::LeftOut { what });
        }
        left_out
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many things are wrong, with those that were only counted.
    pub fn count(&self) -> usize {
        self.list.len() + self.not_kept
    }

    /// The problems that were kept, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }

    /// The problems that were kept, to put them in the words of their file.
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Problem> {
        self.list.iter_mut()
    }

    /// Those about a node within another, or around it.
    pub(crate) fn at(&self, base: &JsonPath) -> Problems {
        let near = |problem: &&Problem| {
            problem.place.path.as_ref().is_none_or(|path| base.0.is_empty() || path.meets(base))
        };
        Problems { list: self.list.iter().filter(near).cloned().collect(), not_kept: 0 }
    }

    /// `value` if nothing is wrong.
    ///
    /// # Errors
    /// These problems, if there are any.
    pub fn unless<T>(self, value: T) -> Result<T, Problems> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Says of every problem which file it is in.
    pub fn in_file(mut self, file: &Path) -> Problems {
        for problem in &mut self.list {
            // A problem of a companion table has the name of that table already.
            problem.place.file.get_or_insert_with(|| file.to_owned());
            if let Fault::Twice { first: Some(place) } | Fault::Contradiction { other: Some(place), .. } =
                &mut problem.fault
            {
                // The other place is in the same file; repeating its name would only lengthen the message.
                place.file = None;
            }
        }
        self
    }

    /// Puts a path in front of every path.
    pub(crate) fn under(mut self, base: &JsonPath) -> Problems {
        let extend = |place: &mut Place| {
            if let Some(path) = &mut place.path {
                path.0.splice(0..0, base.0.iter().cloned());
            }
        };
        for problem in &mut self.list {
            extend(&mut problem.place);
            if let Fault::Twice { first: Some(place) } | Fault::Contradiction { other: Some(place), .. } =
                &mut problem.fault
            {
                extend(place);
            }
        }
        self
    }

    /// Says of every problem with a path where that node came from.
    pub(crate) fn relocate(mut self, place_of: impl Fn(&JsonPath) -> Place) -> Problems {
        for problem in &mut self.list {
            if let Some(path) = &problem.place.path {
                problem.place = place_of(path);
            }
        }
        self
    }

    /// Sorts by line and path, and fills in lines that `locate` knows.
    pub(crate) fn settle(mut self, mut locate: impl FnMut(&JsonPath) -> Option<(u64, u64)>) -> Problems {
        let mut fill = |place: &mut Place| {
            if let (None, Some(path)) = (place.line, &place.path)
                && let Some((line, column)) = locate(path)
            {
                place.line = Some(line);
                place.column = Some(column);
            }
        };
        for problem in &mut self.list {
            fill(&mut problem.place);
            if let Fault::Twice { first: Some(place) } | Fault::Contradiction { other: Some(place), .. } =
                &mut problem.fault
            {
                fill(place);
            }
        }
        self.list.sort_by_key(|problem| (problem.place.line, problem.place.column));
        self
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, problem) in self.list.iter().enumerate() {
            if k > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        if self.not_kept > 0 {
            write!(f, "\n… and {} more", self.not_kept)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_readable() {
        let place = Place { file: Some("a.csv".into()), ..Place::cell(4, 2, "esr") };
        assert_eq!(place.to_string(), "a.csv: line 4, column 2 (esr)");
        let path = JsonPath::default().key("visits").index(3).key("day");
        assert_eq!(Place::path(path).to_string(), "$.visits[3].day");
    }

    #[test]
    fn problems_beyond_the_limit_are_counted() {
        let mut problems = Problems::new();
        for line in 0..1000 {
            problems.add(Place::line(line), Fault::Missing { field: "x".into() });
        }
        assert_eq!(problems.iter().count(), MOST_PROBLEMS);
        assert_eq!(problems.count(), 1000);
        assert!(problems.to_string().ends_with("and 800 more"));
    }
}
