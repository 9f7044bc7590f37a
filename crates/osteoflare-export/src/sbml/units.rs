//! Unit definitions.

use std::collections::BTreeSet;

use crate::expression::Unit;
use crate::xml::Element;

/// Identifier of a day.
pub const DAY: &str = "day";
/// Identifier of a year.
pub const YEAR: &str = "year";
/// Identifier of days per year.
pub const DAYS_PER_YEAR: &str = "day_per_year";
/// Seconds of a day.
const SECONDS_PER_DAY: f64 = 86_400.0;
/// Seconds of a year of 365.25 days.
const SECONDS_PER_YEAR: f64 = 31_557_600.0;

fn definition(id: &str, name: &str, units: Vec<Element>) -> Element {
    Element::new("unitDefinition").with("id", id).with("name", name).list("listOfUnits", units)
}

fn unit(kind: &str, exponent: f64, scale: i32, multiplier: f64) -> Element {
    Element::new("unit")
        .with("kind", kind)
        .with("exponent", exponent)
        .with("scale", scale)
        .with("multiplier", multiplier)
}

/// Definitions of the given units, and of day and year.
pub fn definitions(used: &BTreeSet<Unit>) -> Vec<Element> {
    let mut all = vec![
        definition(DAY, "day", vec![unit("second", 1.0, 0, SECONDS_PER_DAY)]),
        definition(YEAR, "year of 365.25 days", vec![unit("second", 1.0, 0, SECONDS_PER_YEAR)]),
        definition(
            DAYS_PER_YEAR,
            "days per year",
            vec![unit("second", 1.0, 0, SECONDS_PER_DAY), unit("second", -1.0, 0, SECONDS_PER_YEAR)],
        ),
    ];
    for known in used.iter().filter(|u| **u != Unit::ONE && **u != Unit::DAY) {
        let [day, germs, mass, sinking] = known.0.map(|twice| f64::from(twice) / 2.0);
        let parts = [
            (day, vec![unit("second", day, 0, SECONDS_PER_DAY)]),
            // An amount: species are measured in substance, and the size of a site, 1, stands for the millilitre.
            (germs, vec![unit("item", germs, 6, 1.0)]),
            (mass, vec![unit("gram", mass, -3, 1.0), unit("litre", -mass, 0, 1.0)]),
            (sinking, vec![unit("metre", sinking, -3, 1.0), unit("second", -sinking, 0, 3600.0)]),
        ];
        let units = parts.into_iter().filter(|(power, _)| *power != 0.0).flat_map(|(_, units)| units);
        all.push(definition(&known.identifier(), &known.to_string(), units.collect()));
    }
    all
}
