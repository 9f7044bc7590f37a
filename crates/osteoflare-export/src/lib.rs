//! The equations and virtual patients in the words of other programs.
//!
//! The kinetics are written once. Here their own source is read as symbols ([`equations`]) and written out: SBML, LaTeX,
//! Markdown, C with sparse derivatives. A virtual patient becomes a [`scenario`]: everything that a solver must know to
//! live through the same time, and nothing random any more.
//!
//! Research use only; not a medical device.

pub mod c_source;
pub mod combine;
pub mod equations;
pub mod expression;
pub mod ontology;
pub mod sbml;
pub mod scenario;
pub mod text;
mod xml;
