//! Each method converges with its own order, on problems whose solution is known.

mod problems;

use osteoflare_solver::rosenbrock::Differentiable;
use osteoflare_solver::system::Statistics;
use problems::{Coupled, Kaps, Method, propagate, tolerance};

/// Integrates with `n` equal steps. Every window is one step: a fresh step memory of 0.05 d covers it, and the
/// tolerance lets every step pass.
fn with_equal_steps<S: Differentiable>(mut method: Method, system: &mut S, y: &mut Vec<f64>, t: f64, n: u32) {
    let h = t / f64::from(n);
    assert!(h <= 0.05);
    let mut work = Statistics::default();
    for _ in 0..n {
        method.advance(system, y, h, tolerance(1e3, 1e3), &mut work).expect("every step passes");
    }
    assert_eq!((work.steps, work.rejected), (u64::from(n), 0));
}

fn observed_order(coarse: f64, fine: f64) -> f64 {
    (coarse / fine).log2()
}

#[test]
fn nonlinear_blocks() {
    for (name, order, method) in Method::all() {
        let error = |n| {
            let mut system = Kaps::new(3, 4.0);
            let mut y = system.start();
            with_equal_steps(method.clone(), &mut system, &mut y, 1.0, n);
            system.error(&y, 1.0)
        };
        let found = observed_order(error(24), error(48));
        assert!((found - f64::from(order)).abs() < 0.35, "{name}: order {found}, expected {order}");
    }
}

#[test]
fn blocks_coupled_through_shared_states_and_a_sum() {
    for (name, order, method) in Method::all() {
        let problem = Coupled::new(4, 11, 3, 6.0);
        let exact = propagate(&problem.dense(), &problem.to_dense(&problem.start()), 1.0);
        let error = |n| {
            let mut system = problem.clone();
            let mut y = system.start();
            with_equal_steps(method.clone(), &mut system, &mut y, 1.0, n);
            let y = system.to_dense(&y);
            y.iter().zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        let found = observed_order(error(20), error(40));
        // A linear problem may be kinder than the order, never harsher.
        assert!(found > f64::from(order) - 0.35, "{name}: order {found}, expected {order}");
        assert!(found < f64::from(order) + 1.4, "{name}: order {found}, expected {order}");
    }
}

#[test]
fn rosenbrock_keeps_its_accuracy_in_the_stiff_limit() {
    for (name, _, method) in Method::all().into_iter().skip(2) {
        let error = |n| {
            let mut system = Kaps::new(2, 1e7);
            let mut y = system.start();
            with_equal_steps(method.clone(), &mut system, &mut y, 1.0, n);
            system.error(&y, 1.0)
        };
        let (coarse, fine) = (error(20), error(40));
        assert!(coarse < 1e-4, "{name}: {coarse}");
        // Order reduction on this problem leaves at least two.
        assert!(observed_order(coarse, fine) > 1.8, "{name}: {}", observed_order(coarse, fine));
    }
}
