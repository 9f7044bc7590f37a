//! The tables a run leaves behind: columns, units, meanings, and how a patient becomes rows.

mod catalogue;
mod dictionary;
mod rows;
mod sheet;
#[cfg(test)]
mod tests;

pub(crate) use catalogue::SELF_REACTIVITY;
pub use catalogue::{Layout, layout};
pub use dictionary::{dictionary, dictionary_markdown};
pub use rows::{ChunkSheets, site_rows};
pub use sheet::{Cell, Column, Kind, Sheet, Table};
