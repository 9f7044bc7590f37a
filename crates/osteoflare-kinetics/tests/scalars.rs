//! The one text of the equations gives the same numbers as every kind of scalar.

mod inputs;

use std::collections::HashMap;

use inputs::{Inputs, inputs};
use osteoflare_kinetics::local::{derivatives, export, rates_and_export};
use osteoflare_kinetics::observable::pain;
use osteoflare_kinetics::scalar::{Dual, Scalar, Symbol, record};
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::{self, Imports};
use osteoflare_vector::{LANES, Portable};
use proptest::prelude::*;

/// Every rate and every quantity that leaves the equations.
fn everything<S: Scalar>(x: &Inputs<S>) -> Vec<S> {
    let mut out = derivatives(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p).to_vec();
    let given = export(&x.y, &x.site, &x.p);
    out.extend([given.presentation, given.il6, given.pamp]);
    let imports = Imports {
        presentation: x.site.antigens.map(|share| share * given.presentation),
        il6: given.il6,
        pamp: given.pamp,
    };
    out.extend(systemic::derivatives(&x.z, &imports, &x.drug, &x.host, &x.p));
    out.push(pain(&x.y, x.site.kappa, &x.drug, &x.p));
    out.push(systemic::temperature(systemic::acute_signal(given.il6, given.pamp, &x.p), &x.drug, &x.p));
    out
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn symbols_evaluate_to_the_same_bits(x in inputs(0.0)) {
        let mut values = HashMap::new();
        let expression = record(|| {
            let symbols = x.map(|name, value| {
                values.insert(name.to_owned(), value);
                Symbol::named(name)
            });
            everything(&symbols)
        });
        prop_assert_eq!(bits(&expression.evaluate(|name| values[name])), bits(&everything(&x)));
    }

    #[test]
    fn vectors_compute_the_same(several in prop::collection::vec(inputs(0.0), LANES)) {
        // One set of parameters, as in a patient; everything else differs from lane to lane.
        let p = several[0].p;
        let several: Vec<Inputs<f64>> = several.into_iter().map(|x| Inputs { p, ..x }).collect();
        let mut names: HashMap<String, [f64; LANES]> = HashMap::new();
        for (lane, x) in several.iter().enumerate() {
            x.map(|name, value| {
                names.entry(name.to_owned()).or_default()[lane] = value;
                value
            });
        }
        let x = several[0].map(|name, _| Portable(names[name]));
        let together = everything(&x);
        for (lane, x) in several.iter().enumerate() {
            for (vector, one) in together.iter().zip(everything(x)) {
                // Vectors form several quotients with one division.
                prop_assert!((vector.0[lane] - one).abs() <= 1e-13 * (1.0 + one.abs()));
            }
        }
    }

    #[test]
    fn equations_without_germs_are_the_equations_where_there_are_none(mut x in inputs(0.0)) {
        (x.y[Local::B as usize], x.y[Local::Bf as usize]) = (0.0, 0.0);
        let all = rates_and_export::<f64, true>(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p);
        let fewer = rates_and_export::<f64, false>(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p);
        prop_assert_eq!(all.1, fewer.1);
        prop_assert_eq!(all.1, export(&x.y, &x.site, &x.p));
        for s in (0..LOCAL_STATES).filter(|s| ![Local::B as usize, Local::Bf as usize].contains(s)) {
            prop_assert_eq!(all.0.production[s].to_bits(), fewer.0.production[s].to_bits());
            prop_assert_eq!(all.0.loss[s].to_bits(), fewer.0.loss[s].to_bits());
        }
        for s in [Local::B, Local::Bf] {
            prop_assert_eq!(all.0.production[s as usize], 0.0);
        }
    }

    #[test]
    fn dual_numbers_agree_with_central_differences(x in inputs(0.05)) {
        const N: usize = LOCAL_STATES + SYSTEMIC_STATES;
        // The circulation that a site sees is part of the systemic state.
        let see = |mut x: Inputs<f64>| {
            x.blood = systemic::circulation(&x.z, x.blood.il6);
            x
        };
        let mut dual = x.map(|_, value| Dual::<N>::constant(value));
        dual.y = std::array::from_fn(|i| Dual::variable(x.y[i], i));
        dual.z = std::array::from_fn(|i| Dual::variable(x.z[i], LOCAL_STATES + i));
        dual.blood = systemic::circulation(&dual.z, dual.blood.il6);
        let exact = everything(&dual);
        for (value, plain) in exact.iter().zip(everything(&see(x))) {
            prop_assert!((value.value - plain).abs() <= 1e-12 * (1.0 + plain.abs()));
        }
        for direction in 0..N {
            let moved = |by: f64| {
                let mut x = x;
                if direction < LOCAL_STATES {
                    x.y[direction] += by;
                } else {
                    x.z[direction - LOCAL_STATES] += by;
                }
                everything(&see(x))
            };
            // Fourth-order difference; the smoothing of the positive part (width 1e-3) sets the step.
            let h = 2e-5;
            let (a, b, c, d) = (moved(-2.0 * h), moved(-h), moved(h), moved(2.0 * h));
            for (row, value) in exact.iter().enumerate() {
                let numeric = (a[row] - 8.0 * b[row] + 8.0 * c[row] - d[row]) / (12.0 * h);
                let slope = value.slope[direction];
                let size = 1.0 + slope.abs() + value.value.abs();
                prop_assert!(
                    (numeric - slope).abs() < 2e-5 * size,
                    "row {}, direction {}: {} and {}", row, direction, slope, numeric
                );
            }
        }
    }
}

#[test]
fn sites_meet_only_through_the_circulation() {
    // Two sites recorded together: no rate of one names a state of the other.
    let names = |site: &str| -> Vec<String> { (0..LOCAL_STATES).map(|s| format!("{site}.{s}")).collect() };
    let (left, right) = (names("left"), names("right"));
    let expression = record(|| {
        let k = Symbol::named("constant");
        let site = osteoflare_kinetics::local::Site {
            kappa: k,
            antigens: [k; ANTIGENS],
            growth: k,
            remodelling: k,
            volume: k,
        };
        let host = osteoflare_kinetics::local::Host {
            il10_competence: k,
            regulatory_competence: k,
            self_reactivity: [k; ANTIGENS],
            foreign_reactivity: k,
            antibiotic_penetration: k,
        };
        let drug = osteoflare_kinetics::local::Effects::<f64>::none().map(|_| k);
        let p = osteoflare_kinetics::parameters::Parameters::from_fn(|_| k);
        let state = |names: &[String]| -> [Symbol; LOCAL_STATES] {
            std::array::from_fn(|s| Symbol::named(names[s].clone()))
        };
        let (a, b) = (state(&left), state(&right));
        let z: [Symbol; SYSTEMIC_STATES] = std::array::from_fn(|i| Symbol::named(format!("z.{i}")));
        // Blood IL-6 is the one sum over sites that acts at once: it is kept as a symbol of its own.
        let blood = systemic::circulation(&z, Symbol::named("blood.il6"));
        let (ea, eb) = (export(&a, &site, &p), export(&b, &site, &p));
        let imports = Imports {
            presentation: [ea.presentation + eb.presentation; ANTIGENS],
            il6: ea.il6 + eb.il6,
            pamp: ea.pamp + eb.pamp,
        };
        let mut roots = derivatives(&a, &site, &blood, &drug, &host, &p).to_vec();
        roots.extend(derivatives(&b, &site, &blood, &drug, &host, &p));
        roots.extend(systemic::derivatives(&z, &imports, &drug, &host, &p));
        roots
    });
    let mut circulation_reads_sites = 0;
    for root in 0..expression.roots.len() {
        let present = expression.dependencies(root);
        let (of_left, of_right) =
            (present.iter().any(|n| n.starts_with("left")), present.iter().any(|n| n.starts_with("right")));
        match root / LOCAL_STATES {
            0 => assert!(!of_right, "a rate of the left site names the right one: {present:?}"),
            1 => assert!(!of_left, "a rate of the right site names the left one: {present:?}"),
            _ => {
                assert_eq!(of_left, of_right, "the circulation treats sites alike");
                circulation_reads_sites += usize::from(of_left);
            }
        }
    }
    // Five clones, regulation, foreign response and CRP are fed by sites.
    assert_eq!(circulation_reads_sites, 8);
}
