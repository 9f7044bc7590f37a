//! Studies: the file that describes one, the run of its patients, the tables it leaves, and the summary of those.
//!
//! ```text
//! study.toml ─ file ─► Study ─ run (life × patients) ─► results folder ─ results ─► summary
//! ```
//!
//! Research use only; not a medical device.

pub mod accuracy;
pub mod file;
pub mod life;
pub mod living;
pub mod results;
pub mod run;
pub mod study;
pub mod summary;
pub mod tables;
pub mod whole_file;

#[cfg(test)]
mod testing;
