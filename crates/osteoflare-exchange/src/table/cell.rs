//! Cells: the text of one field.

use serde_json::{Number, Value};

/// Kind of value in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of a vocabulary or a list of choices.
    Word,
    /// Free text or an identifier: never repeated in messages.
    Text,
    /// A calendar date, never repeated in messages.
    Date,
    /// A number.
    Number,
    /// A whole number from 0.
    Count,
    /// True or false.
    Flag,
    /// Days since day 0, or a calendar date.
    When,
    /// A number, or `lowest..highest` with either bound missing.
    Range,
    /// Words separated by `;`.
    Words,
}

/// Why a cell cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellFault {
    /// What is expected.
    pub expected: &'static str,
}

impl Kind {
    /// Whether messages must not repeat the content.
    pub fn personal(self) -> bool {
        matches!(self, Kind::Text | Kind::Date)
    }

    /// The value of a cell that is not empty.
    pub fn parse(self, text: &str) -> Result<Value, CellFault> {
        let plain = text.trim();
        let fault = |expected| CellFault { expected };
        match self {
            Kind::Text => Ok(Value::String(text.to_owned())),
            Kind::Word | Kind::Date => Ok(Value::String(plain.to_owned())),
            Kind::Number => number(plain).ok_or(fault("a number")),
            Kind::Count => plain.parse::<u64>().map(Value::from).map_err(|_| fault("a whole number from 0")),
            Kind::Flag => match plain.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Ok(Value::Bool(true)),
                "false" | "no" | "0" => Ok(Value::Bool(false)),
                _ => Err(fault("true or false")),
            },
            Kind::When => match number(plain) {
                Some(day) => Ok(day),
                None if plain.starts_with(|c: char| c.is_ascii_digit()) && plain.contains('-') => {
                    Ok(Value::String(plain.to_owned()))
                }
                None => Err(fault("days since day 0, or a date YYYY-MM-DD")),
            },
            Kind::Range => range(plain).ok_or(fault("a number, or lowest..highest")),
            Kind::Words => Ok(words(plain)),
        }
    }

    /// A number or range with points for its decimal commas; `None` if there is no such comma.
    pub fn with_point(self, text: &str) -> Option<String> {
        let bounds = |text: &str| -> Option<String> {
            let (whole, fraction) = text.split_once(',')?;
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let sign = whole.trim().trim_start_matches(['-', '+']);
            (digits(sign) && digits(fraction.trim())).then(|| format!("{whole}.{fraction}"))
        };
        match self {
            Kind::Number | Kind::When => bounds(text),
            Kind::Range => match text.split_once("..") {
                Some((low, high)) if text.contains(',') => {
                    let bound = |text: &str| bounds(text).unwrap_or_else(|| text.to_owned());
                    Some(format!("{}..{}", bound(low), bound(high)))
                }
                _ => bounds(text),
            },
            _ => None,
        }
    }

    /// The text of a value.
    pub fn print(self, value: &Value) -> String {
        match (self, value) {
            (_, Value::String(text)) => text.clone(),
            (Kind::Range, Value::Array(bounds)) => {
                let bound = |k: usize| bounds.get(k).and_then(short).unwrap_or_default();
                format!("{}..{}", bound(0), bound(1))
            }
            (Kind::Words, Value::Array(list)) => {
                if list.is_empty() {
                    return "[]".to_owned();
                }
                let escaped: Vec<String> = list
                    .iter()
                    .filter_map(Value::as_str)
                    .map(|word| word.replace('\\', "\\\\").replace(';', "\\;"))
                    .collect();
                escaped.join("; ")
            }
            (_, value) => short(value).unwrap_or_else(|| value.to_string()),
        }
    }
}

/// A number in its shortest form that reads the same: `0` for `0.0`.
fn short(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) if number.is_f64() => number.as_f64().map(|number| number.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    let value: f64 = text.parse().ok()?;
    // "inf" and "nan" are numbers for Rust, not for a record.
    Number::from_f64(value).map(Value::Number)
}

fn range(text: &str) -> Option<Value> {
    let Some((low, high)) = text.split_once("..") else { return number(text) };
    let bound = |text: &str| match text.trim() {
        "" => Some(Value::Null),
        text => number(text),
    };
    Some(Value::Array(vec![bound(low)?, bound(high)?]))
}

fn words(text: &str) -> Value {
    if text == "[]" {
        return Value::Array(Vec::new());
    }
    let mut list = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            ';' if !escaped => list.push(String::new()),
            _ => list.last_mut().expect("the list is never empty").push(c),
        }
        escaped = false;
    }
    Value::Array(
        list.iter()
            .map(|word| word.trim())
            .filter(|word| !word.is_empty())
            .map(|word| Value::String(word.to_owned()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_read_as_they_were_written() {
        for (kind, value) in [
            (Kind::Word, json!("crp")),
            (Kind::Text, json!(" as told,\n\"quoted\" ")),
            (Kind::Number, json!(0.1)),
            (Kind::Number, json!(1e300)),
            (Kind::Count, json!(3)),
            (Kind::Flag, json!(false)),
            (Kind::When, json!(-3.5)),
            (Kind::When, json!("2020-02-29")),
            (Kind::Range, json!(14.0)),
            (Kind::Range, json!([14.0, null])),
            (Kind::Range, json!([null, null])),
            (Kind::Words, json!(["a;b", "c\\", "d"])),
            (Kind::Words, json!([])),
        ] {
            assert_eq!(kind.parse(&kind.print(&value)).unwrap(), value, "{kind:?}");
        }
    }

    #[test]
    fn decimal_commas_become_points_and_nothing_else_does() {
        for (kind, text, expected) in [
            (Kind::Number, "12,5", Some("12.5")),
            (Kind::Number, " -0,25 ", Some(" -0.25 ")),
            (Kind::Range, "1,5..2", Some("1.5..2")),
            (Kind::When, "183,5", Some("183.5")),
            (Kind::Number, "1.234,5", None),
            (Kind::Number, "1,2,3", None),
            (Kind::Number, "12.5", None),
            (Kind::Text, "12,5", None),
            (Kind::Words, "a,b", None),
        ] {
            assert_eq!(kind.with_point(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["inf", "NaN", "1,5", "", "0x10", "1e999"] {
            assert!(Kind::Number.parse(text).is_err(), "{text}");
        }
        assert!(Kind::When.parse("yesterday").is_err());
        assert!(Kind::Range.parse("1..x").is_err());
        assert!(Kind::Flag.parse("maybe").is_err());
    }
}
