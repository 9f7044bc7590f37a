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

/// A mean with Student's interval. `None` with fewer than two values.
pub fn mean(values: &[f64]) -> Option<Estimate> {
    let n = values.len() as f64;
    if values.len() < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let half = student_quantile(n - 1.0) * (variance / n).sqrt();
    Some(Estimate { value: mean, ci: [mean - half, mean + half] })
}

/// Quantile of 97.5 % of Student's distribution: exact for 1 and 2 degrees of freedom, else the expansion of
/// Cornish and Fisher in 1/df (Abramowitz and Stegun 26.7.5).
fn student_quantile(df: f64) -> f64 {
    if df < 1.5 {
        return (std::f64::consts::PI * 0.475).tan();
    }
    if df < 2.5 {
        let a: f64 = 2.0 * 0.975 - 1.0;
        return a * (2.0 / (1.0 - a * a)).sqrt();
    }
    let z2 = Z * Z;
    let g1 = (z2 + 1.0) * Z / 4.0;
    let g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) * Z / 96.0;
    let g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) * Z / 384.0;
    let g4 = ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) * Z / 92_160.0;
    Z + g1 / df + g2 / (df * df) + g3 / df.powi(3) + g4 / df.powi(4)
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
    fn student_quantiles_of_the_tables() {
        for (df, expected, within) in [
            (1.0, 12.706, 1e-3),
            (2.0, 4.3027, 1e-4),
            (3.0, 3.1824, 1e-2),
            (5.0, 2.5706, 1e-3),
            (30.0, 2.0423, 1e-4),
        ] {
            close(student_quantile(df), expected, within);
        }
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
        let estimate = mean(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        assert_eq!(estimate.value, 3.5);
        close(estimate.ci[1], 3.5 + 2.5706 * (3.5f64 / 6.0).sqrt(), 1e-3);
    }
}
