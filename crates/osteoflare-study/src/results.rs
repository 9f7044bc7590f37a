//! Reading a results folder back.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::{Array, BooleanArray, Float64Array, ListArray, RecordBatch, StringArray, UInt32Array};
use osteoflare_clinic::digest::{ColumnKind, PatientDigest, Value};
use osteoflare_skeleton::{SiteId, Skeleton};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::file::StudyFile;
use crate::run::manifest::{FORMAT, MANIFEST, Manifest, ManifestFile};
use crate::run::{STUDY_COPY, SUMMARY, store};
use crate::study::Study;
use crate::summary::Summary;
use crate::tables::{SELF_REACTIVITY, layout};

/// Why results cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// A file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no results folder at that path.
    #[error("{} is not a results folder (it has no readable {MANIFEST})", .0.display())]
    NotResults(PathBuf),
    /// The folder was written in another layout.
    #[error("{} has the format '{found}'; this version reads '{FORMAT}'", path.display())]
    Format {
        /// Which folder.
        path: PathBuf,
        /// Its format.
        found: String,
    },
    /// The run has not finished.
    #[error("{} holds an unfinished run; finish it with --resume", .0.display())]
    Unfinished(PathBuf),
    /// A file is not what was written.
    #[error("{} is damaged: {problem}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// How it shows.
        problem: String,
    },
    /// No group of that name.
    #[error("there is no group '{name}' in these results; groups: {known}")]
    NoGroup {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
}

/// A results folder.
#[derive(Clone, Debug)]
pub struct Results {
    path: PathBuf,
    manifest: Manifest,
}

impl Results {
    /// Opens a finished results folder and checks that every file is there with its size.
    ///
    /// # Errors
    /// If it is none, is unfinished, or a file is missing or has another size.
    pub fn open(path: &Path) -> Result<Results, ResultsError> {
        let manifest = read_manifest(path)?;
        if !manifest.finished {
            return Err(ResultsError::Unfinished(path.to_owned()));
        }
        let results = Results { path: path.to_owned(), manifest };
        for file in &results.manifest.files {
            let path = results.path.join(&file.path);
            let size = std::fs::metadata(&path).map_err(|source| missing_or_io(&path, source))?.len();
            if size != file.bytes {
                return Err(damaged(&path, format!("{size} bytes instead of {}", file.bytes)));
            }
        }
        Ok(results)
    }

    /// Results under a manifest that is not on disk yet.
    pub(crate) fn from_parts(path: PathBuf, manifest: Manifest) -> Results {
        Results { path, manifest }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The study these results are of, as run.
    ///
    /// # Errors
    /// If the text in the manifest is no study of this version.
    pub fn study(&self) -> Result<Study, ResultsError> {
        let path = self.path.join(MANIFEST);
        let kept = &self.manifest.study;
        let mut study = StudyFile::parse(&kept.text, STUDY_COPY)
            .map_err(|error| damaged(&path, error.to_string()))?
            .study;
        study.seed = kept.seed;
        for (group, kept) in study.groups.iter_mut().zip(&self.manifest.groups) {
            group.patients = kept.patients;
        }
        Ok(study)
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Names of the groups, in the order of the study.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.manifest.groups.iter().map(|group| group.name.as_str())
    }

    /// Checks the content of every file against its checksum.
    ///
    /// # Errors
    /// The first file that differs.
    pub fn verify(&self) -> Result<(), ResultsError> {
        self.manifest.files.iter().try_for_each(|file| self.verify_file(file))
    }

    fn verify_file(&self, file: &ManifestFile) -> Result<(), ResultsError> {
        let path = self.path.join(&file.path);
        let (_, sha256) = store::checksum(&path).map_err(|source| missing_or_io(&path, source))?;
        if sha256 != file.sha256 {
            return Err(damaged(&path, "its checksum differs".to_owned()));
        }
        Ok(())
    }

    /// The summary written at the end of the run.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn summary(&self) -> Result<Summary, ResultsError> {
        let path = self.path.join(SUMMARY);
        let bytes = std::fs::read(&path).map_err(|source| missing_or_io(&path, source))?;
        serde_json::from_slice(&bytes).map_err(|error| damaged(&path, error.to_string()))
    }

    /// Files of one table that hold patients of one group, in order.
    pub fn parts(&self, table: &str, group: &str) -> Result<Vec<PathBuf>, ResultsError> {
        let Some(index) = self.manifest.groups.iter().position(|known| known.name == group) else {
            let known: Vec<&str> = self.groups().collect();
            return Err(ResultsError::NoGroup { name: group.to_owned(), known: known.join(", ") });
        };
        let start = format!("{table}/part-{index:03}-{group}-");
        let files = self.manifest.files.iter().filter(|file| file.path.starts_with(&start));
        Ok(files.map(|file| self.path.join(&file.path)).collect())
    }

    /// Batches of a table for one group, one part after the other.
    ///
    /// # Errors
    /// If there is no such group. The items are errors where a part cannot be read.
    pub fn batches(
        &self,
        table: &str,
        group: &str,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, ResultsError>> + use<>, ResultsError> {
        let parts = self.parts(table, group)?;
        Ok(parts.into_iter().flat_map(|path| match read_part(&path) {
            Ok(batches) => batches,
            Err(error) => vec![Err(error)],
        }))
    }

    /// The patients of one group as the clinic saw them, streamed. Patients that failed are absent.
    ///
    /// # Errors
    /// If there is no such group. The items are errors where a part cannot be read.
    pub fn patients(
        &self,
        group: &str,
    ) -> Result<impl Iterator<Item = Result<PatientDigest, ResultsError>> + use<>, ResultsError> {
        Ok(self.patient_rows(group)?.map(|row| row.map(|row| row.digest)))
    }

    /// The patients of one group with their hidden truth, streamed. Patients that failed are absent.
    ///
    /// # Errors
    /// If there is no such group. The items are errors where a part cannot be read.
    pub fn patient_rows(
        &self,
        group: &str,
    ) -> Result<impl Iterator<Item = Result<PatientRow, ResultsError>> + use<>, ResultsError> {
        let path = self.path.join(layout().patients.name);
        let batches = self.batches(layout().patients.name, group)?;
        Ok(batches.flat_map(move |batch| {
            let rows =
                batch.and_then(|batch| patient_rows(&batch).map_err(|problem| damaged(&path, problem)));
            match rows {
                Ok(rows) => rows.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }
        }))
    }
}

/// One row of the `patients` table.
#[derive(Clone, Debug, PartialEq)]
pub struct PatientRow {
    /// What the clinic saw.
    pub digest: PatientDigest,
    /// Negative-selection threshold θ of the host, 1.
    pub theta: f64,
    /// Myeloid IL-10 competence of the host, 1.
    pub il10_competence: f64,
    /// Self-reactivity per bone antigen class, 1.
    pub self_reactivity: [f64; 5],
    /// Largest regeneration number of any site on day 0, 1.
    pub rs_max_at_start: f64,
    /// True spells.
    pub spells: u32,
    /// Sites with a true spell.
    pub sites_ever: u32,
    /// Sites with an established infection.
    pub infected_sites: u32,
    /// Whether no bacteria were left at the end.
    pub sterile_at_end: bool,
}

fn patient_rows(batch: &RecordBatch) -> Result<Vec<PatientRow>, String> {
    let number = |name: &str| typed::<Float64Array>(batch, name);
    let count = |name: &str| typed::<UInt32Array>(batch, name);
    let theta = number("truth_theta")?;
    let il10 = number("truth_il10_competence")?;
    let reactivity = SELF_REACTIVITY.map(number);
    let rs = number("truth_rs_max_at_start")?;
    let spells = count("truth_spells")?;
    let sites = count("truth_sites_ever")?;
    let infected = count("truth_infected_sites")?;
    let sterile: &BooleanArray = typed(batch, "truth_sterile_at_end")?;
    let mut rows = Vec::with_capacity(batch.num_rows());
    for (row, digest) in digests(batch)?.into_iter().enumerate() {
        let mut self_reactivity = [0.0; 5];
        for (value, array) in self_reactivity.iter_mut().zip(&reactivity) {
            *value = array.as_ref().map_err(Clone::clone)?.value(row);
        }
        rows.push(PatientRow {
            digest,
            theta: theta.value(row),
            il10_competence: il10.value(row),
            self_reactivity,
            rs_max_at_start: rs.value(row),
            spells: spells.value(row),
            sites_ever: sites.value(row),
            infected_sites: infected.value(row),
            sterile_at_end: sterile.value(row),
        });
    }
    Ok(rows)
}

fn damaged(path: &Path, problem: String) -> ResultsError {
    ResultsError::Damaged { path: path.to_owned(), problem }
}

fn missing_or_io(path: &Path, source: std::io::Error) -> ResultsError {
    match source.kind() {
        std::io::ErrorKind::NotFound => damaged(path, "it is missing".to_owned()),
        _ => ResultsError::Io { path: path.to_owned(), source },
    }
}

fn read_manifest(folder: &Path) -> Result<Manifest, ResultsError> {
    let path = folder.join(MANIFEST);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(source) if source.kind() == std::io::ErrorKind::PermissionDenied => {
            return Err(ResultsError::Io { path, source });
        }
        Err(_) => return Err(ResultsError::NotResults(folder.to_owned())),
    };
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|_| ResultsError::NotResults(folder.to_owned()))?;
    let format = value.get("format").and_then(|format| format.as_str()).unwrap_or_default();
    if format != FORMAT {
        return Err(if format.starts_with("osteoflare-results/") {
            ResultsError::Format { path: folder.to_owned(), found: format.to_owned() }
        } else {
            ResultsError::NotResults(folder.to_owned())
        });
    }
    serde_json::from_value(value).map_err(|error| damaged(&path, error.to_string()))
}

fn read_part(path: &Path) -> Result<Vec<Result<RecordBatch, ResultsError>>, ResultsError> {
    let file = File::open(path).map_err(|source| missing_or_io(path, source))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| damaged(path, error.to_string()))?;
    Ok(reader.map(|batch| batch.map_err(|error| damaged(path, error.to_string()))).collect())
}

/// A column of a batch under its Arrow type.
fn typed<'a, A: Array + 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a A, String> {
    let column = batch.column_by_name(name).ok_or_else(|| format!("column '{name}' is missing"))?;
    column.as_any().downcast_ref().ok_or_else(|| format!("column '{name}' has another type"))
}

/// The rows of a batch of `patients` as digests.
fn digests(batch: &RecordBatch) -> Result<Vec<PatientDigest>, String> {
    let rows = batch.num_rows();
    let mut values: Vec<Vec<Value>> = vec![Vec::new(); rows];
    for (index, column) in PatientDigest::columns().iter().enumerate() {
        // The digest calls the patient's number `index`; in the tables it is the key `patient`.
        let name = if index == 1 { "patient" } else { column.name.as_str() };
        match column.kind {
            ColumnKind::Boolean => {
                let array: &BooleanArray = typed(batch, name)?;
                values.iter_mut().zip(array).for_each(|(row, value)| row.push(Value::Boolean(value)));
            }
            ColumnKind::Count => {
                let array: &UInt32Array = typed(batch, name)?;
                values.iter_mut().zip(array).for_each(|(row, value)| row.push(Value::Count(value)));
            }
            ColumnKind::Number => {
                let array: &Float64Array = typed(batch, name)?;
                values.iter_mut().zip(array).for_each(|(row, value)| row.push(Value::Number(value)));
            }
            ColumnKind::Text => {
                let array: &StringArray = typed(batch, name)?;
                let texts = array.iter().map(|text| Value::Text(text.map(str::to_owned)));
                values.iter_mut().zip(texts).for_each(|(row, value)| row.push(value));
            }
        }
    }
    let mut lists: Vec<Vec<Vec<SiteId>>> = vec![Vec::new(); rows];
    for column in PatientDigest::list_columns() {
        let array: &ListArray = typed(batch, column.name)?;
        for (row, lists) in lists.iter_mut().enumerate() {
            let items = array.value(row);
            let names: &StringArray = items
                .as_any()
                .downcast_ref()
                .ok_or_else(|| format!("column '{}' has another type", column.name))?;
            let sites = names
                .iter()
                .flatten()
                .map(|name| Skeleton::get().find(name).ok_or_else(|| format!("site '{name}' is not known")));
            lists.push(sites.collect::<Result<_, _>>()?);
        }
    }
    let digest = |(values, lists): (Vec<Value>, Vec<Vec<SiteId>>)| {
        PatientDigest::from_values(&values, &lists).map_err(|error| error.to_string())
    };
    values.into_iter().zip(lists).map(digest).collect()
}
