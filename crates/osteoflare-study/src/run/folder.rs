//! The results folder while it is being filled: manifest, journal, lock.
//!
//! Every part is complete on disk before the chunk it belongs to is entered in the journal, and chunks are entered
//! in order. A process that is killed at any instant leaves a folder from which the journal tells exactly what is
//! done; everything else in it is overwritten or removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::RunError;
use super::manifest::{FORMAT, MANIFEST, Manifest, ManifestFile};
use super::store::{self, PARTIAL};
use crate::tables::layout;

/// Name of the journal.
pub(crate) const JOURNAL: &str = "journal.jsonl";
/// Name of the log of wall times; the only file that is not the same from run to run.
pub const RUN_LOG: &str = "run-log.json";
/// Name a report has by default; it may be lost when results are replaced.
const REPORT: &str = "report.html";
/// Ending of the name of a folder that `--force` has moved away.
const REPLACED: &str = ".osteoflare-replaced";

/// What to do with a folder that is already there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    #[default]
    Refuse,
    /// Go on with an unfinished run, or start if there is none; a finished one is left as it is.
    Resume,
    /// Replace results, and only results.
    Replace,
}

/// A finished chunk of patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChunkEntry {
    /// Number of the chunk, from 0.
    pub chunk: usize,
    /// Patients in it that could not be computed.
    pub failed: u32,
    /// Its files.
    pub files: Vec<ManifestFile>,
}

/// A folder that is being filled.
pub(crate) struct Folder {
    pub path: PathBuf,
    pub manifest: Manifest,
    /// Chunks that are done.
    pub entries: Vec<ChunkEntry>,
    journal: File,
}

/// The folder, ready to go on or already finished.
pub(crate) enum Opened {
    Ready(Folder),
    Finished(Manifest),
}

/// What lies at a path.
enum Found {
    Nothing,
    Run(Box<Manifest>),
    Foreign,
}

impl Folder {
    /// Creates or reopens the folder for the run that `manifest` describes.
    pub fn open(path: &Path, manifest: Manifest, existing: Existing) -> Result<Opened, RunError> {
        match (look(path)?, existing) {
            (Found::Foreign, _) => Err(RunError::Foreign(path.to_owned())),
            (Found::Nothing, _) => Folder::create(path, manifest).map(Opened::Ready),
            (Found::Run(old), Existing::Refuse) if old.finished => Err(RunError::Finished(path.to_owned())),
            (Found::Run(_), Existing::Refuse) => Err(RunError::Unfinished(path.to_owned())),
            (Found::Run(_), Existing::Replace) => {
                // The lock tells whether somebody is still writing there.
                if path.join(JOURNAL).exists() {
                    drop(lock_journal(path)?);
                }
                replace(path)?;
                Folder::create(path, manifest).map(Opened::Ready)
            }
            (Found::Run(old), Existing::Resume) => {
                check_same(path, &old, &manifest)?;
                if old.finished {
                    remove_leftovers(path, &old.files)?;
                    return Ok(Opened::Finished(*old));
                }
                Folder::reopen(path, manifest).map(Opened::Ready)
            }
        }
    }

    fn create(path: &Path, manifest: Manifest) -> Result<Folder, RunError> {
        fs::create_dir_all(path).map_err(RunError::io("create", path))?;
        write_manifest(path, &manifest)?;
        Folder::reopen(path, manifest)
    }

    fn reopen(path: &Path, manifest: Manifest) -> Result<Folder, RunError> {
        let mut journal = lock_journal(path)?;
        let entries = read_journal(path, &mut journal)?;
        for file in entries.iter().flat_map(|entry| &entry.files) {
            check_file(path, file)?;
        }
        for table in layout().all() {
            let folder = path.join(table.name);
            fs::create_dir_all(&folder).map_err(RunError::io("create", &folder))?;
        }
        let known: Vec<ManifestFile> = entries.iter().flat_map(|entry| entry.files.clone()).collect();
        remove_leftovers(path, &known)?;
        Ok(Folder { path: path.to_owned(), manifest, entries, journal })
    }

    /// Enters a finished chunk.
    pub fn enter(&mut self, entry: ChunkEntry) -> Result<(), RunError> {
        for table in layout().per_chunk() {
            store::sync_folder(&self.path.join(table.name))?;
        }
        let path = self.path.join(JOURNAL);
        let mut line = serde_json::to_vec(&entry).map_err(|error| json_error(&path, &error))?;
        line.push(b'\n');
        self.journal.write_all(&line).map_err(RunError::io("write", &path))?;
        self.journal.sync_data().map_err(RunError::io("write", &path))?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the final manifest and removes the journal.
    pub fn finish(mut self, more: Vec<ManifestFile>) -> Result<Manifest, RunError> {
        self.manifest.finished = true;
        self.manifest.files = self.entries.iter().flat_map(|entry| entry.files.clone()).chain(more).collect();
        write_manifest(&self.path, &self.manifest)?;
        let journal = self.path.join(JOURNAL);
        fs::remove_file(&journal).map_err(RunError::io("remove", &journal))?;
        store::sync_folder(&self.path)?;
        Ok(self.manifest)
    }
}

fn json_error(path: &Path, error: &serde_json::Error) -> RunError {
    RunError::Encode { path: path.to_owned(), problem: error.to_string() }
}

fn write_manifest(root: &Path, manifest: &Manifest) -> Result<(), RunError> {
    let path = root.join(MANIFEST);
    let mut text = serde_json::to_string_pretty(manifest).map_err(|error| json_error(&path, &error))?;
    text.push('\n');
    store::write_atomically(&path, text.as_bytes())?;
    store::sync_folder(root)
}

fn look(path: &Path) -> Result<Found, RunError> {
    let listing = match fs::read_dir(path) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => return Ok(Found::Foreign),
        Err(error) => return Err(RunError::io("read", path)(error)),
    };
    let manifest_path = path.join(MANIFEST);
    match fs::read(&manifest_path) {
        Ok(bytes) => {
            let manifest = serde_json::from_slice::<Manifest>(&bytes).ok();
            return Ok(match manifest {
                Some(manifest) if manifest.format == FORMAT => Found::Run(Box::new(manifest)),
                _ => Found::Foreign,
            });
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(RunError::io("read", &manifest_path)(error)),
    }
    let our_start = format!("{MANIFEST}{PARTIAL}");
    for entry in listing {
        let entry = entry.map_err(RunError::io("read", path))?;
        if entry.file_name() != our_start.as_str() {
            return Ok(Found::Foreign);
        }
    }
    Ok(Found::Nothing)
}

fn check_same(path: &Path, old: &Manifest, new: &Manifest) -> Result<(), RunError> {
    let option = |value: Option<String>| value.unwrap_or_else(|| "that of the study file".to_owned());
    let pairs = [
        ("version", old.version.clone(), new.version.clone()),
        ("study", short(&old.study.sha256), short(&new.study.sha256)),
        (
            "--seed",
            option(old.study.seed_override.map(|seed| seed.to_string())),
            option(new.study.seed_override.map(|seed| seed.to_string())),
        ),
        (
            "--patients",
            option(old.study.patients_override.map(|count| count.to_string())),
            option(new.study.patients_override.map(|count| count.to_string())),
        ),
    ];
    match pairs.into_iter().find(|(_, before, now)| before != now) {
        Some((what, before, now)) => Err(RunError::Different { path: path.to_owned(), what, before, now }),
        None => Ok(()),
    }
}

fn short(sha256: &str) -> String {
    format!("{}…", &sha256[..sha256.len().min(12)])
}

fn lock_journal(root: &Path) -> Result<File, RunError> {
    let path = root.join(JOURNAL);
    let file = OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(&path)
        .map_err(RunError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RunError::Busy(root.to_owned())),
        // A file system without locks: go on without.
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(RunError::io("lock", &path)(error)),
    }
}

/// The entries of the journal. A last line that was torn by a stop is cut off.
fn read_journal(root: &Path, file: &mut File) -> Result<Vec<ChunkEntry>, RunError> {
    let path = root.join(JOURNAL);
    let bytes = fs::read(&path).map_err(RunError::io("read", &path))?;
    let complete = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    if complete < bytes.len() {
        file.set_len(complete as u64).map_err(RunError::io("write", &path))?;
        file.sync_all().map_err(RunError::io("write", &path))?;
    }
    let mut entries: Vec<ChunkEntry> = Vec::new();
    for line in bytes[..complete].split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let number = entries.len();
        match serde_json::from_slice::<ChunkEntry>(line) {
            Ok(entry) if entry.chunk == number => entries.push(entry),
            _ => {
                let problem = format!("line {} is not the entry of chunk {number}", number + 1);
                return Err(RunError::Damaged { path, problem });
            }
        }
    }
    Ok(entries)
}

fn check_file(root: &Path, file: &ManifestFile) -> Result<(), RunError> {
    let path = root.join(&file.path);
    let damaged = |problem: String| RunError::Damaged { path: path.clone(), problem };
    match store::checksum(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(damaged("it is missing".to_owned()))
        }
        Err(error) => Err(RunError::io("read", &path)(error)),
        Ok((bytes, _)) if bytes != file.bytes => {
            Err(damaged(format!("{bytes} bytes instead of {}", file.bytes)))
        }
        Ok((_, sha256)) if sha256 != file.sha256 => Err(damaged("its checksum differs".to_owned())),
        Ok(_) => Ok(()),
    }
}

/// Removes files of chunks that were never entered, and files that were being written.
fn remove_leftovers(root: &Path, known: &[ManifestFile]) -> Result<(), RunError> {
    let known: std::collections::BTreeSet<&str> = known.iter().map(|file| file.path.as_str()).collect();
    let remove = |path: PathBuf| fs::remove_file(&path).map_err(RunError::io("remove", &path));
    for table in layout().all() {
        let folder = root.join(table.name);
        let Ok(listing) = fs::read_dir(&folder) else { continue };
        for entry in listing {
            let entry = entry.map_err(RunError::io("read", &folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with("part-") || name.ends_with(PARTIAL);
            if ours && !known.contains(format!("{}/{name}", table.name).as_str()) {
                remove(entry.path())?;
            }
        }
    }
    for entry in fs::read_dir(root).map_err(RunError::io("read", root))? {
        let entry = entry.map_err(RunError::io("read", root))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(PARTIAL) {
            remove(entry.path())?;
        }
    }
    // A journal beside a finished manifest: the run stopped between the last two steps.
    let journal = root.join(JOURNAL);
    let finished = known.iter().any(|path| *path == super::SUMMARY);
    if finished && journal.exists() {
        remove(journal)?;
    }
    Ok(())
}

/// Refuses a folder with anything in it that a run or a report did not write.
fn check_only_results(path: &Path) -> Result<(), RunError> {
    let ours = [MANIFEST, JOURNAL, RUN_LOG, super::STUDY_COPY, super::DICTIONARY, super::SUMMARY, REPORT];
    let mut others: Vec<String> = Vec::new();
    for entry in fs::read_dir(path).map_err(RunError::io("read", path))? {
        let entry = entry.map_err(RunError::io("read", path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = ours.contains(&name.as_str())
            || name.ends_with(PARTIAL)
            || layout().all().any(|table| table.name == name);
        if !known {
            others.push(name);
        }
    }
    others.sort();
    match others.into_iter().next() {
        Some(name) => Err(RunError::OtherFiles { path: path.to_owned(), name }),
        None => Ok(()),
    }
}

/// Moves an old results folder out of the way in one step, then deletes it.
fn replace(path: &Path) -> Result<(), RunError> {
    check_only_results(path)?;
    let mut old = path.as_os_str().to_owned();
    old.push(REPLACED);
    let old = PathBuf::from(old);
    if old.exists() {
        fs::remove_dir_all(&old).map_err(RunError::io("remove", &old))?;
    }
    fs::rename(path, &old).map_err(RunError::io("move away", path))?;
    fs::remove_dir_all(&old).map_err(RunError::io("remove", &old))
}
