//! Estimates for the table: what cannot be estimated is NaN, which lies in no band and so misses its row.

pub use osteoflare_statistics::{Estimate, Watched};
use osteoflare_statistics::{bootstrap_mean, percentile};

const UNKNOWN: Estimate = Estimate { value: f64::NAN, ci: [f64::NAN; 2], n: 0 };

/// Share with Wilson's interval.
pub fn share(hits: usize, n: usize) -> Estimate {
    osteoflare_statistics::share(hits, n).unwrap_or(UNKNOWN)
}

/// Mean with its bootstrap interval.
pub fn mean(values: &[f64]) -> Estimate {
    bootstrap_mean(values).unwrap_or(UNKNOWN)
}

/// Ratio of sums (for paired counts) with a jackknife interval.
pub fn ratio(pairs: &[(f64, f64)]) -> Estimate {
    osteoflare_statistics::ratio_of_sums(pairs).unwrap_or(UNKNOWN)
}

/// Median with the interval of order statistics.
pub fn median(values: &[f64]) -> Estimate {
    osteoflare_statistics::median(&mut values.to_vec()).unwrap_or(UNKNOWN)
}

/// Kaplan–Meier share with the event by `time`, with Greenwood's interval.
pub fn event_by(watched: &[Watched], time: f64) -> Estimate {
    osteoflare_statistics::event_by(watched, time).unwrap_or(UNKNOWN)
}

/// Quantile of sorted values.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    percentile(sorted, share).unwrap_or(f64::NAN)
}
