//! Files of records: written whole or not at all.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use osteoflare_clinic::record::Record;
use tempfile::NamedTempFile;

use crate::format::{Format, is_lines};
use crate::write::{WriteError, WriteOptions, Writer};

/// A file of records that appears when it is finished, with the companion table of phenopackets if one is needed.
pub struct FileWriter {
    path: PathBuf,
    companion: PathBuf,
    temporary: NamedTempFile,
    writer: Writer<BufWriter<std::fs::File>>,
    /// Whether the file has room for one record only.
    single: bool,
    written: u64,
}

impl std::fmt::Debug for FileWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileWriter").field("path", &self.path).finish_non_exhaustive()
    }
}

impl FileWriter {
    /// Begins a file; its name says whether JSON documents stand one a line (`.jsonl`, `.ndjson`).
    ///
    /// # Errors
    /// If there is no place to write, or a mapping is missing.
    pub fn create(path: &Path, format: Format, options: WriteOptions) -> Result<FileWriter, WriteError> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let companion = companion_of(path);
        let name = companion.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let options = WriteOptions { lines: is_lines(path), companion: name, ..options };
        let temporary = NamedTempFile::new_in(folder)?;
        let writer = Writer::new(BufWriter::new(temporary.reopen()?), format, &options)?;
        let single = !format.is_table() && !options.lines;
        Ok(FileWriter { path: path.to_owned(), companion, temporary, writer, single, written: 0 })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// If it cannot be written, or is the second of a file that has room for one.
    pub fn write(&mut self, record: &Record) -> Result<(), WriteError> {
        if self.single && self.written == 1 {
            return Err(WriteError::Single);
        }
        self.written += 1;
        self.writer.write(record)
    }

    /// Puts the file in its place; gives the paths that were written.
    ///
    /// # Errors
    /// If that fails; then nothing is left.
    pub fn finish(self) -> Result<Vec<PathBuf>, WriteError> {
        let mut companion = None;
        let folder = self.companion.parent().filter(|folder| !folder.as_os_str().is_empty());
        self.writer.finish(|| {
            let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            let output = file.reopen()?;
            companion = Some(file);
            Ok(BufWriter::new(output))
        })?;
        let mut written = Vec::new();
        if let Some(companion) = companion {
            persist(companion, &self.companion)?;
            written.push(self.companion);
        }
        persist(self.temporary, &self.path)?;
        written.insert(0, self.path);
        Ok(written)
    }
}

fn persist(file: NamedTempFile, path: &Path) -> Result<(), WriteError> {
    readable(&file)?;
    file.persist(path).map(drop).map_err(|error| WriteError::Io(error.error))
}

/// Temporary files are for their owner alone; a finished one is what any new file is.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> Result<(), WriteError> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?)
}

#[cfg(not(unix))]
fn readable(_: &NamedTempFile) -> Result<(), WriteError> {
    Ok(())
}

/// The companion table of a file of phenopackets: `a.phenopacket.json` has `a.lesions.csv`.
pub fn companion_of(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = [".jsonl", ".ndjson", ".json"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let stem = stem.strip_suffix(".phenopacket").unwrap_or(stem);
    path.with_file_name(format!("{stem}.lesions.csv"))
}
