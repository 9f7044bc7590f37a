//! Virtual patients.

pub mod exposure;
pub mod population;
pub mod prescription;
