//! A scenario in the engine's own kernel and integrator, all sites awake.

use osteoflare_kinetics::local::Effects;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::Imports;
use osteoflare_patient::awake::{AwakeSystem, Integration, position};
use osteoflare_patient::simulation::{WEEK, is_multiple, next_multiple};
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::{SolverError, Statistics, Tolerance, place};

use crate::scenario::{Pulse, Scenario, Target};

/// All states on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Day.
    pub day: f64,
    /// States of the sites, in the order of the scenario.
    pub local: Vec<[f64; LOCAL_STATES]>,
    /// States of the circulation.
    pub systemic: [f64; SYSTEMIC_STATES],
}

/// Days and states.
pub type Course = Vec<Snapshot>;

impl Scenario {
    /// The course of the scenario on the given days (ascending, from 0 to the horizon), after what happens on them.
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    pub fn course(&self, tolerance: Tolerance, days: &[f64]) -> Result<Course, SolverError> {
        let mut runner = Runner::new(self, tolerance);
        let mut pulses = self.pulses.iter().peekable();
        let mut windows = self.windows.iter();
        let mut window = windows.next();
        let mut course = Course::new();
        for &wanted in days {
            loop {
                while let Some(pulse) = pulses.next_if(|pulse| pulse.day <= runner.day) {
                    runner.apply(pulse);
                }
                if runner.day >= wanted {
                    break;
                }
                while window.is_some_and(|w| w.to <= runner.day) {
                    window = windows.next();
                }
                let effects = window.map_or_else(Effects::none, |w| w.effects);
                let mut end = wanted.min(next_multiple(runner.day, WEEK));
                if let Some(w) = window {
                    end = end.min(w.to);
                }
                if let Some(pulse) = pulses.peek() {
                    end = end.min(pulse.day);
                }
                runner.advance(end, &effects)?;
            }
            course.push(runner.snapshot());
        }
        Ok(course)
    }
}

/// The engine's kernel and integrator on the sites of a scenario.
pub(super) struct Runner<'a> {
    scenario: &'a Scenario,
    tolerance: Tolerance,
    system: AwakeSystem,
    integrator: DormandPrince,
    y: Vec<f64>,
    pub(super) day: f64,
}

impl<'a> Runner<'a> {
    pub(super) fn new(scenario: &'a Scenario, tolerance: Tolerance) -> Self {
        let mut runner = Runner {
            system: AwakeSystem::new(&scenario.parameters, &scenario.host),
            integrator: DormandPrince::new(),
            scenario,
            tolerance,
            y: Vec::new(),
            day: 0.0,
        };
        runner.grow();
        runner.y.resize(runner.system.len(), 0.0);
        for block in 0..runner.system.stride() {
            for (s, info) in LOCAL.iter().enumerate() {
                let value = scenario.local.get(block).map_or(info.at_rest, |local| local[s]);
                runner.y[place(LOCAL_STATES, s, block)] = value;
            }
        }
        let blood = runner.blood();
        runner.y[blood..].copy_from_slice(&scenario.systemic);
        runner
    }

    /// Where the circulation begins in the state vector.
    fn blood(&self) -> usize {
        self.y.len() - SYSTEMIC_STATES
    }

    fn grow(&mut self) {
        self.system.set_sites((0..self.scenario.sites.len()).map(|i| self.scenario.site_at(i, self.day)));
    }

    /// Integrates to `end` under constant effects.
    pub(super) fn advance(&mut self, end: f64, effects: &Effects<f64>) -> Result<(), SolverError> {
        let outside = Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 };
        self.system.set_inputs(effects, outside);
        self.system.integrate(Integration {
            integrator: &mut self.integrator,
            y: &mut self.y,
            day: self.day,
            span: end - self.day,
            tolerance: self.tolerance,
            statistics: &mut Statistics::default(),
        })?;
        self.day = end;
        if self.scenario.grows && is_multiple(end, WEEK) {
            self.grow();
        }
        Ok(())
    }

    pub(super) fn apply(&mut self, pulse: &Pulse) {
        let place = match pulse.target {
            Target::Site(site, state) => position(state, site),
            Target::Blood(state) => self.blood() + state as usize,
        };
        self.y[place] += pulse.amount;
    }

    pub(super) fn value(&self, site: usize, state: Local) -> f64 {
        self.y[position(state, site)]
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let local = (0..self.scenario.sites.len())
            .map(|block| std::array::from_fn(|s| self.y[place(LOCAL_STATES, s, block)]))
            .collect();
        let mut systemic = [0.0; SYSTEMIC_STATES];
        systemic.copy_from_slice(&self.y[self.blood()..]);
        Snapshot { day: self.day, local, systemic }
    }
}
