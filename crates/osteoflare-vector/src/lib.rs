//! Eight numbers side by side, in the vector instructions that the machine has.
//!
//! A [`Kernel`] is written once over [`Vector`] and compiled for every instruction set; [`InstructionSet::run`] picks
//! one at run time. No fused multiply-add is formed and sums have a fixed order, so all give the same bits.

mod instruction_set;
mod portable;
mod scalar;
mod vector;

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use instruction_set::{InstructionSet, Kernel};
pub use portable::Portable;
pub use scalar::{Scalar, with_one_division};
pub use vector::{LANES, Part, Vector};
