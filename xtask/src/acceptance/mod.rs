//! `cargo xtask acceptance`: every behaviour the model must show, with its band, what was measured in patients, the
//! simulated result, its Monte Carlo error, and a verdict.

mod cohort;
mod dial;
mod experiments;
mod infection;
mod natural;
mod row;
mod statistics;
mod treatment;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::population::HostPopulation;

use row::Table;

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Children per untreated cohort.
    #[arg(long, default_value_t = 300)]
    pub patients: u32,
    /// Seed of all random streams.
    #[arg(long, default_value_t = 20261122)]
    pub seed: u64,
    /// Parts to run: h (health), b (bacterial), c (disease), t (treatment), g (dial), k (knock-outs).
    #[arg(long, default_value = "hbctgk")]
    pub parts: String,
    /// Parameter overrides for an experiment, symbol=value.
    #[arg(long = "set", value_name = "SYMBOL=VALUE")]
    pub set: Vec<String>,
    /// Overrides of the broken-tolerance population for an experiment, field=value.
    #[arg(long = "host", value_name = "FIELD=VALUE")]
    pub host: Vec<String>,
    /// Write the table as Markdown to this file.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Runs the chore.
///
/// # Errors
/// If a patient fails or the file cannot be written.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut overrides: BTreeMap<String, f64> = BTreeMap::new();
    for item in &arguments.set {
        let (symbol, value) = item.split_once('=').ok_or_else(|| format!("'{item}' is not SYMBOL=VALUE"))?;
        overrides.insert(symbol.to_owned(), value.parse()?);
    }
    let mut parameters = Parameters::default();
    for (symbol, value) in &overrides {
        parameters.set(symbol, *value)?;
    }
    let healthy = HostPopulation::preset("healthy").ok_or("no healthy population")?;
    let mut broken = HostPopulation::preset("broken_tolerance").ok_or("no broken population")?;
    for item in &arguments.host {
        let (field, value) = item.split_once('=').ok_or_else(|| format!("'{item}' is not FIELD=VALUE"))?;
        let value: f64 = value.parse()?;
        let slot = match field {
            "theta_mean" => &mut broken.theta_mean,
            "theta_sd" => &mut broken.theta_sd,
            "il10_median" => &mut broken.il10_median,
            "il10_log_sd" => &mut broken.il10_log_sd,
            "regulation_log_sd" => &mut broken.regulation_log_sd,
            "presentation_log_sd" => &mut broken.presentation_log_sd,
            other => return Err(format!("'{other}' is not a field of the population").into()),
        };
        *slot = value;
    }
    let study = cohort::study(arguments.seed, 3652.5);
    let mut table = Table::default();
    let mut extra = String::new();
    let n = arguments.patients;
    for part in arguments.parts.chars() {
        match part {
            'h' => natural::health(
                &mut table,
                &cohort::run(&study, &cohort::group("healthy", healthy, n, &[], &overrides))?,
            ),
            'b' => infection::rows(&mut table, arguments.seed, (n / 3).max(24), &parameters)?,
            'c' => natural::disease(
                &mut table,
                &cohort::run(&study, &cohort::group("cno", broken, n, &[], &overrides))?,
            ),
            't' => treatment::run_arms(&study, broken, (n / 2).max(24), &overrides)?.rows(&mut table),
            'g' => {
                let grid = dial::dial(&mut table, &study, (n / 5).max(16), &overrides)?;
                extra.push_str("\nShare presented in 10 years / mean sites ever inflamed, by θ and c₁₀:\n\n");
                extra.push_str(&grid);
            }
            'k' => {
                let grid = dial::knock_outs(&mut table, &study, (n / 4).max(16), &overrides)?;
                extra.push_str("\nMechanisms switched off one at a time:\n\n");
                extra.push_str(&grid);
            }
            other => return Err(format!("part '{other}' is not one of h, b, c, t, g, k").into()),
        }
    }
    let (holds, all) = table.score();
    let text = format!("{}\n{holds} of {all} rows hold.\n{}{extra}", table.markdown(), table.tried());
    println!("{text}");
    if let Some(path) = &arguments.out {
        std::fs::write(path, heading(arguments) + &text)?;
    }
    Ok(())
}

/// Title of the page: what it is and how it was made.
fn heading(arguments: &Arguments) -> String {
    let overrides: String = arguments
        .set
        .iter()
        .map(|s| format!(" --set {s}"))
        .chain(arguments.host.iter().map(|h| format!(" --host {h}")))
        .collect();
    format!(
        "# Acceptance\n\nResearch use only; not a medical device. This page is written by a program; do not edit it.\n\n\
         Command: `cargo xtask acceptance --patients {} --seed {} --parts {}{overrides}`.\n\n\
         Every behaviour the model must show, its band, what was measured in patients, the simulated result with the \
         interval that the finite number of simulated children leaves, and the verdict on the point estimate. Bands were \
         set beforehand and are not widened; parameters were set by hand with most of these rows in view, so a row that \
         holds is a description, not a validation. A row that misses says by how much. H: health, B: bacterial disease, \
         C: natural course, T: treatment, G: the dial of tolerance, K: mechanisms switched off.\n\n",
        arguments.patients, arguments.seed, arguments.parts
    )
}
