//! Jacobian of the awake sites: the kinetics' own text over tangents, compressed by colouring.
//!
//! Columns whose entries never meet in one row share a direction. Which entries exist is read once from the recorded
//! equations, so that a change of the kinetics changes the colouring by itself.

use std::sync::LazyLock;

use osteoflare_kinetics::local::{self, Circulation, Effects, Host, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::scalar::{Dual, Lanes, Scalar, Symbol, record};
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_solver::bordered::BorderedJacobian;
use osteoflare_solver::rosenbrock::Differentiable;
use osteoflare_solver::system::{BlockSystem, LANES};

use crate::awake::AwakeSystem;
use crate::tangent::Tangent;

type L = Lanes<LANES>;

type T = Tangent;

/// Border unknowns: the circulation, then IL-6 in blood, the one sum that acts at once.
const BORDER: usize = SYSTEMIC_STATES + 1;
const IL6: usize = SYSTEMIC_STATES;
/// Columns of one site: its own states, then the border.
const COLUMNS: usize = LOCAL_STATES + BORDER;
/// Rows of one site: rates of its states, then what it gives: presentation, IL-6, pathogen signal.
const ROWS: usize = LOCAL_STATES + 3;

/// Which entries exist, and which colour each column has.
struct Pattern {
    /// Columns present in each row.
    rows: Vec<Vec<usize>>,
    /// Colour of each column; `None` where no row depends on it.
    colours: [Option<usize>; COLUMNS],
    /// Number of colours: evaluations of the tangent equations for one Jacobian.
    count: usize,
}

static PATTERN: LazyLock<Pattern> = LazyLock::new(|| {
    let rows = dependencies();
    let mut colours: [Option<usize>; COLUMNS] = [None; COLUMNS];
    // Columns that meet many others first.
    let mut order: Vec<usize> = (0..COLUMNS).filter(|c| rows.iter().any(|r| r.contains(c))).collect();
    let meets = |a: usize, b: usize| rows.iter().any(|r| r.contains(&a) && r.contains(&b));
    order.sort_by_key(|&c| std::cmp::Reverse((0..COLUMNS).filter(|&o| meets(c, o)).count()));
    for &c in &order {
        let taken: Vec<usize> =
            (0..COLUMNS).filter(|&o| o != c && meets(c, o)).filter_map(|o| colours[o]).collect();
        colours[c] = (0..).find(|colour| !taken.contains(colour));
    }
    let count = colours.iter().flatten().max().map_or(0, |c| c + 1);
    Pattern { rows, colours, count }
});

/// Columns on which each row depends, read from the recorded equations.
fn dependencies() -> Vec<Vec<usize>> {
    let names: Vec<String> = (0..COLUMNS).map(|c| format!("column{c}")).collect();
    let expression = record(|| {
        let fixed = |name: &str| Symbol::named(format!("constant:{name}"));
        let k = fixed("any");
        let column = |c: usize| Symbol::named(names[c].clone());
        let y: [Symbol; LOCAL_STATES] = std::array::from_fn(column);
        let z: [Symbol; SYSTEMIC_STATES] = std::array::from_fn(|i| column(LOCAL_STATES + i));
        let site = Site { kappa: k, antigens: [k; ANTIGENS], growth: k, remodelling: k, volume: k };
        let host = Host {
            il10_competence: k,
            regulatory_competence: k,
            self_reactivity: [k; ANTIGENS],
            foreign_reactivity: k,
            antibiotic_penetration: k,
        };
        let effects = Effects::<f64>::none().map(|_| k);
        let p = Parameters::from_fn(fixed);
        let blood = systemic::circulation(&z, column(LOCAL_STATES + IL6));
        let export = local::export(&y, &site, &p);
        let mut roots = local::derivatives(&y, &site, &blood, &effects, &host, &p).to_vec();
        roots.extend([export.presentation, export.il6, export.pamp]);
        roots
    });
    (0..ROWS)
        .map(|r| {
            let present = expression.dependencies(r);
            (0..COLUMNS).filter(|&c| present.contains(&names[c].as_str())).collect()
        })
        .collect()
}

/// Inputs of the circulation's own derivative: its states, presentation by class, IL-6, pathogen signal.
const SYSTEMIC_INPUTS: usize = SYSTEMIC_STATES + ANTIGENS + 2;

impl AwakeSystem {
    /// The Jacobian at `y`, 1/d.
    pub fn jacobian_at(&mut self, y: &[f64]) -> BorderedJacobian {
        let mut out = BorderedJacobian::default();
        out.reset(self.local_states(), self.stride(), self.shared_states(), self.auxiliaries());
        self.jacobian(y, &mut out);
        out
    }

    /// The Jacobian at `y`; `out` is cleared and has the right shape.
    #[inline(always)]
    pub(crate) fn jacobian_body(&self, y: &[f64], out: &mut BorderedJacobian) {
        let pattern = &*PATTERN;
        let stride = self.stride;
        let z: &[f64; SYSTEMIC_STATES] =
            y[LOCAL_STATES * stride..].try_into().expect("shared states follow the blocks");
        let p: Parameters<T> = self.parameters.map(T::constant);
        let host = Host {
            il10_competence: T::constant(self.host.il10_competence),
            regulatory_competence: T::constant(self.host.regulatory_competence),
            self_reactivity: self.host.self_reactivity.map(T::constant),
            foreign_reactivity: T::constant(self.host.foreign_reactivity),
            antibiotic_penetration: T::constant(self.host.antibiotic_penetration),
        };
        let effects: Effects<T> = self.effects.map(T::constant);
        let (presentation, il6, pamp) = self.sums(y);
        let slopes = self.systemic_slopes(z, &presentation, il6, pamp);
        for (j, row) in slopes.iter().enumerate() {
            out.corner[j * BORDER..j * BORDER + SYSTEMIC_STATES].copy_from_slice(&row[..SYSTEMIC_STATES]);
            out.corner[j * BORDER + IL6] = row[SYSTEMIC_STATES + ANTIGENS];
        }
        for chunk in 0..stride / LANES {
            let at = chunk * LANES;
            let lanes = self.site(at);
            let site = Site {
                kappa: T::fixed(lanes.kappa),
                antigens: lanes.antigens.map(T::fixed),
                growth: T::fixed(lanes.growth),
                remodelling: T::fixed(lanes.remodelling),
                volume: T::fixed(lanes.volume),
            };
            for colour in 0..pattern.count {
                let moving = |column: usize| pattern.colours[column] == Some(colour);
                let state: [T; LOCAL_STATES] =
                    std::array::from_fn(|s| T::variable(L::load(&y[s * stride + at..]), moving(s)));
                let seen = |i: usize, value: f64| T::variable(L::constant(value), moving(LOCAL_STATES + i));
                let circulation: [T; SYSTEMIC_STATES] = std::array::from_fn(|i| seen(i, z[i]));
                let blood: Circulation<T> = systemic::circulation(&circulation, seen(IL6, il6));
                let rates = local::derivatives(&state, &site, &blood, &effects, &host, &p);
                for (s, rate) in rates.iter().enumerate() {
                    for &column in pattern.rows[s].iter().filter(|c| moving(**c)) {
                        let row = chunk * LOCAL_STATES + s;
                        if column < LOCAL_STATES {
                            out.local[row * LOCAL_STATES + column] = rate.slope.0;
                        } else {
                            out.incoming[row * BORDER + column - LOCAL_STATES] = rate.slope.0;
                        }
                    }
                }
                let export = local::export(&state, &site, &p);
                for (r, given) in [export.presentation, export.il6, export.pamp].iter().enumerate() {
                    for &column in pattern.rows[LOCAL_STATES + r].iter().filter(|c| moving(**c)) {
                        for j in 0..BORDER {
                            let entry = &mut out.outgoing[(chunk * BORDER + j) * LOCAL_STATES + column];
                            for i in 0..LANES {
                                entry[i] += weight(&slopes, &lanes, j, r, i) * given.slope.0[i];
                            }
                        }
                    }
                }
            }
            // Padding gives nothing: its volume and antigen shares are zero.
        }
    }

    /// Sums over sites at `y`: presentation by class, IL-6, pathogen signal.
    fn sums(&self, y: &[f64]) -> ([f64; ANTIGENS], f64, f64) {
        let mut presentation = self.outside.presentation;
        let (mut il6, mut pamp) = (self.outside.il6, self.outside.pamp);
        for chunk in (0..self.stride).step_by(LANES) {
            let site = self.site(chunk);
            let state: [L; LOCAL_STATES] = std::array::from_fn(|s| L::load(&y[s * self.stride + chunk..]));
            let export = local::export(&state, &site, &self.lane_parameters);
            for k in 0..ANTIGENS {
                presentation[k] += (site.antigens[k] * export.presentation).sum();
            }
            il6 += export.il6.sum();
            pamp += export.pamp.sum();
        }
        (presentation, il6, pamp)
    }

    /// Derivatives of the circulation's rates with respect to [`SYSTEMIC_INPUTS`]. Small: compiled once.
    #[inline(never)]
    fn systemic_slopes(
        &self,
        z: &[f64; SYSTEMIC_STATES],
        presentation: &[f64; ANTIGENS],
        il6: f64,
        pamp: f64,
    ) -> [[f64; SYSTEMIC_INPUTS]; SYSTEMIC_STATES] {
        type D = Dual<SYSTEMIC_INPUTS>;
        let states = std::array::from_fn(|i| D::variable(z[i], i));
        let imports = Imports {
            presentation: std::array::from_fn(|k| D::variable(presentation[k], SYSTEMIC_STATES + k)),
            il6: D::variable(il6, SYSTEMIC_STATES + ANTIGENS),
            pamp: D::variable(pamp, SYSTEMIC_STATES + ANTIGENS + 1),
        };
        let host = Host {
            il10_competence: D::constant(self.host.il10_competence),
            regulatory_competence: D::constant(self.host.regulatory_competence),
            self_reactivity: self.host.self_reactivity.map(D::constant),
            foreign_reactivity: D::constant(self.host.foreign_reactivity),
            antibiotic_penetration: D::constant(self.host.antibiotic_penetration),
        };
        let p = self.parameters.map(D::constant);
        systemic::derivatives(&states, &imports, &self.effects.map(D::constant), &host, &p).map(|d| d.slope)
    }
}

/// How much one unit of what a site gives (`given`: 0 presentation, 1 IL-6, 2 pathogen signal) moves border row `j`.
#[inline(always)]
fn weight(
    slopes: &[[f64; SYSTEMIC_INPUTS]; SYSTEMIC_STATES],
    site: &Site<L>,
    j: usize,
    given: usize,
    lane: usize,
) -> f64 {
    match (j, given) {
        (IL6, 1) => 1.0,
        // IL-6 reaches the circulation through the border unknown.
        (IL6, _) | (_, 1) => 0.0,
        (_, 0) => (0..ANTIGENS).map(|k| slopes[j][SYSTEMIC_STATES + k] * site.antigens[k].0[lane]).sum(),
        _ => slopes[j][SYSTEMIC_STATES + ANTIGENS + 1],
    }
}

impl Differentiable for AwakeSystem {
    fn auxiliaries(&self) -> usize {
        BORDER - SYSTEMIC_STATES
    }

    #[inline(always)]
    fn jacobian(&mut self, y: &[f64], jacobian: &mut BorderedJacobian) {
        (self.kernels.jacobian)(self, y, jacobian);
    }
}

/// Which local states depend on which, and on the border, as `(row, columns)`; used to show the structure.
///
/// Columns below [`LOCAL_STATES`] are states of the same site; the rest are the circulation's states and, last,
/// IL-6 in blood.
pub fn structure() -> &'static [Vec<usize>] {
    &PATTERN.rows[..LOCAL_STATES]
}

/// Number of directions after colouring.
pub fn colours() -> usize {
    PATTERN.count
}
