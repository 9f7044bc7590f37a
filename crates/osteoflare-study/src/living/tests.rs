//! Laws of a life: determinism, twins, and drugs that can only act where their target is.

use std::collections::BTreeMap;

use osteoflare_clinic::visits::{EventKind, VisitKind};
use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;

use super::{LifeError, live};
use crate::life::Life;
use crate::study::{Condition, Group, SolverSettings, Start, Study, TreatmentStep, VisitPlan};

fn study(years: f64) -> Study {
    let months: Vec<f64> = [0.0, 1.0, 3.0, 6.0, 12.0, 24.0].iter().map(|m| m * 365.25 / 12.0).collect();
    Study {
        name: "test".to_owned(),
        title: "Test".to_owned(),
        seed: 11,
        horizon_days: years * 365.25,
        solver: SolverSettings {
            relative_tolerance: 1e-4,
            absolute_tolerance: 1e-6,
            sleeping: true,
            intrinsic_noise: 0.0,
        },
        visits: VisitPlan {
            examination_days: months.clone(),
            mri_days: months.clone(),
            radiograph_days: vec![0.0],
            laboratory_days: months,
            control_day: 100.0,
        },
        groups: Vec::new(),
    }
}

fn group(population: &str) -> Group {
    Group {
        name: "group".to_owned(),
        label: "Group".to_owned(),
        patients: 1,
        population: HostPopulation::preset(population).expect("a shipped population"),
        twin_key: "same".to_owned(),
        exposures: Vec::new(),
        treatments: Vec::new(),
        parameters: BTreeMap::new(),
    }
}

fn step(drug: Drug, start: Start, days: f64) -> TreatmentStep {
    TreatmentStep { regimen: drug.standard_regimen(), start, duration_days: days, replaces: Vec::new() }
}

fn infected() -> Group {
    let knee = osteoflare_skeleton::Skeleton::get().find("tibia_proximal_metaphysis_L").expect("a site");
    Group {
        exposures: vec![Exposure::Bacteraemia {
            day: 31.0,
            cfu: 3000.0,
            injury: Some((Target::Site(knee), 1.5)),
        }],
        ..group("healthy")
    }
}

fn run(study: &Study, group: &Group, index: u32) -> Life {
    live(study, group, index).expect("a life")
}

/// A child of the population that presents within the horizon.
fn presenting(study: &Study, group: &Group) -> u32 {
    (0..20)
        .find(|i| run(study, group, *i).record.events.iter().any(|e| e.kind == EventKind::Presentation))
        .expect("one of twenty children presents")
}

#[test]
fn the_same_child_lives_the_same_life_twice() {
    let (s, g) = (study(3.0), group("broken_tolerance"));
    assert_eq!(run(&s, &g, 4), run(&s, &g, 4));
    assert_ne!(run(&s, &g, 4).truth, run(&s, &g, 5).truth);
}

#[test]
fn another_seed_or_twin_key_is_another_child() {
    let (s, g) = (study(0.1), group("healthy"));
    let other_seed = Study { seed: 12, ..s.clone() };
    let other_key = Group { twin_key: "other".to_owned(), ..g.clone() };
    assert_ne!(run(&s, &g, 0).truth.theta, run(&other_seed, &g, 0).truth.theta);
    assert_ne!(run(&s, &g, 0).truth.theta, run(&s, &other_key, 0).truth.theta);
}

#[test]
fn antibiotics_change_nothing_where_there_are_no_germs() {
    let (s, plain) = (study(6.0), group("broken_tolerance"));
    let index = presenting(&s, &plain);
    let treated = Group {
        treatments: vec![step(Drug::Cefazolin, Start::AfterPresentation(0.0), 42.0)],
        ..plain.clone()
    };
    let (a, b) = (run(&s, &plain, index), run(&s, &treated, index));
    assert_eq!(b.record.treatments.len(), 1);
    assert_eq!(a.truth, b.truth);
    assert_eq!(a.record.visits, b.record.visits);
    assert_eq!(a.local_course, b.local_course);
}

#[test]
fn infection_is_seen_within_days_and_cured_by_the_drug_that_kills_germs() {
    let (s, untreated) = (study(1.0), infected());
    let life = run(&s, &untreated, 0);
    let seen = life.record.events.iter().find(|e| e.kind == EventKind::Presentation).expect("presents");
    assert!((31.0..60.0).contains(&seen.day), "{}", seen.day);
    assert!(life.record.events.iter().any(|e| e.kind == EventKind::CulturePositive));
    assert_eq!(life.truth.infected_sites.len(), 1);
    assert!(!life.truth.sterile_at_end);
    let treated = |drug| {
        let g =
            Group { treatments: vec![step(drug, Start::AfterPresentation(0.0), 28.0)], ..untreated.clone() };
        run(&s, &g, 0).truth.sterile_at_end
    };
    assert!(treated(Drug::Cefazolin));
    assert!(!treated(Drug::Naproxen));
}

#[test]
fn healthy_children_without_exposure_are_seen_as_controls_only() {
    let life = run(&study(2.0), &group("healthy"), 1);
    assert!(life.record.visits.iter().all(|v| v.kind == VisitKind::Control));
    assert!(life.truth.spells.is_empty());
}

#[test]
fn a_rule_acts_on_what_the_clinic_saw() {
    let (s, plain) = (study(6.0), group("broken_tolerance"));
    let index = presenting(&s, &plain);
    let ruled = |condition| Group {
        treatments: vec![
            step(Drug::Naproxen, Start::AfterPresentation(0.0), f64::INFINITY),
            TreatmentStep {
                replaces: vec![0],
                ..step(Drug::Adalimumab, Start::AfterStep { step: 0, days: 28.0, condition }, f64::INFINITY)
            },
        ],
        ..plain.clone()
    };
    let given = |condition| {
        let life = run(&s, &ruled(condition), index);
        let naproxen = life.record.treatments.iter().find(|t| t.drug == "naproxen").expect("given").clone();
        (life.record.treatments.iter().any(|t| t.drug == "adalimumab"), naproxen)
    };
    let (active, _) = given(Condition::Active);
    let (inactive, _) = given(Condition::Inactive);
    assert_ne!(active, inactive, "exactly one of the two rules fires");
    let (always, naproxen) = given(Condition::Always);
    assert!(always);
    assert_eq!(naproxen.stop_day, Some(naproxen.start_day + 28.0));
}

#[test]
fn a_refused_parameter_is_an_error_not_a_life() {
    let g = Group { parameters: BTreeMap::from([("kG".to_owned(), 99.0)]), ..group("healthy") };
    assert!(matches!(live(&study(0.1), &g, 0), Err(LifeError::Parameter(_))));
}
