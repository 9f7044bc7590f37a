//! Writes the flaring patient of the measurements as SBML: `cargo run --example flaring -- SITES DAYS > model.xml`.

use osteoflare_export::sbml::{Options, document};
use osteoflare_export::scenario::{Child, Scenario};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::population::HostPopulation;
use osteoflare_skeleton::Skeleton;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let sites = arguments.next().map_or(Ok(25), |n| n.parse())?;
    let days = arguments.next().map_or(Ok(365.0), |n| n.parse())?;
    let population = HostPopulation::preset("broken_tolerance").ok_or("no such population")?;
    let child = Child::draw(&population, 7, 1, Parameters::default());
    let chosen = Skeleton::get().select(sites);
    let scenario = if std::env::args().any(|a| a == "life") {
        Scenario::of(&child, &chosen, days)?
    } else {
        Scenario::flaring(&child, &chosen, days)?
    };
    print!("{}", document(&scenario, Options { observables: false, annotations: false })?);
    Ok(())
}
