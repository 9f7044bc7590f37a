//! Expressions as MathML.

use crate::expression::{Graph, Id, Term, Unit};
use crate::xml::Element;

/// Namespace of MathML.
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
/// Namespace of units on numbers.
const SBML: &str = "http://www.sbml.org/sbml/level3/version2/core";

/// `<math>` around an expression.
pub fn math(inner: Element) -> Element {
    Element::new("math").with("xmlns", MATHML).with("xmlns:sbml", SBML).child(inner)
}

/// A number with the identifier of its unit.
pub fn number(value: f64, unit: &str) -> Element {
    Element::new("cn").with("sbml:units", unit).text(value)
}

/// A name.
pub fn name(name: &str) -> Element {
    Element::new("ci").text(name)
}

/// The time of the simulation.
pub fn time() -> Element {
    Element::new("csymbol")
        .with("encoding", "text")
        .with("definitionURL", "http://www.sbml.org/sbml/symbols/time")
        .text("time")
}

/// An operator applied to operands.
pub fn apply(operator: &str, operands: impl IntoIterator<Item = Element>) -> Element {
    Element::new("apply").child(Element::new(operator)).children(operands)
}

/// Writes nodes of a graph; nodes in `called` are written as the name that stands for them.
pub struct Writer<'a> {
    /// Where the nodes are.
    pub graph: &'a Graph,
    /// Name of a node that is defined elsewhere.
    pub called: &'a dyn Fn(Id) -> Option<String>,
    /// Identifier for a name of the graph.
    pub rename: &'a dyn Fn(&str) -> String,
}

impl Writer<'_> {
    /// An expression; its own name is used if it is defined elsewhere.
    pub fn write(&self, id: Id) -> Element {
        match (self.called)(id) {
            Some(other) => name(&other),
            None => self.define(id),
        }
    }

    /// The expression itself, even if it has a name.
    pub fn define(&self, id: Id) -> Element {
        match self.graph.term(id) {
            Term::Constant(value, unit) => number(value, &unit.identifier()),
            Term::Name(index) => name(&(self.rename)(&self.graph.names()[index])),
            Term::Add(..) => apply("plus", self.flat(id, |t| matches!(t, Term::Add(..)))),
            Term::Multiply(..) => apply("times", self.flat(id, |t| matches!(t, Term::Multiply(..)))),
            Term::Subtract(a, b) => apply("minus", [self.write(a), self.write(b)]),
            Term::Divide(a, b) => apply("divide", [self.write(a), self.write(b)]),
            Term::Negate(a) => apply("minus", [self.write(a)]),
            Term::SquareRoot(a) => apply("root", [self.write(a)]),
            Term::Power(a, exponent) => {
                apply("power", [self.write(a), number(exponent, &Unit::ONE.identifier())])
            }
            Term::Exponential(a) => apply("exp", [self.write(a)]),
        }
    }

    /// Operands of a chain of the same operator, from left to right: `a + b + c` is one sum.
    fn flat(&self, id: Id, same: impl Fn(Term) -> bool + Copy) -> Vec<Element> {
        let mut operands: Vec<Id> = self.graph.term(id).operands().collect();
        // Only the left operand is opened: the order of additions is that of the text.
        while (self.called)(operands[0]).is_none() && same(self.graph.term(operands[0])) {
            let inner: Vec<Id> = self.graph.term(operands[0]).operands().collect();
            operands.splice(0..1, inner);
        }
        operands.into_iter().map(|operand| self.write(operand)).collect()
    }
}
