//! Text: escaping, numbers, percentages.

use std::borrow::Cow;

/// Text made safe for element content and quoted attributes. Control characters that HTML forbids become spaces.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'') || forbidden(c);
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if forbidden(c) => safe.push(' '),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

fn forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// JSON made safe inside a `<script>` element: no `<`, so neither a closing tag nor a comment can begin.
pub(crate) fn script_json(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// A number for people: about three significant digits, no exponent.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let digits = match value.abs() {
        size if size >= 99.95 || size == 0.0 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.0995 => 2,
        size if size >= 0.00995 => 3,
        _ => 4,
    };
    trimmed(value, digits)
}

/// A number with at most that many decimals, trailing zeros dropped, with a true minus sign.
pub(crate) fn trimmed(value: f64, digits: usize) -> String {
    let mut text = format!("{value:.digits$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.')) {
        return "0".to_owned();
    }
    text.replace('-', "−")
}

/// A share as a percentage; what is almost nothing or almost all says so.
pub(crate) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    if rounded == 0.0 && share > 0.0 {
        "< 1 %".to_owned()
    } else if rounded == 100.0 && share < 1.0 {
        "> 99 %".to_owned()
    } else {
        format!("{} %", trimmed(rounded, 0))
    }
}

/// A share as a percentage without sign, one decimal below ten.
fn bare_percent(share: f64) -> String {
    let value = share * 100.0;
    trimmed(value, usize::from(value < 9.95 && value > 0.0))
}

/// An interval of shares, e.g. `12–34 %`. What a symmetric interval reaches beyond 0 and 100 % is cut.
pub(crate) fn percent_interval([low, high]: [f64; 2]) -> String {
    format!("{}–{} %", bare_percent(low.max(0.0)), bare_percent(high))
}

/// An interval of numbers, e.g. `1.2 to 3.4`.
pub(crate) fn interval([low, high]: [f64; 2]) -> String {
    format!("{} to {}", number(low), number(high))
}

/// A coordinate of a drawing: at most one decimal.
pub(crate) fn xy(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    // `{}` of a rounded f64 is the shortest decimal; -0 would keep its sign.
    format!("{}", if tenths == 0.0 { 0.0 } else { tenths })
}

/// `1 child`, `2 children`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count as u64), if count == 1 { one } else { many })
}

/// A whole number with thin spaces between thousands.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// The first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(escape("<b a=\"x\" c='y'>&"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;");
        assert_eq!(escape("nul\u{0}l"), "nul l");
        assert!(matches!(escape("plain"), Cow::Borrowed("plain")));
        let json = script_json("{\"a\":\"</script><!--\"}");
        assert!(!json.contains('<'));
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["a"], "</script><!--");
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(-1.25), "−1.25");
        assert_eq!(number(12.34), "12.3");
        assert_eq!(number(1234.5), "1234");
        assert_eq!(number(0.0123), "0.012");
        assert_eq!(number(-0.00001), "0");
        assert_eq!(percent(0.001), "< 1 %");
        assert_eq!(percent(0.999), "> 99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent_interval([-0.02, 0.0345]), "0–3.5 %");
        assert_eq!(xy(-0.01), "0");
        assert_eq!(grouped(12_345), "12\u{202f}345");
        assert_eq!(grouped(1234), "1234");
    }
}
