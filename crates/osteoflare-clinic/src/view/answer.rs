//! Answers in three values, with what they rest on.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::record::Range;

/// Met, not met, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The record says so.
    Met,
    /// The record says the contrary.
    NotMet,
    /// The record leaves it open.
    Unknown,
}

impl State {
    /// From a truth value that may be missing.
    pub fn of(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::Met,
            Some(false) => Self::NotMet,
            None => Self::Unknown,
        }
    }

    /// As a truth value that may be missing.
    pub fn known(self) -> Option<bool> {
        match self {
            Self::Met => Some(true),
            Self::NotMet => Some(false),
            Self::Unknown => None,
        }
    }
}

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    field: &'static str,
    index: Option<u32>,
    inner: Option<(&'static str, u32)>,
}

impl Path {
    /// A field that is no list.
    pub const fn field(field: &'static str) -> Self {
        Self { field, index: None, inner: None }
    }

    /// An entry of a list.
    pub fn new(field: &'static str, index: usize) -> Self {
        Self { field, index: u32::try_from(index).ok(), inner: None }
    }

    /// An entry of a list within an entry of a list.
    pub fn inside(self, field: &'static str, index: usize) -> Self {
        Self { inner: u32::try_from(index).ok().map(|index| (field, index)), ..self }
    }

    /// Name of the outer field.
    pub fn list(&self) -> &'static str {
        self.field
    }

    /// Number of the outer entry.
    pub fn index(&self) -> Option<usize> {
        self.index.map(|index| index as usize)
    }

    /// The inner field and number.
    pub fn inner(&self) -> Option<(&'static str, usize)> {
        self.inner.map(|(field, index)| (field, index as usize))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field)?;
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        if let Some((field, index)) = self.inner {
            write!(f, ".{field}[{index}]")?;
        }
        Ok(())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An answer with what it rests on and what is missing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The answer.
    pub state: State,
    /// Fields of the record that decided it, or that were looked at in vain.
    pub used: Vec<Path>,
    /// What would have to be known; empty if the answer is.
    pub missing: Vec<&'static str>,
}

impl Answer {
    /// Met, because of a field.
    pub fn yes(path: Path) -> Self {
        Self { state: State::Met, used: vec![path], missing: vec![] }
    }

    /// Not met, because of a field.
    pub fn no(path: Path) -> Self {
        Self { state: State::NotMet, used: vec![path], missing: vec![] }
    }

    /// Open; what is missing.
    pub fn unknown(missing: &[&'static str]) -> Self {
        Self { state: State::Unknown, used: vec![], missing: missing.to_vec() }
    }

    /// Names what is missing if the answer is open and does not say so yet.
    pub fn asking(mut self, missing: &'static str) -> Self {
        match self.state {
            State::Unknown if self.missing.is_empty() => self.missing.push(missing),
            State::Unknown => {}
            _ => self.missing.clear(),
        }
        self
    }
}

/// A number within bounds, with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Bounds.
    pub range: Range,
    /// Fields of the record.
    pub used: Vec<Path>,
    /// What would have to be known.
    pub missing: Vec<&'static str>,
}

impl Number {
    /// A number that a field gives.
    pub fn known(range: Range, path: Path) -> Self {
        Self { range, used: vec![path], missing: vec![] }
    }

    /// Nothing is known.
    pub fn unknown(missing: &[&'static str]) -> Self {
        Self { range: Range::UNKNOWN, used: vec![], missing: missing.to_vec() }
    }

    /// The number, if its bounds coincide.
    pub fn exact(&self) -> Option<f64> {
        (self.range.low == self.range.high).then_some(self.range.low)
    }

    /// Turns a decision about the bounds into an answer.
    pub fn decide(&self, decision: impl Fn(Range) -> Option<bool>, missing: &'static str) -> Answer {
        let state = State::of(decision(self.range));
        let missing = match state {
            State::Unknown if self.missing.is_empty() => vec![missing],
            State::Unknown => self.missing.clone(),
            _ => vec![],
        };
        Answer { state, used: self.used.clone(), missing }
    }
}

/// Not.
pub fn not(answer: Answer) -> Answer {
    Answer { state: State::of(answer.state.known().map(|v| !v)), ..answer }
}

/// At least one.
pub fn any(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let mut used = Vec::new();
    let mut missing = Vec::new();
    let mut open = false;
    let mut empty = true;
    for answer in answers {
        empty = false;
        match answer.state {
            State::Met => return Answer { missing: vec![], ..answer },
            State::NotMet => used.extend(answer.used),
            State::Unknown => {
                open = true;
                used.extend(answer.used);
                missing.extend(answer.missing);
            }
        }
    }
    let state = if open || empty { State::Unknown } else { State::NotMet };
    if state == State::NotMet {
        missing.clear();
    }
    Answer { state, used, missing }
}

/// At least one, as [`any`]; a met answer rests on every one that is met, not on the first alone.
pub fn each(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let answers: Vec<Answer> = answers.into_iter().collect();
    let mut met = answers.iter().filter(|answer| answer.state == State::Met).peekable();
    if met.peek().is_none() {
        return any(answers);
    }
    let mut used = Vec::new();
    for &path in met.flat_map(|answer| &answer.used) {
        if !used.contains(&path) {
            used.push(path);
        }
    }
    Answer { state: State::Met, used, missing: vec![] }
}

/// Every one.
pub fn all(answers: impl IntoIterator<Item = Answer>) -> Answer {
    not(any(answers.into_iter().map(not)))
}

/// Whether at least `needed` of some states are met, whatever the unknown ones are.
pub fn count_at_least(states: impl IntoIterator<Item = State>, needed: usize) -> State {
    let (mut met, mut open) = (0, 0);
    for state in states {
        match state {
            State::Met => met += 1,
            State::Unknown => open += 1,
            State::NotMet => {}
        }
    }
    if met >= needed {
        State::Met
    } else if met + open < needed {
        State::NotMet
    } else {
        State::Unknown
    }
}
