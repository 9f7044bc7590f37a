//! Estimates with their Monte Carlo error.

/// A number with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Value.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Sample size.
    pub n: usize,
}

/// Share with Wilson's interval.
pub fn share(hits: usize, n: usize) -> Estimate {
    let (k, m, z) = (hits as f64, n as f64, 1.959_963_984_540_054);
    if n == 0 {
        return Estimate { value: f64::NAN, low: 0.0, high: 1.0, n };
    }
    let p = k / m;
    let denominator = 1.0 + z * z / m;
    let centre = (p + z * z / (2.0 * m)) / denominator;
    let half = z * (p * (1.0 - p) / m + z * z / (4.0 * m * m)).sqrt() / denominator;
    Estimate { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0), n }
}

/// Mean with its normal interval.
pub fn mean(x: &[f64]) -> Estimate {
    let n = x.len();
    let m = x.iter().sum::<f64>() / n as f64;
    let variance = x.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (n.max(2) - 1) as f64;
    let half = 1.96 * (variance / n as f64).sqrt();
    Estimate { value: m, low: m - half, high: m + half, n }
}

/// Ratio of sums (for paired counts) with a jackknife interval.
pub fn ratio(pairs: &[(f64, f64)]) -> Estimate {
    let (a, b) = pairs.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
    let r = a / b;
    let n = pairs.len() as f64;
    let spread: f64 = pairs.iter().map(|p| ((a - p.0) / (b - p.1) - r).powi(2)).sum::<f64>() * (n - 1.0) / n;
    let half = 1.96 * spread.sqrt();
    Estimate { value: r, low: r - half, high: r + half, n: pairs.len() }
}

/// Quantile of sorted values.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let at = q * (sorted.len() - 1) as f64;
    let (i, f) = (at.floor() as usize, at.fract());
    if i + 1 < sorted.len() { sorted[i] + f * (sorted[i + 1] - sorted[i]) } else { sorted[i] }
}

/// Median with the interval of order statistics.
pub fn median(x: &[f64]) -> Estimate {
    let mut s = x.to_vec();
    s.sort_by(f64::total_cmp);
    let n = s.len();
    let half = 0.98 * (n as f64).sqrt();
    let at = |k: f64| s[(k.max(0.0) as usize).min(n.saturating_sub(1))];
    if n == 0 {
        return Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN, n };
    }
    Estimate { value: quantile(&s, 0.5), low: at(n as f64 / 2.0 - half), high: at(n as f64 / 2.0 + half), n }
}

/// Kaplan–Meier share with the event by `time`, with Greenwood's interval. Items are (time, event).
pub fn event_by(items: &[(f64, bool)], time: f64) -> Estimate {
    let mut s = items.to_vec();
    s.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut survival, mut variance, mut at_risk) = (1.0, 0.0, s.len() as f64);
    let mut i = 0;
    while i < s.len() && s[i].0 <= time {
        let t = s[i].0;
        let (mut events, mut leaving) = (0.0, 0.0);
        while i < s.len() && s[i].0 == t {
            events += f64::from(u8::from(s[i].1));
            leaving += 1.0;
            i += 1;
        }
        if events > 0.0 {
            survival *= 1.0 - events / at_risk;
            variance += events / (at_risk * (at_risk - events).max(1e-9));
        }
        at_risk -= leaving;
    }
    let half = 1.96 * survival * variance.sqrt();
    Estimate {
        value: 1.0 - survival,
        low: (1.0 - survival - half).max(0.0),
        high: (1.0 - survival + half).min(1.0),
        n: items.len(),
    }
}
