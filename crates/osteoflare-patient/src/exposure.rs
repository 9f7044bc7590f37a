//! What happens to a patient from outside: injuries and bacteria reaching bone.

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_random::Stream;
use osteoflare_skeleton::{SiteId, Skeleton};

use crate::growth::{self, DAYS_PER_YEAR};
use crate::host::Host;
use crate::purpose;
use crate::triggers::{TimedTrigger, Trigger};

/// Where an exposure strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A site drawn for each patient with probability proportional to perfusion × volume × plate openness.
    RandomMetaphysis,
    /// One named site, the same in every patient.
    Site(SiteId),
}

/// An exposure at a planned time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exposure {
    /// A closed injury: debris pulse at one site.
    Injury {
        /// Days since the start.
        day: f64,
        /// Where.
        target: Target,
        /// Size of the debris pulse, relative units (1 = level in an established lesion).
        debris: f64,
    },
    /// Bacteria circulate once; each site traps them according to its perfusion and injury.
    Bacteraemia {
        /// Days since the start.
        day: f64,
        /// Colony-forming units that reach bone in total.
        cfu: f64,
        /// Injury one day earlier at this target (`None`: no injury).
        injury: Option<(Target, f64)>,
    },
}

/// Planned exposures as triggers, in the order of the plan.
pub fn planned_triggers(
    exposures: &[Exposure],
    host: &Host,
    seed: u64,
    index: u32,
    p: &Parameters<f64>,
) -> Vec<TimedTrigger> {
    let mut all = Vec::new();
    for (number, exposure) in exposures.iter().enumerate() {
        let place = |target: Target, day: f64| target_site(target, host, seed, index, number as u64, day, p);
        match *exposure {
            Exposure::Injury { day, target, debris } => {
                all.push(TimedTrigger {
                    day,
                    trigger: Trigger::Debris { site: place(target, day), size: debris },
                });
            }
            Exposure::Bacteraemia { day, cfu, injury } => {
                if let Some((target, debris)) = injury {
                    let before = (day - 1.0).max(0.0);
                    all.push(TimedTrigger {
                        day: before,
                        trigger: Trigger::Debris { site: place(target, before), size: debris },
                    });
                }
                all.push(TimedTrigger {
                    day,
                    trigger: Trigger::Bacteraemia { cfu, exposure: number as u32 },
                });
            }
        }
    }
    all
}

/// The site an exposure strikes in this child.
fn target_site(
    target: Target,
    host: &Host,
    seed: u64,
    index: u32,
    exposure: u64,
    day: f64,
    p: &Parameters<f64>,
) -> SiteId {
    match target {
        Target::Site(site) => site,
        Target::RandomMetaphysis => {
            let age = host.age_at_start_years + day / DAYS_PER_YEAR;
            let weights: Vec<f64> = Skeleton::get()
                .sites()
                .iter()
                .map(|s| s.perfusion * s.volume * growth::plate_openness(s, age, host.sex, p) * s.growth)
                .collect();
            let total: f64 = weights.iter().sum();
            let mut u = Stream::new(seed, index, purpose::EXPOSURE).uniform(exposure << 32) * total;
            for (i, w) in weights.iter().enumerate() {
                if u < *w {
                    return SiteId(i as u16);
                }
                u -= w;
            }
            SiteId(0)
        }
    }
}
