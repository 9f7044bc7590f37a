//! Many patients over years: the same distribution of flares, remission and bone in every program.

use std::error::Error;

use osteoflare_export::sbml::{Options, at_site, document};
use osteoflare_export::scenario::Scenario;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::simulation::Settings;
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::Tolerance;

use crate::crosscheck::cases::{KNEE, child, middles, site};
use crate::crosscheck::compare::{States, named};
use crate::crosscheck::peers::{Job, Peers, Route};

/// Tolerance of peers on long runs: paths are not compared, and this is tighter than studies are.
const LONG: (f64, f64) = (1e-7, 1e-9);
/// Oedema is present in a spell only if it lasts this many samples (weeks).
const SHORTEST_SPELL: usize = 2;

/// What is counted in one patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    /// Spells of oedema above the threshold of MRI, over all sites.
    pub flares: f64,
    /// Days from the first to the last sample with oedema anywhere; 0 without any.
    pub to_remission: f64,
    /// Mean mineralised bone over all sites and the last year, relative to normal.
    pub bone: f64,
}

/// The counts of one program.
pub struct Program {
    /// Name.
    pub name: String,
    /// One per patient, in the same order in every program.
    pub counts: Vec<Count>,
    /// Patients it failed on, with the reason.
    pub failed: Vec<String>,
}

/// One cohort.
pub struct Cohort {
    /// In words.
    pub title: String,
    /// The engine at the tolerance of the reference of long runs first, then at that of studies, then peers.
    pub programs: Vec<Program>,
}

/// Runs both cohorts.
///
/// # Errors
/// If a scenario cannot be made or run by the engine.
pub fn compare(peers: &Peers, children: u32) -> Result<Vec<Cohort>, Box<dyn Error>> {
    let route = |name| Route { name, relative: LONG.0, absolute: LONG.1 };
    let (rr, lsoda, dop) = (route("RoadRunner"), route("LSODA"), route("DOP853"));
    let knee = [site(KNEE)?];
    Ok(vec![
        cohort(peers, "knee", &knee, children, 10.0, &[rr, lsoda])?,
        cohort(peers, "many", &Skeleton::get().select(25), children / 4, 5.0, &[dop])?,
    ])
}

fn cohort(
    peers: &Peers,
    name: &str,
    sites: &[SiteId],
    children: u32,
    years: f64,
    routes: &[Route],
) -> Result<Cohort, Box<dyn Error>> {
    let horizon = 364.0 * years;
    let days = middles(horizon);
    let tight = Tolerance { relative: LONG.0, absolute: LONG.1 };
    let program = |name: &str| Program { name: name.to_owned(), counts: Vec::new(), failed: Vec::new() };
    // Said once, not for every child; the page names what is missing.
    let mut there = Vec::new();
    for route in routes {
        match peers.lacks(route.name) {
            Some(why) => eprintln!("{name}: {}: {why}", route.name),
            None => there.push(*route),
        }
    }
    let routes = there;
    let mut programs =
        vec![program("Osteoflare, awake, 1e-7"), program("Osteoflare, awake, tolerance of studies")];
    programs.extend(routes.iter().map(|route| program(route.name)));
    for index in 0..children {
        let scenario = Scenario::of(&child("broken_tolerance", index)?, sites, horizon)?;
        for (program, tolerance) in programs.iter_mut().zip([tight, Settings::default().tolerance]) {
            let states = named(&scenario, &scenario.course(tolerance, &days)?);
            program.counts.push(count(&scenario, &states, &days));
        }
        let model = format!("{name}-{index}");
        let plain = Options { observables: false, annotations: false };
        std::fs::write(peers.folder().join(format!("{model}.xml")), document(&scenario, plain)?)?;
        for (route, program) in routes.iter().zip(&mut programs[2..]) {
            let columns = columns(&scenario);
            let job = Job { name: model.clone(), days: days.clone(), route: *route, columns };
            match peers.run(&job) {
                Ok(answer) => {
                    program.name = answer.program;
                    program.counts.push(count(&scenario, &answer.states, &days));
                }
                Err(error) => program.failed.push(format!("child {index}: {error}")),
            }
        }
    }
    let n = sites.len();
    let title = format!(
        "{children} children of broken tolerance, {n} site{} each, {years} years",
        if n == 1 { "" } else { "s" }
    );
    Ok(Cohort { title, programs })
}

fn names(scenario: &Scenario, symbol: &str) -> Vec<String> {
    scenario.sites.iter().map(|s| at_site(symbol, &Skeleton::get().site(s.id).id)).collect()
}

fn columns(scenario: &Scenario) -> Vec<String> {
    names(scenario, "W").into_iter().chain(names(scenario, "V")).collect()
}

fn count(scenario: &Scenario, states: &States, days: &[f64]) -> Count {
    let threshold = Parameters::<f64>::default().W_MRI;
    let mut flares = 0;
    let mut seen: Option<(usize, usize)> = None;
    for name in names(scenario, "W") {
        let above: Vec<bool> = states[&name].iter().map(|w| *w > threshold).collect();
        flares +=
            above.chunk_by(|a, b| a == b).filter(|spell| spell[0] && spell.len() >= SHORTEST_SPELL).count();
        for (day, _) in above.iter().enumerate().filter(|(_, above)| **above) {
            let (first, last) = seen.unwrap_or((day, day));
            seen = Some((first.min(day), last.max(day)));
        }
    }
    let year = 52.min(days.len());
    let bone: Vec<f64> =
        names(scenario, "V").iter().flat_map(|name| &states[name][days.len() - year..]).copied().collect();
    Count {
        flares: flares as f64,
        to_remission: seen.map_or(0.0, |(first, last)| days[last] - days[first]),
        bone: bone.iter().sum::<f64>() / bone.len() as f64,
    }
}

/// Value below which a share `q` of the numbers lies, between neighbours linearly.
pub fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = q * last as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    sorted[low] + (at - low as f64) * (sorted[high] - sorted[low])
}

/// Largest distance between two empirical distributions (Kolmogorov and Smirnov).
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    let share = |values: &[f64], x: f64| {
        values.iter().filter(|v| **v <= x).count() as f64 / values.len().max(1) as f64
    };
    a.iter().chain(b).map(|x| (share(a, *x) - share(b, *x)).abs()).fold(0.0, f64::max)
}

/// Distance that two samples of the same distribution exceed in 5 of 100 cases (Smirnov, large samples).
pub fn critical_distance(n: usize, m: usize) -> f64 {
    let (n, m) = (n as f64, m as f64);
    1.358 * ((n + m) / (n * m)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_of_distributions() {
        assert_eq!(distance(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 3.0, 4.0]), 0.0);
        assert_eq!(distance(&[1.0, 2.0], &[3.0, 4.0]), 1.0);
        assert_eq!(distance(&[1.0, 2.0, 3.0, 4.0], &[3.0, 4.0, 5.0, 6.0]), 0.5);
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[0.0, 10.0], 0.25), 2.5);
    }
}
