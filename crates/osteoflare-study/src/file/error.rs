//! The one kind of error a study file can have: a place and a sentence.

use std::fmt;
use std::path::Path;

/// A study file that cannot be used: where, and why.
///
/// The text reads `FILE:LINE: sentence`, or `FILE: sentence` when the fault belongs to the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// File as it was named.
    pub file: String,
    /// Line, from 1; `None` when the fault belongs to no line.
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FileError {
    /// An error of the whole file.
    pub(crate) fn whole(file: impl Into<String>, message: impl Into<String>) -> Self {
        FileError { file: file.into(), line: None, message: message.into() }
    }

    /// An error of the operating system on a file.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        FileError::whole(path.display().to_string(), message)
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for FileError {}
