//! Columns of a table under their Arrow types.

use arrow_array::{Array, BooleanArray, Float32Array, Float64Array, RecordBatch, StringArray, UInt32Array};
use osteoflare_skeleton::{SiteId, Skeleton};

use crate::error::ReportError;

/// A batch of a table, for reading by name.
pub(super) struct Sheet<'a> {
    pub table: &'static str,
    pub batch: &'a RecordBatch,
}

/// Optional values of one column, by row.
pub(super) type Values<T> = Vec<Option<T>>;

impl Sheet<'_> {
    fn wrong(&self, problem: String) -> ReportError {
        ReportError::Table { table: self.table, problem }
    }

    fn column<A: Array + 'static>(&self, name: &str) -> Result<&A, ReportError> {
        let column = self
            .batch
            .column_by_name(name)
            .ok_or_else(|| self.wrong(format!("column '{name}' is missing")))?;
        column
            .as_any()
            .downcast_ref()
            .ok_or_else(|| self.wrong(format!("column '{name}' holds {}", column.data_type())))
    }

    /// Real numbers of either width.
    pub fn numbers(&self, name: &str) -> Result<Values<f64>, ReportError> {
        match self.column::<Float64Array>(name) {
            Ok(column) => Ok(column.iter().collect()),
            Err(_) => Ok(self.column::<Float32Array>(name)?.iter().map(|v| v.map(f64::from)).collect()),
        }
    }

    pub fn counts(&self, name: &str) -> Result<Values<u32>, ReportError> {
        Ok(self.column::<UInt32Array>(name)?.iter().collect())
    }

    pub fn flags(&self, name: &str) -> Result<Values<bool>, ReportError> {
        Ok(self.column::<BooleanArray>(name)?.iter().collect())
    }

    pub fn texts(&self, name: &str) -> Result<&StringArray, ReportError> {
        self.column(name)
    }

    /// Text of one row.
    pub fn text(column: &StringArray, row: usize) -> Option<String> {
        column.is_valid(row).then(|| column.value(row).to_owned())
    }

    /// Site of one row.
    pub fn site(&self, column: &StringArray, row: usize) -> Result<Option<SiteId>, ReportError> {
        if !column.is_valid(row) {
            return Ok(None);
        }
        let name = column.value(row);
        let site = Skeleton::get().find(name);
        site.map(Some).ok_or_else(|| self.wrong(format!("site '{name}' is not known")))
    }
}
