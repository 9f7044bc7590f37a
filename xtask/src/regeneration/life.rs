//! 𝓡ₛ through ten years of a child.

use std::cmp::Ordering;

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::Local;
use osteoflare_patient::host::Host;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::SolverError;

use super::figure::{Band, Curve, Panel};

const SEED: u64 = 1972;
const YEARS: f64 = 10.0;
const YEAR: f64 = 365.25;
/// Days between two readings.
const EVERY: f64 = 14.0;
/// Children looked at to find one with a typical number of lesions.
const CHILDREN: u32 = 12;
/// Oedema that MRI shows, r.u.; the reader's threshold of the parameter table.
fn threshold(p: &Parameters<f64>) -> f64 {
    p.W_MRI
}

/// Readings of one life.
pub struct Life {
    /// Who this is, in words.
    pub words: String,
    /// The site with most lesions, among them the one inflamed longest; for a child without lesion the proximal metaphysis of the left tibia.
    pub site: String,
    /// Age in years and the largest number of all sites.
    largest: Vec<(f64, f64)>,
    /// Age in years and the number at the site.
    at_site: Vec<(f64, f64)>,
    /// Ages between which the site is inflamed, years.
    lesions: Vec<Band>,
}

fn simulation(population: &HostPopulation, index: u32, p: &Parameters<f64>) -> Simulation {
    let host = Host::draw(population, SEED, index, p);
    Simulation::new(host, &[], SEED, index, YEARS * YEAR, *p, Settings::default())
}

/// How a site fared.
#[derive(Clone, Copy, Default)]
struct Fate {
    lesions: u32,
    days: f64,
    inflamed: bool,
}

/// Lesions and inflamed days of every site.
fn fates(population: &HostPopulation, index: u32, p: &Parameters<f64>) -> Result<Vec<Fate>, SolverError> {
    let mut s = simulation(population, index, p);
    let mut fates = vec![Fate::default(); Skeleton::get().sites().len()];
    while s.day() < YEARS * YEAR {
        s.advance_to((s.day() + EVERY).min(YEARS * YEAR))?;
        for (fate, y) in fates.iter_mut().zip(s.local()) {
            let inflamed = y[Local::W as usize] > threshold(p);
            fate.lesions += u32::from(inflamed && !fate.inflamed);
            fate.days += if inflamed { EVERY } else { 0.0 };
            fate.inflamed = inflamed;
        }
    }
    Ok(fates)
}

/// Sites inflamed for six weeks or more.
fn struck(fates: &[Fate]) -> usize {
    fates.iter().filter(|f| f.days > 42.0).count()
}

/// Lives the first child of a population with lesions at 3 to 12 sites; the first child if there is none.
///
/// # Errors
/// [`SolverError`] if the equations cannot be integrated.
pub fn live(name: &str, p: &Parameters<f64>) -> Result<Life, SolverError> {
    let population = HostPopulation::preset(name).expect("a shipped population");
    let mut chosen = (0, fates(&population, 0, p)?);
    for index in 0..CHILDREN {
        let found = fates(&population, index, p)?;
        if (3..=12).contains(&struck(&found)) {
            chosen = (index, found);
            break;
        }
    }
    let (index, fates) = chosen;
    let skeleton = Skeleton::get();
    let rank = |i: &usize| (fates[*i].lesions, fates[*i].days);
    let worst = (0..fates.len())
        .max_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(Ordering::Equal))
        .filter(|i| fates[*i].lesions > 0);
    let site = worst.map_or_else(
        || skeleton.find("tibia_proximal_metaphysis_L").expect("a site of the skeleton"),
        |i| SiteId(i as u16),
    );
    let mut s = simulation(&population, index, p);
    let start = s.age_years();
    let mut life = Life {
        words: format!(
            "child {index} of population `{name}` (age {start:.1} at the start, lesions of six weeks at {} sites)",
            struck(&fates)
        ),
        site: skeleton.site(site).label(),
        largest: Vec::new(),
        at_site: Vec::new(),
        lesions: Vec::new(),
    };
    let mut begun: Option<f64> = None;
    while s.day() < YEARS * YEAR {
        s.advance_to((s.day() + EVERY).min(YEARS * YEAR))?;
        let age = s.age_years();
        let largest = skeleton.ids().map(|id| s.regeneration_number(id)).fold(0.0, f64::max);
        life.largest.push((age, largest));
        life.at_site.push((age, s.regeneration_number(site)));
        let inflamed = s.local()[site.index()][Local::W as usize] > threshold(p);
        match (inflamed, begun) {
            (true, None) => begun = Some(age),
            (false, Some(from)) => {
                life.lesions.push(Band { from, to: age });
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(from) = begun {
        life.lesions.push(Band { from, to: s.age_years() });
    }
    Ok(life)
}

/// The first life with its site, the second beside it.
pub fn panel([broken, healthy]: &[Life; 2]) -> Panel {
    let from_start = |points: &[(f64, f64)]| {
        let start = points.first().map_or(0.0, |p| p.0);
        points.iter().map(|(age, r)| (age - start, *r)).collect::<Vec<_>>()
    };
    let start = broken.largest.first().map_or(0.0, |p| p.0);
    Panel {
        title: "Ten years of two children".to_owned(),
        across: "years since the start".to_owned(),
        up: "𝓡ₛ".to_owned(),
        curves: vec![
            Curve { name: "broken, largest".to_owned(), points: from_start(&broken.largest), thin: false },
            Curve { name: "broken, one site".to_owned(), points: from_start(&broken.at_site), thin: true },
            Curve { name: "healthy, largest".to_owned(), points: from_start(&healthy.largest), thin: false },
        ],
        bands: broken.lesions.iter().map(|b| Band { from: b.from - start, to: b.to - start }).collect(),
    }
}
