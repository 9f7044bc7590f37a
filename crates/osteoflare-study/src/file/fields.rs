//! Reading tables of a file with their places.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::FileError;
use super::keys::{Key, Kind};
use super::{names, quantity};

/// The text that is being read.
pub(crate) struct Source<'a> {
    /// File as it was named.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
}

impl Source<'_> {
    /// An error at a byte of the text.
    pub fn error(&self, offset: usize, message: impl Into<String>) -> FileError {
        let before = self.text.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count();
        FileError { file: self.name.to_owned(), line: Some(before + 1), message: message.into() }
    }
}

/// A table whose keys have been checked against their specification.
pub(crate) struct Fields<'a, 'i> {
    source: &'a Source<'a>,
    path: String,
    at: usize,
    table: &'a DeTable<'i>,
    keys: &'static [Key],
}

impl<'a, 'i> Fields<'a, 'i> {
    /// Checks that `table` holds known keys only and all required ones.
    pub fn open(
        source: &'a Source<'a>,
        path: String,
        at: usize,
        table: &'a DeTable<'i>,
        keys: &'static [Key],
    ) -> Result<Self, FileError> {
        let fields = Fields { source, path, at, table, keys };
        for name in table.keys() {
            let typed = name.get_ref().as_ref();
            if !keys.iter().any(|key| key.name == typed) {
                let allowed: Vec<&str> = keys.iter().map(|key| key.name).collect();
                let path = fields.path_of(typed);
                let problem = names::unknown(typed, &allowed);
                return Err(source.error(name.span().start, format!("key '{path}' {problem}")));
            }
        }
        for key in keys.iter().filter(|key| key.required) {
            if !table.contains_key(key.name) {
                return Err(fields.missing(key.name));
            }
        }
        Ok(fields)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The error of a key that must be there.
    pub fn missing(&self, name: &str) -> FileError {
        let meaning = self.keys.iter().find(|key| key.name == name).map_or("", |key| key.meaning);
        self.source.error(self.at, format!("key '{}' is missing: {meaning}", self.path_of(name)))
    }

    /// The value of a key, if it is there.
    pub fn get(&self, name: &'static str) -> Option<Entry<'a, 'i>> {
        let (key, value) = self.table.get_key_value(name)?;
        let kind = self.keys.iter().find(|key| key.name == name).map(|key| &key.kind);
        // Tables under a `[header]` are placed at the header by their key, values at the value.
        let at = if value.get_ref().is_table() { key.span().start } else { value.span().start };
        Some(Entry { source: self.source, path: self.path_of(name), at, value: value.get_ref(), kind })
    }

    /// The value of a required key.
    pub fn require(&self, name: &'static str) -> Result<Entry<'a, 'i>, FileError> {
        self.get(name).ok_or_else(|| self.missing(name))
    }
}

/// One value with its place.
pub(crate) struct Entry<'a, 'i> {
    source: &'a Source<'a>,
    /// Dotted path.
    pub path: String,
    at: usize,
    value: &'a DeValue<'i>,
    kind: Option<&'a Kind>,
}

impl<'a, 'i> Entry<'a, 'i> {
    /// An error of this value.
    pub fn error(&self, problem: impl std::fmt::Display) -> FileError {
        self.source.error(self.at, format!("key '{}': {problem}", self.path))
    }

    /// What stands there, in words.
    fn found(&self) -> &'static str {
        match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }

    fn expected(&self, what: &str) -> FileError {
        self.error(format_args!("must be {what}, not {}", self.found()))
    }

    /// Whether a table stands there.
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// A text.
    pub fn text(&self) -> Result<&'a str, FileError> {
        match self.value {
            DeValue::String(text) => Ok(text.as_ref()),
            _ => Err(self.expected("a text in quotes")),
        }
    }

    /// One line of text.
    pub fn line(&self) -> Result<String, FileError> {
        let text = self.text()?;
        if text.chars().any(char::is_control) {
            return Err(self.error("must be one line without control characters"));
        }
        if text.chars().count() > 200 {
            return Err(self.error("is longer than 200 characters"));
        }
        Ok(text.to_owned())
    }

    /// A short name.
    pub fn name(&self) -> Result<&'a str, FileError> {
        let text = self.text()?;
        check_name(text).map_err(|problem| self.error(format_args!("'{text}' {problem}")))?;
        Ok(text)
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Result<bool, FileError> {
        match self.value {
            DeValue::Boolean(flag) => Ok(*flag),
            _ => Err(self.expected("true or false")),
        }
    }

    /// A whole number within the limits of its key.
    pub fn count(&self) -> Result<u64, FileError> {
        let Some(Kind::Count { low, high }) = self.kind else { return Err(self.expected("a whole number")) };
        let DeValue::Integer(integer) = self.value else { return Err(self.expected("a whole number")) };
        let number = i128::from_str_radix(integer.as_str(), integer.radix())
            .map_err(|_| self.error(format_args!("'{integer}' is not a whole number")))?;
        u64::try_from(number)
            .ok()
            .filter(|number| (low..=high).contains(&number))
            .ok_or_else(|| self.error(format_args!("{number} is outside {low} to {high}")))
    }

    /// A finite number of any size.
    pub fn any_number(&self) -> Result<f64, FileError> {
        let number = match self.value {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(integer) => {
                i128::from_str_radix(integer.as_str(), integer.radix()).ok().map(|number| number as f64)
            }
            _ => return Err(self.expected("a number")),
        };
        match number {
            Some(number) if f64::is_finite(number) => Ok(number),
            _ => Err(self.error("must be a finite number")),
        }
    }

    /// A number within the limits of its key.
    pub fn number(&self) -> Result<f64, FileError> {
        let number = self.any_number()?;
        match self.kind {
            Some(Kind::Number { low, high }) if !(*low..=*high).contains(&number) => {
                Err(self.error(format_args!("{number} is outside {low} to {high}")))
            }
            _ => Ok(number),
        }
    }

    /// A time in days within the limits of its key.
    pub fn time(&self) -> Result<f64, FileError> {
        let days = match self.value {
            DeValue::String(text) => quantity::time(text).map_err(|problem| self.error(problem))?,
            DeValue::Integer(_) | DeValue::Float(_) => {
                return Err(self.error(format_args!("needs a unit; {}", quantity::TIME_HELP)));
            }
            _ => return Err(self.expected("a time such as \"26 wk\"")),
        };
        if let Some(Kind::Time { low, high }) = self.kind {
            self.check_days(days, *low, *high)?;
        }
        Ok(days)
    }

    fn check_days(&self, days: f64, low: f64, high: f64) -> Result<(), FileError> {
        if days < 0.0 {
            return Err(self.error("must not be negative"));
        }
        if low > 0.0 && days < low {
            return Err(self.error(format_args!("is shorter than {}", in_words(low))));
        }
        if days > high {
            return Err(self.error(format_args!("is longer than {}", in_words(high))));
        }
        Ok(())
    }

    /// Times in days, ascending and different.
    pub fn times(&self) -> Result<Vec<f64>, FileError> {
        let high = match self.kind {
            Some(Kind::Times { high }) => *high,
            _ => f64::INFINITY,
        };
        let mut days = Vec::new();
        for item in self.items()? {
            let text = item.text().map_err(|_| item.expected("a time such as \"26 wk\""))?;
            for time in quantity::times(text).map_err(|problem| item.error(problem))? {
                item.check_days(time, 0.0, high)?;
                days.push(time);
            }
        }
        days.sort_by(f64::total_cmp);
        days.dedup();
        Ok(days)
    }

    /// The items of a list.
    pub fn items(&self) -> Result<Vec<Entry<'a, 'i>>, FileError> {
        let DeValue::Array(array) = self.value else { return Err(self.expected("a list")) };
        let path = &self.path;
        Ok(array
            .iter()
            .enumerate()
            .map(|(index, item)| self.item(format!("{path}[{index}]"), item))
            .collect())
    }

    fn item(&self, path: String, value: &'a Spanned<DeValue<'i>>) -> Entry<'a, 'i> {
        Entry { source: self.source, path, at: value.span().start, value: value.get_ref(), kind: None }
    }

    /// The entries of a table with free keys, each with its name and the place of that name.
    pub fn named(&self) -> Result<Vec<(&'a str, Entry<'a, 'i>)>, FileError> {
        let DeValue::Table(table) = self.value else { return Err(self.expected("a table")) };
        Ok(table
            .iter()
            .map(|(name, value)| {
                let typed = name.get_ref().as_ref();
                let mut entry = self.item(format!("{}.{typed}", self.path), value);
                entry.at = name.span().start;
                (typed, entry)
            })
            .collect())
    }

    /// One of the words of its key.
    pub fn word(&self, allowed: &[&'static str]) -> Result<&'static str, FileError> {
        let typed = self.text()?;
        allowed
            .iter()
            .copied()
            .find(|word| *word == typed)
            .ok_or_else(|| self.error(format_args!("'{typed}' {}", names::unknown(typed, allowed))))
    }

    /// A table with these keys.
    pub fn fields(&self, keys: &'static [Key]) -> Result<Fields<'a, 'i>, FileError> {
        let DeValue::Table(table) = self.value else { return Err(self.expected("a table")) };
        Fields::open(self.source, self.path.clone(), self.at, table, keys)
    }
}

/// Checks a name that becomes part of file names and JSON keys.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
        return Err("must be 1 to 40 letters, digits, '_' or '-'");
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err("must start with a letter or a digit");
    }
    Ok(())
}

/// A length of time for messages.
fn in_words(days: f64) -> String {
    let years = days / quantity::DAYS_PER_YEAR;
    if years >= 1.0 && (years - years.round()).abs() < 1e-9 {
        format!("{years:.0} y")
    } else if days < 1.0 {
        format!("{} h", (days * 24.0 * 100.0).round() / 100.0)
    } else {
        format!("{days} d")
    }
}
