//! Plain arrays: every machine has them, and the compiler makes what it can of them.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::scalar::with_one_division;
use crate::{LANES, Part, Scalar, Vector};

/// Eight numbers as an array.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Portable(pub [f64; LANES]);

macro_rules! lanewise {
    ($trait:ident, $method:ident, $op:tt) => {
        impl $trait for Portable {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let mut out = self;
                for i in 0..LANES {
                    out.0[i] = self.0[i] $op other.0[i];
                }
                out
            }
        }
    };
}

lanewise!(Add, add, +);
lanewise!(Sub, sub, -);
lanewise!(Mul, mul, *);
lanewise!(Div, div, /);

impl Portable {
    #[inline(always)]
    fn each(mut self, f: impl Fn(f64) -> f64) -> Self {
        for x in &mut self.0 {
            *x = f(*x);
        }
        self
    }
}

impl Neg for Portable {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.each(|x| -x)
    }
}

impl Scalar for Portable {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Portable([value; LANES])
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.each(f64::sqrt)
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> Self {
        self.each(|x| libm::pow(x, exponent))
    }
    #[inline(always)]
    fn quotients<const N: usize>(pairs: [(Self, Self); N]) -> [Self; N] {
        with_one_division(pairs)
    }
}

impl Vector for Portable {
    #[inline(always)]
    fn load(from: &[f64; LANES]) -> Self {
        Portable(*from)
    }
    #[inline(always)]
    fn store(self, to: &mut [f64; LANES]) {
        *to = self.0;
    }
    #[inline(always)]
    fn max(mut self, other: Self) -> Self {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = if *a > b { *a } else { b };
        }
        self
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.each(f64::abs)
    }
    #[inline(never)]
    fn apart<P: Part>(part: P) -> P::Output {
        part.run()
    }
}
