//! Symbolic derivatives and the sparsity of Jacobians.

use std::collections::HashMap;

use crate::expression::graph::{Graph, Id, Term};

/// Derivatives with respect to one name, remembered node by node.
#[derive(Debug)]
pub struct Differentiator {
    name: String,
    known: HashMap<Id, Id>,
}

impl Differentiator {
    /// Differentiates with respect to `name`.
    pub fn new(name: &str) -> Self {
        Differentiator { name: name.to_owned(), known: HashMap::new() }
    }

    /// The derivative of a node, as a node of the same graph.
    pub fn derivative(&mut self, graph: &mut Graph, of: Id) -> Id {
        // Operands come before their use: one pass from below needs no recursion.
        let needed = graph.needed([of]);
        for id in 0..=of {
            if needed[id] && !self.known.contains_key(&id) {
                let slope = self.chain(graph, id);
                self.known.insert(id, slope);
            }
        }
        self.known[&of]
    }

    fn chain(&self, graph: &mut Graph, id: Id) -> Id {
        let d = |operand: Id| self.known[&operand];
        match graph.term(id) {
            Term::Constant(..) => graph.constant(0.0),
            Term::Name(name) => {
                let hit = graph.names()[name] == self.name;
                graph.constant(f64::from(u8::from(hit)))
            }
            Term::Add(a, b) => graph.add(d(a), d(b)),
            Term::Subtract(a, b) => graph.subtract(d(a), d(b)),
            Term::Multiply(a, b) => {
                let (left, right) = (graph.multiply(d(a), b), graph.multiply(a, d(b)));
                graph.add(left, right)
            }
            Term::Divide(a, b) => {
                // (a/b)' = (a' − (a/b)·b')/b
                let inner = graph.multiply(id, d(b));
                let top = graph.subtract(d(a), inner);
                graph.divide(top, b)
            }
            Term::Negate(a) => graph.negate(d(a)),
            Term::SquareRoot(a) => {
                let twice = graph.add(id, id);
                graph.divide(d(a), twice)
            }
            Term::Power(a, exponent) => {
                let lower = graph.power(a, exponent - 1.0);
                let factor = graph.constant(exponent);
                let slope = graph.multiply(factor, lower);
                graph.multiply(slope, d(a))
            }
            Term::Exponential(a) => graph.multiply(id, d(a)),
        }
    }
}

/// Non-zero entries of a Jacobian, row by row, with their derivatives.
#[derive(Clone, Debug, PartialEq)]
pub struct Jacobian {
    /// `(row, column, node of the derivative)`, ascending by row and column.
    pub entries: Vec<(usize, usize, Id)>,
}

/// Derivatives of `rows` with respect to the named `columns`; entries that are zero by structure are left out.
pub fn jacobian(graph: &mut Graph, rows: &[Id], columns: &[&str]) -> Jacobian {
    let mut entries = Vec::new();
    for (c, name) in columns.iter().enumerate() {
        let mut by_name = Differentiator::new(name);
        for (r, row) in rows.iter().enumerate() {
            if !graph.dependencies(*row).contains(name) {
                continue;
            }
            let slope = by_name.derivative(graph, *row);
            if !graph.is_zero(slope) {
                entries.push((r, c, slope));
            }
        }
    }
    entries.sort_unstable();
    Jacobian { entries }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_differentiation() {
        let mut g = Graph::default();
        let x = g.name("x");
        let two = g.constant(2.0);
        let parts = {
            let square = g.multiply(x, x);
            let below = g.add(two, x);
            let quotient = g.divide(square, below);
            let root = g.square_root(below);
            let power = g.power(below, 2.5);
            let scaled = g.multiply(two, x);
            let exponential = g.exponential(scaled);
            let minus = g.negate(square);
            [quotient, root, power, exponential, minus]
        };
        let slopes = parts.map(|part| Differentiator::new("x").derivative(&mut g, part));
        let at: f64 = 0.7;
        let v = g.evaluate(|_| at);
        let b = 2.0 + at;
        let expected = [
            (2.0 * at * b - at * at) / (b * b),
            0.5 / b.sqrt(),
            2.5 * b.powf(1.5),
            2.0 * (2.0 * at).exp(),
            -2.0 * at,
        ];
        for (slope, expected) in slopes.iter().zip(expected) {
            assert!(
                (v[*slope] - expected).abs() < 1e-14 * (1.0 + expected.abs()),
                "{} {expected}",
                v[*slope]
            );
        }
    }
}
