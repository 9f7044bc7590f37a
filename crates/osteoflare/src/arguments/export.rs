//! What may be typed after `osteoflare model export`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `osteoflare model export`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  osteoflare model export sbml --sites 25 -o model.xml
  osteoflare model export sbml --sites tibia_proximal_metaphysis_L --drug naproxen@30 --days 365
  osteoflare model export sbml --study studies/contrast.toml --patient bacterial/3 --sites all
  osteoflare model export combine --sites 2 -o flare.omex
  osteoflare model export latex -o equations.tex

Research use only; not a medical device.")]
pub struct ExportArguments {
    /// Format
    #[command(subcommand)]
    pub format: ExportFormat,
}

/// Formats.
#[derive(Debug, Subcommand)]
pub enum ExportFormat {
    /// SBML Level 3 Version 2 of a virtual patient
    Sbml(Selection),
    /// COMBINE archive: the SBML model, and SED-ML that runs and draws it
    Combine(Selection),
    /// C source of the right-hand side on day 0 with its sparse Jacobian
    C {
        /// The patient
        #[command(flatten)]
        selection: Selection,
        /// Also derivatives between sites through blood: entries grow with the square of the sites
        #[arg(long)]
        full: bool,
    },
    /// The equations as a LaTeX document
    Latex {
        /// File to write; `-` is standard output [default: -]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// The equations as Markdown
    Markdown {
        /// File to write; `-` is standard output [default: -]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Which patient, which sites, how long.
#[derive(Debug, Args)]
pub struct Selection {
    /// How many sites (the most representative), `all`, or names separated by commas
    #[arg(long, value_name = "SITES", default_value = "25", allow_negative_numbers = true)]
    pub sites: String,
    /// Population and number of the child [default: broken_tolerance/0], or group and number with --study
    #[arg(long, value_name = "GROUP/NUMBER")]
    pub patient: Option<String>,
    /// Study file with the group of the patient
    #[arg(long, value_name = "STUDY.toml")]
    pub study: Option<PathBuf>,
    /// Seed of the random streams [default: 1, or that of the study]
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = seed)]
    pub seed: Option<u64>,
    /// Days of the model [default: 365]
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    pub days: Option<f64>,
    /// A drug in its usual regimen from a day on (0 if none is given); may be repeated
    #[arg(long = "drug", value_name = "NAME[@DAY]")]
    pub drugs: Vec<String>,
    /// No life: every third site inflamed on day 0 and all inputs constant, the problem of the measurements
    #[arg(long, conflicts_with = "drugs")]
    pub flare: bool,
    /// Leave out pain, temperature and the ontology terms of states
    #[arg(long)]
    pub plain: bool,
    /// File to write; `-` is standard output [default: -; combine: osteoflare.omex]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Days if none are given.
const DAYS: f64 = 365.0;

impl Selection {
    /// Days of the model.
    pub fn days(&self) -> f64 {
        self.days.unwrap_or(DAYS)
    }
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("a seed is a whole number from 0 to {}", u64::MAX))
}
