//! A scenario in the engine's own kernel and integrator, all sites awake.

use osteoflare_kinetics::local::Effects;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::Imports;
use osteoflare_patient::awake::{AwakeSystem, Integration, position};
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::{LANES, SolverError, Statistics, Tolerance, place};

use crate::scenario::{Pulse, Scenario, Target, WEEK};

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
                let mut end = wanted.min(((runner.day / WEEK).floor() + 1.0) * WEEK);
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
    stride: usize,
    y: Vec<f64>,
    pub(super) day: f64,
}

impl<'a> Runner<'a> {
    pub(super) fn new(scenario: &'a Scenario, tolerance: Tolerance) -> Self {
        let stride = scenario.sites.len().div_ceil(LANES) * LANES;
        let mut y = vec![0.0; LOCAL_STATES * stride + SYSTEMIC_STATES];
        for b in 0..stride {
            for (s, info) in LOCAL.iter().enumerate() {
                y[place(LOCAL_STATES, s, b)] = scenario.local.get(b).map_or(info.at_rest, |local| local[s]);
            }
        }
        y[LOCAL_STATES * stride..].copy_from_slice(&scenario.systemic);
        let mut runner = Runner {
            system: AwakeSystem::new(&scenario.parameters, &scenario.host),
            integrator: DormandPrince::new(),
            scenario,
            tolerance,
            stride,
            y,
            day: 0.0,
        };
        runner.grow();
        runner
    }

    fn grow(&mut self) {
        let sites = 0..self.scenario.sites.len();
        self.system.set_sites(sites.map(|i| self.scenario.site_at(i, self.day)));
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
        if self.scenario.grows && end == (end / WEEK).round() * WEEK {
            self.grow();
        }
        Ok(())
    }

    pub(super) fn apply(&mut self, pulse: &Pulse) {
        match pulse.target {
            Target::Site(site, state) => self.y[position(state, site)] += pulse.amount,
            Target::Blood(state) => self.y[LOCAL_STATES * self.stride + state as usize] += pulse.amount,
        }
    }

    pub(super) fn value(&self, site: usize, state: Local) -> f64 {
        self.y[position(state, site)]
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let local = (0..self.scenario.sites.len())
            .map(|b| std::array::from_fn(|s| self.y[place(LOCAL_STATES, s, b)]))
            .collect();
        let mut systemic = [0.0; SYSTEMIC_STATES];
        systemic.copy_from_slice(&self.y[LOCAL_STATES * self.stride..]);
        Snapshot { day: self.day, local, systemic }
    }
}
