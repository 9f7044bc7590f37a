//! Why a report could not be made.

use std::path::PathBuf;

use osteoflare_study::results::ResultsError;

/// Failure to make a report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The results cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// A table lacks a column or holds something else in it.
    #[error("table '{table}': {problem}")]
    Table {
        /// Which table.
        table: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// Data for the interactive parts could not be encoded.
    #[error("cannot encode the data of the page: {0}")]
    Encode(#[from] serde_json::Error),
    /// The report could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Where to.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
