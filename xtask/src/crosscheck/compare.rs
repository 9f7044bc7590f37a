//! How far two courses of the same scenario are apart.

use std::collections::BTreeMap;

use osteoflare_export::sbml::at_site;
use osteoflare_export::scenario::{Course, Scenario};
use osteoflare_kinetics::state::{LOCAL, Local, SYSTEMIC};
use osteoflare_skeleton::Skeleton;

/// Smallest range by which a deviation is scaled, in the unit of the state: where nothing happens, nothing is divided
/// by nothing.
pub const SMALLEST_RANGE: f64 = 1e-6;

/// States by name of the export: one value a day.
pub type States = BTreeMap<String, Vec<f64>>;

/// States of a course of the engine, under the names of the export.
pub fn named(scenario: &Scenario, course: &Course) -> States {
    let mut states = States::new();
    for (s, info) in SYSTEMIC.iter().enumerate() {
        states.insert(info.symbol.to_owned(), course.iter().map(|day| day.systemic[s]).collect());
    }
    for (position, site) in scenario.sites.iter().enumerate() {
        let site = &Skeleton::get().site(site.id).id;
        for (s, info) in LOCAL.iter().enumerate() {
            // Bacteria that never come are constants of the export.
            if s <= Local::Bf as usize && !scenario.is_infected(position) {
                continue;
            }
            let values = course.iter().map(|day| day.local[position][s]).collect();
            states.insert(at_site(info.symbol, site), values);
        }
    }
    states
}

/// Symbol of a state without its site.
fn symbol(name: &str) -> &str {
    name.split_once("__").map_or(name, |(symbol, _)| symbol)
}

/// Range of every state over all sites and days.
fn ranges(states: &States) -> BTreeMap<&str, f64> {
    let mut ends: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (name, values) in states {
        let (low, high) = ends.entry(symbol(name)).or_insert((f64::INFINITY, f64::NEG_INFINITY));
        for value in values {
            *low = low.min(*value);
            *high = high.max(*value);
        }
    }
    ends.into_iter().map(|(name, (low, high))| (name, (high - low).max(SMALLEST_RANGE))).collect()
}

/// The largest deviation.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// In shares of the state's range over all sites and days of the reference.
    pub largest: f64,
    /// State at which it is.
    pub state: String,
}

/// Largest deviation of `other` from `reference` on the days with these positions. A state or day that is missing is an
/// infinite deviation.
pub fn deviation(reference: &States, other: &States, days: std::ops::Range<usize>) -> Deviation {
    let ranges = ranges(reference);
    let mut worst = Deviation { largest: 0.0, state: String::new() };
    for (name, values) in reference {
        let range = ranges[symbol(name)];
        for day in days.clone() {
            let found = other.get(name).and_then(|v| v.get(day)).copied().unwrap_or(f64::INFINITY);
            let apart = (found - values[day]).abs() / range;
            if !(apart <= worst.largest) {
                worst = Deviation { largest: apart, state: name.clone() };
            }
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_shares_of_the_range_over_all_sites() {
        let states = |m: f64| {
            States::from([
                ("M__a".into(), vec![0.0, m]),
                ("M__b".into(), vec![0.0, 2.0]),
                ("U".into(), vec![1.0, 1.0]),
            ])
        };
        let worst = deviation(&states(0.5), &states(0.6), 0..2);
        assert!((worst.largest - 0.05).abs() < 1e-12 && worst.state == "M__a", "{worst:?}");
        let mut less = states(0.5);
        less.remove("U");
        assert!(deviation(&states(0.5), &less, 0..2).largest.is_infinite());
    }
}
