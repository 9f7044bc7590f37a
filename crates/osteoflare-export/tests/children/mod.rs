//! Children and states for tests.
#![allow(dead_code, reason = "each test file uses some of them")]

use osteoflare_export::scenario::{Child, Scenario};
use osteoflare_kinetics::local::{Effects, derivatives, export};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_patient::population::HostPopulation;
use osteoflare_random::Stream;

pub const SEED: u64 = 7;

/// A child of a shipped population, with the default parameters.
pub fn child(population: &str, index: u32) -> Child {
    let population = HostPopulation::preset(population).expect("a shipped population");
    Child::draw(&population, SEED, index, Parameters::default())
}

/// States of all sites and the circulation, each moved a little from those of day 0 and away from zero.
pub fn states_near(scenario: &Scenario, number: u32) -> Vec<f64> {
    let stream = Stream::new(99, number, 1);
    let y: Vec<f64> = scenario.local.iter().flatten().chain(&scenario.systemic).copied().collect();
    y.iter()
        .enumerate()
        .map(|(i, v)| 0.05 + v * (0.5 + stream.uniform(2 * i as u64)) + stream.uniform(2 * i as u64 + 1))
        .collect()
}

/// Rates by the kinetics, states site by site and then the circulation, effects of the first window.
pub fn rates_of(scenario: &Scenario, y: &[f64]) -> Vec<f64> {
    let p = &scenario.parameters;
    let n = scenario.sites.len();
    let z: &[f64; SYSTEMIC_STATES] = y[n * LOCAL_STATES..].try_into().unwrap();
    let locals: Vec<[f64; LOCAL_STATES]> =
        (0..n).map(|i| y[i * LOCAL_STATES..(i + 1) * LOCAL_STATES].try_into().unwrap()).collect();
    let mut imports = Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 };
    for (site, local) in scenario.sites.iter().zip(&locals) {
        let given = export(local, &site.kinetic, p);
        for k in 0..ANTIGENS {
            imports.presentation[k] += site.kinetic.antigens[k] * given.presentation;
        }
        imports.il6 += given.il6;
        imports.pamp += given.pamp;
    }
    let effects = scenario.windows.first().map_or_else(Effects::none, |w| w.effects);
    let blood = systemic::circulation(z, imports.il6);
    let mut out = Vec::new();
    for (site, local) in scenario.sites.iter().zip(&locals) {
        out.extend(derivatives(local, &site.kinetic, &blood, &effects, &scenario.host, p));
    }
    out.extend(systemic::derivatives(z, &imports, &effects, &scenario.host, p));
    out
}
