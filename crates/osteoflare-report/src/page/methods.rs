//! How it was done: what ran, with which settings, from which files, against which sources.

use std::collections::BTreeMap;

use osteoflare_evidence::Evidence;
use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_skeleton::Skeleton;
use osteoflare_study::study::{Condition, Group, Start, TreatmentStep};
use osteoflare_study::tables::layout;

use super::evidence::cite;
use super::open_section;
use crate::data::Report;
use crate::text::{capitalised, escape, grouped, number};

pub(super) fn section(report: &Report) -> String {
    let mut html = open_section(
        "methods",
        "Methods and provenance",
        "Children are drawn from populations, live through an ordinary differential equation model of immune cells, germs \
         and bone at every site of the skeleton, and are seen by a clinic with imperfect instruments. Statistics use only \
         what the clinic saw, except where a number is called true or hidden. The same study, seed and version give the \
         same bytes.",
    );
    html.push_str(&provenance(report));
    html.push_str(&groups(report));
    html.push_str(&format!(
        "<details><summary>The study file</summary><pre>{}</pre></details>\n",
        escape(&report.manifest.study.text)
    ));
    html.push_str(&files(report));
    html.push_str(&dictionary());
    html.push_str(&sources(report));
    html.push_str("</section>\n");
    html
}

fn provenance(report: &Report) -> String {
    let (manifest, solver) = (&report.manifest, &report.study.solver);
    let yes_no = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let mut facts = vec![
        ("Study", manifest.study.name.clone()),
        ("SHA-256 of the study file", manifest.study.sha256.clone()),
        ("Seed", manifest.study.seed.to_string()),
        ("Program", format!("Osteoflare {}", manifest.version)),
        ("Format of the results", manifest.format.clone()),
        ("Follow-up", format!("{} days", number(report.study.horizon_days))),
        ("Relative tolerance", format!("{:e}", solver.relative_tolerance)),
        ("Absolute tolerance", format!("{:e}", solver.absolute_tolerance)),
        ("Quiet sites may sleep", yes_no(solver.sleeping)),
        ("Intrinsic noise of effector cells", format!("{} per √day", number(solver.intrinsic_noise))),
    ];
    if let Some(seed) = manifest.study.seed_override {
        facts.push(("Seed given on the command line", seed.to_string()));
    }
    if let Some(patients) = manifest.study.patients_override {
        facts.push(("Children per group given on the command line", patients.to_string()));
    }
    let items: String = facts
        .into_iter()
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{}</dd></div>", escape(&value)))
        .collect();
    format!("<dl class=\"facts\">{items}</dl>\n")
}

fn groups(report: &Report) -> String {
    let rows: String = report
        .study
        .groups
        .iter()
        .map(|group| {
            let summary = report.summary.groups.get(&group.name);
            format!(
                "<tr><th scope=\"row\"><code>{}</code><br><small>{}</small></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
                 <td>{}</td><td>{}</td></tr>\n",
                escape(&group.name),
                escape(&group.label),
                group.patients,
                summary.map_or(0, |summary| summary.failed),
                children_of(group),
                list(group.exposures.iter().map(exposure)),
                list(group.treatments.iter().map(|step| treatment(group, step))),
                list(group.parameters.iter().map(|(name, value)| format!("{name} = {}", number(*value)))),
            )
        })
        .collect();
    format!(
        "<h3>Groups</h3><div class=\"scroll\"><table class=\"groups\"><thead><tr><th scope=\"col\">Group</th><th scope=\"col\">Children</th>\
         <th scope=\"col\">Failed</th><th scope=\"col\">Drawn from</th><th scope=\"col\">Exposures</th><th scope=\"col\">Treatment\
         </th><th scope=\"col\">Changed parameters</th></tr></thead><tbody>{rows}</tbody></table></div>\n"
    )
}

fn children_of(group: &Group) -> String {
    if group.twin_key != group.name {
        return format!("the children of <code>{}</code>", escape(&group.twin_key));
    }
    let population = &group.population;
    format!(
        "tolerance threshold θ {} ± {}, IL-10 competence {} (median), age from {} years",
        number(population.theta_mean),
        number(population.theta_sd),
        number(population.il10_median),
        number(population.age_low_years)
    )
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.map(|item| escape(&item).into_owned()).collect();
    if items.is_empty() { "none".to_owned() } else { items.join("<br>") }
}

fn place(target: &Target) -> String {
    match target {
        Target::RandomMetaphysis => "a metaphysis drawn for each child".to_owned(),
        Target::Site(site) => Skeleton::get().site(*site).label(),
    }
}

fn exposure(exposure: &Exposure) -> String {
    match exposure {
        Exposure::Injury { day, target, debris } => {
            format!("day {}: injury at {}, debris {}", number(*day), place(target), number(*debris))
        }
        Exposure::Bacteraemia { day, cfu, injury } => {
            let bruise = injury.as_ref().map_or_else(String::new, |(target, debris)| {
                format!(", a day after an injury at {}, debris {}", place(target), number(*debris))
            });
            format!("day {}: {} CFU reach bone with the blood{bruise}", number(*day), number(*cfu))
        }
    }
}

fn treatment(group: &Group, step: &TreatmentStep) -> String {
    let start = match step.start {
        Start::Day(day) => format!("from day {}", number(day)),
        Start::AfterPresentation(0.0) => "from the presentation".to_owned(),
        Start::AfterPresentation(days) => format!("from {} days after the presentation", number(days)),
        Start::AfterStep { step, days, condition } => {
            let before =
                group.treatments.get(step).map_or("the step before", |step| step.regimen.drug.name());
            let condition = match condition {
                Condition::Active => ", if the disease is active",
                Condition::Inactive => ", if the disease is inactive",
                Condition::Always => "",
            };
            format!("{} days after the start of {before}{condition}", number(days))
        }
    };
    let duration = if step.duration_days.is_finite() {
        format!("for {} days", number(step.duration_days))
    } else {
        "to the end".to_owned()
    };
    format!("{} {start}, {duration}", capitalised(step.regimen.drug.name()))
}

fn files(report: &Report) -> String {
    let files = &report.manifest.files;
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let rows: String = files
        .iter()
        .map(|file| {
            format!(
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td><code class=\"hash\">{}</code></td></tr>",
                escape(&file.path),
                file.rows.map_or_else(|| "–".to_owned(), grouped),
                grouped(file.bytes),
                escape(&file.sha256)
            )
        })
        .collect();
    format!(
        "<details><summary>The {} files of the results, {} MB</summary><div class=\"scroll\"><table><thead><tr>\
         <th scope=\"col\">File</th><th scope=\"col\">Rows</th><th scope=\"col\">Bytes</th><th scope=\"col\">SHA-256</th></tr></thead>\
         <tbody>{rows}</tbody></table></div></details>\n",
        files.len(),
        number(bytes as f64 / 1e6)
    )
}

/// Tables and columns; columns of the digest are many and explained in the dictionary file beside the tables.
fn dictionary() -> String {
    let mut html = String::from(
        "<details id=\"dictionary\"><summary>What the tables hold</summary><p class=\"note\">The results folder holds this list \
         as <code>dictionary.json</code> too.</p>",
    );
    for table in layout().all() {
        let rows: String = table
            .columns
            .iter()
            .map(|column| {
                format!(
                    "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                    escape(&column.name),
                    column.kind.as_str(),
                    escape(column.unit),
                    escape(&column.meaning)
                )
            })
            .collect();
        html.push_str(&format!(
            "<details><summary><code>{}</code> {}</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Column</th>\
             <th scope=\"col\">Type</th><th scope=\"col\">Unit</th><th scope=\"col\">Meaning</th></tr></thead><tbody>{rows}</tbody>\
             </table></div></details>",
            table.name,
            escape(table.meaning)
        ));
    }
    html.push_str("</details>\n");
    html
}

/// The publications whose numbers were compared.
fn sources(report: &Report) -> String {
    let mut used: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for comparison in report.comparisons.iter().filter(|comparison| comparison.simulated.is_some()) {
        if let Some(record) = Evidence::embedded().find(&comparison.id) {
            let entry = used.entry(record.source.citation()).or_insert_with(|| (cite(&record.source), 0));
            entry.1 += 1;
        }
    }
    if used.is_empty() {
        return "<p class=\"note\">No published number could be compared, so no source was used.</p>\n"
            .to_owned();
    }
    let items: String = used
        .values()
        .map(|(text, count)| {
            format!(
                "<li>{text} <small>{count} {}</small></li>",
                if *count == 1 { "number" } else { "numbers" }
            )
        })
        .collect();
    format!("<h3>Sources of the compared numbers</h3><ol class=\"sources\">{items}</ol>\n")
}
