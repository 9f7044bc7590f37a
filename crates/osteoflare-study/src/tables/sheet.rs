//! Columns with units, and rows on their way into a Parquet file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float32Builder, Float64Builder, ListBuilder, StringBuilder, UInt32Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use osteoflare_skeleton::{SiteId, Skeleton};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// Count or index, 32 bits.
    Count,
    /// Real number, 64 bits.
    Number,
    /// Real number, 32 bits: samples of courses.
    Sample,
    /// Text.
    Text,
    /// List of site identifiers.
    Sites,
}

impl Kind {
    /// Name of the type in the column dictionary.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Boolean => "boolean",
            Kind::Count => "uint32",
            Kind::Number => "float64",
            Kind::Sample => "float32",
            Kind::Text => "text",
            Kind::Sites => "list of text",
        }
    }

    fn data_type(self) -> DataType {
        match self {
            Kind::Boolean => DataType::Boolean,
            Kind::Count => DataType::UInt32,
            Kind::Number => DataType::Float64,
            Kind::Sample => DataType::Float32,
            Kind::Text => DataType::Utf8,
            Kind::Sites => DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))),
        }
    }
}

/// One column of a table: the single source of its name, unit and meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name.
    pub name: Cow<'static, str>,
    /// Unit; `1` for numbers without one and for texts.
    pub unit: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether a value may be missing. Missing means not done or not known, never normal.
    pub nullable: bool,
    /// One sentence.
    pub meaning: Cow<'static, str>,
}

/// One table of a results folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name; also the folder.
    pub name: &'static str,
    /// One sentence: what a row is.
    pub meaning: &'static str,
    /// Columns in order.
    pub columns: Vec<Column>,
}

impl Table {
    /// The Arrow schema, each field with its unit as metadata.
    pub fn arrow_schema(&self) -> SchemaRef {
        let field = |column: &Column| {
            // One entry only: the order of several would differ from file to file.
            let metadata = HashMap::from([("unit".to_owned(), column.unit.to_owned())]);
            Field::new(column.name.as_ref(), column.kind.data_type(), column.nullable).with_metadata(metadata)
        };
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }
}

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// For [`Kind::Boolean`].
    Boolean(bool),
    /// For [`Kind::Count`].
    Count(u32),
    /// For [`Kind::Number`] and [`Kind::Sample`].
    Number(f64),
    /// For [`Kind::Text`].
    Text(&'a str),
    /// For [`Kind::Text`]: the identifier of a site.
    Site(SiteId),
    /// For [`Kind::Sites`].
    Sites(&'a [SiteId]),
    /// Missing.
    Null,
}

impl<'a> Cell<'a> {
    /// A number that may be missing. A number that is not finite counts as missing.
    pub fn number(value: Option<f64>) -> Self {
        value.filter(|value| value.is_finite()).map_or(Cell::Null, Cell::Number)
    }

    /// A boolean that may be missing.
    pub fn boolean(value: Option<bool>) -> Self {
        value.map_or(Cell::Null, Cell::Boolean)
    }

    /// A text that may be missing.
    pub fn text(value: Option<&'a str>) -> Self {
        value.map_or(Cell::Null, Cell::Text)
    }
}

enum Builder {
    Boolean(BooleanBuilder),
    Count(UInt32Builder),
    Number(Float64Builder),
    Sample(Float32Builder),
    Text(StringBuilder),
    Sites(ListBuilder<StringBuilder>),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Boolean => Builder::Boolean(BooleanBuilder::new()),
            Kind::Count => Builder::Count(UInt32Builder::new()),
            Kind::Number => Builder::Number(Float64Builder::new()),
            Kind::Sample => Builder::Sample(Float32Builder::new()),
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Sites => Builder::Sites(ListBuilder::new(StringBuilder::new())),
        }
    }

    /// Appends a cell; `false` if it does not fit in the column.
    fn append(&mut self, cell: Cell<'_>) -> bool {
        match (self, cell) {
            (Builder::Boolean(builder), Cell::Boolean(value)) => builder.append_value(value),
            (Builder::Boolean(builder), Cell::Null) => builder.append_null(),
            (Builder::Count(builder), Cell::Count(value)) => builder.append_value(value),
            (Builder::Count(builder), Cell::Null) => builder.append_null(),
            (Builder::Number(builder), Cell::Number(value)) => builder.append_value(value),
            (Builder::Number(builder), Cell::Null) => builder.append_null(),
            (Builder::Sample(builder), Cell::Number(value)) => builder.append_value(value as f32),
            (Builder::Sample(builder), Cell::Null) => builder.append_null(),
            (Builder::Text(builder), Cell::Text(value)) => builder.append_value(value),
            (Builder::Text(builder), Cell::Site(site)) => {
                builder.append_value(&Skeleton::get().site(site).id)
            }
            (Builder::Text(builder), Cell::Null) => builder.append_null(),
            (Builder::Sites(builder), Cell::Sites(sites)) => {
                for site in sites {
                    builder.values().append_value(&Skeleton::get().site(*site).id);
                }
                builder.append(true);
            }
            _ => return false,
        }
        true
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Boolean(builder) => Arc::new(builder.finish()),
            Builder::Count(builder) => Arc::new(builder.finish()),
            Builder::Number(builder) => Arc::new(builder.finish()),
            Builder::Sample(builder) => Arc::new(builder.finish()),
            Builder::Text(builder) => Arc::new(builder.finish()),
            Builder::Sites(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Rows of one table, column by column.
pub struct Sheet {
    table: &'static Table,
    builders: Vec<Builder>,
    rows: u64,
}

impl Sheet {
    /// No rows yet.
    pub fn new(table: &'static Table) -> Self {
        let builders = table.columns.iter().map(|column| Builder::new(column.kind)).collect();
        Sheet { table, builders, rows: 0 }
    }

    /// The table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Appends a row.
    ///
    /// # Panics
    /// If the row does not fit the columns of the table. Rows are made in this crate only, next to their columns.
    pub fn push(&mut self, row: &[Cell<'_>]) {
        assert_eq!(
            row.len(),
            self.builders.len(),
            "a row of table '{}' has one cell a column",
            self.table.name
        );
        for ((builder, cell), column) in self.builders.iter_mut().zip(row).zip(&self.table.columns) {
            assert!(
                builder.append(*cell),
                "column '{}.{}' cannot hold {cell:?}",
                self.table.name,
                column.name
            );
        }
        self.rows += 1;
    }

    /// Takes the rows out.
    ///
    /// # Errors
    /// If a value is missing in a column that allows none.
    pub fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        let arrays = self.builders.iter_mut().map(Builder::finish).collect();
        RecordBatch::try_new(self.table.arrow_schema(), arrays)
    }
}
