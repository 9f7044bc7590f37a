//! Drug amounts against closed-form superposition.

mod children;

use children::{SEED, child};
use osteoflare_kinetics::local::Effects;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::host::Host;
use osteoflare_patient::pharmacology::Channel;
use osteoflare_patient::pharmacy::Pharmacy;
use osteoflare_patient::prescription::{Dose, Drug, Regimen};

const AGE: f64 = 9.0;

fn faithful_child() -> Host {
    let mut host = child("broken_tolerance", 4, &Parameters::default());
    host.adherence = 1.0;
    host
}

fn effect(effects: &Effects<f64>, channel: Channel) -> f64 {
    match channel {
        Channel::Cox => effects.cox,
        Channel::Gc => effects.gc,
        Channel::Mtx => effects.mtx,
        Channel::Tnf => effects.tnf,
        Channel::Il1 => effects.il1,
        Channel::Il17 => effects.il17,
        Channel::Jak => effects.jak,
        Channel::Bp => effects.bp,
        Channel::Abx => effects.abx,
    }
}

/// Concentration `days` after one dose of 1 mg that reached the body.
fn after_one_mg(drug: Drug, host: &Host, days: f64) -> f64 {
    let t = drug.pharmacology();
    let weight = host.weight_kg(AGE);
    let relative = weight / t.reference_weight_kg;
    let volume = t.volume_l * relative.powf(t.weight_exponent_volume);
    let clearance = t.elimination_per_day
        * t.volume_l
        * relative.powf(t.weight_exponent_clearance)
        * host.drug_clearance[drug as usize];
    let out = clearance / volume;
    if t.absorption_per_day > 0.0 {
        let inn = t.absorption_per_day;
        inn / (inn - out) * ((-out * days).exp() - (-inn * days).exp()) / volume
    } else {
        (-out * days).exp() / volume
    }
}

#[test]
fn concentrations_are_sums_of_single_doses() {
    let host = faithful_child();
    let weight = host.weight_kg(AGE);
    for drug in Drug::ALL {
        let table = drug.pharmacology();
        if table.ic50_unit.contains("in tissue") {
            continue;
        }
        let regimen =
            Regimen { drug, dose: Dose::Mg(10.0), interval_days: 0.75, doses_per_cycle: 1, taper_days: 0.0 };
        let mut pharmacy = Pharmacy::default();
        pharmacy.prescribe(regimen, 1.0, 9.0);
        let mut day = 0.0;
        for step in [0.5, 0.5, 0.9, 1.3, 4.8, 1.7, 2.3, 0.4] {
            pharmacy.advance(day, day + step, &host, SEED, 3, AGE);
            day += step;
            let expected: f64 = (0..12)
                .map(|n| 1.0 + 0.75 * f64::from(n))
                .filter(|due| *due <= day)
                .map(|due| 10.0 * table.bioavailability * after_one_mg(drug, &host, day - due))
                .sum();
            let found = pharmacy.concentration(drug, weight);
            assert!(
                (found - expected).abs() <= 1e-8 * expected + 1e-9,
                "{} on day {day}: {found} and {expected}",
                drug.name()
            );
        }
    }
}

#[test]
fn windows_of_any_length_carry_the_same_amounts() {
    let host = faithful_child();
    let weight = host.weight_kg(AGE);
    for drug in Drug::ALL {
        let run = |days: &[f64]| {
            let mut pharmacy = Pharmacy::default();
            pharmacy.prescribe(drug.standard_regimen(), 0.0, 40.0);
            for w in days.windows(2) {
                pharmacy.advance(w[0], w[1], &host, SEED, 3, AGE);
            }
            pharmacy.concentration(drug, weight)
        };
        let (short, long) = (run(&[0.0, 1.0, 2.5, 3.0, 10.0, 10.5, 31.0]), run(&[0.0, 31.0]));
        assert!((short - long).abs() <= 1e-9 * long, "{}: {short} and {long}", drug.name());
    }
}

#[test]
fn more_drug_more_effect_on_its_own_channel_only() {
    let host = faithful_child();
    for drug in Drug::ALL {
        let channel = drug.pharmacology().channel;
        let standard = drug.standard_regimen();
        let at = |factor: f64| {
            let dose = match standard.dose {
                Dose::Mg(x) => Dose::Mg(factor * x),
                Dose::MgPerKg(x, _) => Dose::MgPerKg(factor * x, None),
                Dose::MgPerM2(x, _) => Dose::MgPerM2(factor * x, None),
            };
            let mut pharmacy = Pharmacy::default();
            pharmacy.prescribe(Regimen { dose, ..standard }, 0.0, 60.0);
            pharmacy.advance(0.0, 50.0, &host, SEED, 3, AGE)
        };
        let mut last = 0.0;
        for factor in [0.25, 0.5, 1.0, 2.0, 4.0] {
            let effects = at(factor);
            let now = effect(&effects, channel);
            assert!(now > last && now <= 1.0, "{} at {factor} of the dose: {now} after {last}", drug.name());
            last = now;
            for other in [
                Channel::Cox,
                Channel::Gc,
                Channel::Mtx,
                Channel::Tnf,
                Channel::Il1,
                Channel::Il17,
                Channel::Jak,
                Channel::Bp,
                Channel::Abx,
            ] {
                if other != channel {
                    assert_eq!(effect(&effects, other), 0.0, "{} acts on {other:?}", drug.name());
                }
            }
        }
    }
}

#[test]
fn stopped_drugs_leave_the_body() {
    let host = faithful_child();
    for drug in Drug::ALL {
        let mut pharmacy = Pharmacy::default();
        pharmacy.prescribe(drug.standard_regimen(), 0.0, 30.0);
        pharmacy.advance(0.0, 20.0, &host, SEED, 3, AGE);
        pharmacy.stop(drug, 20.0);
        let peak = pharmacy.concentration(drug, host.weight_kg(AGE));
        pharmacy.advance(20.0, 4000.0, &host, SEED, 3, AGE);
        assert!(peak > 0.0, "{}", drug.name());
        assert!(pharmacy.concentration(drug, host.weight_kg(AGE)) < 0.01 * peak, "{}", drug.name());
    }
}
