//! The loop that all integrators share: choice of the next step from the local error.

use crate::system::{SolverError, Statistics};

/// Smallest step that is tried, days.
const SMALLEST_STEP_DAYS: f64 = 1e-9;
/// Most steps of one call.
const STEP_LIMIT: u64 = 2_000_000;
/// First step of a fresh integrator, days.
const FIRST_STEP_DAYS: f64 = 0.05;

/// What an integrator remembers of its steps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepSize {
    step: f64,
    last_error: f64,
    /// Order of the error estimate plus one.
    exponent: f64,
}

/// One method of integration, as the loop sees it.
pub(crate) trait Stepper {
    /// The system.
    type System;

    /// Tries a step of at most `h` days from `y`; returns the step tried and its error in units of the tolerance.
    fn attempt(&mut self, system: &mut Self::System, y: &[f64], h: f64, work: &mut Statistics) -> (f64, f64);

    /// Makes the result of the last attempt the state.
    fn accept(&mut self, system: &mut Self::System, y: &mut Vec<f64>, work: &mut Statistics);
}

impl StepSize {
    /// For an error estimate of that order.
    pub(crate) fn new(order_of_estimate: u32) -> Self {
        StepSize { step: FIRST_STEP_DAYS, last_error: 1.0, exponent: f64::from(order_of_estimate + 1) }
    }

    /// Takes steps of `stepper` until `span` days have passed. `day` is the start, for messages only.
    #[inline(always)]
    pub(crate) fn integrate<T: Stepper>(
        &mut self,
        stepper: &mut T,
        system: &mut T::System,
        y: &mut Vec<f64>,
        day: f64,
        span: f64,
        work: &mut Statistics,
    ) -> Result<(), SolverError> {
        let mut done = 0.0;
        let mut steps = 0;
        while done < span {
            let left = span - done;
            let (h, error) = stepper.attempt(system, y, self.propose(left), work);
            if error <= 1.0 {
                work.steps += 1;
                steps += 1;
                done = if h == left { span } else { done + h };
                stepper.accept(system, y, work);
                self.learn(h, error);
                if steps > STEP_LIMIT {
                    return Err(SolverError::TooManySteps { day: day + done, limit: STEP_LIMIT });
                }
            } else {
                work.rejected += 1;
                self.shrink(h, error);
                if self.step < SMALLEST_STEP_DAYS {
                    return Err(SolverError::StepTooSmall { day: day + done, step_days: self.step });
                }
            }
        }
        Ok(())
    }

    /// Next step when `left` days remain: stretched or halved towards the end, so that no crumb is left over.
    fn propose(&self, left: f64) -> f64 {
        if self.step >= left {
            left
        } else if self.step > 0.5 * left {
            0.5 * left
        } else {
            self.step
        }
    }

    /// Learns from an accepted step: proportional-integral control (Hairer & Wanner, Solving Ordinary Differential
    /// Equations II, section IV.2), smooth where stability limits the step.
    fn learn(&mut self, h: f64, error: f64) {
        let e = error.max(1e-10);
        let factor =
            0.9 * libm::pow(e, -0.7 / self.exponent) * libm::pow(self.last_error, 0.4 / self.exponent);
        self.last_error = e;
        let wanted = h * factor.clamp(0.2, 5.0);
        // A step cut short by the end of the span says nothing against the memory of the controller.
        self.step = if h < self.step { self.step.max(wanted) } else { wanted };
    }

    /// Learns from a rejected step.
    fn shrink(&mut self, h: f64, error: f64) {
        let factor = if error.is_finite() { 0.9 * libm::pow(error, -1.0 / self.exponent) } else { 0.1 };
        self.step = h * factor.clamp(0.1, 0.9);
    }
}
