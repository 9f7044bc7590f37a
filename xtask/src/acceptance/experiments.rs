//! Experiments on single patients that no study file describes: sterile injury, inocula, ignition.

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{Local, Systemic};
use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_patient::host::Host;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::SolverError;

/// Day of the injury; bacteria circulate one day later.
const INJURY_DAY: f64 = 30.0;
/// Day on which treatment usually starts (five days after the bacteria).
pub const EARLY: f64 = 36.0;
/// Day on which late treatment starts (60 days after the bacteria).
pub const LATE: f64 = 91.0;

fn knee() -> SiteId {
    Skeleton::get().find("tibia_proximal_metaphysis_L").expect("a site of the skeleton")
}

/// One infection experiment.
#[derive(Clone, Copy, Debug)]
pub struct Infection {
    /// Colony-forming units that reach bone.
    pub cfu: f64,
    /// Debris pulse at the left proximal tibia, or 0.
    pub injury: f64,
    /// Treatment: drug, start day, duration in days.
    pub drug: Option<(Drug, f64, f64)>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Infected {
    /// Sites with more than 10⁵ CFU/mL four days after the bacteria.
    pub foci: usize,
    /// CRP at the start of treatment, mg/L.
    pub crp_start: f64,
    /// Highest CRP from the start of treatment on, mg/L.
    pub crp_peak_day: f64,
    /// Days from the start of treatment to CRP below 20 mg/L.
    pub crp_below_20: Option<f64>,
    /// Highest ESR from the start of treatment on, mm/h.
    pub esr_peak: f64,
    /// Day of that, from the start of treatment.
    pub esr_peak_day: f64,
    /// Days from the start of treatment to ESR below 20 mm/h.
    pub esr_below_20: Option<f64>,
    /// Highest temperature, °C.
    pub temperature_max: f64,
    /// No bacteria at one year.
    pub sterile: bool,
    /// Sites with oedema above the MRI threshold at any time.
    pub mri_sites: usize,
    /// Day after the bacteria on which bone at any site falls below 0.85.
    pub loss_day: Option<f64>,
}

/// Runs one infection for a year.
pub fn infect(
    population: &HostPopulation,
    experiment: Infection,
    seed: u64,
    index: u32,
    p: &Parameters<f64>,
) -> Result<Infected, SolverError> {
    let host = Host::draw(population, seed, index, p);
    let injury = (experiment.injury > 0.0).then_some((Target::Site(knee()), experiment.injury));
    let mut exposures = Vec::new();
    match injury {
        Some((target, debris)) if experiment.cfu == 0.0 => {
            exposures.push(Exposure::Injury { day: INJURY_DAY, target, debris });
        }
        _ => exposures.push(Exposure::Bacteraemia { day: INJURY_DAY + 1.0, cfu: experiment.cfu, injury }),
    }
    let mut s = Simulation::new(host, &exposures, seed, index, 396.0, *p, Settings::default());
    let mut out = Infected { temperature_max: 0.0, ..Infected::default() };
    let start = experiment.drug.map_or(EARLY, |(_, day, _)| day);
    let mut crp_peak = 0.0;
    let mut seen = vec![false; s.local().len()];
    for day in 1..=396 {
        let day = f64::from(day);
        s.advance_to(day)?;
        if day == INJURY_DAY + 5.0 {
            out.foci = s.local().iter().filter(|y| y[Local::B as usize] > 0.1).count();
        }
        if let Some((drug, at, duration)) = experiment.drug
            && day == at
        {
            s.prescribe(drug.standard_regimen(), duration);
        }
        let z = s.systemic();
        let (crp, esr) = (z[Systemic::Crp as usize], z[Systemic::Esr as usize]);
        if day == start {
            out.crp_start = crp;
        }
        if day >= start {
            let since = day - start;
            if crp > crp_peak {
                crp_peak = crp;
                out.crp_peak_day = since;
            }
            if esr > out.esr_peak {
                out.esr_peak = esr;
                out.esr_peak_day = since;
            }
            if since > 1.0 && crp < 20.0 && out.crp_below_20.is_none() {
                out.crp_below_20 = Some(since);
            }
            if since > 6.0 && esr < 20.0 && out.esr_below_20.is_none() {
                out.esr_below_20 = Some(since);
            }
        }
        out.temperature_max = out.temperature_max.max(s.temperature_c());
        for (i, y) in s.local().iter().enumerate() {
            seen[i] |= y[Local::W as usize] > p.W_MRI;
            if y[Local::V as usize] < 0.85 && out.loss_day.is_none() && day > INJURY_DAY {
                out.loss_day = Some(day - INJURY_DAY - 1.0);
            }
        }
    }
    out.sterile = !s.has_bacteria();
    out.mri_sites = seen.iter().filter(|x| **x).count();
    Ok(out)
}

/// Days with macrophages above 0.1 after one sterile injury in a child without other triggers, and whether oedema
/// passed the MRI threshold for six weeks.
pub fn sterile_injury(
    population: &HostPopulation,
    debris: f64,
    seed: u64,
    index: u32,
    p: &Parameters<f64>,
) -> Result<(f64, bool), SolverError> {
    let mut calm = *p;
    calm.lambda0 = 0.0;
    calm.lambda_U = 0.0;
    let host = Host::draw(population, seed, index, &calm);
    let mut s = Simulation::new(host, &[], seed, index, 120.0, calm, Settings::default());
    s.advance_to(7.0)?;
    s.injure(knee(), debris);
    let (mut inflamed, mut bright) = (0.0, 0.0);
    for half_day in 1..=200 {
        s.advance_to(7.0 + 0.5 * f64::from(half_day))?;
        let y = &s.local()[knee().index()];
        if y[Local::M as usize] > 0.1 {
            inflamed += 0.5;
        }
        if y[Local::W as usize] > p.W_MRI {
            bright += 0.5;
        }
    }
    Ok((inflamed, bright >= 42.0))
}
