//! The awake sites under any of the integrators, for comparison.
//!
//! Patients run with Dormand–Prince ([`AwakeSystem::integrate`]); this is the bench on which that choice was made.

use osteoflare_solver::bordered::BorderedJacobian;
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::rkc::Chebyshev;
use osteoflare_solver::rosenbrock::{Differentiable, RODAS3, RODAS4, Rosenbrock};
use osteoflare_solver::system::{BlockSystem, SolverError, Statistics, Tolerance};

use crate::awake::{AwakeSystem, InstructionSet, let_last_organism_die};

/// An integrator with its work space and step memory.
#[derive(Clone, Debug)]
pub enum Method {
    /// Explicit, order 5(4).
    DormandPrince(DormandPrince),
    /// Stabilised explicit, order 2.
    Chebyshev(Chebyshev),
    /// Linearly implicit, order 3 or 4.
    Rosenbrock(Rosenbrock),
}

impl Method {
    /// Fresh integrators with their names.
    pub fn all() -> [(&'static str, Method); 4] {
        [
            ("Dormand–Prince 5(4)", Method::DormandPrince(DormandPrince::new())),
            ("RKC 2", Method::Chebyshev(Chebyshev::new())),
            ("RODAS 3(2)", Method::Rosenbrock(Rosenbrock::new(&RODAS3))),
            ("RODAS 4(3)", Method::Rosenbrock(Rosenbrock::new(&RODAS4))),
        ]
    }
}

/// One window for any method.
#[derive(Debug)]
pub struct Window<'a> {
    /// State vector.
    pub y: &'a mut Vec<f64>,
    /// Start, days, for messages.
    pub day: f64,
    /// Length, days.
    pub span: f64,
    /// Tolerance.
    pub tolerance: Tolerance,
    /// Work counter.
    pub statistics: &'a mut Statistics,
}

impl AwakeSystem {
    /// Integrates one window with `method`, with the same extinction of bacteria as [`AwakeSystem::integrate`].
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    pub fn integrate_with(&mut self, method: &mut Method, window: Window) -> Result<(), SolverError> {
        match self.instruction_set() {
            // SAFETY (both): a system only uses an instruction set that was detected.
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => unsafe { avx512::integrate(self, method, window) },
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => unsafe { avx2::integrate(self, method, window) },
            _ => portable::integrate(self, method, window),
        }
    }

    /// The Jacobian at `y`, 1/d.
    pub fn jacobian_at(&mut self, y: &[f64]) -> BorderedJacobian {
        let mut out = BorderedJacobian::default();
        out.reset(self.local_states(), self.stride(), self.shared_states(), self.auxiliaries());
        match self.instruction_set() {
            // SAFETY (both): a system only uses an instruction set that was detected.
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => unsafe { avx512::jacobian(self, y, &mut out) },
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => unsafe { avx2::jacobian(self, y, &mut out) },
            _ => portable::jacobian(self, y, &mut out),
        }
        out
    }

    #[inline(always)]
    fn integrate_with_body(&mut self, method: &mut Method, w: Window) -> Result<(), SolverError> {
        let germs = 2 * self.stride();
        let present = w.y[..germs].iter().any(|b| *b > 0.0);
        let settle = move |_: &AwakeSystem, y: &mut [f64]| present && let_last_organism_die(&mut y[..germs]);
        match method {
            Method::DormandPrince(m) => m.advance(self, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
            Method::Chebyshev(m) => m.advance(self, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
            Method::Rosenbrock(m) => m.advance(self, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
        }
    }
}

// The same text compiled for each instruction set, as in `awake`.
macro_rules! compiled_for {
    ($module:ident, $(#[$attribute:meta])*) => {
        mod $module {
            use super::*;

            $(#[$attribute])*
            pub(super) fn integrate(
                system: &mut AwakeSystem,
                method: &mut Method,
                window: Window,
            ) -> Result<(), SolverError> {
                system.integrate_with_body(method, window)
            }

            $(#[$attribute])*
            pub(super) fn jacobian(system: &AwakeSystem, y: &[f64], out: &mut BorderedJacobian) {
                system.jacobian_body(y, out);
            }
        }
    };
}

compiled_for!(portable,);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx2, #[target_feature(enable = "avx2")]);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx512, #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]);
