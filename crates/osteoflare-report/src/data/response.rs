//! How far findings fall after the presentation, as a ratio of sums.

use osteoflare_clinic::digest::{FOLLOW_UP_MONTHS, PatientDigest};

/// Months after entry at which response is shown; all are months of the digest.
pub(crate) const MONTHS: [u32; 5] = [1, 3, 6, 12, 24];

/// What is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Lesions,
    Pain,
    Crp,
}

impl Outcome {
    pub const ALL: [Outcome; 3] = [Outcome::Lesions, Outcome::Pain, Outcome::Crp];

    /// Baseline and value at a month of one child, if both are known.
    fn pair(self, digest: &PatientDigest, place: usize) -> Option<(f64, f64)> {
        let follow_up = &digest.follow_ups[place];
        match self {
            Outcome::Lesions => {
                Some((f64::from(follow_up.baseline_lesions?), f64::from(follow_up.mri_lesions?)))
            }
            Outcome::Pain => Some((digest.entry.worst_pain?, follow_up.worst_pain?)),
            Outcome::Crp => Some((digest.entry.crp?, follow_up.crp?)),
        }
    }
}

/// Sum at follow-up over sum at baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratio {
    pub value: f64,
    /// 95 % interval; `None` with fewer than three children.
    pub interval: Option<[f64; 2]>,
    pub children: usize,
}

/// Pairs of children, by month of [`MONTHS`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs([Vec<(f64, f64)>; MONTHS.len()]);

impl Pairs {
    pub fn add(&mut self, outcome: Outcome, digest: &PatientDigest) {
        for (pairs, month) in self.0.iter_mut().zip(MONTHS) {
            let place = FOLLOW_UP_MONTHS.iter().position(|known| *known == month);
            pairs.extend(place.and_then(|place| outcome.pair(digest, place)));
        }
    }

    /// The ratio at each month; `None` where nobody has both findings or all baselines are zero.
    pub fn ratios(&self) -> [Option<Ratio>; MONTHS.len()] {
        std::array::from_fn(|month| ratio(&self.0[month]))
    }
}

/// The ratio of sums with its interval by linearisation (Cochran, Sampling Techniques, 3rd ed., section 6.4), cut at 0.
fn ratio(pairs: &[(f64, f64)]) -> Option<Ratio> {
    let n = pairs.len() as f64;
    let before: f64 = pairs.iter().map(|(before, _)| before).sum();
    let after: f64 = pairs.iter().map(|(_, after)| after).sum();
    if before <= 0.0 {
        return None;
    }
    let value = after / before;
    let interval = (pairs.len() >= 3).then(|| {
        let residuals: f64 = pairs.iter().map(|(b, a)| (a - value * b) * (a - value * b)).sum();
        let error = (n * residuals / (n - 1.0)).sqrt() / before;
        [(value - 1.96 * error).max(0.0), value + 1.96 * error]
    });
    Some(Ratio { value, interval, children: pairs.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_of_sums() {
        let halved = ratio(&[(4.0, 2.0), (6.0, 3.0), (2.0, 1.0)]).unwrap();
        assert_eq!((halved.value, halved.children), (0.5, 3));
        assert_eq!(halved.interval, Some([0.5, 0.5]));
        // By hand: R = 6/9, residuals -1/3, 2/3, -1/3, sum of squares 2/3, error sqrt(3/2 * 2/3)/9 = 1/9.
        let mixed = ratio(&[(2.0, 1.0), (2.0, 2.0), (5.0, 3.0)]).unwrap();
        let [low, high] = mixed.interval.unwrap();
        assert!((low - (6.0 / 9.0 - 1.96 / 9.0)).abs() < 1e-12, "{low}");
        assert!((high - (6.0 / 9.0 + 1.96 / 9.0)).abs() < 1e-12, "{high}");
        assert_eq!(ratio(&[(0.0, 1.0)]), None);
        assert_eq!(ratio(&[(2.0, 1.0)]).unwrap().interval, None);
    }
}
