//! Symbolic reading: expressions, their simplification, units, derivatives.

mod derivative;
mod graph;
mod read;
mod unit;

pub use derivative::{Differentiator, Jacobian, jacobian};
pub use graph::{Graph, Id, Term};
pub use read::{Reading, UnitError, read};
pub use unit::{BASES, Unit};
