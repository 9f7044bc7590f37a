//! The true course in numbers: samples, spells, infections. Hidden from the clinic.

use osteoflare_kinetics::state::{Local, Systemic};
use osteoflare_patient::simulation::Simulation;
use osteoflare_skeleton::SiteId;

use crate::life::{LocalSample, Spell, SystemicSample, Truth};

use super::ESTABLISHED_INFECTION;

/// Shortest spell, days (six weeks).
const SPELL_DAYS: f64 = 42.0;
/// Gaps shorter than this are merged, days.
const GAP_DAYS: f64 = 60.0;
/// Days between samples in calm times.
const CALM_SAMPLING_DAYS: f64 = 28.0;
/// Days between samples around the presentation and during infection.
const CLOSE_SAMPLING_DAYS: f64 = 7.0;
/// Time after the presentation that is sampled closely, days.
const CLOSE_AFTER_PRESENTATION_DAYS: f64 = 84.0;

/// Collects the true course.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    truth: Truth,
    local: Vec<LocalSample>,
    systemic: Vec<SystemicSample>,
    /// Running spell of each site: first and last day above the threshold.
    running: Vec<Option<(f64, f64)>>,
    last_sample: f64,
}

impl Trace {
    pub(super) fn new(simulation: &Simulation) -> Self {
        let n = simulation.local().len();
        let host = simulation.host();
        let rs_max_at_start =
            (0..n).map(|i| simulation.regeneration_number(SiteId(i as u16))).fold(0.0, f64::max);
        Trace {
            truth: Truth {
                theta: host.theta,
                il10_competence: host.kinetic.il10_competence,
                regulatory_competence: host.kinetic.regulatory_competence,
                self_reactivity: host.kinetic.self_reactivity,
                foreign_reactivity: host.kinetic.foreign_reactivity,
                rs_max_at_start,
                ..Truth::default()
            },
            local: Vec::new(),
            systemic: Vec::new(),
            running: vec![None; n],
            last_sample: f64::NEG_INFINITY,
        }
    }

    /// Takes in the state now.
    pub(super) fn look(&mut self, simulation: &Simulation, presented_day: Option<f64>) {
        let day = simulation.day();
        let threshold = simulation.parameters().W_MRI;
        let mut germs = false;
        for (i, y) in simulation.local().iter().enumerate() {
            if y[Local::W as usize] > threshold {
                self.above(i, day);
            }
            if y[Local::B as usize] > 0.0 {
                germs = true;
                let site = SiteId(i as u16);
                if y[Local::B as usize] > ESTABLISHED_INFECTION && !self.truth.infected_sites.contains(&site)
                {
                    self.truth.infected_sites.push(site);
                }
            }
        }
        let recent = presented_day.is_some_and(|p| day - p <= CLOSE_AFTER_PRESENTATION_DAYS);
        let gap = if germs || recent { CLOSE_SAMPLING_DAYS } else { CALM_SAMPLING_DAYS };
        if day - self.last_sample >= gap {
            self.last_sample = day;
            self.sample(simulation);
        }
    }

    fn above(&mut self, site: usize, day: f64) {
        match &mut self.running[site] {
            Some((_, last)) if day - *last <= GAP_DAYS => *last = day,
            slot => {
                if let Some(spell) = slot.replace((day, day)) {
                    keep(&mut self.truth.spells, site, spell);
                }
            }
        }
    }

    fn sample(&mut self, simulation: &Simulation) {
        let day = simulation.day();
        let threshold = simulation.parameters().W_MRI;
        let z = simulation.systemic();
        let mut inflamed = 0;
        for (i, y) in simulation.local().iter().enumerate() {
            let value = |s: Local| y[s as usize];
            inflamed += u32::from(value(Local::W) > threshold);
            let bacteria = value(Local::B) + value(Local::Bf);
            if value(Local::M) < 0.02 && value(Local::W) < 0.05 && bacteria == 0.0 {
                continue;
            }
            let site = SiteId(i as u16);
            self.local.push(LocalSample {
                day,
                site,
                macrophages: value(Local::M),
                oedema: value(Local::W),
                bone: value(Local::V),
                new_bone: value(Local::X),
                bacteria,
                pain: simulation.pain(site),
                rs: simulation.regeneration_number(site),
            });
        }
        self.systemic.push(SystemicSample {
            day,
            crp_mg_l: z[Systemic::Crp as usize],
            esr_mm_h: z[Systemic::Esr as usize],
            temperature_c: simulation.temperature_c(),
            effectors: z[..5].iter().sum(),
            regulators: z[Systemic::Gs as usize],
            inflamed_sites: inflamed,
        });
    }

    pub(super) fn finish(
        mut self,
        simulation: &Simulation,
    ) -> (Truth, Vec<LocalSample>, Vec<SystemicSample>) {
        for (site, spell) in self.running.iter().enumerate().filter_map(|(i, r)| r.map(|r| (i, r))) {
            keep(&mut self.truth.spells, site, spell);
        }
        self.truth.spells.sort_by(|a, b| a.start_day.total_cmp(&b.start_day).then(a.site.cmp(&b.site)));
        self.truth.infected_sites.sort();
        self.truth.sterile_at_end = !simulation.has_bacteria();
        (self.truth, self.local, self.systemic)
    }
}

fn keep(spells: &mut Vec<Spell>, site: usize, (start_day, end_day): (f64, f64)) {
    if end_day - start_day >= SPELL_DAYS {
        spells.push(Spell { site: SiteId(site as u16), start_day, end_day });
    }
}
