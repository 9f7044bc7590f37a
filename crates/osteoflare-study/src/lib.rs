//! Studies.
pub mod life;
pub mod study;
