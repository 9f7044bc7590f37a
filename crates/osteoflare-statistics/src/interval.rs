//! Intervals of proportions, means and medians, all at 95 %.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::Z;

/// Wilson's score interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209-212).
///
/// `proportion` is a fraction from 0 to 1 and `n` its denominator; `None` if `n` is not positive.
pub fn wilson(proportion: f64, n: f64) -> Option<[f64; 2]> {
    if n <= 0.0 || !(0.0..=1.0).contains(&proportion) {
        return None;
    }
    let z2 = Z * Z;
    let centre = (proportion + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (proportion * (1.0 - proportion) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends rounding must not exclude the proportion itself.
    Some([(centre - half).max(0.0).min(proportion), (centre + half).min(1.0).max(proportion)])
}

/// Interval of a mean from the standard deviation and the number of patients, by Student's t; `None` below two patients.
pub fn mean_interval(mean: f64, sd: f64, n: u64) -> Option<[f64; 2]> {
    let t = StudentsT::new(0.0, 1.0, n.checked_sub(1)? as f64).ok()?;
    let half = t.inverse_cdf(0.975) * sd / (n as f64).sqrt();
    Some([mean - half, mean + half])
}

/// Interval of a mean from its standard error.
pub fn standard_error_interval(mean: f64, se: f64) -> [f64; 2] {
    [mean - Z * se, mean + Z * se]
}

/// Interval of a median between two order statistics, with at least 95 % by the binomial distribution; `None` below six
/// values, where no such pair exists. `sorted` ascends.
pub fn median_interval(sorted: &[f64]) -> Option<[f64; 2]> {
    let n = sorted.len();
    // Largest k with P(X < k) <= 0.025 for X ~ Binomial(n, 1/2); the interval is from the k-th smallest to the k-th
    // largest value.
    let mut log_term = -(n as f64) * std::f64::consts::LN_2;
    let mut below = 0.0;
    let mut k = 0;
    for i in 0..n {
        below += log_term.exp();
        if below > 0.025 {
            break;
        }
        k = i + 1;
        log_term += ((n - i) as f64 / (i + 1) as f64).ln();
    }
    (k >= 1).then(|| [sorted[k - 1], sorted[n - k]])
}

/// Percentile between order statistics, linear; `None` if empty. `sorted` ascends, `share` is from 0 to 1.
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share * last as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    let along = place - low as f64;
    Some(if along == 0.0 { sorted[low] } else { sorted[low] + along * (sorted[high] - sorted[low]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not near {b}");
    }

    #[test]
    fn wilson_by_textbook() {
        // Newcombe 1998, Stat Med 17:857-872, table I, method 3 (score, no continuity correction).
        for (hits, of, low, high) in [
            (81.0, 263.0, 0.2553, 0.3662),
            (15.0, 148.0, 0.0624, 0.1605),
            (0.0, 20.0, 0.0, 0.1611),
            (1.0, 29.0, 0.0061, 0.1718),
        ] {
            let found = wilson(hits / of, of).expect("a proportion");
            near(found[0], low, 6e-5);
            near(found[1], high, 6e-5);
        }
        assert_eq!(wilson(1.0, 7.0).expect("a proportion")[1], 1.0);
        assert_eq!(wilson(0.0, 7.0).expect("a proportion")[0], 0.0);
        assert_eq!(wilson(0.5, 0.0), None);
    }

    #[test]
    fn student_by_tables() {
        // Quantiles as printed in tables of Student's t.
        for (n, t) in [(2, 12.706), (3, 4.303), (5, 2.776), (11, 2.228), (31, 2.042), (121, 1.980)] {
            let [low, high] = mean_interval(10.0, 2.0, n).expect("two patients");
            near(high - 10.0, t * 2.0 / (n as f64).sqrt(), 1e-3);
            near(low + high, 20.0, 1e-12);
        }
        assert_eq!(mean_interval(1.0, 1.0, 1), None);
        assert_eq!(mean_interval(1.0, 1.0, 0), None);
    }

    #[test]
    fn median_by_binomial_order_statistics() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        // P(X <= 1) = 11/1024 <= 0.025 < P(X <= 2): second smallest to second largest.
        assert_eq!(median_interval(&values), Some([2.0, 9.0]));
        assert_eq!(median_interval(&values[..6]), Some([1.0, 6.0]));
        assert_eq!(median_interval(&values[..5]), None);
        assert_eq!(median_interval(&[]), None);
        // Conover, Practical Nonparametric Statistics: ranks 40 and 61 of 100.
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(median_interval(&hundred), Some([40.0, 61.0]));
        let many: Vec<f64> = (1..=2000).map(f64::from).collect();
        let [low, high] = median_interval(&many).expect("many values");
        near(low, 1000.0 - 1.96 * 2000.0_f64.sqrt() / 2.0, 2.0);
        near(low + high, 2001.0, 1e-9);
    }

    #[test]
    fn percentiles_interpolate() {
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 0.5), Some(2.0));
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(percentile(&[], 0.5), None);
    }
}
