//! Dormand–Prince 5(4): explicit, first-same-as-last, with a guard on positivity.
//!
//! Coefficients: Dormand & Prince, J Comput Appl Math 6 (1980) 19–26.

use crate::system::{BlockSystem, SolverError, Statistics, Tolerance, error_norm};

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
#[derive(Clone, Debug, Default)]
pub struct DormandPrince {
    k: [Vec<f64>; 7],
    stage: Vec<f64>,
    next: Vec<f64>,
    error: Vec<f64>,
    step: f64,
    last_error: f64,
}

const SMALLEST_STEP_DAYS: f64 = 1e-9;
const STEP_LIMIT: u64 = 2_000_000;

impl DormandPrince {
    /// A fresh integrator.
    pub fn new() -> Self {
        DormandPrince { step: 0.05, last_error: 1.0, ..Default::default() }
    }

    /// Integrates `y` over `span` days with constant inputs. `day` is the start, for messages only.
    ///
    /// `settle` is called after every accepted step and may project the state (extinction of bacteria); it returns
    /// whether it changed anything.
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
        mut settle: impl FnMut(&S, &mut [f64]) -> bool,
    ) -> Result<(), SolverError> {
        let n = system.len();
        let blocks = system.blocks() as u64;
        for v in self.k.iter_mut().chain([&mut self.stage, &mut self.next, &mut self.error]) {
            v.resize(n, 0.0);
        }
        let mut done = 0.0;
        let mut steps = 0;
        system.derivative(y, &mut self.k[0]);
        statistics.derivatives += 1;
        statistics.block_derivatives += blocks;
        while done < span {
            let left = span - done;
            // Stretch or halve towards the end, so that no crumb is left over.
            let h = if self.step >= left {
                left
            } else if self.step > 0.5 * left {
                0.5 * left
            } else {
                self.step
            };
            self.stages(system, y, h, n);
            statistics.derivatives += 6;
            statistics.block_derivatives += 6 * blocks;
            let mut error = error_norm(system, tolerance, y, &self.next, &self.error);
            if error <= 1.0 && !positive(system, tolerance, &mut self.next) {
                error = 2.0;
            }
            if error <= 1.0 {
                statistics.steps += 1;
                steps += 1;
                done = if h == left { span } else { done + h };
                std::mem::swap(y, &mut self.next);
                if settle(system, y) {
                    system.derivative(y, &mut self.k[0]);
                    statistics.derivatives += 1;
                    statistics.block_derivatives += blocks;
                } else {
                    self.k.swap(0, 6);
                }
                // Proportional-integral controller (Hairer & Wanner II.4): smooth where stability limits the step.
                let e = error.max(1e-10);
                let factor = 0.9 * libm::pow(e, -0.7 / 5.0) * libm::pow(self.last_error, 0.4 / 5.0);
                self.last_error = e;
                let wanted = h * factor.clamp(0.2, 5.0);
                // A step cut short by the end of the span says nothing against the memory of the controller.
                self.step = if h < self.step { self.step.max(wanted) } else { wanted };
                if steps > STEP_LIMIT {
                    return Err(SolverError::TooManySteps { day: day + done, limit: STEP_LIMIT });
                }
            } else {
                statistics.rejected += 1;
                let factor = if error.is_finite() { 0.9 * libm::pow(error, -0.2) } else { 0.1 };
                self.step = h * factor.clamp(0.1, 0.9);
                if self.step < SMALLEST_STEP_DAYS {
                    return Err(SolverError::StepTooSmall { day: day + done, step_days: self.step });
                }
            }
        }
        Ok(())
    }

    /// The six further stages, the result in `next`, the error in `error`; `k[0]` is the derivative at `y`.
    #[inline(always)]
    fn stages<S: BlockSystem>(&mut self, system: &mut S, y: &[f64], h: f64, n: usize) {
        let [k1, k2, k3, k4, k5, k6, k7] = &mut self.k;
        let y = &y[..n];
        let stage = &mut self.stage[..n];
        for i in 0..n {
            stage[i] = y[i] + h * (A21 * k1[i]);
        }
        system.derivative(stage, k2);
        let (k1, k2) = (&k1[..n], &k2[..n]);
        for i in 0..n {
            stage[i] = y[i] + h * (A31 * k1[i] + A32 * k2[i]);
        }
        system.derivative(stage, k3);
        let k3 = &k3[..n];
        for i in 0..n {
            stage[i] = y[i] + h * (A41 * k1[i] + A42 * k2[i] + A43 * k3[i]);
        }
        system.derivative(stage, k4);
        let k4 = &k4[..n];
        for i in 0..n {
            stage[i] = y[i] + h * (A51 * k1[i] + A52 * k2[i] + A53 * k3[i] + A54 * k4[i]);
        }
        system.derivative(stage, k5);
        let k5 = &k5[..n];
        for i in 0..n {
            stage[i] = y[i] + h * (A61 * k1[i] + A62 * k2[i] + A63 * k3[i] + A64 * k4[i] + A65 * k5[i]);
        }
        system.derivative(stage, k6);
        let k6 = &k6[..n];
        let next = &mut self.next[..n];
        for i in 0..n {
            next[i] = y[i] + h * (B1 * k1[i] + B3 * k3[i] + B4 * k4[i] + B5 * k5[i] + B6 * k6[i]);
        }
        system.derivative(next, k7);
        let k7 = &k7[..n];
        let error = &mut self.error[..n];
        for i in 0..n {
            error[i] = h * (E1 * k1[i] + E3 * k3[i] + E4 * k4[i] + E5 * k5[i] + E6 * k6[i] + E7 * k7[i]);
        }
    }
}

/// Sets negative values within the tolerance to zero; `false` if one is beyond it.
#[inline(always)]
pub(crate) fn positive<S: BlockSystem>(system: &S, tolerance: Tolerance, y: &mut [f64]) -> bool {
    let (states, stride) = (system.local_states(), system.stride());
    let scale = system.tolerance_scale();
    let mut good = true;
    for (s, scale) in scale.iter().enumerate() {
        let limit = -10.0 * tolerance.absolute * scale;
        let range = if s < states { s * stride..(s + 1) * stride } else { 0..0 };
        for v in &mut y[range] {
            good &= *v >= limit;
            *v = v.max(0.0);
        }
    }
    for (v, scale) in y[states * stride..].iter_mut().zip(&scale[states..]) {
        good &= *v >= -10.0 * tolerance.absolute * scale;
        *v = v.max(0.0);
    }
    good
}
