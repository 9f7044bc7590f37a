//! The equations of awake sites in vectors: the loop in which most time is spent.

use osteoflare_kinetics::local::{self, Effects, Host};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_solver::system::{BlockSystem, LANES};
use osteoflare_vector::{Part, Vector};

use crate::awake::AwakeSystem;
use crate::chunk::{load, state_chunks, state_chunks_mut};

/// An [`AwakeSystem`] in vectors of one kind, with every constant spread over the lanes.
pub(crate) struct AwakeLanes<'a, V> {
    pub(crate) system: &'a AwakeSystem,
    pub(crate) parameters: Parameters<V>,
    pub(crate) host: Host<V>,
    pub(crate) effects: Effects<V>,
    /// Whether any site may hold bacteria.
    germs: bool,
}

impl<'a, V: Vector> AwakeLanes<'a, V> {
    #[inline(always)]
    pub(crate) fn new(system: &'a AwakeSystem, germs: bool) -> Self {
        AwakeLanes {
            system,
            parameters: system.parameters.map(V::constant),
            host: system.host.map(V::constant),
            effects: system.effects.map(V::constant),
            germs,
        }
    }

    /// The derivative. Sums over sites are taken lane by lane and then across, in a fixed order.
    #[inline(always)]
    fn derivative_of<const GERMS: bool>(&self, y: &[f64], dy: &mut [f64]) {
        let sites = &self.system.sites[..];
        let (states, z) = y.split_at(LOCAL_STATES * LANES * sites.len());
        let (rates, dz) = dy.split_at_mut(states.len());
        let states = &state_chunks(states)[..sites.len()];
        let rates = &mut state_chunks_mut(rates)[..sites.len()];
        let z: &[f64; SYSTEMIC_STATES] = z.try_into().expect("the circulation follows the sites");
        let p = &self.parameters;
        let zero = V::constant(0.0);

        // What every site sees of every other at once.
        let mut il6 = zero;
        for (y, site) in states.iter().zip(sites) {
            il6 = il6 + local::il6_spill(V::load(&y[Local::I6 as usize]), site.volume(), p);
        }
        let il6 = self.system.outside.il6 + il6.sum();
        let blood = systemic::circulation(z, il6).map(V::constant);

        let mut presentation = [zero; ANTIGENS];
        let mut pamp = zero;
        for ((y, site), out) in states.iter().zip(sites).zip(rates) {
            let (y, site) = (load::<V>(y), site.load::<V>());
            let (rates, export) =
                local::rates_and_export::<V, GERMS>(&y, &site, &blood, &self.effects, &self.host, p);
            for k in 0..ANTIGENS {
                presentation[k] = presentation[k] + site.antigens[k] * export.presentation;
            }
            if GERMS {
                pamp = pamp + export.pamp;
            }
            for s in 0..LOCAL_STATES {
                (rates.production[s] - rates.loss[s] * y[s]).store(&mut out[s]);
            }
        }
        let outside = &self.system.outside;
        let mut imports =
            Imports { presentation: outside.presentation, il6, pamp: outside.pamp + pamp.sum() };
        for k in 0..ANTIGENS {
            imports.presentation[k] += presentation[k].sum();
        }
        let system = self.system;
        dz.copy_from_slice(&systemic::derivatives(
            z,
            &imports,
            &system.effects,
            &system.host,
            &system.parameters,
        ));
    }
}

/// One derivative, compiled once for all stages of all integrators.
struct Derivative<'a, 'b, V> {
    lanes: &'a AwakeLanes<'b, V>,
    y: &'a [f64],
    dy: &'a mut [f64],
}

impl<V: Vector> Part for Derivative<'_, '_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        if self.lanes.germs {
            self.lanes.derivative_of::<true>(self.y, self.dy);
        } else {
            self.lanes.derivative_of::<false>(self.y, self.dy);
        }
    }
}

impl<V: Vector> BlockSystem for AwakeLanes<'_, V> {
    type Lanes = V;

    #[inline(always)]
    fn local_states(&self) -> usize {
        LOCAL_STATES
    }
    #[inline(always)]
    fn blocks(&self) -> usize {
        self.system.blocks()
    }
    #[inline(always)]
    fn shared_states(&self) -> usize {
        SYSTEMIC_STATES
    }
    #[inline(always)]
    fn tolerance_scale(&self) -> &[f64] {
        &self.system.tolerance_scale
    }
    #[inline(always)]
    fn derivative(&mut self, y: &[f64], dy: &mut [f64]) {
        V::apart(Derivative { lanes: self, y, dy });
    }
    fn fastest_rate(&mut self, y: &[f64]) -> f64 {
        self.system.fastest_rate(y)
    }
}
