//! From a child to a scenario: lives once through the time and writes down what happened from outside.

use osteoflare_kinetics::state::{Local, Systemic};
use osteoflare_patient::exposure::planned_triggers;
use osteoflare_patient::pharmacy::Pharmacy;
use osteoflare_patient::purpose;
use osteoflare_patient::simulation::{WEEK, next_multiple};
use osteoflare_patient::triggers::{TimedTrigger, Trigger, random_triggers, sort};
use osteoflare_random::Stream;
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_solver::system::Tolerance;

use crate::scenario::course::Runner;
use crate::scenario::{Child, DAYS_PER_YEAR, Pulse, Scenario, ScenarioError, Target, Window};

/// Where bacteria lodge depends on debris: the states must be right, but to no more than chance cares for.
const TOLERANCE: Tolerance = Tolerance { relative: 1e-8, absolute: 1e-10 };

/// See [`Scenario::of`].
pub(super) fn live(child: &Child, sites: &[SiteId], horizon_days: f64) -> Result<Scenario, ScenarioError> {
    let mut scenario = Scenario::at_rest(child, sites, horizon_days)?;
    scenario.title = format!("Child {} of seed {}", child.index, child.seed);
    let triggers = triggers(child, &scenario, horizon_days)?;
    let mut life =
        Life { child, pharmacy: Pharmacy::default(), waiting: 0, pulses: Vec::new(), windows: Vec::new() };
    life.run(&scenario, &triggers, horizon_days)?;
    let Life { pulses, windows, .. } = life;
    // What happens on day 0 is part of the initial state.
    let (first, later): (Vec<Pulse>, Vec<Pulse>) = pulses.into_iter().partition(|pulse| pulse.day <= 0.0);
    for Pulse { target, amount, .. } in first {
        match target {
            Target::Site(position, state) => scenario.local[position][state as usize] += amount,
            Target::Blood(state) => scenario.systemic[state as usize] += amount,
        }
    }
    scenario.pulses = later;
    if !windows.is_empty() {
        scenario.windows = windows;
    }
    Ok(scenario)
}

/// Random and planned triggers; random ones of sites that are left out do not happen.
fn triggers(
    child: &Child,
    scenario: &Scenario,
    horizon_days: f64,
) -> Result<Vec<TimedTrigger>, ScenarioError> {
    let (host, p) = (&child.host, &child.parameters);
    let inside = |id: SiteId| scenario.sites.iter().any(|site| site.id == id);
    let mut all = random_triggers(host, child.seed, child.index, horizon_days, p);
    all.retain(|t| !matches!(t.trigger, Trigger::Debris { site, .. } if !inside(site)));
    let planned = planned_triggers(&child.exposures, host, child.seed, child.index, p);
    for t in planned.iter().filter(|t| t.day <= horizon_days) {
        if let Trigger::Debris { site, .. } = t.trigger
            && !inside(site)
        {
            let site = Skeleton::get().site(site).id.clone();
            return Err(ScenarioError::StruckOutside { site, day: t.day });
        }
    }
    all.extend(planned);
    sort(&mut all);
    all.retain(|t| t.day <= horizon_days);
    Ok(all)
}

struct Life<'a> {
    child: &'a Child,
    pharmacy: Pharmacy,
    /// Prescriptions that have begun.
    waiting: usize,
    pulses: Vec<Pulse>,
    windows: Vec<Window>,
}

impl Life<'_> {
    fn run(
        &mut self,
        scenario: &Scenario,
        triggers: &[TimedTrigger],
        horizon_days: f64,
    ) -> Result<(), ScenarioError> {
        let mut runner = Runner::new(scenario, TOLERANCE);
        let mut prescriptions = self.child.prescriptions.clone();
        prescriptions.sort_by(|a, b| a.start_day.total_cmp(&b.start_day));
        let mut triggers = triggers.iter().peekable();
        loop {
            while let Some(t) = triggers.next_if(|t| t.day <= runner.day) {
                self.happen(t.trigger, scenario, &mut runner);
            }
            while let Some(p) = prescriptions.get(self.waiting).filter(|p| p.start_day <= runner.day) {
                self.pharmacy.prescribe(p.regimen, runner.day, p.duration_days);
                self.waiting += 1;
            }
            let day = runner.day;
            if day >= horizon_days {
                return Ok(());
            }
            // The windows of the engine: weeks, days while a drug changes within days, and up to events.
            let mut end = next_multiple(day, WEEK).min(horizon_days);
            let germs = (0..scenario.sites.len())
                .any(|i| runner.value(i, Local::B) + runner.value(i, Local::Bf) > 0.0);
            if !self.pharmacy.is_empty() && self.pharmacy.changes_within_days(germs) {
                end = end.min(next_multiple(day, 1.0));
            }
            if let Some(t) = triggers.peek() {
                end = end.min(t.day);
            }
            if let Some(p) = prescriptions.get(self.waiting) {
                end = end.min(p.start_day);
            }
            let child = self.child;
            let age = scenario.age_at_start_years + day / DAYS_PER_YEAR;
            let effects = self.pharmacy.advance(day, end, &child.host, child.seed, child.index, age);
            runner.advance(end, &effects)?;
            match self.windows.last_mut() {
                // Windows under the same effects are one.
                Some(last) if last.effects == effects => last.to = end,
                _ => self.windows.push(Window { from: day, to: end, effects }),
            }
        }
    }

    fn happen(&mut self, trigger: Trigger, scenario: &Scenario, runner: &mut Runner) {
        let day = runner.day;
        let mut strike = |target, amount| {
            let pulse = Pulse { day, target, amount };
            runner.apply(&pulse);
            self.pulses.push(pulse);
        };
        match trigger {
            Trigger::Debris { site, size } => {
                if let Some(position) = scenario.sites.iter().position(|s| s.id == site) {
                    strike(Target::Site(position, Local::D), size);
                }
            }
            Trigger::Priming { size } => strike(Target::Blood(Systemic::U), size),
            Trigger::Bacteraemia { cfu, exposure } => {
                for (target, amount) in lodged(self.child, scenario, runner, cfu, exposure) {
                    let pulse = Pulse { day, target, amount };
                    runner.apply(&pulse);
                    self.pulses.push(pulse);
                }
            }
        }
    }
}

/// Bacteria that lodge at the sites of the scenario, by the engine's rule and from its random streams.
fn lodged(
    child: &Child,
    scenario: &Scenario,
    runner: &Runner,
    cfu: f64,
    exposure: u32,
) -> Vec<(Target, f64)> {
    let places = Skeleton::get().sites();
    let stream = Stream::new(child.seed, child.index, purpose::EXPOSURE);
    let capacity: f64 = places.iter().map(|s| s.perfusion * s.volume).sum();
    let mut all = Vec::new();
    for (position, site) in scenario.sites.iter().enumerate() {
        let place = &places[site.id.index()];
        let d = runner.value(position, Local::D);
        let gain = 1.0 + child.parameters.trap * d * d / (1.0 + d * d);
        let mean = cfu * place.perfusion * place.volume * gain / capacity;
        let lodged = stream.poisson((u64::from(exposure) << 32) + 1000 + site.id.index() as u64, mean);
        if lodged > 0 {
            all.push((Target::Site(position, Local::B), lodged as f64 * 1e-6 / place.volume));
        }
    }
    all
}
