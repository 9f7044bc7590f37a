//! The study file: a TOML text for people becomes a [`Study`] in fixed units, or one clear error.

mod error;
mod exposure;
mod fields;
mod group;
mod keys;
mod names;
mod parameters;
mod population;
mod quantity;
mod schema;
mod template;
mod treatment;
mod visits;

#[cfg(test)]
mod tests;

use std::path::Path;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

pub use error::FileError;
pub use schema::schema;
pub use template::{check_name, template};

use crate::study::Study;
use fields::{Fields, Source};
use group::Common;
use parameters::Overrides;

/// Largest study file, bytes.
pub const LARGEST_FILE: u64 = 1 << 20;

/// A study with the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyFile {
    /// What the text means.
    pub study: Study,
    /// The text.
    pub text: String,
}

impl StudyFile {
    /// Reads a study file.
    ///
    /// # Errors
    /// The first fault of the file with its line.
    pub fn read(path: &Path) -> Result<StudyFile, FileError> {
        let metadata = std::fs::metadata(path).map_err(|error| FileError::io(path, &error))?;
        let name = path.display().to_string();
        if metadata.is_dir() {
            return Err(FileError::whole(name, "is a folder, not a study file"));
        }
        if metadata.len() > LARGEST_FILE {
            let size = metadata.len();
            let message =
                format!("is too large for a study file ({size} bytes, the limit is {LARGEST_FILE})");
            return Err(FileError::whole(name, message));
        }
        let bytes = std::fs::read(path).map_err(|error| FileError::io(path, &error))?;
        let text = match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => text,
            _ => return Err(FileError::whole(name, "is not a text file")),
        };
        StudyFile::parse(&text, &name)
    }

    /// Reads the text of a study; `name` stands for the file in errors.
    ///
    /// # Errors
    /// The first fault of the text with its line.
    pub fn parse(text: &str, name: &str) -> Result<StudyFile, FileError> {
        let study = parse(&Source { name, text })?;
        Ok(StudyFile { study, text: text.to_owned() })
    }

    /// SHA-256 of the text, hexadecimal.
    pub fn sha256(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn parse(source: &Source<'_>) -> Result<Study, FileError> {
    let document = DeTable::parse(source.text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        source.error(at, format!("is not valid TOML: {}", error.message().replace('\n', "; ")))
    })?;
    let file = Fields::open(source, String::new(), 0, document.get_ref(), keys::FILE)?;
    let head = file.require("study")?.fields(keys::STUDY)?;
    let horizon = head.require("horizon")?;
    let horizon_days = horizon.time()?;
    let name = head.require("name")?.name()?.to_owned();
    let title = head.get("title").map(|title| title.line()).transpose()?.unwrap_or_else(|| name.clone());
    let common = Common {
        patients: head.get("patients").map(|count| count.count()).transpose()?.map(|count| count as u32),
        horizon_days,
        overrides: Overrides::read(file.get("parameters"), file.get("switches"))?,
    };
    Ok(Study {
        title,
        seed: head.require("seed")?.count()?,
        horizon_days,
        solver: visits::read_solver(file.get("solver"))?,
        visits: visits::read_visits(file.get("visits"))?,
        groups: group::read_all(&file.require("groups")?, &common)?,
        name,
    })
}
