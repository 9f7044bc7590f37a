//! The sites that are awake, side by side in vector lanes, together with the circulation.

use osteoflare_kinetics::local::{self, Circulation, Effects, Host as KineticHost, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::scalar::{Lanes, Scalar};
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_solver::bordered::BorderedJacobian;
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::{BlockSystem, LANES, SolverError, Statistics, Tolerance};

use crate::asleep::{self, Surroundings};

type L = Lanes<LANES>;

/// Number of rows of per-site constants: κ, antigen shares, growth, remodelling, volume.
const CONSTANTS: usize = 1 + ANTIGENS + 3;

/// Awake sites of one patient over a window in which all inputs are constant.
#[derive(Clone, Debug)]
pub struct AwakeSystem {
    blocks: usize,
    pub(crate) stride: usize,
    /// `CONSTANTS` rows of `stride` values.
    constants: Vec<f64>,
    pub(crate) parameters: Box<Parameters<f64>>,
    pub(crate) lane_parameters: Box<Parameters<L>>,
    pub(crate) host: KineticHost<f64>,
    lane_host: KineticHost<L>,
    pub(crate) effects: Effects<f64>,
    lane_effects: Effects<L>,
    /// What sleeping sites give to the circulation.
    pub(crate) outside: Imports<f64>,
    tolerance_scale: Vec<f64>,
    pub(crate) kernels: Kernels,
    instruction_set: InstructionSet,
}

/// The inner loops, compiled for the instruction set of this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernels {
    derivative: fn(&AwakeSystem, &[f64], &mut [f64]),
    pub(crate) jacobian: fn(&AwakeSystem, &[f64], &mut BorderedJacobian),
    integrate: fn(&mut AwakeSystem, Integration) -> Result<(), SolverError>,
    doze: fn(&AwakeSystem, &mut [L; LOCAL_STATES], &Site<L>, &Circulation<L>, &Effects<L>, L),
}

/// Arguments of one integration.
pub struct Integration<'a> {
    /// Work space and step memory.
    pub integrator: &'a mut DormandPrince,
    /// State vector.
    pub y: &'a mut Vec<f64>,
    /// Start, days, for messages.
    pub day: f64,
    /// Length of the window, days.
    pub span: f64,
    /// Tolerance.
    pub tolerance: Tolerance,
    /// Work counter.
    pub statistics: &'a mut Statistics,
}

impl AwakeSystem {
    /// A system without sites.
    pub fn new(parameters: &Parameters<f64>, host: &KineticHost<f64>) -> Self {
        let splat = L::constant;
        AwakeSystem {
            blocks: 0,
            stride: 0,
            constants: Vec::new(),
            parameters: Box::new(*parameters),
            lane_parameters: Box::new(parameters.map(splat)),
            host: *host,
            lane_host: KineticHost {
                il10_competence: splat(host.il10_competence),
                regulatory_competence: splat(host.regulatory_competence),
                self_reactivity: host.self_reactivity.map(splat),
                foreign_reactivity: splat(host.foreign_reactivity),
                antibiotic_penetration: splat(host.antibiotic_penetration),
            },
            effects: Effects::none(),
            lane_effects: Effects::none(),
            outside: Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 },
            tolerance_scale: LOCAL.iter().chain(&SYSTEMIC).map(|s| s.tolerance_scale).collect(),
            kernels: InstructionSet::best().kernels(),
            instruction_set: InstructionSet::best(),
        }
    }

    /// Compiles down to another instruction set, to compare speed and bits. Returns `false`, and changes nothing, if
    /// this machine does not have it.
    pub fn use_instruction_set(&mut self, set: InstructionSet) -> bool {
        let there = InstructionSet::available().contains(&set);
        if there {
            self.kernels = set.kernels();
            self.instruction_set = set;
        }
        there
    }

    /// Instruction set in use.
    pub fn instruction_set(&self) -> InstructionSet {
        self.instruction_set
    }

    /// Sets the sites for the next window.
    pub fn set_sites(&mut self, sites: &[Site<f64>]) {
        self.blocks = sites.len();
        self.stride = sites.len().div_ceil(LANES) * LANES;
        self.constants.clear();
        self.constants.resize(CONSTANTS * self.stride, 0.0);
        for (b, site) in sites.iter().enumerate() {
            let row = [site.kappa].into_iter().chain(site.antigens).chain([
                site.growth,
                site.remodelling,
                site.volume,
            ]);
            for (r, value) in row.enumerate() {
                self.constants[r * self.stride + b] = value;
            }
        }
    }

    /// Sets drug effects and the contribution of sleeping sites for the next window.
    pub fn set_inputs(&mut self, effects: &Effects<f64>, outside: Imports<f64>) {
        self.effects = *effects;
        self.lane_effects = effects.map(L::constant);
        self.outside = outside;
    }

    #[inline(always)]
    pub(crate) fn site(&self, chunk: usize) -> Site<L> {
        let row = |r: usize| L::load(&self.constants[r * self.stride + chunk..]);
        Site {
            kappa: row(0),
            antigens: std::array::from_fn(|k| row(1 + k)),
            growth: row(1 + ANTIGENS),
            remodelling: row(2 + ANTIGENS),
            volume: row(3 + ANTIGENS),
        }
    }

    /// Sums over sites, lane by lane and then across, in a fixed order.
    #[inline(always)]
    fn derivative_body(&self, y: &[f64], dy: &mut [f64]) {
        let stride = self.stride;
        let z: &[f64; SYSTEMIC_STATES] =
            y[LOCAL_STATES * stride..].try_into().expect("shared states follow the blocks");
        let p = &*self.lane_parameters;

        let mut il6 = L::constant(0.0);
        let volume_row = 3 + ANTIGENS;
        let mut chunk = 0;
        while chunk < stride {
            let i6 = L::load(&y[Local::I6 as usize * stride + chunk..]);
            let volume = L::load(&self.constants[volume_row * stride + chunk..]);
            il6 = il6 + local::il6_spill(i6, volume, p);
            chunk += LANES;
        }
        let il6 = self.outside.il6 + il6.sum();
        let seen = systemic::circulation(z, il6);
        let blood = local::Circulation {
            effectors: seen.effectors.map(L::constant),
            regulators: L::constant(seen.regulators),
            foreign: L::constant(seen.foreign),
            priming: L::constant(seen.priming),
            il6: L::constant(seen.il6),
        };

        let mut presentation = [L::constant(0.0); ANTIGENS];
        let mut pamp = L::constant(0.0);
        let mut chunk = 0;
        while chunk < stride {
            let site = self.site(chunk);
            let state: [L; LOCAL_STATES] = std::array::from_fn(|s| L::load(&y[s * stride + chunk..]));
            let export = local::export(&state, &site, p);
            for k in 0..ANTIGENS {
                presentation[k] = presentation[k] + site.antigens[k] * export.presentation;
            }
            pamp = pamp + export.pamp;
            let rates = local::rates(&state, &site, &blood, &self.lane_effects, &self.lane_host, p);
            for s in 0..LOCAL_STATES {
                (rates.production[s] - rates.loss[s] * state[s]).store(&mut dy[s * stride + chunk..]);
            }
            chunk += LANES;
        }
        let imports = Imports {
            presentation: std::array::from_fn(|k| self.outside.presentation[k] + presentation[k].sum()),
            il6,
            pamp: self.outside.pamp + pamp.sum(),
        };
        let dz = systemic::derivatives(z, &imports, &self.effects, &self.host, &self.parameters);
        dy[LOCAL_STATES * stride..].copy_from_slice(&dz);
    }
}

impl BlockSystem for AwakeSystem {
    #[inline(always)]
    fn local_states(&self) -> usize {
        LOCAL_STATES
    }
    #[inline(always)]
    fn blocks(&self) -> usize {
        self.blocks
    }
    #[inline(always)]
    fn stride(&self) -> usize {
        self.stride
    }
    #[inline(always)]
    fn shared_states(&self) -> usize {
        SYSTEMIC_STATES
    }
    #[inline(always)]
    fn tolerance_scale(&self) -> &[f64] {
        &self.tolerance_scale
    }
    #[inline(always)]
    fn derivative(&mut self, y: &[f64], dy: &mut [f64]) {
        (self.kernels.derivative)(self, y, dy);
    }
    fn fastest_rate(&mut self, y: &[f64]) -> f64 {
        let bacteria = (0..self.blocks).any(|b| y[b] > 0.0 || y[self.stride + b] > 0.0);
        let p = &self.parameters;
        let germs =
            if bacteria { p.rB + p.kres + p.kf + p.abx * self.effects.abx + 5.0 * p.kNB } else { 0.0 };
        (1.1 * p.mu).max(2.0 * p.dN).max(germs)
    }
}

/// Bacteria below this level are extinct: 0.2 CFU/mL, less than one organism at a site; 10⁶ CFU/mL.
const EXTINCT: f64 = 2e-7;

/// Sets bacteria (10⁶ CFU/mL) below one organism to zero; returns whether any were.
#[inline(always)]
pub fn let_last_organism_die(bacteria: &mut [f64]) -> bool {
    let mut changed = false;
    for b in bacteria {
        if *b > 0.0 && *b < EXTINCT {
            *b = 0.0;
            changed = true;
        }
    }
    changed
}

impl AwakeSystem {
    /// Integrates one window and lets the last organism die.
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    pub fn integrate(&mut self, task: Integration) -> Result<(), SolverError> {
        (self.kernels.integrate)(self, task)
    }

    #[inline(always)]
    fn integrate_body(&mut self, task: Integration) -> Result<(), SolverError> {
        let stride = self.stride;
        let germs = task.y[..2 * stride].iter().any(|b| *b > 0.0);
        task.integrator.advance(self, task.y, task.day, task.span, task.tolerance, task.statistics, |_, y| {
            germs && let_last_organism_die(&mut y[..2 * stride])
        })
    }

    /// Moves up to [`LANES`] sleeping sites by `days` each.
    pub fn doze(
        &self,
        members: &[usize],
        local: &mut [[f64; LOCAL_STATES]],
        sites: &[Site<f64>],
        blood: &Circulation<f64>,
        drug: &Effects<f64>,
        days: impl Fn(usize) -> f64,
    ) {
        let pick = |f: &dyn Fn(usize) -> f64, padding: f64| {
            Lanes(std::array::from_fn(|lane| members.get(lane).map_or(padding, |&i| f(i))))
        };
        let site = Site {
            kappa: pick(&|i| sites[i].kappa, 0.0),
            antigens: std::array::from_fn(|k| pick(&|i| sites[i].antigens[k], 0.0)),
            growth: pick(&|i| sites[i].growth, 0.0),
            remodelling: pick(&|i| sites[i].remodelling, 0.0),
            volume: pick(&|i| sites[i].volume, 0.0),
        };
        let mut y: [L; LOCAL_STATES] = std::array::from_fn(|s| pick(&|i| local[i][s], LOCAL[s].at_rest));
        let splat = L::constant;
        let blood = Circulation {
            effectors: blood.effectors.map(splat),
            regulators: splat(blood.regulators),
            foreign: splat(blood.foreign),
            priming: splat(blood.priming),
            il6: splat(blood.il6),
        };
        let days = pick(&|i| days(i), 0.0);
        (self.kernels.doze)(self, &mut y, &site, &blood, &drug.map(splat), days);
        for (lane, &i) in members.iter().enumerate() {
            for s in 0..LOCAL_STATES {
                local[i][s] = y[s].0[lane];
            }
        }
    }

    #[inline(always)]
    fn doze_body(
        &self,
        y: &mut [L; LOCAL_STATES],
        site: &Site<L>,
        blood: &Circulation<L>,
        drug: &Effects<L>,
        days: L,
    ) {
        let around =
            Surroundings { site, blood, drug, host: &self.lane_host, parameters: &*self.lane_parameters };
        asleep::step(y, &around, days);
    }
}

// The same text compiled for each instruction set. No fused multiply-add is formed, so all give the same bits.
macro_rules! compiled_for {
    ($module:ident, $(#[$attribute:meta])*) => {
        mod $module {
            use super::*;

            $(#[$attribute])*
            pub(super) fn derivative(system: &AwakeSystem, y: &[f64], dy: &mut [f64]) {
                system.derivative_body(y, dy);
            }

            $(#[$attribute])*
            pub(super) fn jacobian(system: &AwakeSystem, y: &[f64], out: &mut BorderedJacobian) {
                system.jacobian_body(y, out);
            }

            $(#[$attribute])*
            pub(super) fn integrate(system: &mut AwakeSystem, task: Integration) -> Result<(), SolverError> {
                system.integrate_body(task)
            }

            $(#[$attribute])*
            pub(super) fn doze(
                system: &AwakeSystem,
                y: &mut [L; LOCAL_STATES],
                site: &Site<L>,
                blood: &Circulation<L>,
                drug: &Effects<L>,
                days: L,
            ) {
                system.doze_body(y, site, blood, drug, days);
            }
        }
    };
}

compiled_for!(portable,);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx2, #[target_feature(enable = "avx2")]);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx512, #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]);

/// Instruction set that the inner loops are compiled for. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    /// What every machine of the target has.
    Portable,
    /// 256-bit vectors of x86-64.
    Avx2,
    /// 512-bit vectors of x86-64.
    Avx512,
}

impl InstructionSet {
    /// Those of this machine, widest last.
    pub fn available() -> Vec<InstructionSet> {
        let mut sets = vec![InstructionSet::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if std::is_x86_feature_detected!("avx2") {
                sets.push(InstructionSet::Avx2);
            }
            if std::is_x86_feature_detected!("avx512f")
                && std::is_x86_feature_detected!("avx512dq")
                && std::is_x86_feature_detected!("avx512vl")
                && std::is_x86_feature_detected!("avx512bw")
            {
                sets.push(InstructionSet::Avx512);
            }
        }
        sets
    }

    /// The widest of this machine.
    pub fn best() -> InstructionSet {
        InstructionSet::available().pop().unwrap_or(InstructionSet::Portable)
    }

    /// Only for a set that is available.
    fn kernels(self) -> Kernels {
        match self {
            // SAFETY (all eight): only available sets are asked for.
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => Kernels {
                derivative: |s, y, dy| unsafe { avx512::derivative(s, y, dy) },
                jacobian: |s, y, out| unsafe { avx512::jacobian(s, y, out) },
                integrate: |s, task| unsafe { avx512::integrate(s, task) },
                doze: |s, y, site, blood, drug, days| unsafe {
                    avx512::doze(s, y, site, blood, drug, days);
                },
            },
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => Kernels {
                derivative: |s, y, dy| unsafe { avx2::derivative(s, y, dy) },
                jacobian: |s, y, out| unsafe { avx2::jacobian(s, y, out) },
                integrate: |s, task| unsafe { avx2::integrate(s, task) },
                doze: |s, y, site, blood, drug, days| unsafe {
                    avx2::doze(s, y, site, blood, drug, days);
                },
            },
            _ => Kernels {
                derivative: portable::derivative,
                jacobian: portable::jacobian,
                integrate: portable::integrate,
                doze: portable::doze,
            },
        }
    }
}
