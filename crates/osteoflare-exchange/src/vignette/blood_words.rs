//! What words say of results of the blood: `elevated`, `within normal limits`, `thrombocytopenia`.

use std::sync::LazyLock;

use osteoflare_clinic::record::Qualitative;
use osteoflare_clinic::vocabulary;
use serde::Deserialize;

use super::words::Phrase;

/// A word that names an analyte and what it is like.
#[derive(Deserialize)]
struct Abnormality {
    word: String,
    synonyms: String,
    analyte: String,
    result: Qualitative,
}

#[allow(clippy::expect_used, reason = "an embedded table")]
static ABNORMALITIES: LazyLock<Vec<Abnormality>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../../data/abnormal_blood.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded table is checked by the tests of this module")
});

/// What an abnormality says of one analyte.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Named {
    pub analyte: &'static str,
    pub result: Qualitative,
    pub denied: bool,
}

/// Names of abnormal results in a phrase: `microcytic_anaemia`, `no_leukocytosis`. One may speak of several analytes.
pub(super) fn named_by_abnormality(text: &str) -> Vec<Named> {
    let phrase = Phrase::new(text);
    let said = phrase.words().iter().zip(&phrase.denied);
    said.flat_map(|(word, &denied)| {
        ABNORMALITIES
            .iter()
            .filter(move |row| row.word == *word || row.synonyms.split('|').any(|other| other == word))
            .map(move |row| Named { analyte: &row.analyte, result: row.result, denied })
    })
    .collect()
}

/// What is left when an abnormality is denied. No anaemia is a normal haemoglobin: only its low side is ever meant. No
/// leukocytosis is no high count, and leaves a low one possible.
pub(super) fn denial(abnormal: Qualitative) -> Qualitative {
    match abnormal {
        Qualitative::Low => Qualitative::Normal,
        _ => Qualitative::Negative,
    }
}

/// Whether only a high value of an analyte means anything, so that `negative` says the same as `normal`.
pub(super) fn rises_only(analyte: &str) -> bool {
    vocabulary::analyte(analyte).is_some_and(|a| {
        a.name == "inflammatory_markers" || a.normal_low == Some(0.0) && a.normal_high.is_some()
    })
}

/// `2x_upper_limit`, `3_times_normal`: above the limit, whatever the limit is.
pub(super) fn is_multiple_of_limit(phrase: &Phrase) -> bool {
    let first = phrase.words().first().map_or("", String::as_str);
    let number = first.trim_end_matches(|c: char| !c.is_ascii_digit());
    let times = first.ends_with('x')
        || first.ends_with("fold")
        || ["x", "times", "fold"].iter().any(|word| phrase.has(word));
    let limit = phrase.has("uln")
        || phrase.has("upper") && phrase.begins(&["limit"])
        || phrase.has("normal") && !phrase.denies();
    let spelled = ["twice", "double", "thrice", "triple"].contains(&first);
    limit && (spelled || times && number.parse::<f64>().is_ok_and(|number| number > 1.0))
}

/// A result in words.
pub(super) fn in_words(phrase: &Phrase) -> Option<Qualitative> {
    use Qualitative as Q;
    let mild = phrase.begins(&["mild", "slight", "minor", "borderline", "subtle"]);
    let strong = phrase.begins(&["mark", "strong", "severe", "high_", "very", "gross"]);
    // `low normal` is normal; `low (normal 5-9)` is not.
    let words = phrase.words();
    let within = |pair: &[String]| {
        pair[1] == "normal" && ["low", "high", "lower", "upper"].contains(&pair[0].as_str())
    };
    if !phrase.denies()
        && words.len() <= 3
        && words.windows(2).any(within)
        && !phrase.begins(&["limit", "range"])
    {
        return Some(Q::Normal);
    }
    let above = ["above", "over", "exceeds"].iter().any(|word| phrase.has(word))
        && (phrase.has("uln") || phrase.begins(&["limit", "normal", "range"]));
    let up = above || phrase.begins(&["elevat", "rais", "high", "increas"]);
    let down = phrase.begins(&["low", "decreas", "reduc", "anaemi", "anemi", "deficien"]);
    if phrase.denies() && (up || down) {
        return if phrase.has("not") || phrase.has("no") { Some(Q::Normal) } else { None };
    }
    match (up, down) {
        (true, false) if mild => Some(Q::MildlyElevated),
        (true, false) if phrase.begins(&["moderat"]) => Some(Q::ModeratelyElevated),
        (true, false) if strong => Some(Q::StronglyElevated),
        (true, false) => Some(Q::Elevated),
        (false, true) if mild => Some(Q::MildlyLow),
        (false, true) => Some(Q::Low),
        (true, true) => None,
        _ if is_multiple_of_limit(phrase) => Some(Q::Elevated),
        _ if phrase.has("undetectable") => Some(Q::Undetectable),
        _ if phrase.has("abnormal") => Some(Q::Abnormal),
        _ if phrase.begins(&["normal", "unremarkable"]) || phrase.has("wnl") => Some(Q::Normal),
        _ if phrase.begins(&["negative", "absent"]) || phrase.has("none") => Some(Q::Negative),
        _ if phrase.begins(&["positive", "present", "many", "few"]) => Some(Q::Positive),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_abnormality_is_of_a_known_analyte_and_claimed_once() {
        for row in ABNORMALITIES.iter() {
            assert!(vocabulary::analyte(&row.analyte).is_some_and(|a| a.name == row.analyte), "{}", row.word);
        }
        assert_eq!(named_by_abnormality("pancytopenia").len(), 3);
        let [one] = named_by_abnormality("no_leukocytosis")[..] else { panic!("one") };
        assert_eq!((one.analyte, one.denied), ("leukocytes", true));
    }

    #[test]
    fn limits_without_a_number_still_say_which_side() {
        let words = |text: &str| in_words(&Phrase::new(text));
        assert_eq!(words("WNL"), Some(Qualitative::Normal));
        assert_eq!(words("within_normal_limits"), Some(Qualitative::Normal));
        for text in
            ["2x_upper_limit", "3 times the upper limit", "2.5x ULN", "above_upper_limit", "2x normal"]
        {
            assert_eq!(words(text), Some(Qualitative::Elevated), "{text}");
        }
        assert_eq!(words("upper_limit"), None);
    }
}
