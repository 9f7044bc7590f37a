//! Quantities as people write them: `"26 wk"`, `"12 mg/kg"`, `"50 mg/kg max 2 g"`.

pub(crate) use osteoflare_patient::growth::DAYS_PER_YEAR;
use osteoflare_patient::prescription::Dose;

/// Spellings of each unit of time and its length in days.
const TIME_UNITS: [(&[&str], f64); 5] = [
    (&["h", "hour", "hours"], 1.0 / 24.0),
    (&["d", "day", "days"], 1.0),
    (&["wk", "week", "weeks"], 7.0),
    (&["mo", "month", "months"], DAYS_PER_YEAR / 12.0),
    (&["y", "year", "years"], DAYS_PER_YEAR),
];

/// How a time is written, for messages.
pub(crate) const TIME_HELP: &str = "write a number and one of h, d, wk, mo, y, for example \"26 wk\"";
/// How a dose is written, for messages.
pub(crate) const DOSE_HELP: &str =
    "write for example \"12 mg/kg\", \"10 mg/m2\", \"40 mg\" or \"50 mg/kg max 2 g\"";
/// Pattern of a time, for the JSON Schema.
pub(crate) const TIME_PATTERN: &str =
    r"^\s*[0-9]+(\.[0-9]+)?\s*(h|hours?|d|days?|wk|weeks?|mo|months?|y|years?)\s*$";
/// Pattern of a list item that stands for a regular series of times, for the JSON Schema.
pub(crate) const SERIES_PATTERN: &str = r"^\s*every\s+.+\s+until\s+.+$";
/// Pattern of a dose, for the JSON Schema.
pub(crate) const DOSE_PATTERN: &str =
    r"^\s*[0-9]+(\.[0-9]+)?\s*(mg|g)(/kg|/m2|/m²)?(\s+max\s+[0-9]+(\.[0-9]+)?\s*(mg|g))?\s*$";

/// Splits `"12.5 mg/kg"` into number and unit.
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    number.is_finite().then(|| (number, text[end..].trim()))
}

/// A time in days, or what is wrong with it.
pub(crate) fn time(text: &str) -> Result<f64, String> {
    let (number, unit) = split(text).ok_or_else(|| format!("'{text}' is not a time; {TIME_HELP}"))?;
    if unit.is_empty() {
        return Err(format!("'{text}' has no unit; {TIME_HELP}"));
    }
    TIME_UNITS
        .iter()
        .find(|(names, _)| names.contains(&unit))
        .map(|(_, days)| number * days)
        .ok_or_else(|| format!("'{unit}' is not a unit of time; {TIME_HELP}"))
}

/// Times of a list item: one time, or `every T until T` (from the first T on, the last included).
pub(crate) fn times(text: &str) -> Result<Vec<f64>, String> {
    let Some(series) = text.trim().strip_prefix("every ") else { return Ok(vec![time(text)?]) };
    let (step, end) = series.split_once(" until ").ok_or_else(|| {
        format!("'{text}' is not a series of times; write for example \"every 3 mo until 2 y\"")
    })?;
    let (step, end) = (time(step)?, time(end)?);
    if step < 1.0 || end < step {
        return Err(format!("'{text}' needs a step of at least one day and an end after the first step"));
    }
    let count = (end / step + 1e-9).floor();
    if count > 2_000.0 {
        return Err(format!("'{text}' stands for more than 2000 times"));
    }
    Ok((1..=count as u32).map(|k| f64::from(k) * step).collect())
}

/// A mass in milligrams.
fn milligrams(number: f64, unit: &str) -> Option<f64> {
    match unit {
        "mg" => Some(number),
        "g" => Some(number * 1_000.0),
        _ => None,
    }
}

/// A dose, or what is wrong with it.
pub(crate) fn dose(text: &str) -> Result<Dose, String> {
    let not_a_dose = || format!("'{text}' is not a dose; {DOSE_HELP}");
    let (amount, cap) = match text.split_once(" max ") {
        Some((amount, cap)) => (amount, Some(cap)),
        None => (text, None),
    };
    let (number, unit) = split(amount).ok_or_else(not_a_dose)?;
    if number <= 0.0 {
        return Err(format!("'{text}' must be more than zero"));
    }
    let cap = match cap {
        None => None,
        Some(cap) => {
            let (number, unit) = split(cap).ok_or_else(not_a_dose)?;
            let cap = milligrams(number, unit).ok_or_else(not_a_dose)?;
            if cap <= 0.0 {
                return Err(format!("the upper limit of '{text}' must be more than zero"));
            }
            Some(cap)
        }
    };
    let (mass_unit, per) = unit.split_once('/').unwrap_or((unit, ""));
    let Some(mass) = milligrams(number, mass_unit.trim()) else {
        if unit.is_empty() {
            return Err(format!("'{text}' has no unit; {DOSE_HELP}"));
        }
        return Err(format!("'{unit}' is not a unit of dose; {DOSE_HELP}"));
    };
    match (per.trim(), cap) {
        ("", None) => Ok(Dose::Mg(mass)),
        ("", Some(_)) => Err(format!("'{text}' is a fixed dose and needs no upper limit")),
        ("kg", cap) => Ok(Dose::MgPerKg(mass, cap)),
        ("m2" | "m²", cap) => Ok(Dose::MgPerM2(mass, cap)),
        _ => Err(format!("'{unit}' is not a unit of dose; {DOSE_HELP}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_days() {
        assert_eq!(time("14 d"), Ok(14.0));
        assert_eq!(time("2wk"), Ok(14.0));
        assert_eq!(time(" 8 hours "), Ok(8.0 / 24.0));
        assert_eq!(time("10 y"), Ok(3652.5));
        assert_eq!(time("12 mo"), Ok(365.25));
        assert!(time("10").unwrap_err().contains("has no unit"));
        assert!(time("10 parsecs").unwrap_err().contains("'parsecs' is not a unit of time"));
        assert!(time("soon").unwrap_err().contains("is not a time"));
        assert!(time("inf d").is_err());
    }

    #[test]
    fn a_series_runs_from_its_step_to_its_end() {
        assert_eq!(times("every 2 d until 6 d"), Ok(vec![2.0, 4.0, 6.0]));
        assert_eq!(times("3 d"), Ok(vec![3.0]));
        assert_eq!(times("every 6 mo until 10 y").unwrap().len(), 20);
        assert!(times("every 1 h until 2 d").is_err());
        assert!(times("every 3 mo").is_err());
    }

    #[test]
    fn doses_keep_their_base() {
        assert_eq!(dose("12 mg/kg"), Ok(Dose::MgPerKg(12.0, None)));
        assert_eq!(dose("50 mg/kg max 2 g"), Ok(Dose::MgPerKg(50.0, Some(2_000.0))));
        assert_eq!(dose("10 mg/m2 max 25 mg"), Ok(Dose::MgPerM2(10.0, Some(25.0))));
        assert_eq!(dose("40 mg"), Ok(Dose::Mg(40.0)));
        assert_eq!(dose("0.04 g"), Ok(Dose::Mg(40.0)));
        for wrong in ["40", "-3 mg", "0 mg", "40 mg max 50 mg", "3 mg/l", "3 ml", "x mg", "3 mg/kg max"] {
            assert!(dose(wrong).is_err(), "{wrong}");
        }
    }
}
