//! What may be typed behind `osteoflare record convert`.

use std::path::PathBuf;

use clap::Args;
use osteoflare_exchange::Format;

/// `osteoflare record convert`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare record convert child.json -o child.fhir.json
  osteoflare record convert child.fhir.json -o child.phenopacket.json   (and child.lesions.csv beside it)
  osteoflare record convert cohort.csv -o cohort.jsonl --keep-going
  osteoflare record convert redcap.csv --mapping redcap.toml -o cohort.csv

The format of what is read is recognised by its content; the format that is written by the name of the file:
.json .jsonl, .csv, .fhir.json .fhir.jsonl, .phenopacket.json .phenopacket.jsonl. The file appears when everything
is written, or not at all. Messages hold no names, identifiers, dates of birth or free text.

Exit status: 0 done, 1 failed, 2 bad input.")]
pub struct ConvertArguments {
    /// Files of records: own JSON, CSV, Phenopackets or FHIR
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// File to write
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Format to write, instead of the one its name tells: json, csv, wide, phenopacket, fhir
    #[arg(long, value_name = "FORMAT")]
    pub to: Option<Format>,
    /// Format to read, instead of the one the content tells
    #[arg(long, value_name = "FORMAT")]
    pub from: Option<Format>,
    /// Columns of tables with one row a patient (as REDCap exports them) that are read
    #[arg(long, value_name = "MAPPING.toml")]
    pub mapping: Option<PathBuf>,
    /// Columns of the table with one row a patient that is written
    #[arg(long, value_name = "MAPPING.toml")]
    pub to_mapping: Option<PathBuf>,
    /// Write such a table although the mapping has no columns for part of the records
    #[arg(long)]
    pub lossy: bool,
    /// Leave out resources and features with codes that are not known, instead of refusing
    #[arg(long)]
    pub skip_unknown: bool,
    /// Go on with the next record after a bad one, and write the good ones
    #[arg(long)]
    pub keep_going: bool,
    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,
}
