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
use osteoflare_solver::system::{LANES, SolverError, Statistics, Tolerance};

use crate::asleep::{self, Surroundings};
use crate::awake::{AwakeSystem, Integration};
use crate::exposure::{Exposure, Target};
use crate::growth;
use crate::host::Host;
use crate::pharmacy::Pharmacy;
use crate::prescription::{Drug, Regimen};
use crate::purpose;
use crate::triggers::{self, TimedTrigger, Trigger};

/// Days between visits to sleeping sites, updates of growth, and points of intrinsic noise.
pub const WEEK: f64 = 7.0;
/// Longest window while a drug is present whose effect changes within days.
const DAY: f64 = 1.0;
const DAYS_PER_YEAR: f64 = 365.25;

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
    local: Vec<[f64; LOCAL_STATES]>,
    systemic: [f64; SYSTEMIC_STATES],
    awake: Vec<bool>,
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
        triggers.extend(planned_triggers(exposures, &host, seed, index, &parameters));
        triggers::sort(&mut triggers);
        let system = AwakeSystem::new(&parameters, &host.kinetic);
        let mut simulation = Simulation {
            seed,
            index,
            parameters,
            settings,
            day: 0.0,
            sites,
            local: vec![resting; n],
            systemic,
            awake: vec![!settings.sleeping; n],
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
        let blood = self.blood();
        for i in 0..self.local.len() {
            let effects = Effects::none();
            let around = Surroundings {
                site: &self.sites[i],
                blood: &blood,
                drug: &effects,
                host: &self.host.kinetic,
                parameters: &self.parameters,
            };
            for _ in 0..30 {
                asleep::step(&mut self.local[i], &around, 3.0);
            }
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
        self.local
            .iter()
            .zip(&self.sites)
            .map(|(y, s)| il6_spill(y[Local::I6 as usize], s.volume, &self.parameters))
            .sum()
    }

    /// Body temperature now, °C.
    pub fn temperature_c(&self) -> f64 {
        let germs = self
            .local
            .iter()
            .zip(&self.sites)
            .filter(|(y, _)| y[Local::B as usize] > 0.0 || y[Local::Bf as usize] > 0.0)
            .map(|(y, s)| export(y, s, &self.parameters).pamp)
            .sum();
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
        self.local.iter().any(|y| y[Local::B as usize] + y[Local::Bf as usize] > 0.0)
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

        let members: Vec<usize> = (0..self.awake.len()).filter(|&i| self.awake[i]).collect();
        self.pack(&members);
        self.system.set_inputs(&self.effects, self.outside);
        self.system.integrate(Integration {
            integrator: &mut self.integrator,
            y: &mut self.packed,
            day: self.day,
            span,
            tolerance: self.settings.tolerance,
            statistics: &mut self.work.awake,
        })?;
        self.unpack(&members);
        self.day = end;
        if is_multiple(end, WEEK) {
            self.weekly();
        }
        Ok(())
    }

    /// Packs awake sites and the circulation into the layout of the integrator.
    fn pack(&mut self, members: &[usize]) {
        let sites: Vec<Site<f64>> = members.iter().map(|&i| self.sites[i]).collect();
        self.system.set_sites(&sites);
        let stride = members.len().div_ceil(LANES) * LANES;
        self.packed.clear();
        self.packed.resize(LOCAL_STATES * stride + SYSTEMIC_STATES, 0.0);
        for (s, info) in LOCAL.iter().enumerate() {
            let row = &mut self.packed[s * stride..(s + 1) * stride];
            row.fill(info.at_rest);
            for (slot, &i) in row.iter_mut().zip(members) {
                *slot = self.local[i][s];
            }
        }
        self.packed[LOCAL_STATES * stride..].copy_from_slice(&self.systemic);
    }

    fn unpack(&mut self, members: &[usize]) {
        let stride = members.len().div_ceil(LANES) * LANES;
        for (b, &i) in members.iter().enumerate() {
            for s in 0..LOCAL_STATES {
                self.local[i][s] = self.packed[s * stride + b];
            }
        }
        self.systemic.copy_from_slice(&self.packed[LOCAL_STATES * stride..]);
    }

    /// Once a week: growth, sleeping sites, waking and falling asleep, noise.
    fn weekly(&mut self) {
        let blood = self.blood();
        let sleepers: Vec<usize> = (0..self.awake.len()).filter(|&i| !self.awake[i]).collect();
        for members in sleepers.chunks(LANES) {
            let moved_to = &self.moved_to;
            let today = self.day;
            let days = |i: usize| today - moved_to[i];
            self.system.doze(members, &mut self.local, &self.sites, &blood, &self.weekly_effects, days);
        }
        self.work.sleeping_steps += sleepers.len() as u64;
        if self.settings.sleeping {
            for i in (0..self.awake.len()).filter(|&i| self.awake[i]).collect::<Vec<_>>() {
                let around = Surroundings {
                    site: &self.sites[i],
                    blood: &blood,
                    drug: &self.weekly_effects,
                    host: &self.host.kinetic,
                    parameters: &self.parameters,
                };
                if asleep::may_sleep(&self.local[i], &around) {
                    self.awake[i] = false;
                    self.moved_to[i] = self.day;
                }
            }
        }
        for i in sleepers {
            let around = Surroundings {
                site: &self.sites[i],
                blood: &blood,
                drug: &self.weekly_effects,
                host: &self.host.kinetic,
                parameters: &self.parameters,
            };
            self.moved_to[i] = self.day;
            self.awake[i] = asleep::must_wake(&self.local[i], &around);
        }
        self.weekly_effects = self.effects;
        self.grow();
        if self.settings.intrinsic_noise > 0.0 {
            self.shake();
        }
        self.outside = self.sleeping_imports();
    }

    /// Remodelling activity at the present age.
    fn grow(&mut self) {
        let age = self.age_years();
        for (site, place) in self.sites.iter_mut().zip(Skeleton::get().sites()) {
            let gamma = growth::growth_activity(place, age, self.host.sex, &self.parameters);
            site.remodelling = growth::remodelling(gamma, &self.parameters);
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
            let out = export(&self.local[i], &self.sites[i], &self.parameters);
            for k in 0..ANTIGENS {
                sum.presentation[k] += self.sites[i].antigens[k] * out.presentation;
            }
            sum.il6 += out.il6;
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

/// Planned exposures as triggers, in the order of the plan.
pub fn planned_triggers(
    exposures: &[Exposure],
    host: &Host,
    seed: u64,
    index: u32,
    p: &Parameters<f64>,
) -> Vec<TimedTrigger> {
    let mut all = Vec::new();
    for (number, exposure) in exposures.iter().enumerate() {
        let place = |target: Target, day: f64| target_site(target, host, seed, index, number as u64, day, p);
        match *exposure {
            Exposure::Injury { day, target, debris } => {
                all.push(TimedTrigger {
                    day,
                    trigger: Trigger::Debris { site: place(target, day), size: debris },
                });
            }
            Exposure::Bacteraemia { day, cfu, injury } => {
                if let Some((target, debris)) = injury {
                    let before = (day - 1.0).max(0.0);
                    all.push(TimedTrigger {
                        day: before,
                        trigger: Trigger::Debris { site: place(target, before), size: debris },
                    });
                }
                all.push(TimedTrigger {
                    day,
                    trigger: Trigger::Bacteraemia { cfu, exposure: number as u32 },
                });
            }
        }
    }
    all
}

/// The site an exposure strikes in this child.
fn target_site(
    target: Target,
    host: &Host,
    seed: u64,
    index: u32,
    exposure: u64,
    day: f64,
    p: &Parameters<f64>,
) -> SiteId {
    match target {
        Target::Site(site) => site,
        Target::RandomMetaphysis => {
            let age = host.age_at_start_years + day / DAYS_PER_YEAR;
            let weights: Vec<f64> = Skeleton::get()
                .sites()
                .iter()
                .map(|s| s.perfusion * s.volume * growth::plate_openness(s, age, host.sex, p) * s.growth)
                .collect();
            let total: f64 = weights.iter().sum();
            let mut u = Stream::new(seed, index, purpose::EXPOSURE).uniform(exposure << 32) * total;
            for (i, w) in weights.iter().enumerate() {
                if u < *w {
                    return SiteId(i as u16);
                }
                u -= w;
            }
            SiteId(0)
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
fn next_multiple(day: f64, grid: f64) -> f64 {
    ((day / grid).floor() + 1.0) * grid
}

fn is_multiple(day: f64, grid: f64) -> bool {
    day == (day / grid).round() * grid
}
