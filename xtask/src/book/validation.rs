//! Published numbers beside those of a results folder, as a page.

use std::error::Error;
use std::path::Path;

use osteoflare_clinic::digest::PatientDigest;
use osteoflare_evidence::{Cohort, Comparison, Evidence, compare};
use osteoflare_study::results::{Results, ResultsError};

use super::{cell, code};
use crate::document::table;

/// The page of a results folder.
///
/// # Errors
/// If the results cannot be read.
pub fn validation(folder: &Path) -> Result<String, Box<dyn Error>> {
    let results = Results::open(folder)?;
    let mut groups: Vec<(String, Vec<PatientDigest>)> = Vec::new();
    for name in results.groups() {
        let digests = results.patients(name)?.collect::<Result<Vec<_>, ResultsError>>()?;
        groups.push((name.to_owned(), digests));
    }
    let cohorts: Vec<Cohort<'_>> = groups.iter().map(|(group, digests)| Cohort { group, digests }).collect();
    let all = compare(Evidence::embedded(), &cohorts);
    let shown: Vec<&Comparison> = all.iter().filter(|one| one.simulated.is_some()).collect();
    let judged = shown.iter().filter(|one| one.agrees.is_some()).count();
    let agree = shown.iter().filter(|one| one.agrees == Some(true)).count();
    let manifest = results.manifest();
    let rows: Vec<Vec<String>> = shown.iter().map(|one| row(one)).collect();
    let header = ["id", "number", "published", "n", "simulated", "n", "agrees", "source"];
    Ok(format!(
        "Study `{}`, seed {}, version {}, {} patients a group at most. Of {} published numbers {} can be computed from \
         these results; {judged} of those can be judged and {agree} agree, by the rule of [this page]\
         (../howto/compare-with-evidence.md). Intervals of simulated numbers hold chance only. Records that \
         guided the choice of parameters are not marked: agreement is no validation.\n\n{}",
        manifest.study.name,
        manifest.study.seed,
        manifest.version,
        manifest.groups.iter().map(|group| group.patients).max().unwrap_or(0),
        all.len(),
        shown.len(),
        table(&header, &rows)
    ))
}

fn row(one: &Comparison) -> Vec<String> {
    let with_interval = |value: Option<f64>, interval: Option<[f64; 2]>| match (value, interval) {
        (Some(value), Some([low, high])) => format!("{} ({} to {})", short(value), short(low), short(high)),
        (Some(value), None) => short(value),
        (None, _) => "–".to_owned(),
    };
    let count = |n: Option<u64>| n.map_or("–".to_owned(), |n| n.to_string());
    let unit =
        if one.unit == "fraction" || one.unit == "1" { String::new() } else { format!(", {}", one.unit) };
    vec![
        code(&one.id),
        cell(&format!("{}{unit}", one.quantity)),
        with_interval(one.published, one.published_interval),
        count(one.n_published),
        with_interval(one.simulated, one.simulated_interval),
        count(one.n_simulated),
        match one.agrees {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        }
        .to_owned(),
        cell(&one.source),
    ]
}

/// Three significant digits.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
