//! The equations as expressions: the same text, recorded instead of computed.

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Scalar;

/// One operation of a recorded expression; operands are indices of earlier nodes.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Constant(f64),
    /// A named state, parameter or input.
    Name(String),
    /// Sum.
    Add(usize, usize),
    /// Difference.
    Subtract(usize, usize),
    /// Product.
    Multiply(usize, usize),
    /// Quotient.
    Divide(usize, usize),
    /// Change of sign.
    Negate(usize),
    /// Square root.
    SquareRoot(usize),
    /// Constant power.
    Power(usize, f64),
}

thread_local! {
    static TAPE: RefCell<Vec<Node>> = const { RefCell::new(Vec::new()) };
    static LABELS: RefCell<Vec<(usize, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// A handle to a node on this thread's tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol(usize);

impl Symbol {
    fn push(node: Node) -> Self {
        TAPE.with_borrow_mut(|tape| {
            tape.push(node);
            Symbol(tape.len() - 1)
        })
    }

    /// A named quantity.
    pub fn named(name: impl Into<String>) -> Self {
        Symbol::push(Node::Name(name.into()))
    }

    /// Index of the node on the tape.
    pub fn index(self) -> usize {
        self.0
    }
}

/// A recorded computation: the nodes and which of them are results.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// All nodes, operands before their use.
    pub nodes: Vec<Node>,
    /// Results.
    pub roots: Vec<usize>,
    /// Nodes that the text of the equations calls by a name, in the order of the text.
    pub labels: Vec<(usize, &'static str)>,
}

/// Runs `f` on symbols and returns what it recorded; `f` returns the results.
pub fn record(f: impl FnOnce() -> Vec<Symbol>) -> Expression {
    TAPE.with_borrow_mut(Vec::clear);
    LABELS.with_borrow_mut(Vec::clear);
    let roots = f().into_iter().map(Symbol::index).collect();
    let nodes = TAPE.with_borrow_mut(std::mem::take);
    let labels = LABELS.with_borrow_mut(std::mem::take);
    Expression { nodes, roots, labels }
}

impl Expression {
    /// Names on which root number `root` depends, sorted.
    pub fn dependencies(&self, root: usize) -> Vec<&str> {
        let mut seen = vec![false; self.nodes.len()];
        let mut stack = vec![self.roots[root]];
        let mut names = Vec::new();
        while let Some(i) = stack.pop() {
            if std::mem::replace(&mut seen[i], true) {
                continue;
            }
            match &self.nodes[i] {
                Node::Constant(_) => {}
                Node::Name(name) => names.push(name.as_str()),
                Node::Add(a, b) | Node::Subtract(a, b) | Node::Multiply(a, b) | Node::Divide(a, b) => {
                    stack.extend([*a, *b]);
                }
                Node::Negate(a) | Node::SquareRoot(a) | Node::Power(a, _) => stack.push(*a),
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Evaluates every root with `value_of` giving the names their values.
    pub fn evaluate(&self, value_of: impl Fn(&str) -> f64) -> Vec<f64> {
        let mut v: Vec<f64> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            v.push(match node {
                Node::Constant(c) => *c,
                Node::Name(name) => value_of(name),
                Node::Add(a, b) => v[*a] + v[*b],
                Node::Subtract(a, b) => v[*a] - v[*b],
                Node::Multiply(a, b) => v[*a] * v[*b],
                Node::Divide(a, b) => v[*a] / v[*b],
                Node::Negate(a) => -v[*a],
                Node::SquareRoot(a) => v[*a].sqrt(),
                Node::Power(a, e) => libm::pow(v[*a], *e),
            });
        }
        self.roots.iter().map(|&r| v[r]).collect()
    }
}

macro_rules! binary {
    ($trait:ident, $method:ident, $node:ident) => {
        impl $trait for Symbol {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Symbol::push(Node::$node(self.0, other.0))
            }
        }
    };
}

binary!(Add, add, Add);
binary!(Sub, sub, Subtract);
binary!(Mul, mul, Multiply);
binary!(Div, div, Divide);

impl Neg for Symbol {
    type Output = Self;
    fn neg(self) -> Self {
        Symbol::push(Node::Negate(self.0))
    }
}

impl Scalar for Symbol {
    fn constant(value: f64) -> Self {
        Symbol::push(Node::Constant(value))
    }
    fn sqrt(self) -> Self {
        Symbol::push(Node::SquareRoot(self.0))
    }
    fn powf(self, exponent: f64) -> Self {
        Symbol::push(Node::Power(self.0, exponent))
    }
    fn called(self, name: &'static str) -> Self {
        LABELS.with_borrow_mut(|labels| labels.push((self.0, name)));
        self
    }
}
