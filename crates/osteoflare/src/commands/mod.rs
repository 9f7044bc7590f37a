//! The commands, one file each.

pub mod export;
pub mod model;
pub mod report;
pub mod run;
pub mod select;
pub mod show;
pub mod study;
pub mod validate;
