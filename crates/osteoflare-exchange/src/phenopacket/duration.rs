//! Ages as ISO 8601 durations: `P9Y6M`.

use osteoflare_clinic::record::DAYS_PER_YEAR;

/// Years of a duration in years, months, weeks and days; `None` if it is none.
pub(super) fn years(text: &str) -> Option<f64> {
    let text = text.strip_prefix('P')?;
    // The time of a day does not matter for an age.
    let date = text.split('T').next()?;
    let mut years = 0.0;
    let mut number = String::new();
    let mut units = "YMWD".chars();
    for c in date.chars() {
        if c.is_ascii_digit() || c == '.' {
            number.push(c);
            continue;
        }
        units.by_ref().find(|&unit| unit == c)?;
        let value: f64 = number.parse().ok()?;
        number.clear();
        years += match c {
            'Y' => value,
            'M' => value / 12.0,
            'W' => value * 7.0 / DAYS_PER_YEAR,
            _ => value / DAYS_PER_YEAR,
        };
    }
    (number.is_empty() && !text.is_empty()).then_some(years)
}

/// The duration of an age, in whole years, months and days, rounded to the nearest day.
pub(super) fn duration(years: f64) -> Option<String> {
    if !(0.0..=150.0).contains(&years) {
        return None;
    }
    let whole = years.floor();
    let months = ((years - whole) * 12.0 + 1e-9).floor();
    let days = ((years - whole - months / 12.0) * DAYS_PER_YEAR).round().max(0.0);
    let mut text = String::from("P");
    for (number, unit) in [(whole, 'Y'), (months, 'M'), (days, 'D')] {
        if number > 0.0 {
            text.push_str(&format!("{number}{unit}"));
        }
    }
    if text == "P" {
        text.push_str("0D");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_and_written() {
        for (age, text) in [(9.0, "P9Y"), (9.5, "P9Y6M"), (0.0, "P0D"), (9.25, "P9Y3M")] {
            assert_eq!(duration(age).as_deref(), Some(text));
            assert!((years(text).unwrap() - age).abs() < 1e-12, "{text}");
        }
        assert!((years("P1Y2W3DT4H").unwrap() - (1.0 + 17.0 / DAYS_PER_YEAR)).abs() < 1e-12);
        for text in ["", "P", "9Y", "P9", "PY", "P1D2Y", "P1Y1Y", "P-1Y", "P1X"] {
            assert_eq!(years(text), None, "{text}");
        }
        assert_eq!(duration(-1.0), None);
        assert_eq!(duration(f64::NAN), None);
    }

    #[test]
    fn a_rounded_age_is_within_a_day() {
        for k in 0..4000 {
            let age = f64::from(k) * 0.00473;
            let back = years(&duration(age).unwrap()).unwrap();
            assert!((back - age).abs() * DAYS_PER_YEAR <= 0.51, "{age} {back}");
        }
    }
}
