//! What can be wrong with a file of published numbers.

use std::path::PathBuf;

use thiserror::Error;

/// What is wrong with a file of published numbers, and where.
#[derive(Debug, Error)]
pub enum EvidenceError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not YAML.
    #[error("{file}:{line}: not valid YAML: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// Line, from 1; 0 if unknown.
        line: u64,
        /// What the parser says.
        message: String,
    },
    /// The file is YAML, but not a list of records.
    #[error("{file}: found {found}; allowed: a list of records, each a mapping of fields")]
    NotAList {
        /// The file.
        file: String,
        /// What it holds instead.
        found: String,
    },
    /// A field is missing, unknown or holds something it may not.
    #[error(transparent)]
    Field(Box<FieldError>),
    /// Two records have one identifier.
    #[error("{file}:{line}: record `{id}` already stands in line {first_line}; allowed: every id once")]
    Duplicate {
        /// The file.
        file: String,
        /// Line of the second, from 1.
        line: u64,
        /// The identifier.
        id: String,
        /// Line of the first, from 1.
        first_line: u64,
    },
}

/// A field that is missing, unknown or holds something it may not.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}: record `{id}`: field `{field}`: found {found}; allowed: {allowed}")]
pub struct FieldError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Identifier of the record, or `#k` for the k-th record if it has none.
    pub id: String,
    /// Name of the field; fields of the source are led by `source.`.
    pub field: String,
    /// What the field holds.
    pub found: String,
    /// What it may hold.
    pub allowed: String,
}
