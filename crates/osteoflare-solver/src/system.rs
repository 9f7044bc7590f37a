//! The kind of system that the integrators solve.

/// Many small blocks coupled through few shared states.
///
/// The state vector holds the local states first, state by state (structure of arrays): local state `s` of block
/// `b` is `y[s * stride + b]`; the shared states follow at `local_states() * stride()`. `stride()` is a multiple of
/// [`LANES`]; blocks beyond `blocks()` are padding whose derivatives are zero.
pub trait BlockSystem {
    /// Number of states of one block.
    fn local_states(&self) -> usize;
    /// Number of blocks in use.
    fn blocks(&self) -> usize;
    /// Number of blocks including padding.
    fn stride(&self) -> usize;
    /// Number of shared states.
    fn shared_states(&self) -> usize;
    /// Absolute tolerance factor of every state: local states first, then shared.
    fn tolerance_scale(&self) -> &[f64];
    /// Derivative; inputs are constant over one call of an integrator, so there is no time.
    fn derivative(&mut self, y: &[f64], dy: &mut [f64]);
    /// Largest rate of decay of the system near `y`, 1/d: a bound on the spectral radius, used by the stabilised
    /// explicit method.
    fn fastest_rate(&mut self, y: &[f64]) -> f64;

    /// Length of the state vector.
    #[inline(always)]
    fn len(&self) -> usize {
        self.local_states() * self.stride() + self.shared_states()
    }

    /// Whether there is no state at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Number of blocks that go through vector instructions together.
pub const LANES: usize = 8;

/// Local error allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Relative to the state.
    pub relative: f64,
    /// In units of the state (times the state's tolerance scale).
    pub absolute: f64,
}

/// Norm of a local error in units of the tolerance: the largest over blocks (and the shared states) of the root mean
/// square over the states of that block. It does not dilute with the number of blocks.
#[inline(always)]
pub fn error_norm<S: BlockSystem>(
    system: &S,
    tolerance: Tolerance,
    y0: &[f64],
    y1: &[f64],
    error: &[f64],
) -> f64 {
    let (states, stride, shared) = (system.local_states(), system.stride(), system.shared_states());
    let scale = system.tolerance_scale();
    let mut worst = 0.0_f64;
    let mut chunk = 0;
    while chunk < stride {
        let mut sum = [0.0; LANES];
        for s in 0..states {
            let absolute = tolerance.absolute * scale[s];
            let at = s * stride + chunk;
            for lane in 0..LANES {
                let size = y0[at + lane].abs().max(y1[at + lane].abs());
                let e = error[at + lane] / (absolute + tolerance.relative * size);
                sum[lane] += e * e;
            }
        }
        for s in sum {
            worst = worst.max(s);
        }
        chunk += LANES;
    }
    worst /= states as f64;
    let at = states * stride;
    let mut sum = 0.0;
    for s in 0..shared {
        let size = y0[at + s].abs().max(y1[at + s].abs());
        let e = error[at + s] / (tolerance.absolute * scale[states + s] + tolerance.relative * size);
        sum += e * e;
    }
    if shared > 0 {
        worst = worst.max(sum / shared as f64);
    }
    // A non-finite error must reject the step; `max` would have swallowed it.
    if sum.is_finite() && error.iter().all(|e| e.is_finite()) { worst.sqrt() } else { f64::INFINITY }
}

/// Work done by an integrator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Accepted steps.
    pub steps: u64,
    /// Rejected steps.
    pub rejected: u64,
    /// Evaluations of the derivative.
    pub derivatives: u64,
    /// Evaluations of the derivative times the number of blocks in use.
    pub block_derivatives: u64,
    /// Jacobian evaluations and factorisations.
    pub jacobians: u64,
}

/// Why an integration failed.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SolverError {
    /// The step became too small.
    #[error("step size fell to {step_days:e} d at day {day} without meeting the tolerance")]
    StepTooSmall {
        /// Time reached, days.
        day: f64,
        /// Step tried, days.
        step_days: f64,
    },
    /// Too many steps in one call.
    #[error("more than {limit} steps were needed between two events at day {day}")]
    TooManySteps {
        /// Time reached, days.
        day: f64,
        /// Limit.
        limit: u64,
    },
}
