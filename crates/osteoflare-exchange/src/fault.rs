//! What can be wrong: the kinds of faults, and the word that was probably meant.

use crate::privacy::clean;
use crate::problem::Place;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The system does not give the file, or part of it.
    #[error("cannot be read: {reason}")]
    Unreadable {
        /// What the system says.
        reason: String,
    },
    /// More than is read of one document.
    #[error("more than {limit} {unit}; split it, or use a format that is read in pieces (CSV, JSON Lines)")]
    TooLarge {
        /// Most that is read.
        limit: u64,
        /// Of what.
        unit: &'static str,
    },
    /// Nested deeper than any record is.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// Deepest level that is read.
        limit: usize,
    },
    /// Not the syntax of the format.
    #[error("not {format}: {reason}")]
    Syntax {
        /// Name of the format.
        format: &'static str,
        /// Why.
        reason: String,
    },
    /// A format that is not known, or not the one announced.
    #[error("{reason}; formats that are read: {allowed}")]
    Format {
        /// Why.
        reason: String,
        /// Formats by name.
        allowed: String,
    },
    /// A field that the format does not have here.
    #[error("unknown field '{found}'{}", nearest_or_allowed(.nearest, .allowed))]
    UnknownField {
        /// Its name.
        found: String,
        /// The most similar name.
        nearest: Option<String>,
        /// Names that are known here.
        allowed: Vec<String>,
    },
    /// A field that is needed and not there.
    #[error("'{field}' is missing")]
    Missing {
        /// Its name.
        field: String,
    },
    /// The same thing is said twice.
    #[error("given twice{}", .first.as_ref().map(|first| format!("; first at {first}")).unwrap_or_default())]
    Twice {
        /// Where it was said first.
        first: Option<Box<Place>>,
    },
    /// Another kind of value is expected.
    #[error("found {found}, expected {expected}")]
    Kind {
        /// What it is, without its content if that may be personal.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// A word or code that is not in the list.
    #[error("unknown {what} '{found}'{}", nearest_or_allowed(.nearest, .allowed))]
    UnknownCode {
        /// Kind of code.
        what: String,
        /// What was found.
        found: String,
        /// The most similar one.
        nearest: Option<String>,
        /// Codes that are known.
        allowed: Vec<String>,
    },
    /// A value that cannot be.
    #[error("{what} {found}: {why}")]
    Impossible {
        /// What it measures.
        what: String,
        /// The value.
        found: String,
        /// Why it cannot be, with what is allowed.
        why: String,
    },
    /// Two statements that cannot both be true.
    #[error("{what}{}", .other.as_ref().map(|other| format!("; compare {other}")).unwrap_or_default())]
    Contradiction {
        /// Which.
        what: String,
        /// Where the other one is.
        other: Option<Box<Place>>,
    },
    /// Another patient's data in a file of one patient.
    #[error("belongs to another patient than the rest of the file ({what}); nothing of the file is used")]
    OtherPatient {
        /// What shows it.
        what: String,
    },
    /// Something the record has no room for: dropping it silently would lose it.
    #[error("{what}; it would be lost")]
    Lost {
        /// What.
        what: String,
    },
    /// Something that was left out and hinders nothing; see [`Records::left_out`](crate::Records::left_out).
    #[error("left out: {what}")]
    LeftOut {
        /// What.
        what: String,
    },
    /// What the check of the finished record says.
    #[error("{message}")]
    Record {
        /// The message.
        message: String,
    },
    /// What the check asks about a record that can be used; only if [asked for](crate::Contents::Asked).
    #[error("{message}")]
    Question {
        /// The message.
        message: String,
    },
}

fn nearest_or_allowed(nearest: &Option<String>, allowed: &[String]) -> String {
    const MOST_NAMES: usize = 12;
    let mut text = String::new();
    if let Some(nearest) = nearest {
        text.push_str(&format!("; did you mean '{nearest}'?"));
    }
    if !allowed.is_empty() && (nearest.is_none() || allowed.len() <= MOST_NAMES) {
        let shown: Vec<&str> = allowed.iter().take(MOST_NAMES).map(String::as_str).collect();
        let more = if allowed.len() > MOST_NAMES {
            format!(" … ({} in all)", allowed.len())
        } else {
            String::new()
        };
        text.push_str(&format!(
            "{} allowed: {}{more}",
            if text.is_empty() { ";" } else { "" },
            shown.join(", ")
        ));
    }
    text
}

/// The candidate most like `found`, if any is alike.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
    let found = plain(&clean(found));
    candidates
        .into_iter()
        .map(|candidate| {
            let plain = plain(candidate);
            // Swapped letters in a short word are far apart for the one measure and near for the other.
            let swapped = strsim::normalized_damerau_levenshtein(&found, &plain) + 0.1;
            (strsim::jaro_winkler(&found, &plain).max(swapped), candidate)
        })
        .filter(|&(likeness, _)| likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_found() {
        assert_eq!(nearest("femal", ["female", "male"]).as_deref(), Some("female"));
        assert_eq!(nearest("zzz", ["female", "male"]), None);
    }
}
