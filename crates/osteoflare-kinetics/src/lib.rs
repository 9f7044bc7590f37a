//! The immune-bone equations.
//!
//! One system of equations produces healthy bone, bacterial osteomyelitis and chronic nonbacterial osteomyelitis.
//! At every site one activation rule compares self signal plus foreign signal with one threshold
//! ([`local`]); sites meet only through the circulation ([`systemic`]). Nothing here knows a disease by name: the
//! three fates differ in the host's tolerance, in germs reaching bone, and in drugs.
//!
//! The text is written once over [`scalar::Scalar`] and runs as numbers, as vector lanes, as dual numbers and as
//! symbols.

pub mod local;
pub mod observable;
pub mod parameters;
pub mod scalar;
pub mod state;
pub mod switches;
pub mod systemic;
pub mod tolerance;
