//! The running patient: windows of constant inputs, awake sites integrated together, sleeping sites now and then.

use osteoflare_kinetics::local::{Circulation, Effects, Site, export, il6_spill};
use osteoflare_kinetics::observable;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC, SYSTEMIC_STATES, Systemic};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_kinetics::tolerance;
use osteoflare_random::Stream;
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::{LANES, SolverError, Statistics, Tolerance, place};

use crate::asleep::{self, Surroundings};
use crate::awake::{AwakeSystem, Integration};
use crate::chunk::SiteChunk;
use crate::dozing::{Doze, Given};
use crate::exposure::{self, Exposure};
use crate::growth::{self, DAYS_PER_YEAR};
use crate::host::Host;
use crate::pharmacy::Pharmacy;
use crate::prescription::{Drug, Regimen};
use crate::purpose;
use crate::triggers::{self, TimedTrigger, Trigger};

/// Days between visits to sleeping sites, updates of growth, and points of intrinsic noise.
pub const WEEK: f64 = 7.0;
/// Longest window while a drug is present whose effect changes within days.
const DAY: f64 = 1.0;
/// Steps that bring sites to rest before day 0, and their length.
const SETTLING_STEPS: usize = 30;
const SETTLING_STEP_DAYS: f64 = 3.0;

/// How a patient is run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Tolerance of the local error.
    pub tolerance: Tolerance,
    /// Whether quiet sites may sleep.
    pub sleeping: bool,
    /// Log-standard deviation per √day of multiplicative noise on effector cells; 0: none.
    pub intrinsic_noise: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            tolerance: Tolerance { relative: 1e-4, absolute: 1e-6 },
            sleeping: true,
            intrinsic_noise: 0.0,
        }
    }
}

/// Work done for one patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Work of the integrator on awake sites.
    pub awake: Statistics,
    /// Steps of single sleeping sites.
    pub sleeping_steps: u64,
}

/// One patient, running.
#[derive(Clone, Debug)]
pub struct Simulation {
    seed: u64,
    index: u32,
    host: Host,
    parameters: Parameters<f64>,
    settings: Settings,
    day: f64,
    sites: Vec<Site<f64>>,
    /// The same sites, eight side by side.
    chunks: Vec<SiteChunk>,
    local: Vec<[f64; LOCAL_STATES]>,
    systemic: [f64; SYSTEMIC_STATES],
    awake: Vec<bool>,
    /// Numbers of the awake sites, in rising order.
    members: Vec<usize>,
    /// What each sleeping site gives to the circulation.
    given: Vec<Given>,
    /// Day up to which each sleeping site has been moved.
    moved_to: Vec<f64>,
    triggers: Vec<TimedTrigger>,
    next_trigger: usize,
    pharmacy: Pharmacy,
    effects: Effects<f64>,
    weekly_effects: Effects<f64>,
    outside: Imports<f64>,
    system: AwakeSystem,
    integrator: DormandPrince,
    packed: Vec<f64>,
    work: Work,
}

impl Simulation {
    /// A patient at day 0: healthy bone, and the circulating repertoire at its steady level.
    pub fn new(
        host: Host,
        exposures: &[Exposure],
        seed: u64,
        index: u32,
        horizon_days: f64,
        parameters: Parameters<f64>,
        settings: Settings,
    ) -> Self {
        let skeleton = Skeleton::get();
        let n = skeleton.sites().len();
        let mut resting = LOCAL.map(|s| s.at_rest);
        resting[Local::D as usize] = parameters.kT * 0.9 / parameters.cD;
        let mut systemic = SYSTEMIC.map(|s| s.at_rest);
        systemic[Systemic::Crp as usize] = parameters.CRP0;
        systemic[Systemic::Esr as usize] = parameters.ESR0;
        for k in 0..ANTIGENS {
            systemic[k] = host.kinetic.self_reactivity[k] * parameters.nu0 / parameters.dEs;
        }
        let sites: Vec<Site<f64>> = skeleton
            .sites()
            .iter()
            .zip(&host.sites)
            .map(|(site, traits)| Site {
                kappa: traits.kappa,
                antigens: traits.antigens,
                growth: site.growth,
                remodelling: 0.0,
                volume: site.volume,
            })
            .collect();
        let mut triggers = triggers::random_triggers(&host, seed, index, horizon_days, &parameters);
        triggers.extend(exposure::planned_triggers(exposures, &host, seed, index, &parameters));
        triggers::sort(&mut triggers);
        let mut chunks = vec![SiteChunk::default(); n.div_ceil(LANES)];
        for (i, site) in sites.iter().enumerate() {
            chunks[i / LANES].set(i % LANES, site);
        }
        let system = AwakeSystem::new(&parameters, &host.kinetic);
        let mut simulation = Simulation {
            seed,
            index,
            parameters,
            settings,
            day: 0.0,
            sites,
            chunks,
            local: vec![resting; n],
            systemic,
            awake: vec![!settings.sleeping; n],
            members: (0..if settings.sleeping { 0 } else { n }).collect(),
            given: vec![Given::default(); n],
            moved_to: vec![0.0; n],
            triggers,
            next_trigger: 0,
            pharmacy: Pharmacy::default(),
            effects: Effects::none(),
            weekly_effects: Effects::none(),
            outside: Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 },
            system,
            integrator: DormandPrince::new(),
            packed: Vec::new(),
            work: Work::default(),
            host,
        };
        simulation.grow();
        simulation.settle_at_start();
        simulation
    }

    /// Lets every site reach its resting state in this host, so that day 0 is not an event.
    fn settle_at_start(&mut self) {
        let il6 = self.local.iter().zip(&self.sites);
        let il6 = il6.map(|(y, s)| il6_spill(y[Local::I6 as usize], s.volume, &self.parameters)).sum();
        let blood = systemic::circulation(&self.systemic, il6);
        let everyone_asleep = vec![false; self.awake.len()];
        for _ in 0..SETTLING_STEPS {
            self.system.instruction_set().run(Doze {
                local: &mut self.local,
                given: &mut self.given,
                sites: &self.chunks,
                awake: &everyone_asleep,
                moved_to: &self.moved_to,
                today: SETTLING_STEP_DAYS,
                blood: &blood,
                drug: &Effects::none(),
                host: &self.host.kinetic,
                parameters: &self.parameters,
            });
        }
        self.outside = self.sleeping_imports();
    }

    /// Days since day 0.
    pub fn day(&self) -> f64 {
        self.day
    }

    /// Age now, years.
    pub fn age_years(&self) -> f64 {
        self.host.age_at_start_years + self.day / DAYS_PER_YEAR
    }

    /// The child.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Parameters in use.
    pub fn parameters(&self) -> &Parameters<f64> {
        &self.parameters
    }

    /// Local states of all sites, in the order of the skeleton. Sleeping sites are up to a week behind.
    pub fn local(&self) -> &[[f64; LOCAL_STATES]] {
        &self.local
    }

    /// Systemic states.
    pub fn systemic(&self) -> &[f64; SYSTEMIC_STATES] {
        &self.systemic
    }

    /// Whether a site is awake.
    pub fn is_awake(&self, site: SiteId) -> bool {
        self.awake[site.index()]
    }

    /// Work done so far.
    pub fn work(&self) -> Work {
        self.work
    }

    /// Drug effects in force.
    pub fn effects(&self) -> &Effects<f64> {
        &self.effects
    }

    /// Starts a course of a drug now.
    pub fn prescribe(&mut self, regimen: Regimen, duration_days: f64) {
        self.pharmacy.prescribe(regimen, self.day, duration_days);
    }

    /// Stops a drug now.
    pub fn stop(&mut self, drug: Drug) {
        self.pharmacy.stop(drug, self.day);
    }

    /// Adds a debris pulse now (an experiment's injury).
    pub fn injure(&mut self, site: SiteId, debris: f64) {
        self.strike(site.index(), |y| y[Local::D as usize] += debris);
    }

    /// Puts bacteria into a site now, 10⁶ CFU/mL (an experiment's inoculation).
    pub fn inoculate(&mut self, site: SiteId, million_cfu_per_ml: f64) {
        self.strike(site.index(), |y| y[Local::B as usize] += million_cfu_per_ml);
    }

    /// Blood IL-6 now, relative units.
    pub fn blood_il6(&self) -> f64 {
        let spill = |i: &usize| {
            il6_spill(self.local[*i][Local::I6 as usize], self.sites[*i].volume, &self.parameters)
        };
        self.outside.il6 + self.members.iter().map(spill).sum::<f64>()
    }

    /// Body temperature now, °C.
    pub fn temperature_c(&self) -> f64 {
        let seen = |i: &usize| export(&self.local[*i], &self.sites[*i], &self.parameters).pamp;
        let germs = self.members.iter().filter(|i| self.holds_germs(**i)).map(seen).sum();
        let acute = systemic::acute_signal(self.blood_il6(), germs, &self.parameters);
        systemic::temperature(acute, &self.effects, &self.parameters)
    }

    /// Pain at a site now, 0–10.
    pub fn pain(&self, site: SiteId) -> f64 {
        let i = site.index();
        observable::pain(&self.local[i], self.host.sites[i].nociception, &self.effects, &self.parameters)
    }

    /// Regeneration number 𝓡ₛ of a site now.
    pub fn regeneration_number(&self, site: SiteId) -> f64 {
        let i = site.index();
        tolerance::regeneration_number(
            &self.local[i],
            &self.systemic,
            &self.sites[i],
            &self.effects,
            &self.host.kinetic,
            &self.parameters,
        )
    }

    /// Whether any bacteria are left anywhere.
    pub fn has_bacteria(&self) -> bool {
        self.members.iter().any(|i| self.holds_germs(*i))
    }

    /// Whether a site holds bacteria; such a site never sleeps.
    fn holds_germs(&self, i: usize) -> bool {
        self.local[i][Local::B as usize] > 0.0 || self.local[i][Local::Bf as usize] > 0.0
    }

    /// Runs to `day`.
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    pub fn advance_to(&mut self, day: f64) -> Result<(), SolverError> {
        while self.day < day {
            let mut end = next_multiple(self.day, WEEK).min(day);
            if !self.pharmacy.is_empty() && self.pharmacy.changes_within_days(self.has_bacteria()) {
                end = end.min(next_multiple(self.day, DAY));
            }
            if let Some(t) = self.triggers.get(self.next_trigger)
                && t.day < end
            {
                end = t.day.max(self.day);
            }
            if end > self.day {
                self.window(end)?;
            }
            while let Some(t) = self.triggers.get(self.next_trigger).copied()
                && t.day <= self.day
            {
                self.next_trigger += 1;
                self.apply(t.trigger);
            }
        }
        Ok(())
    }

    /// One window of constant inputs.
    fn window(&mut self, end: f64) -> Result<(), SolverError> {
        let span = end - self.day;
        let age = self.age_years();
        self.effects = self.pharmacy.advance(self.day, end, &self.host, self.seed, self.index, age);
        // Sleeping sites see the effects of the week so far, weighted by time.
        let week_start = next_multiple(self.day, WEEK) - WEEK;
        let before = (self.day - week_start).max(0.0);
        self.weekly_effects = blend(&self.weekly_effects, before, &self.effects, span);

        self.pack();
        self.system.set_inputs(&self.effects, self.outside);
        self.system.integrate(Integration {
            integrator: &mut self.integrator,
            y: &mut self.packed,
            day: self.day,
            span,
            tolerance: self.settings.tolerance,
            statistics: &mut self.work.awake,
        })?;
        self.unpack();
        self.day = end;
        if is_multiple(end, WEEK) {
            self.weekly();
        }
        Ok(())
    }

    /// Packs awake sites and the circulation into the layout of the integrator.
    fn pack(&mut self) {
        self.system.set_sites(self.members.iter().map(|&i| self.sites[i]));
        self.packed.clear();
        self.packed.resize(self.system.len(), 0.0);
        for b in 0..self.system.stride() {
            for (s, info) in LOCAL.iter().enumerate() {
                let value = self.members.get(b).map_or(info.at_rest, |&i| self.local[i][s]);
                self.packed[place(LOCAL_STATES, s, b)] = value;
            }
        }
        let circulation = self.packed.len() - SYSTEMIC_STATES;
        self.packed[circulation..].copy_from_slice(&self.systemic);
    }

    fn unpack(&mut self) {
        for (b, &i) in self.members.iter().enumerate() {
            for s in 0..LOCAL_STATES {
                self.local[i][s] = self.packed[place(LOCAL_STATES, s, b)];
            }
        }
        let circulation = self.packed.len() - SYSTEMIC_STATES;
        self.systemic.copy_from_slice(&self.packed[circulation..]);
    }

    /// Once a week: growth, sleeping sites, waking and falling asleep, noise.
    fn weekly(&mut self) {
        let blood = self.blood();
        self.system.instruction_set().run(Doze {
            local: &mut self.local,
            given: &mut self.given,
            sites: &self.chunks,
            awake: &self.awake,
            moved_to: &self.moved_to,
            today: self.day,
            blood: &blood,
            drug: &self.weekly_effects,
            host: &self.host.kinetic,
            parameters: &self.parameters,
        });
        self.work.sleeping_steps += (self.awake.len() - self.members.len()) as u64;
        for i in 0..self.awake.len() {
            let around = Surroundings {
                site: &self.sites[i],
                blood: &blood,
                drug: &self.weekly_effects,
                host: &self.host.kinetic,
                parameters: &self.parameters,
            };
            if !self.awake[i] {
                self.moved_to[i] = self.day;
                self.awake[i] = asleep::must_wake(&self.local[i], &around);
            } else if self.settings.sleeping && asleep::may_sleep(&self.local[i], &around) {
                self.awake[i] = false;
                self.moved_to[i] = self.day;
                self.note_given(i);
            }
        }
        self.list_members();
        self.weekly_effects = self.effects;
        self.grow();
        if self.settings.intrinsic_noise > 0.0 {
            self.shake();
        }
        self.outside = self.sleeping_imports();
    }

    /// What a site gives to the circulation while it sleeps.
    fn note_given(&mut self, i: usize) {
        let out = export(&self.local[i], &self.sites[i], &self.parameters);
        self.given[i] = Given { presentation: out.presentation, il6: out.il6 };
    }

    fn list_members(&mut self) {
        self.members.clear();
        self.members.extend((0..self.awake.len()).filter(|&i| self.awake[i]));
    }

    /// Remodelling activity at the present age.
    fn grow(&mut self) {
        let now = growth::remodelling_everywhere(self.age_years(), self.host.sex, &self.parameters);
        for (i, (site, remodelling)) in self.sites.iter_mut().zip(now).enumerate() {
            site.remodelling = remodelling;
            self.chunks[i / LANES].set_remodelling(i % LANES, remodelling);
        }
    }

    /// Multiplicative noise on effector cells, mean one.
    fn shake(&mut self) {
        let stream = Stream::new(self.seed, self.index, purpose::NOISE);
        let week = (self.day / WEEK).round() as u64;
        let sd = self.settings.intrinsic_noise * WEEK.sqrt();
        let width = (self.local.len() + ANTIGENS) as u64;
        let factor = |k: u64| libm::exp(sd * stream.normal(week * width + k) - 0.5 * sd * sd);
        for (i, y) in self.local.iter_mut().enumerate() {
            y[Local::E as usize] *= factor(i as u64);
        }
        for k in 0..ANTIGENS {
            self.systemic[k] *= factor((self.local.len() + k) as u64);
        }
    }

    fn blood(&self) -> Circulation<f64> {
        systemic::circulation(&self.systemic, self.blood_il6())
    }

    /// What sleeping sites give to the circulation.
    fn sleeping_imports(&self) -> Imports<f64> {
        let mut sum = Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 };
        for i in (0..self.local.len()).filter(|&i| !self.awake[i]) {
            for k in 0..ANTIGENS {
                sum.presentation[k] += self.sites[i].antigens[k] * self.given[i].presentation;
            }
            sum.il6 += self.given[i].il6;
        }
        sum
    }

    fn apply(&mut self, trigger: Trigger) {
        match trigger {
            Trigger::Debris { site, size } => self.injure(site, size),
            Trigger::Priming { size } => self.systemic[Systemic::U as usize] += size,
            Trigger::Bacteraemia { cfu, exposure } => self.bacteraemia(cfu, exposure),
        }
    }

    /// Brings a site to now, changes it and wakes it.
    fn strike(&mut self, i: usize, change: impl FnOnce(&mut [f64; LOCAL_STATES])) {
        if !self.awake[i] {
            let blood = self.blood();
            let around = Surroundings {
                site: &self.sites[i],
                blood: &blood,
                drug: &self.weekly_effects,
                host: &self.host.kinetic,
                parameters: &self.parameters,
            };
            let days = self.day - self.moved_to[i];
            if days > 0.0 {
                asleep::step(&mut self.local[i], &around, days);
                self.work.sleeping_steps += 1;
            }
            self.moved_to[i] = self.day;
            self.awake[i] = true;
            self.list_members();
            self.outside = self.sleeping_imports();
        }
        change(&mut self.local[i]);
    }

    /// Bacteria lodge where flow is sluggish, more so in injured ground; small numbers by chance.
    fn bacteraemia(&mut self, cfu: f64, exposure: u32) {
        let sites = Skeleton::get().sites();
        let stream = Stream::new(self.seed, self.index, purpose::EXPOSURE);
        let capacity: f64 = sites.iter().map(|s| s.perfusion * s.volume).sum();
        for (i, site) in sites.iter().enumerate() {
            let d = self.local[i][Local::D as usize];
            let gain = 1.0 + self.parameters.trap * d * d / (1.0 + d * d);
            let mean = cfu * site.perfusion * site.volume * gain / capacity;
            let lodged = stream.poisson((u64::from(exposure) << 32) + 1000 + i as u64, mean);
            if lodged > 0 {
                // 1e-6: states count in 10⁶ CFU; the reference site holds 1 mL of marrow.
                let level = lodged as f64 * 1e-6 / site.volume;
                self.strike(i, |y| y[Local::B as usize] += level);
            }
        }
    }
}

/// Mean of two sets of effects weighted by the days they were in force.
fn blend(a: &Effects<f64>, days_a: f64, b: &Effects<f64>, days_b: f64) -> Effects<f64> {
    let share = days_b / (days_a + days_b);
    let mix = |x: f64, y: f64| x + share * (y - x);
    Effects {
        cox: mix(a.cox, b.cox),
        gc: mix(a.gc, b.gc),
        tnf: mix(a.tnf, b.tnf),
        il1: mix(a.il1, b.il1),
        il17: mix(a.il17, b.il17),
        jak: mix(a.jak, b.jak),
        mtx: mix(a.mtx, b.mtx),
        bp: mix(a.bp, b.bp),
        abx: mix(a.abx, b.abx),
    }
}

/// The first multiple of `grid` after `day`.
pub fn next_multiple(day: f64, grid: f64) -> f64 {
    ((day / grid).floor() + 1.0) * grid
}

/// Whether `day` is a multiple of `grid`.
pub fn is_multiple(day: f64, grid: f64) -> bool {
    day == (day / grid).round() * grid
}
