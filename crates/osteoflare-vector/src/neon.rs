//! Vectors of 64-bit ARM, where NEON is always there.

use std::arch::aarch64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::scalar::with_one_division;
use crate::{LANES, Part, Scalar, Vector};

/// Four registers of two numbers.
#[derive(Clone, Copy, Debug)]
pub struct Neon([float64x2_t; 4]);

impl Neon {
    #[inline(always)]
    fn each(mut self, f: impl Fn(float64x2_t) -> float64x2_t) -> Self {
        for x in &mut self.0 {
            *x = f(*x);
        }
        self
    }

    #[inline(always)]
    fn pairwise(mut self, other: Self, f: impl Fn(float64x2_t, float64x2_t) -> float64x2_t) -> Self {
        for i in 0..4 {
            self.0[i] = f(self.0[i], other.0[i]);
        }
        self
    }
}

macro_rules! lanewise {
    ($trait:ident, $method:ident, $instruction:ident) => {
        impl $trait for Neon {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY (all blocks of this file): NEON is part of every aarch64 target with floating point.
                self.pairwise(other, |a, b| unsafe { $instruction(a, b) })
            }
        }
    };
}

lanewise!(Add, add, vaddq_f64);
lanewise!(Sub, sub, vsubq_f64);
lanewise!(Mul, mul, vmulq_f64);
lanewise!(Div, div, vdivq_f64);

impl Neg for Neon {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.each(|x| unsafe { vnegq_f64(x) })
    }
}

impl Scalar for Neon {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Neon([unsafe { vdupq_n_f64(value) }; 4])
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.each(|x| unsafe { vsqrtq_f64(x) })
    }
    #[inline(always)]
    fn powf(self, exponent: f64) -> Self {
        let mut out = self.to_array();
        for x in &mut out {
            *x = libm::pow(*x, exponent);
        }
        Self::load(&out)
    }
    #[inline(always)]
    fn quotients<const N: usize>(pairs: [(Self, Self); N]) -> [Self; N] {
        with_one_division(pairs)
    }
}

impl Vector for Neon {
    #[inline(always)]
    fn load(from: &[f64; LANES]) -> Self {
        let mut out = Self::constant(0.0);
        for (i, part) in out.0.iter_mut().enumerate() {
            // SAFETY: the array holds four pairs.
            *part = unsafe { vld1q_f64(from.as_ptr().add(2 * i)) };
        }
        out
    }
    #[inline(always)]
    fn store(self, to: &mut [f64; LANES]) {
        for (i, part) in self.0.into_iter().enumerate() {
            // SAFETY: as in `load`.
            unsafe { vst1q_f64(to.as_mut_ptr().add(2 * i), part) };
        }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // Not `vmaxq_f64`: its zeros and its not-a-numbers differ from those of x86-64.
        self.pairwise(other, |a, b| unsafe { vbslq_f64(vcgtq_f64(a, b), a, b) })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.each(|x| unsafe { vabsq_f64(x) })
    }
    #[inline(never)]
    fn apart<P: Part>(part: P) -> P::Output {
        part.run()
    }
}
