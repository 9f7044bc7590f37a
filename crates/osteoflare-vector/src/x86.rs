//! Vectors of x86-64.
//!
//! The types are private to the crate: only [`InstructionSet::run`](crate::InstructionSet::run) names them, after it
//! has seen that the machine has the instructions.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::scalar::with_one_division;
use crate::{LANES, Part, Scalar, Vector};

/// `$parts` registers of `$width` numbers.
macro_rules! registers {
    ($name:ident, $features:literal, $register:ty, $parts:literal, $width:literal, $set:ident, $load:ident, $store:ident, $add:ident,
     $sub:ident, $mul:ident, $div:ident, $sqrt:ident, $max:ident, |$x:ident| $abs:expr, |$y:ident| $neg:expr) => {
        #[derive(Clone, Copy, Debug)]
        pub struct $name([$register; $parts]);

        impl $name {
            #[inline(always)]
            fn each(mut self, f: impl Fn($register) -> $register) -> Self {
                for x in &mut self.0 {
                    *x = f(*x);
                }
                self
            }

            #[inline(always)]
            fn pairwise(mut self, other: Self, f: impl Fn($register, $register) -> $register) -> Self {
                for i in 0..$parts {
                    self.0[i] = f(self.0[i], other.0[i]);
                }
                self
            }
        }

        impl Add for $name {
            type Output = Self;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY (all blocks of this file): values of this type exist only where `InstructionSet::run` has
                // seen the instructions.
                self.pairwise(other, |a, b| unsafe { $add(a, b) })
            }
        }

        impl Sub for $name {
            type Output = Self;
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                self.pairwise(other, |a, b| unsafe { $sub(a, b) })
            }
        }

        impl Mul for $name {
            type Output = Self;
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                self.pairwise(other, |a, b| unsafe { $mul(a, b) })
            }
        }

        impl Div for $name {
            type Output = Self;
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                self.pairwise(other, |a, b| unsafe { $div(a, b) })
            }
        }

        impl Neg for $name {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                self.each(|$y| unsafe { $neg })
            }
        }

        impl Scalar for $name {
            #[inline(always)]
            fn constant(value: f64) -> Self {
                $name([unsafe { $set(value) }; $parts])
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.each(|x| unsafe { $sqrt(x) })
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

        impl Vector for $name {
            #[inline(always)]
            fn load(from: &[f64; LANES]) -> Self {
                let mut out = Self::constant(0.0);
                for (i, part) in out.0.iter_mut().enumerate() {
                    // SAFETY: the array holds $parts · $width numbers; the load needs no alignment.
                    *part = unsafe { $load(from.as_ptr().add(i * $width)) };
                }
                out
            }
            #[inline(always)]
            fn store(self, to: &mut [f64; LANES]) {
                for (i, part) in self.0.into_iter().enumerate() {
                    // SAFETY: as in `load`.
                    unsafe { $store(to.as_mut_ptr().add(i * $width), part) };
                }
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                self.pairwise(other, |a, b| unsafe { $max(a, b) })
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.each(|$x| unsafe { $abs })
            }
            #[inline(always)]
            fn apart<P: Part>(part: P) -> P::Output {
                #[target_feature(enable = $features)]
                #[inline(never)]
                fn apart<P: Part>(part: P) -> P::Output {
                    part.run()
                }
                unsafe { apart(part) }
            }
        }
    };
}

registers!(
    Avx2,
    "avx2",
    __m256d,
    2,
    4,
    _mm256_set1_pd,
    _mm256_loadu_pd,
    _mm256_storeu_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_mul_pd,
    _mm256_div_pd,
    _mm256_sqrt_pd,
    _mm256_max_pd,
    |x| _mm256_andnot_pd(_mm256_set1_pd(-0.0), x),
    |x| _mm256_xor_pd(_mm256_set1_pd(-0.0), x)
);

registers!(
    Avx512,
    "avx512f,avx512dq,avx512vl,avx512bw",
    __m512d,
    1,
    8,
    _mm512_set1_pd,
    _mm512_loadu_pd,
    _mm512_storeu_pd,
    _mm512_add_pd,
    _mm512_sub_pd,
    _mm512_mul_pd,
    _mm512_div_pd,
    _mm512_sqrt_pd,
    _mm512_max_pd,
    |x| _mm512_abs_pd(x),
    |x| _mm512_xor_pd(_mm512_set1_pd(-0.0), x)
);
