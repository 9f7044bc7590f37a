//! `cargo xtask archives`: COMBINE archives of exported patients, read by the reference libraries, as a page of the book.

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

use osteoflare_export::combine::archive;
use osteoflare_export::scenario::{Prescription, Scenario};
use osteoflare_patient::prescription::Drug;
use osteoflare_skeleton::{SiteId, Skeleton};
use serde_json::Value;

use crate::crosscheck::cases::{YEAR, child, pair};
use crate::crosscheck::peers::Peers;
use crate::document::{self, NOTICE, table};

/// What reads archives and the descriptions of simulations in them.
const PACKAGES: [(&str, &str); 2] = [("libcombine", "python-libcombine"), ("libsedml", "python-libsedml")];

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Folder of archives and the environment of the libraries
    #[arg(long, value_name = "DIR", default_value = "target/archives")]
    folder: PathBuf,
    /// Python that has python-libcombine and python-libsedml, instead of an environment made in DIR
    #[arg(long, value_name = "PROGRAM")]
    python: Option<PathBuf>,
}

/// An archive that is read.
struct Sample {
    name: &'static str,
    title: &'static str,
    scenario: Scenario,
}

fn samples() -> Result<Vec<Sample>, Box<dyn Error>> {
    let all: Vec<SiteId> = Skeleton::get().ids().collect();
    let some = |count: usize| all.iter().copied().step_by(all.len() / count).take(count).collect::<Vec<_>>();
    let sick = child("broken_tolerance", 0)?;
    let mut treated = child("broken_tolerance", 0)?;
    treated.prescriptions.push(Prescription {
        regimen: Drug::Adalimumab.standard_regimen(),
        start_day: 30.0,
        duration_days: f64::INFINITY,
    });
    let sample = |name, title, scenario| Sample { name, title, scenario };
    Ok(vec![
        sample("pair", "the knee of both sides, autoimmune", Scenario::of(&sick, &pair()?, YEAR)?),
        sample("drug", "25 sites, adalimumab from day 30", Scenario::of(&treated, &some(25), YEAR)?),
        sample("healthy", "25 sites, healthy", Scenario::of(&child("healthy", 0)?, &some(25), YEAR)?),
        sample("all", "all sites, autoimmune", Scenario::of(&sick, &all, YEAR)?),
    ])
}

/// Reads the archives and writes the page.
///
/// # Errors
/// If a library is missing, a file cannot be written, or an archive is not read as it should be.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let peers = Peers::prepare(&arguments.folder, arguments.python.as_deref(), &PACKAGES)?;
    if !peers.missing.is_empty() {
        return Err(peers.missing.join("\n").into());
    }
    let script = arguments.folder.join("read.py");
    std::fs::write(&script, include_str!("read.py"))?;
    let (mut rows, mut faults, mut program) = (Vec::new(), Vec::new(), String::new());
    for Sample { name, title, scenario } in samples()? {
        eprintln!("{name}");
        let path = arguments.folder.join(format!("{name}.omex"));
        let bytes = archive(&scenario)?;
        std::fs::write(&path, &bytes)?;
        let out = Command::new(peers.python()).arg(&script).arg(&path).output()?;
        let told: Value = serde_json::from_slice(&out.stdout)?;
        faults.extend(fault(&told).map(|fault| format!("{name}: {fault}")));
        program = told["program"].as_str().unwrap_or_default().to_owned();
        rows.push(vec![
            title.to_owned(),
            scenario.sites.len().to_string(),
            format!("{:.2}", bytes.len() as f64 / f64::from(1 << 20)),
            told["entries"].to_string(),
            told["curves"].to_string(),
            format!("{} / {}", told["errors"], told["warnings"]),
        ]);
    }
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    document::write("archives.md", &page(&program, &rows))
}

/// What is wrong with an archive, if anything is.
fn fault(told: &Value) -> Option<String> {
    if let Some(failed) = told["failed"].as_str() {
        return Some(failed.to_owned());
    }
    let is_description = told["format"].as_str().is_some_and(|format| format.ends_with("sed-ml"));
    let models = told["models"].as_array().map_or(0, Vec::len);
    match () {
        () if told["opened"] != true => Some("not opened".to_owned()),
        () if !is_description => Some(format!("the file to start with is {}", told["master"])),
        () if models == 0 => Some("no model is run".to_owned()),
        () if told["absent"] != serde_json::json!([]) => Some(format!("no model {}", told["absent"])),
        () if told["errors"] != 0 || told["warnings"] != 0 => Some(told["first"].to_string()),
        () => None,
    }
}

fn page(program: &str, rows: &[Vec<String>]) -> String {
    format!(
        "# Archives in the reference libraries\n\n{NOTICE} `cargo xtask archives` writes it.\n\n\
         Exported patients as COMBINE archives, opened by {program}: the archive names its SED-ML as the file to start with, \
         every model that a task runs lies in it, and libSEDML has no complaint. A year each.\n\n{}",
        table(&["patient", "sites", "MiB", "entries", "curves", "errors / warnings"], rows)
    )
}
