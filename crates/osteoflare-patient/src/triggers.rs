//! Random events of a life: micro-trauma and infections elsewhere, known in advance because their streams are pure
//! functions of patient and index.

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_random::Stream;
use osteoflare_skeleton::{SiteId, Skeleton};

use crate::growth::{self, DAYS_PER_YEAR};
use crate::host::Host;
use crate::purpose;

/// What strikes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trigger {
    /// Debris pulse at a site, relative units.
    Debris {
        /// Where.
        site: SiteId,
        /// Size.
        size: f64,
    },
    /// Priming pulse of an infection elsewhere, relative units.
    Priming {
        /// Size.
        size: f64,
    },
    /// Bacteria circulate once.
    Bacteraemia {
        /// Colony-forming units that reach bone in total.
        cfu: f64,
        /// Number of the exposure in the plan.
        exposure: u32,
    },
}

/// A trigger at its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedTrigger {
    /// Days since day 0.
    pub day: f64,
    /// What strikes.
    pub trigger: Trigger,
}

/// All random triggers of a child up to `horizon_days`, in order of time.
pub fn random_triggers(
    host: &Host,
    seed: u64,
    index: u32,
    horizon_days: f64,
    p: &Parameters<f64>,
) -> Vec<TimedTrigger> {
    let mut all = Vec::new();
    let fastest = p.spurt_base + p.spurt_height;
    for (i, site) in Skeleton::get().sites().iter().enumerate() {
        let stream = Stream::new(seed, index, purpose::MICROTRAUMA + i as u32);
        // Thinning of a homogeneous process at the largest possible rate.
        let rate = p.lambda0 * site.microtrauma_weight / DAYS_PER_YEAR
            * (p.trauma_rest + (1.0 - p.trauma_rest) * fastest);
        if rate <= 0.0 {
            continue;
        }
        let mut day = 0.0;
        for event in 0.. {
            let [gap, accept] = stream.uniform_pair(3 * event);
            day += -libm::log(gap) / rate;
            if day >= horizon_days {
                break;
            }
            let age = host.age_at_start_years + day / DAYS_PER_YEAR;
            let gamma = growth::growth_activity(site, age, host.sex, p);
            let now = p.trauma_rest + (1.0 - p.trauma_rest) * gamma;
            if accept * (p.trauma_rest + (1.0 - p.trauma_rest) * fastest) > now {
                continue;
            }
            let size =
                (p.trauma_med * libm::exp(p.trauma_sd * stream.normal(3 * event + 1))).min(p.trauma_max);
            all.push(TimedTrigger { day, trigger: Trigger::Debris { site: SiteId(i as u16), size } });
            if let Some(mirror) = site.mirror
                && stream.uniform(3 * event + 2) < p.rho_pair
            {
                all.push(TimedTrigger { day, trigger: Trigger::Debris { site: mirror, size } });
            }
        }
    }
    let infections = Stream::new(seed, index, purpose::PRIMING);
    let mut day = 0.0;
    let rate = p.lambda_U / DAYS_PER_YEAR;
    if rate > 0.0 {
        for event in 0.. {
            day += infections.exponential(event) / rate;
            if day >= horizon_days {
                break;
            }
            all.push(TimedTrigger { day, trigger: Trigger::Priming { size: p.dU } });
        }
    }
    sort(&mut all);
    all
}

/// Sorts by time; events of the same instant keep the order in which they were made.
pub fn sort(triggers: &mut [TimedTrigger]) {
    triggers.sort_by(|a, b| a.day.total_cmp(&b.day));
}
