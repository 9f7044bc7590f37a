//! Long paths: where and why solvers part.

use std::error::Error;

use osteoflare_export::sbml::{Options, document};
use osteoflare_export::scenario::Scenario;
use osteoflare_kinetics::state::Local;
use osteoflare_skeleton::Skeleton;
use osteoflare_solver::system::Tolerance;

use crate::crosscheck::cases::{child, middles};
use crate::crosscheck::compare::{deviation, named};
use crate::crosscheck::peers::{Job, Peers};
use crate::crosscheck::{DOP853, LSODA, REFERENCE, TIGHTER};

/// Years of the path.
const YEARS: usize = 10;
/// Weeks of a year.
const WEEKS: usize = 52;
/// Days of the path.
const HORIZON: f64 = (YEARS * WEEKS * 7) as f64;

/// One year of the path.
pub struct Year {
    /// Number of the year, from 1.
    pub year: usize,
    /// Largest deviation from the reference within the year: a tighter reference, then the peers.
    pub apart: Vec<f64>,
}

/// The comparison of a long path.
pub struct Long {
    /// What was run, one title per column of [`Year::apart`].
    pub columns: Vec<String>,
    /// Year by year.
    pub years: Vec<Year>,
    /// The patient, in words.
    pub title: String,
}

/// Runs 25 coupled, flaring sites for ten years.
///
/// # Errors
/// If the scenario cannot be made or run by the engine.
pub fn compare(peers: &Peers) -> Result<Long, Box<dyn Error>> {
    let sites = Skeleton::get().select(25);
    let mut chosen = None;
    // The child with most flares in the first year, of ten: a hard case.
    for index in 0..10 {
        let scenario = Scenario::of(&child("broken_tolerance", index)?, &sites, 364.0)?;
        let course = scenario.course(Tolerance { relative: 1e-6, absolute: 1e-8 }, &middles(364.0))?;
        let busy = course.iter().flat_map(|d| &d.local).filter(|y| y[Local::M as usize] > 0.3).count();
        if chosen.is_none_or(|(most, _)| busy > most) {
            chosen = Some((busy, index));
        }
    }
    let (_, index) = chosen.ok_or("no child")?;
    let scenario = Scenario::of(&child("broken_tolerance", index)?, &sites, HORIZON)?;
    let days = middles(HORIZON);
    let reference = named(&scenario, &scenario.course(REFERENCE, &days)?);
    let tighter = named(&scenario, &scenario.course(TIGHTER, &days)?);
    let mut columns = vec!["Osteoflare at 1e-11".to_owned()];
    let mut others = vec![tighter];
    let name = "long-25".to_owned();
    let plain = Options { observables: false, annotations: false };
    std::fs::write(peers.folder().join(format!("{name}.xml")), document(&scenario, plain)?)?;
    for route in [LSODA, DOP853] {
        let job = Job { name: name.clone(), days: days.clone(), route, columns: Vec::new() };
        match peers.run(&job) {
            Ok(answer) => {
                columns.push(answer.program);
                others.push(answer.states);
            }
            Err(error) => eprintln!("{name}: {}: {error}", route.name),
        }
    }
    let years = (0..YEARS).map(|year| {
        let within = year * WEEKS..(year + 1) * WEEKS;
        let apart = others.iter().map(|o| deviation(&reference, o, within.clone()).largest).collect();
        Year { year: year + 1, apart }
    });
    Ok(Long { columns, years: years.collect(), title: format!("25 sites of the autoimmune child {index}") })
}
