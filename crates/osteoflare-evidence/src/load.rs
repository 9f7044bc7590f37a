//! Reading published numbers from YAML, with errors that say where and what.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::OnceLock,
};

use serde_json::Value;
use serde_saphyr::Spanned;

use crate::{
    errors::{EvidenceError, FieldError},
    record::{EvidenceRecord, Kind, Source, Spread, Topic},
};

const EMBEDDED: &str = include_str!("../data/published.yaml");
const EMBEDDED_NAME: &str = "published.yaml (built in)";

const FIELDS: [&str; 17] = [
    "id",
    "topic",
    "cohort",
    "quantity",
    "population",
    "value",
    "lower",
    "upper",
    "interval",
    "kind",
    "count",
    "n",
    "unit",
    "time",
    "source",
    "recalled",
    "note",
];
const SOURCE_FIELDS: [&str; 7] = ["author", "year", "journal", "doi", "pmid", "where", "identifiers"];

/// Published numbers in the order of their file; every identifier once.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    records: Vec<EvidenceRecord>,
}

impl Evidence {
    /// The numbers that come with the crate (`data/published.yaml`).
    pub fn embedded() -> &'static Evidence {
        static EVIDENCE: OnceLock<Evidence> = OnceLock::new();
        EVIDENCE.get_or_init(|| {
            Evidence::from_yaml(EMBEDDED, EMBEDDED_NAME).expect("the built-in file is checked by the tests")
        })
    }

    /// Reads a file of the same form as `data/published.yaml`, whose head explains the fields.
    ///
    /// # Errors
    /// If the file cannot be read, is not a list of records, or a record is not right.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self, EvidenceError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|source| EvidenceError::Read { path: path.to_owned(), source })?;
        Self::from_yaml(&text, &path.display().to_string())
    }

    /// Reads YAML text; `file` is its name in errors.
    ///
    /// # Errors
    /// If the text is not a list of records, or a record is not right.
    pub fn from_yaml(text: &str, file: &str) -> Result<Self, EvidenceError> {
        let raw: Vec<RawRecord> =
            serde_saphyr::from_str(text).map_err(|error| explain(text, file, &error))?;
        let mut lines: HashMap<String, u64> = HashMap::with_capacity(raw.len());
        let mut records = Vec::with_capacity(raw.len());
        for (place, raw) in raw.iter().enumerate() {
            let line = raw.referenced.line();
            let record = Reader::new(file, place, raw).record()?;
            if let Some(&first_line) = lines.get(&record.id) {
                return Err(EvidenceError::Duplicate {
                    file: file.to_owned(),
                    line,
                    id: record.id,
                    first_line,
                });
            }
            lines.insert(record.id.clone(), line);
            records.push(record);
        }
        Ok(Self { records })
    }

    /// All records, in the order of the file.
    pub fn records(&self) -> &[EvidenceRecord] {
        &self.records
    }

    /// The record with an identifier.
    pub fn find(&self, id: &str) -> Option<&EvidenceRecord> {
        self.records.iter().find(|record| record.id == id)
    }
}

type RawFields = BTreeMap<String, Spanned<Value>>;
type RawRecord = Spanned<RawFields>;

/// Tells a file that is no list of mappings from one that is no YAML.
fn explain(text: &str, file: &str, error: &serde_saphyr::Error) -> EvidenceError {
    let file = file.to_owned();
    match serde_saphyr::from_str::<Value>(text) {
        Ok(Value::Array(items)) => match items.iter().enumerate().find(|(_, item)| !item.is_object()) {
            Some((place, item)) => {
                EvidenceError::NotAList { file, found: format!("item {} is {}", place + 1, describe(item)) }
            }
            None => syntax(file, error),
        },
        Ok(other) => EvidenceError::NotAList { file, found: describe(&other) },
        Err(_) => syntax(file, error),
    }
}

fn syntax(file: String, error: &serde_saphyr::Error) -> EvidenceError {
    EvidenceError::Syntax {
        file,
        line: error.location().map_or(0, |l| l.line()),
        message: error.without_snippet().to_string(),
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => format!("`{value}`"),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a mapping".into(),
    }
}

/// Reads the fields of one record.
struct Reader<'a> {
    file: &'a str,
    line: u64,
    id: String,
    /// Put before the names of fields in errors: empty, or `source.`.
    lead: &'static str,
    fields: &'a RawFields,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, place: usize, raw: &'a RawRecord) -> Self {
        let id = match raw.value.get("id").map(|id| &id.value) {
            Some(Value::String(id)) => id.clone(),
            _ => format!("#{}", place + 1),
        };
        Self { file, line: raw.referenced.line(), id, lead: "", fields: &raw.value }
    }

    fn wrong(&self, field: &str, line: u64, found: String, allowed: &str) -> EvidenceError {
        EvidenceError::Field(Box::new(FieldError {
            file: self.file.to_owned(),
            line,
            id: self.id.clone(),
            field: format!("{}{field}", self.lead),
            found,
            allowed: allowed.to_owned(),
        }))
    }

    fn field(&self, name: &str) -> Result<(&'a Value, u64), EvidenceError> {
        match self.fields.get(name) {
            Some(value) => Ok((&value.value, value.referenced.line())),
            None => Err(self.wrong(
                name,
                self.line,
                "nothing".into(),
                "the field must be there; write null where nothing is known",
            )),
        }
    }

    fn text(&self, name: &str) -> Result<String, EvidenceError> {
        match self.field(name)? {
            (Value::String(text), _) if !text.trim().is_empty() => Ok(text.clone()),
            (other, line) => Err(self.wrong(name, line, describe(other), "text")),
        }
    }

    fn optional_text(&self, name: &str) -> Result<Option<String>, EvidenceError> {
        match self.field(name)? {
            (Value::Null, _) => Ok(None),
            (Value::String(text), _) => Ok(Some(text.clone())),
            (other, line) => Err(self.wrong(name, line, describe(other), "text or null")),
        }
    }

    fn optional_number(&self, name: &str) -> Result<Option<f64>, EvidenceError> {
        let (value, line) = self.field(name)?;
        match value {
            Value::Null => Ok(None),
            Value::Number(number) if number.as_f64().is_some_and(f64::is_finite) => Ok(number.as_f64()),
            other => Err(self.wrong(name, line, describe(other), "a finite number or null")),
        }
    }

    fn optional_count(&self, name: &str) -> Result<Option<u64>, EvidenceError> {
        let (value, line) = self.field(name)?;
        match value {
            Value::Null => Ok(None),
            other => match other.as_u64() {
                Some(count) => Ok(Some(count)),
                None => {
                    Err(self.wrong(name, line, describe(other), "a whole number from 0 upwards, or null"))
                }
            },
        }
    }

    fn word<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Result<T, EvidenceError> {
        let (value, line) = self.field(name)?;
        all.iter().copied().find(|item| value.as_str() == Some(as_str(*item))).ok_or_else(|| {
            let allowed: Vec<&str> = all.iter().map(|item| as_str(*item)).collect();
            self.wrong(name, line, describe(value), &allowed.join(", "))
        })
    }

    fn known_fields(&self, known: &[&str]) -> Result<(), EvidenceError> {
        match self.fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, value)) => Err(self.wrong(
                name,
                value.referenced.line(),
                "a field that is not known".into(),
                &known.join(", "),
            )),
            None => Ok(()),
        }
    }

    fn record(&self) -> Result<EvidenceRecord, EvidenceError> {
        self.known_fields(&FIELDS)?;
        let id = self.text("id")?;
        let (interval_value, _) = self.field("interval")?;
        let interval = match interval_value {
            Value::Null => None,
            _ => Some(self.word("interval", Spread::ALL, Spread::as_str)?),
        };
        let recalled = match self.field("recalled")? {
            (Value::Bool(recalled), _) => *recalled,
            (other, line) => return Err(self.wrong("recalled", line, describe(other), "true or false")),
        };
        let record = EvidenceRecord {
            id,
            topic: self.word("topic", Topic::ALL, Topic::as_str)?,
            cohort: self.text("cohort")?,
            quantity: self.text("quantity")?,
            population: self.text("population")?,
            value: self.optional_number("value")?,
            lower: self.optional_number("lower")?,
            upper: self.optional_number("upper")?,
            interval,
            kind: self.word("kind", Kind::ALL, Kind::as_str)?,
            count: self.optional_count("count")?,
            n: self.optional_count("n")?,
            unit: self.text("unit")?,
            time: self.optional_text("time")?,
            source: self.source()?,
            recalled,
            note: self.optional_text("note")?,
        };
        self.check(&record)?;
        Ok(record)
    }

    /// What fields must be to each other.
    fn check(&self, record: &EvidenceRecord) -> Result<(), EvidenceError> {
        let wrong = |field: &str, found: String, allowed: &str| {
            let line = self.fields.get(field).map_or(self.line, |v| v.referenced.line());
            Err(self.wrong(field, line, found, allowed))
        };
        match (record.lower, record.upper, record.interval) {
            (None, None, None) => {}
            (Some(lower), Some(upper), Some(_)) if lower <= upper => {}
            (Some(lower), Some(upper), Some(_)) => {
                return wrong("upper", format!("{upper}"), &format!("not below `lower` ({lower})"));
            }
            _ => {
                return wrong(
                    "interval",
                    "only some of `lower`, `upper`, `interval`".into(),
                    "all three, or all three null",
                );
            }
        }
        if record.n == Some(0) {
            return wrong("n", "0".into(), "a whole number from 1 upwards, or null");
        }
        if record.kind == Kind::Proportion {
            if let Some(value) = record.value.filter(|v| !(0.0..=1.0).contains(v)) {
                return wrong("value", format!("{value}"), "a fraction from 0 to 1 (not percent)");
            }
            if let (Some(count), Some(n)) = (record.count, record.n)
                && count > n
            {
                return wrong("count", format!("{count}"), &format!("at most `n` ({n})"));
            }
        }
        Ok(())
    }

    fn source(&self) -> Result<Source, EvidenceError> {
        let (value, line) = self.field("source")?;
        let Value::Object(map) = value else {
            return Err(self.wrong("source", line, describe(value), "a mapping of fields"));
        };
        // The parser keeps no lines within a nested mapping; its own line stands for all of them.
        let place = self.fields["source"].referenced;
        let fields: RawFields = map
            .iter()
            .map(|(name, value)| (name.clone(), Spanned::new(value.clone(), place, place)))
            .collect();
        let inner = Reader { file: self.file, line, id: self.id.clone(), lead: "source.", fields: &fields };
        inner.known_fields(&SOURCE_FIELDS)?;
        Ok(Source {
            author: inner.text("author")?,
            year: inner.optional_count("year")?.and_then(|year| i32::try_from(year).ok()),
            journal: inner.optional_text("journal")?,
            doi: inner.optional_text("doi")?,
            pmid: inner.optional_text("pmid")?,
            location: inner.text("where")?,
            identifiers: inner.text("identifiers")?,
        })
    }
}

#[cfg(test)]
mod tests;
