//! Choice of the next step from the local error, shared by the further integrators.

use crate::system::SolverError;

/// Smallest step that is tried, days.
const SMALLEST_STEP_DAYS: f64 = 1e-9;
/// Most steps of one call.
pub(crate) const STEP_LIMIT: u64 = 2_000_000;

/// What an integrator remembers of its steps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepSize {
    step: f64,
    last_error: f64,
    /// Order of the error estimate plus one.
    exponent: f64,
}

impl StepSize {
    /// Starts with a step of 0.05 d.
    pub(crate) fn new(order_of_estimate: u32) -> Self {
        StepSize { step: 0.05, last_error: 1.0, exponent: f64::from(order_of_estimate + 1) }
    }

    /// Next step when `left` days remain: stretched or halved towards the end, so that no crumb is left over.
    pub(crate) fn propose(&self, left: f64) -> f64 {
        if self.step >= left {
            left
        } else if self.step > 0.5 * left {
            0.5 * left
        } else {
            self.step
        }
    }

    /// Learns from an accepted step: proportional-integral control (Hairer & Wanner, Solving Ordinary Differential
    /// Equations II, section IV.2).
    pub(crate) fn accept(&mut self, h: f64, error: f64) {
        let e = error.max(1e-10);
        let factor =
            0.9 * libm::pow(e, -0.7 / self.exponent) * libm::pow(self.last_error, 0.4 / self.exponent);
        self.last_error = e;
        let wanted = h * factor.clamp(0.2, 5.0);
        // A step cut short by the end of the span says nothing against the memory of the controller.
        self.step = if h < self.step { self.step.max(wanted) } else { wanted };
    }

    /// Learns from a rejected step.
    pub(crate) fn reject(&mut self, h: f64, error: f64, day: f64) -> Result<(), SolverError> {
        let factor = if error.is_finite() { 0.9 * libm::pow(error, -1.0 / self.exponent) } else { 0.1 };
        self.step = h * factor.clamp(0.1, 0.9);
        if self.step < SMALLEST_STEP_DAYS {
            return Err(SolverError::StepTooSmall { day, step_days: self.step });
        }
        Ok(())
    }
}
