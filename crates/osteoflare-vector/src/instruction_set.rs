//! Which vector instructions the machine has, and code compiled for them.

use crate::{Portable, Vector};

/// A computation that is compiled for every instruction set.
pub trait Kernel {
    /// What it gives.
    type Output;

    /// The computation; write it `#[inline(always)]`, and what it calls too, or it falls out of vector code.
    fn run<V: Vector>(self) -> Self::Output;
}

/// Instruction set that a [`Kernel`] is compiled for. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    /// What every machine of the target has.
    Portable,
    /// 128-bit vectors of 64-bit ARM.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// 256-bit vectors of x86-64.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 512-bit vectors of x86-64.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl InstructionSet {
    /// All of this target, widest last.
    const ALL: &[InstructionSet] = &[
        InstructionSet::Portable,
        #[cfg(target_arch = "aarch64")]
        InstructionSet::Neon,
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2,
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512,
    ];

    /// Whether this machine has it.
    #[inline]
    pub fn is_available(self) -> bool {
        match self {
            InstructionSet::Portable => true,
            #[cfg(target_arch = "aarch64")]
            InstructionSet::Neon => true,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => std::is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => {
                std::is_x86_feature_detected!("avx512f")
                    && std::is_x86_feature_detected!("avx512dq")
                    && std::is_x86_feature_detected!("avx512vl")
                    && std::is_x86_feature_detected!("avx512bw")
            }
        }
    }

    /// Those of this machine, widest last.
    pub fn available() -> Vec<InstructionSet> {
        Self::ALL.iter().copied().filter(|set| set.is_available()).collect()
    }

    /// The widest of this machine.
    pub fn best() -> InstructionSet {
        Self::ALL.iter().rev().copied().find(|set| set.is_available()).unwrap_or(InstructionSet::Portable)
    }

    /// Runs the code compiled for this instruction set.
    ///
    /// # Panics
    /// If this machine does not have it ([`InstructionSet::is_available`]).
    #[inline]
    pub fn run<K: Kernel>(self, kernel: K) -> K::Output {
        assert!(self.is_available(), "{self:?} instructions are not available on this machine");
        match self {
            InstructionSet::Portable => kernel.run::<Portable>(),
            #[cfg(target_arch = "aarch64")]
            InstructionSet::Neon => kernel.run::<crate::neon::Neon>(),
            // SAFETY (both): the machine has the instructions, as was asserted above.
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => unsafe { avx2(kernel) },
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => unsafe { avx512(kernel) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<crate::x86::Avx2>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<crate::x86::Avx512>()
}
