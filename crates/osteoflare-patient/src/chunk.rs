//! Eight neighbouring sites side by side: their states and their constants.

use osteoflare_kinetics::local::Site;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES};
use osteoflare_solver::system::LANES;
use osteoflare_vector::Vector;

/// Rows of constants: κ, antigen shares, growth, remodelling, volume.
const ROWS: usize = 1 + ANTIGENS + 3;

/// States of eight sites.
pub(crate) type StateChunk = [[f64; LANES]; LOCAL_STATES];

/// A part of a state vector, chunk by chunk.
#[inline(always)]
pub(crate) fn state_chunks(y: &[f64]) -> &[StateChunk] {
    y.as_chunks::<LANES>().0.as_chunks().0
}

/// A part of a state vector, chunk by chunk.
#[inline(always)]
pub(crate) fn state_chunks_mut(y: &mut [f64]) -> &mut [StateChunk] {
    y.as_chunks_mut::<LANES>().0.as_chunks_mut().0
}

/// The states as vectors.
#[inline(always)]
pub(crate) fn load<V: Vector>(states: &StateChunk) -> [V; LOCAL_STATES] {
    let mut out = [V::constant(0.0); LOCAL_STATES];
    for s in 0..LOCAL_STATES {
        out[s] = V::load(&states[s]);
    }
    out
}

/// Constants of eight sites; padding has no volume and no antigens, so that it gives nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct SiteChunk([[f64; LANES]; ROWS]);

impl SiteChunk {
    /// Sets one lane.
    pub(crate) fn set(&mut self, lane: usize, site: &Site<f64>) {
        let rows =
            [site.kappa].into_iter().chain(site.antigens).chain([site.growth, site.remodelling, site.volume]);
        for (row, value) in self.0.iter_mut().zip(rows) {
            row[lane] = value;
        }
    }

    /// Sets the remodelling activity of one lane.
    pub(crate) fn set_remodelling(&mut self, lane: usize, remodelling: f64) {
        self.0[2 + ANTIGENS][lane] = remodelling;
    }

    /// The constants as vectors.
    #[inline(always)]
    pub(crate) fn load<V: Vector>(&self) -> Site<V> {
        let mut antigens = [V::constant(0.0); ANTIGENS];
        for k in 0..ANTIGENS {
            antigens[k] = V::load(&self.0[1 + k]);
        }
        Site {
            kappa: V::load(&self.0[0]),
            antigens,
            growth: V::load(&self.0[1 + ANTIGENS]),
            remodelling: V::load(&self.0[2 + ANTIGENS]),
            volume: self.volume(),
        }
    }

    /// Volumes.
    #[inline(always)]
    pub(crate) fn volume<V: Vector>(&self) -> V {
        V::load(&self.0[3 + ANTIGENS])
    }
}
