//! `population = "healthy"` or a table that changes a preset.

use osteoflare_patient::population::HostPopulation;

use super::error::FileError;
use super::fields::Entry;
use super::keys::POPULATION;
use super::quantity::DAYS_PER_YEAR;

fn preset(entry: &Entry<'_, '_>) -> Result<HostPopulation, FileError> {
    let name = entry.word(&HostPopulation::PRESETS)?;
    HostPopulation::preset(name).ok_or_else(|| entry.error(format_args!("population '{name}' is not known")))
}

/// Reads a population.
pub(crate) fn read(entry: &Entry<'_, '_>) -> Result<HostPopulation, FileError> {
    if !entry.is_table() {
        return preset(entry);
    }
    let fields = entry.fields(POPULATION)?;
    let mut population = preset(&fields.require("base")?)?;
    let numbers: [(&'static str, &mut f64); 7] = [
        ("theta_mean", &mut population.theta_mean),
        ("theta_sd", &mut population.theta_sd),
        ("il10_median", &mut population.il10_median),
        ("il10_log_sd", &mut population.il10_log_sd),
        ("regulation_log_sd", &mut population.regulation_log_sd),
        ("presentation_log_sd", &mut population.presentation_log_sd),
        ("female_share", &mut population.female_share),
    ];
    for (name, place) in numbers {
        if let Some(value) = fields.get(name) {
            *place = value.number()?;
        }
    }
    let ages: [(&'static str, &mut f64); 2] =
        [("age_low", &mut population.age_low_years), ("age_high", &mut population.age_high_years)];
    for (name, place) in ages {
        if let Some(value) = fields.get(name) {
            *place = value.time()? / DAYS_PER_YEAR;
        }
    }
    if population.age_low_years > population.age_high_years {
        return Err(entry.error(format_args!(
            "the youngest age ({:.1} y) is above the oldest ({:.1} y)",
            population.age_low_years, population.age_high_years
        )));
    }
    Ok(population)
}
