//! `osteoflare score --results`: accuracy of the instruments in virtual cohorts beside the published one.

use std::path::Path;

use osteoflare_clinic::instruments::{Performance, definitions};
use osteoflare_study::accuracy::Accuracy;
use osteoflare_study::results::Results;
use osteoflare_study::run::RESEARCH_USE;
use serde::Serialize;

use crate::arguments::Format;
use crate::failure::Failure;
use crate::terminal::{heading, print, print_json, table};

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    accuracy: Accuracy,
    published: Option<&'static Performance>,
}

/// Puts the accuracy in virtual cohorts beside the published one.
pub fn performance(folder: &Path, format: Format) -> Result<(), Failure> {
    let rows: Vec<Row> = Results::open(folder)?
        .accuracy()?
        .into_iter()
        .map(|accuracy| {
            let definition = definitions().iter().find(|d| d.id == accuracy.instrument);
            Row { accuracy, published: definition.and_then(|d| d.performance.as_ref()) }
        })
        .collect();
    match format {
        Format::Json => print_json(&rows),
        Format::Text => print(&for_people(&rows)),
    }
}

fn for_people(rows: &[Row]) -> String {
    let mut text = heading("Virtual CNO against virtual bacterial osteomyelitis, at the presentation");
    let mut shown =
        table(&["instrument", "CNO: + − ?", "bacterial: + − ?", "sensitivity", "specificity", "published"]);
    for row in rows {
        let tally =
            |t: osteoflare_study::accuracy::Tally| format!("{} {} {}", t.positive, t.negative, t.open);
        let published = match row.published {
            Some(known) => {
                let specificity =
                    known.specificity.map_or("–".to_owned(), |s| format!("{:.1} %", 100.0 * s));
                format!("{:.1} %, {specificity}: {}", 100.0 * known.sensitivity, known.comparison)
            }
            None => "–".to_owned(),
        };
        shown.add_row([
            row.accuracy.instrument.to_owned(),
            tally(row.accuracy.cno),
            tally(row.accuracy.bacterial),
            bounds(row.accuracy.sensitivity),
            bounds(row.accuracy.specificity),
            published,
        ]);
    }
    text.push_str(&format!("{shown}\n"));
    text.push_str("?: left open by what the virtual clinic saw at the presentation; shares are bounds.\n");
    text.push_str(RESEARCH_USE);
    text
}

fn bounds(share: Option<[f64; 2]>) -> String {
    match share {
        None => "–".to_owned(),
        Some([low, high]) if low == high => format!("{:.1} %", 100.0 * low),
        Some([low, high]) => format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high),
    }
}
