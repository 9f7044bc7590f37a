//! The number type the equations are written over.
//!
//! The same source text of the kinetics runs as `f64`, as [vectors](osteoflare_vector::Vector), as [`Dual`] numbers
//! (exact derivatives) and as [`Symbol`]s (the expression itself, for documentation, export and structure).

mod dual;
mod symbol;

pub use dual::Dual;
pub use osteoflare_vector::Scalar;
pub use symbol::{Expression, Node, Symbol, record};

/// Width of the smoothing of the positive part, in the units of its argument.
pub const POSITIVE_PART_WIDTH: f64 = 1e-3;

/// Smooth positive part `½(x + √(x² + ε²)) `, ε = [`POSITIVE_PART_WIDTH`].
///
/// Always positive; ½ε at zero, a rate without effect wherever it is used.
#[inline(always)]
pub fn positive_part<S: Scalar>(x: S) -> S {
    let eps = S::constant(POSITIVE_PART_WIDTH);
    S::constant(0.5) * (x + (x * x + eps * eps).sqrt())
}

/// Smooth step from 0 (x ≪ 0) to 1 (x ≫ 0) with half-width `width`.
#[inline(always)]
pub fn smooth_step<S: Scalar>(x: S, width: f64) -> S {
    let u = x * S::constant(1.0 / width);
    S::constant(0.5) + S::constant(0.5) * u / (S::constant(1.0) + u * u).sqrt()
}
