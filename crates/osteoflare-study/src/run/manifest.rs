//! `manifest.json`: what the folder is, and what every file in it must be.

use serde::{Deserialize, Serialize};

/// Name of the manifest in a results folder.
pub const MANIFEST: &str = "manifest.json";
/// Version of the layout of results folders.
pub const FORMAT: &str = "osteoflare-results/1";
/// Patients of one group in one part of each table. Part of the format: the bytes depend on it.
pub const CHUNK_PATIENTS: u32 = 64;
/// What is said wherever results are shown.
pub const RESEARCH_USE: &str =
    "Research use only. Virtual patients; not a medical device and no basis for the care of a real child.";

/// Identity of a run and, when finished, of all its files. Holds nothing that differs between two runs of the same
/// study by the same version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Version of the program.
    pub version: String,
    /// [`RESEARCH_USE`].
    pub notice: String,
    /// Whether every patient has been written.
    pub finished: bool,
    /// The study.
    pub study: ManifestStudy,
    /// Groups in order.
    pub groups: Vec<ManifestGroup>,
    /// [`CHUNK_PATIENTS`].
    pub chunk_patients: u32,
    /// Files, in the order of writing; empty until finished.
    pub files: Vec<ManifestFile>,
}

/// The study of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestStudy {
    /// Short name.
    pub name: String,
    /// One line.
    pub title: String,
    /// Seed in use.
    pub seed: u64,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// Seed given on the command line, if any.
    pub seed_override: Option<u64>,
    /// Patients per group given on the command line, if any.
    pub patients_override: Option<u32>,
    /// Text of the study file.
    pub text: String,
}

/// One group of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestGroup {
    /// Key.
    pub name: String,
    /// One line.
    pub label: String,
    /// Patients asked for.
    pub patients: u32,
    /// Patients that could not be computed; 0 until finished.
    pub failed: u32,
}

/// One file of a results folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Path within the folder, with `/`.
    pub path: String,
    /// Rows, for tables.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
    /// Size, bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}
