//! Eight numbers that go through the same operations.

use crate::Scalar;

/// Numbers in one vector, whatever the width of the machine's registers.
pub const LANES: usize = 8;

/// Eight numbers that go through the same operations.
///
/// [`Scalar::quotients`] of vectors divide once.
pub trait Vector: Scalar + std::fmt::Debug {
    /// Reads eight numbers.
    fn load(from: &[f64; LANES]) -> Self;
    /// Writes eight numbers.
    fn store(self, to: &mut [f64; LANES]);
    /// Where `self > other` the first, else the second, lane by lane; the second where one is not a number.
    fn max(self, other: Self) -> Self;
    /// Without its sign, lane by lane.
    fn abs(self) -> Self;

    /// Runs a part as a function of its own, compiled for these vectors and called from wherever it is used.
    fn apart<P: Part>(part: P) -> P::Output;

    /// The eight numbers.
    #[inline(always)]
    fn to_array(self) -> [f64; LANES] {
        let mut out = [0.0; LANES];
        self.store(&mut out);
        out
    }

    /// Sum of the lanes, from first to last.
    #[inline(always)]
    fn sum(self) -> f64 {
        let mut sum = 0.0;
        for x in self.to_array() {
            sum += x;
        }
        sum
    }
}

/// A part of a kernel that is compiled once, however often the kernel uses it.
pub trait Part {
    /// What it gives.
    type Output;

    /// The computation; write it `#[inline(always)]`.
    fn run(self) -> Self::Output;
}
