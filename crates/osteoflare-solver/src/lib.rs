//! Time integration of *many small stiff blocks coupled through few shared states*.
//!
//! Three integrators solve the same [`system::BlockSystem`] with the same `advance`: explicit
//! [`dormand_prince`], stabilised explicit [`rkc`], and linearly implicit [`rosenbrock`] with the linear algebra of
//! [`bordered`]. This crate knows nothing of biology.

pub mod bordered;
pub mod dormand_prince;
pub mod rkc;
pub mod rosenbrock;
mod step_size;
pub mod system;
