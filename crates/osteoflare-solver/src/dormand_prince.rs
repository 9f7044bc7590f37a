//! Dormand–Prince 5(4): explicit, first-same-as-last, with a guard on positivity.
//!
//! Coefficients: Dormand & Prince, J Comput Appl Math 6 (1980) 19–26.

use crate::step_size::{StepSize, Stepper};
use crate::system::{BlockSystem, SolverError, Statistics, Tolerance, judge, move_along};

const A21: f64 = 1.0 / 5.0;
const A31: f64 = 3.0 / 40.0;
const A32: f64 = 9.0 / 40.0;
const A41: f64 = 44.0 / 45.0;
const A42: f64 = -56.0 / 15.0;
const A43: f64 = 32.0 / 9.0;
const A51: f64 = 19372.0 / 6561.0;
const A52: f64 = -25360.0 / 2187.0;
const A53: f64 = 64448.0 / 6561.0;
const A54: f64 = -212.0 / 729.0;
const A61: f64 = 9017.0 / 3168.0;
const A62: f64 = -355.0 / 33.0;
const A63: f64 = 46732.0 / 5247.0;
const A64: f64 = 49.0 / 176.0;
const A65: f64 = -5103.0 / 18656.0;
const B1: f64 = 35.0 / 384.0;
const B3: f64 = 500.0 / 1113.0;
const B4: f64 = 125.0 / 192.0;
const B5: f64 = -2187.0 / 6784.0;
const B6: f64 = 11.0 / 84.0;
const E1: f64 = 71.0 / 57600.0;
const E3: f64 = -71.0 / 16695.0;
const E4: f64 = 71.0 / 1920.0;
const E5: f64 = -17253.0 / 339_200.0;
const E6: f64 = 22.0 / 525.0;
const E7: f64 = -1.0 / 40.0;

/// Work space and step-size memory.
#[derive(Clone, Debug)]
pub struct DormandPrince {
    size: StepSize,
    k: [Vec<f64>; 7],
    stage: Vec<f64>,
    next: Vec<f64>,
}

impl Default for DormandPrince {
    fn default() -> Self {
        DormandPrince::new()
    }
}

impl DormandPrince {
    /// A fresh integrator.
    pub fn new() -> Self {
        DormandPrince { size: StepSize::new(4), k: Default::default(), stage: Vec::new(), next: Vec::new() }
    }

    /// Integrates `y` over `span` days with constant inputs. `day` is the start, for messages only.
    ///
    /// `settle` is called after every accepted step and may project the state (extinction of bacteria); it returns
    /// whether it changed anything. Nothing is allocated once the work space has the size of the system.
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    #[inline(always)]
    pub fn advance<S: BlockSystem>(
        &mut self,
        system: &mut S,
        y: &mut Vec<f64>,
        day: f64,
        span: f64,
        tolerance: Tolerance,
        statistics: &mut Statistics,
        settle: impl FnMut(&S, &mut [f64]) -> bool,
    ) -> Result<(), SolverError> {
        let n = system.len();
        let DormandPrince { size, k, stage, next } = self;
        for v in k.iter_mut().chain([&mut *stage, &mut *next]) {
            v.resize(n, 0.0);
        }
        system.derivative(y, &mut k[0]);
        statistics.count_derivatives(1, system.blocks());
        let mut stepper = Step { k, stage, next, tolerance, settle, system: std::marker::PhantomData };
        size.integrate(&mut stepper, system, y, day, span, statistics)
    }
}

/// The steps of one call. `k[0]` is the derivative at the state.
struct Step<'a, S, F> {
    k: &'a mut [Vec<f64>; 7],
    stage: &'a mut Vec<f64>,
    next: &'a mut Vec<f64>,
    tolerance: Tolerance,
    settle: F,
    system: std::marker::PhantomData<S>,
}

impl<S: BlockSystem, F: FnMut(&S, &mut [f64]) -> bool> Stepper for Step<'_, S, F> {
    type System = S;

    #[inline(always)]
    fn attempt(&mut self, system: &mut S, y: &[f64], h: f64, work: &mut Statistics) -> (f64, f64) {
        let [k1, k2, k3, k4, k5, k6, k7] = &mut *self.k;
        let (stage, next) = (&mut *self.stage, &mut *self.next);
        move_along::<S::Lanes, 1>(y, [(h * A21, k1)], stage);
        system.derivative(stage, k2);
        move_along::<S::Lanes, 2>(y, [(h * A31, k1), (h * A32, k2)], stage);
        system.derivative(stage, k3);
        move_along::<S::Lanes, 3>(y, [(h * A41, k1), (h * A42, k2), (h * A43, k3)], stage);
        system.derivative(stage, k4);
        let terms = [(h * A51, &**k1), (h * A52, k2), (h * A53, k3), (h * A54, k4)];
        move_along::<S::Lanes, 4>(y, terms, stage);
        system.derivative(stage, k5);
        let terms = [(h * A61, &**k1), (h * A62, k2), (h * A63, k3), (h * A64, k4), (h * A65, k5)];
        move_along::<S::Lanes, 5>(y, terms, stage);
        system.derivative(stage, k6);
        let terms = [(h * B1, &**k1), (h * B3, k3), (h * B4, k4), (h * B5, k5), (h * B6, k6)];
        move_along::<S::Lanes, 5>(y, terms, next);
        system.derivative(next, k7);
        work.count_derivatives(6, system.blocks());
        let error = [(h * E1, &**k1), (h * E3, k3), (h * E4, k4), (h * E5, k5), (h * E6, k6), (h * E7, k7)];
        (h, judge(system, self.tolerance, y, next, error))
    }

    #[inline(always)]
    fn accept(&mut self, system: &mut S, y: &mut Vec<f64>, work: &mut Statistics) {
        std::mem::swap(y, self.next);
        if (self.settle)(system, y) {
            system.derivative(y, &mut self.k[0]);
            work.count_derivatives(1, system.blocks());
        } else {
            self.k.swap(0, 6);
        }
    }
}
