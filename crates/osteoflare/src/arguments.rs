//! What may be typed. Every command carries its examples.

mod convert;
mod export;
mod reading;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use convert::ConvertArguments;
pub use export::{ExportArguments, ExportFormat, Selection};
pub use reading::{CheckArguments, ReadArguments};

/// Chronic nonbacterial osteomyelitis, running.
///
/// Virtual children live through years of immune attack, infection or health on every site of the skeleton; the
/// clinic looks at them through its own instruments; tables and reports come out, beside the published numbers.
///
/// Research use only; not a medical device.
#[derive(Debug, Parser)]
#[command(
    name = "osteoflare",
    version,
    after_help = "\
Examples:
  osteoflare run studies/quick.toml         run a small study
  osteoflare show results/quick             its groups side by side
  osteoflare report results/quick           a page to hand on
  osteoflare study new mine.toml            start a study of your own"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a study: every patient of every group lives, and what is left is written down
    Run(RunArguments),
    /// Show results as tables in the terminal
    Show(ShowArguments),
    /// Write results as one self-contained HTML page
    Report(ReportArguments),
    /// Put published numbers beside the simulated ones
    Validate(ValidateArguments),
    /// Score records of real or virtual patients by published criteria and measures
    Score(ScoreArguments),
    /// Check records of patients, or make a page of one
    Record(RecordArguments),
    /// Start or check a study file, or print its JSON Schema
    Study(StudyArguments),
    /// Print the model: parameters, states, equations
    Model(ModelArguments),
}

/// How data are printed on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// `osteoflare run`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare run studies/contrast.toml
  osteoflare run studies/contrast.toml --patients 20 --out results/small
  osteoflare run studies/contrast.toml --resume       go on after an interruption

The same study, seed and version give the same files, byte for byte, for any number of threads and
interruptions.

Exit status: 0 done, 1 failed or stopped, 2 bad input.")]
pub struct RunArguments {
    /// Study file
    #[arg(value_name = "STUDY.toml")]
    pub study: PathBuf,
    /// Results folder [default: results/NAME, with the name of the study]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Patients of every group, instead of those in the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub patients: Option<u32>,
    /// Seed of every random stream, instead of the one in the file
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=9_223_372_036_854_775_807))]
    pub seed: Option<u64>,
    /// Threads [default: one per processor]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Go on with an unfinished run in the results folder (or start, if there is none)
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Replace results that are already in the results folder
    #[arg(long)]
    pub force: bool,
    /// How the outcome is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `osteoflare show`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare show results/contrast
  osteoflare show results/contrast --group cno        every number of one group, with intervals
  osteoflare show results/contrast --format json | jq .groups.cno.chronic_share")]
pub struct ShowArguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    pub results: PathBuf,
    /// Show every number of one group
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `osteoflare report`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare report results/contrast
  osteoflare report results/contrast -o contrast.html")]
pub struct ReportArguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    pub results: PathBuf,
    /// File to write [default: DIR/report.html]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `osteoflare validate`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare validate                                 results/contrast beside the built-in evidence
  osteoflare validate results/contrast --format json
  osteoflare validate results/contrast --evidence my-numbers.yaml")]
pub struct ValidateArguments {
    /// Results folder
    #[arg(value_name = "DIR", default_value = "results/contrast")]
    pub results: PathBuf,
    /// File of published numbers, instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Also list published numbers that cannot be computed, with the reason
    #[arg(long)]
    pub all: bool,
    /// How the comparison is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `osteoflare study`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare study new mine.toml
  osteoflare study check mine.toml
  osteoflare study schema > study.schema.json")]
pub struct StudyArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: StudyCommand,
}

/// The commands on study files.
#[derive(Debug, Subcommand)]
pub enum StudyCommand {
    /// Write a new study file to start from
    #[command(after_help = "Example:\n  osteoflare study new mine.toml")]
    New {
        /// File to write; must not exist
        #[arg(value_name = "FILE.toml")]
        file: PathBuf,
    },
    /// Check a study file and say what it means
    #[command(after_help = "Example:\n  osteoflare study check studies/contrast.toml")]
    Check {
        /// Study file
        #[arg(value_name = "STUDY.toml")]
        file: PathBuf,
        /// How the outcome is printed
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the JSON Schema of study files
    #[command(after_help = "Example:\n  osteoflare study schema > study.schema.json")]
    Schema,
}

/// `osteoflare model`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare model parameters                         symbol, value, unit, range, source
  osteoflare model parameters --format json
  osteoflare model states
  osteoflare model equations
  osteoflare model export sbml --sites 25 -o model.xml   a virtual patient for other programs")]
pub struct ModelArguments {
    /// What to print
    #[command(subcommand)]
    pub part: ModelPart,
}

/// Parts of the model.
#[derive(Debug, Subcommand)]
pub enum ModelPart {
    /// Parameters with value, unit, range and source
    Parameters(FormatArguments),
    /// State variables with unit and meaning
    States(FormatArguments),
    /// Equations, written out from the code that is run
    Equations(FormatArguments),
    /// Equations and virtual patients in the formats of other programs
    Export(ExportArguments),
}

/// How a part of the model is printed.
#[derive(Clone, Copy, Debug, Args)]
pub struct FormatArguments {
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `osteoflare score`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare score child.json                         every instrument, red flags, what to ask next
  osteoflare score child.json --explain               item by item: what was used, what is missing
  osteoflare score records/*.json --format json --keep-going
  osteoflare score child.json --at 0                  as it stood at the presentation
  osteoflare score child.json --prior leukaemia=0.2
  osteoflare score --weights-template > weights.toml  to be filled in from the paper
  osteoflare score child.json --weights weights.toml
  osteoflare score --results results/contrast         accuracy in virtual cohorts beside the published

What a record does not say stays unknown: an item is unknown, a total is an interval.
With --format json one record is an object, several are a list; questions about records go to standard error.
Reports published evidence; does not diagnose. Research use only; not a medical device.

Exit status: 0 done, 1 failed, 2 bad input.")]
pub struct ScoreArguments {
    /// Records: own JSON, CSV, Phenopackets or FHIR
    #[arg(value_name = "FILE", required_unless_present_any = ["weights_template", "results"])]
    pub files: Vec<PathBuf>,
    /// How the records are read.
    #[command(flatten)]
    pub read: ReadArguments,
    /// Results folder: accuracy of the instruments in its groups, instead of records
    #[arg(long, value_name = "DIR", conflicts_with_all = ["files", "weights_template"])]
    pub results: Option<PathBuf>,
    /// Show every item: what was used, what is missing, what would change the answer
    #[arg(long)]
    pub explain: bool,
    /// Go on with the next record after a bad one
    #[arg(long)]
    pub keep_going: bool,
    /// Day at which the record is looked at, from day 0 [default: everything it holds]
    #[arg(long, value_name = "DAY", allow_negative_numbers = true)]
    pub at: Option<f64>,
    /// Weights of the EULAR/ACR criteria, filled in from the paper
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Print the file of weights to fill in
    #[arg(long)]
    pub weights_template: bool,
    /// Shares of diseases before anything is known, e.g. leukaemia=0.2,cno=0.3
    #[arg(long, value_name = "SHARES")]
    pub prior: Option<String>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `osteoflare record`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare record check records/*.json
  osteoflare record summary child.json -o child.html
  osteoflare record schema > record.schema.json")]
pub struct RecordArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: RecordCommand,
}

/// The commands on records.
#[derive(Debug, Subcommand)]
pub enum RecordCommand {
    /// Check records: every contradiction, impossible value and unknown word, with its line
    Check(CheckArguments),
    /// Convert records from any format to any: own JSON, CSV, Phenopackets, FHIR
    Convert(ConvertArguments),
    /// Write one page of a patient: lesions over time, skeleton, scores, red flags
    #[command(after_help = "Example:\n  osteoflare record summary child.json -o child.html")]
    Summary {
        /// Record; of a file with several, the first
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Page to write
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Replace the page if it exists
        #[arg(long)]
        force: bool,
    },
    /// Print the JSON Schema of the project's own format
    #[command(after_help = "Example:\n  osteoflare record schema > record.schema.json")]
    Schema,
}
