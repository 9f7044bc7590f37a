//! `[parameters]` and `[switches]`: what differs from the model's defaults.

use std::collections::BTreeMap;

use osteoflare_kinetics::parameters::{self, ParameterError};
use osteoflare_kinetics::switches;

use super::error::FileError;
use super::fields::Entry;
use super::keys;

/// Parameter values that a switch stands for when it is off.
fn off(switch: &str) -> &'static [(&'static str, f64)] {
    switches::find(switch).map_or(&[], |switch| switch.off)
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
            let fields = entry.fields(keys::switches())?;
            for key in keys::switches() {
                if let Some(flag) = fields.get(key.name) {
                    overrides.switches.insert(key.name, flag.flag()?);
                }
            }
        }
        if let Some(entry) = parameters {
            for (symbol, value) in entry.named()? {
                overrides.parameters.insert(symbol.to_owned(), read_value(symbol, &value)?);
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

fn read_value(symbol: &str, value: &Entry<'_, '_>) -> Result<f64, FileError> {
    // An unknown symbol is worse than a wrong value: say it first.
    if let Err(error @ ParameterError::Unknown { .. }) = parameters::check(symbol, 0.0) {
        return Err(value.error(format_args!("{error} (`osteoflare model parameters` lists them)")));
    }
    let number = value.any_number()?;
    parameters::check(symbol, number).map_err(|error| value.error(error))?;
    Ok(number)
}
