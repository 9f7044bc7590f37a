//! Virtual patients: drawn from a population, struck by triggers, treated with drugs, run to a course.
//!
//! This crate knows nothing of the clinic and nothing of files. Research use only; not a medical device.

pub mod asleep;
pub mod awake;
pub mod awake_jacobian;
mod awake_lanes;
mod chunk;
mod dozing;
pub mod exposure;
pub mod growth;
pub mod host;
pub mod pharmacology;
pub mod pharmacy;
pub mod population;
pub mod prescription;
pub mod purpose;
pub mod repertoire;
pub mod simulation;
mod tangent;
pub mod triggers;
