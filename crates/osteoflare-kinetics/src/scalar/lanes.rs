//! Several sites side by side, laid out so that the compiler emits vector instructions.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Scalar;

/// `N` numbers that go through the same operations.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes<const N: usize>(pub [f64; N]);

impl<const N: usize> Lanes<N> {
    /// Reads `N` consecutive values.
    #[inline(always)]
    pub fn load(source: &[f64]) -> Self {
        Lanes(source[..N].try_into().expect("a slice of N values"))
    }

    /// Writes `N` consecutive values.
    #[inline(always)]
    pub fn store(self, target: &mut [f64]) {
        target[..N].copy_from_slice(&self.0);
    }

    /// Sum of the lanes, from first to last.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        self.0.iter().fold(0.0, |a, b| a + b)
    }
}

macro_rules! lanewise {
    ($trait:ident, $method:ident, $op:tt) => {
        impl<const N: usize> $trait for Lanes<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let mut out = [0.0; N];
                for i in 0..N {
                    out[i] = self.0[i] $op other.0[i];
                }
                Lanes(out)
            }
        }
    };
}

lanewise!(Add, add, +);
lanewise!(Sub, sub, -);
lanewise!(Mul, mul, *);
lanewise!(Div, div, /);

impl<const N: usize> Neg for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Lanes(self.0.map(|x| -x))
    }
}

impl<const N: usize> Scalar for Lanes<N> {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Lanes([value; N])
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let mut out = [0.0; N];
        for (o, x) in out.iter_mut().zip(self.0) {
            *o = x.sqrt();
        }
        Lanes(out)
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> Self {
        Lanes(from_fn(|i| libm::pow(self.0[i], exponent)))
    }
}
