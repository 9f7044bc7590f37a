//! The vector kernels: same bits for every instruction set, and differentiated correctly.

mod children;

use children::{child, inflamed, sites_of};
use osteoflare_kinetics::local::{self, Effects, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_patient::awake::{AwakeSystem, AwakeTask, Integration, position};
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::rkc::Chebyshev;
use osteoflare_solver::rosenbrock::{Differentiable, RODAS3, RODAS4, Rosenbrock, Tableau};
use osteoflare_solver::system::{LANES, SolverError, Statistics, Tolerance, place};
use osteoflare_vector::InstructionSet;

fn effects() -> Effects<f64> {
    Effects { cox: 0.4, gc: 0.2, tnf: 0.3, il1: 0.1, il17: 0.2, jak: 0.15, mtx: 0.3, bp: 0.2, abx: 0.5 }
}

fn nothing() -> Imports<f64> {
    Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 }
}

/// The first `n` sites of a child, awake, with germs in the first.
fn system_of(n: usize) -> (AwakeSystem, Vec<f64>) {
    let p = Parameters::default();
    let host = child("broken_tolerance", 1, &p);
    let mut system = AwakeSystem::new(&p, &host.kinetic);
    system.set_sites(sites_of(&host, &p)[..n].iter().copied());
    system.set_inputs(&effects(), Imports { presentation: [0.02; ANTIGENS], il6: 0.1, pamp: 0.01 });
    let mut y = inflamed(n);
    (y[position(Local::B, 0)], y[position(Local::Bf, 0)]) = (0.5, 0.2);
    (system, y)
}

#[derive(Clone, Copy)]
enum Method {
    DormandPrince,
    Chebyshev,
    Rosenbrock(&'static Tableau),
}

/// One window by a fresh integrator, without extinction.
struct Window<'a> {
    method: Method,
    y: &'a mut Vec<f64>,
    span: f64,
    tolerance: Tolerance,
    work: &'a mut Statistics,
}

impl AwakeTask for Window<'_> {
    type Output = Result<(), SolverError>;

    #[inline(always)]
    fn run<S: Differentiable>(self, system: &mut S) -> Self::Output {
        let Window { y, span, tolerance, work, .. } = self;
        let still = |_: &S, _: &mut [f64]| false;
        match self.method {
            Method::DormandPrince => {
                DormandPrince::new().advance(system, y, 0.0, span, tolerance, work, still)
            }
            Method::Chebyshev => Chebyshev::new().advance(system, y, 0.0, span, tolerance, work, still),
            Method::Rosenbrock(tableau) => {
                Rosenbrock::new(tableau).advance(system, y, 0.0, span, tolerance, work, still)
            }
        }
    }
}

fn with(
    system: &AwakeSystem,
    method: Method,
    y: &mut Vec<f64>,
    span: f64,
    tolerance: Tolerance,
    work: &mut Statistics,
) {
    system.run(system.holds_germs(y), Window { method, y, span, tolerance, work }).expect("solved");
}

fn derivative(system: &AwakeSystem, y: &[f64]) -> Vec<f64> {
    let mut dy = vec![0.0; y.len()];
    system.derivative(y, &mut dy);
    dy
}

#[test]
fn instruction_sets_give_the_same_bits() {
    type Run = fn(&AwakeSystem, &mut Vec<f64>, Tolerance, &mut Statistics);
    let methods: [(&str, Run); 5] = [
        ("as patients run", |s, y, tolerance, statistics| {
            let mut integrator = DormandPrince::new();
            let task =
                Integration { integrator: &mut integrator, y, day: 0.0, span: 9.0, tolerance, statistics };
            s.integrate(task).expect("solved");
        }),
        ("Dormand-Prince", |s, y, t, w| with(s, Method::DormandPrince, y, 9.0, t, w)),
        ("RKC", |s, y, t, w| with(s, Method::Chebyshev, y, 9.0, t, w)),
        ("RODAS3", |s, y, t, w| with(s, Method::Rosenbrock(&RODAS3), y, 9.0, t, w)),
        ("RODAS4", |s, y, t, w| with(s, Method::Rosenbrock(&RODAS4), y, 9.0, t, w)),
    ];
    let mut solutions = Vec::new();
    for (name, run) in methods {
        let mut results = Vec::new();
        for set in InstructionSet::available() {
            let (mut system, mut y) = system_of(21);
            assert!(system.use_instruction_set(set));
            let mut out: Vec<u64> = derivative(&system, &y).iter().map(|v| v.to_bits()).collect();
            out.extend(system.jacobian_at(&y).local.iter().flatten().map(|v| v.to_bits()));
            let mut statistics = Statistics::default();
            run(&system, &mut y, Tolerance { relative: 1e-5, absolute: 1e-7 }, &mut statistics);
            out.extend(y.iter().map(|v| v.to_bits()));
            results.push((set, out, statistics));
            solutions.push((name, y));
        }
        for (set, out, statistics) in &results[1..] {
            assert_eq!(*statistics, results[0].2, "{name} {set:?}");
            assert!(*out == results[0].1, "{name}: {set:?} differs from {:?}", results[0].0);
        }
    }
    // The methods solve the same system.
    for (name, y) in &solutions {
        for (i, (a, b)) in y.iter().zip(&solutions[0].1).enumerate() {
            assert!((a - b).abs() < 2e-4 * (1.0 + b.abs()), "{name}, entry {i}: {a} and {b}");
        }
    }
}

/// Name, size and alignment of the vectors that the equations are compiled with.
struct Compiled;

impl AwakeTask for Compiled {
    type Output = (&'static str, usize, usize);

    #[inline(always)]
    fn run<S: Differentiable>(self, _system: &mut S) -> Self::Output {
        (std::any::type_name::<S::Lanes>(), size_of::<S::Lanes>(), align_of::<S::Lanes>())
    }
}

/// How fast the kernels are is measured by the benchmark; here, that they are in the registers of their set.
#[test]
fn equations_are_compiled_for_the_registers_of_each_instruction_set() {
    for set in InstructionSet::available() {
        let (mut system, _) = system_of(9);
        assert!(system.use_instruction_set(set));
        let (name, size, align) = system.run(false, Compiled);
        assert!(name.ends_with(&format!("::{set:?}")), "{set:?} computes with {name}");
        assert_eq!(size, 64, "eight numbers");
        let register = match format!("{set:?}").as_str() {
            "Avx512" => 64,
            "Avx2" => 32,
            "Neon" => 16,
            _ => continue,
        };
        assert_eq!(align, register, "{set:?} does not compute in its registers");
    }
    let (system, _) = system_of(9);
    assert_eq!(Some(&system.instruction_set()), InstructionSet::available().last(), "not the widest is used");
}

#[test]
fn kernel_agrees_with_the_equations_site_by_site() {
    let (system, y) = system_of(21);
    let p = Parameters::default();
    let host = child("broken_tolerance", 1, &p);
    let sites = &sites_of(&host, &p)[..21];
    let stride = system.stride();
    let dy = derivative(&system, &y);
    let state = |b: usize| -> [f64; LOCAL_STATES] { std::array::from_fn(|s| y[place(LOCAL_STATES, s, b)]) };
    let z: [f64; SYSTEMIC_STATES] = std::array::from_fn(|i| y[LOCAL_STATES * stride + i]);
    let mut imports = Imports { presentation: [0.02; ANTIGENS], il6: 0.1, pamp: 0.01 };
    for (b, site) in sites.iter().enumerate() {
        let given = local::export(&state(b), site, &p);
        for k in 0..ANTIGENS {
            imports.presentation[k] += site.antigens[k] * given.presentation;
        }
        imports.il6 += given.il6;
        imports.pamp += given.pamp;
    }
    let blood = systemic::circulation(&z, imports.il6);
    for (b, site) in sites.iter().enumerate() {
        let expected = local::derivatives(&state(b), site, &blood, &effects(), &host.kinetic, &p);
        for s in 0..LOCAL_STATES {
            let found = dy[place(LOCAL_STATES, s, b)];
            assert!((found - expected[s]).abs() < 1e-12 * (1.0 + expected[s].abs()), "site {b} state {s}");
        }
    }
    let expected = systemic::derivatives(&z, &imports, &effects(), &host.kinetic, &p);
    for (found, expected) in dy[LOCAL_STATES * stride..].iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12 * (1.0 + expected.abs()));
    }
}

#[test]
fn order_of_sites_does_not_matter() {
    let p = Parameters::default();
    let host = child("broken_tolerance", 1, &p);
    let n = 37;
    let sites = sites_of(&host, &p)[..n].to_vec();
    let order: Vec<usize> = (0..n).map(|i| (i * 11 + 5) % n).collect();
    let run = |sites: &[Site<f64>], order: &[usize]| {
        let mut system = AwakeSystem::new(&p, &host.kinetic);
        system.set_sites(sites.iter().copied());
        system.set_inputs(&effects(), nothing());
        let plain = inflamed(n);
        let mut y = plain.clone();
        for s in 0..LOCAL_STATES {
            for (at, &b) in order.iter().enumerate() {
                y[place(LOCAL_STATES, s, at)] = plain[place(LOCAL_STATES, s, b)];
            }
        }
        let mut statistics = Statistics::default();
        let tolerance = Tolerance { relative: 1e-4, absolute: 1e-6 };
        with(&system, Method::DormandPrince, &mut y, 30.0, tolerance, &mut statistics);
        y
    };
    let identity: Vec<usize> = (0..n).collect();
    let plain = run(&sites, &identity);
    let shuffled_sites: Vec<Site<f64>> = order.iter().map(|&b| sites[b]).collect();
    let mixed = run(&shuffled_sites, &order);
    for s in 0..LOCAL_STATES {
        for (at, &b) in order.iter().enumerate() {
            let (x, y) = (plain[place(LOCAL_STATES, s, b)], mixed[place(LOCAL_STATES, s, at)]);
            assert!((x - y).abs() < 1e-8 * (1.0 + x.abs()), "state {s} of site {b}: {x} and {y}");
        }
    }
}

/// Product of the bordered Jacobian with a direction `v` in the layout of the state vector.
fn product(system: &AwakeSystem, y: &[f64], v: &[f64]) -> Vec<f64> {
    let j = system.jacobian_at(y);
    let (n, border, stride) = (j.states, j.border(), system.stride());
    let mut edge = vec![0.0; border];
    edge[..j.shared].copy_from_slice(&v[n * stride..]);
    let mut out = vec![0.0; v.len()];
    let mut from_blocks = vec![0.0; border];
    for b in 0..stride {
        let (chunk, lane) = (b / LANES, b % LANES);
        for (k, sum) in from_blocks.iter_mut().enumerate() {
            *sum += (0..n)
                .map(|s| j.outgoing[(chunk * border + k) * n + s][lane] * v[place(n, s, b)])
                .sum::<f64>();
        }
    }
    // The auxiliary is the sum over sites.
    edge[j.shared..].copy_from_slice(&from_blocks[j.shared..]);
    for b in 0..stride {
        let (chunk, lane) = (b / LANES, b % LANES);
        for s in 0..n {
            let row = chunk * n + s;
            out[place(n, s, b)] = (0..n).map(|t| j.local[row * n + t][lane] * v[place(n, t, b)]).sum::<f64>()
                + (0..border).map(|k| j.incoming[row * border + k][lane] * edge[k]).sum::<f64>();
        }
    }
    for k in 0..j.shared {
        out[n * stride + k] =
            from_blocks[k] + (0..border).map(|l| j.corner[k * border + l] * edge[l]).sum::<f64>();
    }
    out
}

#[test]
fn jacobian_agrees_with_differences_of_the_derivative() {
    let n = 19;
    let (system, y) = system_of(n);
    let stride = system.stride();
    let columns = (0..LOCAL_STATES)
        .flat_map(|s| [0, 7, 8, 18].map(|b| place(LOCAL_STATES, s, b)))
        .chain(LOCAL_STATES * stride..y.len());
    for column in columns {
        let mut v = vec![0.0; y.len()];
        v[column] = 1.0;
        let exact = product(&system, &y, &v);
        let h = 2e-5;
        let moved = |by: f64| {
            let mut y = y.clone();
            y[column] += by;
            derivative(&system, &y)
        };
        let (a, b, c, d) = (moved(-2.0 * h), moved(-h), moved(h), moved(2.0 * h));
        for (row, slope) in exact.iter().enumerate() {
            let numeric = (a[row] - 8.0 * b[row] + 8.0 * c[row] - d[row]) / (12.0 * h);
            assert!(
                (numeric - slope).abs() < 1e-5 * (1.0 + slope.abs()),
                "row {row} column {column} (stride {stride}): {slope} and {numeric}"
            );
        }
    }
}

/// Spectral radius of the Jacobian at `y` by power iteration, 1/d.
fn spectral_radius(system: &AwakeSystem, y: &[f64], germs: bool) -> f64 {
    let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let mut v: Vec<f64> = (0..y.len()).map(|i| ((i * 37 + 11) % 23) as f64 - 11.0).collect();
    let mut growth = Vec::new();
    for _ in 0..200 {
        let size = norm(&v);
        v.iter_mut().for_each(|x| *x /= size);
        v = product(system, y, &v);
        if !germs {
            // Without germs their states stay at zero: their fast decay is never seen.
            for b in 0..system.stride() {
                (v[position(Local::B, b)], v[position(Local::Bf, b)]) = (0.0, 0.0);
            }
        }
        growth.push(norm(&v));
    }
    // Geometric mean of the last half: complex pairs make single steps swing.
    let tail = &growth[100..];
    (tail.iter().map(|g| g.ln()).sum::<f64>() / tail.len() as f64).exp()
}

#[test]
fn fastest_rate_is_close_to_the_spectral_radius() {
    for germs in [true, false] {
        let (system, mut y) = system_of(21);
        if !germs {
            (y[position(Local::B, 0)], y[position(Local::Bf, 0)]) = (0.0, 0.0);
        }
        for day in 0..6 {
            let (bound, found) = (system.fastest_rate(&y), spectral_radius(&system, &y, germs));
            assert!(bound > 0.9 * found, "germs {germs}, day {day}: bound {bound}, spectral radius {found}");
            assert!(bound < 10.0 * found, "germs {germs}, day {day}: bound {bound}, spectral radius {found}");
            let (mut statistics, tolerance) =
                (Statistics::default(), Tolerance { relative: 1e-4, absolute: 1e-6 });
            with(&system, Method::DormandPrince, &mut y, 1.0, tolerance, &mut statistics);
        }
    }
}
