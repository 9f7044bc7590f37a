//! Flaring patients of any number of sites, ready for an integrator.

use osteoflare_kinetics::local::{Effects, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::Imports;
use osteoflare_patient::awake::{AwakeSystem, position};
use osteoflare_patient::growth;
use osteoflare_patient::host::Host;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::place;

/// Seed of the patients of these measurements.
pub const SEED: u64 = 7;

/// A child of a shipped population.
pub fn child(population: &str, index: u32, p: &Parameters<f64>) -> Host {
    let population = HostPopulation::preset(population).expect("a shipped population");
    Host::draw(&population, SEED, index, p)
}

/// A patient with its random life.
pub fn patient(population: &str, index: u32, days: f64, settings: Settings) -> Simulation {
    let p = Parameters::default();
    Simulation::new(child(population, index, &p), &[], SEED, index, days, p, settings)
}

/// All `n` sites awake, with what they start from.
#[derive(Clone)]
pub struct Awake {
    /// The equations.
    pub system: AwakeSystem,
    /// State vector.
    pub y: Vec<f64>,
}

/// A child of broken tolerance with `n` sites awake, every third struck a moment ago. Beyond the sites of the skeleton, sites
/// come again: no child, but a measure of how cost grows.
pub fn awake(n: usize, p: &Parameters<f64>) -> Awake {
    let host = child("broken_tolerance", 1, p);
    let resting = Simulation::new(host.clone(), &[], SEED, 1, 1.0, *p, Settings::default());
    let skeleton = Skeleton::get();
    let real = skeleton.select(n.min(skeleton.sites().len()));
    let chosen: Vec<SiteId> = real.iter().copied().cycle().take(n).collect();
    let sites: Vec<Site<f64>> = chosen
        .iter()
        .map(|id| {
            let (place, traits) = (Skeleton::get().site(*id), &host.sites[id.index()]);
            let activity = growth::growth_activity(place, host.age_at_start_years, host.sex, p);
            Site {
                kappa: traits.kappa,
                antigens: traits.antigens,
                growth: place.growth,
                remodelling: growth::remodelling(activity, p),
                volume: place.volume,
            }
        })
        .collect();
    let mut system = AwakeSystem::new(p, &host.kinetic);
    system.set_sites(sites.into_iter());
    system.set_inputs(&Effects::none(), Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 });
    let mut y = vec![0.0; system.len()];
    for s in 0..LOCAL_STATES {
        for b in 0..system.stride() {
            y[place(LOCAL_STATES, s, b)] =
                chosen.get(b).map_or(LOCAL[s].at_rest, |id| resting.local()[id.index()][s]);
        }
    }
    let circulation = y.len() - SYSTEMIC_STATES;
    y[circulation..].copy_from_slice(resting.systemic());
    for b in (0..n).step_by(3) {
        strike(&mut y, b, 3.0);
        y[position(Local::M, b)] += 0.5;
    }
    Awake { system, y }
}

/// Adds debris to one site.
pub fn strike(y: &mut [f64], b: usize, debris: f64) {
    y[position(Local::D, b)] += debris;
}
