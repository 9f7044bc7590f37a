//! The awake sites under any of the integrators, for comparison.
//!
//! Patients run with Dormand–Prince ([`AwakeSystem::integrate`]); here that choice is measured.

use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::rkc::Chebyshev;
use osteoflare_solver::rosenbrock::{Differentiable, RODAS3, RODAS4, Rosenbrock};
use osteoflare_solver::system::{SolverError, Statistics, Tolerance};

use osteoflare_patient::awake::{AwakeSystem, AwakeTask, let_last_organism_die};

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
pub fn integrate(system: &AwakeSystem, method: &mut Method, window: Window) -> Result<(), SolverError> {
    let germs = system.holds_germs(window.y);
    system.run(germs, Task { method, window, germs })
}

struct Task<'a> {
    method: &'a mut Method,
    window: Window<'a>,
    germs: bool,
}

impl AwakeTask for Task<'_> {
    type Output = Result<(), SolverError>;

    #[inline(always)]
    fn run<S: Differentiable>(self, system: &mut S) -> Self::Output {
        let Task { method, window: w, germs } = self;
        let settle = |_: &S, y: &mut [f64]| germs && let_last_organism_die(y);
        match method {
            Method::DormandPrince(m) => {
                m.advance(system, w.y, w.day, w.span, w.tolerance, w.statistics, settle)
            }
            Method::Chebyshev(m) => m.advance(system, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
            Method::Rosenbrock(m) => m.advance(system, w.y, w.day, w.span, w.tolerance, w.statistics, settle),
        }
    }
}
