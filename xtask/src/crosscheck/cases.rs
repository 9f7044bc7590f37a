//! What is exported and compared: children, sites, drugs, horizons.

use std::error::Error;

use osteoflare_export::scenario::{Child, Prescription, Scenario};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::Local;
use osteoflare_patient::exposure::{self, Exposure};
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::Tolerance;

/// Seed of the children of the cross-check.
pub const SEED: u64 = 11;
/// Days of a well-conditioned path: 52 weeks.
pub const YEAR: f64 = 364.0;
/// The site of models of one site; its mirror makes the pair.
pub const KNEE: &str = "tibia_proximal_metaphysis_L";
/// Day on which drugs start and, in infected children, one day after bacteria reach bone.
const EVENT_DAY: f64 = 30.0;
/// Macrophages that count as a flare, relative units.
const FLARE: f64 = 0.3;
/// How exactly children are looked at before they are chosen.
const LOOK: Tolerance = Tolerance { relative: 1e-6, absolute: 1e-8 };
/// Children that are looked at before the search is given up.
pub const CHILDREN: u32 = 400;

/// Programs and methods that run a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routes {
    /// libRoadRunner, and SciPy by an implicit and an explicit method.
    All,
    /// libRoadRunner by its method without a Jacobian, and SciPy: the model is too large for a dense solver.
    Explicit,
    /// SciPy only: libRoadRunner takes too long to load the model.
    SciPy,
}

/// One model that is compared.
pub struct Case {
    /// Name of files.
    pub name: String,
    /// For people.
    pub title: String,
    /// Group of rows in the table.
    pub group: &'static str,
    /// The patient.
    pub scenario: Scenario,
    /// The child behind it, where its whole life is simulated.
    pub child: Option<Child>,
    /// Days that are compared: between the days on which inputs change.
    pub days: Vec<f64>,
    /// Who runs it.
    pub routes: Routes,
}

/// The middle of every week.
pub fn middles(horizon: f64) -> Vec<f64> {
    (0..).map(|week| 7.0 * f64::from(week) + 3.5).take_while(|day| *day <= horizon).collect()
}

/// A site by name.
pub fn site(name: &str) -> Result<SiteId, Box<dyn Error>> {
    Skeleton::get().find(name).ok_or_else(|| format!("no site is called {name}").into())
}

/// The site of models of one site, and its mirror.
pub fn pair() -> Result<Vec<SiteId>, Box<dyn Error>> {
    let knee = site(KNEE)?;
    Ok(std::iter::once(knee).chain(Skeleton::get().site(knee).mirror).collect())
}

/// A child of a shipped population.
pub fn child(population: &str, index: u32) -> Result<Child, Box<dyn Error>> {
    let population = HostPopulation::preset(population).ok_or("no such population")?;
    Ok(Child::draw(&population, SEED, index, Parameters::default()))
}

/// Bacteria reach bone on a day, after an injury of the first site.
fn infect(child: &mut Child, sites: &[SiteId]) {
    let injury = Some((exposure::Target::Site(sites[0]), 1.5));
    child.exposures.push(Exposure::Bacteraemia { day: EVENT_DAY, cfu: 3e4, injury });
}

fn treat(child: &mut Child, drug: Drug, start_day: f64) {
    let regimen = drug.standard_regimen();
    child.prescriptions.push(Prescription { regimen, start_day, duration_days: f64::INFINITY });
}

/// Whether something happens that is worth comparing: a site flares, or bacteria settle.
fn eventful(scenario: &Scenario, state: Local, level: f64) -> Result<bool, Box<dyn Error>> {
    let course = scenario.course(LOOK, &middles(scenario.horizon_days))?;
    Ok(course.iter().any(|day| day.local.iter().any(|y| y[state as usize] > level)))
}

/// Whether some site flares.
pub fn flares(scenario: &Scenario) -> Result<bool, Box<dyn Error>> {
    eventful(scenario, Local::M, FLARE)
}

/// The first child whose year is eventful.
fn first(
    population: &str,
    sites: &[SiteId],
    horizon: f64,
    prepare: impl Fn(&mut Child),
    (state, level): (Local, f64),
) -> Result<Child, Box<dyn Error>> {
    for index in 0..CHILDREN {
        let mut child = child(population, index)?;
        prepare(&mut child);
        if eventful(&Scenario::of(&child, sites, horizon)?, state, level)? {
            return Ok(child);
        }
    }
    Err(format!("none of {CHILDREN} children of {population} has an eventful year").into())
}

/// The first autoimmune child at one of whose sites something flares within a year.
pub fn flaring_child(sites: &[SiteId]) -> Result<Child, Box<dyn Error>> {
    first("broken_tolerance", sites, YEAR, |_| {}, (Local::M, FLARE))
}

fn case(
    name: &str,
    group: &'static str,
    title: String,
    child: &Child,
    sites: &[SiteId],
    horizon: f64,
    routes: Routes,
) -> Result<Case, Box<dyn Error>> {
    let mut scenario = Scenario::of(child, sites, horizon)?;
    scenario.title = title.clone();
    Ok(Case {
        name: name.to_owned(),
        title,
        group,
        scenario,
        child: Some(child.clone()),
        days: middles(horizon),
        routes,
    })
}

/// Every case, small ones first.
pub fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let one = vec![site(KNEE)?];
    let two = pair()?;
    let settles = (Local::B, 0.1);
    let mut all = Vec::new();

    let group = "One site";
    let healthy = child("healthy", 0)?;
    all.push(case("one-healthy", group, "healthy".into(), &healthy, &one, YEAR, Routes::All)?);
    let ill = flaring_child(&one)?;
    all.push(case("one-autoimmune", group, "autoimmune".into(), &ill, &one, YEAR, Routes::All)?);
    let infected = first("healthy", &one, YEAR, |c| infect(c, &one), settles)?;
    all.push(case("one-infected", group, "infected, untreated".into(), &infected, &one, YEAR, Routes::All)?);

    let group = "A mirrored pair";
    let both = flaring_child(&two)?;
    all.push(case("pair-autoimmune", group, "autoimmune".into(), &both, &two, YEAR, Routes::All)?);
    let infected_pair = first("healthy", &two, YEAR, |c| infect(c, &two), settles)?;
    all.push(case(
        "pair-infected",
        group,
        "infected, untreated".into(),
        &infected_pair,
        &two,
        YEAR,
        Routes::All,
    )?);

    let group = "Each drug, from day 30 (antibiotics: from day 40, in an infected child)";
    for drug in Drug::ALL {
        let (mut child, sites, day) = if drug.is_antibiotic() {
            (infected.clone(), &one, EVENT_DAY + 10.0)
        } else {
            (both.clone(), &two, EVENT_DAY)
        };
        treat(&mut child, drug, day);
        let name = format!("drug-{}", drug.name());
        all.push(case(&name, group, drug.name().into(), &child, sites, YEAR, Routes::All)?);
    }

    let group = "25 sites";
    let sites = Skeleton::get().select(25);
    all.push(case("25-healthy", group, "healthy".into(), &healthy, &sites, YEAR, Routes::All)?);
    let ill = flaring_child(&sites)?;
    all.push(case("25-autoimmune", group, "autoimmune".into(), &ill, &sites, YEAR, Routes::All)?);
    let infected = first("healthy", &sites, YEAR, |c| infect(c, &sites), settles)?;
    all.push(case("25-infected", group, "infected, untreated".into(), &infected, &sites, YEAR, Routes::All)?);

    let group = "75 sites";
    let sites = Skeleton::get().select(75);
    let ill = flaring_child(&sites)?;
    all.push(case("75-autoimmune", group, "autoimmune".into(), &ill, &sites, YEAR, Routes::Explicit)?);
    let title = "autoimmune, every third site inflamed on day 0, 4 weeks";
    let mut short = Scenario::flaring(&ill, &sites, 28.0)?;
    short.title = title.to_owned();
    all.push(Case {
        name: "75-flaring".into(),
        title: title.into(),
        group,
        scenario: short,
        child: None,
        days: middles(28.0),
        routes: Routes::All,
    });

    let group = "All sites";
    let sites: Vec<SiteId> = Skeleton::get().ids().collect();
    for (name, population) in [("all-healthy", "healthy"), ("all-autoimmune", "broken_tolerance")] {
        let child = match population {
            "healthy" => child(population, 0)?,
            _ => flaring_child(&sites)?,
        };
        // One model of all sites is enough for libRoadRunner, which takes a quarter of an hour to load it.
        let (title, routes) = match population {
            "healthy" => ("healthy", Routes::SciPy),
            _ => ("autoimmune", Routes::Explicit),
        };
        all.push(case(name, group, title.into(), &child, &sites, YEAR, routes)?);
    }
    let knee = [site(KNEE)?];
    let infected = first("healthy", &sites, YEAR, |c| infect(c, &knee), settles)?;
    all.push(case(
        "all-infected",
        group,
        "infected, untreated".into(),
        &infected,
        &sites,
        YEAR,
        Routes::SciPy,
    )?);
    Ok(all)
}

/// Number of jumps of states and of changes of drug effects: what the peers replay.
pub fn replayed(scenario: &Scenario) -> (usize, usize) {
    (scenario.pulses.len(), scenario.windows.len() - 1)
}
