//! Vectors with a derivative: eight sites side by side, differentiated in one direction.

use std::ops::{Add, Div, Mul, Neg, Sub};

use osteoflare_kinetics::scalar::Scalar;
use osteoflare_vector::Vector;

/// A value and its derivative in one direction, in lanes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tangent<V> {
    pub(crate) value: V,
    pub(crate) slope: V,
}

impl<V: Vector> Tangent<V> {
    /// Constants of each lane.
    #[inline(always)]
    pub(crate) fn fixed(value: V) -> Self {
        Tangent { value, slope: V::constant(0.0) }
    }

    /// Variables of each lane; `moving` if the direction moves them.
    #[inline(always)]
    pub(crate) fn variable(value: V, moving: bool) -> Self {
        Tangent { value, slope: V::constant(if moving { 1.0 } else { 0.0 }) }
    }
}

impl<V: Vector> Add for Tangent<V> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Tangent { value: self.value + o.value, slope: self.slope + o.slope }
    }
}

impl<V: Vector> Sub for Tangent<V> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Tangent { value: self.value - o.value, slope: self.slope - o.slope }
    }
}

impl<V: Vector> Mul for Tangent<V> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Tangent { value: self.value * o.value, slope: self.slope * o.value + self.value * o.slope }
    }
}

impl<V: Vector> Div for Tangent<V> {
    type Output = Self;
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        let value = self.value / o.value;
        Tangent { value, slope: (self.slope - value * o.slope) / o.value }
    }
}

impl<V: Vector> Neg for Tangent<V> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Tangent { value: -self.value, slope: -self.slope }
    }
}

impl<V: Vector> Scalar for Tangent<V> {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Tangent::fixed(V::constant(value))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        Tangent { value: root, slope: V::constant(0.5) * self.slope / root }
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> Self {
        let slope = V::constant(exponent) * self.value.powf(exponent - 1.0);
        Tangent { value: self.value.powf(exponent), slope: slope * self.slope }
    }
}

#[cfg(test)]
mod tests {
    use std::array::from_fn;

    use osteoflare_kinetics::scalar::{Dual, positive_part, smooth_step};
    use osteoflare_vector::{LANES, Portable};

    use super::*;

    /// An expression that uses every operation.
    #[allow(clippy::eq_op, reason = "constant over constant is an operation too")]
    fn everything<S: Scalar>(x: S, y: S, k: S) -> S {
        let a = (x * y + k * x) / (k + y) - k / x + (k - x) * (y - k) + x / k;
        let b = positive_part(a) + (x + x) / (k + x) * smooth_step(y, 0.3) - -(k * k + k / k) * y;
        b + (x * x + k).powf(1.7) + (k + k - k).sqrt() - (-k)
    }

    #[test]
    fn agrees_with_dual_numbers() {
        let x = Portable(from_fn(|i| 0.3 + 0.4 * i as f64));
        let y = Portable(from_fn(|i| 2.0 - 0.2 * i as f64));
        for direction in 0..2 {
            let out = everything(
                Tangent::variable(x, direction == 0),
                Tangent::variable(y, direction == 1),
                Tangent::constant(0.7),
            );
            for i in 0..LANES {
                let expected = everything(
                    Dual::<2>::variable(x.0[i], 0),
                    Dual::variable(y.0[i], 1),
                    Dual::constant(0.7),
                );
                assert!((out.value.0[i] - expected.value).abs() < 1e-13 * expected.value.abs());
                let (a, b) = (out.slope.0[i], expected.slope[direction]);
                assert!(
                    (a - b).abs() < 1e-12 * (1.0 + b.abs()),
                    "lane {i} direction {direction}: {a} and {b}"
                );
            }
        }
    }
}
