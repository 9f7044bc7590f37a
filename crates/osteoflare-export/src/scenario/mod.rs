//! A virtual patient as other solvers need it: constants, initial state, and every input over time as numbers.
//!
//! Nothing here is random any more. Injuries, infections and lodged bacteria are pulses at known days; drugs are the
//! mean effects over windows that the engine uses; growth is a function of age that is looked up once a week.

mod course;
mod live;

use std::cell::RefCell;

use osteoflare_kinetics::local::{Effects, Host as KineticHost, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL_STATES, Local, SYSTEMIC_STATES, Systemic};
use osteoflare_patient::exposure::Exposure;
use osteoflare_patient::growth;
use osteoflare_patient::host::Host;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Regimen;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::{Sex, SiteId, Skeleton};
use osteoflare_solver::system::SolverError;

pub use course::{Course, Snapshot};
pub use osteoflare_patient::growth::DAYS_PER_YEAR;

/// A drug that is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prescription {
    /// Drug and dosing.
    pub regimen: Regimen,
    /// Day of the first dose.
    pub start_day: f64,
    /// Length of the course, days; infinite: to the end.
    pub duration_days: f64,
}

/// A child and what happens to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// The child.
    pub host: Host,
    /// Parameters of the model.
    pub parameters: Parameters<f64>,
    /// Seed of the random streams.
    pub seed: u64,
    /// Number of the child in its population.
    pub index: u32,
    /// Planned exposures.
    pub exposures: Vec<Exposure>,
    /// Drugs.
    pub prescriptions: Vec<Prescription>,
}

impl Child {
    /// Child number `index` of a population, without exposures and drugs.
    pub fn draw(population: &HostPopulation, seed: u64, index: u32, parameters: Parameters<f64>) -> Child {
        let host = Host::draw(population, seed, index, &parameters);
        Child { host, parameters, seed, index, exposures: Vec::new(), prescriptions: Vec::new() }
    }
}

/// Which state a pulse changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A state of a site: position in [`Scenario::sites`].
    Site(usize, Local),
    /// A state of the circulation.
    Blood(Systemic),
}

/// A state jumps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    /// Day.
    pub day: f64,
    /// What.
    pub target: Target,
    /// By how much, in the unit of the state.
    pub amount: f64,
}

/// Drug effects between two days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// First day.
    pub from: f64,
    /// Last day.
    pub to: f64,
    /// Mean effects.
    pub effects: Effects<f64>,
}

/// One site of a scenario.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScenarioSite {
    /// Where.
    pub id: SiteId,
    /// Constants, with the remodelling activity of day 0.
    pub kinetic: Site<f64>,
    /// Nociceptive gain, 1.
    pub nociception: f64,
    /// Age at which the plate closes in this child's sex, years.
    pub closure_age_years: Option<f64>,
}

/// Everything a solver must know about one patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// One line for people.
    pub title: String,
    /// The sites of the model, ascending.
    pub sites: Vec<ScenarioSite>,
    /// Traits of the child.
    pub host: KineticHost<f64>,
    /// Sex of the child.
    pub sex: Sex,
    /// Age at day 0, years.
    pub age_at_start_years: f64,
    /// Parameters of the model.
    pub parameters: Parameters<f64>,
    /// States of the sites at day 0, after what happens at day 0.
    pub local: Vec<[f64; LOCAL_STATES]>,
    /// States of the circulation at day 0.
    pub systemic: [f64; SYSTEMIC_STATES],
    /// Jumps of states after day 0, ascending by day.
    pub pulses: Vec<Pulse>,
    /// Drug effects, without gaps from day 0 to the horizon.
    pub windows: Vec<Window>,
    /// Whether growth goes on (looked up weekly) or stands still at the age of day 0.
    pub grows: bool,
    /// Last day.
    pub horizon_days: f64,
}

/// Why a scenario cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScenarioError {
    /// No site at all.
    #[error("no site was chosen; a model needs at least one")]
    NoSites,
    /// An exposure strikes a site that is not in the model.
    #[error("an exposure strikes {site} on day {day}, which is not among the chosen sites; add it")]
    StruckOutside {
        /// Identifier of the site.
        site: String,
        /// Day.
        day: f64,
    },
    /// The equations could not be integrated.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

impl Scenario {
    /// The child with the given sites over `horizon_days`, with the random events of its life, planned exposures and
    /// drugs. Sites that are left out neither suffer nor give anything to the circulation.
    ///
    /// # Errors
    /// [`ScenarioError`] if no site is given, an exposure strikes a site that is left out, or integration fails.
    pub fn of(child: &Child, sites: &[SiteId], horizon_days: f64) -> Result<Scenario, ScenarioError> {
        live::live(child, sites, horizon_days)
    }

    /// The standard problem of measurements: all inputs constant, every third site inflamed on day 0.
    ///
    /// # Errors
    /// [`ScenarioError::NoSites`].
    pub fn flaring(child: &Child, sites: &[SiteId], horizon_days: f64) -> Result<Scenario, ScenarioError> {
        let mut scenario = Scenario::at_rest(child, sites, horizon_days)?;
        scenario.title = "Every third site inflamed on day 0, all inputs constant".to_owned();
        scenario.grows = false;
        for y in scenario.local.iter_mut().step_by(3) {
            y[Local::D as usize] += 3.0;
            y[Local::M as usize] += 0.5;
        }
        Ok(scenario)
    }

    /// The child at day 0, nothing happening.
    fn at_rest(child: &Child, sites: &[SiteId], horizon_days: f64) -> Result<Scenario, ScenarioError> {
        if sites.is_empty() {
            return Err(ScenarioError::NoSites);
        }
        let mut sites = sites.to_vec();
        sites.sort_unstable();
        sites.dedup();
        let (host, p) = (&child.host, &child.parameters);
        let day_0 = Simulation::new(host.clone(), &[], child.seed, child.index, 0.0, *p, Settings::default());
        Ok(Scenario {
            title: String::new(),
            local: sites.iter().map(|id| day_0.local()[id.index()]).collect(),
            systemic: *day_0.systemic(),
            sites: sites.iter().map(|id| site(child, *id)).collect(),
            host: host.kinetic,
            sex: host.sex,
            age_at_start_years: host.age_at_start_years,
            parameters: *p,
            pulses: Vec::new(),
            windows: vec![Window { from: 0.0, to: horizon_days, effects: Effects::none() }],
            grows: true,
            horizon_days,
        })
    }

    /// Constants of a site on a day.
    pub fn site_at(&self, position: usize, day: f64) -> Site<f64> {
        let site = &self.sites[position];
        if !self.grows {
            return site.kinetic;
        }
        Site {
            remodelling: remodelling(site.id, self.age_at(day), self.sex, &self.parameters),
            ..site.kinetic
        }
    }

    /// Values of the parameters by their symbols; `NaN` for any other name.
    pub fn parameter_values(&self) -> impl Fn(&str) -> f64 {
        let values = RefCell::new(Vec::with_capacity(Parameters::SYMBOLS.len()));
        // The fields are visited in the order of the symbols.
        self.parameters.map(|value| {
            values.borrow_mut().push(value);
            value
        });
        let values = values.into_inner();
        move |symbol| Parameters::SYMBOLS.iter().position(|s| *s == symbol).map_or(f64::NAN, |k| values[k])
    }

    /// Age on a day, years.
    pub fn age_at(&self, day: f64) -> f64 {
        self.age_at_start_years + day / DAYS_PER_YEAR
    }

    /// Whether bacteria occur at a site (by its position).
    pub fn is_infected(&self, position: usize) -> bool {
        let germs = |target| matches!(target, Target::Site(at, Local::B | Local::Bf) if at == position);
        let y = &self.local[position];
        y[Local::B as usize] + y[Local::Bf as usize] > 0.0 || self.pulses.iter().any(|p| germs(p.target))
    }
}

fn remodelling(id: SiteId, age_years: f64, sex: Sex, p: &Parameters<f64>) -> f64 {
    growth::remodelling(growth::growth_activity(Skeleton::get().site(id), age_years, sex, p), p)
}

fn site(child: &Child, id: SiteId) -> ScenarioSite {
    let (place, traits, host) = (Skeleton::get().site(id), &child.host.sites[id.index()], &child.host);
    ScenarioSite {
        id,
        kinetic: Site {
            kappa: traits.kappa,
            antigens: traits.antigens,
            growth: place.growth,
            remodelling: remodelling(id, host.age_at_start_years, host.sex, &child.parameters),
            volume: place.volume,
        },
        nociception: traits.nociception,
        closure_age_years: place.closure_age_years.as_ref().map(|closure| closure.get(host.sex)),
    }
}
