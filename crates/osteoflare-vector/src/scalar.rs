//! The number type that equations are written over.

use std::ops::{Add, Div, Mul, Neg, Sub};

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

    /// Quotients `numerator / denominator` of several pairs; no denominator is zero, and the product of all is within
    /// the range of numbers.
    ///
    /// Vectors divide once for all of them; the last bits then differ from those of divisions one by one.
    #[inline(always)]
    fn quotients<const N: usize>(pairs: [(Self, Self); N]) -> [Self; N] {
        let mut out = [Self::constant(0.0); N];
        for i in 0..N {
            out[i] = pairs[i].0 / pairs[i].1;
        }
        out
    }

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

/// Quotients `numerator / denominator` with one division: prefix products of the denominators, their reciprocal, and
/// back. How vectors form [`Scalar::quotients`].
///
/// Each result carries a few rounding errors more than a division.
#[inline(always)]
pub fn with_one_division<S: Scalar, const N: usize>(pairs: [(S, S); N]) -> [S; N] {
    let one = S::constant(1.0);
    let mut before = [one; N];
    let mut product = one;
    for i in 0..N {
        before[i] = product;
        product = if i == 0 { pairs[0].1 } else { product * pairs[i].1 };
    }
    let mut rest = one / product;
    let mut out = [one; N];
    for i in (0..N).rev() {
        out[i] = pairs[i].0 * if i == 0 { rest } else { rest * before[i] };
        rest = rest * pairs[i].1;
    }
    out
}
