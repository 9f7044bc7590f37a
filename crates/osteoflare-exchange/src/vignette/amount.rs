//! Numbers in text: with bounds, ranges, thousands and units, as people write them.

use std::sync::LazyLock;

use osteoflare_clinic::record::Comparator;
use regex::Regex;
use serde_json::Value;

/// A number of a text, or the two ends of a range.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amount {
    pub low: f64,
    pub high: f64,
    pub comparator: Option<Comparator>,
    /// What stands behind the number.
    pub unit: Option<String>,
    /// What else is said: `about`, or what stands in brackets.
    pub remark: Option<String>,
}

const NUMBER: &str = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?";

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    let about =
        r"approx\.?|approximately|about|around|circa|ca\.?|nearly|almost|up to|max\.?|maximum|peak|~|≈";
    let sign = r">=|<=|≥|≤|>|<";
    let text = format!(
        r"(?i)^(?P<about>(?:{about})\s*)?(?P<sign>{sign})?\s*(?P<low>{NUMBER})(?:\s*(?:-|–|to)\s*(?P<high>{NUMBER}))?\s*(?P<unit>[^\s(\d][^(]*?)?\s*(?:\((?P<remark>[^)]*)\))?$"
    );
    #[allow(clippy::expect_used, reason = "a constant")]
    Regex::new(&text).expect("a pattern")
});

/// The number that a value is or holds, and nothing but that number with what belongs to it.
pub(super) fn read(value: &Value) -> Option<Amount> {
    match value {
        Value::Number(number) => {
            let number = number.as_f64()?;
            Some(Amount { low: number, high: number, comparator: None, unit: None, remark: None })
        }
        Value::String(text) => read_text(text),
        _ => None,
    }
}

fn read_text(text: &str) -> Option<Amount> {
    let text = text.trim().replace('_', " ");
    let found = PATTERN.captures(&text)?;
    let part =
        |name: &str| found.name(name).map(|part| part.as_str().trim().to_owned()).filter(|p| !p.is_empty());
    let low = number(&part("low")?)?;
    let high = match part("high") {
        Some(high) => number(&high)?,
        None => low,
    };
    let comparator = match part("sign").as_deref() {
        Some(">") => Some(Comparator::Greater),
        Some("<") => Some(Comparator::Less),
        Some(">=" | "≥") => Some(Comparator::AtLeast),
        Some("<=" | "≤") => Some(Comparator::AtMost),
        _ => None,
    };
    let remarks: Vec<String> = [part("about"), part("remark")].into_iter().flatten().collect();
    (low <= high).then(|| Amount {
        low,
        high,
        comparator,
        unit: part("unit"),
        remark: (!remarks.is_empty()).then(|| remarks.join("; ")),
    })
}

/// `12,500` is a number of thousands, `9,8` has a decimal comma.
fn number(text: &str) -> Option<f64> {
    let thousands = text.split(',').skip(1).all(|part| part.split('.').next().is_some_and(|p| p.len() == 3));
    if thousands { text.replace(',', "").parse().ok() } else { text.replace(',', ".").parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let read = |text: &str| read_text(text).map(|a| (a.low, a.high, a.unit.unwrap_or_default()));
        assert_eq!(read("25 mg/l"), Some((25.0, 25.0, "mg/l".to_owned())));
        assert_eq!(read("9.2 g/dl"), Some((9.2, 9.2, "g/dl".to_owned())));
        assert_eq!(read("9,8g/dl"), Some((9.8, 9.8, "g/dl".to_owned())));
        assert_eq!(read("12,500"), Some((12500.0, 12500.0, String::new())));
        assert_eq!(read("38.5-39.2"), Some((38.5, 39.2, String::new())));
        assert_eq!(read("30_percent"), Some((30.0, 30.0, "percent".to_owned())));
        assert_eq!(read("2 to 3 weeks"), Some((2.0, 3.0, "weeks".to_owned())));
        assert_eq!(read("normal"), None);
        assert_eq!(read("crp 12"), None);
        assert_eq!(read("40 and 50"), Some((40.0, 40.0, "and 50".to_owned())));
        let about = read_text("~60 (high)").expect("a number");
        assert_eq!((about.low, about.remark.as_deref()), (60.0, Some("~; high")));
        assert_eq!(read_text(">60 mm/h").and_then(|a| a.comparator), Some(Comparator::Greater));
    }
}
