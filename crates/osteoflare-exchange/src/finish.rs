//! The last look at a record that was read: what no format can know by itself.

use osteoflare_clinic::check::{Severity, check};
use osteoflare_clinic::record::{FORMAT, Record};

use crate::fault::Fault;
use crate::problem::{JsonPath, Place, Problems, Step};

/// How thoroughly records are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Everything that makes a record unusable is refused: contradictory sides, impossible values and dates.
    Contents,
    /// As `Contents`, but for times: the date of day 0 cannot be read, so none of them can be judged.
    Untimed,
    /// What is odd, and only that, is named.
    Questions,
    /// Records are taken as they are, as long as they are records.
    Form,
}

/// Fields that are times.
const TIMES: [&str; 8] = [
    "when",
    "start",
    "stop",
    "followed_until",
    "symptom_onset",
    "symptom_duration_days",
    "reference_date",
    "birth_date",
];

/// The record, if it holds together. `locate` gives the place of a node of its JSON form.
///
/// # Errors
/// Everything that is wrong.
pub(crate) fn finish(
    record: Record,
    depth: Check,
    locate: impl Fn(&JsonPath) -> Place,
) -> Result<Record, Problems> {
    let mut problems = Problems::new();
    let root = JsonPath::default();
    if record.format != FORMAT {
        problems.add(
            locate(&root.key("osteoflare_record")),
            Fault::Kind {
                found: format!("version {}", record.format),
                expected: format!("version {FORMAT}, the only one that this program reads"),
            },
        );
    }
    if record.id.trim().is_empty() {
        problems.add(locate(&root.key("id")), Fault::Missing { field: "id".to_owned() });
    }
    if depth != Check::Form && problems.is_empty() {
        let asked = match depth {
            Check::Questions => Severity::Question,
            _ => Severity::Error,
        };
        for problem in check(&record).into_iter().filter(|problem| problem.severity == asked) {
            let path = path_of(&problem.path);
            if depth == Check::Untimed && path.last_key().is_some_and(|key| TIMES.contains(&key)) {
                continue;
            }
            let message = problem.what;
            let fault = match problem.severity {
                Severity::Question => Fault::Question { message },
                Severity::Error => Fault::Record { message },
            };
            problems.add(locate(&path), fault);
        }
    }
    problems.unless(record)
}

/// The path of a text such as `laboratory[2].unit`.
fn path_of(text: &str) -> JsonPath {
    let mut path = Vec::new();
    for part in text.split('.').filter(|part| !part.is_empty()) {
        let mut pieces = part.split('[');
        let name = pieces.next().unwrap_or_default();
        if !name.is_empty() {
            path.push(Step::Key(name.to_owned()));
        }
        path.extend(pieces.filter_map(|piece| Some(Step::Index(piece.trim_end_matches(']').parse().ok()?))));
    }
    JsonPath(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_judged_and_dates_not_repeated() {
        let mut record = Record::new("A");
        record.patient.birth_date = Some("2015-01-01".parse().unwrap());
        record.reference_date = Some("2014-01-01".parse().unwrap());
        let place = |path: &JsonPath| Place::path(path.clone());
        let problems = finish(record.clone(), Check::Contents, place).unwrap_err();
        let text = problems.to_string();
        assert!(text.contains("$.patient.birth_date: a date lies after day 0"), "{text}");
        assert!(finish(record, Check::Form, place).is_ok());
    }

    #[test]
    fn paths_are_understood() {
        assert_eq!(
            path_of("imaging[2].lesions[0].place.side").to_string(),
            "$.imaging[2].lesions[0].place.side"
        );
    }
}
