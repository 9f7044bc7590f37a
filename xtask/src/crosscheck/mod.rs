//! `cargo xtask crosscheck`: the same patients in other people's solvers, state by state.

pub mod cases;
mod compare;
mod distribution;
mod figure;
mod long;
mod page;
pub mod peers;
mod snapshot;

use std::error::Error;
use std::path::PathBuf;

use osteoflare_export::sbml::{Options, at_site, document};
use osteoflare_export::scenario::{Course, Scenario};
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::Skeleton;
use osteoflare_solver::system::Tolerance;

use crate::BadArgument;
use cases::{Case, Routes};
use compare::{Deviation, deviation, named};
use figure::Panel;
use peers::{Job, Peers, Route};

/// Tolerance of the reference.
pub const REFERENCE: Tolerance = Tolerance { relative: 1e-10, absolute: 1e-12 };
/// A tighter reference, to see how far the reference itself can be trusted.
pub const TIGHTER: Tolerance = Tolerance { relative: 1e-11, absolute: 1e-13 };
/// What is asked of well-conditioned paths, in shares of a state's range.
pub const LIMIT: f64 = 1e-6;
/// How far a path is moved at the start to see how much of it is left at the end.
const NUDGE: f64 = 1e-7;

/// The case that is drawn.
const DRAWN: &str = "pair-autoimmune";

const LSODA: Route = Route { name: "LSODA", relative: 1e-10, absolute: 1e-12 };
const RADAU: Route = Route { name: "Radau", relative: 1e-10, absolute: 1e-12 };
const DOP853: Route = Route { name: "DOP853", relative: 1e-10, absolute: 1e-12 };
const ROAD_RUNNER: Route = Route { name: "RoadRunner", relative: 1e-10, absolute: 1e-14 };
/// Its method without a Jacobian, for models whose dense one would take hours.
const ROAD_RUNNER_ADAMS: Route = Route { name: "RoadRunner-Adams", relative: 1e-10, absolute: 1e-14 };

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Folder of models, answers and the environment of the peers
    #[arg(long, value_name = "DIR", default_value = "target/crosscheck")]
    folder: PathBuf,
    /// Python that has libroadrunner, python-libsbml, numpy and scipy, instead of an environment made in DIR
    #[arg(long, value_name = "PROGRAM")]
    python: Option<PathBuf>,
    /// Only cases whose name starts with this; prints and writes no page
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Only write the exported patient and its course by libRoadRunner that a test compares with
    #[arg(long)]
    snapshot: bool,
    /// Children of one site whose decades are compared by distribution
    #[arg(long, value_name = "N", default_value_t = 100)]
    children: u32,
}

/// What one program made of one case.
pub struct Outcome {
    /// Program with version and method.
    pub program: String,
    /// Method.
    pub route: &'static str,
    /// How far it is from the reference, or why there is nothing to compare.
    pub result: Result<(Deviation, f64, f64), String>,
}

/// A compared case.
pub struct Compared {
    /// The case.
    pub case: Case,
    /// Errors and warnings of libSBML's consistency check of the complete export.
    pub consistency: Option<(String, u64, u64, String)>,
    /// What the peers made of it.
    pub outcomes: Vec<Outcome>,
    /// How many times larger a tiny change of day 0 becomes, at most.
    pub amplification: f64,
    /// The engine at the tolerance of studies.
    pub production: Deviation,
    /// The engine at a tighter tolerance: how far the reference itself is to be trusted.
    pub tighter: Deviation,
    /// For all sites: the engine as studies run it, with sleeping sites; and awake at the tolerance of the reference.
    pub simulation: Option<(Deviation, Deviation)>,
}

/// Runs the cross-check and writes its page.
///
/// # Errors
/// If a scenario cannot be made or a file cannot be written. Peers that are missing or fail are shown, no error.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let peers = Peers::prepare(&arguments.folder, arguments.python.as_deref(), &peers::PACKAGES)?;
    for missing in &peers.missing {
        eprintln!("{missing}");
    }
    if arguments.snapshot {
        return snapshot::write(&peers);
    }
    let mut compared = Vec::new();
    let cases = cases::cases()?;
    if let Some(start) = &arguments.only
        && !cases.iter().any(|case| case.name.starts_with(start.as_str()))
    {
        let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        return Err(BadArgument(format!(
            "--only {start}: no case begins so; there are {}",
            names.join(", ")
        ))
        .into());
    }
    for case in cases {
        if arguments.only.as_ref().is_none_or(|start| case.name.starts_with(start.as_str())) {
            eprintln!("{}", case.name);
            compared.push(compare_case(case, &peers)?);
            page::print(compared.last().into_iter());
        }
    }
    if arguments.only.is_some() {
        return Ok(());
    }
    let long = long::compare(&peers)?;
    let distributions = distribution::compare(&peers, arguments.children)?;
    page::write(&compared, &long, &distributions, &peers.missing)
}

fn routes(case: &Case) -> Vec<Route> {
    match (case.routes, case.scenario.sites.len()) {
        (Routes::SciPy, _) => vec![DOP853],
        (Routes::Explicit, _) => vec![ROAD_RUNNER_ADAMS, DOP853],
        (Routes::All, 0..=2) => vec![ROAD_RUNNER, LSODA, RADAU],
        (Routes::All, 3..=25) => vec![ROAD_RUNNER, LSODA, DOP853],
        (Routes::All, _) => vec![ROAD_RUNNER, DOP853],
    }
}

fn compare_case(case: Case, peers: &Peers) -> Result<Compared, Box<dyn Error>> {
    let scenario = &case.scenario;
    let course = scenario.course(REFERENCE, &case.days)?;
    let reference = named(scenario, &course);
    let all = 0..case.days.len();
    let against = |other: &Course| deviation(&reference, &named(scenario, other), all.clone());

    let complete = peers.folder().join(format!("{}.complete.xml", case.name));
    std::fs::write(&complete, document(scenario, Options::default())?)?;
    let consistency = match peers.check(&complete) {
        Ok(found) => Some(found),
        Err(error) => {
            eprintln!("  libSBML did not check the document: {error}");
            None
        }
    };
    let plain = Options { observables: false, annotations: false };
    std::fs::write(peers.folder().join(format!("{}.xml", case.name)), document(scenario, plain)?)?;
    let mut outcomes = Vec::new();
    for route in routes(&case) {
        let job = Job { name: case.name.clone(), days: case.days.clone(), route, columns: Vec::new() };
        let (program, result) = match peers.run(&job) {
            Ok(answer) => {
                if case.name == DRAWN && route.name == ROAD_RUNNER.name {
                    draw(&case, &reference, &answer.states)?;
                }
                let apart = deviation(&reference, &answer.states, all.clone());
                (answer.program.clone(), Ok((apart, answer.loading_s, answer.running_s)))
            }
            Err(error) => (route.name.to_owned(), Err(error.to_string())),
        };
        outcomes.push(Outcome { program, route: route.name, result });
    }
    let production = against(&scenario.course(Settings::default().tolerance, &case.days)?);
    let moved = against(&nudged(scenario).course(REFERENCE, &case.days)?);
    let simulation = simulated(&case, &reference)?;
    Ok(Compared {
        amplification: moved.largest / NUDGE,
        consistency,
        outcomes,
        production,
        tighter: against(&scenario.course(TIGHTER, &case.days)?),
        simulation,
        case,
    })
}

/// The figure of the book that the COMBINE archive reproduces.
fn draw(case: &Case, ours: &compare::States, theirs: &compare::States) -> Result<(), Box<dyn Error>> {
    let sites = cases::pair()?;
    let curves = |symbol: &str| {
        let of = |id: &osteoflare_skeleton::SiteId| {
            let place = Skeleton::get().site(*id);
            (at_site(symbol, &place.id), place.label())
        };
        sites.iter().map(of).collect::<Vec<_>>()
    };
    let panels = [
        Panel { title: "inflammatory macrophages, r.u.", curves: curves("M") },
        Panel { title: "marrow oedema, r.u.", curves: curves("W") },
        Panel { title: "mineralised bone, 1 = normal", curves: curves("V") },
        Panel { title: "C-reactive protein, mg/L", curves: vec![("CRP".into(), "blood".into())] },
    ];
    let names: Vec<&str> = sites.iter().map(|id| Skeleton::get().site(*id).id.as_str()).collect();
    if let Some(child) = &case.child {
        println!(
            "  drawn is: osteoflare model export combine --sites {} --patient broken_tolerance/{} --seed {} --days {}",
            names.join(","),
            child.index,
            child.seed,
            case.scenario.horizon_days
        );
    }
    crate::document::write("crosscheck.svg", &figure::svg(&panels, &case.days, ours, theirs))
}

/// The scenario with every state of day 0 moved by a tiny share, up and down by turns.
fn nudged(scenario: &Scenario) -> Scenario {
    let mut moved = scenario.clone();
    for (i, value) in moved.local.iter_mut().flatten().chain(&mut moved.systemic).enumerate() {
        *value *= if i % 2 == 0 { 1.0 + NUDGE } else { 1.0 - NUDGE };
    }
    moved
}

/// The whole engine on the same child, where the case has all sites: as studies run it, and awake and tight.
fn simulated(
    case: &Case,
    reference: &compare::States,
) -> Result<Option<(Deviation, Deviation)>, Box<dyn Error>> {
    if case.scenario.sites.len() < Skeleton::get().sites().len() || !case.scenario.grows {
        return Ok(None);
    }
    let Some(child) = &case.child else { return Ok(None) };
    let tight = Settings { tolerance: REFERENCE, sleeping: false, ..Settings::default() };
    let mut found = Vec::new();
    for settings in [Settings::default(), tight] {
        let horizon = case.scenario.horizon_days;
        let mut simulation = Simulation::new(
            child.host.clone(),
            &child.exposures,
            child.seed,
            child.index,
            horizon,
            child.parameters,
            settings,
        );
        let mut course = Course::new();
        for day in &case.days {
            simulation.advance_to(*day)?;
            course.push(osteoflare_export::scenario::Snapshot {
                day: *day,
                local: simulation.local().to_vec(),
                systemic: *simulation.systemic(),
            });
        }
        found.push(deviation(reference, &named(&case.scenario, &course), 0..case.days.len()));
    }
    let tight = found.pop();
    Ok(found.pop().zip(tight))
}
