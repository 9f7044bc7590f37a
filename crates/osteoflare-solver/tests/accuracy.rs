//! Adaptive steps meet the tolerance; work grows as it should.

mod problems;

use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::rosenbrock::Differentiable;
use osteoflare_solver::system::{BlockSystem, LANES, SolverError, Statistics, place};
use osteoflare_vector::Portable;
use problems::{Coupled, Kaps, Method, Robertson, propagate, tolerance};
use proptest::prelude::*;

#[test]
fn error_follows_the_tolerance() {
    let problem = Coupled::new(5, 9, 2, 40.0);
    let exact = propagate(&problem.dense(), &problem.to_dense(&problem.start()), 10.0);
    for (name, _, method) in Method::all() {
        for size in [1e-3, 1e-5, 1e-7] {
            let mut system = problem.clone();
            let mut y = system.start();
            let mut work = Statistics::default();
            method.clone().advance(&mut system, &mut y, 10.0, tolerance(size, size), &mut work).expect(name);
            let worst = system
                .to_dense(&y)
                .iter()
                .zip(&exact)
                .map(|(a, b)| (a - b).abs() / (1.0 + b.abs()))
                .fold(0.0, f64::max);
            assert!(worst < 30.0 * size, "{name} at {size:e}: error {worst:e}");
        }
    }
}

#[test]
fn robertson_is_solved_by_the_implicit_methods() {
    // Reference values at t = 40: Hairer & Wanner II; also the documentation of ODEPACK.
    let exact = [0.715_827_068_8, 9.185_534_765e-6, 0.284_163_745_7];
    for (name, _, mut method) in Method::all().into_iter().skip(2) {
        let mut system = Robertson::new(10);
        let mut y = system.start();
        let mut work = Statistics::default();
        method.advance(&mut system, &mut y, 40.0, tolerance(1e-6, 1e-8), &mut work).expect(name);
        for b in 0..system.blocks() {
            for (s, exact) in exact.iter().enumerate() {
                let y = y[place(3, s, b)];
                assert!((y / exact - 1.0).abs() < 1e-4, "{name}: species {s} is {y}, expected {exact}");
            }
        }
        assert!(work.steps < 400, "{name} took {} steps", work.steps);
    }
}

#[test]
fn explicit_work_grows_with_stiffness_and_stabilised_work_with_its_root() {
    let derivatives = |which: usize, stiffness: f64| {
        let (name, _, mut method) = Method::all()[which].clone();
        let mut system = Kaps::new(1, stiffness);
        let mut y = system.start();
        let mut work = Statistics::default();
        method.advance(&mut system, &mut y, 4.0, tolerance(1e-4, 1e-6), &mut work).expect(name);
        assert!(system.error(&y, 4.0) < 1e-3, "{name}");
        work.derivatives as f64
    };
    let growth = |which| derivatives(which, 16_000.0) / derivatives(which, 1_000.0);
    assert!(growth(0) > 10.0, "Dormand-Prince: {}", growth(0));
    assert!(growth(1) < 7.0, "RKC: {}", growth(1));
    assert!(growth(2) < 2.0 && growth(3) < 2.0, "Rosenbrock: {} {}", growth(2), growth(3));
}

/// Work counted on `blocks` identical blocks.
fn work_on(method: &Method, blocks: usize) -> (Statistics, u64) {
    let mut system = Kaps::new(blocks, 30.0);
    let mut y = system.start();
    let mut work = Statistics::default();
    method.clone().advance(&mut system, &mut y, 5.0, tolerance(1e-5, 1e-7), &mut work).expect("solved");
    (work, system.calls)
}

#[test]
fn work_is_counted_and_linear_in_blocks() {
    for (name, _, method) in Method::all() {
        let (one, calls) = work_on(&method, 1);
        assert_eq!(one.derivatives, calls, "{name}");
        for blocks in [5, 8, 40, 200] {
            let (many, _) = work_on(&method, blocks);
            assert_eq!((many.steps, many.rejected), (one.steps, one.rejected), "{name}");
            assert_eq!(many.derivatives, one.derivatives, "{name}");
            assert_eq!(many.block_derivatives, blocks as u64 * one.derivatives, "{name}");
        }
    }
}

#[test]
fn work_on_fixed_problems() {
    let mut lines = String::new();
    for (name, _, method) in Method::all() {
        let mut record = |problem: &str, work: Statistics| {
            lines += &format!(
                "{problem:9} {name:15} steps {:5} rejected {:3} derivatives {:6} factorisations {:5}\n",
                work.steps, work.rejected, work.derivatives, work.jacobians
            );
        };
        record("Kaps", work_on(&method, 3).0);
        let mut system = Coupled::new(6, 10, 3, 25.0);
        let mut y = system.start();
        let mut work = Statistics::default();
        method.clone().advance(&mut system, &mut y, 20.0, tolerance(1e-5, 1e-7), &mut work).expect(name);
        record("Coupled", work);
    }
    insta::assert_snapshot!(lines);
}

fn run<S: Differentiable>(method: &Method, system: &mut S, y: &[f64], span: f64) -> Vec<f64> {
    let mut y = y.to_vec();
    let mut work = Statistics::default();
    method.clone().advance(system, &mut y, span, tolerance(1e-5, 1e-7), &mut work).expect("solved");
    y
}

#[test]
fn order_of_blocks_does_not_matter() {
    let problem = Coupled::new(4, 13, 2, 12.0);
    let order: Vec<usize> = (0..13).map(|b| (b * 5 + 3) % 13).collect();
    let mut shuffled = problem.clone();
    shuffled.a = order.iter().map(|&b| problem.a[b].clone()).collect();
    let start = problem.start();
    let mut shuffled_start = start.clone();
    for s in 0..4 {
        for (at, &b) in order.iter().enumerate() {
            shuffled_start[place(4, s, at)] = start[place(4, s, b)];
        }
    }
    for (name, _, method) in Method::all() {
        let plain = run(&method, &mut problem.clone(), &start, 3.0);
        let mixed = run(&method, &mut shuffled.clone(), &shuffled_start, 3.0);
        for s in 0..4 {
            for (at, &b) in order.iter().enumerate() {
                let (x, y) = (plain[place(4, s, b)], mixed[place(4, s, at)]);
                assert!((x - y).abs() < 1e-11 * (1.0 + x.abs()), "{name}: {x} and {y}");
            }
        }
    }
}

#[test]
fn without_coupling_a_block_does_not_feel_its_lane() {
    // Bit for bit: one block alone, and the same block as any of 19 equal ones.
    for (name, _, method) in Method::all() {
        let alone = {
            let mut system = Kaps::new(1, 50.0);
            let start = system.start();
            run(&method, &mut system, &start, 2.0)
        };
        let mut system = Kaps::new(19, 50.0);
        let start = system.start();
        let together = run(&method, &mut system, &start, 2.0);
        for b in 0..19 {
            for s in 0..2 {
                assert_eq!(alone[place(2, s, 0)].to_bits(), together[place(2, s, b)].to_bits(), "{name}");
            }
        }
    }
}

#[test]
fn a_system_that_blows_up_is_reported() {
    // x' = x² from a large start reaches infinity within the span.
    #[derive(Clone)]
    struct Blowup(Vec<f64>);
    impl BlockSystem for Blowup {
        type Lanes = Portable;
        fn local_states(&self) -> usize {
            1
        }
        fn blocks(&self) -> usize {
            1
        }
        fn shared_states(&self) -> usize {
            0
        }
        fn tolerance_scale(&self) -> &[f64] {
            &self.0
        }
        fn derivative(&mut self, y: &[f64], dy: &mut [f64]) {
            dy.fill(0.0);
            dy[0] = y[0] * y[0];
        }
        fn fastest_rate(&mut self, y: &[f64]) -> f64 {
            2.0 * y[0].abs()
        }
    }
    impl Differentiable for Blowup {
        fn auxiliaries(&self) -> usize {
            0
        }
        fn jacobian(&mut self, y: &[f64], j: &mut osteoflare_solver::bordered::BorderedJacobian) {
            j.local[0][0] = 2.0 * y[0];
        }
    }
    for (name, _, mut method) in Method::all() {
        let mut y = vec![0.0; LANES];
        y[0] = 1.0;
        let mut work = Statistics::default();
        let result = method.advance(&mut Blowup(vec![1.0]), &mut y, 2.0, tolerance(1e-6, 1e-8), &mut work);
        assert!(
            matches!(result, Err(SolverError::StepTooSmall { .. } | SolverError::TooManySteps { .. })),
            "{name}: {result:?}"
        );
    }
}

#[test]
fn settle_may_change_the_state() {
    // Without the projection the state halves each 0.69 d; with it, it stays where the projection puts it.
    let mut system = Coupled::new(2, 1, 1, 2.0);
    let mut y = system.start();
    let mut work = Statistics::default();
    let hold = |_: &Coupled, y: &mut [f64]| {
        y[0] = 5.0;
        y[place(2, 1, 0)] = 0.0;
        true
    };
    DormandPrince::new()
        .advance(&mut system, &mut y, 0.0, 3.0, tolerance(1e-4, 1e-6), &mut work, hold)
        .expect("solved");
    assert_eq!((y[0], y[place(2, 1, 0)]), (5.0, 0.0));
    assert_eq!(work.derivatives, 1 + 7 * work.steps + 6 * work.rejected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Decaying, non-negatively coupled blocks never go below zero, whatever the tolerance.
    #[test]
    fn states_stay_positive(
        fast in 2.0..400.0_f64,
        exponent in -7..-1_i32,
        start in prop::collection::vec(0.0..2.0_f64, 3 * 5 + 2),
    ) {
        let mut system = Coupled::new(3, 5, 2, fast);
        let y0 = system.shape.fill(|b, s| start[b * 3 + s], &start[15..]);
        for (name, _, mut method) in Method::all() {
            let mut y = y0.clone();
            let size = 10f64.powi(exponent);
            let mut work = Statistics::default();
            for _ in 0..6 {
                method.advance(&mut system, &mut y, 0.7, tolerance(size, size * 1e-2), &mut work).expect(name);
                prop_assert!(y.iter().all(|v| *v >= 0.0), "{}", name);
            }
        }
    }
}
