//! Times: days since day 0, calendar dates, and lengths of time known only within bounds.

use std::{fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Days in a week.
pub const DAYS_PER_WEEK: f64 = 7.0;
/// Mean days in a month.
pub const DAYS_PER_MONTH: f64 = 30.4375;
/// Mean days in a year.
pub const DAYS_PER_YEAR: f64 = 365.25;

/// A time: a number is days since day 0 of the record, a text is a calendar date `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum When {
    /// Days since day 0; may be negative.
    Day(f64),
    /// A calendar date; needs the record's `reference_date` to be placed.
    Date(Date),
}

impl From<f64> for When {
    fn from(day: f64) -> Self {
        Self::Day(day)
    }
}

/// A day of the Gregorian calendar, 1800 to 2200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a calendar date; write YYYY-MM-DD, a day that exists between 1800 and 2200")]
pub struct DateError {
    /// The text.
    pub found: String,
}

impl Date {
    /// A date.
    ///
    /// # Errors
    /// If there is no such day, or it is not between 1800 and 2200.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 0,
        };
        if (1800..=2200).contains(&year) && (1..=length).contains(&day) {
            Ok(Self { year, month, day })
        } else {
            Err(DateError { found: format!("{year:04}-{month:02}-{day:02}") })
        }
    }

    /// Days from another date to this one.
    pub fn days_since(self, other: Date) -> i32 {
        self.number() - other.number()
    }

    /// The date some days later (or earlier).
    ///
    /// # Errors
    /// If it leaves the years 1800 to 2200.
    pub fn plus_days(self, days: i32) -> Result<Self, DateError> {
        // The inverse of `number`, in the calendar that begins with March.
        let z = i64::from(self.number()) + i64::from(days);
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let out = || DateError { found: format!("{self} plus {days} days") };
        Self::new(
            i32::try_from(year).map_err(|_| out())?,
            u8::try_from(month).map_err(|_| out())?,
            u8::try_from(day).map_err(|_| out())?,
        )
        .map_err(|_| out())
    }

    /// Days since 0000-03-01.
    fn number(self) -> i32 {
        let year = self.year - i32::from(self.month <= 2);
        let shifted = (i32::from(self.month) + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + i32::from(self.day) - 1;
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let wrong = || DateError { found: text.to_owned() };
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
            return Err(wrong());
        }
        let parsed = (year.parse(), month.parse(), day.parse());
        let (Ok(year), Ok(month), Ok(day)) = parsed else { return Err(wrong()) };
        Self::new(year, month, day).map_err(|_| wrong())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A calendar date, YYYY-MM-DD.",
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        })
    }
}

/// A number known exactly (`14`) or only within bounds (`[14, 21]`; `null` for a bound that is not known).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Smallest possible value; minus infinity if unknown.
    pub low: f64,
    /// Largest possible value; infinity if unknown.
    pub high: f64,
}

impl Range {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// A number known exactly.
    pub const fn exactly(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// Both bounds multiplied by a positive factor.
    pub fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }

    /// Whether the number is at least `limit`; `None` if the bounds leave it open.
    pub fn at_least(self, limit: f64) -> Option<bool> {
        if self.low >= limit {
            Some(true)
        } else if self.high < limit {
            Some(false)
        } else {
            None
        }
    }

    /// Whether the number is above `limit`; `None` if the bounds leave it open.
    pub fn above(self, limit: f64) -> Option<bool> {
        if self.low > limit {
            Some(true)
        } else if self.high <= limit {
            Some(false)
        } else {
            None
        }
    }
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.low == self.high {
            self.low.serialize(serializer)
        } else {
            let bound = |value: f64| value.is_finite().then_some(value);
            [bound(self.low), bound(self.high)].serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Exact(f64),
            Bounds([Option<f64>; 2]),
        }
        let wrong =
            || de::Error::custom("expected a number, or [lowest, highest] with null for an unknown bound");
        match Form::deserialize(deserializer).map_err(|_| wrong())? {
            Form::Exact(value) => Ok(Self::exactly(value)),
            Form::Bounds([low, high]) => {
                let range =
                    Self { low: low.unwrap_or(f64::NEG_INFINITY), high: high.unwrap_or(f64::INFINITY) };
                if range.low <= range.high { Ok(range) } else { Err(wrong()) }
            }
        }
    }
}

impl JsonSchema for Range {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Range".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number, or [lowest, highest] with null for an unknown bound.",
            "anyOf": [
                {"type": "number"},
                {"type": "array", "items": {"type": ["number", "null"]}, "minItems": 2, "maxItems": 2}
            ]
        })
    }
}
