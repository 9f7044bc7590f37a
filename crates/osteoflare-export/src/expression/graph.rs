//! Expressions as a graph in which equal expressions are one node.
//!
//! Nodes are simplified as they are made (constants folded, neutral elements dropped), and made once: common
//! subexpressions need no search.

use std::collections::{BTreeSet, HashMap};

use crate::expression::unit::Unit;

/// Index of a node.
pub type Id = usize;

/// One operation; operands are earlier nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Term {
    /// A number with its unit.
    Constant(f64, Unit),
    /// A state, parameter or input: index into [`Graph::names`].
    Name(usize),
    /// Sum.
    Add(Id, Id),
    /// Difference.
    Subtract(Id, Id),
    /// Product.
    Multiply(Id, Id),
    /// Quotient.
    Divide(Id, Id),
    /// Change of sign.
    Negate(Id),
    /// Square root.
    SquareRoot(Id),
    /// Constant power.
    Power(Id, f64),
    /// Exponential.
    Exponential(Id),
}

/// A term as a key: numbers by their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key(u8, u64, u64, Unit);

impl Term {
    fn key(self) -> Key {
        let pair = |tag, a: Id, b: Id| Key(tag, a as u64, b as u64, Unit::ONE);
        match self {
            Term::Constant(value, unit) => Key(0, value.to_bits(), 0, unit),
            Term::Name(name) => pair(1, name, 0),
            Term::Add(a, b) => pair(2, a, b),
            Term::Subtract(a, b) => pair(3, a, b),
            Term::Multiply(a, b) => pair(4, a, b),
            Term::Divide(a, b) => pair(5, a, b),
            Term::Negate(a) => pair(6, a, 0),
            Term::SquareRoot(a) => pair(7, a, 0),
            Term::Power(a, e) => Key(8, a as u64, e.to_bits(), Unit::ONE),
            Term::Exponential(a) => pair(9, a, 0),
        }
    }

    /// Nodes that this one reads, in order.
    pub fn operands(self) -> impl Iterator<Item = Id> {
        let pair = match self {
            Term::Constant(..) | Term::Name(_) => [None, None],
            Term::Add(a, b) | Term::Subtract(a, b) | Term::Multiply(a, b) | Term::Divide(a, b) => {
                [Some(a), Some(b)]
            }
            Term::Negate(a) | Term::SquareRoot(a) | Term::Power(a, _) | Term::Exponential(a) => {
                [Some(a), None]
            }
        };
        pair.into_iter().flatten()
    }
}

/// Expressions that share their parts.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    terms: Vec<Term>,
    known: HashMap<Key, Id>,
    names: Vec<String>,
    named: HashMap<String, usize>,
}

impl Graph {
    /// The node of a term; simpler ones stand for what they equal.
    fn intern(&mut self, term: Term) -> Id {
        *self.known.entry(term.key()).or_insert_with(|| {
            self.terms.push(term);
            self.terms.len() - 1
        })
    }

    /// All nodes, operands before their use.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// A node.
    pub fn term(&self, id: Id) -> Term {
        self.terms[id]
    }

    /// Names that occur, in the order of their first mention.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A number without unit.
    pub fn constant(&mut self, value: f64) -> Id {
        self.intern(Term::Constant(value, Unit::ONE))
    }

    /// A number with its unit.
    pub fn quantity(&mut self, value: f64, unit: Unit) -> Id {
        self.intern(Term::Constant(value, unit))
    }

    /// A named quantity.
    pub fn name(&mut self, name: &str) -> Id {
        let index = match self.named.get(name) {
            Some(index) => *index,
            None => {
                self.names.push(name.to_owned());
                self.named.insert(name.to_owned(), self.names.len() - 1);
                self.names.len() - 1
            }
        };
        self.intern(Term::Name(index))
    }

    /// The pure number that a node is, if it is one.
    pub fn number(&self, id: Id) -> Option<f64> {
        match self.terms[id] {
            Term::Constant(value, Unit::ONE) => Some(value),
            _ => None,
        }
    }

    /// Whether a node is zero, in whatever unit.
    pub fn is_zero(&self, id: Id) -> bool {
        matches!(self.terms[id], Term::Constant(0.0, _))
    }

    /// Sum.
    pub fn add(&mut self, a: Id, b: Id) -> Id {
        match (self.number(a), self.number(b)) {
            (Some(x), Some(y)) => self.constant(x + y),
            _ if self.is_zero(a) => b,
            _ if self.is_zero(b) => a,
            _ => self.intern(Term::Add(a, b)),
        }
    }

    /// Difference.
    pub fn subtract(&mut self, a: Id, b: Id) -> Id {
        match (self.number(a), self.number(b)) {
            (Some(x), Some(y)) => self.constant(x - y),
            _ if self.is_zero(b) => a,
            _ if self.is_zero(a) => self.negate(b),
            _ if a == b => self.constant(0.0),
            _ => self.intern(Term::Subtract(a, b)),
        }
    }

    /// Product.
    pub fn multiply(&mut self, a: Id, b: Id) -> Id {
        match (self.number(a), self.number(b)) {
            (Some(x), Some(y)) => self.constant(x * y),
            (Some(1.0), _) => b,
            (_, Some(1.0)) => a,
            _ if self.is_zero(a) || self.is_zero(b) => self.constant(0.0),
            _ => self.intern(Term::Multiply(a, b)),
        }
    }

    /// Quotient.
    pub fn divide(&mut self, a: Id, b: Id) -> Id {
        match (self.number(a), self.number(b)) {
            (Some(x), Some(y)) => self.constant(x / y),
            (_, Some(1.0)) => a,
            _ if self.is_zero(a) => self.constant(0.0),
            _ => self.intern(Term::Divide(a, b)),
        }
    }

    /// Change of sign.
    pub fn negate(&mut self, a: Id) -> Id {
        match self.terms[a] {
            Term::Constant(value, unit) => self.quantity(-value, unit),
            Term::Negate(inner) => inner,
            _ => self.intern(Term::Negate(a)),
        }
    }

    /// Square root.
    pub fn square_root(&mut self, a: Id) -> Id {
        match self.number(a) {
            Some(x) => self.constant(x.sqrt()),
            None => self.intern(Term::SquareRoot(a)),
        }
    }

    /// Constant power.
    pub fn power(&mut self, a: Id, exponent: f64) -> Id {
        match self.number(a) {
            Some(x) => self.constant(libm::pow(x, exponent)),
            None if exponent == 1.0 => a,
            None => self.intern(Term::Power(a, exponent)),
        }
    }

    /// Exponential.
    pub fn exponential(&mut self, a: Id) -> Id {
        match self.number(a) {
            Some(x) => self.constant(libm::exp(x)),
            None => self.intern(Term::Exponential(a)),
        }
    }

    /// Which nodes the given ones need, themselves included.
    pub fn needed(&self, roots: impl IntoIterator<Item = Id>) -> Vec<bool> {
        let mut needed = vec![false; self.terms.len()];
        let mut stack: Vec<Id> = roots.into_iter().collect();
        while let Some(id) = stack.pop() {
            if !std::mem::replace(&mut needed[id], true) {
                stack.extend(self.terms[id].operands());
            }
        }
        needed
    }

    /// How often each node is read by nodes that the roots need, or is a root itself.
    pub fn uses(&self, roots: &[Id]) -> Vec<u32> {
        let needed = self.needed(roots.iter().copied());
        let mut uses = vec![0; self.terms.len()];
        for root in roots {
            uses[*root] += 1;
        }
        for (id, term) in self.terms.iter().enumerate() {
            if needed[id] {
                term.operands().for_each(|operand| uses[operand] += 1);
            }
        }
        uses
    }

    /// Names that a node depends on, sorted.
    pub fn dependencies(&self, root: Id) -> BTreeSet<&str> {
        let needed = self.needed([root]);
        let names = self.terms.iter().enumerate().filter_map(|(id, term)| match term {
            Term::Name(name) if needed[id] => Some(self.names[*name].as_str()),
            _ => None,
        });
        names.collect()
    }

    /// Values of all nodes, with `value_of` giving the names theirs.
    pub fn evaluate(&self, value_of: impl Fn(&str) -> f64) -> Vec<f64> {
        let mut v: Vec<f64> = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            v.push(match *term {
                Term::Constant(value, _) => value,
                Term::Name(name) => value_of(&self.names[name]),
                Term::Add(a, b) => v[a] + v[b],
                Term::Subtract(a, b) => v[a] - v[b],
                Term::Multiply(a, b) => v[a] * v[b],
                Term::Divide(a, b) => v[a] / v[b],
                Term::Negate(a) => -v[a],
                Term::SquareRoot(a) => v[a].sqrt(),
                Term::Power(a, exponent) => libm::pow(v[a], exponent),
                Term::Exponential(a) => libm::exp(v[a]),
            });
        }
        v
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_expressions_are_one_node_and_neutral_elements_vanish() {
        let mut g = Graph::default();
        let (x, y) = (g.name("x"), g.name("y"));
        let (zero, one) = (g.constant(0.0), g.constant(1.0));
        let sum = g.add(x, y);
        assert_eq!(sum, g.add(x, y));
        assert_ne!(sum, g.add(y, x), "the order of the text is kept");
        assert_eq!(g.add(zero, x), x);
        assert_eq!(g.multiply(one, x), x);
        assert_eq!(g.divide(x, one), x);
        assert!(g.multiply(zero, sum) == zero && g.subtract(sum, sum) == zero);
        let twice = g.negate(sum);
        assert_eq!(g.negate(twice), sum);
        let two = g.add(one, one);
        assert_eq!(g.number(two), Some(2.0));
    }

    #[test]
    fn a_unit_keeps_its_one() {
        let mut g = Graph::default();
        let x = g.name("x");
        let per_hour = g.quantity(1.0, Unit([0, 0, 0, -2]));
        assert_ne!(g.multiply(x, per_hour), x);
    }
}
