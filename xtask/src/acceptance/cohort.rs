//! Cohorts for the acceptance table: groups of a study, run in memory.

use osteoflare_clinic::digest::PatientDigest;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;
use osteoflare_study::life::Life;
use osteoflare_study::living::{LifeError, live};
use osteoflare_study::study::{Group, SolverSettings, Start, Study, TreatmentStep, VisitPlan};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A patient's life and its digest.
pub struct Member {
    /// The life; courses dropped to save memory.
    pub life: Life,
    /// What the clinic saw, digested.
    pub digest: PatientDigest,
}

/// Months after the presentation at which every instrument looks.
const MONTHS: [f64; 12] = [0.0, 1.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0];

/// The study of which acceptance groups are part.
pub fn study(seed: u64, horizon_days: f64) -> Study {
    let months = |list: &[f64]| list.iter().map(|m| m * 365.25 / 12.0).collect::<Vec<f64>>();
    let long: Vec<f64> = MONTHS.iter().copied().chain((9..=20).map(|k| 6.0 * f64::from(k))).collect();
    Study {
        name: "acceptance".to_owned(),
        title: "Acceptance".to_owned(),
        seed,
        horizon_days,
        solver: SolverSettings {
            relative_tolerance: 1e-4,
            absolute_tolerance: 1e-6,
            sleeping: true,
            intrinsic_noise: 0.0,
        },
        visits: VisitPlan {
            examination_days: months(&long),
            mri_days: months(&long),
            radiograph_days: vec![0.0],
            laboratory_days: months(&long),
            control_day: 365.25,
        },
        groups: Vec::new(),
    }
}

/// A group of hosts, with drugs from the presentation on.
pub fn group(
    name: &str,
    population: HostPopulation,
    patients: u32,
    drugs: &[(Drug, f64)],
    parameters: &BTreeMap<String, f64>,
) -> Group {
    Group {
        name: name.to_owned(),
        label: name.to_owned(),
        patients,
        population,
        twin_key: "acceptance".to_owned(),
        exposures: Vec::new(),
        treatments: drugs
            .iter()
            .map(|(drug, days)| TreatmentStep {
                regimen: drug.standard_regimen(),
                start: Start::AfterPresentation(0.0),
                duration_days: *days,
                replaces: Vec::new(),
            })
            .collect(),
        parameters: parameters.clone(),
    }
}

/// Runs a group.
pub fn run(study: &Study, group: &Group) -> Result<Vec<Member>, LifeError> {
    (0..group.patients)
        .into_par_iter()
        .map(|index| {
            let mut life = live(study, group, index)?;
            life.local_course = Vec::new();
            let digest = PatientDigest::from_record(&life.record);
            Ok(Member { life, digest })
        })
        .collect()
}
