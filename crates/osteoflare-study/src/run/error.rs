//! Why a run could not start or go on.

use std::path::{Path, PathBuf};

/// Failure of a run as a whole. A single patient that fails is recorded and does not end the run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file or folder could not be read or written (permission, full disk …).
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Rows could not be made into a Parquet file.
    #[error("cannot encode {}: {problem}", path.display())]
    Encode {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The folder holds something else.
    #[error("{} is not empty and not a results folder; choose another with --out", .0.display())]
    Foreign(PathBuf),
    /// The folder holds finished results.
    #[error("{} holds finished results; choose another folder with --out, or replace them with --force", .0.display())]
    Finished(PathBuf),
    /// The folder holds results and something else, which replacing would delete.
    #[error("{} also holds '{name}', which is no result; move it away before --force", path.display())]
    OtherFiles {
        /// Which folder.
        path: PathBuf,
        /// The first such entry.
        name: String,
    },
    /// The folder holds an unfinished run.
    #[error(
        "{} holds an unfinished run; go on with --resume, or start again with --force",
        .0.display()
    )]
    Unfinished(PathBuf),
    /// The unfinished run was started from something else.
    #[error("cannot resume {}: it was started with {what} {before}, now it is {now}", path.display())]
    Different {
        /// Which folder.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// In the folder.
        before: String,
        /// Asked for.
        now: String,
    },
    /// A file of the unfinished run is not what was written.
    #[error("cannot resume: {} is damaged ({problem}); start again with --force", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// How it shows.
        problem: String,
    },
    /// Another process is at work in the folder.
    #[error("another run is writing to {}", .0.display())]
    Busy(PathBuf),
    /// The results could not be read back for the summary.
    #[error(transparent)]
    Results(#[from] crate::results::ResultsError),
}

impl RunError {
    /// For `map_err`: an error of the system on a path.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> RunError {
        let path = path.to_owned();
        move |source| RunError::Io { action, path, source }
    }
}
