//! Times to an event, some of them not watched to the end: Kaplan and Meier (1958).

use crate::Z;

/// How long somebody was watched, and whether the event ended that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watched {
    /// Time of the event, or up to which it did not come; any unit.
    pub time: f64,
    /// Whether the event came.
    pub event: bool,
}

/// A step of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    time: f64,
    /// Share free of the event from then on.
    free: f64,
    /// Greenwood's sum up to then; the variance of `free` is its square times this.
    greenwood: f64,
}

/// Kaplan and Meier's curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Survival {
    steps: Vec<Step>,
    /// Longest time anybody was watched; `None` of nobody.
    longest: Option<f64>,
}

impl Survival {
    /// The curve of those watched.
    pub fn of(watched: impl IntoIterator<Item = Watched>) -> Self {
        let mut ordered: Vec<Watched> = watched.into_iter().collect();
        ordered.sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
        let mut steps = Vec::new();
        let (mut free, mut greenwood) = (1.0, 0.0);
        let mut place = 0;
        while place < ordered.len() {
            let time = ordered[place].time;
            let at_risk = (ordered.len() - place) as f64;
            let tied = ordered[place..].iter().take_while(|w| w.time == time).count();
            let events = ordered[place..place + tied].iter().filter(|w| w.event).count() as f64;
            if events > 0.0 {
                free *= 1.0 - events / at_risk;
                if at_risk > events {
                    greenwood += events / (at_risk * (at_risk - events));
                }
                steps.push(Step { time, free, greenwood });
            }
            place += tied;
        }
        Survival { steps, longest: ordered.last().map(|w| w.time) }
    }

    fn step_at(&self, time: f64) -> Step {
        let reached = self.steps.iter().take_while(|step| step.time <= time).last();
        reached.copied().unwrap_or(Step { time: 0.0, free: 1.0, greenwood: 0.0 })
    }

    /// Share free of the event at a time; `None` if nobody was watched that long and some were still free of it.
    pub fn free_at(&self, time: f64) -> Option<f64> {
        let free = self.step_at(time).free;
        (free == 0.0 || self.longest.is_some_and(|longest| longest >= time)).then_some(free)
    }

    /// Greenwood's 95 % interval of the share free of the event at a time, within 0 and 1.
    pub fn interval_at(&self, time: f64) -> [f64; 2] {
        let Step { free, greenwood, .. } = self.step_at(time);
        let half = Z * free * greenwood.sqrt();
        [(free - half).max(0.0), (free + half).min(1.0)]
    }

    /// Time at which half have had the event; `None` if it is not reached.
    pub fn median(&self) -> Option<f64> {
        self.steps.iter().find(|step| step.free <= 0.5).map(|step| step.time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kaplan_meier_by_hand() {
        // Times 1, 2+, 3, 4, 5+: S = 4/5, then 4/5 * 2/3 = 8/15, then 8/15 * 1/2 = 4/15.
        let watched = [(3.0, true), (1.0, true), (5.0, false), (2.0, false), (4.0, true)];
        let curve = Survival::of(watched.map(|(time, event)| Watched { time, event }));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        near(curve.free_at(2.5).expect("watched"), 0.8);
        near(curve.free_at(3.0).expect("watched"), 8.0 / 15.0);
        near(curve.free_at(5.0).expect("watched"), 4.0 / 15.0);
        assert_eq!(curve.free_at(6.0), None);
        assert_eq!(curve.median(), Some(4.0));
        // Greenwood at 3: 1/(5·4) + 1/(3·2) = 13/60.
        let half = Z * 8.0 / 15.0 * (13.0_f64 / 60.0).sqrt();
        near(curve.interval_at(3.0)[0], 8.0 / 15.0 - half);
        near(curve.interval_at(3.0)[1], (8.0 / 15.0 + half).min(1.0));
        assert_eq!(Survival::of([]).free_at(0.0), None);
    }
}
