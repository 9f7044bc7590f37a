//! Programs, their methods, and what is asked of them at each size.

use super::problem::{DAYS, Life};

/// Relative tolerances of the programs that solve every size.
const TOLERANCES: [f64; 3] = [1e-4, 1e-6, 1e-8];
/// For programs whose single run takes minutes.
const ONE: [f64; 1] = [1e-6];
/// Largest model that AMICI gets: its import of a larger one takes hours.
const AMICI_SITES: usize = 150;

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// SUNDIALS CVODE on the exported C.
    Cvode,
    /// The Rust crate, on the exported C.
    Diffsol,
    /// On the exported SBML.
    Amici,
    /// On the exported SBML.
    RoadRunner,
    /// On the exported SBML.
    Copasi,
}

impl Program {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Program::Cvode => "CVODE",
            Program::Diffsol => "diffsol",
            Program::Amici => "AMICI",
            Program::RoadRunner => "libRoadRunner",
            Program::Copasi => "COPASI",
        }
    }
}

/// A program with one of its methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Way {
    /// Program.
    pub program: Program,
    /// What its driver calls the method.
    pub key: &'static str,
    /// In tables: method and linear algebra.
    pub label: &'static str,
}

const fn way(program: Program, key: &'static str, label: &'static str) -> Way {
    Way { program, key, label }
}

/// The implicit method whose steps measure how long the rest of a problem is.
pub const CVODE_BDF: Way = way(Program::Cvode, "bdf", "BDF, KLU");
const CVODE_ADAMS: Way = way(Program::Cvode, "adams", "Adams");
const DIFFSOL_BDF: Way = way(Program::Diffsol, "bdf", "BDF, faer LU");
const DIFFSOL_TR_BDF2: Way = way(Program::Diffsol, "tr_bdf2", "TR-BDF2, KLU");
const DIFFSOL_TSIT45: Way = way(Program::Diffsol, "tsit45", "Tsitouras 5(4)");
const AMICI_BDF: Way = way(Program::Amici, "bdf", "BDF, KLU");
const ROAD_RUNNER_BDF: Way = way(Program::RoadRunner, "bdf", "BDF, dense");
const ROAD_RUNNER_ADAMS: Way = way(Program::RoadRunner, "adams", "Adams");
const COPASI_LSODA: Way = way(Program::Copasi, "lsoda", "LSODA, dense");

/// One run that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Program and method.
    pub way: Way,
    /// The whole problem, or the beginning of it.
    pub days: f64,
    /// Relative tolerance.
    pub tolerance: f64,
}

/// What is asked of every program but AMICI at one size. Dense implicit methods get the beginning of
/// the problem where all of it would take hours.
pub fn asked(sites: usize, life: Life) -> Vec<(Program, Vec<Wanted>)> {
    let mut all: Vec<(Program, Vec<Wanted>)> = Vec::new();
    let mut ask = |way: Way, days: f64, tolerances: &[f64]| {
        let wanted = tolerances.iter().map(|tolerance| Wanted { way, days, tolerance: *tolerance });
        match all.iter_mut().find(|(program, _)| *program == way.program) {
            Some((_, of_program)) => of_program.extend(wanted),
            None => all.push((way.program, wanted.collect())),
        }
    };
    for way in [CVODE_BDF, CVODE_ADAMS] {
        ask(way, DAYS, &TOLERANCES);
    }
    if sites <= 150 {
        // Its factors fill in: at 266 sites a year takes minutes at each tolerance.
        ask(DIFFSOL_BDF, DAYS, if sites < 150 { &TOLERANCES } else { &ONE });
    }
    for way in [DIFFSOL_TR_BDF2, DIFFSOL_TSIT45] {
        ask(way, DAYS, &TOLERANCES);
    }
    match (sites, life) {
        (25, Life::Struck) => {
            ask(ROAD_RUNNER_ADAMS, DAYS, &TOLERANCES);
            ask(ROAD_RUNNER_BDF, 56.0, &ONE);
            ask(COPASI_LSODA, DAYS, &ONE);
        }
        (25, Life::LeftAlone) => {
            ask(ROAD_RUNNER_ADAMS, DAYS, &TOLERANCES);
            ask(ROAD_RUNNER_BDF, DAYS, &ONE);
            ask(COPASI_LSODA, DAYS, &ONE);
        }
        (75, Life::Struck) => {
            ask(ROAD_RUNNER_ADAMS, DAYS, &TOLERANCES);
            ask(ROAD_RUNNER_BDF, 8.0, &ONE);
        }
        (150, Life::Struck) => {
            ask(ROAD_RUNNER_ADAMS, DAYS, &TOLERANCES);
            ask(ROAD_RUNNER_BDF, 0.25, &ONE);
        }
        _ => {}
    }
    all
}

/// What is asked of AMICI, where its import ends within the hour or so.
pub fn asked_of_amici(sites: usize, life: Life) -> Option<(Program, Vec<Wanted>)> {
    let wanted = TOLERANCES.map(|tolerance| Wanted { way: AMICI_BDF, days: DAYS, tolerance });
    (sites <= AMICI_SITES && (sites == 25 || life == Life::Struck)).then(|| (Program::Amici, wanted.to_vec()))
}
