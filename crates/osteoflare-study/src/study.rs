//! A study as the engine understands it: what was typed has become numbers in fixed units.
//!
//! `file` reads these types from TOML; `life` runs one patient of a group; `run` runs them all.

use std::collections::BTreeMap;

use osteoflare_patient::{exposure::Exposure, population::HostPopulation, prescription::Regimen};

/// A whole study.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Short name, used for the results folder.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Seed of every random stream.
    pub seed: u64,
    /// Time each patient is followed, days.
    pub horizon_days: f64,
    /// Solver settings.
    pub solver: SolverSettings,
    /// When the clinic looks, and with what.
    pub visits: VisitPlan,
    /// Groups in the order of the file.
    pub groups: Vec<Group>,
}

/// Solver settings of a study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SolverSettings {
    /// Relative tolerance of the local error, 1.
    pub relative_tolerance: f64,
    /// Absolute tolerance of the local error, in units of each state.
    pub absolute_tolerance: f64,
    /// Whether quiet sites may sleep.
    pub sleeping: bool,
    /// Strength of intrinsic noise on effector cells (log-standard deviation per √day; 0 = none).
    pub intrinsic_noise: f64,
}

/// One group of patients.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Key in tables and JSON.
    pub name: String,
    /// One line for people.
    pub label: String,
    /// Number of patients.
    pub patients: u32,
    /// Where hosts are drawn from.
    pub population: HostPopulation,
    /// Key of the random streams of hosts and triggers. Groups with the same key hold the same children
    /// (twins), so that treatments are compared on identical patients.
    pub twin_key: String,
    /// What happens from outside.
    pub exposures: Vec<Exposure>,
    /// Treatment plan.
    pub treatments: Vec<TreatmentStep>,
    /// Kinetic parameters that differ from their defaults, by symbol (study-wide overrides merged with the group's).
    pub parameters: BTreeMap<String, f64>,
}

/// One step of a treatment plan.
#[derive(Clone, Debug, PartialEq)]
pub struct TreatmentStep {
    /// What is given.
    pub regimen: Regimen,
    /// When it starts.
    pub start: Start,
    /// How long it is given, days (`f64::INFINITY`: to the end of follow-up).
    pub duration_days: f64,
    /// Drugs that stop when this step starts (for a switch), by index of the step in the plan.
    pub replaces: Vec<usize>,
}

/// When a step starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// That many days after day 0.
    Day(f64),
    /// That many days after the presentation to the clinic.
    AfterPresentation(f64),
    /// That many days after the start of an earlier step, if the condition holds at that moment.
    AfterStep {
        /// Index of the earlier step in the plan.
        step: usize,
        /// Days after its start.
        days: f64,
        /// What the clinic must see.
        condition: Condition,
    },
}

/// What the clinic must see for a rule to fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// At least one painful site at the examination of that day, or an MRI lesion on the last scan within 90 days.
    Active,
    /// No painful site and no active lesion.
    Inactive,
    /// Always.
    Always,
}

/// When the clinic looks. Days are counted from the presentation; children who never present are seen on the same
/// days counted from `control_day`.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitPlan {
    /// Examination.
    pub examination_days: Vec<f64>,
    /// Whole-body MRI.
    pub mri_days: Vec<f64>,
    /// Radiographs of painful sites.
    pub radiograph_days: Vec<f64>,
    /// Blood tests.
    pub laboratory_days: Vec<f64>,
    /// Day 0 of the schedule for children without symptoms, days since the start.
    pub control_day: f64,
}
