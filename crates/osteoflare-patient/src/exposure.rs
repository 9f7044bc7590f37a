//! What happens to a patient from outside: injuries and bacteria reaching bone.

use osteoflare_skeleton::SiteId;

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
