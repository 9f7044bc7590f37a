//! `osteoflare validate`

use osteoflare_clinic::digest::PatientDigest;
use osteoflare_evidence::{Cohort, Comparison, Evidence, compare};
use osteoflare_study::results::{Results, ResultsError};
use osteoflare_study::run::RESEARCH_USE;
use serde_json::json;

use crate::arguments::{Format, ValidateArguments};
use crate::failure::Failure;
use crate::terminal::{heading, print, print_json, table};

/// Puts published numbers beside simulated ones.
pub fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    let read;
    let evidence = match &arguments.evidence {
        Some(path) => {
            read = Evidence::from_path(path)?;
            &read
        }
        None => Evidence::embedded(),
    };
    let results = Results::open(&arguments.results)?;
    let mut groups: Vec<(String, Vec<PatientDigest>)> = Vec::new();
    for name in results.groups() {
        let digests = results.patients(name)?.collect::<Result<Vec<_>, ResultsError>>()?;
        groups.push((name.to_owned(), digests));
    }
    let cohorts: Vec<Cohort<'_>> = groups.iter().map(|(group, digests)| Cohort { group, digests }).collect();
    let comparisons = compare(evidence, &cohorts);
    let tally = Tally::of(&comparisons);
    match arguments.format {
        // A list of published numbers and nothing else: programs read it as one table.
        Format::Json => print_json(&json!(comparisons)),
        Format::Text => print(&in_words(&comparisons, &tally, arguments.all)),
    }
}

/// Counts over the comparisons.
struct Tally {
    published: usize,
    computed: usize,
    judged: usize,
    agree: usize,
}

impl Tally {
    fn of(comparisons: &[Comparison]) -> Self {
        let count = |wanted: fn(&Comparison) -> bool| comparisons.iter().filter(|one| wanted(one)).count();
        Tally {
            published: comparisons.len(),
            computed: count(|one| one.simulated.is_some()),
            judged: count(|one| one.agrees.is_some()),
            agree: count(|one| one.agrees == Some(true)),
        }
    }
}

fn in_words(comparisons: &[Comparison], tally: &Tally, all: bool) -> String {
    let mut text = heading("Published numbers beside simulated ones");
    let mut shown = table(&["number", "published", "n", "simulated", "n", "agrees", "source"]);
    for one in comparisons.iter().filter(|one| one.simulated.is_some()) {
        let agrees = match one.agrees {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "–",
        };
        shown.add_row([
            format!("{}\n{}", one.id, one.quantity),
            with_interval(one.published, one.published_interval),
            count(one.n_published),
            with_interval(one.simulated, one.simulated_interval),
            count(one.n_simulated),
            agrees.to_owned(),
            if one.recalled { format!("{} (recalled)", one.source) } else { one.source.clone() },
        ]);
    }
    text.push_str(&format!("{shown}\n"));
    if all {
        let mut left = table(&["number", "published", "why it is not computed"]);
        for one in comparisons {
            let Some(reason) = &one.not_computable else { continue };
            left.add_row([
                format!("{}\n{}", one.id, one.quantity),
                with_interval(one.published, one.published_interval),
                reason.clone(),
            ]);
        }
        text.push_str(&format!("\n{left}\n"));
    }
    let Tally { published, computed, judged, agree } = tally;
    text.push_str(&format!(
        "\n{published} published numbers; {computed} can be computed from these results, {judged} of them can be judged, \
         {agree} agree.\nA number agrees when the 95 % intervals overlap, or the published value lies where 95 % of \
         cohorts of its size would.\n"
    ));
    if !all && computed < published {
        text.push_str("--all also lists the others, with the reason.\n");
    }
    text.push_str(RESEARCH_USE);
    text
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn with_interval(value: Option<f64>, interval: Option<[f64; 2]>) -> String {
    match (value, interval) {
        (None, _) => "–".to_owned(),
        (Some(value), None) => number(value),
        (Some(value), Some([low, high])) => {
            format!("{} ({} to {})", number(value), number(low), number(high))
        }
    }
}

fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "–".to_owned(), |n| n.to_string())
}
