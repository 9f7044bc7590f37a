//! Jacobian of the awake sites: the kinetics' own text over tangents, compressed by colouring.
//!
//! Columns whose entries never meet in one row share a direction. Which entries exist is read once from the recorded
//! equations, so that a change of the kinetics changes the colouring by itself.

use std::sync::LazyLock;

use osteoflare_kinetics::local::{self, Effects, Host, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::scalar::{Dual, Symbol, record};
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_solver::bordered::BorderedJacobian;
use osteoflare_solver::rosenbrock::Differentiable;
use osteoflare_solver::system::LANES;
use osteoflare_vector::{Part, Scalar, Vector};

use crate::awake_lanes::AwakeLanes;
use crate::chunk::{load, state_chunks};
use crate::tangent::Tangent;

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

impl<V: Vector> AwakeLanes<'_, V> {
    /// The Jacobian at `y`; `out` is cleared and has the right shape.
    #[inline(always)]
    fn jacobian_of(&self, y: &[f64], out: &mut BorderedJacobian) {
        let pattern = &*PATTERN;
        let (local, z) = y.split_at(LOCAL_STATES * LANES * self.system.sites.len());
        let z: &[f64; SYSTEMIC_STATES] = z.try_into().expect("the circulation follows the sites");
        let p = self.parameters.map(Tangent::fixed);
        let host = self.host.map(Tangent::fixed);
        let effects = self.effects.map(Tangent::fixed);
        let (presentation, il6, pamp) = self.sums(local);
        let slopes = self.systemic_slopes(z, &presentation, il6, pamp);
        for (j, row) in slopes.iter().enumerate() {
            out.corner[j * BORDER..j * BORDER + SYSTEMIC_STATES].copy_from_slice(&row[..SYSTEMIC_STATES]);
            out.corner[j * BORDER + IL6] = row[SYSTEMIC_STATES + ANTIGENS];
        }
        for (chunk, (values, constants)) in state_chunks(local).iter().zip(&self.system.sites).enumerate() {
            let values = load::<V>(values);
            let lanes = constants.load::<V>();
            let site = lanes.map(Tangent::fixed);
            for colour in 0..pattern.count {
                let moving = |column: usize| pattern.colours[column] == Some(colour);
                let mut state = [Tangent::fixed(V::constant(0.0)); LOCAL_STATES];
                for s in 0..LOCAL_STATES {
                    state[s] = Tangent::variable(values[s], moving(s));
                }
                let mut circulation = [state[0]; SYSTEMIC_STATES];
                for i in 0..SYSTEMIC_STATES {
                    circulation[i] = Tangent::variable(V::constant(z[i]), moving(LOCAL_STATES + i));
                }
                let in_blood = Tangent::variable(V::constant(il6), moving(LOCAL_STATES + IL6));
                let blood = systemic::circulation(&circulation, in_blood);
                let (rates, export) =
                    local::rates_and_export::<_, true>(&state, &site, &blood, &effects, &host, &p);
                for s in 0..LOCAL_STATES {
                    let rate = rates.production[s] - rates.loss[s] * state[s];
                    for &column in pattern.rows[s].iter().filter(|c| moving(**c)) {
                        let row = chunk * LOCAL_STATES + s;
                        rate.slope.store(if column < LOCAL_STATES {
                            &mut out.local[row * LOCAL_STATES + column]
                        } else {
                            &mut out.incoming[row * BORDER + column - LOCAL_STATES]
                        });
                    }
                }
                for (r, given) in [export.presentation, export.il6, export.pamp].iter().enumerate() {
                    for &column in pattern.rows[LOCAL_STATES + r].iter().filter(|c| moving(**c)) {
                        for j in 0..BORDER {
                            let entry = &mut out.outgoing[(chunk * BORDER + j) * LOCAL_STATES + column];
                            (V::load(entry) + weight(&slopes, &lanes, j, r) * given.slope).store(entry);
                        }
                    }
                }
            }
            // Padding gives nothing: its volume and antigen shares are zero.
        }
    }

    /// Sums over sites: presentation by class, IL-6, pathogen signal.
    #[inline(always)]
    fn sums(&self, local: &[f64]) -> ([f64; ANTIGENS], f64, f64) {
        let outside = &self.system.outside;
        let mut presentation = outside.presentation;
        let (mut il6, mut pamp) = (outside.il6, outside.pamp);
        for (values, constants) in state_chunks(local).iter().zip(&self.system.sites) {
            let site = constants.load::<V>();
            let export = local::export(&load::<V>(values), &site, &self.parameters);
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
        let system = self.system;
        let (host, p) = (system.host.map(D::constant), system.parameters.map(D::constant));
        systemic::derivatives(&states, &imports, &system.effects.map(D::constant), &host, &p).map(|d| d.slope)
    }
}

/// How much one unit of what a site gives (`given`: 0 presentation, 1 IL-6, 2 pathogen signal) moves border row `j`.
#[inline(always)]
fn weight<V: Vector>(
    slopes: &[[f64; SYSTEMIC_INPUTS]; SYSTEMIC_STATES],
    site: &Site<V>,
    j: usize,
    given: usize,
) -> V {
    match (j, given) {
        (IL6, 1) => V::constant(1.0),
        // IL-6 reaches the circulation through the border unknown.
        (IL6, _) | (_, 1) => V::constant(0.0),
        (_, 0) => {
            let mut sum = V::constant(0.0);
            for k in 0..ANTIGENS {
                sum = sum + V::constant(slopes[j][SYSTEMIC_STATES + k]) * site.antigens[k];
            }
            sum
        }
        _ => V::constant(slopes[j][SYSTEMIC_STATES + ANTIGENS + 1]),
    }
}

/// One Jacobian, compiled once.
struct Jacobian<'a, 'b, V> {
    lanes: &'a AwakeLanes<'b, V>,
    y: &'a [f64],
    out: &'a mut BorderedJacobian,
}

impl<V: Vector> Part for Jacobian<'_, '_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.lanes.jacobian_of(self.y, self.out);
    }
}

impl<V: Vector> Differentiable for AwakeLanes<'_, V> {
    fn auxiliaries(&self) -> usize {
        BORDER - SYSTEMIC_STATES
    }

    #[inline(always)]
    fn jacobian(&mut self, y: &[f64], jacobian: &mut BorderedJacobian) {
        V::apart(Jacobian { lanes: self, y, out: jacobian });
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
