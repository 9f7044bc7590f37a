//! The kind of system that the integrators solve.

use osteoflare_vector::{Scalar, Vector};

pub use osteoflare_vector::LANES;

/// Many small blocks coupled through few shared states.
///
/// Blocks are grouped in chunks of [`LANES`] that go through vector instructions together. The state vector holds
/// chunk after chunk, and within a chunk state after state, so that a chunk lies together in memory: local state `s`
/// of block `b` is at [`place`]. The shared states follow the last chunk. Blocks beyond `blocks()` are padding whose
/// derivatives are zero.
pub trait BlockSystem {
    /// Vectors that the integrator computes with.
    type Lanes: Vector;
    /// Number of states of one block.
    fn local_states(&self) -> usize;
    /// Number of blocks in use.
    fn blocks(&self) -> usize;
    /// Number of shared states.
    fn shared_states(&self) -> usize;
    /// Absolute tolerance factor of every state: local states first, then shared.
    fn tolerance_scale(&self) -> &[f64];
    /// Derivative; inputs are constant over one call of an integrator, so there is no time.
    fn derivative(&mut self, y: &[f64], dy: &mut [f64]);
    /// Largest rate of decay of the system near `y`, 1/d: a bound on the spectral radius, used by the stabilised
    /// explicit method.
    fn fastest_rate(&mut self, y: &[f64]) -> f64;

    /// Number of blocks including padding.
    #[inline(always)]
    fn stride(&self) -> usize {
        self.blocks().div_ceil(LANES) * LANES
    }

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

/// Where state `state` of block `block` lies in a state vector with `states` states a block.
#[inline(always)]
pub fn place(states: usize, state: usize, block: usize) -> usize {
    (block / LANES * states + state) * LANES + block % LANES
}

/// Splits a state vector, or a part of it, into vectors and the rest that does not fill one.
#[inline(always)]
pub fn vectors(of: &[f64]) -> (&[[f64; LANES]], &[f64]) {
    of.as_chunks()
}

/// `out = y + Σ factor·slope`; all slices have the same length.
#[inline(always)]
pub fn move_along<V: Vector, const N: usize>(y: &[f64], terms: [(f64, &[f64]); N], out: &mut [f64]) {
    let n = out.len();
    let y = &y[..n];
    let terms = terms.map(|(factor, slope)| (factor, &slope[..n]));
    let whole = n / LANES * LANES;
    for (at, out) in out[..whole].as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        point_at::<V, N>(y, &terms, at).store(out);
    }
    for i in whole..n {
        out[i] = number_at(y, &terms, i);
    }
}

/// Vector number `at` of `y + Σ factor·slope`.
#[inline(always)]
pub fn point_at<V: Vector, const N: usize>(y: &[f64], terms: &[(f64, &[f64]); N], at: usize) -> V {
    let y = V::load(&vectors(y).0[at]);
    if N == 0 { y } else { y + sum_at::<V, N>(terms, at) }
}

/// Vector number `at` of `Σ factor·slope`.
#[inline(always)]
fn sum_at<V: Vector, const N: usize>(terms: &[(f64, &[f64]); N], at: usize) -> V {
    let mut sum = V::constant(0.0);
    for (i, (factor, k)) in terms.iter().enumerate() {
        let term = V::constant(*factor) * V::load(&vectors(k).0[at]);
        sum = if i == 0 { term } else { sum + term };
    }
    sum
}

/// Number `i` of `y + Σ factor·slope`, in the order of [`point_at`].
#[inline(always)]
pub fn number_at<const N: usize>(y: &[f64], terms: &[(f64, &[f64]); N], i: usize) -> f64 {
    let mut sum = 0.0;
    for (t, (factor, k)) in terms.iter().enumerate() {
        sum = if t == 0 { factor * k[i] } else { sum + factor * k[i] };
    }
    if N == 0 { y[i] } else { y[i] + sum }
}

/// Local error allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Relative to the state.
    pub relative: f64,
    /// In units of the state (times the state's tolerance scale).
    pub absolute: f64,
}

/// How many absolute tolerances below zero a state may come out of a step; it is then set to zero.
const NEGATIVE_TOLERANCES: f64 = 10.0;

/// Judges a step from `y0` to `y1` whose local error is `Σ factor·slope`: its norm in units of the tolerance.
///
/// The norm is the largest over blocks (and the shared states) of the root mean square over the states of that
/// block; it does not dilute with the number of blocks. It is infinite where something is not finite, and at least 2
/// where a state is negative beyond the tolerance. Negative states within it are set to zero, `y1` is otherwise left
/// alone.
#[inline(always)]
pub fn judge<S: BlockSystem, const N: usize>(
    system: &S,
    tolerance: Tolerance,
    y0: &[f64],
    y1: &mut [f64],
    error: [(f64, &[f64]); N],
) -> f64 {
    let n = system.len();
    let (states, shared) = (system.local_states(), system.shared_states());
    let scale = &system.tolerance_scale()[..states + shared];
    let (y0, y1) = (&y0[..n], &mut y1[..n]);
    let error = error.map(|(factor, slope)| (factor, &slope[..n]));
    let zero = S::Lanes::constant(0.0);
    let relative = S::Lanes::constant(tolerance.relative);
    let mut worst = zero;
    // Anything that is not finite ends up here; `max` would have swallowed it.
    let mut total = zero;
    let mut depth = zero;
    for chunk in 0..system.stride() / LANES {
        let mut sum = zero;
        let mut s = 0;
        // Four states share one division.
        while s < states {
            let together = (states - s).min(4);
            let mut pairs = [(zero, S::Lanes::constant(1.0)); 4];
            for i in 0..together {
                let at = chunk * states + s + i;
                let absolute = S::Lanes::constant(tolerance.absolute * scale[s + i]);
                let lanes = &mut y1[at * LANES..(at + 1) * LANES];
                let new = S::Lanes::load((&*lanes).try_into().expect("a chunk"));
                depth = depth.max(-new - S::Lanes::constant(NEGATIVE_TOLERANCES) * absolute);
                new.max(zero).store(lanes.try_into().expect("a chunk"));
                let size = S::Lanes::load(&vectors(y0).0[at]).abs().max(new.abs());
                pairs[i] = (sum_at::<S::Lanes, N>(&error, at), absolute + relative * size);
            }
            for e in S::Lanes::quotients(pairs) {
                sum = sum + e * e;
            }
            s += together;
        }
        worst = worst.max(sum);
        total = total + sum;
    }
    let mut worst = worst.to_array().into_iter().fold(0.0_f64, f64::max) / states.max(1) as f64;
    let mut below = depth.to_array().into_iter().any(|d| d > 0.0);
    let mut sum = 0.0;
    for s in 0..shared {
        let i = states * system.stride() + s;
        let absolute = tolerance.absolute * scale[states + s];
        below |= -y1[i] - NEGATIVE_TOLERANCES * absolute > 0.0;
        let e = (0..N).map(|t| error[t].0 * error[t].1[i]).sum::<f64>()
            / (absolute + tolerance.relative * y0[i].abs().max(y1[i].abs()));
        sum += e * e;
        y1[i] = if y1[i] > 0.0 { y1[i] } else { 0.0 };
    }
    if shared > 0 {
        worst = worst.max(sum / shared as f64);
    }
    if !(sum + total.sum()).is_finite() {
        f64::INFINITY
    } else if below {
        worst.sqrt().max(2.0)
    } else {
        worst.sqrt()
    }
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

impl Statistics {
    /// Counts evaluations of the derivative of a system of `blocks` blocks.
    #[inline(always)]
    pub(crate) fn count_derivatives(&mut self, number: u64, blocks: usize) {
        self.derivatives += number;
        self.block_derivatives += number * blocks as u64;
    }
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
