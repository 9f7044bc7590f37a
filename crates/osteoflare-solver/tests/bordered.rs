//! The arrowhead solver against a dense one.

mod problems;

use osteoflare_solver::bordered::{BorderedFactors, BorderedJacobian, Singular};
use osteoflare_solver::rosenbrock::Differentiable;
use osteoflare_solver::system::BlockSystem;
use problems::Coupled;

fn jacobian_of(problem: &mut Coupled) -> BorderedJacobian {
    let mut jacobian = BorderedJacobian::default();
    jacobian.reset(problem.local_states(), problem.stride(), problem.shared_states(), problem.auxiliaries());
    let y = problem.start();
    problem.jacobian(&y, &mut jacobian);
    jacobian
}

#[test]
fn solution_satisfies_the_dense_equations() {
    for (states, blocks, shared) in [(1, 1, 0), (3, 8, 1), (24, 19, 10)] {
        let mut problem = Coupled::new(states.max(2), blocks, shared, 9.0);
        let jacobian = jacobian_of(&mut problem);
        let theta = 3.7;
        let mut factors = BorderedFactors::default();
        factors.factor(&jacobian, theta).expect("diagonally dominant");
        let rhs = problem.start();
        let mut x = rhs.clone();
        factors.solve(&mut x);
        let (x, rhs) = (problem.to_dense(&x), problem.to_dense(&rhs));
        for (i, row) in problem.dense().iter().enumerate() {
            let product: f64 = row.iter().zip(&x).map(|(m, x)| m * x).sum();
            let residual = theta * x[i] - product - rhs[i];
            assert!(residual.abs() < 1e-10, "row {i}: residual {residual:e}");
        }
    }
}

#[test]
fn a_singular_matrix_is_reported() {
    let mut problem = Coupled::new(2, 1, 0, 2.0);
    problem.a[0] = vec![vec![1.0, 1.0], vec![1.0, 1.0]];
    let jacobian = jacobian_of(&mut problem);
    // 2·I − [[1, 1], [1, 1]] is singular.
    assert_eq!(BorderedFactors::default().factor(&jacobian, 2.0), Err(Singular));
    assert_eq!(BorderedFactors::default().factor(&jacobian, 3.0), Ok(()));
    assert_eq!(BorderedFactors::default().factor(&jacobian, f64::NAN), Err(Singular));
}
