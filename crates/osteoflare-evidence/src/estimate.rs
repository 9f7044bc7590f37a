//! Estimating one number from a cohort, with its interval.

use osteoflare_statistics::{Survival, Watched, draw_index, median_interval, percentile, stream_of, wilson};

/// Resamples behind every bootstrap interval.
const REPLICATES: u64 = 500;

/// What one patient contributes to a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The patient's value; for shares and changes the numerator, for times the time.
    pub value: f64,
    /// The patient's denominator (1 where each patient counts once); for times 1 if the event was seen, 0 if it was not
    /// (censored).
    pub weight: f64,
}

impl Observation {
    /// A number that counts once.
    pub fn number(value: f64) -> Self {
        Self { value, weight: 1.0 }
    }

    /// Yes or no.
    pub fn yes(value: bool) -> Self {
        Self::number(f64::from(u8::from(value)))
    }

    /// A numerator and its denominator.
    pub fn share(numerator: f64, denominator: f64) -> Self {
        Self { value: numerator, weight: denominator }
    }

    /// A time at which the event came, or up to which it did not come.
    pub fn time(time: f64, event: bool) -> Self {
        Self { value: time, weight: f64::from(u8::from(event)) }
    }
}

/// How a number follows from the patients' contributions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Estimator {
    /// Share of patients; interval by Wilson.
    Proportion,
    /// Pooled share of lesions (sum of numerators over sum of denominators); interval by resampling patients, because
    /// lesions of one patient are alike.
    PooledShare,
    /// Mean over patients; interval by resampling patients.
    Mean,
    /// Median over patients; interval between order statistics.
    Median,
    /// Sum in a cohort of that many patients (mean times patients); interval by resampling patients.
    Total {
        /// Patients of the published cohort.
        patients: u32,
    },
    /// Sum of values over sum of weights, minus one: relative change of a mean; interval by resampling patients.
    RelativeChange,
    /// Kaplan-Meier median of a time; interval by resampling patients.
    SurvivalMedian,
    /// Kaplan-Meier share free of the event at that time; interval by resampling patients.
    SurvivalAt {
        /// The time, in the unit of the observations.
        time: f64,
    },
    /// Kaplan-Meier share with the event by that time; interval by resampling patients.
    EventBy {
        /// The time, in the unit of the observations.
        time: f64,
    },
}

/// An estimated number.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The number, in the unit of the published record.
    pub value: f64,
    /// Lower bound of the 95 % interval; `None` where there are too few patients for one.
    pub low95: Option<f64>,
    /// Upper bound of the 95 % interval.
    pub high95: Option<f64>,
    /// Patients who contributed.
    pub n: usize,
    /// What was computed, in words.
    pub definition: String,
}

impl Estimator {
    /// The number; `None` if it is not defined (no patient, no denominator, a median time that is not reached).
    pub fn estimate(self, observations: &[Observation]) -> Option<f64> {
        let n = observations.len();
        if n == 0 {
            return None;
        }
        let sum: f64 = observations.iter().map(|o| o.value).sum();
        let weights: f64 = observations.iter().map(|o| o.weight).sum();
        match self {
            Self::Proportion | Self::Mean => Some(sum / n as f64),
            Self::PooledShare => (weights > 0.0).then(|| sum / weights),
            Self::RelativeChange => (weights > 0.0).then(|| sum / weights - 1.0),
            Self::Total { patients } => Some(f64::from(patients) * sum / n as f64),
            Self::Median => {
                let mut values: Vec<f64> = observations.iter().map(|o| o.value).collect();
                values.sort_unstable_by(f64::total_cmp);
                percentile(&values, 0.5)
            }
            Self::SurvivalMedian => survival(observations).median(),
            Self::SurvivalAt { time } => survival(observations).free_at(time),
            Self::EventBy { time } => survival(observations).free_at(time).map(|free| 1.0 - free),
        }
    }

    /// The 95 % interval; `None` where there are too few patients for one.
    fn interval(self, observations: &[Observation], value: f64, stream: u64) -> Option<[f64; 2]> {
        match self {
            Self::Proportion => wilson(value, observations.len() as f64),
            Self::Median => {
                let mut values: Vec<f64> = observations.iter().map(|o| o.value).collect();
                values.sort_unstable_by(f64::total_cmp);
                median_interval(&values)
            }
            _ if observations.len() < 2 => None,
            _ => self.resampled(observations, observations.len(), false, stream),
        }
    }

    /// Range of the number in 95 % of cohorts of `patients` patients drawn from those observed.
    fn resampled(
        self,
        observations: &[Observation],
        patients: usize,
        through_cohort: bool,
        stream: u64,
    ) -> Option<[f64; 2]> {
        let n = observations.len();
        let mut estimates = Vec::with_capacity(REPLICATES as usize);
        let mut sample = Vec::with_capacity(patients);
        for replicate in 0..REPLICATES {
            sample.clear();
            sample.extend((0..patients as u64).map(|draw| {
                let mut index = draw_index(stream, replicate, draw, n);
                if through_cohort {
                    // The observed cohort is itself a sample: draw one like it, then from that.
                    index = draw_index(stream.rotate_left(17), replicate, index as u64, n);
                }
                observations[index]
            }));
            // A median time that a resample does not reach lies beyond every time seen.
            let estimate = self.estimate(&sample).or((self == Self::SurvivalMedian).then_some(f64::INFINITY));
            estimates.extend(estimate);
        }
        estimates.sort_unstable_by(f64::total_cmp);
        let bounds = [percentile(&estimates, 0.025)?, percentile(&estimates, 0.975)?];
        bounds.iter().all(|b| b.is_finite()).then_some(bounds)
    }

    /// The number with its interval; `name` keys the resampling.
    pub fn with_interval(
        self,
        observations: &[Observation],
        name: &str,
        definition: &str,
    ) -> Option<Estimate> {
        let value = self.estimate(observations)?;
        let interval = self.interval(observations, value, stream_of(name));
        Some(Estimate {
            value,
            low95: interval.map(|i| i[0]),
            high95: interval.map(|i| i[1]),
            n: observations.len(),
            definition: definition.to_owned(),
        })
    }

    /// Range of the number in 95 % of cohorts of `patients` patients like those observed; takes into account that those
    /// observed are a sample themselves. `None` without two patients.
    pub fn prediction(self, observations: &[Observation], patients: u64, name: &str) -> Option<[f64; 2]> {
        let patients = usize::try_from(patients).ok().filter(|&n| n > 0)?;
        (observations.len() >= 2)
            .then(|| self.resampled(observations, patients, true, !stream_of(name)))
            .flatten()
    }
}

/// Kaplan and Meier's curve of times.
fn survival(observations: &[Observation]) -> Survival {
    Survival::of(observations.iter().map(|o| Watched { time: o.value, event: o.weight > 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[f64]) -> Vec<Observation> {
        values.iter().copied().map(Observation::number).collect()
    }

    #[test]
    fn simple_estimates() {
        let values = numbers(&[0.0, 1.0, 1.0, 1.0]);
        assert_eq!(Estimator::Proportion.estimate(&values), Some(0.75));
        assert_eq!(Estimator::Total { patients: 40 }.estimate(&values), Some(30.0));
        assert_eq!(Estimator::Median.estimate(&numbers(&[5.0, 1.0, 2.0])), Some(2.0));
        assert_eq!(Estimator::Mean.estimate(&[]), None);
        let shares =
            [Observation::share(1.0, 4.0), Observation::share(2.0, 2.0), Observation::share(0.0, 0.0)];
        assert_eq!(Estimator::PooledShare.estimate(&shares), Some(0.5));
        assert_eq!(Estimator::PooledShare.estimate(&shares[2..]), None);
        let pain = [Observation::share(2.0, 8.0), Observation::share(4.0, 4.0)];
        assert_eq!(Estimator::RelativeChange.estimate(&pain), Some(-0.5));
    }

    #[test]
    fn kaplan_meier_by_hand() {
        // Times 1, 2+, 3, 4, 5+: S = 4/5, then 4/5 * 2/3 = 8/15, then 8/15 * 1/2 = 4/15.
        let times = [(3.0, true), (1.0, true), (5.0, false), (2.0, false), (4.0, true)]
            .map(|(time, event)| Observation::time(time, event));
        let free = |time| Estimator::SurvivalAt { time }.estimate(&times).expect("watched so long");
        assert!((free(2.5) - 0.8).abs() < 1e-12);
        assert!((free(3.0) - 8.0 / 15.0).abs() < 1e-12);
        assert!((free(5.0) - 4.0 / 15.0).abs() < 1e-12);
        assert_eq!(Estimator::SurvivalAt { time: 6.0 }.estimate(&times), None);
        assert_eq!(Estimator::SurvivalMedian.estimate(&times), Some(4.0));
        let by = Estimator::EventBy { time: 2.0 }.estimate(&times).expect("watched so long");
        assert!((by - 0.2).abs() < 1e-12);
        assert_eq!(Estimator::SurvivalMedian.estimate(&times[2..4]), None);
    }

    #[test]
    fn bootstrap_of_a_mean_is_near_the_normal_interval() {
        let values = numbers(&(0..200).map(|i| f64::from(i % 10)).collect::<Vec<_>>());
        let estimate = Estimator::Mean.with_interval(&values, "x", "mean").expect("a mean");
        assert_eq!((estimate.value, estimate.n), (4.5, 200));
        let half = 1.96 * 8.25_f64.sqrt() / 200.0_f64.sqrt();
        assert!((estimate.low95.expect("an interval") - (4.5 - half)).abs() < 0.08);
        assert!((estimate.high95.expect("an interval") - (4.5 + half)).abs() < 0.08);
        let again = Estimator::Mean.with_interval(&values, "x", "mean");
        assert_eq!(again, Some(estimate));
    }

    #[test]
    fn predictions_widen_for_small_cohorts() {
        let values = numbers(&(0..400).map(|i| f64::from(i % 2)).collect::<Vec<_>>());
        let width = |patients| {
            let [low, high] =
                Estimator::Proportion.prediction(&values, patients, "x").expect("enough patients");
            high - low
        };
        assert!(width(20) > 2.0 * width(400));
        // A cohort of 20: binomial 0.5, so about 0.5 -/+ 0.22.
        assert!((width(20) - 0.44).abs() < 0.11);
        assert_eq!(Estimator::Mean.prediction(&values[..1], 20, "x"), None);
    }

    #[test]
    fn an_interval_that_is_not_reached_is_not_given() {
        let times: Vec<Observation> = (0..20).map(|i| Observation::time(f64::from(i), i < 11)).collect();
        let estimate = Estimator::SurvivalMedian.with_interval(&times, "x", "time").expect("reached");
        assert_eq!((estimate.low95, estimate.high95), (None, None));
    }
}
