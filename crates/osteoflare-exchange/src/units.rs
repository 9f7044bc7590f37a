//! Units that are said twice: as a laboratory printed them, and as a code of UCUM.

use osteoflare_clinic::units::canonical;
use osteoflare_clinic::vocabulary::analyte;

use crate::codes::{ucum, unit_of_ucum};
use crate::fault::Fault;
use crate::privacy::clean;

/// The unit of a quantity. The code counts, since programs compute with it; the print is kept where it says the same.
///
/// # Errors
/// If both are known and differ, or the code is of UCUM and not known.
pub(crate) fn unit(of: &str, printed: Option<&str>, code: Option<&str>) -> Result<Option<String>, Fault> {
    let printed = printed.filter(|text| !text.trim().is_empty());
    // What stands in braces is a remark and no part of the unit.
    let code = code.map(|code| code.split('{').next().unwrap_or_default()).filter(|code| !code.is_empty());
    let word = |code: &str| unit_of_ucum(code).unwrap_or(code).to_owned();
    Ok(match (printed, code) {
        (None, code) => code.map(word),
        (Some(printed), None) => Some(printed.to_owned()),
        (Some(printed), Some(code)) if is_same(of, printed, code) => Some(printed.to_owned()),
        (Some(printed), Some(code)) => match (is_known(of, printed), is_known(of, code)) {
            (true, true) => {
                let what = format!("the unit is printed '{}' and coded '{}'", clean(printed), clean(code));
                return Err(Fault::Contradiction { what, other: None });
            }
            (false, true) => Some(word(code)),
            (true, false) => {
                return Err(Fault::UnknownCode {
                    what: "unit of UCUM".to_owned(),
                    found: clean(code),
                    nearest: None,
                    allowed: Vec::new(),
                });
            }
            (false, false) => Some(printed.to_owned()),
        },
    })
}

/// Whether two units are one, however they are spelled.
pub(crate) fn is_same(of: &str, a: &str, b: &str) -> bool {
    let coded = |text: &str| ucum(text).or_else(|| unit_of_ucum(text).and_then(ucum));
    if a == b || coded(a).is_some_and(|code| coded(b) == Some(code)) {
        return true;
    }
    let Some(analyte) = analyte(of) else { return false };
    // Two points tell a factor and an offset.
    [0.0, 1.0].into_iter().all(|value| {
        let at = |unit: &str| canonical(analyte, value, unit).ok();
        at(a).zip(at(b)).is_some_and(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()))
    })
}

fn is_known(of: &str, text: &str) -> bool {
    ucum(text).is_some()
        || unit_of_ucum(text).is_some()
        || analyte(of).is_some_and(|analyte| canonical(analyte, 1.0, text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_counts_and_the_print_is_kept_where_it_says_the_same() {
        let read = |printed, code| unit("crp", printed, code).unwrap().unwrap();
        assert_eq!(read(Some("mg/L"), Some("mg/L")), "mg/L");
        assert_eq!(read(Some("mg/litre"), Some("mg/L")), "mg/litre");
        assert_eq!(read(Some("milligrams per l"), Some("mg/L")), "mg/l");
        assert_eq!(read(None, Some("mg/dL")), "mg/dl");
        assert_eq!(read(Some("mg/dl"), None), "mg/dl");
        assert_eq!(read(Some("mg/dl"), Some("mg/dL{calc}")), "mg/dl");
        let count = unit("platelets", Some("Tausend"), Some("10*3/uL")).unwrap();
        assert_eq!(count.as_deref(), Some("10^3/ul"));
    }

    #[test]
    fn two_units_are_a_contradiction() {
        let error = unit("crp", Some("mg/dL"), Some("mg/L")).unwrap_err().to_string();
        assert!(error.contains("printed 'mg/dL' and coded 'mg/L'"), "{error}");
        let error = unit("crp", Some("mg/dl"), Some("furlong")).unwrap_err().to_string();
        assert!(error.contains("unknown unit of UCUM 'furlong'"), "{error}");
    }

    #[test]
    fn one_unit_has_many_spellings() {
        assert!(is_same("platelets", "10^3/uL", "10*9/L"));
        assert!(is_same("platelets", "x10^9/L", "10*9/L"));
        for printed in ["G/l", "Gpt/l", "Tsd/µl", "Tsd/ul", "/nl"] {
            assert!(is_same("leukocytes", printed, "10*9/L"), "{printed}");
        }
        assert!(is_same("esr", "mm/Std", "mm/h"));
        assert!(is_same("crp", "mg/l", "mg/L"));
        assert!(!is_same("crp", "mg/l", "mg/dl"));
        assert!(!is_same("body_temperature", "°F", "°C"));
    }
}
