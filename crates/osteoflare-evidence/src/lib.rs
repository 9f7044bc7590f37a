//! Published numbers with their sources, computed from cohorts of records and compared.
//!
//! [`Evidence`] holds the published records; each is one number with unit, denominator, time and source.
//! [`statistics`] says, record by record, how the number is computed from the findings of a simulated (or real)
//! cohort, or why it cannot be. [`compare`] puts the two side by side.
//!
//! # When do the two agree?
//! 1. If the published number has a 95 % interval, it agrees when that interval and the simulated 95 % interval
//!    overlap. The published interval is the one reported; for a proportion with denominator it is Wilson's; for a mean
//!    with standard deviation and number of patients, or with standard error, it is the interval of the mean.
//! 2. Otherwise, if the number of patients is known, it agrees when the published value lies in the range that 95 % of
//!    cohorts of that size would show if they were drawn from the simulated patients. Interquartile ranges and ranges
//!    describe patients, not the uncertainty of a number; they are shown and never used as an interval.
//! 3. Otherwise nothing is said (`agrees` is missing).
//!
//! Nothing is allowed for differences between studies (referral, definitions, readers). Overlap of two 95 % intervals is
//! a mild rule: it is met by numbers that a test at 5 % would tell apart. Agreement with a record that was used to choose
//! parameters is no validation.
//!
//! Research use only; not a medical device.

mod compare;
mod errors;
mod estimate;
mod load;
mod reasons;
mod record;
pub mod statistics;

pub use compare::{Cohort, Comparison, compare};
pub use errors::{EvidenceError, FieldError};
pub use estimate::{Estimate, Estimator, Observation};
pub use load::Evidence;
pub use record::{EvidenceRecord, Kind, Source, Spread, Topic};
