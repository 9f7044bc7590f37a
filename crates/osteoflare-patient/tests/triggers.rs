//! Random events: counts follow the Poisson law with the intended mean.

mod children;

use children::{SEED, child};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::growth;
use osteoflare_patient::triggers::{Trigger, random_triggers};
use osteoflare_skeleton::Skeleton;

const YEARS: f64 = 4.0;
const DAYS: f64 = YEARS * 365.25;
const CHILDREN: u32 = 400;

fn mean_and_variance(counts: &[f64]) -> (f64, f64) {
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    (mean, counts.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / (n - 1.0))
}

/// Whether the counts can be Poisson with this mean: mean and variance within five standard errors.
fn assert_poisson(counts: &[f64], expected: f64, what: &str) {
    let n = counts.len() as f64;
    let (mean, variance) = mean_and_variance(counts);
    let error = (expected / n).sqrt();
    assert!((mean - expected).abs() < 5.0 * error, "{what}: mean {mean}, expected {expected}");
    // The variance of a sample variance of a Poisson number is (μ + 2μ²)/n for large n.
    let spread = ((expected + 2.0 * expected * expected) / n).sqrt();
    assert!((variance - expected).abs() < 5.0 * spread, "{what}: variance {variance}, expected {expected}");
}

#[test]
fn counts_are_poisson() {
    let p = Parameters { rho_pair: 0.0, ..Parameters::default() };
    let host = child("healthy", 2, &p);
    let mut trauma = Vec::new();
    let mut infections = Vec::new();
    for index in 0..CHILDREN {
        let all = random_triggers(&host, SEED, index, DAYS, &p);
        assert!(all.is_sorted_by(|a, b| a.day <= b.day));
        assert!(all.iter().all(|t| (0.0..DAYS).contains(&t.day)));
        trauma.push(all.iter().filter(|t| matches!(t.trigger, Trigger::Debris { .. })).count() as f64);
        infections.push(all.iter().filter(|t| matches!(t.trigger, Trigger::Priming { .. })).count() as f64);
    }
    // Rate of trauma over the years by the midpoint rule.
    let steps = 400;
    let expected: f64 = Skeleton::get()
        .sites()
        .iter()
        .map(|site| {
            let mean: f64 = (0..steps)
                .map(|i| {
                    let age = host.age_at_start_years + YEARS * (f64::from(i) + 0.5) / f64::from(steps);
                    p.trauma_rest + (1.0 - p.trauma_rest) * growth::growth_activity(site, age, host.sex, &p)
                })
                .sum::<f64>()
                / f64::from(steps);
            YEARS * p.lambda0 * site.microtrauma_weight * mean
        })
        .sum();
    assert_poisson(&trauma, expected, "trauma");
    assert_poisson(&infections, YEARS * p.lambda_U, "infections elsewhere");
}

#[test]
fn paired_trauma_strikes_both_sides_at_once() {
    let p = Parameters { rho_pair: 1.0, ..Parameters::default() };
    let host = child("healthy", 2, &p);
    let all = random_triggers(&host, SEED, 7, DAYS, &p);
    let sites = Skeleton::get().sites();
    let mut pairs = 0;
    for t in &all {
        let Trigger::Debris { site, size } = t.trigger else { continue };
        assert!(size > 0.0 && size <= p.trauma_max);
        if let Some(mirror) = sites[site.index()].mirror {
            assert!(
                all.iter().any(|o| o.day == t.day && o.trigger == Trigger::Debris { site: mirror, size }),
                "a blow on day {} has no partner",
                t.day
            );
            pairs += 1;
        }
    }
    assert!(pairs > 0);
}

#[test]
fn a_longer_life_begins_the_same() {
    let p = Parameters::default();
    let host = child("broken_tolerance", 5, &p);
    let short = random_triggers(&host, SEED, 9, 500.0, &p);
    let long = random_triggers(&host, SEED, 9, 2000.0, &p);
    assert!(long.len() > short.len());
    assert_eq!(short[..], long[..short.len()]);
}
