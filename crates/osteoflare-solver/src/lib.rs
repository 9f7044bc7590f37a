//! Time integration of *many small stiff blocks coupled through few shared states*.
//!
//! This crate knows nothing of biology.

pub mod dormand_prince;
pub mod system;
