//! The page of the book: tables of deviations and distributions.

use std::error::Error;
use std::fmt::Write;

use crate::crosscheck::cases::replayed;
use crate::crosscheck::distribution::{Cohort, Count, critical_distance, distance, quantile};
use crate::crosscheck::long::Long;
use crate::crosscheck::peers::SKIPPED;
use crate::crosscheck::{Compared, LIMIT, Outcome};
use crate::document::{self, NOTICE, table};

fn short(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.1e}") }
}

fn verdict(compared: &Compared) -> &'static str {
    let mut apart = compared.outcomes.iter().filter_map(|o| o.result.as_ref().ok()).map(|r| r.0.largest);
    let compared_any = compared.outcomes.iter().any(|o| o.result.is_ok());
    match (compared_any, apart.all(|apart| apart <= LIMIT)) {
        (false, _) => "not compared",
        (true, true) => "agree",
        (true, false) => "depart",
    }
}

fn cell(outcome: Option<&Outcome>) -> String {
    match outcome.map(|o| &o.result) {
        None => "–".to_owned(),
        Some(Ok((apart, ..))) => short(apart.largest),
        Some(Err(why)) => if why.starts_with(SKIPPED) { "skipped" } else { "failed" }.to_owned(),
    }
}

fn rows<'a>(compared: impl Iterator<Item = &'a Compared>) -> Vec<Vec<String>> {
    compared
        .map(|c| {
            let of = |route: &str| cell(c.outcomes.iter().find(|o| o.route == route));
            let (strikes, changes) = replayed(&c.case.scenario);
            let implicit = ["LSODA", "Radau"].map(of).join(" / ");
            vec![
                c.case.title.clone(),
                c.case.scenario.sites.len().to_string(),
                format!("{strikes} / {changes}"),
                ["RoadRunner", "RoadRunner-Adams"].map(of).join(" / "),
                implicit,
                of("DOP853"),
                verdict(c).to_owned(),
                short(c.amplification),
                short(c.tighter.largest),
                short(c.production.largest),
                c.consistency.as_ref().map_or("not run".into(), |(_, e, w, _)| format!("{e} / {w}")),
            ]
        })
        .collect()
}

const HEADER: [&str; 11] = [
    "patient",
    "sites",
    "jumps / changes of drug effects",
    "libRoadRunner BDF / Adams",
    "SciPy LSODA / Radau",
    "SciPy DOP853",
    "to 1e-6",
    "amplification",
    "Osteoflare at 1e-11",
    "tolerance of studies",
    "libSBML errors / warnings",
];

/// Prints rows on standard output, failures with their reasons.
pub fn print<'a>(compared: impl Iterator<Item = &'a Compared>) {
    for c in compared {
        println!("{}", rows(std::iter::once(c)).concat().join(" | "));
        for outcome in &c.outcomes {
            match &outcome.result {
                Err(error) => println!("  {}: {error}", outcome.program),
                Ok((apart, loading, running)) => println!(
                    "  {}: {} at {}; loading {loading:.2} s, running {running:.2} s",
                    outcome.program,
                    short(apart.largest),
                    apart.state
                ),
            }
        }
        if let Some((studies, tight)) = &c.simulation {
            println!("  whole engine: sleeping {} awake {}", short(studies.largest), short(tight.largest));
        }
        if let Some((_, errors, warnings, first)) = &c.consistency
            && errors + warnings > 0
        {
            println!("  libSBML: {first}");
        }
    }
}

/// Writes `generated/crosscheck.md`.
///
/// # Errors
/// If the page cannot be written.
pub fn write(
    compared: &[Compared],
    long: &Long,
    cohorts: &[Cohort],
    missing: &[String],
) -> Result<(), Box<dyn Error>> {
    let mut text =
        format!("# Cross-check\n\n{NOTICE} Command: `cargo xtask crosscheck`.\n\n{INTRODUCTION}\n\n");
    let mut programs: Vec<String> = compared
        .iter()
        .flat_map(|c| c.outcomes.iter().filter(|o| o.result.is_ok()).map(|o| o.program.clone()))
        .chain(compared.iter().filter_map(|c| c.consistency.as_ref().map(|(program, ..)| program.clone())))
        .collect();
    programs.sort();
    programs.dedup();
    let _ = writeln!(text, "Programs: {}.\n", programs.join("; "));
    for missing in missing {
        let _ = writeln!(text, "**Skipped:** {missing}.\n");
    }
    text.push_str("## A year, state by state\n\n");
    for group in compared.chunk_by(|a, b| a.case.group == b.case.group) {
        let _ = writeln!(text, "### {}\n\n{}", group[0].case.group, table(&HEADER, &rows(group.iter())));
    }
    failures(&mut text, compared);
    whole_engine(&mut text, compared);
    long_path(&mut text, long);
    distributions(&mut text, cohorts);
    document::write("crosscheck.md", &text)
}

const INTRODUCTION: &str = "\
Virtual patients are exported as SBML and run by libRoadRunner, and by SciPy on right-hand sides that a reader of its own \
compiles from the SBML document (not from the Rust source). The random events of each life, drug effects and growth are in \
the document, so that every program replays the same inputs. The reference is Osteoflare with all sites awake at a relative \
tolerance of 1e-10; the peers ran at 1e-10 too. A cell is the largest deviation from the reference over all states, sites and \
weeks, in shares of the state's range over all sites and weeks (at least 1e-6). *Amplification* is how many times larger a \
change of day 0 by 1e-7 has become at its worst: what no solver can be blamed for. *Osteoflare at 1e-11* is how far the \
reference is from itself at a tighter tolerance. *Tolerance of studies* is Osteoflare itself \
at the tolerance that studies use, for information. The last column is libSBML's consistency check of the complete export, \
units included.";

fn failures(text: &mut String, compared: &[Compared]) {
    let mut lines = Vec::new();
    for c in compared {
        for outcome in &c.outcomes {
            match &outcome.result {
                Err(error) => {
                    lines.push(format!("- {} ({}): {}: {error}", c.case.group, c.case.title, outcome.program))
                }
                Ok((apart, ..)) if apart.largest > LIMIT => lines.push(format!(
                    "- {} ({}): {} departs by {} at `{}`; the reference departs from itself \
                     at a tighter tolerance by {}, and the path amplifies {} times.",
                    c.case.group,
                    c.case.title,
                    outcome.program,
                    short(apart.largest),
                    apart.state,
                    short(c.tighter.largest),
                    short(c.amplification)
                )),
                Ok(_) => {}
            }
        }
    }
    text.push_str(
        "libRoadRunner keeps a dense Jacobian and writes every sum over sites into every rate. Beyond 25 sites it runs the year \
         by its method without a Jacobian (Adams), and by the dense one (BDF) only 75 sites for four weeks; of the models of all \
         sites, which it loads in a quarter of an hour, it runs one.\n\n",
    );
    if !lines.is_empty() {
        let _ = writeln!(text, "Departures and failures:\n\n{}\n", lines.join("\n"));
    }
}

fn whole_engine(text: &mut String, compared: &[Compared]) {
    let rows: Vec<Vec<String>> = compared
        .iter()
        .filter_map(|c| {
            let (studies, tight) = c.simulation.as_ref()?;
            Some(vec![
                c.case.title.clone(),
                short(tight.largest),
                format!("{} (`{}`)", short(studies.largest), studies.state),
            ])
        })
        .collect();
    if !rows.is_empty() {
        let header = ["patient, all sites", "whole engine, awake, 1e-10", "whole engine as in studies"];
        let _ = writeln!(
            text,
            "## The whole engine\n\nThe same children through the program that runs studies: awake at 1e-10 it lives the exported \
             life; as in studies (sleeping sites, tolerance of studies) it is shown for information.\n\n{}",
            table(&header, &rows)
        );
    }
}

fn long_path(text: &mut String, long: &Long) {
    let mut header = vec!["year"];
    header.extend(long.columns.iter().map(String::as_str));
    let rows: Vec<Vec<String>> = long
        .years
        .iter()
        .map(|year| {
            let mut row = vec![year.year.to_string()];
            row.extend(year.apart.iter().map(|apart| short(*apart)));
            row
        })
        .collect();
    let _ = writeln!(
        text,
        "## Ten years of one path\n\n{}, all random events replayed: the largest deviation from Osteoflare at 1e-10 within each \
         year. Where peers depart, the reference departs from itself at a tighter tolerance: paths are then compared no longer, \
         distributions are.\n\n{}",
        long.title,
        table(&header, &rows)
    );
}

fn distributions(text: &mut String, cohorts: &[Cohort]) {
    text.push_str("## Many patients, by distribution\n\n");
    for cohort in cohorts {
        let _ = writeln!(text, "### {}\n", cohort.title);
        let Some(reference) = cohort.programs.first() else { continue };
        let measures: [(&str, fn(&Count) -> f64); 3] = [
            ("spells of oedema", |c| c.flares),
            ("days from first to last oedema", |c| c.to_remission),
            ("mean bone volume, last year", |c| c.bone),
        ];
        let mut rows = Vec::new();
        for (name, value) in measures {
            let expected: Vec<f64> = reference.counts.iter().map(value).collect();
            for program in &cohort.programs {
                let found: Vec<f64> = program.counts.iter().map(value).collect();
                let q = [0.1, 0.5, 0.9].map(|q| quantile(&found, q));
                let mean = found.iter().sum::<f64>() / found.len().max(1) as f64;
                let digits = if name.starts_with("mean") { 4 } else { 1 };
                rows.push(vec![
                    name.to_owned(),
                    program.name.clone(),
                    found.len().to_string(),
                    format!("{mean:.digits$}"),
                    q.map(|q| format!("{q:.digits$}")).join(", "),
                    format!("{:.3}", distance(&expected, &found)),
                    format!("{:.3}", critical_distance(expected.len(), found.len())),
                ]);
            }
        }
        let header = [
            "measure",
            "program",
            "children",
            "mean",
            "10th, 50th, 90th percentile",
            "distance",
            "5 % limit",
        ];
        let _ = writeln!(text, "{}", table(&header, &rows));
        for program in cohort.programs.iter().filter(|p| !p.failed.is_empty()) {
            let _ = writeln!(
                text,
                "{} failed on {}: {}\n",
                program.name,
                program.failed.len(),
                program.failed[0]
            );
        }
    }
    text.push_str(
        "*Distance* is the largest distance between the two distribution functions; two samples of one distribution exceed the \
         limit in 5 of 100 cases (Kolmogorov and Smirnov).\n",
    );
}
