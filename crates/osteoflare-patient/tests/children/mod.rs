//! Children to run in tests.
#![allow(dead_code, reason = "each test file uses some of them")]

use osteoflare_kinetics::local::Site;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL, LOCAL_STATES, SYSTEMIC_STATES};
use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_patient::growth;
use osteoflare_patient::host::Host;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::{LANES, place};

pub const SEED: u64 = 20_240_611;

pub fn child(population: &str, index: u32, p: &Parameters<f64>) -> Host {
    let population = HostPopulation::preset(population).expect("a shipped population");
    Host::draw(&population, SEED, index, p)
}

pub fn simulation(host: Host, exposures: &[Exposure], p: Parameters<f64>, settings: Settings) -> Simulation {
    Simulation::new(host, exposures, SEED, 3, 5.0 * 365.25, p, settings)
}

/// A child whose tolerance is broken, with its random life.
pub fn broken(index: u32) -> Simulation {
    let p = Parameters::default();
    let host = child("broken_tolerance", index, &p);
    simulation(host, &[], p, Settings::default())
}

/// No random trauma, no infections elsewhere.
pub fn without_triggers() -> Parameters<f64> {
    Parameters { lambda0: 0.0, lambda_U: 0.0, ..Parameters::default() }
}

pub fn site(name: &str) -> SiteId {
    Skeleton::get().find(name).unwrap_or_else(|| panic!("no site {name}"))
}

pub fn infection() -> Exposure {
    Exposure::Bacteraemia {
        day: 3.0,
        cfu: 3e4,
        injury: Some((Target::Site(site("tibia_proximal_metaphysis_L")), 1.5)),
    }
}

/// Every number of the state, as bits.
pub fn bits(s: &Simulation) -> Vec<u64> {
    s.local().iter().flatten().chain(s.systemic()).map(|v| v.to_bits()).collect()
}

/// Constants of every site of a child at its age at the start.
pub fn sites_of(host: &Host, p: &Parameters<f64>) -> Vec<Site<f64>> {
    Skeleton::get()
        .sites()
        .iter()
        .zip(&host.sites)
        .map(|(place, traits)| Site {
            kappa: traits.kappa,
            antigens: traits.antigens,
            growth: place.growth,
            remodelling: growth::remodelling(
                growth::growth_activity(place, host.age_at_start_years, host.sex, p),
                p,
            ),
            volume: place.volume,
        })
        .collect()
}

/// State vector of `n` sites in graded stages of inflammation without germs, and an inflamed circulation.
pub fn inflamed(n: usize) -> Vec<f64> {
    let stride = n.div_ceil(LANES) * LANES;
    let mut y = vec![0.0; LOCAL_STATES * stride + SYSTEMIC_STATES];
    for s in 2..LOCAL_STATES {
        for b in 0..stride {
            let level = if b < n { 0.1 + 0.9 * ((b * 7 + s * 3) % 11) as f64 / 10.0 } else { 0.0 };
            let at_rest = LOCAL[s].at_rest;
            y[place(LOCAL_STATES, s, b)] = if at_rest > 0.0 { at_rest * (1.0 + 0.3 * level) } else { level };
        }
    }
    for (i, z) in y[LOCAL_STATES * stride..].iter_mut().enumerate() {
        *z = 0.2 + 0.05 * i as f64;
    }
    y
}
