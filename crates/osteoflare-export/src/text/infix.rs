//! Formulas with as few brackets as needed.

use crate::expression::{Graph, Id, Term};

/// How formulas look.
pub(super) trait Notation {
    /// A name.
    fn name(&self, name: &str) -> String;
    /// A number.
    fn number(&self, value: f64) -> String {
        value.to_string()
    }
    /// A product.
    fn product(&self, a: &str, b: &str) -> String;
    /// A quotient, and how strongly it binds.
    fn quotient(&self, a: &str, b: &str) -> (String, Strength);
    /// Whether operands of a quotient need no brackets.
    fn quotient_encloses(&self) -> bool;
    /// A power.
    fn power(&self, a: &str, exponent: f64) -> String;
    /// A function of one argument: `sqrt` or `exp`.
    fn function(&self, name: &str, a: &str) -> String;
    /// Brackets.
    fn brackets(&self, inner: &str) -> String;
}

/// How strongly a formula binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Sum,
    Product,
    Power,
    Atom,
}

/// Plain text: `a*b/(c + d)`.
pub(super) struct Plain;

impl Notation for Plain {
    fn name(&self, name: &str) -> String {
        name.to_owned()
    }
    fn product(&self, a: &str, b: &str) -> String {
        format!("{a}*{b}")
    }
    fn quotient(&self, a: &str, b: &str) -> (String, Strength) {
        (format!("{a}/{b}"), Strength::Product)
    }
    fn quotient_encloses(&self) -> bool {
        false
    }
    fn power(&self, a: &str, exponent: f64) -> String {
        format!("{a}^{exponent}")
    }
    fn function(&self, name: &str, a: &str) -> String {
        format!("{name}({a})")
    }
    fn brackets(&self, inner: &str) -> String {
        format!("({inner})")
    }
}

/// Writes nodes of a graph.
pub(super) struct Infix<'a> {
    pub(super) graph: &'a Graph,
    /// Nodes that are written as a name.
    pub(super) named: &'a [(&'static str, Id)],
    pub(super) notation: &'a dyn Notation,
}

impl Infix<'_> {
    /// The formula of a node, or its name.
    pub(super) fn write(&self, id: Id) -> String {
        self.operand(id, Strength::Sum)
    }

    /// The formula of a node, even if it has a name.
    pub(super) fn define(&self, id: Id) -> String {
        self.compose(id).0
    }

    fn operand(&self, id: Id, least: Strength) -> String {
        if let Some((name, _)) = self.named.iter().find(|(_, node)| *node == id) {
            return self.notation.name(name);
        }
        let (text, strength) = self.compose(id);
        if strength < least { self.notation.brackets(&text) } else { text }
    }

    fn compose(&self, id: Id) -> (String, Strength) {
        use Strength::{Atom, Power, Product, Sum};
        let n = self.notation;
        match self.graph.term(id) {
            Term::Constant(value, _) if value < 0.0 => (n.number(value), Sum),
            Term::Constant(value, _) => (n.number(value), Atom),
            Term::Name(name) => (n.name(&self.graph.names()[name]), Atom),
            Term::Add(a, b) => (format!("{} + {}", self.operand(a, Sum), self.operand(b, Sum)), Sum),
            Term::Subtract(a, b) => (format!("{} - {}", self.operand(a, Sum), self.operand(b, Product)), Sum),
            Term::Multiply(a, b) => {
                (n.product(&self.operand(a, Product), &self.operand(b, Product)), Product)
            }
            Term::Divide(a, b) => {
                let (above, below) = if n.quotient_encloses() { (Sum, Sum) } else { (Product, Power) };
                n.quotient(&self.operand(a, above), &self.operand(b, below))
            }
            Term::Negate(a) => (format!("-{}", self.operand(a, Product)), Sum),
            Term::SquareRoot(a) => (n.function("sqrt", &self.operand(a, Sum)), Atom),
            Term::Power(a, exponent) => (n.power(&self.operand(a, Atom), exponent), Power),
            Term::Exponential(a) => (n.function("exp", &self.operand(a, Sum)), Atom),
        }
    }
}
