//! The standard problem, and how errors are measured on it.

use std::error::Error;

use osteoflare_export::sbml::at_site;
use osteoflare_export::scenario::{Child, Pulse, Scenario, Target};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL, LOCAL_STATES, Local, SYSTEMIC};
use osteoflare_patient::population::HostPopulation;
use osteoflare_skeleton::Skeleton;

use crate::flare::SEED;

/// Length of the problem, days: 52 weeks.
pub const DAYS: f64 = 364.0;
/// Such years in a decade.
pub const YEARS: f64 = 10.0;
/// Points at which states are compared.
const POINTS: usize = 12;

/// States of all sites and the circulation on several days; `None` where a program does not report a state.
pub type States = Vec<Vec<Option<f64>>>;

/// Days of the first strike, and between strikes.
const FIRST_STRIKE: f64 = 3.5;
const WEEK: f64 = 7.0;
/// Debris of a strike, r.u.
const STRIKE: f64 = 1.0;

/// What happens to the child after day 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// One site after the other is struck, one a week: it goes on flaring.
    Struck,
    /// Nothing: the flares of day 0 burn out.
    LeftAlone,
}

impl Life {
    /// In tables.
    pub fn name(self) -> &'static str {
        match self {
            Life::Struck => "struck weekly",
            Life::LeftAlone => "left alone",
        }
    }
}

/// A child of broken tolerance with some of its sites, every third inflamed on day 0.
pub struct Problem {
    /// What happens after day 0.
    pub life: Life,
    /// The model.
    pub scenario: Scenario,
    /// Identifiers of the states in the exported model: sites, then circulation.
    pub columns: Vec<String>,
    /// Size of every state, to which errors are added.
    scale: Vec<f64>,
}

impl Problem {
    /// The problem with that many sites.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new(sites: usize, life: Life) -> Result<Problem, Box<dyn Error>> {
        let population =
            HostPopulation::preset("broken_tolerance").ok_or("a shipped population is missing")?;
        let child = Child::draw(&population, SEED, 1, Parameters::default());
        let mut scenario = Scenario::flaring(&child, &Skeleton::get().select(sites), DAYS)?;
        if life == Life::Struck {
            let strikes = (0..(DAYS / WEEK) as usize).map(|w| Pulse {
                day: FIRST_STRIKE + WEEK * w as f64,
                target: Target::Site(w * 37 % sites, Local::D),
                amount: STRIKE,
            });
            scenario.pulses.extend(strikes);
        }
        let mut columns = Vec::new();
        let mut scale = Vec::new();
        for site in &scenario.sites {
            for state in &LOCAL {
                columns.push(at_site(state.symbol, &Skeleton::get().site(site.id).id));
                scale.push(state.tolerance_scale);
            }
        }
        for state in &SYSTEMIC {
            columns.push(state.symbol.to_owned());
            scale.push(state.tolerance_scale);
        }
        Ok(Problem { life, scenario, columns, scale })
    }

    /// Number of sites.
    pub fn sites(&self) -> usize {
        self.scenario.sites.len()
    }

    /// Strikes: day, position among the states, amount.
    pub fn strikes(&self) -> impl Iterator<Item = (f64, usize, f64)> {
        let sites = LOCAL_STATES * self.sites();
        self.scenario.pulses.iter().map(move |pulse| match pulse.target {
            Target::Site(site, state) => (pulse.day, LOCAL_STATES * site + state as usize, pulse.amount),
            Target::Blood(state) => (pulse.day, sites + state as usize, pulse.amount),
        })
    }

    /// Days on which states are compared in a run of that length.
    pub fn days(length: f64) -> Vec<f64> {
        (1..=POINTS).map(|k| length * k as f64 / POINTS as f64).collect()
    }

    /// Largest difference over states and days, relative to the state plus its scale (1 r.u.; 10 mg/L for CRP);
    /// infinite if nothing could be compared.
    pub fn error(&self, found: &States, reference: &States) -> f64 {
        let mut worst: Option<f64> = None;
        for (found, reference) in found.iter().zip(reference) {
            for ((a, b), scale) in found.iter().zip(reference).zip(&self.scale) {
                if let (Some(a), Some(b)) = (a, b) {
                    let error = (a - b).abs() / (scale + b.abs());
                    worst =
                        Some(worst.unwrap_or(0.0).max(if error.is_nan() { f64::INFINITY } else { error }));
                }
            }
        }
        worst.unwrap_or(f64::INFINITY)
    }
}
