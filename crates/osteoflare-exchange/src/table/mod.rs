//! Records as rows: which section of a record is which kind of row, and which of its fields is which column.
//!
//! The tables here are the only place that knows; the long table, the one-row-per-patient table and the companion table
//! of Phenopackets are written and read by them. A row is one entry of a section (one laboratory result, one lesion);
//! a cell is one field of it.

mod assembly;
mod cell;
mod columns;
mod csv_rows;
mod long;
mod mapping;
mod patient;
mod rows;
mod wide;

pub(crate) use assembly::{Assembly, RowPlace, personal, place_of};
pub(crate) use columns::SECTIONS;
use columns::column_names;
pub(crate) use csv_rows::CsvRows;
pub(crate) use long::{LongReader, LongWriter, is_long};
pub use mapping::Mapping;
pub(crate) use rows::rows_of;
pub(crate) use wide::{WideReader, WideWriter};
