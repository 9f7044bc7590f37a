//! The number 𝓡ₛ: how many times a focus regenerates itself.
//!
//! Hold inflammatory macrophages at a level `m`, let every faster quantity settle, and ask what level they
//! regenerate: `F(m)`. Then `𝓡ₛ = max F(m)/m`. Below 1 every sterile trigger dies out; at 1 a self-sustained focus
//! appears (a fold). The number is computed from the same equations that are integrated.

use crate::local::{Circulation, Effects, Host, Site, rates};
use crate::parameters::Parameters;
use crate::scalar::{Lanes, Scalar};
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

const LANES: usize = 8;
type L = Lanes<LANES>;

/// 𝓡ₛ of one site at one moment; slow states (regulation, memory, bone, oedema) are held where they are.
pub fn regeneration_number(
    y: &[f64; LOCAL_STATES],
    z: &[f64; SYSTEMIC_STATES],
    site: &Site<f64>,
    drug: &Effects<f64>,
    host: &Host<f64>,
    p: &Parameters<f64>,
) -> f64 {
    let splat = L::constant;
    let site = Site {
        kappa: splat(site.kappa),
        antigens: site.antigens.map(splat),
        growth: splat(site.growth),
        remodelling: splat(site.remodelling),
        volume: splat(site.volume),
    };
    let host = Host {
        il10_competence: splat(host.il10_competence),
        regulatory_competence: splat(host.regulatory_competence),
        self_reactivity: host.self_reactivity.map(splat),
        foreign_reactivity: splat(host.foreign_reactivity),
        antibiotic_penetration: splat(host.antibiotic_penetration),
    };
    let drug = drug.map(splat);
    let p = p.map(splat);
    let effectors: [f64; ANTIGENS] = [z[0], z[1], z[2], z[3], z[4]];
    let blood = Circulation {
        effectors: effectors.map(splat),
        regulators: splat(z[Systemic::Gs as usize]),
        foreign: splat(0.0),
        priming: splat(z[Systemic::U as usize]),
        il6: splat(0.0),
    };
    let step = (PROBED_LEVELS.1 - PROBED_LEVELS.0) / (PROBES - 1) as f64;
    let settle = choose_kernel();
    let mut best = 0.0_f64;
    for chunk in 0..PROBES / LANES {
        let levels = Lanes(std::array::from_fn(|i| PROBED_LEVELS.0 + step * (chunk * LANES + i) as f64));
        let regenerated = settle(levels, y, &site, &blood, &drug, &host, &p);
        for i in 0..LANES {
            best = best.max(regenerated.0[i] / levels.0[i]);
        }
    }
    best
}

/// `F(m)`: settles the fast states at fixed macrophage level and returns the level they regenerate.
#[allow(clippy::too_many_arguments, reason = "the arguments of the equations plus the level")]
#[inline(always)]
fn settle_body(
    m: L,
    y: &[f64; LOCAL_STATES],
    site: &Site<L>,
    blood: &Circulation<L>,
    drug: &Effects<L>,
    host: &Host<L>,
    p: &Parameters<L>,
) -> L {
    let mut state: [L; LOCAL_STATES] = y.map(L::constant);
    state[Local::B as usize] = L::constant(0.0);
    state[Local::Bf as usize] = L::constant(0.0);
    state[Local::M as usize] = m;
    state[Local::D as usize] = L::constant(1.0);
    let half = L::constant(0.5);
    for _ in 0..ROUNDS {
        let r = rates(&state, site, blood, drug, host, p);
        for s in FAST {
            let i = s as usize;
            state[i] = half * state[i] + half * (r.production[i] / r.loss[i]);
        }
    }
    let r = rates(&state, site, blood, drug, host, p);
    r.production[Local::M as usize] / r.loss[Local::M as usize]
}

type Kernel =
    fn(L, &[f64; LOCAL_STATES], &Site<L>, &Circulation<L>, &Effects<L>, &Host<L>, &Parameters<L>) -> L;

// The same text compiled for each instruction set; no fused multiply-add, so the same bits.
macro_rules! compiled_for {
    ($name:ident, $(#[$attribute:meta])*) => {
        $(#[$attribute])*
        #[allow(clippy::too_many_arguments, reason = "the arguments of the equations plus the level")]
        fn $name(
            m: L,
            y: &[f64; LOCAL_STATES],
            site: &Site<L>,
            blood: &Circulation<L>,
            drug: &Effects<L>,
            host: &Host<L>,
            p: &Parameters<L>,
        ) -> L {
            settle_body(m, y, site, blood, drug, host, p)
        }
    };
}

compiled_for!(portable,);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx2, #[target_feature(enable = "avx2")]);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx512, #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]);

fn choose_kernel() -> Kernel {
    #[cfg(target_arch = "x86_64")]
    {
        if std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx512vl")
            && std::is_x86_feature_detected!("avx512bw")
        {
            // SAFETY: the features were detected.
            return |m, y, s, b, d, h, p| unsafe { avx512(m, y, s, b, d, h, p) };
        }
        if std::is_x86_feature_detected!("avx2") {
            // SAFETY: the feature was detected.
            return |m, y, s, b, d, h, p| unsafe { avx2(m, y, s, b, d, h, p) };
        }
    }
    portable
}
