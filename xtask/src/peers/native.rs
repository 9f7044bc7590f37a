//! Osteoflare itself, all sites awake.

use std::error::Error;

use osteoflare_kinetics::local::Effects;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::Imports;
use osteoflare_patient::awake::{AwakeSystem, Integration};
use osteoflare_patient::simulation::Settings;
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::{Statistics, Tolerance, place};

use super::problem::{DAYS, Life, Problem, States};
use super::{Loading, Run};
use crate::{clock, flare};

/// Tolerance of studies.
pub const STUDY_TOLERANCE: f64 = 1e-4;
/// Relative tolerances that are measured.
const TOLERANCES: [f64; 7] = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
/// Tolerance of the reference.
const REFERENCE: f64 = 1e-10;
/// Name in tables.
pub const NAME: &str = "Osteoflare";

fn tolerance(relative: f64) -> Tolerance {
    Tolerance { relative, absolute: 1e-2 * relative }
}

/// A model that is ready to run.
struct Loaded {
    system: AwakeSystem,
    start: Vec<f64>,
    /// Day, place in the state vector, amount.
    strikes: Vec<(f64, usize, f64)>,
}

fn load(problem: &Problem) -> Loaded {
    let scenario = &problem.scenario;
    let mut system = AwakeSystem::new(&scenario.parameters, &scenario.host);
    system.set_sites(scenario.sites.iter().map(|site| site.kinetic));
    system.set_inputs(&Effects::none(), Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 });
    let mut start = vec![0.0; system.len()];
    for b in 0..system.stride() {
        for (s, info) in LOCAL.iter().enumerate() {
            start[place(LOCAL_STATES, s, b)] = scenario.local.get(b).map_or(info.at_rest, |y| y[s]);
        }
    }
    let circulation = start.len() - SYSTEMIC_STATES;
    start[circulation..].copy_from_slice(&scenario.systemic);
    let strikes = problem
        .strikes()
        .map(|(day, at, amount)| {
            let site = at / LOCAL_STATES;
            let inside = site < problem.sites();
            let place = if inside {
                place(LOCAL_STATES, at % LOCAL_STATES, site)
            } else {
                circulation + at - LOCAL_STATES * problem.sites()
            };
            (day, place, amount)
        })
        .collect();
    Loaded { system, start, strikes }
}

fn advance(
    loaded: &Loaded,
    days: &[f64],
    relative: f64,
    mut each: impl FnMut(&[f64]),
) -> Result<Statistics, Box<dyn Error>> {
    let mut y = loaded.start.clone();
    let mut integrator = DormandPrince::new();
    let mut statistics = Statistics::default();
    let mut day = 0.0;
    let mut strikes = loaded.strikes.iter().peekable();
    for &wanted in days {
        while day < wanted {
            let end = strikes.peek().map_or(wanted, |strike| strike.0.min(wanted));
            loaded.system.integrate(Integration {
                integrator: &mut integrator,
                y: &mut y,
                day,
                span: end - day,
                tolerance: tolerance(relative),
                statistics: &mut statistics,
            })?;
            day = end;
            while let Some((_, at, amount)) = strikes.next_if(|strike| strike.0 <= day) {
                y[*at] += amount;
            }
        }
        each(&y);
    }
    Ok(statistics)
}

/// States in the order of [`Problem::columns`], and the work.
///
/// # Errors
/// If integration fails.
pub fn solve(problem: &Problem, relative: f64) -> Result<(States, Statistics), Box<dyn Error>> {
    solve_on(problem, &Problem::days(DAYS), relative)
}

/// The states against which errors in the beginning of the problem are measured.
///
/// # Errors
/// If integration fails.
pub fn beginning(problem: &Problem, days: &[f64]) -> Result<States, Box<dyn Error>> {
    Ok(solve_on(problem, days, REFERENCE)?.0)
}

fn solve_on(problem: &Problem, days: &[f64], relative: f64) -> Result<(States, Statistics), Box<dyn Error>> {
    let loaded = load(problem);
    let mut states = States::new();
    let work = advance(&loaded, days, relative, |y| {
        let sites = (0..problem.sites()).flat_map(|b| (0..LOCAL_STATES).map(move |s| (s, b)));
        let mut row: Vec<_> = sites.map(|(s, b)| Some(y[place(LOCAL_STATES, s, b)])).collect();
        row.extend(y[y.len() - SYSTEMIC_STATES..].iter().copied().map(Some));
        states.push(row);
    })?;
    Ok((states, work))
}

/// The states against which errors are measured.
///
/// # Errors
/// If integration fails.
pub fn reference(problem: &Problem) -> Result<States, Box<dyn Error>> {
    eprintln!("peers: {} sites, reference", problem.sites());
    Ok(solve(problem, REFERENCE)?.0)
}

/// Runs at every tolerance.
///
/// # Errors
/// If integration fails.
pub fn runs(problem: &Problem, reference: &States) -> Result<Vec<Run>, Box<dyn Error>> {
    eprintln!("peers: {} sites, Osteoflare", problem.sites());
    let loaded = load(problem);
    let days = Problem::days(DAYS);
    TOLERANCES
        .into_iter()
        .map(|relative| {
            let (states, work) = solve(problem, relative)?;
            let mut failed = None;
            let seconds = clock::best(0.3, || failed = advance(&loaded, &days, relative, |_| ()).err());
            if let Some(error) = failed {
                return Err(error);
            }
            Ok(Run {
                program: NAME.to_owned(),
                method: "Dormand–Prince 5(4)",
                life: problem.life,
                sites: problem.sites(),
                days: DAYS,
                tolerance: relative,
                seconds,
                stretch: 1.0,
                error: problem.error(&states, reference),
                steps: Some(work.steps),
                peak_mib: None,
            })
        })
        .collect()
}

/// Time from the numbers of a patient to a model that is ready to run.
///
/// # Errors
/// If the problem cannot be made.
pub fn loading(sites: usize, life: Life) -> Result<Loading, Box<dyn Error>> {
    let problem = Problem::new(sites, life)?;
    let load_s = clock::best(0.05, || {
        std::hint::black_box(load(&problem));
    });
    Ok(Loading { program: NAME.to_owned(), sites, import_s: None, load_s })
}

/// Whole patients with broken tolerance and their random lives for ten years each, one after another.
///
/// # Errors
/// If integration fails.
pub fn cohort(patients: u32) -> Result<(), Box<dyn Error>> {
    const DECADE_DAYS: f64 = 3652.5;
    for index in 0..patients {
        flare::patient("broken_tolerance", index, DECADE_DAYS, Settings::default())
            .advance_to(DECADE_DAYS)?;
    }
    Ok(())
}
