//! Linearly implicit Rosenbrock methods, stiffly accurate and L-stable.
//!
//! Each step factorises one matrix and solves one linear system per stage
//! (Hairer & Wanner, Solving Ordinary Differential Equations II, section IV.7). The linear algebra is that of the
//! arrowhead ([`crate::bordered`]), linear in the number of blocks.

use std::marker::PhantomData;

use crate::bordered::{BorderedFactors, BorderedJacobian};
use crate::step_size::{StepSize, Stepper};
use crate::system::{BlockSystem, SolverError, Statistics, Tolerance, judge};

/// A block system that knows its Jacobian.
pub trait Differentiable: BlockSystem {
    /// Number of sums over blocks through which blocks act on each other at once.
    fn auxiliaries(&self) -> usize;
    /// Writes the derivatives at `y` into `jacobian`, which has the right shape and is cleared.
    fn jacobian(&mut self, y: &[f64], jacobian: &mut BorderedJacobian);
}

/// Most stages of a tableau.
const MOST_STAGES: usize = 6;

/// Coefficients of a Rosenbrock method for autonomous systems, in the form without matrix products.
#[derive(Debug, PartialEq)]
pub struct Tableau {
    /// Name.
    pub name: &'static str,
    stages: usize,
    order_of_estimate: u32,
    gamma: f64,
    a: [[f64; MOST_STAGES]; MOST_STAGES],
    c: [[f64; MOST_STAGES]; MOST_STAGES],
    /// Weights of the solution.
    m: [f64; MOST_STAGES],
    /// Weights of the error.
    e: [f64; MOST_STAGES],
    /// Whether the stage needs a new derivative, or uses that of the stage before.
    fresh: [bool; MOST_STAGES],
}

/// RODAS3: four stages, order 3(2), three derivatives (Sandu et al., Atmos Environ 31 (1997) 3459–3472).
pub static RODAS3: Tableau = Tableau {
    name: "RODAS3",
    stages: 4,
    order_of_estimate: 2,
    gamma: 0.5,
    a: [
        [0.0; 6],
        [0.0; 6],
        [2.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [2.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        [0.0; 6],
        [0.0; 6],
    ],
    c: [
        [0.0; 6],
        [4.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, -1.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, -1.0, -8.0 / 3.0, 0.0, 0.0, 0.0],
        [0.0; 6],
        [0.0; 6],
    ],
    m: [2.0, 0.0, 1.0, 1.0, 0.0, 0.0],
    e: [0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    fresh: [true, false, true, true, false, false],
};

/// RODAS: six stages, order 4(3) (Hairer & Wanner II, section VI.4, code `RODAS`).
pub static RODAS4: Tableau = Tableau {
    name: "RODAS4",
    stages: 6,
    order_of_estimate: 3,
    gamma: 0.25,
    a: [
        [0.0; 6],
        [1.544, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.946_678_528_081_582_6, 0.255_701_169_898_328_4, 0.0, 0.0, 0.0, 0.0],
        [3.314_825_187_068_521, 2.896_124_015_972_201, 0.998_641_913_997_781_7, 0.0, 0.0, 0.0],
        [
            1.221_224_509_226_641,
            6.019_134_481_288_629,
            12.537_083_329_320_87,
            -0.687_886_036_105_895,
            0.0,
            0.0,
        ],
        [
            1.221_224_509_226_641,
            6.019_134_481_288_629,
            12.537_083_329_320_87,
            -0.687_886_036_105_895,
            1.0,
            0.0,
        ],
    ],
    c: [
        [0.0; 6],
        [-5.6688, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-2.430_093_356_833_875, -0.206_359_915_709_191_5, 0.0, 0.0, 0.0, 0.0],
        [-0.107_352_905_815_137_5, -9.594_562_251_023_355, -20.470_286_148_096_16, 0.0, 0.0, 0.0],
        [
            7.496_443_313_967_647,
            -10.246_804_314_643_52,
            -33.999_903_528_199_05,
            11.708_908_932_061_6,
            0.0,
            0.0,
        ],
        [
            8.083_246_795_921_522,
            -7.981_132_988_064_893,
            -31.521_594_328_743_71,
            16.319_305_431_231_36,
            -6.058_818_238_834_054,
            0.0,
        ],
    ],
    m: [
        1.221_224_509_226_641,
        6.019_134_481_288_629,
        12.537_083_329_320_87,
        -0.687_886_036_105_895,
        1.0,
        1.0,
    ],
    e: [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    fresh: [true; 6],
};

/// Work space and step-size memory.
#[derive(Clone, Debug)]
pub struct Rosenbrock {
    tableau: &'static Tableau,
    size: StepSize,
    jacobian: BorderedJacobian,
    factors: BorderedFactors,
    first: Vec<f64>,
    slope: Vec<f64>,
    stage: Vec<f64>,
    next: Vec<f64>,
    error: Vec<f64>,
    u: [Vec<f64>; MOST_STAGES],
}

impl Rosenbrock {
    /// A fresh integrator with the coefficients of `tableau` ([`RODAS3`] or [`RODAS4`]).
    pub fn new(tableau: &'static Tableau) -> Self {
        Rosenbrock {
            tableau,
            size: StepSize::new(tableau.order_of_estimate),
            jacobian: BorderedJacobian::default(),
            factors: BorderedFactors::default(),
            first: Vec::new(),
            slope: Vec::new(),
            stage: Vec::new(),
            next: Vec::new(),
            error: Vec::new(),
            u: Default::default(),
        }
    }

    /// Integrates `y` over `span` days with constant inputs. `day` is the start, for messages only.
    ///
    /// `settle` is called after every accepted step and may project the state; it returns whether it changed
    /// anything. `statistics.jacobians` counts factorisations.
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    #[inline(always)]
    pub fn advance<S: Differentiable>(
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
        for v in [&mut self.first, &mut self.slope, &mut self.stage, &mut self.next, &mut self.error]
            .into_iter()
            .chain(&mut self.u)
        {
            v.resize(n, 0.0);
        }
        let mut size = self.size;
        let mut stepper = Step { method: self, tolerance, settle, current: false, system: PhantomData };
        let outcome = size.integrate(&mut stepper, system, y, day, span, statistics);
        self.size = size;
        outcome
    }

    /// All stages; the result in `next`, the error in `error`.
    #[inline(always)]
    fn stages<S: Differentiable>(
        &mut self,
        system: &mut S,
        y: &[f64],
        h: f64,
        n: usize,
        statistics: &mut Statistics,
    ) {
        let t = self.tableau;
        for i in 0..t.stages {
            if i == 0 {
                self.slope.copy_from_slice(&self.first);
            } else if t.fresh[i] {
                self.stage[..n].copy_from_slice(&y[..n]);
                for j in 0..i {
                    add(&mut self.stage, t.a[i][j], &self.u[j]);
                }
                system.derivative(&self.stage, &mut self.slope);
                statistics.count_derivatives(1, system.blocks());
            }
            let (earlier, here) = self.u.split_at_mut(i);
            let u = &mut here[0];
            u.copy_from_slice(&self.slope);
            for (j, other) in earlier.iter().enumerate() {
                add(u, t.c[i][j] / h, other);
            }
            self.factors.solve(u);
        }
        self.next[..n].copy_from_slice(&y[..n]);
        self.error.fill(0.0);
        for i in 0..t.stages {
            add(&mut self.next, t.m[i], &self.u[i]);
            add(&mut self.error, t.e[i], &self.u[i]);
        }
    }
}

/// The steps of one call.
struct Step<'a, S, F> {
    method: &'a mut Rosenbrock,
    tolerance: Tolerance,
    settle: F,
    /// Whether derivative and Jacobian belong to the present state.
    current: bool,
    system: PhantomData<S>,
}

impl<S: Differentiable, F: FnMut(&S, &mut [f64]) -> bool> Stepper for Step<'_, S, F> {
    type System = S;

    #[inline(always)]
    fn attempt(&mut self, system: &mut S, y: &[f64], h: f64, work: &mut Statistics) -> (f64, f64) {
        let m = &mut *self.method;
        if !self.current {
            system.derivative(y, &mut m.first);
            work.count_derivatives(1, system.blocks());
            m.jacobian.reset(
                system.local_states(),
                system.stride(),
                system.shared_states(),
                system.auxiliaries(),
            );
            system.jacobian(y, &mut m.jacobian);
            self.current = true;
        }
        work.jacobians += 1;
        if m.factors.factor(&m.jacobian, 1.0 / (h * m.tableau.gamma)).is_err() {
            return (h, f64::INFINITY);
        }
        m.stages(system, y, h, system.len(), work);
        (h, judge(system, self.tolerance, y, &mut m.next, [(1.0, &m.error)]))
    }

    #[inline(always)]
    fn accept(&mut self, system: &mut S, y: &mut Vec<f64>, _work: &mut Statistics) {
        std::mem::swap(y, &mut self.method.next);
        (self.settle)(system, y);
        self.current = false;
    }
}

/// `x += factor·y`.
#[inline(always)]
fn add(x: &mut [f64], factor: f64, y: &[f64]) {
    if factor != 0.0 {
        for (x, y) in x.iter_mut().zip(y) {
            *x += factor * y;
        }
    }
}
