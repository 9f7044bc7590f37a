//! The awake sites under any of the integrators, for comparison.
//!
//! Patients run with Dormand–Prince ([`AwakeSystem::integrate`]); here that choice is measured.

use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::rkc::Chebyshev;
use osteoflare_solver::rosenbrock::{RODAS3, RODAS4, Rosenbrock};
use osteoflare_solver::system::{BlockSystem, SolverError, Statistics, Tolerance};

use osteoflare_patient::awake::{AwakeSystem, InstructionSet, let_last_organism_die};

/// An integrator with its work space and step memory.
#[allow(clippy::large_enum_variant, reason = "one at a time, never in a collection")]
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

/// Integrates one window with `method`, with the same extinction of bacteria as [`AwakeSystem::integrate`].
///
/// # Errors
/// [`SolverError`] if the tolerance cannot be met.
pub fn integrate(system: &mut AwakeSystem, method: &mut Method, window: Window) -> Result<(), SolverError> {
    match system.instruction_set() {
        // SAFETY (both): a system only uses an instruction set that was detected.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => unsafe { avx512::integrate(system, method, window) },
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => unsafe { avx2::integrate(system, method, window) },
        _ => portable::integrate(system, method, window),
    }
}

#[inline(always)]
fn body(system: &mut AwakeSystem, method: &mut Method, w: Window) -> Result<(), SolverError> {
    let germs = 2 * system.stride();
    let present = w.y[..germs].iter().any(|b| *b > 0.0);
    let settle = move |_: &AwakeSystem, y: &mut [f64]| present && let_last_organism_die(&mut y[..germs]);
    match method {
        Method::DormandPrince(m) => m.advance(system, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
        Method::Chebyshev(m) => m.advance(system, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
        Method::Rosenbrock(m) => m.advance(system, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
    }
}

// The same text compiled for each instruction set, as in `awake`.
macro_rules! compiled_for {
    ($module:ident, $(#[$attribute:meta])*) => {
        mod $module {
            use super::{AwakeSystem, Method, SolverError, Window, body};

            $(#[$attribute])*
            pub(super) fn integrate(
                system: &mut AwakeSystem,
                method: &mut Method,
                window: Window,
            ) -> Result<(), SolverError> {
                body(system, method, window)
            }
        }
    };
}

compiled_for!(portable,);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx2, #[target_feature(enable = "avx2")]);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx512, #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]);
