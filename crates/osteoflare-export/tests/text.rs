//! What is written for people computes what is run.

mod children;

use std::collections::HashMap;

use children::{child, rates_of, states_near};
use osteoflare_export::equations::{EFFECTS, TRAITS, effect_values, numbered};
use osteoflare_export::scenario::Scenario;
use osteoflare_export::text::systems;
use osteoflare_kinetics::local::export;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL, LOCAL_STATES, SYSTEMIC};
use osteoflare_skeleton::Skeleton;

/// Evaluates written text: sums, products, quotients, powers, functions.
struct Reader<'a> {
    rest: &'a str,
    values: &'a HashMap<String, f64>,
}

impl Reader<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> f64 {
        let mut value = if self.eat("-") { -self.product() } else { self.product() };
        loop {
            if self.eat("+") {
                value += self.product();
            } else if self.eat("-") {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut value = self.power();
        loop {
            if self.eat("*") {
                value *= self.power();
            } else if self.eat("/") {
                value /= self.power();
            } else {
                return value;
            }
        }
    }

    fn power(&mut self) -> f64 {
        let base = self.atom();
        if self.eat("^") { base.powf(self.atom()) } else { base }
    }

    fn atom(&mut self) -> f64 {
        for (name, function) in [("sqrt(", f64::sqrt as fn(f64) -> f64), ("exp(", f64::exp), ("(", |x| x)] {
            if self.eat(name) {
                let value = function(self.sum());
                assert!(self.eat(")"), "{}", self.rest);
                return value;
            }
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.parse().unwrap_or_else(|_| self.values[word])
    }
}

#[test]
fn what_is_written_is_what_is_run() {
    let sites = Skeleton::get().select(1);
    let mut scenario = Scenario::flaring(&child("broken_tolerance", 1), &sites, 1.0).unwrap();
    let effects = &mut scenario.windows[0].effects;
    (effects.gc, effects.jak, effects.cox, effects.tnf) = (0.3, 0.2, 0.5, 0.4);
    (effects.il1, effects.il17, effects.mtx, effects.bp, effects.abx) = (0.6, 0.1, 0.7, 0.25, 0.35);
    let y = states_near(&scenario, 3);
    let expected = rates_of(&scenario, &y);

    let of = scenario.parameter_values();
    let mut values: HashMap<String, f64> =
        Parameters::SYMBOLS.iter().map(|symbol| ((*symbol).to_owned(), of(symbol))).collect();
    let mut give = |name: &str, value: f64| values.insert(name.to_owned(), value);
    for (info, value) in LOCAL.iter().chain(&SYSTEMIC).zip(&y) {
        give(info.symbol, *value);
    }
    let site = &scenario.sites[0];
    let kinetic = &site.kinetic;
    give("kappa", kinetic.kappa);
    give("growth", kinetic.growth);
    give("rem", kinetic.remodelling);
    give("volume", kinetic.volume);
    give("nociception", site.nociception);
    let h = &scenario.host;
    let traits = [h.il10_competence, h.regulatory_competence, h.foreign_reactivity, h.antibiotic_penetration];
    for ((name, _), value) in TRAITS.iter().zip(traits) {
        give(name, value);
    }
    for ((name, _), value) in EFFECTS.iter().zip(effect_values(&scenario.windows[0].effects)) {
        give(name, value);
    }
    let local: &[f64; LOCAL_STATES] = y[..LOCAL_STATES].try_into().unwrap();
    let given = export(local, kinetic, &scenario.parameters);
    give("IL6_blood", given.il6);
    give("pamp", given.pamp);
    for k in 0..5 {
        give(&numbered("q_")[k], kinetic.antigens[k]);
        give(&numbered("A_")[k], h.self_reactivity[k]);
        give(&numbered("pres_")[k], kinetic.antigens[k] * given.presentation);
    }

    let mut rates = Vec::new();
    for system in systems().unwrap() {
        assert!(system.intermediates.len() > 4, "{}", system.title);
        for (name, text) in &system.intermediates {
            let value = Reader { rest: text, values: &values }.sum();
            values.insert(name.clone(), value);
        }
        for (state, text) in &system.rates {
            let mut reader = Reader { rest: text, values: &values };
            let found = reader.sum();
            assert!(reader.rest.is_empty(), "{state}: {}", reader.rest);
            rates.push(found);
        }
    }
    for (index, (found, expected)) in rates.iter().zip(&expected).enumerate() {
        assert!((found - expected).abs() <= 1e-12 * (1.0 + expected.abs()), "{index}: {found} {expected}");
    }
    assert_eq!(rates.len(), expected.len());
}
