//! Properties of whole patients that hold whatever the calibration.

mod children;

use children::{bits, broken, child, infection, simulation, site, without_triggers};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL_STATES, Local, Systemic};
use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_patient::prescription::Drug;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::Skeleton;
use osteoflare_solver::system::Tolerance;

const YEAR: f64 = 364.0;

fn run(mut s: Simulation, days: f64) -> Simulation {
    s.advance_to(days).expect("solved");
    s
}

#[test]
fn the_same_patient_twice_is_the_same() {
    let once = run(broken(2), 2.0 * YEAR);
    let again = run(broken(2), 2.0 * YEAR);
    assert_eq!(bits(&once), bits(&again));
    assert_eq!(once.work(), again.work());
    assert_ne!(bits(&once), bits(&run(broken(4), 2.0 * YEAR)));
}

#[test]
fn a_copy_goes_on_as_the_original() {
    let half = run(broken(2), YEAR);
    let copy = half.clone();
    assert_eq!(bits(&run(half, 2.0 * YEAR)), bits(&run(copy, 2.0 * YEAR)));
}

#[test]
fn stopping_at_a_week_does_not_matter() {
    let straight = run(broken(2), 210.0);
    let mut halting = broken(2);
    for day in [14.0, 21.0, 70.0, 210.0] {
        halting.advance_to(day).expect("solved");
    }
    assert_eq!(bits(&straight), bits(&halting));
}

#[test]
fn states_stay_in_their_bounds_in_inflammation_infection_and_treatment() {
    let p = Parameters::default();
    let host = child("broken_tolerance", 6, &p);
    let mut s = simulation(host, &[infection()], p, Settings::default());
    for (day, drug) in [
        (14.0, Drug::Cefazolin),
        (42.0, Drug::Naproxen),
        (98.0, Drug::Prednisolone),
        (154.0, Drug::Adalimumab),
        (203.0, Drug::Pamidronate),
        (252.0, Drug::Anakinra),
    ] {
        s.advance_to(day).expect("solved");
        s.prescribe(drug.standard_regimen(), 40.0);
        for week in 0..6 {
            s.advance_to(day + 7.0 * f64::from(week)).expect("solved");
            for y in s.local() {
                assert!(y.iter().all(|v| *v >= 0.0 && v.is_finite()), "day {}: {y:?}", s.day());
                for bounded in [Local::Z, Local::Er, Local::Ps] {
                    assert!(y[bounded as usize] <= 1.0 + 1e-6, "day {}: {bounded:?}", s.day());
                }
            }
            assert!(s.systemic().iter().all(|v| *v >= 0.0 && v.is_finite()));
            assert!(s.systemic()[Systemic::Crp as usize] <= p.CRP0 + p.CRP_max);
        }
    }
}

#[test]
fn antibiotics_change_nothing_without_germs() {
    let treated = {
        let mut s = broken(2);
        s.advance_to(140.0).expect("solved");
        s.prescribe(Drug::Cefazolin.standard_regimen(), 28.0);
        assert!(!s.has_bacteria());
        run(s, 196.0)
    };
    let untreated = run(broken(2), 196.0);
    assert!(treated.effects().abx >= 0.0);
    for (a, b) in treated.local().iter().zip(untreated.local()) {
        for s in 0..LOCAL_STATES {
            // The windows differ (a drug that changes within days is followed day by day), the life does not.
            assert!((a[s] - b[s]).abs() < 1e-3 * (1.0 + b[s].abs()), "state {s}: {} and {}", a[s], b[s]);
        }
    }
}

#[test]
fn healthy_bone_stays_quiet_without_triggers() {
    let p = without_triggers();
    for index in 0..4 {
        let s = run(simulation(child("healthy", index, &p), &[], p, Settings::default()), 3.0 * YEAR);
        for (y, place) in s.local().iter().zip(Skeleton::get().sites()) {
            assert!(y[Local::M as usize] < 0.05, "child {index}: {} is inflamed", place.id);
            assert!((y[Local::V as usize] - 1.0).abs() < 0.05, "child {index}: {} lost bone", place.id);
        }
        assert!(!s.has_bacteria());
    }
}

#[test]
fn a_mirrored_child_lives_a_mirrored_life() {
    let p = without_triggers();
    let host = child("broken_tolerance", 8, &p);
    let sites = Skeleton::get().sites();
    let mirror_of = |i: usize| sites[i].mirror.map_or(i, |m| m.index());
    let mut mirrored = host.clone();
    mirrored.sites = (0..sites.len()).map(|i| host.sites[mirror_of(i)]).collect();
    let left = site("femur_distal_metaphysis_L");
    let right = sites[left.index()].mirror.expect("a paired site");
    let blow = |target| [Exposure::Injury { day: 5.0, target: Target::Site(target), debris: 3.0 }];
    let tight = Settings { tolerance: Tolerance { relative: 1e-7, absolute: 1e-9 }, ..Settings::default() };
    let a = run(simulation(host, &blow(left), p, tight), 140.0);
    let b = run(simulation(mirrored, &blow(right), p, tight), 140.0);
    let struck = &a.local()[left.index()];
    assert!(struck[Local::D as usize] > 0.0);
    for i in 0..sites.len() {
        for s in 0..LOCAL_STATES {
            let (x, y) = (a.local()[i][s], b.local()[mirror_of(i)][s]);
            assert!((x - y).abs() < 1e-6 * (1.0 + x.abs()), "{} state {s}: {x} and {y}", sites[i].id);
        }
    }
}

#[test]
fn sleeping_sites_change_little_where_triggers_die_out() {
    let p = Parameters::default();
    for index in [0, 1] {
        let life = |sleeping: bool| {
            let settings = Settings { sleeping, ..Settings::default() };
            run(simulation(child("healthy", index, &p), &[], p, settings), YEAR)
        };
        let (with, without) = (life(true), life(false));
        assert!(with.work().awake.block_derivatives < without.work().awake.block_derivatives / 4);
        for (i, (a, b)) in with.local().iter().zip(without.local()).enumerate() {
            for s in [Local::M, Local::W, Local::Pg, Local::V, Local::X] {
                let (a, b) = (a[s as usize], b[s as usize]);
                assert!((a - b).abs() < 0.01 * (1.0 + b.abs()), "child {index} site {i} {s:?}: {a} and {b}");
            }
        }
        let crp = Systemic::Crp as usize;
        let (a, b) = (with.systemic()[crp], without.systemic()[crp]);
        assert!((a - b).abs() < 0.02 * (1.0 + b), "child {index} CRP: {a} and {b}");
    }
}

/// A focus near its threshold may live in one and die in the other: the burden agrees, single foci need not.
#[test]
fn sleeping_sites_keep_the_burden_of_disease() {
    let p = Parameters::default();
    let burden = |sleeping: bool| -> f64 {
        let settings = Settings { sleeping, ..Settings::default() };
        (0..4)
            .map(|index| {
                let mut s = simulation(child("broken_tolerance", index, &p), &[], p, settings);
                (1..=12)
                    .map(|month| {
                        s.advance_to(28.0 * f64::from(month)).expect("solved");
                        s.local().iter().map(|y| y[Local::M as usize]).sum::<f64>()
                    })
                    .sum::<f64>()
            })
            .sum()
    };
    let (with, without) = (burden(true), burden(false));
    assert!((with / without - 1.0).abs() < 0.25, "burden {with} with sleep, {without} without");
}

#[test]
fn tolerance_refines_the_same_life() {
    let p = Parameters::default();
    let life = |relative: f64| {
        let tolerance = Tolerance { relative, absolute: relative * 1e-2 };
        let settings = Settings { tolerance, sleeping: false, ..Settings::default() };
        run(simulation(child("broken_tolerance", 2, &p), &[], p, settings), YEAR / 2.0)
    };
    let reference = life(1e-9);
    let distance = |s: &Simulation| {
        s.local()
            .iter()
            .flatten()
            .zip(reference.local().iter().flatten())
            .map(|(a, b)| (a - b).abs() / (1.0 + b.abs()))
            .fold(0.0, f64::max)
    };
    let (coarse, fine) = (distance(&life(1e-3)), distance(&life(1e-6)));
    assert!(coarse < 0.1, "error {coarse} at tolerance 1e-3");
    assert!(fine < 1e-4, "error {fine} at tolerance 1e-6");
    assert!(fine < coarse);
}

#[test]
fn an_inoculum_can_be_killed_by_antibiotics() {
    // Enough germs to escape resident cells; enough antibiotic to clear them early.
    let p = without_triggers();
    let untreated = {
        let mut s = simulation(child("healthy", 1, &p), &[], p, Settings::default());
        s.inoculate(site("tibia_proximal_metaphysis_L"), 20.0);
        run(s, 2.0)
    };
    let treated = {
        let mut s = simulation(child("healthy", 1, &p), &[], p, Settings::default());
        s.inoculate(site("tibia_proximal_metaphysis_L"), 20.0);
        s.prescribe(Drug::Cefazolin.standard_regimen(), 21.0);
        run(s, 2.0)
    };
    let load = |s: &Simulation| {
        let y = &s.local()[site("tibia_proximal_metaphysis_L").index()];
        y[Local::B as usize] + y[Local::Bf as usize]
    };
    assert!(untreated.has_bacteria());
    assert!(load(&treated) < load(&untreated), "{} and {}", load(&treated), load(&untreated));
}
