//! The clonal repertoire and its selection: the one graded place where tolerance breaks.
//!
//! Clones and peptides are points of a five-dimensional torus; affinity is Gaussian in distance. In the thymus a
//! clone meets each self peptide with probability `p_show`; bone peptides are shown at a reduced level. A clone
//! whose best avidity exceeds the threshold θ dies (softly), just below θ it becomes regulatory, and otherwise it
//! enters the periphery, where affinities above `a_act` trigger it. Raising θ opens the hole in tolerance.

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::ANTIGENS;
use osteoflare_random::Stream;

/// Dimension of shape space (assumed).
const DIMENSION: usize = 5;
/// Ubiquitous self peptides shown in the thymus (assumed).
const SELF_PEPTIDES: usize = 60;
/// Foreign probe peptides (assumed).
const FOREIGN_PEPTIDES: usize = 40;
/// Clones sampled per patient (assumed; more changes the mean reactivity by less than its spread between patients).
pub const CLONES: usize = 4000;
/// Mean avidity-weighted precursor frequency per peptide before selection at the default affinity width and
/// activation affinity: the unit of reactivity (computed: mean over 400 unselected repertoires).
const UNSELECTED_DRIVE: f64 = 4.75e-3;
/// Share of its effector potential that a fully regulatory clone loses (assumed).
const REGULATORY_LOSS: f64 = 0.8;

type Point = [f64; DIMENSION];

/// What the periphery can recognise after selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reactivity {
    /// Self-reactivity per bone antigen class, in units of the unselected repertoire.
    pub to_self: [f64; ANTIGENS],
    /// Foreign reactivity, in the same units.
    pub to_foreign: f64,
}

fn point(stream: &Stream, index: u64) -> Point {
    let base = index * 3;
    let ([a, b], [c, d], [e, _]) =
        (stream.uniform_pair(base), stream.uniform_pair(base + 1), stream.uniform_pair(base + 2));
    [a, b, c, d, e]
}

#[inline(always)]
fn squared_distance(a: &Point, b: &Point) -> f64 {
    let mut sum = 0.0;
    for i in 0..DIMENSION {
        let d = (a[i] - b[i]).abs();
        let d = if d > 0.5 { 1.0 - d } else { d };
        sum += d * d;
    }
    sum
}

/// Selects the repertoire of one patient with threshold `theta`.
pub fn select(theta: f64, seed: u64, patient: u32, purpose: u32, p: &Parameters<f64>) -> Reactivity {
    let peptides = Stream::new(seed, patient, purpose);
    let clones = Stream::new(seed, patient, purpose + 1);
    let meetings = Stream::new(seed, patient, purpose + 2);

    let own: Vec<Point> = (0..SELF_PEPTIDES as u64).map(|i| point(&peptides, i)).collect();
    let bone: [Point; ANTIGENS] = std::array::from_fn(|i| point(&peptides, 1000 + i as u64));
    let foreign: Vec<Point> = (0..FOREIGN_PEPTIDES as u64).map(|i| point(&peptides, 2000 + i)).collect();
    let level: [f64; ANTIGENS] =
        std::array::from_fn(|i| p.level_lo + (1.0 - p.level_lo) * peptides.uniform(9000 + i as u64));

    let narrow = -0.5 / (p.sigma_ss * p.sigma_ss);
    let affinity = |squared: f64| libm::exp(narrow * squared);
    // Beyond this squared distance a clone cannot be activated.
    let reach = libm::log(p.a_act) / narrow;

    let mut to_self = [0.0; ANTIGENS];
    let mut to_foreign = 0.0;
    for c in 0..CLONES as u64 {
        let clone = point(&clones, c);
        let mut nearest = f64::INFINITY;
        for (k, peptide) in own.iter().enumerate() {
            let d = squared_distance(&clone, peptide);
            // The meeting is drawn only where it matters: peptides nearer than the nearest met so far.
            if d < nearest && meetings.uniform(c * 80 + k as u64) < p.p_show {
                nearest = d;
            }
        }
        let mut best = affinity(nearest);
        let mut bone_affinity = [0.0; ANTIGENS];
        for k in 0..ANTIGENS {
            let a = affinity(squared_distance(&clone, &bone[k]));
            bone_affinity[k] = a;
            if a * level[k] > best && meetings.uniform(c * 80 + 70 + k as u64) < p.p_show {
                best = a * level[k];
            }
        }
        let alive = 1.0 / (1.0 + libm::exp((best - theta) / p.edge));
        let regulatory = if best < theta {
            alive * ((best - (theta - p.reg_window)) / p.reg_window).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let effector = alive * (1.0 - REGULATORY_LOSS * regulatory);
        let drive = |a: f64| effector * ((a - p.a_act) / (1.0 - p.a_act)).max(0.0);
        for k in 0..ANTIGENS {
            to_self[k] += drive(bone_affinity[k]);
        }
        for peptide in &foreign {
            let d = squared_distance(&clone, peptide);
            if d < reach {
                to_foreign += drive(affinity(d));
            }
        }
    }
    let unit = 1.0 / (CLONES as f64 * UNSELECTED_DRIVE);
    Reactivity { to_self: to_self.map(|a| a * unit), to_foreign: to_foreign * unit / FOREIGN_PEPTIDES as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_self(theta: f64) -> (f64, f64) {
        let p = Parameters::default();
        let n = 12;
        let mut own = 0.0;
        let mut foreign = 0.0;
        for patient in 0..n {
            let r = select(theta, 1, patient, 10, &p);
            own += r.to_self.iter().sum::<f64>() / 5.0 / f64::from(n);
            foreign += r.to_foreign / f64::from(n);
        }
        (own, foreign)
    }

    #[test]
    fn graded_by_the_threshold() {
        // Table of the model specification (means of 30 random repertoires of an independent implementation).
        for (theta, own, foreign) in [(0.55, 0.066, 0.237), (0.65, 0.234, 0.480), (0.75, 0.520, 0.727)] {
            let (s, f) = mean_self(theta);
            assert!((s - own).abs() < 0.25 * own, "θ {theta}: self {s} against {own}");
            assert!((f - foreign).abs() < 0.25 * foreign, "θ {theta}: foreign {f} against {foreign}");
        }
    }
}
