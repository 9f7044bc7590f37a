//! `[parameters]` and `[switches]`: what differs from the model's defaults.

use std::collections::BTreeMap;

use super::error::FileError;
use super::fields::Entry;
use super::keys::SWITCHES;
use super::names;

/// A kinetic parameter that a study may change.
pub(crate) struct Known {
    pub symbol: &'static str,
    pub low: f64,
    pub high: f64,
}

/// Parameters a study may change.
pub(crate) fn known() -> Vec<Known> {
    [
        ("sD", 0.5, 2.5),
        ("sE", 0.0, 3.0),
        ("bZ", 0.0, 0.4),
        ("kG", 0.006, 0.02),
        ("kDC", 0.03, 0.2),
        ("kDN", 0.02, 0.2),
        ("kER", 0.006667, 0.05),
        ("nu1", 0.0, 0.02),
    ]
    .into_iter()
    .map(|(symbol, low, high)| Known { symbol, low, high })
    .collect()
}

/// Parameter values that a switch stands for when it is off.
fn off(switch: &str) -> &'static [(&'static str, f64)] {
    match switch {
        "innate_arm" => &[("sD", 0.15)],
        "adaptive_arm" => &[("sE", 0.0), ("kER", 0.0)],
        "memory" => &[("kER", 0.0), ("bZ", 0.0)],
        "spread" => &[("nu1", 0.0)],
        "debris_loop" => &[("kDC", 0.0)],
        "local_regulation" => &[("kG", 0.0)],
        "neutrophil_damage" => &[("kDN", 0.0)],
        _ => &[],
    }
}

/// What one level of the file (the study, or a group) says about mechanisms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    switches: BTreeMap<&'static str, bool>,
    parameters: BTreeMap<String, f64>,
}

impl Overrides {
    /// Reads the two tables of one level.
    pub fn read(
        parameters: Option<Entry<'_, '_>>,
        switches: Option<Entry<'_, '_>>,
    ) -> Result<Overrides, FileError> {
        let mut overrides = Overrides::default();
        if let Some(entry) = switches {
            let fields = entry.fields(SWITCHES)?;
            for key in SWITCHES {
                if let Some(flag) = fields.get(key.name) {
                    overrides.switches.insert(key.name, flag.flag()?);
                }
            }
        }
        if let Some(entry) = parameters {
            let known = known();
            for (symbol, value) in entry.named()? {
                overrides.parameters.insert(symbol.to_owned(), read_value(symbol, &value, &known)?);
                if let Some(switch) = overrides.switch_over(symbol) {
                    return Err(
                        value.error(format_args!("is already set by '{switch} = false' in 'switches'"))
                    );
                }
            }
        }
        Ok(overrides)
    }

    fn switch_over(&self, symbol: &str) -> Option<&'static str> {
        let mut off_switches = self.switches.iter().filter(|(_, on)| !**on);
        off_switches
            .find(|(switch, _)| off(switch).iter().any(|(name, _)| *name == symbol))
            .map(|(name, _)| *name)
    }

    /// These overrides with those of a closer level on top.
    pub fn with(&self, closer: &Overrides) -> Overrides {
        let mut merged = self.clone();
        merged.switches.extend(&closer.switches);
        merged.parameters.extend(closer.parameters.clone());
        merged
    }

    /// Values by symbol. A switch that is off wins over a parameter set at a wider level.
    pub fn values(&self) -> BTreeMap<String, f64> {
        let mut values = self.parameters.clone();
        for (switch, _) in self.switches.iter().filter(|(_, on)| !**on) {
            values.extend(off(switch).iter().map(|(symbol, value)| ((*symbol).to_owned(), *value)));
        }
        values
    }
}

fn read_value(symbol: &str, value: &Entry<'_, '_>, known: &[Known]) -> Result<f64, FileError> {
    let Some(parameter) = known.iter().find(|parameter| parameter.symbol == symbol) else {
        let hint = names::hint(symbol, known.iter().map(|parameter| parameter.symbol));
        return Err(value.error(format_args!(
            "parameter '{symbol}' is not known{hint} (`osteoflare model parameters` lists them)"
        )));
    };
    let number = value.any_number()?;
    if number < parameter.low || number > parameter.high {
        return Err(value.error(format_args!(
            "{number} is outside the range of '{symbol}', {} to {}; to turn a mechanism off use 'switches'",
            parameter.low, parameter.high
        )));
    }
    Ok(number)
}
