//! What a text denies, word by word: a negation reaches from its word to the next separator, and what stands before it keeps
//! its meaning.

use osteoflare_clinic::vocabulary::normalised;

/// Words that end the reach of a negation.
const ENDS: [&str; 7] = ["with", "but", "however", "although", "though", "despite", "except"];

/// Words that deny what follows.
const BEFORE: [&str; 11] =
    ["against", "no", "not", "without", "never", "nor", "neither", "denies", "denied", "lacking", "lacks"];

/// Words that deny what stands before, or what follows if nothing does.
const BEHIND: [&str; 5] = ["absent", "negative", "excluded", "none", "nil"];

/// Behind these, `negative` is part of a name: `gram_negative_rods`.
const STAINS: [&str; 7] = ["gram", "coagulase", "catalase", "oxidase", "urease", "rh", "rhesus"];

/// What is not so if `not` stands before it: `granuloma_not_seen`.
const STATES: [&str; 14] = [
    "seen",
    "found",
    "present",
    "detected",
    "identified",
    "visible",
    "palpable",
    "observed",
    "demonstrated",
    "shown",
    "evident",
    "noted",
    "confirmed",
    "visualised",
];

/// A text as words, each with whether it is denied, and where a separator stands before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scoped {
    pub words: Vec<String>,
    pub denied: Vec<bool>,
    /// Number of the piece between separators that each word belongs to.
    pub piece: Vec<usize>,
}

/// Whether a word denies others.
pub(super) fn is_denial(word: &str) -> bool {
    BEFORE.contains(&word) || BEHIND.contains(&word)
}

/// Reads a text.
pub(super) fn scoped(text: &str) -> Scoped {
    let mut out = Scoped::default();
    let mut piece = 0;
    for sentence in text.split([';', '(', ')', '\n']).flat_map(sentences) {
        let pieces: Vec<Vec<String>> = commas(sentence).into_iter().map(|part| words_of(&part)).collect();
        // `no fever, chills or weight loss` denies all three; `no mass, oedema of the tibia` only the first.
        let enumeration = pieces.last().is_some_and(|last| last.iter().any(|w| w == "or" || w == "nor"));
        let mut active = false;
        for words in pieces {
            active &= enumeration;
            active = deny(&words, active, &mut out.denied);
            out.piece.extend(std::iter::repeat_n(piece, words.len()));
            out.words.extend(words);
            piece += 1;
        }
    }
    out
}

/// The sentences of a text; a point after one letter belongs to it: `no S. aureus`.
fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(". ") {
        let before = &text[from..at];
        let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if last.chars().count() != 1 || last.chars().any(|c| c.is_ascii_digit()) {
            parts.push(before);
            from = at + 2;
        }
    }
    parts.push(&text[from..]);
    parts
}

fn words_of(text: &str) -> Vec<String> {
    normalised(text).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The parts between commas; a comma between digits belongs to a number.
fn commas(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |k: Option<usize>| k.and_then(|k| chars.get(k)).is_some_and(char::is_ascii_digit);
    let mut parts = vec![String::new()];
    for (k, c) in chars.iter().enumerate() {
        if *c == ',' && !(digit(k.checked_sub(1)) && digit(Some(k + 1))) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(*c);
        }
    }
    parts
}

/// Adds to `denied` whether each word is; whether a negation is still open at the end.
fn deny(words: &[String], mut active: bool, denied: &mut Vec<bool>) -> bool {
    let start = denied.len();
    denied.resize(start + words.len(), false);
    // Where the words begin that a negation behind them reaches.
    let mut from = 0;
    for k in 0..words.len() {
        let word = words[k].as_str();
        let next = words.get(k + 1).map_or("", String::as_str);
        if ENDS.contains(&word) {
            active = false;
            from = k + 1;
            continue;
        }
        if word == "negative" && k > 0 && STAINS.contains(&words[k - 1].as_str()) {
            denied[start + k] = active;
            continue;
        }
        let nothing_before = k == from;
        let refers_forward = matches!(next, "for" | "of");
        let behind = BEHIND.contains(&word) && !refers_forward
            || word == "not" && (STATES.contains(&next) || next.is_empty())
            || matches!(word, "no" | "denied") && next.is_empty()
            || word == "ruled" && next == "out";
        if behind && !nothing_before && !active {
            denied[start + from..start + k].fill(true);
            from = k + 1;
        } else if BEFORE.contains(&word) && next != "only"
            || BEHIND.contains(&word)
            || matches!(word, "free" | "absence" | "lack") && next == "of"
            || word == "ruled" && next == "out"
        {
            active = true;
            from = k + 1;
        } else {
            denied[start + k] = active;
        }
    }
    active
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(text: &str) -> String {
        let Scoped { words, denied, .. } = scoped(text);
        let denied: Vec<&str> =
            words.iter().zip(&denied).filter(|(_, denied)| **denied).map(|(word, _)| word.as_str()).collect();
        denied.join(" ")
    }

    #[test]
    fn a_negation_reaches_to_the_next_separator_and_not_back() {
        for (text, expected) in [
            (
                "no evidence of malignancy or infection; chronic inflammation",
                "evidence of malignancy or infection",
            ),
            ("chronic_nonspecific_inflammation_no_malignancy", "malignancy"),
            ("chronic osteomyelitis with fibrosis, no malignant cells", "malignant cells"),
            ("marrow_oedema_without_soft_tissue_mass", "soft tissue mass"),
            ("lesion_with_sclerotic_rim_no_cortical_breach", "cortical breach"),
            ("no soft tissue mass, marrow oedema of both tibiae", "soft tissue mass"),
            ("no fever but weight loss", "fever"),
            ("fever but no weight loss", "weight loss"),
            ("no fever, chills or weight loss", "fever chills or weight loss"),
            ("negative_for_malignancy", "for malignancy"),
            ("absence of granuloma", "of granuloma"),
            ("chronic inflammation", ""),
            ("not only oedema", ""),
            ("gram_negative_rods", ""),
            ("no_gram_negative_rods", "gram negative rods"),
        ] {
            assert_eq!(denied(text), expected, "{text}");
        }
    }

    #[test]
    fn a_negation_at_the_end_reaches_back_to_the_last_separator() {
        for (text, expected) in [
            ("granuloma_absent", "granuloma"),
            ("inflammation, granuloma not seen", "granuloma"),
            ("infection_excluded", "infection"),
            ("oedema with abscess ruled out", "abscess"),
        ] {
            assert_eq!(denied(text), expected, "{text}");
        }
    }

    #[test]
    fn non_is_no_negation() {
        assert_eq!(denied("non_caseating_granuloma"), "");
        assert_eq!(denied("non_weight_bearing"), "");
    }
}
