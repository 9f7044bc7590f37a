//! The part of the cross-check that the test suite runs always: one exported patient and what libRoadRunner made of it.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use osteoflare_export::sbml::{Options, document};
use osteoflare_export::scenario::{Prescription, Scenario};
use osteoflare_patient::prescription::Drug;
use osteoflare_skeleton::SiteId;

use crate::crosscheck::ROAD_RUNNER;
use crate::crosscheck::cases::{CHILDREN, KNEE, YEAR, child, flares, middles, site};
use crate::crosscheck::peers::{Job, Peers};

/// Day on which the drug starts.
const TREATED: f64 = 100.0;
/// Name of the two files.
const NAME: &str = "roadrunner";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/osteoflare-export/tests/data")
}

/// The life of a child with growth standing still, so that the files hold everything that the test needs; if it flares.
fn flaring(index: u32, sites: &[SiteId]) -> Result<Option<Scenario>, Box<dyn Error>> {
    let mut child = child("broken_tolerance", index)?;
    let regimen = Drug::Adalimumab.standard_regimen();
    child.prescriptions.push(Prescription { regimen, start_day: TREATED, duration_days: f64::INFINITY });
    let scenario = Scenario { grows: false, ..Scenario::of(&child, sites, YEAR)? };
    Ok(if flares(&scenario)? { Some(scenario) } else { None })
}

/// Writes the model and its course by libRoadRunner.
///
/// # Errors
/// If the scenario cannot be made, libRoadRunner does not run it, or a file cannot be written.
pub fn write(peers: &Peers) -> Result<(), Box<dyn Error>> {
    let sites = [site(KNEE)?];
    let scenario = (0..CHILDREN).find_map(|index| flaring(index, &sites).transpose());
    let mut scenario = scenario.ok_or("no child flares")??;
    scenario.title = "One site of an autoimmune child, adalimumab from day 100".to_owned();
    let text = document(&scenario, Options { observables: false, annotations: false })?;
    std::fs::write(peers.folder().join(format!("{NAME}.xml")), &text)?;
    let days = middles(YEAR);
    let job = Job { name: NAME.to_owned(), days: days.clone(), route: ROAD_RUNNER, columns: Vec::new() };
    let answer = peers.run(&job)?;
    let names: Vec<&String> = answer.states.keys().filter(|name| *name != "day").collect();
    let mut csv = String::from("day");
    for name in &names {
        let _ = write!(csv, ",{name}");
    }
    csv.push('\n');
    for (row, day) in days.iter().enumerate() {
        let _ = write!(csv, "{day}");
        for name in &names {
            let _ = write!(csv, ",{:e}", answer.states[*name][row]);
        }
        csv.push('\n');
    }
    std::fs::create_dir_all(folder())?;
    std::fs::write(folder().join(format!("{NAME}.xml")), text)?;
    std::fs::write(folder().join(format!("{NAME}.csv")), csv)?;
    println!("wrote the snapshot of {}", answer.program);
    Ok(())
}
