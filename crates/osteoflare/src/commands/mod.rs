//! The commands, one file each.

pub mod model;
pub mod report;
pub mod run;
pub mod show;
pub mod study;
pub mod validate;
