//! Estimates with 95 % intervals, for simulated and for published numbers alike.
//!
//! Distributions come from `statrs`; what stands here is how this project estimates: Wilson's interval for shares, order
//! statistics for medians, resampling of patients for everything that pools within patients, Kaplan and Meier for
//! times. Everything is deterministic: the same values give the same interval.

mod estimate;
mod interval;
mod resample;
mod survival;

pub use estimate::{Estimate, bootstrap_mean, event_by, mean, median, ratio_of_sums, share};
pub use interval::{mean_interval, median_interval, percentile, standard_error_interval, wilson};
pub use resample::{draw_index, stream_of};
pub use survival::{Survival, Watched};

/// 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;
