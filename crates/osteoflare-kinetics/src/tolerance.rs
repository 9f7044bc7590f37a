//! The number 𝓡ₛ: how many times a focus regenerates itself.
//!
//! Hold inflammatory macrophages at a level `m`, let every faster quantity settle, and ask what level they
//! regenerate: `F(m)`. Then `𝓡ₛ = max F(m)/m`. Below 1 every sterile trigger dies out; at 1 a self-sustained focus
//! appears (a fold). The number is computed from the same equations that are integrated.

use osteoflare_vector::{InstructionSet, Kernel, LANES, Vector};

use crate::local::{Circulation, Effects, Host, Site, rates_without_germs};
use crate::parameters::Parameters;
use crate::state::{ANTIGENS, LOCAL_STATES, Local, SYSTEMIC_STATES, Systemic};

/// Macrophage levels that are tried, lowest and highest, r.u.
pub const PROBED_LEVELS: (f64, f64) = (0.05, 1.6);
/// Number of levels tried.
pub const PROBES: usize = 24;
/// Rounds of relaxation of the fast states at each level.
const ROUNDS: usize = 30;

/// States that settle within weeks while a focus decides whether to live on.
const FAST: [Local; 13] = [
    Local::D,
    Local::N,
    Local::R,
    Local::E,
    Local::I10,
    Local::I1,
    Local::T,
    Local::I6,
    Local::Pg,
    Local::I17,
    Local::C,
    Local::Op,
    Local::O,
];

/// 𝓡ₛ of one site at one moment; slow states (regulation, memory, bone, oedema) are held where they are.
pub fn regeneration_number(
    y: &[f64; LOCAL_STATES],
    z: &[f64; SYSTEMIC_STATES],
    site: &Site<f64>,
    drug: &Effects<f64>,
    host: &Host<f64>,
    p: &Parameters<f64>,
) -> f64 {
    InstructionSet::best().run(Probing { y, z, site, drug, host, p })
}

/// The arguments of [`regeneration_number`].
struct Probing<'a> {
    y: &'a [f64; LOCAL_STATES],
    z: &'a [f64; SYSTEMIC_STATES],
    site: &'a Site<f64>,
    drug: &'a Effects<f64>,
    host: &'a Host<f64>,
    p: &'a Parameters<f64>,
}

impl Kernel for Probing<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<V: Vector>(self) -> f64 {
        let Probing { y, z, .. } = self;
        let site = self.site.map(V::constant);
        let host = self.host.map(V::constant);
        let drug = self.drug.map(V::constant);
        let p = self.p.map(V::constant);
        let effectors: [f64; ANTIGENS] = [z[0], z[1], z[2], z[3], z[4]];
        let blood = Circulation {
            effectors,
            regulators: z[Systemic::Gs as usize],
            foreign: 0.0,
            priming: z[Systemic::U as usize],
            il6: 0.0,
        }
        .map(V::constant);
        let step = (PROBED_LEVELS.1 - PROBED_LEVELS.0) / (PROBES - 1) as f64;
        let mut best = 0.0_f64;
        for chunk in 0..PROBES / LANES {
            let mut levels = [0.0; LANES];
            for (i, level) in levels.iter_mut().enumerate() {
                *level = PROBED_LEVELS.0 + step * (chunk * LANES + i) as f64;
            }
            let regenerated = regenerated(V::load(&levels), y, &site, &blood, &drug, &host, &p);
            for (regenerated, level) in regenerated.to_array().into_iter().zip(levels) {
                best = best.max(regenerated / level);
            }
        }
        best
    }
}

/// `F(m)`: settles the fast states at fixed macrophage level and returns the level they regenerate.
#[inline(always)]
fn regenerated<V: Vector>(
    m: V,
    y: &[f64; LOCAL_STATES],
    site: &Site<V>,
    blood: &Circulation<V>,
    drug: &Effects<V>,
    host: &Host<V>,
    p: &Parameters<V>,
) -> V {
    let mut state = [V::constant(0.0); LOCAL_STATES];
    for (state, y) in state.iter_mut().zip(y) {
        *state = V::constant(*y);
    }
    state[Local::B as usize] = V::constant(0.0);
    state[Local::Bf as usize] = V::constant(0.0);
    state[Local::M as usize] = m;
    state[Local::D as usize] = V::constant(1.0);
    let half = V::constant(0.5);
    for _ in 0..ROUNDS {
        let r = rates_without_germs(&state, site, blood, drug, host, p);
        let mut pairs = [(half, half); FAST.len()];
        for (pair, s) in pairs.iter_mut().zip(FAST) {
            *pair = (r.production[s as usize], r.loss[s as usize]);
        }
        for (settled, s) in V::quotients(pairs).into_iter().zip(FAST) {
            state[s as usize] = half * state[s as usize] + half * settled;
        }
    }
    let r = rates_without_germs(&state, site, blood, drug, host, p);
    r.production[Local::M as usize] / r.loss[Local::M as usize]
}
