//! Nothing is scored from an absent value: taking a value away never decides anything, and only widens totals.

use std::path::PathBuf;

use osteoflare_clinic::{
    instruments::{Classification, Instrument, score_all},
    record::Record,
    view::State,
};
use proptest::prelude::*;
use serde_json::Value;

fn cases() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let mut cases: Vec<Value> = files
        .iter()
        .map(|file| serde_json::from_str(&std::fs::read_to_string(file).expect("a case")).expect("JSON"))
        .collect();
    // A child of whom nearly everything is known, so that every item can be taken away.
    cases.push(serde_json::from_str(include_str!("full-record.json")).expect("JSON"));
    cases
}

/// Lists whose entries can be taken away one by one.
const LISTS: [&str; 13] = [
    "conditions",
    "findings",
    "vital_signs",
    "laboratory",
    "imaging",
    "biopsies",
    "cultures",
    "genetics",
    "treatments",
    "assessments",
    "diagnoses",
    "visits",
    "outcomes",
];

/// Every record that lacks one entry or one plain field of the given one.
fn poorer(record: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for list in LISTS {
        let n = record.get(list).and_then(Value::as_array).map_or(0, Vec::len);
        for i in 0..n {
            let mut less = record.clone();
            less[list].as_array_mut().expect("a list").remove(i);
            if list == "findings" {
                // An examination of the whole body lists all that it found: one that lost an entry is none any more.
                for visit in less.get_mut("visits").and_then(Value::as_array_mut).into_iter().flatten() {
                    visit.as_object_mut().expect("a visit").remove("whole_body_examined");
                }
            }
            all.push((format!("{list}[{i}]"), less));
        }
    }
    for group in ["patient", "history"] {
        for field in record.get(group).and_then(Value::as_object).into_iter().flat_map(|o| o.keys()) {
            let mut less = record.clone();
            less[group].as_object_mut().expect("an object").remove(field);
            all.push((format!("{group}.{field}"), less));
        }
    }
    all
}

fn read(value: &Value) -> Record {
    serde_json::from_value(value.clone()).expect("a record")
}

/// What an instrument claims to know only after a value was taken away.
fn invented(before: &[Instrument], after: &[Instrument]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (was, is) in before.iter().zip(after) {
        assert_eq!(was.id, is.id);
        for (old, new) in was.items.iter().zip(&is.items) {
            if old.state == State::Unknown && new.state != State::Unknown {
                wrong.push(format!("{} {}: unknown became {:?}", was.id, old.id, new.state));
            }
        }
        if let (Some(old), Some(new)) = (was.total, is.total)
            && was.items.iter().zip(&is.items).all(|(a, b)| a.state == b.state || b.state == State::Unknown)
            && (new[0] > old[0] + 1e-9 || new[1] < old[1] - 1e-9)
        {
            wrong.push(format!("{}: total {old:?} became {new:?}, narrower", was.id));
        }
        if was.classification == Classification::Undetermined
            && is.classification == Classification::Positive
            && was.items.iter().zip(&is.items).all(|(a, b)| a.state == b.state || b.state == State::Unknown)
        {
            wrong.push(format!("{}: undetermined became positive", was.id));
        }
    }
    wrong
}

#[test]
fn an_empty_record_scores_nothing() {
    for result in score_all(&Record::new("nobody"), f64::INFINITY, None) {
        for item in result.items.iter().filter(|item| item.group != "domain") {
            assert_eq!(item.state, State::Unknown, "{} {}", result.id, item.id);
        }
        let undecided =
            matches!(result.classification, Classification::Undetermined | Classification::NotScored);
        assert!(undecided, "{}: {:?}", result.id, result.classification);
    }
}

#[test]
fn taking_one_value_away_decides_nothing() {
    let mut tried = 0;
    for case in cases() {
        let before = score_all(&read(&case), f64::INFINITY, None);
        for (path, less) in poorer(&case) {
            let after = score_all(&read(&less), f64::INFINITY, None);
            let wrong = invented(&before, &after);
            assert!(wrong.is_empty(), "{} without {path}: {wrong:#?}", case["id"]);
            tried += 1;
        }
    }
    assert!(tried > 400, "{tried}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn taking_many_values_away_decides_nothing(
        number in 0usize..34,
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..12),
    ) {
        let mut record = cases().swap_remove(number);
        for pick in picks {
            let mut options = poorer(&record);
            if options.is_empty() {
                break;
            }
            let before = score_all(&read(&record), f64::INFINITY, None);
            let (path, less) = options.swap_remove(pick.index(options.len()));
            let after = score_all(&read(&less), f64::INFINITY, None);
            let wrong = invented(&before, &after);
            prop_assert!(wrong.is_empty(), "{} without {}: {:#?}", record["id"], path, wrong);
            record = less;
        }
    }
}
