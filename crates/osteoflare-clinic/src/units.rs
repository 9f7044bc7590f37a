//! Units: from what a laboratory printed to one canonical unit for each analyte.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::vocabulary::{Analyte, rows};

/// Why a unit could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is no unit of {analyte}; write one of: {allowed}{}",
    crate::check::did_you_mean(suggestions)
)]
pub struct UnitError {
    /// The unit.
    pub found: String,
    /// The analyte.
    pub analyte: String,
    /// Units it can be given in.
    pub allowed: String,
    /// Units that look like it.
    pub suggestions: Vec<String>,
}

#[derive(Deserialize)]
struct UnitRow {
    dimension: String,
    unit: String,
    factor: f64,
    offset: f64,
    synonyms: String,
}

struct Units {
    factors: HashMap<(String, String), (f64, f64)>,
    names: Vec<(String, String)>,
}

static UNITS: LazyLock<Units> = LazyLock::new(|| {
    let mut units = Units { factors: HashMap::new(), names: Vec::new() };
    for row in rows::<UnitRow>("units.csv", include_str!("../data/units.csv")) {
        for name in std::iter::once(row.unit.as_str()).chain(row.synonyms.split('|')) {
            if !name.is_empty() {
                units.factors.insert((row.dimension.clone(), simple(name)), (row.factor, row.offset));
            }
        }
        units.names.push((row.dimension, row.unit));
    }
    units
});

/// Lower case without spaces, with plain letters and digits for signs and superscripts.
fn simple(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'µ' | 'μ' => 'u',
            '×' => 'x',
            '²' => '2',
            '³' => '3',
            '⁹' => '9',
            '⁶' => '6',
            '*' => '^',
            c => c,
        })
        .collect::<String>()
        .replace("109/l", "10^9/l")
        .replace("103/", "10^3/")
}

/// A value in the canonical unit of its analyte.
///
/// # Errors
/// If the unit is not one of the analyte. Units are never guessed: a factor of ten would go unnoticed.
pub fn canonical(analyte: &Analyte, value: f64, unit: &str) -> Result<f64, UnitError> {
    // The canonical unit itself is by far the most frequent.
    if unit == analyte.unit {
        return Ok(value);
    }
    match UNITS.factors.get(&(analyte.dimension.clone(), simple(unit))) {
        // Degrees are shifted: without rounding, 100.4 °F would be above 38 °C.
        Some((factor, offset)) if *offset != 0.0 => Ok(((value * factor + offset) * 1e6).round() / 1e6),
        Some((factor, _)) => Ok(value * factor),
        None => Err(UnitError {
            found: unit.to_owned(),
            analyte: analyte.name.clone(),
            allowed: allowed(analyte).join(", "),
            suggestions: suggest(analyte, unit),
        }),
    }
}

/// Units in which an analyte can be given.
pub fn allowed(analyte: &Analyte) -> Vec<&'static str> {
    UNITS
        .names
        .iter()
        .filter(|(dimension, _)| *dimension == analyte.dimension)
        .map(|(_, unit)| unit.as_str())
        .collect()
}

/// The unit of an analyte that has only one: its numbers need none.
pub fn only(analyte: &Analyte) -> Option<&'static str> {
    match allowed(analyte)[..] {
        [unit] => Some(unit),
        _ => None,
    }
}

fn suggest(analyte: &Analyte, unit: &str) -> Vec<String> {
    let unit = simple(unit);
    allowed(analyte)
        .into_iter()
        .filter(|name| strsim::damerau_levenshtein(&simple(name), &unit) <= 1)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::analyte;

    fn convert(name: &str, value: f64, unit: &str) -> f64 {
        canonical(analyte(name).expect("an analyte"), value, unit).expect("a unit")
    }

    #[test]
    fn laboratories_print_many_units() {
        assert_eq!(convert("crp", 1.0, "mg/dl"), 10.0);
        assert_eq!(convert("crp", 12.0, "mg/L"), 12.0);
        assert_eq!(convert("crp", 12.0, "µg/mL"), 12.0);
        assert_eq!(convert("hb", 11.3, "g/dl"), 113.0);
        assert!((convert("hb", 7.0, "mmol/l") - 112.8).abs() < 0.01);
        for unit in ["10^9/l", "×10⁹/L", "G/l cells", "10^3/µl", "K/uL", "x10^3/uL", "10*9/L"] {
            assert_eq!(convert("platelets", 808.0, unit), 808.0, "{unit}");
        }
        assert_eq!(convert("wbc", 7900.0, "cells/µl"), 7.9);
        assert_eq!(convert("bands", 220.0, "/µl"), 220.0);
        assert_eq!(convert("bands", 0.22, "10^9/l"), 220.0);
        assert_eq!(convert("body_temperature", 100.4, "°F").round(), 38.0);
        assert_eq!(convert("esr", 60.0, "mm/1h"), 60.0);
    }

    #[test]
    fn a_unit_of_another_kind_is_an_error() {
        let crp = analyte("crp").expect("an analyte");
        let error = canonical(crp, 1.0, "mm/h").expect_err("a rate");
        assert!(error.to_string().contains("mg/dl"), "{error}");
        assert!(canonical(crp, 1.0, "mgl").expect_err("a misspelling").to_string().contains("did you mean"));
    }
}
