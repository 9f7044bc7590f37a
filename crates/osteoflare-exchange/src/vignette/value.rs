//! What a value says of its key: yes, no, that nobody knows, or something in words.

use osteoflare_clinic::vocabulary::normalised;
use serde_json::Value;

use super::words::Phrase;

/// Words that deny by themselves.
const DENIALS: [&str; 22] = [
    "no",
    "not",
    "none",
    "never",
    "nil",
    "nothing",
    "absent",
    "negative",
    "neg",
    "false",
    "without",
    "denied",
    "denies",
    "deny",
    "excluded",
    "ruled",
    "undetected",
    "unseen",
    "lacking",
    "free",
    "non",
    "without",
];

/// Words beside a denial that add nothing to it.
const BESIDE_DENIAL: [&str; 44] = [
    "present",
    "seen",
    "found",
    "detected",
    "identified",
    "observed",
    "noted",
    "palpable",
    "visible",
    "elicited",
    "evident",
    "demonstrated",
    "evidence",
    "sign",
    "signs",
    "history",
    "of",
    "it",
    "any",
    "at",
    "all",
    "time",
    "by",
    "parents",
    "parent",
    "patient",
    "child",
    "family",
    "mother",
    "father",
    "was",
    "were",
    "is",
    "are",
    "has",
    "had",
    "been",
    "so",
    "far",
    "ever",
    "throughout",
    "the",
    "out",
    "this",
];

/// Words that say by themselves that nobody knows.
const UNKNOWN: [&str; 30] = [
    "unknown",
    "unspecified",
    "unclear",
    "unavailable",
    "missing",
    "pending",
    "awaited",
    "awaiting",
    "outstanding",
    "undetermined",
    "inconclusive",
    "indeterminate",
    "uninterpretable",
    "unsure",
    "tbd",
    "nr",
    "na",
    "n/a",
    "nd",
    "nk",
    "untested",
    "unrecorded",
    "unreported",
    "undocumented",
    "unassessed",
    "unexamined",
    "unmeasured",
    "unobtainable",
    "null",
    "nan",
];

/// What was not done, told or written down; `not_seen` and `not_found` say that somebody looked.
const NOT_KNOWN: [&str; 37] = [
    "reported",
    "documented",
    "examined",
    "assessed",
    "recorded",
    "done",
    "known",
    "available",
    "stated",
    "given",
    "mentioned",
    "tested",
    "measured",
    "performed",
    "specified",
    "described",
    "determined",
    "evaluated",
    "provided",
    "checked",
    "investigated",
    "recalled",
    "remembered",
    "asked",
    "sure",
    "certain",
    "clear",
    "established",
    "interpretable",
    "evaluable",
    "assessable",
    "obtained",
    "sent",
    "applicable",
    "conclusive",
    "data",
    "information",
];

/// Words beside these that add nothing.
const BESIDE_UNKNOWN: [&str; 26] = [
    "be", "been", "was", "were", "is", "yet", "still", "at", "the", "this", "time", "of", "by", "to", "it",
    "result", "results", "report", "reports", "on", "in", "from", "parents", "still", "so", "far",
];

/// A statement of presence, if a value is one and nothing more.
pub(super) fn presence(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(present) => Some(*present),
        Value::String(text) => match text.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
            "true" | "yes" | "y" | "present" | "positive" | "pos" | "seen" | "found" | "done"
            | "performed" | "+" | "++" | "+++" | "confirmed" | "observed" | "detected" => Some(true),
            "_" | "−" | "–" => Some(false),
            _ => is_denial(&words_of(text)).then_some(false),
        },
        _ => None,
    }
}

/// Whether a value says that nobody knows.
pub(super) fn is_unknown(value: &Value) -> bool {
    match value {
        Value::Null => true,
        // `+` and `-` are no words, and say it plainly.
        Value::String(text) => presence(value).is_none() && Phrase::new(text).is_unknown(),
        _ => false,
    }
}

fn words_of(text: &str) -> Vec<String> {
    normalised(text).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn any(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// Whether words deny, and say nothing else: `none`, `not_seen`, `denied by parents`, but neither `not at night` nor
/// `not_ruled_out`.
fn is_denial(words: &[String]) -> bool {
    const WEAK: [&str; 4] = ["no", "not", "never", "without"];
    const STRONG: [&str; 8] =
        ["absent", "negative", "denied", "excluded", "ruled", "none", "nothing", "undetected"];
    let known = |word: &String| DENIALS.contains(&word.as_str()) || BESIDE_DENIAL.contains(&word.as_str());
    any(words, &DENIALS)
        && words.iter().all(known)
        && any(words, &["ruled"]) == any(words, &["out"])
        // `not excluded` is none.
        && !(any(words, &WEAK) && any(words, &STRONG))
}

/// Whether words say that nobody knows, and nothing else.
pub(super) fn says_unknown(words: &[String]) -> bool {
    // `n.d.` is `nd`.
    let words: Vec<String> = words.iter().map(|word| word.replace('.', "")).collect();
    let words = words.as_slice();
    const NEGATORS: [&str; 6] = ["not", "never", "no", "cannot", "could", "unable"];
    let under_way =
        any(words, &["under", "in"]) && any(words, &["investigation", "progress", "evaluation", "workup"]);
    let told = ["reported", "documented", "recorded", "mentioned", "described"];
    let known = |word: &String| {
        let word = word.as_str();
        UNKNOWN.contains(&word)
            || NOT_KNOWN.contains(&word)
            || NEGATORS.contains(&word)
            || BESIDE_UNKNOWN.contains(&word)
            || under_way && ["under", "investigation", "progress", "evaluation", "workup"].contains(&word)
    };
    match words {
        // Of a text such as `?` no word is left.
        [] => true,
        [n, a] if n == "n" => matches!(a.as_str(), "a" | "d" | "r" | "k"),
        // `never_documented` says that somebody looked, more than once; `never_measured`, that nobody did.
        [never, what] if never == "never" && told.contains(&what.as_str()) => false,
        [no, report] if no == "no" && report == "report" => true,
        words => {
            let not_known = any(words, &NEGATORS) && any(words, &NOT_KNOWN);
            words.iter().all(known) && (any(words, &UNKNOWN) || not_known || under_way)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn denials_say_no_and_nothing_else() {
        for text in [
            "absent",
            "none",
            "no",
            "false",
            "negative",
            "denied",
            "denies",
            "not present",
            "not seen",
            "nil",
            "never",
            "ruled out",
            "excluded",
            "not detected",
            "undetected",
            "neg",
            "-",
            "without",
            "lacking",
            "not observed",
            "not noted",
            "no evidence",
            "not palpable",
            "not elicited",
            "none seen",
            "denied by parents",
            "not at any time",
            "no history",
            "nothing",
            "none found so far",
        ] {
            assert_eq!(presence(&json!(text)), Some(false), "{text}");
            assert!(!is_unknown(&json!(text)), "{text}");
        }
        for text in [
            "not ruled out",
            "not at night",
            "not excluded",
            "no fever",
            "never documented",
            "not absent",
            "out",
        ] {
            assert_eq!(presence(&json!(text)), None, "{text}");
        }
    }

    #[test]
    fn what_nobody_knows_is_neither_there_nor_not() {
        for text in [
            "unknown",
            "not assessed",
            "not reported",
            "n/a",
            "na",
            "NA",
            "pending",
            "?",
            "unclear",
            "not documented",
            "not examined",
            "missing",
            "cannot be assessed",
            "not available",
            "tbd",
            "not sure",
            "not recalled",
            "unsure",
            "not asked",
            "under investigation",
            "awaited",
            "could not be determined",
            "inconclusive",
            "indeterminate",
            "result still pending",
            "n.d.",
            "no data",
            "not yet known",
        ] {
            assert!(is_unknown(&json!(text)), "{text}");
            assert_eq!(presence(&json!(text)), None, "{text}");
        }
        for text in ["not seen", "none", "mild", "not done by others", "never documented", "in remission"] {
            assert!(!is_unknown(&json!(text)), "{text}");
        }
    }
}
