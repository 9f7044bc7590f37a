//! Signs, completeness and closed forms of the rates.

mod inputs;

use inputs::{Inputs, inputs};
use osteoflare_kinetics::local::{derivatives, export, rates};
use osteoflare_kinetics::observable::pain;
use osteoflare_kinetics::parameters::all;
use osteoflare_kinetics::scalar::{Scalar, Symbol, positive_part, record};
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC_STATES, Systemic};
use osteoflare_kinetics::systemic::{self, Imports};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn production_and_loss_are_never_negative(x in inputs(0.0), germs in 0.0..200.0_f64) {
        let mut x = x;
        x.y[Local::B as usize] *= germs;
        x.y[Local::Bf as usize] *= germs;
        let r = rates(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p);
        for (s, info) in LOCAL.iter().enumerate() {
            prop_assert!(r.production[s] >= 0.0 && r.production[s].is_finite(), "production of {}: {}", info.symbol, r.production[s]);
            prop_assert!(r.loss[s] >= 0.0 && r.loss[s].is_finite(), "loss of {}: {}", info.symbol, r.loss[s]);
        }
        let given = export(&x.y, &x.site, &x.p);
        prop_assert!(given.presentation >= 0.0 && given.il6 >= 0.0 && given.pamp >= 0.0);
    }

    #[test]
    fn systemic_states_at_zero_do_not_fall(x in inputs(0.0)) {
        let given = export(&x.y, &x.site, &x.p);
        let imports = Imports {
            presentation: x.site.antigens.map(|s| s * given.presentation),
            il6: given.il6,
            pamp: given.pamp,
        };
        for s in 0..SYSTEMIC_STATES {
            let mut z = x.z;
            z[s] = 0.0;
            let dz = systemic::derivatives(&z, &imports, &x.drug, &x.host, &x.p);
            prop_assert!(dz[s] >= 0.0, "state {}: {}", s, dz[s]);
        }
    }

    #[test]
    fn derivative_is_production_less_loss(x in inputs(0.0)) {
        let r = rates(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p);
        let d = derivatives(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p);
        for s in 0..LOCAL_STATES {
            prop_assert_eq!(d[s], r.production[s] - r.loss[s] * x.y[s]);
        }
    }

    /// Without inflammation memory, new bone and foreign response fade as exponentials.
    #[test]
    fn what_nothing_feeds_decays_exponentially(x in inputs(0.0)) {
        let mut y = x.y;
        for s in [Local::M, Local::N, Local::E, Local::W, Local::B, Local::Bf] {
            y[s as usize] = 0.0;
        }
        let r = rates(&y, &x.site, &x.blood, &x.drug, &x.host, &x.p);
        for (state, rate) in [(Local::Z, x.p.dZ), (Local::Er, x.p.dER), (Local::X, x.p.dX)] {
            prop_assert_eq!(r.production[state as usize], 0.0, "{:?}", state);
            prop_assert_eq!(r.loss[state as usize], rate, "{:?}", state);
        }
        // Damage never heals.
        prop_assert_eq!(r.loss[Local::H as usize], 0.0);
        let nothing = Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 };
        let dz = systemic::derivatives(&x.z, &nothing, &x.drug, &x.host, &x.p);
        for (state, rate) in [(Systemic::F, x.p.dF), (Systemic::U, x.p.kU), (Systemic::Gs, x.p.dGs)] {
            let i = state as usize;
            prop_assert!((dz[i] + rate * x.z[i]).abs() <= 1e-15 * (1.0 + rate * x.z[i]), "{:?}", state);
        }
    }

    /// In a site free of germs, germs stay away, and antibiotics change no rate.
    #[test]
    fn no_germs_no_antibiotic_effect(x in inputs(0.0)) {
        let mut y = x.y;
        y[Local::B as usize] = 0.0;
        y[Local::Bf as usize] = 0.0;
        let with = |abx: f64| {
            let mut drug = x.drug;
            drug.abx = abx;
            derivatives(&y, &x.site, &x.blood, &drug, &x.host, &x.p)
        };
        let (without, full) = (with(0.0), with(1.0));
        prop_assert_eq!(without[Local::B as usize], 0.0);
        prop_assert_eq!(without[Local::Bf as usize], 0.0);
        for s in 0..LOCAL_STATES {
            prop_assert_eq!(without[s].to_bits(), full[s].to_bits());
        }
    }

    #[test]
    fn positive_part_is_positive_and_close(x in -50.0..50.0_f64) {
        let smooth = positive_part(x);
        prop_assert!(smooth > 0.0);
        prop_assert!((smooth - x.max(0.0)).abs() <= 0.5e-3);
    }
}

/// Recorded rates with every input under its name.
fn recorded<R: FnMut(&Inputs<Symbol>) -> Vec<Symbol>>(mut of: R) -> osteoflare_kinetics::scalar::Expression {
    let one = {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        inputs(0.0).new_tree(&mut runner).expect("inputs can be drawn").current()
    };
    record(|| of(&one.map(|name, _| Symbol::named(name))))
}

#[test]
fn every_state_has_a_rate() {
    let local = recorded(|x| derivatives(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p).to_vec());
    for (s, info) in LOCAL.iter().enumerate() {
        let reads = local.dependencies(s);
        assert!(reads.iter().any(|n| n.starts_with("p.")), "{} has no rate", info.symbol);
    }
    let imports = |x: &Inputs<Symbol>| Imports {
        presentation: x.site.antigens,
        il6: x.blood.il6,
        pamp: Symbol::constant(0.3),
    };
    let systemic = recorded(|x| systemic::derivatives(&x.z, &imports(x), &x.drug, &x.host, &x.p).to_vec());
    for s in 0..SYSTEMIC_STATES {
        let own = format!("z[{s}]");
        assert!(systemic.dependencies(s).contains(&own.as_str()), "systemic state {s} never fades");
    }
}

#[test]
fn every_parameter_of_the_equations_is_read() {
    let expression = recorded(|x| {
        let mut roots = derivatives(&x.y, &x.site, &x.blood, &x.drug, &x.host, &x.p).to_vec();
        let given = export(&x.y, &x.site, &x.p);
        roots.extend([given.presentation, given.il6, given.pamp]);
        let imports = Imports { presentation: x.site.antigens, il6: given.il6, pamp: given.pamp };
        roots.extend(systemic::derivatives(&x.z, &imports, &x.drug, &x.host, &x.p));
        roots.push(systemic::temperature(systemic::acute_signal(given.il6, given.pamp, &x.p), &x.drug, &x.p));
        roots.push(pain(&x.y, x.site.kappa, &x.drug, &x.p));
        roots
    });
    let mut read: Vec<&str> = (0..expression.roots.len()).flat_map(|r| expression.dependencies(r)).collect();
    read.sort_unstable();
    read.dedup();
    for row in all().iter().filter(|row| row.group == "local" || row.group == "systemic") {
        let name = format!("p.{}", row.symbol);
        assert!(read.contains(&name.as_str()), "parameter {} moves nothing", row.symbol);
    }
}
