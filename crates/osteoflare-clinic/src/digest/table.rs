//! Columns: how a row of findings is described, written out and read back.

use thiserror::Error;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// True, false or missing.
    Boolean,
    /// A count, or missing.
    Count,
    /// A real number, or missing.
    Number,
    /// Text, or missing.
    Text,
}

/// Description of one scalar column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name, unique among the columns of a digest.
    pub name: String,
    /// Unit; `1` for numbers without one.
    pub unit: &'static str,
    /// What the number means, one sentence.
    pub meaning: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

/// Description of one list of sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListColumn {
    /// Name, unique among the lists of a digest.
    pub name: &'static str,
    /// What the list means, one sentence.
    pub meaning: &'static str,
}

/// One scalar value; the variant always is the column's kind, `None` is "not determinable".
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    Boolean(Option<bool>),
    /// A count.
    Count(Option<u32>),
    /// A real number, in the column's unit.
    Number(Option<f64>),
    /// Text.
    Text(Option<String>),
}

impl Value {
    /// The kind of column this value belongs in.
    pub fn kind(&self) -> ColumnKind {
        match self {
            Self::Boolean(_) => ColumnKind::Boolean,
            Self::Count(_) => ColumnKind::Count,
            Self::Number(_) => ColumnKind::Number,
            Self::Text(_) => ColumnKind::Text,
        }
    }

    /// The value as a number: a count as it is, true as 1, false as 0; `None` for text and for missing values.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Boolean(value) => value.map(|v| f64::from(u8::from(v))),
            Self::Count(value) => value.map(f64::from),
            Self::Number(value) => *value,
            Self::Text(_) => None,
        }
    }
}

/// Why a stored row is not a digest.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DigestError {
    /// The row has too few or too many values.
    #[error("a digest has {expected} values, this row has {found}")]
    ValueCount {
        /// Values a digest has.
        expected: usize,
        /// Values the row has.
        found: usize,
    },
    /// The row has too few or too many lists.
    #[error("a digest has {expected} lists of sites, this row has {found}")]
    ListCount {
        /// Lists a digest has.
        expected: usize,
        /// Lists the row has.
        found: usize,
    },
    /// A value of another kind than its column.
    #[error("column `{column}` holds {expected:?}, found {found:?}")]
    Kind {
        /// Name of the column.
        column: String,
        /// Kind of the column.
        expected: ColumnKind,
        /// Kind of the value.
        found: ColumnKind,
    },
    /// A value that may not be missing is missing.
    #[error("column `{column}` may not be missing")]
    Missing {
        /// Name of the column.
        column: String,
    },
}

/// A type that fits in one column.
pub(super) trait Cell: Sized {
    /// Kind of column it fits in.
    const KIND: ColumnKind;
    /// The value to store.
    fn to_value(&self) -> Value;
    /// Back from the stored value; `None` if the value is missing and may not be. The kind is right.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! cell {
    ($kind:ident, $type:ty) => {
        impl Cell for Option<$type> {
            const KIND: ColumnKind = ColumnKind::$kind;
            fn to_value(&self) -> Value {
                Value::$kind(self.clone())
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::$kind(inner) => Some(inner.clone()),
                    _ => None,
                }
            }
        }
        impl Cell for $type {
            const KIND: ColumnKind = ColumnKind::$kind;
            fn to_value(&self) -> Value {
                Value::$kind(Some(self.clone()))
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::$kind(inner) => inner.clone(),
                    _ => None,
                }
            }
        }
    };
}

cell!(Boolean, bool);
cell!(Count, u32);
cell!(Number, f64);
cell!(Text, String);

/// Reads the values of a row one after the other.
pub(super) struct RowReader<'a> {
    columns: &'a [Column],
    values: &'a [Value],
    next: usize,
}

impl<'a> RowReader<'a> {
    /// Starts at the first value.
    ///
    /// # Errors
    /// If there are not as many values as columns.
    pub(super) fn new(columns: &'a [Column], values: &'a [Value]) -> Result<Self, DigestError> {
        if columns.len() == values.len() {
            Ok(Self { columns, values, next: 0 })
        } else {
            Err(DigestError::ValueCount { expected: columns.len(), found: values.len() })
        }
    }

    /// The next value.
    ///
    /// # Errors
    /// If it has another kind than its column, or is missing and may not be.
    pub(super) fn next<T: Cell>(&mut self) -> Result<T, DigestError> {
        let column = &self.columns[self.next];
        let value = &self.values[self.next];
        self.next += 1;
        if value.kind() != column.kind {
            return Err(DigestError::Kind {
                column: column.name.clone(),
                expected: column.kind,
                found: value.kind(),
            });
        }
        T::from_value(value).ok_or_else(|| DigestError::Missing { column: column.name.clone() })
    }
}

/// Defines a struct whose fields are columns: `name: type, "unit", "meaning";`.
macro_rules! columns {
    ($(#[$attribute:meta])* $name:ident { $($field:ident: $type:ty, $unit:literal, $meaning:literal;)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $(
                #[doc = concat!($meaning, " Unit: ", $unit, ".")]
                pub $field: $type,
            )+
        }

        impl $name {
            /// Appends the descriptions of the columns, each name led by `prefix`.
            pub(in crate::digest) fn push_columns(prefix: &str, columns: &mut Vec<$crate::digest::table::Column>) {
                $(columns.push($crate::digest::table::Column {
                    name: format!("{prefix}{}", stringify!($field)),
                    unit: $unit,
                    meaning: $meaning,
                    kind: <$type as $crate::digest::table::Cell>::KIND,
                });)+
            }

            /// Appends the values, in the order of the columns.
            pub(in crate::digest) fn push_values(&self, values: &mut Vec<$crate::digest::table::Value>) {
                $(values.push($crate::digest::table::Cell::to_value(&self.$field));)+
            }

            /// Reads the values back, in the order of the columns.
            pub(in crate::digest) fn read(
                row: &mut $crate::digest::table::RowReader<'_>,
            ) -> Result<Self, $crate::digest::table::DigestError> {
                Ok(Self { $($field: row.next()?,)+ })
            }
        }
    };
}

pub(super) use columns;
