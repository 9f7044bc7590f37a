//! A scenario lives the life of the engine.

mod children;

use children::child;
use osteoflare_export::scenario::{Child, Prescription, Scenario};
use osteoflare_kinetics::state::Local;
use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_patient::prescription::Drug;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::Tolerance;

const TIGHT: Tolerance = Tolerance { relative: 1e-7, absolute: 1e-9 };

fn all_sites() -> Vec<SiteId> {
    Skeleton::get().ids().collect()
}

fn engine(child: &Child, horizon: f64) -> Simulation {
    let settings = Settings { tolerance: TIGHT, sleeping: false, ..Settings::default() };
    let host = child.host.clone();
    Simulation::new(host, &child.exposures, child.seed, child.index, horizon, child.parameters, settings)
}

#[test]
fn all_sites_of_a_scenario_are_the_whole_engine() {
    let mut child = child("broken_tolerance", 2);
    let knee = Skeleton::get().find("tibia_proximal_metaphysis_L").unwrap();
    child.exposures.push(Exposure::Injury { day: 4.5, target: Target::Site(knee), debris: 1.5 });
    let horizon = 14.0;
    // The engine is given the drug on day 3, at which it therefore stops.
    let (drug, start) = (Drug::Naproxen.standard_regimen(), 3.0);
    child.prescriptions.push(Prescription { regimen: drug, start_day: start, duration_days: 6.0 });
    let scenario = Scenario::of(&child, &all_sites(), horizon).unwrap();
    let days = [start, 7.0, 10.0, horizon];
    let course = scenario.course(TIGHT, &days).unwrap();
    let mut engine = engine(&child, horizon);
    for (day, snapshot) in days.iter().zip(&course) {
        engine.advance_to(*day).unwrap();
        for (site, (found, expected)) in snapshot.local.iter().zip(engine.local()).enumerate() {
            for (s, (a, b)) in found.iter().zip(expected).enumerate() {
                assert!((a - b).abs() < 1e-7 * (1.0 + b.abs()), "day {day}, site {site}, state {s}: {a} {b}");
            }
        }
        for (a, b) in snapshot.systemic.iter().zip(engine.systemic()) {
            assert!((a - b).abs() < 1e-7 * (1.0 + b.abs()), "day {day}: {a} {b}");
        }
        if *day == start {
            engine.prescribe(drug, 6.0);
        }
    }
    assert!(scenario.windows.iter().any(|w| w.effects.cox > 0.1), "the drug acts");
}

#[test]
fn the_same_bacteria_lodge_at_the_same_sites() {
    let mut child = child("healthy", 1);
    let knee = Skeleton::get().find("tibia_proximal_metaphysis_L").unwrap();
    let day = 3.5;
    child.exposures.push(Exposure::Bacteraemia { day, cfu: 3e4, injury: Some((Target::Site(knee), 1.5)) });
    let scenario = Scenario::of(&child, &all_sites(), 4.0).unwrap();
    let mut engine = engine(&child, 4.0);
    engine.advance_to(day).unwrap();
    let mut lodged = vec![0.0; engine.local().len()];
    for pulse in &scenario.pulses {
        if let osteoflare_export::scenario::Target::Site(site, Local::B) = pulse.target {
            assert_eq!(pulse.day, day);
            lodged[site] += pulse.amount;
        }
    }
    let expected: Vec<f64> = engine.local().iter().map(|y| y[Local::B as usize]).collect();
    assert_eq!(lodged, expected);
    assert!(lodged[knee.index()] > 0.0 && scenario.is_infected(knee.index()));
}

#[test]
fn what_strikes_outside_the_model_is_refused() {
    let mut child = child("healthy", 0);
    let (knee, talus) = ("tibia_proximal_metaphysis_L", "talus_R");
    let find = |name: &str| Skeleton::get().find(name).unwrap();
    child.exposures.push(Exposure::Injury { day: 5.0, target: Target::Site(find(knee)), debris: 1.0 });
    let error = Scenario::of(&child, &[find(talus)], 10.0).unwrap_err();
    assert!(error.to_string().contains(knee), "{error}");
    assert!(Scenario::of(&child, &[find(talus), find(knee)], 10.0).is_ok());
    assert!(Scenario::of(&child, &[], 10.0).unwrap_err().to_string().contains("at least one"));
}
