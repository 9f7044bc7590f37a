//! `population = "healthy"` or a table that changes a preset.

use osteoflare_patient::population::HostPopulation;

use super::error::FileError;
use super::fields::Entry;
use super::keys::POPULATION;
use super::quantity::DAYS_PER_YEAR;

/// Names of the presets.
pub(crate) const PRESETS: &[&str] = &["healthy", "broken_tolerance"];

fn preset(name: &str) -> HostPopulation {
    let healthy = HostPopulation {
        theta_mean: 0.52,
        theta_sd: 0.025,
        il10_median: 1.0,
        il10_log_sd: 0.15,
        regulation_log_sd: 0.3,
        presentation_log_sd: 0.2,
        age_low_years: 4.0,
        age_high_years: 10.0,
        female_share: 0.5,
    };
    match name {
        "healthy" => healthy,
        _ => HostPopulation {
            theta_mean: 0.82,
            theta_sd: 0.045,
            il10_median: 0.35,
            il10_log_sd: 0.25,
            female_share: 0.64,
            ..healthy
        },
    }
}

/// Reads a population.
pub(crate) fn read(entry: &Entry<'_, '_>) -> Result<HostPopulation, FileError> {
    if !entry.is_table() {
        return Ok(preset(entry.word(PRESETS)?));
    }
    let fields = entry.fields(POPULATION)?;
    let mut population = preset(fields.require("base")?.word(PRESETS)?);
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
