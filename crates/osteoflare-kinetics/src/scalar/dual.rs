//! Forward-mode automatic differentiation.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Scalar;

/// A value and its derivatives in `N` directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<const N: usize> {
    /// Value.
    pub value: f64,
    /// Derivatives.
    pub slope: [f64; N],
}

impl<const N: usize> Dual<N> {
    /// A variable that is direction number `direction`.
    #[inline]
    pub fn variable(value: f64, direction: usize) -> Self {
        Dual { value, slope: from_fn(|i| if i == direction { 1.0 } else { 0.0 }) }
    }

    #[inline(always)]
    fn chain(self, value: f64, derivative: f64) -> Self {
        Dual { value, slope: self.slope.map(|s| s * derivative) }
    }
}

impl<const N: usize> Add for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Dual { value: self.value + o.value, slope: from_fn(|i| self.slope[i] + o.slope[i]) }
    }
}

impl<const N: usize> Sub for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Dual { value: self.value - o.value, slope: from_fn(|i| self.slope[i] - o.slope[i]) }
    }
}

impl<const N: usize> Mul for Dual<N> {
    type Output = Self;
    #[allow(clippy::suspicious_arithmetic_impl, reason = "the product rule is a sum")]
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Dual {
            value: self.value * o.value,
            slope: from_fn(|i| self.slope[i] * o.value + self.value * o.slope[i]),
        }
    }
}

impl<const N: usize> Div for Dual<N> {
    type Output = Self;
    #[allow(clippy::suspicious_arithmetic_impl, reason = "the quotient rule")]
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        let inverse = 1.0 / o.value;
        let value = self.value * inverse;
        Dual { value, slope: from_fn(|i| (self.slope[i] - value * o.slope[i]) * inverse) }
    }
}

impl<const N: usize> Neg for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Dual { value: -self.value, slope: self.slope.map(|s| -s) }
    }
}

impl<const N: usize> Scalar for Dual<N> {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Dual { value, slope: [0.0; N] }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, 0.5 / root)
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> Self {
        self.chain(libm::pow(self.value, exponent), exponent * libm::pow(self.value, exponent - 1.0))
    }
}
