//! The commands, one file each.

pub mod convert;
pub mod export;
pub mod identifiers;
pub mod model;
pub mod performance;
pub mod record;
pub mod report;
pub mod run;
pub mod score;
pub mod select;
pub mod show;
pub mod source;
pub mod study;
pub mod validate;
