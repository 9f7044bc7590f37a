//! Symbolic derivatives against dual numbers and finite differences; the sparsity is what the derivatives need.

mod children;

use std::collections::HashMap;

use children::{child, states_near};
use osteoflare_export::equations::{EFFECTS, Equations, TRAITS, effect_values, numbered};
use osteoflare_export::expression::{Id, jacobian};
use osteoflare_export::scenario::Scenario;
use osteoflare_kinetics::local::{Circulation, Effects, Host, Site, derivatives};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::scalar::{Dual, Scalar};
use osteoflare_kinetics::state::{LOCAL, LOCAL_STATES, SYSTEMIC};
use osteoflare_skeleton::Skeleton;

/// A site's own states, the first eight states of the circulation, and interleukin 6 in blood.
const DIRECTIONS: usize = LOCAL_STATES + 9;
type D = Dual<DIRECTIONS>;

struct Point {
    scenario: Scenario,
    y: [f64; LOCAL_STATES],
    z: [f64; 8],
    il6: f64,
}

impl Point {
    fn effects(&self) -> Effects<f64> {
        self.scenario.windows[0].effects
    }

    /// Rates by the kinetics in numbers of any kind.
    fn rates<S: Scalar>(&self, y: [S; LOCAL_STATES], z: [S; 8], il6: S) -> [S; LOCAL_STATES] {
        let c = S::constant;
        let k = &self.scenario.sites[0].kinetic;
        let site = Site {
            kappa: c(k.kappa),
            antigens: k.antigens.map(c),
            growth: c(k.growth),
            remodelling: c(k.remodelling),
            volume: c(k.volume),
        };
        let h = &self.scenario.host;
        let host = Host {
            il10_competence: c(h.il10_competence),
            regulatory_competence: c(h.regulatory_competence),
            self_reactivity: h.self_reactivity.map(c),
            foreign_reactivity: c(h.foreign_reactivity),
            antibiotic_penetration: c(h.antibiotic_penetration),
        };
        let [e1, e2, e3, e4, e5, regulators, foreign, priming] = z;
        let blood = Circulation { effectors: [e1, e2, e3, e4, e5], regulators, foreign, priming, il6 };
        let p: Parameters<S> = self.scenario.parameters.map(c);
        derivatives(&y, &site, &blood, &self.effects().map(c), &host, &p)
    }

    /// Values of all names.
    fn values(&self) -> HashMap<String, f64> {
        let of = self.scenario.parameter_values();
        let mut values: HashMap<String, f64> =
            Parameters::SYMBOLS.iter().map(|symbol| ((*symbol).to_owned(), of(symbol))).collect();
        let site = &self.scenario.sites[0];
        let (k, h) = (&site.kinetic, &self.scenario.host);
        let named =
            LOCAL.iter().map(|s| s.symbol).zip(self.y).chain(SYSTEMIC.iter().map(|s| s.symbol).zip(self.z));
        let constants = [
            ("CRP", 1.0),
            ("ESR", 1.0),
            ("kappa", k.kappa),
            ("growth", k.growth),
            ("rem", k.remodelling),
            ("volume", k.volume),
            ("nociception", site.nociception),
            ("IL6_blood", self.il6),
            ("pamp", 0.1),
        ];
        values.extend(named.chain(constants).map(|(name, value)| (name.to_owned(), value)));
        let traits =
            [h.il10_competence, h.regulatory_competence, h.foreign_reactivity, h.antibiotic_penetration];
        values.extend(TRAITS.iter().zip(traits).map(|((name, _), value)| ((*name).to_owned(), value)));
        let effects = effect_values(&self.effects());
        values.extend(EFFECTS.iter().zip(effects).map(|((name, _), value)| ((*name).to_owned(), value)));
        for i in 0..5 {
            values.insert(numbered("q_")[i].clone(), k.antigens[i]);
            values.insert(numbered("A_")[i].clone(), h.self_reactivity[i]);
            values.insert(numbered("pres_")[i].clone(), 0.3);
        }
        values
    }
}

fn point(number: u32) -> Point {
    let sites = Skeleton::get().select(1);
    let mut scenario = Scenario::flaring(&child("broken_tolerance", number), &sites, 1.0).unwrap();
    let effects = &mut scenario.windows[0].effects;
    (effects.gc, effects.jak, effects.cox, effects.tnf) = (0.3, 0.2, 0.5, 0.4);
    (effects.il1, effects.il17, effects.mtx, effects.bp, effects.abx) = (0.6, 0.1, 0.7, 0.25, 0.35);
    let all = states_near(&scenario, number);
    let y = std::array::from_fn(|i| all[i]);
    let z = std::array::from_fn(|i| all[LOCAL_STATES + i]);
    Point { scenario, y, z, il6: 0.7 }
}

#[test]
fn symbolic_derivatives_are_those_of_dual_numbers_and_of_differences() {
    let mut equations = Equations::read().unwrap();
    let rows: Vec<Id> = equations.site.rates.iter().map(|(_, id)| *id).collect();
    let mut columns: Vec<&str> = LOCAL.iter().map(|s| s.symbol).collect();
    columns.extend(SYSTEMIC[..8].iter().map(|s| s.symbol));
    columns.push("IL6_blood");
    let jacobian = jacobian(&mut equations.graph, &rows, &columns);
    let mut ever = vec![[false; DIRECTIONS]; LOCAL_STATES];
    for number in 0..5 {
        let at = point(number);
        let values = at.values();
        let found = equations.graph.evaluate(|name| values[name]);
        let y = std::array::from_fn(|i| D::variable(at.y[i], i));
        let z = std::array::from_fn(|i| D::variable(at.z[i], LOCAL_STATES + i));
        let exact = at.rates(y, z, D::variable(at.il6, DIRECTIONS - 1));
        let mut symbolic = vec![[0.0; DIRECTIONS]; LOCAL_STATES];
        for (row, column, id) in &jacobian.entries {
            symbolic[*row][*column] = found[*id];
        }
        for row in 0..LOCAL_STATES {
            assert!((found[rows[row]] - exact[row].value).abs() <= 1e-12 * (1.0 + exact[row].value.abs()));
            for column in 0..DIRECTIONS {
                let (slope, dual) = (symbolic[row][column], exact[row].slope[column]);
                assert!((slope - dual).abs() <= 1e-11 * (1.0 + dual.abs()), "{row} {column}: {slope} {dual}");
                ever[row][column] |= dual != 0.0;
            }
        }
        for column in 0..DIRECTIONS {
            let h = 2e-5;
            let moved = |by: f64| {
                let (mut y, mut z, mut il6) = (at.y, at.z, at.il6);
                match column {
                    c if c < LOCAL_STATES => y[c] += by,
                    c if c < DIRECTIONS - 1 => z[c - LOCAL_STATES] += by,
                    _ => il6 += by,
                }
                at.rates(y, z, il6)
            };
            let (a, b, c, d) = (moved(-2.0 * h), moved(-h), moved(h), moved(2.0 * h));
            for row in 0..LOCAL_STATES {
                let numeric = (a[row] - 8.0 * b[row] + 8.0 * c[row] - d[row]) / (12.0 * h);
                let slope = symbolic[row][column];
                assert!(
                    (numeric - slope).abs() < 2e-6 * (1.0 + slope.abs()),
                    "{row} {column}: {slope} {numeric}"
                );
            }
        }
    }
    // Sparsity: an entry for every derivative that is ever different from zero, and for no other.
    let structure: Vec<(usize, usize)> = jacobian.entries.iter().map(|e| (e.0, e.1)).collect();
    for row in 0..LOCAL_STATES {
        for column in 0..DIRECTIONS {
            assert_eq!(ever[row][column], structure.contains(&(row, column)), "{row} {}", columns[column]);
        }
    }
}
