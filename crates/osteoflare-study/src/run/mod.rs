//! A whole study: every patient of every group lives, and what is left is written down.
//!
//! Results do not depend on the number of threads, nor on interruptions: patients are computed in any order, but
//! written in order, in parts of [`CHUNK_PATIENTS`] patients of one group. See [`manifest`] for the folder.

mod error;
mod folder;
pub mod manifest;
pub(crate) mod store;
mod workers;

#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde_json::json;

pub use error::RunError;
pub use folder::{Existing, RUN_LOG};
pub use manifest::{CHUNK_PATIENTS, RESEARCH_USE};

use crate::file::StudyFile;
use crate::life::Life;
use crate::results::Results;
use crate::study::{Group, Study};
use crate::summary;
use crate::tables::{ChunkSheets, dictionary, layout, site_rows};
use folder::{ChunkEntry, Folder, Opened};
use manifest::{FORMAT, Manifest, ManifestFile, ManifestGroup, ManifestStudy};

/// Name of the copy of the study file.
pub const STUDY_COPY: &str = "study.toml";
/// Name of the column dictionary.
pub const DICTIONARY: &str = "dictionary.json";
/// Name of the summary.
pub const SUMMARY: &str = "summary.json";

/// How a study is run.
#[derive(Clone, Debug)]
pub struct RunOptions<'a> {
    /// Results folder.
    pub out: PathBuf,
    /// What to do if there is one.
    pub existing: Existing,
    /// Threads; `None`: as many as there are processors.
    pub threads: Option<NonZeroUsize>,
    /// Patients of every group, instead of those of the file.
    pub patients: Option<u32>,
    /// Seed, instead of that of the file.
    pub seed: Option<u64>,
    /// When set to true the run stops at the next patient, leaving a folder that can be resumed.
    pub stop: Option<&'a AtomicBool>,
}

impl RunOptions<'_> {
    /// A fresh run into `out` with everything as in the file.
    pub fn new(out: impl Into<PathBuf>) -> Self {
        RunOptions {
            out: out.into(),
            existing: Existing::Refuse,
            threads: None,
            patients: None,
            seed: None,
            stop: None,
        }
    }
}

/// What a run tells while it goes on.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// The groups that will run; sent once, first.
    Started {
        /// Groups in order.
        groups: &'a [Group],
    },
    /// Patients of a group are done; sent after every patient, and once for those found on resuming.
    Patients {
        /// Index of the group.
        group: usize,
        /// Patients done so far.
        done: u32,
        /// Of these, found in the folder of a resumed run.
        resumed: u32,
        /// Of these, failed.
        failed: u32,
    },
    /// All patients are written; tables are being summarised.
    Summarising,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Results folder.
    pub folder: PathBuf,
    /// `false` if the run was stopped and can be resumed.
    pub finished: bool,
    /// Patients written, failed ones included.
    pub patients: u64,
    /// Patients that could not be computed.
    pub failed: u64,
}

impl Outcome {
    /// Whether so many patients failed (more than 1 %) that the run counts as failed.
    pub fn too_many_failures(&self) -> bool {
        self.failed * 100 > self.patients
    }
}

/// The study with the changes of the options.
pub fn effective_study(file: &StudyFile, options: &RunOptions<'_>) -> Study {
    let mut study = file.study.clone();
    study.seed = options.seed.unwrap_or(study.seed);
    for group in &mut study.groups {
        group.patients = options.patients.unwrap_or(group.patients);
    }
    study
}

/// A range of patients of one group that is written together.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    group: usize,
    first: u32,
    count: u32,
}

fn chunks(study: &Study) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for (group, settings) in study.groups.iter().enumerate() {
        let mut first = 0;
        while first < settings.patients {
            let count = CHUNK_PATIENTS.min(settings.patients - first);
            chunks.push(Chunk { group, first, count });
            first += count;
        }
    }
    chunks
}

/// Runs a study. `live` computes one patient; it must be a pure function of its arguments.
///
/// # Errors
/// Whatever keeps the results from being written, with the path; a folder that must not be touched; a resume that
/// does not fit.
pub fn run<L, E>(
    file: &StudyFile,
    options: &RunOptions<'_>,
    live: L,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Outcome, RunError>
where
    L: Fn(&Study, &Group, u32) -> Result<Life, E> + Sync,
    E: Display,
{
    let started = Instant::now();
    let study = effective_study(file, options);
    let folder = match Folder::open(&options.out, describe(file, &study, options), options.existing)? {
        Opened::Ready(folder) => folder,
        Opened::Finished(manifest) => return Ok(outcome(&options.out, &manifest)),
    };
    progress(Progress::Started { groups: &study.groups });
    let threads =
        options.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let mut writer = Writer::new(folder, &study, progress);
    writer.report_resumed();
    let (done, complete) = writer.run(threads, options.stop, &live)?;
    if !complete {
        let failed = writer.failed.iter().map(|failed| u64::from(*failed)).sum();
        return Ok(Outcome { folder: options.out.clone(), finished: false, patients: done, failed });
    }
    let (mut folder, failed) = (writer.folder, writer.failed);
    progress(Progress::Summarising);
    for (group, failed) in folder.manifest.groups.iter_mut().zip(failed) {
        group.failed = failed;
    }
    let more = write_whole_files(&folder, file)?;
    let manifest = folder.finish(more)?;
    write_log(&options.out, started, threads)?;
    Ok(outcome(&options.out, &manifest))
}

fn outcome(path: &Path, manifest: &Manifest) -> Outcome {
    Outcome {
        folder: path.to_owned(),
        finished: true,
        patients: manifest.groups.iter().map(|group| u64::from(group.patients)).sum(),
        failed: manifest.groups.iter().map(|group| u64::from(group.failed)).sum(),
    }
}

fn describe(file: &StudyFile, study: &Study, options: &RunOptions<'_>) -> Manifest {
    Manifest {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        notice: RESEARCH_USE.to_owned(),
        finished: false,
        study: ManifestStudy {
            name: study.name.clone(),
            title: study.title.clone(),
            seed: study.seed,
            sha256: file.sha256(),
            seed_override: options.seed,
            patients_override: options.patients,
            text: file.text.clone(),
        },
        groups: study
            .groups
            .iter()
            .map(|group| ManifestGroup {
                name: group.name.clone(),
                label: group.label.clone(),
                patients: group.patients,
                failed: 0,
            })
            .collect(),
        chunk_patients: CHUNK_PATIENTS,
        files: Vec::new(),
    }
}

/// Takes lives in order and writes them.
struct Writer<'a, 'p> {
    folder: Folder,
    study: &'a Study,
    chunks: Vec<Chunk>,
    sheets: ChunkSheets,
    failed: Vec<u32>,
    resumed: Vec<u32>,
    progress: &'p mut dyn FnMut(Progress<'_>),
}

/// Why taking lives ended early.
enum Halt {
    Stopped,
    Error(RunError),
}

impl<'a, 'p> Writer<'a, 'p> {
    fn new(folder: Folder, study: &'a Study, progress: &'p mut dyn FnMut(Progress<'_>)) -> Self {
        let chunks = chunks(study);
        let mut failed = vec![0; study.groups.len()];
        let mut resumed = vec![0; study.groups.len()];
        for (entry, chunk) in folder.entries.iter().zip(&chunks) {
            failed[chunk.group] += entry.failed;
            resumed[chunk.group] += chunk.count;
        }
        Writer { folder, study, chunks, sheets: ChunkSheets::default(), failed, resumed, progress }
    }

    fn report_resumed(&mut self) {
        for (group, (&resumed, &failed)) in self.resumed.iter().zip(&self.failed).enumerate() {
            if resumed > 0 {
                (self.progress)(Progress::Patients { group, done: resumed, resumed, failed });
            }
        }
    }

    /// Patients written, and whether these are all.
    fn run<L, E>(
        &mut self,
        threads: NonZeroUsize,
        stop: Option<&AtomicBool>,
        live: &L,
    ) -> Result<(u64, bool), RunError>
    where
        L: Fn(&Study, &Group, u32) -> Result<Life, E> + Sync,
        E: Display,
    {
        let study = self.study;
        let todo: Vec<Chunk> = self.chunks[self.folder.entries.len().min(self.chunks.len())..].to_vec();
        let mut starts = Vec::with_capacity(todo.len());
        let mut total = 0u64;
        for chunk in &todo {
            starts.push(total);
            total += u64::from(chunk.count);
        }
        let place = |item: u64| {
            let index = starts.partition_point(|start| *start <= item) - 1;
            (todo[index], (item - starts[index]) as u32)
        };
        let stopped = || stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        let compute = |item: u64| {
            if stopped() {
                return Err("stopped".to_owned());
            }
            let (chunk, offset) = place(item);
            live(study, &study.groups[chunk.group], chunk.first + offset).map_err(|error| error.to_string())
        };
        let result = workers::in_order(0..total, threads, compute, |item, life| {
            if stopped() {
                return Err(Halt::Stopped);
            }
            let (chunk, offset) = place(item);
            self.take(chunk, offset, life).map_err(Halt::Error)
        });
        let written =
            self.chunks[..self.folder.entries.len()].iter().map(|chunk| u64::from(chunk.count)).sum();
        match result {
            Ok(()) => Ok((written, true)),
            Err(Halt::Stopped) => Ok((written, false)),
            Err(Halt::Error(error)) => Err(error),
        }
    }

    fn take(&mut self, chunk: Chunk, offset: u32, life: Result<Life, String>) -> Result<(), RunError> {
        let patient = chunk.first + offset;
        let group = &self.study.groups[chunk.group];
        match life {
            Ok(life) => self.sheets.push(&group.name, patient, &life),
            Err(problem) => {
                self.failed[chunk.group] += 1;
                self.sheets.push_failure(&group.name, patient, &problem);
            }
        }
        if offset + 1 == chunk.count {
            self.write_chunk(chunk)?;
        }
        (self.progress)(Progress::Patients {
            group: chunk.group,
            done: patient + 1,
            resumed: self.resumed[chunk.group],
            failed: self.failed[chunk.group],
        });
        Ok(())
    }

    fn write_chunk(&mut self, chunk: Chunk) -> Result<(), RunError> {
        let group = &self.study.groups[chunk.group].name;
        let name = format!("part-{:03}-{group}-{:08}.parquet", chunk.group, chunk.first);
        let mut files: Vec<ManifestFile> = Vec::new();
        let mut failed = 0;
        for sheet in self.sheets.sheets_mut() {
            let table = sheet.table().name;
            if table == layout().failures.name {
                failed = sheet.rows() as u32;
            }
            files.push(store::write_sheet(&self.folder.path, &format!("{table}/{name}"), sheet)?);
        }
        self.folder.enter(ChunkEntry { chunk: self.folder.entries.len(), failed, files })
    }
}

/// The files that exist once: skeleton, study, dictionary, summary.
fn write_whole_files(folder: &Folder, file: &StudyFile) -> Result<Vec<ManifestFile>, RunError> {
    let root = &folder.path;
    let mut files = vec![
        store::write_sheet(root, "sites/part-000.parquet", &mut site_rows())?,
        store::write_file(root, STUDY_COPY, None, file.text.as_bytes())?,
        write_json(root, DICTIONARY, &dictionary())?,
    ];
    let mut manifest = folder.manifest.clone();
    manifest.files = folder.entries.iter().flat_map(|entry| entry.files.clone()).collect();
    let results = Results::from_parts(root.clone(), manifest);
    files.push(write_json(root, SUMMARY, &summary::summarise(&results)?)?);
    Ok(files)
}

fn write_json(root: &Path, name: &str, value: &impl serde::Serialize) -> Result<ManifestFile, RunError> {
    let path = root.join(name);
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| RunError::Encode { path, problem: error.to_string() })?;
    text.push('\n');
    store::write_file(root, name, None, text.as_bytes())
}

/// The only file with times of this run in it.
fn write_log(root: &Path, started: Instant, threads: NonZeroUsize) -> Result<(), RunError> {
    let log = json!({
        "wall_seconds_of_last_start": started.elapsed().as_secs_f64(),
        "threads": threads.get(),
    });
    write_json(root, RUN_LOG, &log).map(|_| ())
}
