//! `osteoflare show`

use comfy_table::{CellAlignment, Table};
use osteoflare_study::results::Results;
use osteoflare_study::run::RESEARCH_USE;
use osteoflare_study::summary::{GroupSummary, MEASURES, SeenAt, Statistic, Summary, percent};

use crate::arguments::{Format, ShowArguments};
use crate::failure::Failure;
use crate::terminal::{heading, narrow_table, print, print_json, table};

/// Columns of a table of groups: title and measure.
type Columns = &'static [(&'static str, &'static str)];

/// What the children have.
const FINDINGS: Columns = &[
    ("ill", "presented_share"),
    ("fever", "fever_share"),
    ("CRP peak\nmg/L", "crp_peak_median_mg_l"),
    ("MRI\nlesions", "mri_lesions_median"),
    ("one\nlesion", "mri_unifocal_share"),
    ("silent\nlesions", "silent_lesion_share"),
    ("mirror\npairs", "symmetric_share"),
];

/// What becomes of it.
const COURSE: Columns = &[
    ("chronic", "chronic_share"),
    ("relapse", "relapse_share"),
    ("same site\nagain", "same_site_recurrence_share"),
    ("new\nsites", "new_site_share"),
    ("cured by\nantibiotics", "cured_by_antibiotics_share"),
    ("symptom-free\nat 12 months", "symptom_free_12_months_share"),
    ("MRI lesions\nat 12 months", "mri_lesions_12_months_mean"),
];

/// Shows results.
pub fn show(arguments: &ShowArguments) -> Result<(), Failure> {
    let results = Results::open(&arguments.results)?;
    let summary = results.summary()?;
    if let Some(name) = &arguments.group {
        let Some(group) = summary.groups.get(name) else {
            let known: Vec<&str> = summary.groups.keys().map(String::as_str).collect();
            return Err(Failure::BadInput(format!(
                "there is no group '{name}'; groups: {}",
                known.join(", ")
            )));
        };
        return match arguments.format {
            Format::Json => print_json(group),
            Format::Text => print(&one_group(name, group)),
        };
    }
    match arguments.format {
        Format::Json => print_json(&summary),
        Format::Text => print(&everything(&summary)),
    }
}

fn everything(summary: &Summary) -> String {
    let study = &summary.study;
    let mut text = heading(&study.title);
    text.push_str(&format!("study {}, seed {}, version {}\n\n", study.name, study.seed, study.version));
    text.push_str(&heading("What they have"));
    text.push_str(&format!("{}\n\n", groups(summary, FINDINGS)));
    text.push_str(&heading("What becomes of it"));
    text.push_str(&format!("{}\n\n", groups(summary, COURSE)));
    text.push_str(&heading("What sets them apart"));
    text.push_str(&format!("{}\n\n", contrast(summary)));
    text.push_str("Shares are of the patients in whom the finding can be known; – means in nobody.\n");
    text.push_str("Intervals: osteoflare show DIR --group NAME, or --format json.\n");
    text.push_str(RESEARCH_USE);
    text
}

fn groups(summary: &Summary, columns: Columns) -> Table {
    let titles: Vec<&str> =
        ["group", "patients"].into_iter().chain(columns.iter().map(|(title, _)| *title)).collect();
    let mut table = narrow_table(&titles);
    for (name, group) in &summary.groups {
        let patients = match group.failed {
            0 => group.patients.to_string(),
            failed => format!("{}, {failed} failed", group.patients),
        };
        let values = columns.iter().map(|(_, measure)| short(group, measure));
        table.add_row([name.clone(), patients].into_iter().chain(values));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A number without its interval.
fn short(group: &GroupSummary, measure: &str) -> String {
    match group.value(measure) {
        None => "–".to_owned(),
        Some(value) if measure.ends_with("_share") => percent(value),
        Some(value) if value == value.round() || value >= 100.0 => format!("{value:.0}"),
        Some(value) => format!("{value:.1}"),
    }
}

fn contrast(summary: &Summary) -> Table {
    let columns = &summary.contrast.columns;
    let titles: Vec<&str> =
        [""].into_iter().chain(columns.values().map(|column| column.label.as_str())).collect();
    let mut table = table(&titles);
    for (row, title) in summary.contrast.rows.values().enumerate() {
        let answers = columns.values().map(|column| column.answers()[row].text.clone());
        table.add_row([title.clone()].into_iter().chain(answers));
    }
    table
}

fn one_group(name: &str, group: &GroupSummary) -> String {
    let mut text = heading(&format!("{name}: {}", group.label));
    let seen = match group.seen_at {
        SeenAt::Presentation => "numbers of the cohort are over children who came to the clinic",
        SeenAt::ControlVisit => "fewer than one in ten came to the clinic: numbers are over all children",
    };
    text.push_str(&format!("{} patients, {} failed; {seen}\n\n", group.patients, group.failed));
    let mut table = table(&["measure", "value", "95 % interval", "unit", "patients", "meaning"]);
    for measure in MEASURES {
        let Some(number) = group.numbers.get(measure.name) else { continue };
        let digits = if measure.unit == "1" { 3 } else { 1 };
        let (value, interval) = match number.estimate {
            Some(estimate) => (
                format!("{:.digits$}", estimate.value),
                format!("{:.digits$} to {:.digits$}", estimate.ci[0], estimate.ci[1]),
            ),
            None => ("–".to_owned(), String::new()),
        };
        let kind = match measure.statistic {
            Statistic::Share => "",
            Statistic::Median => "Median. ",
            Statistic::Mean => "Mean. ",
        };
        let meaning = format!("{kind}{}", measure.meaning);
        let patients = number.patients.to_string();
        table.add_row([measure.name, &value, &interval, measure.unit, &patients, &meaning]);
    }
    text.push_str(&format!("{table}\n\n{RESEARCH_USE}"));
    text
}
