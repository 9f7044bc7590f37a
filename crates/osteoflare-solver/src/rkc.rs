//! Runge–Kutta–Chebyshev of second order: explicit, with as many stages as stability asks for.
//!
//! Sommeijer, Shampine & Verwer, RKC: an explicit solver for parabolic PDEs, J Comput Appl Math 88 (1998) 315–326
//! (CWI report MAS-R9715, 1997). With `s` stages the method is stable for `h·ρ ≤ ⅔(s² − 1)(1 − 2ε/15)` on the
//! negative real axis, so that a decaying fast state costs the square root of its rate.

use std::marker::PhantomData;

use crate::step_size::{StepSize, Stepper};
use crate::system::{BlockSystem, SolverError, Statistics, Tolerance, judge};

/// Damping.
const EPSILON: f64 = 2.0 / 13.0;
/// Most stages of one step; a longer step is cut.
const MOST_STAGES: usize = 250;

/// Work space and step-size memory.
#[derive(Clone, Debug)]
pub struct Chebyshev {
    size: StepSize,
    /// Derivative at the start of the step.
    first: Vec<f64>,
    /// Derivative at the present stage.
    slope: Vec<f64>,
    older: Vec<f64>,
    old: Vec<f64>,
    next: Vec<f64>,
    error: Vec<f64>,
}

impl Default for Chebyshev {
    fn default() -> Self {
        Chebyshev::new()
    }
}

/// Stages that keep a step of `h` days stable at rate `rate` (1/d).
fn stages_for(h: f64, rate: f64) -> usize {
    1 + (1.0 + 1.54 * h * rate).sqrt().floor().max(1.0) as usize
}

/// Longest stable step with the largest number of stages.
fn longest_step(rate: f64) -> f64 {
    let s = MOST_STAGES as f64;
    (s * s - 2.0 * s) / (1.54 * rate)
}

impl Chebyshev {
    /// A fresh integrator.
    pub fn new() -> Self {
        Chebyshev {
            size: StepSize::new(2),
            first: Vec::new(),
            slope: Vec::new(),
            older: Vec::new(),
            old: Vec::new(),
            next: Vec::new(),
            error: Vec::new(),
        }
    }

    /// Integrates `y` over `span` days with constant inputs. `day` is the start, for messages only.
    ///
    /// `settle` is called after every accepted step and may project the state; it returns whether it changed
    /// anything. [`BlockSystem::fastest_rate`] must bound the spectral radius of the Jacobian.
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    #[inline(always)]
    pub fn advance<S: BlockSystem>(
        &mut self,
        system: &mut S,
        y: &mut Vec<f64>,
        day: f64,
        span: f64,
        tolerance: Tolerance,
        statistics: &mut Statistics,
        settle: impl FnMut(&S, &mut [f64]) -> bool,
    ) -> Result<(), SolverError> {
        let n = system.len();
        for v in [
            &mut self.first,
            &mut self.slope,
            &mut self.older,
            &mut self.old,
            &mut self.next,
            &mut self.error,
        ] {
            v.resize(n, 0.0);
        }
        system.derivative(y, &mut self.first);
        statistics.count_derivatives(1, system.blocks());
        let mut size = self.size;
        let mut stepper = Step { method: self, tolerance, settle, system: PhantomData };
        let outcome = size.integrate(&mut stepper, system, y, day, span, statistics);
        self.size = size;
        outcome
    }

    /// The recursion over stages; the result in `next`. Evaluates the derivative `stages − 1` times.
    #[inline(always)]
    fn stages<S: BlockSystem>(&mut self, system: &mut S, y: &[f64], h: f64, stages: usize, n: usize) {
        let s = stages as f64;
        let w0 = 1.0 + EPSILON / (s * s);
        // T'_s(w0)/T''_s(w0) through the closed forms with cosh and sinh.
        let angle = s * libm::log(w0 + (w0 * w0 - 1.0).sqrt());
        let root = w0 * w0 - 1.0;
        let (sinh, cosh) = (libm::sinh(angle), libm::cosh(angle));
        let w1 = sinh * root / (cosh * s * root.sqrt() - w0 * sinh);

        let y = &y[..n];
        let first = &self.first[..n];
        let (mut b_older, mut b_old) = (1.0 / (4.0 * w0 * w0), 1.0 / (4.0 * w0 * w0));
        let start = b_old * w1;
        for i in 0..n {
            self.older[i] = y[i];
            self.old[i] = y[i] + start * h * first[i];
        }
        // Chebyshev polynomials and their derivatives at w0: older (j − 2) and old (j − 1).
        let (mut t_older, mut t_old) = (1.0, w0);
        let (mut d_older, mut d_old) = (0.0, 1.0);
        let (mut dd_older, mut dd_old) = (0.0, 0.0);
        for _ in 2..=stages {
            let t = 2.0 * w0 * t_old - t_older;
            let d = 2.0 * w0 * d_old - d_older + 2.0 * t_old;
            let dd = 2.0 * w0 * dd_old - dd_older + 4.0 * d_old;
            let b = dd / (d * d);
            let a_old = 1.0 - t_old * b_old;
            let mu = 2.0 * w0 * b / b_old;
            let nu = -b / b_older;
            let mu_slope = 2.0 * w1 * b / b_old;
            let first_slope = -mu_slope * a_old;
            system.derivative(&self.old, &mut self.slope);
            let (slope, old, older) = (&self.slope[..n], &self.old[..n], &self.older[..n]);
            let next = &mut self.next[..n];
            for i in 0..n {
                next[i] = (1.0 - mu - nu) * y[i]
                    + mu * old[i]
                    + nu * older[i]
                    + h * (mu_slope * slope[i] + first_slope * first[i]);
            }
            std::mem::swap(&mut self.older, &mut self.old);
            std::mem::swap(&mut self.old, &mut self.next);
            (t_older, t_old, d_older, d_old, dd_older, dd_old) = (t_old, t, d_old, d, dd_old, dd);
            (b_older, b_old) = (b_old, b);
        }
        std::mem::swap(&mut self.old, &mut self.next);
    }
}

/// The steps of one call. `method.first` is the derivative at the state.
struct Step<'a, S, F> {
    method: &'a mut Chebyshev,
    tolerance: Tolerance,
    settle: F,
    system: PhantomData<S>,
}

impl<S: BlockSystem, F: FnMut(&S, &mut [f64]) -> bool> Stepper for Step<'_, S, F> {
    type System = S;

    #[inline(always)]
    fn attempt(&mut self, system: &mut S, y: &[f64], h: f64, work: &mut Statistics) -> (f64, f64) {
        let rate = system.fastest_rate(y).max(f64::MIN_POSITIVE);
        let h = h.min(longest_step(rate));
        let stages = stages_for(h, rate);
        let m = &mut *self.method;
        m.stages(system, y, h, stages, system.len());
        system.derivative(&m.next, &mut m.slope);
        work.count_derivatives(stages as u64, system.blocks());
        for i in 0..m.error.len() {
            m.error[i] = 0.8 * (y[i] - m.next[i]) + 0.4 * h * (m.first[i] + m.slope[i]);
        }
        (h, judge(system, self.tolerance, y, &mut m.next, [(1.0, &m.error)]))
    }

    #[inline(always)]
    fn accept(&mut self, system: &mut S, y: &mut Vec<f64>, work: &mut Statistics) {
        let m = &mut *self.method;
        std::mem::swap(y, &mut m.next);
        if (self.settle)(system, y) {
            system.derivative(y, &mut m.first);
            work.count_derivatives(1, system.blocks());
        } else {
            std::mem::swap(&mut m.first, &mut m.slope);
        }
    }
}
