//! Intervals of proportions, means and medians, all at 95 %.

/// 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

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
    Some([(centre - half).max(0.0), (centre + half).min(1.0)])
}

/// Interval of a mean from the standard deviation and the number of patients, by Student's t; `None` below two patients.
pub fn mean_interval(mean: f64, sd: f64, n: u64) -> Option<[f64; 2]> {
    (n >= 2).then(|| {
        let half = student_975(n as f64 - 1.0) * sd / (n as f64).sqrt();
        [mean - half, mean + half]
    })
}

/// Interval of a mean from its standard error.
pub(crate) fn standard_error_interval(mean: f64, se: f64) -> [f64; 2] {
    [mean - Z * se, mean + Z * se]
}

/// 97.5 % point of Student's t, by the expansion in powers of 1/degrees (Abramowitz & Stegun 26.7.5); within 0.5 % from
/// four degrees of freedom, exact for one, two and three.
fn student_975(degrees: f64) -> f64 {
    if degrees < 1.5 {
        return 12.706_204_736;
    }
    if degrees < 2.5 {
        return 4.302_652_73;
    }
    if degrees < 3.5 {
        return 3.182_446_305;
    }
    let (z, z3, z5, z7) = (Z, Z.powi(3), Z.powi(5), Z.powi(7));
    z + (z3 + z) / (4.0 * degrees)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees.powi(2))
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * degrees.powi(3))
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
pub(crate) fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share * last as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    let along = place - low as f64;
    Some(if along == 0.0 { sorted[low] } else { sorted[low] + along * (sorted[high] - sorted[low]) })
}

/// Random index below `n` for draw `draw` of stream `stream`, replicate `replicate`: a counter through the finaliser of
/// SplitMix64 (Steele et al. 2014), so that nothing depends on the order of computing.
pub(crate) fn draw_index(stream: u64, replicate: u64, draw: u64, n: usize) -> usize {
    let mixed = mix(stream ^ mix(replicate ^ mix(draw)));
    ((u128::from(mixed) * n as u128) >> 64) as usize
}

fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number for a name (FNV-1a), the same on every machine.
pub(crate) fn stream_of(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
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
        let [low, high] = wilson(81.0 / 263.0, 263.0).expect("a proportion");
        near(low, 0.2553, 5e-5);
        near(high, 0.3662, 5e-5);
        let [low, high] = wilson(0.0, 20.0).expect("a proportion");
        near(low, 0.0, 1e-12);
        near(high, 0.1611, 5e-5);
        assert_eq!(wilson(0.5, 0.0), None);
    }

    #[test]
    fn student_by_tables() {
        for (degrees, t) in [(4.0, 2.776), (10.0, 2.228), (30.0, 2.042), (120.0, 1.980)] {
            near(student_975(degrees), t, 0.01);
        }
        let [low, high] = mean_interval(10.0, 2.0, 31).expect("two patients");
        near(high - 10.0, 2.042 * 2.0 / 31.0_f64.sqrt(), 1e-3);
        near(low + high, 20.0, 1e-12);
        assert_eq!(mean_interval(1.0, 1.0, 1), None);
    }

    #[test]
    fn median_by_binomial_order_statistics() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        // P(X <= 1) = 11/1024 <= 0.025 < P(X <= 2): second smallest to second largest.
        assert_eq!(median_interval(&values), Some([2.0, 9.0]));
        assert_eq!(median_interval(&values[..6]), Some([1.0, 6.0]));
        assert_eq!(median_interval(&values[..5]), None);
        assert_eq!(median_interval(&[]), None);
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

    #[test]
    fn draws_are_even_and_repeatable() {
        let mut seen = [0_u32; 5];
        for draw in 0..50_000 {
            seen[draw_index(stream_of("a"), 3, draw, 5)] += 1;
        }
        assert!(seen.iter().all(|&n| (9_600..10_400).contains(&n)), "{seen:?}");
        assert_eq!(draw_index(7, 1, 2, 1000), draw_index(7, 1, 2, 1000));
        assert_ne!(stream_of("a"), stream_of("b"));
    }
}
