//! Day 0 of files that have dates and do not say which of them it is.

use osteoflare_clinic::record::When;
use serde_json::Value;

/// The first day of which something is known, among the entries of a record in its JSON form. What was seen comes first; a
/// file may hold nothing but drugs or diagnoses.
pub(crate) fn first_day(record: &Value) -> Option<String> {
    let earliest = |lists: &[&str]| {
        let entries = lists.iter().filter_map(|list| record[*list].as_array()).flatten();
        entries
            .filter_map(|entry| entry["when"].as_str().or_else(|| entry["start"].as_str()))
            // A date that does not exist is told where it stands; it must not move all others.
            .filter(|date| matches!(serde_json::from_value((*date).into()), Ok(When::Date(_))))
            .min()
            .map(str::to_owned)
    };
    earliest(&["visits", "findings", "vital_signs", "laboratory", "imaging"])
        .or_else(|| earliest(&["biopsies", "cultures", "genetics", "assessments", "treatments"]))
        .or_else(|| earliest(&["diagnoses", "conditions", "outcomes"]))
}
