//! Files that are either complete or absent.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

use super::error::RunError;
use super::manifest::ManifestFile;
use crate::tables::Sheet;

/// Ending of a file that is being written.
pub(crate) const PARTIAL: &str = ".partial";

/// SHA-256, hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Size and SHA-256 of a file, read in pieces.
pub(crate) fn checksum(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hexadecimal(&digest.finalize())));
        }
        digest.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// Writes a file so that it appears complete or not at all, even if the machine stops.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(PARTIAL);
    let partial = PathBuf::from(partial);
    let mut file = File::create(&partial).map_err(RunError::io("create", &partial))?;
    file.write_all(bytes).map_err(RunError::io("write", &partial))?;
    file.sync_all().map_err(RunError::io("write", &partial))?;
    fs::rename(&partial, path).map_err(RunError::io("rename to", path))
}

/// Makes renames in a folder last.
pub(crate) fn sync_folder(path: &Path) -> Result<(), RunError> {
    if cfg!(unix) {
        let folder = File::open(path).map_err(RunError::io("open", path))?;
        folder.sync_all().map_err(RunError::io("write", path))?;
    }
    Ok(())
}

/// Writes bytes as a file of the results folder `root`.
pub(crate) fn write_file(
    root: &Path,
    path: &str,
    rows: Option<u64>,
    bytes: &[u8],
) -> Result<ManifestFile, RunError> {
    write_atomically(&root.join(path), bytes)?;
    Ok(ManifestFile { path: path.to_owned(), rows, bytes: bytes.len() as u64, sha256: sha256(bytes) })
}

/// Writes the rows of a sheet as a Parquet file of the results folder `root`, and empties the sheet.
pub(crate) fn write_sheet(root: &Path, path: &str, sheet: &mut Sheet) -> Result<ManifestFile, RunError> {
    let rows = sheet.rows();
    let bytes = encode(sheet).map_err(|problem| RunError::Encode { path: root.join(path), problem })?;
    write_file(root, path, Some(rows), &bytes)
}

fn encode(sheet: &mut Sheet) -> Result<Vec<u8>, String> {
    let schema = sheet.table().arrow_schema();
    let level = ZstdLevel::try_new(3).map_err(|error| error.to_string())?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by(format!("osteoflare {}", env!("CARGO_PKG_VERSION")))
        .build();
    let batch = sheet.take().map_err(|error| error.to_string())?;
    let mut writer =
        ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(|error| error.to_string())?;
    writer.write(&batch).map_err(|error| error.to_string())?;
    writer.into_inner().map_err(|error| error.to_string())
}
