//! The sites that are awake, together with the circulation, over a window in which all inputs are constant.

use osteoflare_kinetics::local::{Effects, Host as KineticHost, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{
    ANTIGENS, LOCAL, LOCAL_STATES, Local, ONE_ORGANISM, SYSTEMIC, SYSTEMIC_STATES,
};
use osteoflare_kinetics::systemic::Imports;
use osteoflare_solver::bordered::BorderedJacobian;
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::rosenbrock::Differentiable;
use osteoflare_solver::system::{LANES, SolverError, Statistics, Tolerance, place};
use osteoflare_vector::{InstructionSet, Kernel, Vector};

use crate::awake_lanes::AwakeLanes;
use crate::chunk::SiteChunk;

/// Awake sites of one patient over a window in which all inputs are constant.
///
/// State vectors have the layout of [`osteoflare_solver::system::BlockSystem`]; [`position`] finds a state.
#[derive(Clone, Debug)]
pub struct AwakeSystem {
    blocks: usize,
    pub(crate) sites: Vec<SiteChunk>,
    pub(crate) parameters: Box<Parameters<f64>>,
    pub(crate) host: KineticHost<f64>,
    pub(crate) effects: Effects<f64>,
    /// What sleeping sites give to the circulation.
    pub(crate) outside: Imports<f64>,
    pub(crate) tolerance_scale: Vec<f64>,
    instruction_set: InstructionSet,
}

/// Something done with the awake sites as a block system, compiled for the instruction set in use.
pub trait AwakeTask {
    /// What it gives.
    type Output;

    /// The work; write it `#[inline(always)]`.
    fn run<S: Differentiable>(self, system: &mut S) -> Self::Output;
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

/// Where a state of awake site number `block` lies in a state vector.
#[inline(always)]
pub fn position(state: Local, block: usize) -> usize {
    place(LOCAL_STATES, state as usize, block)
}

impl AwakeSystem {
    /// A system without sites.
    pub fn new(parameters: &Parameters<f64>, host: &KineticHost<f64>) -> Self {
        AwakeSystem {
            blocks: 0,
            sites: Vec::new(),
            parameters: Box::new(*parameters),
            host: *host,
            effects: Effects::none(),
            outside: Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 },
            tolerance_scale: LOCAL.iter().chain(&SYSTEMIC).map(|s| s.tolerance_scale).collect(),
            instruction_set: InstructionSet::best(),
        }
    }

    /// Uses another instruction set, to compare speed and bits. Returns `false`, and changes nothing, if this machine
    /// does not have it.
    pub fn use_instruction_set(&mut self, set: InstructionSet) -> bool {
        if set.is_available() {
            self.instruction_set = set;
        }
        set.is_available()
    }

    /// Instruction set in use.
    pub fn instruction_set(&self) -> InstructionSet {
        self.instruction_set
    }

    /// Number of sites.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// Number of sites including padding.
    pub fn stride(&self) -> usize {
        self.sites.len() * LANES
    }

    /// Length of the state vector.
    pub fn len(&self) -> usize {
        LOCAL_STATES * self.stride() + SYSTEMIC_STATES
    }

    /// Whether there is no site.
    pub fn is_empty(&self) -> bool {
        self.blocks == 0
    }

    /// Absolute tolerance factor of every state: those of a site first, then those of the circulation.
    pub fn tolerance_scale(&self) -> &[f64] {
        &self.tolerance_scale
    }

    /// Sets the sites for the next window.
    pub fn set_sites(&mut self, sites: impl ExactSizeIterator<Item = Site<f64>>) {
        self.blocks = sites.len();
        self.sites.clear();
        self.sites.resize(self.blocks.div_ceil(LANES), SiteChunk::default());
        for (b, site) in sites.enumerate() {
            self.sites[b / LANES].set(b % LANES, &site);
        }
    }

    /// Sets drug effects and the contribution of sleeping sites for the next window.
    pub fn set_inputs(&mut self, effects: &Effects<f64>, outside: Imports<f64>) {
        self.effects = *effects;
        self.outside = outside;
    }

    /// Runs `task` on these sites as a block system. `germs` says whether any site may hold bacteria in the states
    /// that the task will meet; without, their equations are left out.
    #[inline]
    pub fn run<T: AwakeTask>(&self, germs: bool, task: T) -> T::Output {
        self.instruction_set.run(OnLanes { system: self, germs, task })
    }

    /// Whether a state vector holds bacteria.
    pub fn holds_germs(&self, y: &[f64]) -> bool {
        (0..self.blocks).any(|b| y[position(Local::B, b)] > 0.0 || y[position(Local::Bf, b)] > 0.0)
    }

    /// Integrates one window and lets the last organism die.
    ///
    /// # Errors
    /// [`SolverError`] if the tolerance cannot be met.
    pub fn integrate(&self, window: Integration) -> Result<(), SolverError> {
        let germs = self.holds_germs(window.y);
        self.run(germs, Integrating { window, germs })
    }

    /// Derivative at `y`, state units per day.
    pub fn derivative(&self, y: &[f64], dy: &mut [f64]) {
        self.run(self.holds_germs(y), Deriving { y, dy });
    }

    /// Bound on the spectral radius of the Jacobian near `y`, 1/d.
    pub fn fastest_rate(&self, y: &[f64]) -> f64 {
        let p = &self.parameters;
        let germs = if self.holds_germs(y) {
            p.rB + p.kres + p.kf + p.abx * self.effects.abx + 5.0 * p.kNB
        } else {
            0.0
        };
        (1.1 * p.mu).max(2.0 * p.dN).max(germs)
    }

    /// The Jacobian at `y`, 1/d.
    pub fn jacobian_at(&self, y: &[f64]) -> BorderedJacobian {
        self.run(true, Differentiating { y })
    }
}

struct OnLanes<'a, T> {
    system: &'a AwakeSystem,
    germs: bool,
    task: T,
}

impl<T: AwakeTask> Kernel for OnLanes<'_, T> {
    type Output = T::Output;

    #[inline(always)]
    fn run<V: Vector>(self) -> T::Output {
        self.task.run(&mut AwakeLanes::<V>::new(self.system, self.germs))
    }
}

struct Integrating<'a> {
    window: Integration<'a>,
    germs: bool,
}

impl AwakeTask for Integrating<'_> {
    type Output = Result<(), SolverError>;

    #[inline(always)]
    fn run<S: Differentiable>(self, system: &mut S) -> Self::Output {
        let Integrating { window: w, germs } = self;
        let settle = |_: &S, y: &mut [f64]| germs && let_last_organism_die(y);
        w.integrator.advance(system, w.y, w.day, w.span, w.tolerance, w.statistics, settle)
    }
}

struct Deriving<'a> {
    y: &'a [f64],
    dy: &'a mut [f64],
}

impl AwakeTask for Deriving<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Differentiable>(self, system: &mut S) {
        system.derivative(self.y, self.dy);
    }
}

struct Differentiating<'a> {
    y: &'a [f64],
}

impl AwakeTask for Differentiating<'_> {
    type Output = BorderedJacobian;

    #[inline(always)]
    fn run<S: Differentiable>(self, system: &mut S) -> BorderedJacobian {
        let mut out = BorderedJacobian::default();
        out.reset(system.local_states(), system.stride(), system.shared_states(), system.auxiliaries());
        system.jacobian(self.y, &mut out);
        out
    }
}

/// Lets the bacteria of a site die out once planktonic and sheltered ones together are less than one organism; returns
/// whether any did. The sum decides: the sheltered would otherwise reseed the planktonic after each removal, and the
/// day of extinction would depend on the length of the steps.
pub fn let_last_organism_die(y: &mut [f64]) -> bool {
    let mut changed = false;
    for chunk in y.chunks_exact_mut(LOCAL_STATES * LANES) {
        for lane in 0..LANES {
            let (free, sheltered) = (Local::B as usize * LANES + lane, Local::Bf as usize * LANES + lane);
            let left = chunk[free] + chunk[sheltered];
            if left > 0.0 && left < ONE_ORGANISM {
                chunk[free] = 0.0;
                chunk[sheltered] = 0.0;
                changed = true;
            }
        }
    }
    changed
}
