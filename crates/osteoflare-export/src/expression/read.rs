//! From what the kinetics recorded to a graph, with the unit of every number found out.
//!
//! The text of the equations writes numbers without units: `1 + p.bF·F`, but also `√(x² + ε²)` where `x` is in mg/L.
//! What can be added has the same unit; this makes a system of linear equations in the exponents of the unknown units,
//! which is solved once.

use osteoflare_kinetics::scalar::{Expression, Node};

use crate::expression::graph::{Graph, Id};
use crate::expression::unit::{BASES, Unit};

/// Why the units of an expression do not fit together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum UnitError {
    /// A sum of unlike things.
    #[error(
        "units of the equations do not fit: {what} mixes units (mismatch {mismatch:?} in d, 1e6 CFU/mL, mg/L, mm/h)"
    )]
    Mismatch {
        /// Node of the recorded expression.
        what: String,
        /// Exponents that are left over.
        mismatch: [f64; BASES],
    },
}

/// A recorded expression as part of a graph.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Nodes of the results.
    pub roots: Vec<Id>,
    /// Nodes that the text calls by a name, in the order of the text; each name once.
    pub labels: Vec<(&'static str, Id)>,
    /// Units of names that were not known before, as they follow from the equations.
    pub found: Vec<(String, Unit)>,
}

/// Adds a recorded expression to a graph.
///
/// `unit_of` gives the unit of a name, `None` where it shall follow from the equations; `root_units` those of the
/// results, in their order.
///
/// # Errors
/// [`UnitError`] if the expression adds unlike things.
pub fn read(
    graph: &mut Graph,
    expression: &Expression,
    unit_of: impl Fn(&str) -> Option<Unit>,
    root_units: &[Unit],
) -> Result<Reading, UnitError> {
    let units = Units::solve(expression, unit_of, root_units)?;
    let mut ids: Vec<Id> = Vec::with_capacity(expression.nodes.len());
    for (index, node) in expression.nodes.iter().enumerate() {
        let id = match node {
            Node::Constant(value) => graph.quantity(*value, units.of(index)),
            Node::Name(name) => graph.name(name),
            Node::Add(a, b) => graph.add(ids[*a], ids[*b]),
            Node::Subtract(a, b) => graph.subtract(ids[*a], ids[*b]),
            Node::Multiply(a, b) => graph.multiply(ids[*a], ids[*b]),
            Node::Divide(a, b) => graph.divide(ids[*a], ids[*b]),
            Node::Negate(a) => graph.negate(ids[*a]),
            Node::SquareRoot(a) => graph.square_root(ids[*a]),
            Node::Power(a, exponent) => graph.power(ids[*a], *exponent),
        };
        ids.push(id);
    }
    let mut labels: Vec<(&'static str, Id)> = Vec::new();
    for (node, name) in &expression.labels {
        if labels.iter().all(|(known, _)| known != name) {
            labels.push((name, ids[*node]));
        }
    }
    let mut found = Vec::new();
    for index in &units.unknowns {
        if let Node::Name(name) = &expression.nodes[*index]
            && found.iter().all(|(known, _)| known != name)
        {
            found.push((name.clone(), units.of(*index)));
        }
    }
    Ok(Reading { roots: expression.roots.iter().map(|root| ids[*root]).collect(), labels, found })
}

/// Twice the exponents of a unit: known part, and a factor for every unknown unit.
#[derive(Clone, Debug)]
struct Form {
    known: [f64; BASES],
    unknown: Vec<f64>,
}

impl Form {
    fn combine(&self, other: &Form, factor: f64) -> Form {
        Form {
            known: std::array::from_fn(|b| self.known[b] + factor * other.known[b]),
            unknown: self.unknown.iter().zip(&other.unknown).map(|(x, y)| x + factor * y).collect(),
        }
    }

    fn scaled(&self, factor: f64) -> Form {
        Form {
            known: self.known.map(|x| x * factor),
            unknown: self.unknown.iter().map(|x| x * factor).collect(),
        }
    }
}

struct Units {
    /// Nodes whose unit was to be found.
    unknowns: Vec<usize>,
    solution: Vec<[f64; BASES]>,
}

impl Units {
    fn of(&self, node: usize) -> Unit {
        self.unknowns
            .binary_search(&node)
            .map_or(Unit::ONE, |k| Unit(self.solution[k].map(|x| x.round() as i8)))
    }

    fn solve(
        expression: &Expression,
        unit_of: impl Fn(&str) -> Option<Unit>,
        root_units: &[Unit],
    ) -> Result<Units, UnitError> {
        let needed = needed(expression);
        let known = |node: &Node| match node {
            Node::Name(name) => unit_of(name),
            _ => None,
        };
        let unknowns: Vec<usize> = (0..expression.nodes.len())
            .filter(|i| needed[*i])
            .filter(|i| match &expression.nodes[*i] {
                Node::Constant(_) => true,
                node @ Node::Name(_) => known(node).is_none(),
                _ => false,
            })
            .collect();
        let none = Form { known: [0.0; BASES], unknown: vec![0.0; unknowns.len()] };
        let mut forms: Vec<Form> = Vec::with_capacity(expression.nodes.len());
        let mut system = System::default();
        for (index, node) in expression.nodes.iter().enumerate() {
            if !needed[index] {
                forms.push(none.clone());
                continue;
            }
            let form = match node {
                Node::Constant(_) | Node::Name(_) => match (known(node), unknowns.binary_search(&index)) {
                    (Some(unit), _) => Form { known: unit.0.map(f64::from), ..none.clone() },
                    (None, Ok(k)) => {
                        let mut form = none.clone();
                        form.unknown[k] = 1.0;
                        form
                    }
                    (None, Err(_)) => none.clone(),
                },
                // Nothing has every unit.
                Node::Add(a, b) | Node::Subtract(a, b) if is_zero(expression, *b) => forms[*a].clone(),
                Node::Add(a, b) | Node::Subtract(a, b) if is_zero(expression, *a) => forms[*b].clone(),
                Node::Add(a, b) | Node::Subtract(a, b) => {
                    system.demand(forms[*a].combine(&forms[*b], -1.0), || describe(expression, index))?;
                    forms[*a].clone()
                }
                Node::Multiply(a, b) => forms[*a].combine(&forms[*b], 1.0),
                Node::Divide(a, b) => forms[*a].combine(&forms[*b], -1.0),
                Node::Negate(a) => forms[*a].clone(),
                Node::SquareRoot(a) => forms[*a].scaled(0.5),
                Node::Power(a, exponent) => forms[*a].scaled(*exponent),
            };
            forms.push(form);
        }
        for (number, (root, unit)) in expression.roots.iter().zip(root_units).enumerate() {
            let expected = Form { known: unit.0.map(f64::from), ..none.clone() };
            system.demand(forms[*root].combine(&expected, -1.0), || format!("result number {number}"))?;
        }
        Ok(Units { solution: system.solution(unknowns.len()), unknowns })
    }
}

fn needed(expression: &Expression) -> Vec<bool> {
    let mut needed = vec![false; expression.nodes.len()];
    for root in &expression.roots {
        needed[*root] = true;
    }
    for index in (0..expression.nodes.len()).rev() {
        if needed[index] {
            match expression.nodes[index] {
                Node::Constant(_) | Node::Name(_) => {}
                Node::Add(a, b) | Node::Subtract(a, b) | Node::Multiply(a, b) | Node::Divide(a, b) => {
                    needed[a] = true;
                    needed[b] = true;
                }
                Node::Negate(a) | Node::SquareRoot(a) | Node::Power(a, _) => needed[a] = true,
            }
        }
    }
    needed
}

fn is_zero(expression: &Expression, node: usize) -> bool {
    match expression.nodes[node] {
        Node::Constant(value) => value == 0.0,
        Node::Multiply(a, b) => is_zero(expression, a) || is_zero(expression, b),
        _ => false,
    }
}

fn describe(expression: &Expression, index: usize) -> String {
    let root = Expression { nodes: expression.nodes.clone(), roots: vec![index], labels: Vec::new() };
    format!("a sum of {}", root.dependencies(0).join(", "))
}

/// Linear equations in row echelon form: the pivot of each row is 1 and occurs in no later row.
#[derive(Default)]
struct System {
    rows: Vec<(usize, Form)>,
}

impl System {
    /// Adds `form = 0`.
    fn demand(&mut self, mut form: Form, what: impl Fn() -> String) -> Result<(), UnitError> {
        for (pivot, row) in &self.rows {
            let factor = form.unknown[*pivot];
            if factor != 0.0 {
                form = form.combine(row, -factor);
            }
        }
        match form.unknown.iter().position(|x| x.abs() > 1e-9) {
            Some(pivot) => {
                let row = form.scaled(1.0 / form.unknown[pivot]);
                self.rows.push((pivot, row));
                Ok(())
            }
            None if form.known.iter().all(|x| x.abs() < 1e-9) => Ok(()),
            None => Err(UnitError::Mismatch { what: what(), mismatch: form.known.map(|x| x / 2.0) }),
        }
    }

    /// Exponents of the unknown units; what nothing says is a pure number.
    fn solution(&self, unknowns: usize) -> Vec<[f64; BASES]> {
        let mut solution = vec![[0.0; BASES]; unknowns];
        for (pivot, row) in self.rows.iter().rev() {
            let mut value = row.known.map(|x| -x);
            for (k, factor) in row.unknown.iter().enumerate() {
                if k != *pivot && *factor != 0.0 {
                    for b in 0..BASES {
                        value[b] -= factor * solution[k][b];
                    }
                }
            }
            solution[*pivot] = value;
        }
        solution
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use osteoflare_kinetics::scalar::{Scalar, Symbol, positive_part, record};

    const MG: Unit = Unit([0, 0, 2, 0]);

    #[test]
    fn smoothing_takes_the_unit_of_what_it_smooths() {
        let expression = record(|| vec![positive_part(Symbol::named("crp") - Symbol::named("rest"))]);
        let mut graph = Graph::default();
        let reading = read(&mut graph, &expression, |n| (n == "crp").then_some(MG), &[MG]).unwrap();
        assert_eq!(reading.found, [("rest".to_owned(), MG)]);
        // ε is in mg/L; ε·ε is not folded, for its unit would be lost.
        assert!(graph.terms().contains(&crate::expression::Term::Constant(1e-3, MG)));
    }

    #[test]
    fn unlike_things_cannot_be_added() {
        let expression = record(|| vec![Symbol::named("crp") + Symbol::named("day")]);
        let unit = |n: &str| Some(if n == "crp" { MG } else { Unit::DAY });
        let error = read(&mut Graph::default(), &expression, unit, &[MG]).unwrap_err();
        assert!(error.to_string().contains("crp, day"), "{error}");
    }

    #[test]
    fn a_slope_per_root_has_half_a_unit() {
        let expression =
            record(|| vec![Symbol::named("slope") * Symbol::named("crp").sqrt() + Symbol::constant(2.0)]);
        let esr = Unit([0, 0, 0, 2]);
        let unit = |n: &str| (n == "crp").then_some(MG);
        let reading = read(&mut Graph::default(), &expression, unit, &[esr]).unwrap();
        assert_eq!(reading.found, [("slope".to_owned(), Unit([0, 0, -1, 2]))]);
    }
}
