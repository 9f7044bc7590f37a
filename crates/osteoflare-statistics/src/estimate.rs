//! Point estimates with their 95 % intervals.

use std::fmt;

use crate::Z;
use crate::interval::{median_interval, percentile, standard_error_interval, wilson};
use crate::resample::draw_index;
use crate::survival::{Survival, Watched};

/// An estimate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub value: f64,
    /// Lower and upper end.
    pub ci: [f64; 2],
    /// Number of values behind it.
    pub n: usize,
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        write!(f, "{:.digits$} ({:.digits$} to {:.digits$})", self.value, self.ci[0], self.ci[1])
    }
}

/// A share with the interval of Wilson (1927). `None` for an empty denominator.
pub fn share(hits: usize, of: usize) -> Option<Estimate> {
    let value = hits as f64 / of as f64;
    Some(Estimate { value, ci: wilson(value, of as f64)?, n: of })
}

/// A median with the interval between two order statistics, which needs no assumption on the distribution; below six
/// values, where no such interval has 95 %, their range. Sorts `values`. `None` if empty.
pub fn median(values: &mut [f64]) -> Option<Estimate> {
    values.sort_by(f64::total_cmp);
    let value = percentile(values, 0.5)?;
    let n = values.len();
    Some(Estimate { value, ci: median_interval(values).unwrap_or([values[0], values[n - 1]]), n })
}

/// A mean with its normal interval. `None` with fewer than two values.
pub fn mean(values: &[f64]) -> Option<Estimate> {
    let n = values.len();
    if n < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1) as f64;
    Some(Estimate { value: mean, ci: standard_error_interval(mean, (variance / n as f64).sqrt()), n })
}

/// Most values for which a mean is bootstrapped; beyond, the normal interval is the same to the eye.
const BOOTSTRAP_UP_TO: usize = 2_000;
/// Resamples of the bootstrap; 1999 makes the 2.5 % and 97.5 % points the 50th value from either end.
const RESAMPLES: usize = 1_999;

/// A mean with the percentile interval of the bootstrap (Efron and Tibshirani 1993), which stays within the range of
/// the values; for more than 2000 values the normal interval. The same values give the same interval. `None` with
/// fewer than two values.
pub fn bootstrap_mean(values: &[f64]) -> Option<Estimate> {
    let n = values.len();
    if !(2..=BOOTSTRAP_UP_TO).contains(&n) {
        return mean(values);
    }
    let value = values.iter().sum::<f64>() / n as f64;
    let resampled = |replicate: usize| {
        let draws = (0..n).map(|draw| values[draw_index(0, replicate as u64, draw as u64, n)]);
        draws.sum::<f64>() / n as f64
    };
    let mut means: Vec<f64> = (0..RESAMPLES).map(resampled).collect();
    means.sort_by(f64::total_cmp);
    // Few values can give an interval beside the mean; it is widened to hold it.
    let low = means[RESAMPLES / 40].min(value);
    let high = means[RESAMPLES - 1 - RESAMPLES / 40].max(value);
    Some(Estimate { value, ci: [low, high], n })
}

/// Sum of the first numbers over the sum of the second, as for lesions after and before in the same patients, with a
/// jackknife interval over patients. `None` with fewer than two pairs or nothing below the line.
pub fn ratio_of_sums(pairs: &[(f64, f64)]) -> Option<Estimate> {
    let (above, below) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    if pairs.len() < 2 || below == 0.0 {
        return None;
    }
    let value = above / below;
    let n = pairs.len() as f64;
    let without = |pair: &(f64, f64)| (above - pair.0) / (below - pair.1) - value;
    let spread: f64 = pairs.iter().map(|pair| without(pair).powi(2)).sum::<f64>() * (n - 1.0) / n;
    let half = Z * spread.sqrt();
    Some(Estimate { value, ci: [value - half, value + half], n: pairs.len() })
}

/// Share with the event by a time, by Kaplan and Meier with Greenwood's interval. `None` if nobody was watched so long.
pub fn event_by(watched: &[Watched], time: f64) -> Option<Estimate> {
    let curve = Survival::of(watched.iter().copied());
    let value = 1.0 - curve.free_at(time)?;
    let [low, high] = curve.interval_at(time);
    Some(Estimate { value, ci: [1.0 - high, 1.0 - low], n: watched.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within, "{found} is not {expected}");
    }

    #[test]
    fn shares_medians_and_means() {
        assert_eq!(share(0, 0), None);
        assert_eq!(share(7, 7).expect("patients").ci[1], 1.0);
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(Estimate { value: 3.0, ci: [3.0, 3.0], n: 1 }));
        let mut values: Vec<f64> = (1..=100).map(f64::from).rev().collect();
        assert_eq!(median(&mut values), Some(Estimate { value: 50.5, ci: [40.0, 61.0], n: 100 }));
        assert_eq!(bootstrap_mean(&[1.0]), None);
        let same = Some(Estimate { value: 2.0, ci: [2.0, 2.0], n: 3 });
        assert_eq!((bootstrap_mean(&[2.0; 3]), mean(&[2.0; 3])), (same, same));
        let few = bootstrap_mean(&[0.0, 0.25]).expect("two values");
        assert_eq!((few.value, few.ci), (0.125, [0.0, 0.25]));
    }

    #[test]
    fn the_bootstrap_is_near_the_normal_interval_and_repeats() {
        let values: Vec<f64> = (0..400).map(|k| f64::from(k % 20)).collect();
        let estimate = bootstrap_mean(&values).expect("values");
        assert_eq!(Some(estimate), bootstrap_mean(&values));
        let half = Z * (33.25f64 / 400.0).sqrt();
        close(estimate.ci[0], 9.5 - half, 0.06);
        close(estimate.ci[1], 9.5 + half, 0.06);
        let many: Vec<f64> = values.iter().cycle().take(4_000).copied().collect();
        close(bootstrap_mean(&many).expect("values").ci[1], 9.5 + Z * (33.25f64 / 4_000.0).sqrt(), 1e-4);
    }

    #[test]
    fn ratios_and_events() {
        // Every patient alike: no spread. Leaving one out of (1, 2), (3, 2) gives 3/2 and 1/2 around 1.
        assert_eq!(ratio_of_sums(&[(1.0, 2.0); 4]).expect("pairs").ci, [0.5, 0.5]);
        let uneven = ratio_of_sums(&[(1.0, 2.0), (3.0, 2.0)]).expect("pairs");
        close(uneven.ci[1] - uneven.value, Z * 0.5, 1e-12);
        assert_eq!(ratio_of_sums(&[(1.0, 0.0), (2.0, 0.0)]), None);
        let watched = [(1.0, true), (2.0, false), (3.0, true), (4.0, true), (5.0, false)];
        let watched = watched.map(|(time, event)| Watched { time, event });
        close(event_by(&watched, 3.0).expect("watched").value, 7.0 / 15.0, 1e-12);
        assert_eq!(event_by(&watched, 6.0), None);
    }
}
