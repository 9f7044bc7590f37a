//! Vector lanes with derivatives: eight sites side by side, differentiated in several directions at once.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Neg, Sub};

use osteoflare_kinetics::scalar::{Lanes, Scalar};
use osteoflare_solver::system::LANES;

type L = Lanes<LANES>;

/// A value and its derivatives in `N` directions, each in lanes.
///
/// Constants are marked, so that their vanishing derivatives are neither read nor multiplied: most operands of the
/// equations are parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tangent<const N: usize> {
    pub(crate) value: L,
    pub(crate) slope: [L; N],
    pub(crate) constant: bool,
}

const ZERO: L = Lanes([0.0; LANES]);

impl<const N: usize> Tangent<N> {
    /// The same constant or different constants in each lane.
    #[inline(always)]
    pub(crate) fn fixed(value: L) -> Self {
        Tangent { value, slope: [ZERO; N], constant: true }
    }

    /// A variable of direction `direction`; without one it counts as a constant.
    #[inline(always)]
    pub(crate) fn variable(value: L, direction: Option<usize>) -> Self {
        let mut out = Tangent::fixed(value);
        if let Some(d) = direction {
            out.slope[d] = L::constant(1.0);
            out.constant = false;
        }
        out
    }

    #[inline(always)]
    fn chain(self, value: L, derivative: L) -> Self {
        if self.constant {
            return Tangent::fixed(value);
        }
        Tangent { value, slope: self.slope.map(|s| s * derivative), constant: false }
    }
}

impl<const N: usize> Add for Tangent<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        let value = self.value + o.value;
        match (self.constant, o.constant) {
            (true, true) => Tangent::fixed(value),
            (true, false) => Tangent { value, ..o },
            (false, true) => Tangent { value, ..self },
            (false, false) => {
                Tangent { value, slope: from_fn(|i| self.slope[i] + o.slope[i]), constant: false }
            }
        }
    }
}

impl<const N: usize> Sub for Tangent<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        let value = self.value - o.value;
        match (self.constant, o.constant) {
            (true, true) => Tangent::fixed(value),
            (true, false) => Tangent { value, slope: o.slope.map(|s| -s), constant: false },
            (false, true) => Tangent { value, ..self },
            (false, false) => {
                Tangent { value, slope: from_fn(|i| self.slope[i] - o.slope[i]), constant: false }
            }
        }
    }
}

impl<const N: usize> Mul for Tangent<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        let value = self.value * o.value;
        match (self.constant, o.constant) {
            (true, true) => Tangent::fixed(value),
            (true, false) => o.chain(value, self.value),
            (false, true) => self.chain(value, o.value),
            (false, false) => Tangent {
                value,
                slope: from_fn(|i| self.slope[i] * o.value + self.value * o.slope[i]),
                constant: false,
            },
        }
    }
}

impl<const N: usize> Div for Tangent<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        let inverse = L::constant(1.0) / o.value;
        let value = self.value / o.value;
        match (self.constant, o.constant) {
            (true, true) => Tangent::fixed(value),
            (true, false) => o.chain(value, -(value * inverse)),
            (false, true) => self.chain(value, inverse),
            (false, false) => Tangent {
                value,
                slope: from_fn(|i| (self.slope[i] - value * o.slope[i]) * inverse),
                constant: false,
            },
        }
    }
}

impl<const N: usize> Neg for Tangent<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        let minus = L::constant(-1.0);
        self.chain(-self.value, minus)
    }
}

impl<const N: usize> Scalar for Tangent<N> {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Tangent::fixed(L::constant(value))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, L::constant(0.5) / root)
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> Self {
        let slope = L::constant(exponent) * self.value.powf(exponent - 1.0);
        self.chain(self.value.powf(exponent), slope)
    }
}

#[cfg(test)]
mod tests {
    use osteoflare_kinetics::scalar::{Dual, positive_part, saturate, smooth_step};

    use super::*;

    /// An expression that uses every operation with every mixture of constants and variables.
    fn everything<S: Scalar>(x: S, y: S, k: S) -> S {
        let a = (x * y + k * x) / (k + y) - k / x + (k - x) * (y - k) + x / k;
        let b = positive_part(a) + saturate(x) * smooth_step(y, 0.3) - -(k * k + k / k) * y;
        b + (x * x + k).powf(1.7) + (k + k - k).sqrt() - (-k)
    }

    #[test]
    fn agrees_with_dual_numbers() {
        let lane = |f: &dyn Fn(usize) -> f64| Lanes(from_fn(f));
        let (x, y) = (lane(&|i| 0.3 + 0.4 * i as f64), lane(&|i| 2.0 - 0.2 * i as f64));
        let out = everything::<Tangent<2>>(
            Tangent::variable(x, Some(0)),
            Tangent::variable(y, Some(1)),
            Tangent::constant(0.7),
        );
        for i in 0..LANES {
            let expected = everything(
                Dual::<2>::variable(x.0[i], 0),
                Dual::variable(y.0[i], 1),
                Dual::constant(0.7),
            );
            assert!((out.value.0[i] - expected.value).abs() < 1e-13 * expected.value.abs());
            for d in 0..2 {
                let (a, b) = (out.slope[d].0[i], expected.slope[d]);
                assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()), "lane {i} direction {d}: {a} and {b}");
            }
        }
    }

    #[test]
    fn constants_stay_constants() {
        let k: Tangent<2> = Tangent::constant(3.0);
        assert!((k * k + k / k - (-k)).constant);
        assert!(!(k * Tangent::variable(L::constant(1.0), Some(0))).constant);
        assert!((k * Tangent::variable(L::constant(1.0), None)).constant);
    }
}
