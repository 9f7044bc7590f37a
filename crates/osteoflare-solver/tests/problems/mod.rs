//! Small block systems with known solutions.
#![allow(dead_code, reason = "each test file uses some of the problems")]

use osteoflare_solver::bordered::BorderedJacobian;
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::rkc::Chebyshev;
use osteoflare_solver::rosenbrock::{Differentiable, RODAS3, RODAS4, Rosenbrock};
use osteoflare_solver::system::{BlockSystem, LANES, SolverError, Statistics, Tolerance, place};
use osteoflare_vector::Portable;

/// The integrators under test.
#[derive(Clone, Debug)]
pub enum Method {
    DormandPrince(Box<DormandPrince>),
    Chebyshev(Box<Chebyshev>),
    Rosenbrock(Box<Rosenbrock>),
}

impl Method {
    pub fn all() -> [(&'static str, u32, Method); 4] {
        [
            ("Dormand-Prince", 5, Method::DormandPrince(Box::new(DormandPrince::new()))),
            ("RKC", 2, Method::Chebyshev(Box::new(Chebyshev::new()))),
            ("RODAS3", 3, Method::Rosenbrock(Box::new(Rosenbrock::new(&RODAS3)))),
            ("RODAS4", 4, Method::Rosenbrock(Box::new(Rosenbrock::new(&RODAS4)))),
        ]
    }

    pub fn advance<S: Differentiable>(
        &mut self,
        system: &mut S,
        y: &mut Vec<f64>,
        span: f64,
        tolerance: Tolerance,
        statistics: &mut Statistics,
    ) -> Result<(), SolverError> {
        let still = |_: &S, _: &mut [f64]| false;
        match self {
            Method::DormandPrince(m) => m.advance(system, y, 0.0, span, tolerance, statistics, still),
            Method::Chebyshev(m) => m.advance(system, y, 0.0, span, tolerance, statistics, still),
            Method::Rosenbrock(m) => m.advance(system, y, 0.0, span, tolerance, statistics, still),
        }
    }
}

/// Shape of a problem, with the arrays every system needs.
#[derive(Clone, Debug)]
pub struct Shape {
    pub states: usize,
    pub blocks: usize,
    pub shared: usize,
    pub scale: Vec<f64>,
}

impl Shape {
    pub fn new(states: usize, blocks: usize, shared: usize) -> Self {
        Shape { states, blocks, shared, scale: vec![1.0; states + shared] }
    }
    pub fn stride(&self) -> usize {
        self.blocks.div_ceil(LANES) * LANES
    }
    /// State vector with the same `local` in every block.
    pub fn fill(&self, local: impl Fn(usize, usize) -> f64, shared: &[f64]) -> Vec<f64> {
        let stride = self.stride();
        let mut y = vec![0.0; self.states * stride];
        for s in 0..self.states {
            for b in 0..self.blocks {
                y[place(self.states, s, b)] = local(b, s);
            }
        }
        y.extend(shared);
        y
    }
}

macro_rules! shaped {
    ($name:ident, $rate:expr) => {
        impl BlockSystem for $name {
            type Lanes = Portable;
            fn local_states(&self) -> usize {
                self.shape.states
            }
            fn blocks(&self) -> usize {
                self.shape.blocks
            }
            fn shared_states(&self) -> usize {
                self.shape.shared
            }
            fn tolerance_scale(&self) -> &[f64] {
                &self.shape.scale
            }
            fn derivative(&mut self, y: &[f64], dy: &mut [f64]) {
                self.calls += 1;
                self.rate_of_change(y, dy);
            }
            fn fastest_rate(&mut self, _y: &[f64]) -> f64 {
                $rate(self)
            }
        }
    };
}

/// Kaps' problem in every block: `x' = −(μ + 2)x + μw²`, `w' = x − w − w²`, with `x = e^{−2t}`, `w = e^{−t}` for
/// every stiffness μ.
#[derive(Clone, Debug)]
pub struct Kaps {
    pub shape: Shape,
    pub stiffness: f64,
    pub calls: u64,
}

impl Kaps {
    pub fn new(blocks: usize, stiffness: f64) -> Self {
        Kaps { shape: Shape::new(2, blocks, 0), stiffness, calls: 0 }
    }
    pub fn start(&self) -> Vec<f64> {
        self.shape.fill(|_, _| 1.0, &[])
    }
    pub fn error(&self, y: &[f64], t: f64) -> f64 {
        (0..self.shape.blocks)
            .map(|b| (y[place(2, 0, b)] - (-2.0 * t).exp()).abs().max((y[place(2, 1, b)] - (-t).exp()).abs()))
            .fold(0.0, f64::max)
    }
    fn rate_of_change(&mut self, y: &[f64], dy: &mut [f64]) {
        let mu = self.stiffness;
        dy.fill(0.0);
        for b in 0..self.shape.blocks {
            let (x, w) = (y[place(2, 0, b)], y[place(2, 1, b)]);
            dy[place(2, 0, b)] = -(mu + 2.0) * x + mu * w * w;
            dy[place(2, 1, b)] = x - w - w * w;
        }
    }
}

shaped!(Kaps, |s: &Kaps| s.stiffness + 5.0);

impl Differentiable for Kaps {
    fn auxiliaries(&self) -> usize {
        0
    }
    fn jacobian(&mut self, y: &[f64], j: &mut BorderedJacobian) {
        let mu = self.stiffness;
        for b in 0..self.shape.blocks {
            let (chunk, lane) = (b / LANES, b % LANES);
            let w = y[place(2, 1, b)];
            let row = [[-(mu + 2.0), 2.0 * mu * w], [1.0, -1.0 - 2.0 * w]];
            for s in 0..2 {
                for t in 0..2 {
                    j.local[(chunk * 2 + s) * 2 + t][lane] = row[s][t];
                }
            }
        }
    }
}

/// Robertson's reactions in every block.
#[derive(Clone, Debug)]
pub struct Robertson {
    pub shape: Shape,
    pub calls: u64,
}

impl Robertson {
    pub fn new(blocks: usize) -> Self {
        let mut shape = Shape::new(3, blocks, 0);
        // The middle species stays below 4e-5.
        shape.scale[1] = 1e-4;
        Robertson { shape, calls: 0 }
    }
    pub fn start(&self) -> Vec<f64> {
        self.shape.fill(|_, s| if s == 0 { 1.0 } else { 0.0 }, &[])
    }
    fn rate_of_change(&mut self, y: &[f64], dy: &mut [f64]) {
        dy.fill(0.0);
        for i in 0..self.shape.blocks {
            let (a, b, c) = (y[place(3, 0, i)], y[place(3, 1, i)], y[place(3, 2, i)]);
            let (slow, fast, mid) = (0.04 * a, 3e7 * b * b, 1e4 * b * c);
            dy[place(3, 0, i)] = -slow + mid;
            dy[place(3, 1, i)] = slow - mid - fast;
            dy[place(3, 2, i)] = fast;
        }
    }
}

shaped!(Robertson, |_: &Robertson| 1e4);

impl Differentiable for Robertson {
    fn auxiliaries(&self) -> usize {
        0
    }
    fn jacobian(&mut self, y: &[f64], j: &mut BorderedJacobian) {
        for i in 0..self.shape.blocks {
            let (chunk, lane) = (i / LANES, i % LANES);
            let (b, c) = (y[place(3, 1, i)], y[place(3, 2, i)]);
            let rows = [[-0.04, 1e4 * c, 1e4 * b], [0.04, -1e4 * c - 6e7 * b, -1e4 * b], [0.0, 6e7 * b, 0.0]];
            for s in 0..3 {
                for t in 0..3 {
                    j.local[(chunk * 3 + s) * 3 + t][lane] = rows[s][t];
                }
            }
        }
    }
}

/// Linear blocks that act on each other through shared states and through one sum over all blocks:
/// `y_b' = A_b·y_b + B·z + u·a`, `z' = Σ_b C·y_b + D·z + v·a`, `a = Σ_b g·y_b`.
#[derive(Clone, Debug)]
pub struct Coupled {
    pub shape: Shape,
    pub calls: u64,
    /// `a[b][s][t]`.
    pub a: Vec<Vec<Vec<f64>>>,
    pub b: Vec<Vec<f64>>,
    pub c: Vec<Vec<f64>>,
    pub d: Vec<Vec<f64>>,
    pub u: Vec<f64>,
    pub v: Vec<f64>,
    pub g: Vec<f64>,
    pub rate: f64,
}

impl Coupled {
    /// Decaying blocks with weak, non-negative coupling; `fast` is the rate of the fastest state.
    pub fn new(states: usize, blocks: usize, shared: usize, fast: f64) -> Self {
        // A fixed, irregular pattern of numbers between 0 and 1.
        let mut seed = 1_u64;
        let mut draw = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f64 / (1u64 << 24) as f64
        };
        let mut matrix = |rows: usize, columns: usize, size: f64| -> Vec<Vec<f64>> {
            (0..rows).map(|_| (0..columns).map(|_| size * draw()).collect()).collect()
        };
        let n = states as f64;
        let mut a: Vec<_> = (0..blocks).map(|_| matrix(states, states, 0.5 / n)).collect();
        for block in &mut a {
            for (s, row) in block.iter_mut().enumerate() {
                row[s] = -1.0 - (fast - 1.0) * s as f64 / (n - 1.0);
            }
        }
        let spread = 1.0 / blocks as f64;
        let b = matrix(states, shared, 0.2);
        let c = matrix(shared, states, 0.3 * spread);
        let mut d = matrix(shared, shared, 0.1);
        for (k, row) in d.iter_mut().enumerate() {
            row[k] = -0.5 - k as f64;
        }
        let u = matrix(1, states, 0.2).remove(0);
        let v = matrix(1, shared, 0.2).remove(0);
        let g = matrix(1, states, 0.3 * spread).remove(0);
        Coupled { shape: Shape::new(states, blocks, shared), calls: 0, a, b, c, d, u, v, g, rate: fast + 3.0 }
    }

    pub fn start(&self) -> Vec<f64> {
        let shared: Vec<f64> = (0..self.shape.shared).map(|k| 0.2 + 0.1 * k as f64).collect();
        self.shape.fill(|b, s| 1.0 + 0.1 * b as f64 - 0.05 * s as f64, &shared)
    }

    /// The whole matrix, blocks first (block after block), then shared.
    pub fn dense(&self) -> Vec<Vec<f64>> {
        let (n, blocks, shared) = (self.shape.states, self.shape.blocks, self.shape.shared);
        let size = n * blocks + shared;
        let mut m = vec![vec![0.0; size]; size];
        for i in 0..blocks {
            for s in 0..n {
                for t in 0..n {
                    m[i * n + s][i * n + t] += self.a[i][s][t];
                }
                for k in 0..shared {
                    m[i * n + s][n * blocks + k] += self.b[s][k];
                }
                for other in 0..blocks {
                    for t in 0..n {
                        m[i * n + s][other * n + t] += self.u[s] * self.g[t];
                    }
                }
            }
            for k in 0..shared {
                for t in 0..n {
                    m[n * blocks + k][i * n + t] += self.c[k][t] + self.v[k] * self.g[t];
                }
            }
        }
        for k in 0..shared {
            for l in 0..shared {
                m[n * blocks + k][n * blocks + l] += self.d[k][l];
            }
        }
        m
    }

    /// From the layout of the solver to that of [`Coupled::dense`], and back.
    pub fn to_dense(&self, y: &[f64]) -> Vec<f64> {
        let (n, stride) = (self.shape.states, self.shape.stride());
        let mut out: Vec<f64> = (0..self.shape.blocks)
            .flat_map(|b| (0..n).map(move |s| (b, s)))
            .map(|(b, s)| y[place(n, s, b)])
            .collect();
        out.extend(&y[n * stride..]);
        out
    }

    fn rate_of_change(&mut self, y: &[f64], dy: &mut [f64]) {
        let (n, stride, blocks) = (self.shape.states, self.shape.stride(), self.shape.blocks);
        dy.fill(0.0);
        let z = &y[n * stride..];
        let mut sum = 0.0;
        for b in 0..blocks {
            for s in 0..n {
                sum += self.g[s] * y[place(n, s, b)];
            }
        }
        for b in 0..blocks {
            for s in 0..n {
                let mut rate = self.u[s] * sum;
                for t in 0..n {
                    rate += self.a[b][s][t] * y[place(n, t, b)];
                }
                for (k, z) in z.iter().enumerate() {
                    rate += self.b[s][k] * z;
                }
                dy[place(n, s, b)] = rate;
            }
        }
        for k in 0..self.shape.shared {
            let mut rate = self.v[k] * sum;
            for b in 0..blocks {
                for t in 0..n {
                    rate += self.c[k][t] * y[place(n, t, b)];
                }
            }
            for (l, z) in z.iter().enumerate() {
                rate += self.d[k][l] * z;
            }
            dy[n * stride + k] = rate;
        }
    }
}

shaped!(Coupled, |s: &Coupled| s.rate);

impl Differentiable for Coupled {
    fn auxiliaries(&self) -> usize {
        1
    }
    fn jacobian(&mut self, _y: &[f64], j: &mut BorderedJacobian) {
        let (n, shared, border) = (self.shape.states, self.shape.shared, self.shape.shared + 1);
        for b in 0..self.shape.blocks {
            let (chunk, lane) = (b / LANES, b % LANES);
            for s in 0..n {
                for t in 0..n {
                    j.local[(chunk * n + s) * n + t][lane] = self.a[b][s][t];
                }
                for k in 0..shared {
                    j.incoming[(chunk * n + s) * border + k][lane] = self.b[s][k];
                    j.outgoing[(chunk * border + k) * n + s][lane] = self.c[k][s];
                }
                j.incoming[(chunk * n + s) * border + shared][lane] = self.u[s];
                j.outgoing[(chunk * border + shared) * n + s][lane] = self.g[s];
            }
        }
        for k in 0..shared {
            for l in 0..shared {
                j.corner[k * border + l] = self.d[k][l];
            }
            j.corner[k * border + shared] = self.v[k];
        }
    }
}

/// `exp(t·m)·x` by scaling and a Taylor series, in small pieces.
pub fn propagate(m: &[Vec<f64>], x: &[f64], t: f64) -> Vec<f64> {
    let norm = m.iter().map(|r| r.iter().map(|e| e.abs()).sum::<f64>()).fold(0.0, f64::max);
    let pieces = (norm * t * 4.0).ceil().max(1.0);
    let h = t / pieces;
    let mut x = x.to_vec();
    for _ in 0..pieces as usize {
        let mut term = x.clone();
        for k in 1..=20 {
            term = m
                .iter()
                .map(|row| h / f64::from(k) * row.iter().zip(&term).map(|(a, b)| a * b).sum::<f64>())
                .collect();
            for (x, t) in x.iter_mut().zip(&term) {
                *x += t;
            }
        }
    }
    x
}

pub fn tolerance(relative: f64, absolute: f64) -> Tolerance {
    Tolerance { relative, absolute }
}
