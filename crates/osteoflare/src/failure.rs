//! What can go wrong for the person at the keyboard, and the exit status it ends in.

use std::process::ExitCode;

use osteoflare_evidence::EvidenceError;
use osteoflare_study::file::FileError;
use osteoflare_study::results::ResultsError;
use osteoflare_study::run::RunError;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was typed or given cannot be used; exit status 2.
    #[error("{0}")]
    BadInput(String),
    /// The command failed; exit status 1.
    #[error("{0}")]
    Failed(String),
    /// Nobody reads standard output any more, which is no error.
    #[error("the reader of standard output has left")]
    ReaderLeft,
}

impl Failure {
    /// 1 for failures, 2 for bad input.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Failure::BadInput(_) => ExitCode::from(2),
            Failure::Failed(_) => ExitCode::FAILURE,
            Failure::ReaderLeft => ExitCode::SUCCESS,
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Failure::BadInput(error.to_string())
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let text = error.to_string();
        match error {
            RunError::Io { .. } | RunError::Encode { .. } | RunError::Results(_) => Failure::Failed(text),
            _ => Failure::BadInput(text),
        }
    }
}

impl From<ResultsError> for Failure {
    fn from(error: ResultsError) -> Self {
        let text = error.to_string();
        match error {
            ResultsError::Io { .. } | ResultsError::Damaged { .. } => Failure::Failed(text),
            _ => Failure::BadInput(text),
        }
    }
}

impl From<EvidenceError> for Failure {
    fn from(error: EvidenceError) -> Self {
        Failure::BadInput(error.to_string())
    }
}
