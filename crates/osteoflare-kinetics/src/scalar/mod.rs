//! The number type the equations are written over.
//!
//! The same source text of the kinetics runs as `f64`, as SIMD-friendly [`Lanes`], as [`Dual`] numbers (exact
//! derivatives) and as [`Symbol`]s (the expression itself, for documentation, export and structure).

use std::ops::{Add, Div, Mul, Neg, Sub};

mod dual;
mod lanes;
mod symbol;

pub use dual::Dual;
pub use lanes::Lanes;
pub use symbol::{Expression, Node, Symbol, record};

/// Arithmetic needed by the equations. No fused multiply-add is ever formed, so that results are the same bits on
/// every machine that follows IEEE 754.
pub trait Scalar:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// The constant `value`.
    fn constant(value: f64) -> Self;
    /// Square root; the argument is never negative in the equations.
    fn sqrt(self) -> Self;
    /// `self` to a constant real power; the argument is never negative in the equations.
    fn powf(self, exponent: f64) -> Self;
    /// The same value. Recorded expressions remember `name` for it, so that exported equations speak of the
    /// intermediate quantities of this text.
    #[inline(always)]
    fn called(self, _name: &'static str) -> Self {
        self
    }
}

impl Scalar for f64 {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> Self {
        // libm, not the platform's pow: same bits everywhere.
        libm::pow(self, exponent)
    }
}

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

/// Saturating response `2x/(1+x)`, equal to 1 at 1.
#[inline(always)]
pub fn saturate<S: Scalar>(x: S) -> S {
    (x + x) / (S::constant(1.0) + x)
}
