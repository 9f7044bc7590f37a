//! What may be typed wherever records are read.

use std::path::PathBuf;

use clap::Args;

use super::Format;

/// How records are read.
#[derive(Debug, Args)]
pub struct ReadArguments {
    /// Columns of tables with one row a patient (as REDCap exports them)
    #[arg(long, value_name = "MAPPING.toml")]
    pub mapping: Option<PathBuf>,
    /// Leave out resources and features with codes that are not known, instead of refusing
    #[arg(long)]
    pub skip_unknown: bool,
}

/// `osteoflare record check`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare record check records/*.json
  osteoflare record check redcap.csv --mapping redcap.toml

Exit status: 0 no error (questions may be left), 2 errors.")]
pub struct CheckArguments {
    /// Records: own JSON, CSV, Phenopackets or FHIR
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How the records are read.
    #[command(flatten)]
    pub read: ReadArguments,
    /// How problems are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
