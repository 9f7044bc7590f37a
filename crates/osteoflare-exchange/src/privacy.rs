//! What of a file may stand in a message.
//!
//! A cell in the wrong column may hold anything: a name, a date of birth, a sentence. So messages repeat numbers, codes, words
//! that are known to be nobody's name, one other word in small letters, and what is nearly a word that is allowed there; of
//! anything else they say the kind. The same holds for names of fields, in messages and in paths.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::fault::Fault;
use crate::known_words::{are_known_words, is_impersonal};
use crate::problem::Place;

/// Longest piece of a file that a message repeats, characters.
const LONGEST_QUOTE: usize = 40;

/// Longest text that is taken for a code, characters.
const LONGEST_CODE: usize = 24;

/// How much a text with blanks must be like a word to be taken for a misspelling of it.
const MISSPELLED: f64 = 0.7;

/// What stands for a text that is not shown.
const HIDDEN: &str = "…";

/// A piece of a file as it may stand in a message: short, on one line, without control characters.
pub(crate) fn clean(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(LONGEST_QUOTE)
        .map(|c| if c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        short.push('…');
    }
    short
}

/// A value as it may stand in a message.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Number(number) => clean(&number.to_string()),
        Value::Bool(value) => value.to_string(),
        other => crate::json::kind(other).to_owned(),
    }
}

/// A text in quotation marks, if it looks like a code.
pub(crate) fn quoted(text: &str) -> String {
    if looks_like_code(text, LONGEST_CODE) { format!("'{}'", clean(text)) } else { "text".to_owned() }
}

/// Whether a text looks like a number or a code: short, without blanks, neither a date nor an address nor a name.
fn looks_like_code(text: &str, longest: usize) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let marks = text.chars().filter(|c| matches!(c, '-' | '.' | '/')).count();
    let date = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '/' | ':' | 'T' | 'Z');
    let is_date = marks >= 2 && digits >= 4 && text.chars().all(date);
    text.chars().count() <= longest
        && !is_date
        && !text.contains('@')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && is_impersonal(text)
}

/// Whether the name of a field may stand in a path.
pub(crate) fn is_field(name: &str) -> bool {
    looks_like_code(name, LONGEST_QUOTE)
}

/// The name of an unknown field that may stand in its path although it is none: a misspelling that is told.
pub(crate) fn told_field(fault: &Fault) -> Option<&str> {
    match fault {
        Fault::UnknownField { found, .. } if found != HIDDEN => Some(found),
        _ => None,
    }
}

fn is_misspelling(found: &str, nearest: Option<&str>) -> bool {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
    nearest.is_some_and(|word| {
        let (found, word) = (plain(found), plain(word));
        strsim::normalized_damerau_levenshtein(&found, &word) >= MISSPELLED
            || (word.chars().count() > 2 && strsim::damerau_levenshtein(&found, &word) == 1)
    })
}

/// A problem without texts that may be personal. Every problem of every format passes here.
pub(crate) fn without_texts(mut place: Place, mut fault: Fault) -> (Place, Fault) {
    let hides = |found: &str, nearest: &Option<String>, longest| {
        !looks_like_code(found, longest) && !is_misspelling(found, nearest.as_deref())
    };
    match &mut fault {
        // What is like it by chance only would be an odd hint.
        Fault::UnknownCode { found, nearest, .. } if hides(found, nearest, LONGEST_CODE) => {
            *found = HIDDEN.to_owned();
            *nearest = None;
        }
        Fault::UnknownField { found, nearest, .. } if hides(found, nearest, LONGEST_QUOTE + 1) => {
            // The place has the same name.
            place.field = place.field.filter(|field| clean(field) != *found);
            *found = HIDDEN.to_owned();
            *nearest = None;
        }
        Fault::Kind { found, .. } => {
            let text = found.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
            if let Some(text) = text {
                *found = quoted(text);
            }
        }
        Fault::Record { message } | Fault::Question { message } => *message = told(message),
        _ => {}
    }
    (place, fault)
}

/// A message of [`check`](osteoflare_clinic::check::check) as it may be shown: without calendar dates and without texts of
/// the record that may be personal.
pub(crate) fn told(message: &str) -> String {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?P<said> \(\d{4}-\d{2}-\d{2}\))|(?P<named>\bdate )\d{4}-\d{2}-\d{2}\b|\b\d{4}-\d{2}-\d{2}\b",
        )
        .expect("the pattern is tested")
    });
    static QUOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("`([^`]*)`").expect("the pattern is tested"));
    let message = DATE.replace_all(message, |found: &regex::Captures<'_>| {
        match (found.name("said"), found.name("named")) {
            (Some(_), _) => "",
            (_, Some(_)) => "date",
            _ => "a date",
        }
    });
    // A misspelling is shown, since the right word stands beside it.
    if message.contains("did you mean") {
        return message.into_owned();
    }
    QUOTED
        .replace_all(&message, |found: &regex::Captures<'_>| {
            let text = &found[1];
            let shown = looks_like_code(text, LONGEST_QUOTE) || are_known_words(text);
            if shown { found[0].to_owned() } else { "`…`".to_owned() }
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_several_words_are_told() {
        let said = |words: &str| told(&format!("the word `{words}` says one side and `side` says `R`"));
        assert!(said("left tibia").contains("`left tibia`"));
        assert!(said("left anna").contains("`…`") && said("Anna Tibia").contains("`…`"));
    }

    #[test]
    fn quotes_are_short_and_on_one_line() {
        assert_eq!(clean("a\nb\u{1b}[31m"), "a\u{fffd}b\u{fffd}[31m");
        assert_eq!(clean(&"x".repeat(1000)).chars().count(), LONGEST_QUOTE + 1);
    }

    #[test]
    fn only_codes_and_numbers_are_repeated() {
        for text in
            ["12,5", "female", "femal", "LOINC:1988-5", "http://loinc.org", "10^9/l", "1988-5", "-3.5"]
        {
            assert_eq!(quoted(text), format!("'{text}'"));
        }
        for text in [
            "Anna Mueller 12",
            "Mueller",
            "anna_mueller",
            "seen_by_dr_miller",
            "Müller-Lüdenscheidt",
            "2015-03-04",
            "4.3.2015",
            "a@example.org",
            "Mueller\tAnna",
        ] {
            assert_eq!(quoted(text), "text");
        }
    }

    #[test]
    fn texts_are_hidden_and_misspellings_are_not() {
        let code = |found: &str, nearest: Option<&str>| {
            let fault = Fault::UnknownCode {
                what: "bone".to_owned(),
                found: found.to_owned(),
                nearest: nearest.map(str::to_owned),
                allowed: Vec::new(),
            };
            without_texts(Place::default(), fault).1.to_string()
        };
        assert_eq!(code("Anna Mueller", None), "unknown bone '…'");
        assert_eq!(code("Anna Mueller", Some("metatarsal")), "unknown bone '…'");
        assert!(code("lumbar vertebrae", Some("lumbar_vertebra")).contains("'lumbar vertebrae'"));
        let fault = Fault::UnknownField { found: "Anna Mueller".into(), nearest: None, allowed: Vec::new() };
        let (place, fault) = without_texts(Place::cell(1, 3, "Anna Mueller"), fault);
        assert_eq!(format!("{place}: {fault}"), "line 1, column 3: unknown field '…'");
    }

    #[test]
    fn messages_of_the_check_lose_dates_and_sentences() {
        assert_eq!(told("2015-01-01 lies after day 0 (2014-01-01)"), "a date lies after day 0");
        assert_eq!(told("does not fit the birth date 2015-01-01: 9"), "does not fit the birth date: 9");
        assert_eq!(told("`mg/l Anna Mueller` is no unit of crp"), "`…` is no unit of crp");
        assert_eq!(told("no instrument knows `bone_fever`"), "no instrument knows `bone_fever`");
        assert_eq!(told("no instrument knows `anna_schmidt`"), "no instrument knows `…`");
    }
}
