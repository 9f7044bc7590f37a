//! Estimates with 95 % intervals.

/// Normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// An estimate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub value: f64,
    /// Lower and upper end.
    pub ci: [f64; 2],
}

/// A share with the interval of Wilson (1927). `None` for an empty denominator.
pub fn share(hits: u64, of: u64) -> Option<Estimate> {
    if of == 0 {
        return None;
    }
    let n = of as f64;
    let p = hits as f64 / n;
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    // At the ends rounding must not exclude the estimate itself.
    let low = if hits == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if hits == of { 1.0 } else { (middle + half).min(1.0) };
    Some(Estimate { value: p, ci: [low, high] })
}

/// A median with the interval between two order statistics (binomial ranks, normal approximation), which needs no
/// assumption on the distribution. Sorts `values`. `None` if empty.
pub fn median(values: &mut [f64]) -> Option<Estimate> {
    if values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let value = if n % 2 == 1 { values[n / 2] } else { 0.5 * (values[n / 2 - 1] + values[n / 2]) };
    let half = 0.5 * Z * (n as f64).sqrt();
    let low = (n as f64 / 2.0 - half).floor().max(1.0) as usize;
    let high = ((n as f64 / 2.0 + 1.0 + half).ceil() as usize).min(n);
    Some(Estimate { value, ci: [values[low - 1], values[high - 1]] })
}

/// Most values for which a mean is bootstrapped; beyond, the normal interval is the same to the eye.
const BOOTSTRAP_UP_TO: usize = 2_000;
/// Resamples of the bootstrap; 1999 makes the 2.5 % and 97.5 % points the 50th value from either end.
const RESAMPLES: usize = 1_999;

/// A mean with the percentile interval of the bootstrap (Efron and Tibshirani 1993), which stays within the range of
/// the values; for more than 2000 values the normal interval. The same values give the same interval. `None` with
/// fewer than two values.
pub fn mean(values: &[f64]) -> Option<Estimate> {
    let count = values.len();
    if count < 2 {
        return None;
    }
    let n = count as f64;
    let mean = values.iter().sum::<f64>() / n;
    if count > BOOTSTRAP_UP_TO {
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
        let half = Z * (variance / n).sqrt();
        return Some(Estimate { value: mean, ci: [mean - half, mean + half] });
    }
    let mut draw = SplitMix(count as u64);
    let mut means: Vec<f64> =
        (0..RESAMPLES).map(|_| (0..count).map(|_| values[draw.below(count)]).sum::<f64>() / n).collect();
    means.sort_by(f64::total_cmp);
    // Few values can give an interval beside the mean; it is widened to hold it.
    let low = means[RESAMPLES / 40].min(mean);
    let high = means[RESAMPLES - 1 - RESAMPLES / 40].max(mean);
    Some(Estimate { value: mean, ci: [low, high] })
}

/// SplitMix64 (Steele, Lea and Flood 2014): a small generator for resampling, which needs no streams.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `count` − 1.
    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within, "{found} is not {expected}");
    }

    #[test]
    fn wilson_as_published() {
        // Newcombe, Stat Med 1998;17:857, table I: 81/263, 15/148, 0/20, 1/29.
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let estimate = share(hits, of).unwrap();
            close(estimate.ci[0], low, 6e-5);
            close(estimate.ci[1], high, 6e-5);
        }
        assert_eq!(share(7, 7).unwrap().ci[1], 1.0);
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn medians_and_means() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(Estimate { value: 3.0, ci: [3.0, 3.0] }));
        let mut values: Vec<f64> = (1..=100).map(f64::from).rev().collect();
        // Ranks 40 and 61 of 100 (Conover, Practical Nonparametric Statistics): one further out here.
        let estimate = median(&mut values).unwrap();
        assert_eq!(estimate.value, 50.5);
        assert_eq!(estimate.ci, [40.0, 61.0]);
        assert_eq!(mean(&[1.0]), None);
        assert_eq!(mean(&[2.0, 2.0, 2.0]), Some(Estimate { value: 2.0, ci: [2.0, 2.0] }));
        let few = mean(&[0.0, 0.25]).unwrap();
        assert_eq!((few.value, few.ci), (0.125, [0.0, 0.25]));
    }

    #[test]
    fn the_bootstrap_is_near_the_normal_interval_and_repeats() {
        let values: Vec<f64> = (0..400).map(|k| f64::from(k % 20)).collect();
        let estimate = mean(&values).unwrap();
        assert_eq!(Some(estimate), mean(&values));
        let half = Z * (33.25f64 / 400.0).sqrt();
        close(estimate.ci[0], 9.5 - half, 0.06);
        close(estimate.ci[1], 9.5 + half, 0.06);
        let many: Vec<f64> = values.iter().cycle().take(4_000).copied().collect();
        close(mean(&many).unwrap().ci[1], 9.5 + Z * (33.25f64 / 4_000.0).sqrt(), 1e-4);
    }

    #[test]
    fn the_generator_is_the_published_one() {
        // First values for seed 1234567, as in the reference implementation's test.
        let mut draw = SplitMix(1_234_567);
        assert_eq!([draw.next(), draw.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
        assert!((0..1_000).all(|_| draw.below(7) < 7));
    }
}
