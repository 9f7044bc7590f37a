//! The weekly step of all sleeping sites, eight side by side.

use osteoflare_kinetics::local::{Circulation, Effects, Host, export};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL, LOCAL_STATES};
use osteoflare_solver::system::LANES;
use osteoflare_vector::{Kernel, Vector};

use crate::asleep::{self, Surroundings};
use crate::chunk::{SiteChunk, StateChunk, load};

/// What a sleeping site gives to the circulation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Given {
    /// Antigen presentation, to be multiplied by the antigen shares.
    pub(crate) presentation: f64,
    /// IL-6.
    pub(crate) il6: f64,
}

/// Moves every sleeping site to `today`.
pub(crate) struct Doze<'a> {
    pub(crate) local: &'a mut [[f64; LOCAL_STATES]],
    /// What each site gives after the step; awake sites keep theirs.
    pub(crate) given: &'a mut [Given],
    pub(crate) sites: &'a [SiteChunk],
    pub(crate) awake: &'a [bool],
    /// Day up to which each sleeping site has been moved.
    pub(crate) moved_to: &'a [f64],
    pub(crate) today: f64,
    pub(crate) blood: &'a Circulation<f64>,
    pub(crate) drug: &'a Effects<f64>,
    pub(crate) host: &'a Host<f64>,
    pub(crate) parameters: &'a Parameters<f64>,
}

impl Kernel for Doze<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        let (blood, drug) = (self.blood.map(V::constant), self.drug.map(V::constant));
        let (host, parameters) = (self.host.map(V::constant), self.parameters.map(V::constant));
        for (number, constants) in self.sites.iter().enumerate() {
            let first = number * LANES;
            let lanes = LANES.min(self.local.len() - first);
            let awake = &self.awake[first..first + lanes];
            if awake.iter().all(|a| *a) {
                continue;
            }
            let local = &mut self.local[first..first + lanes];
            let mut tile: StateChunk = [[0.0; LANES]; LOCAL_STATES];
            for (row, info) in tile.iter_mut().zip(&LOCAL) {
                row.fill(info.at_rest);
            }
            let mut days = [0.0; LANES];
            for (lane, y) in local.iter().enumerate() {
                for s in 0..LOCAL_STATES {
                    tile[s][lane] = y[s];
                }
                days[lane] = if awake[lane] { 0.0 } else { self.today - self.moved_to[first + lane] };
            }
            let site = constants.load::<V>();
            let around = Surroundings {
                site: &site,
                blood: &blood,
                drug: &drug,
                host: &host,
                parameters: &parameters,
            };
            let mut y = load::<V>(&tile);
            asleep::step(&mut y, &around, V::load(&days));
            let out = export(&y, &site, &parameters);
            let (presentation, il6) = (out.presentation.to_array(), out.il6.to_array());
            for s in 0..LOCAL_STATES {
                y[s].store(&mut tile[s]);
            }
            for (lane, y) in local.iter_mut().enumerate().filter(|(lane, _)| !awake[*lane]) {
                for s in 0..LOCAL_STATES {
                    y[s] = tile[s][lane];
                }
                self.given[first + lane] = Given { presentation: presentation[lane], il6: il6[lane] };
            }
        }
    }
}
