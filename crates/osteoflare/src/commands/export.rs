//! `osteoflare model export`

use std::path::{Path, PathBuf};

use osteoflare_export::c_source::{Coupling, c_source};
use osteoflare_export::combine::{ArchiveError, archive};
use osteoflare_export::expression::UnitError;
use osteoflare_export::sbml::{Options, document};
use osteoflare_export::scenario::{Scenario, ScenarioError};
use osteoflare_export::text::{latex, markdown};
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_study::whole_file;

use crate::arguments::{ExportArguments, ExportFormat, Selection};
use crate::commands::select;
use crate::failure::Failure;
use crate::terminal::{print, print_bytes, say};

/// Writes the equations or a patient in the format of another program.
pub fn export(arguments: &ExportArguments) -> Result<(), Failure> {
    match &arguments.format {
        ExportFormat::Sbml(selection) => {
            let options = Options { observables: !selection.plain, annotations: !selection.plain };
            let text = document(&scenario(selection)?, options)?;
            give(selection.output.as_deref(), &text)
        }
        ExportFormat::Combine(selection) => {
            let bytes = archive(&scenario(selection)?)?;
            let path = selection.output.clone().unwrap_or_else(|| PathBuf::from("osteoflare.omex"));
            save(&path, &bytes)
        }
        ExportFormat::C { selection, full } => {
            let coupling = if *full { Coupling::Full } else { Coupling::Bordered };
            give(selection.output.as_deref(), &c_source(&on_day_0(selection)?, coupling)?)
        }
        ExportFormat::Latex { output } => give(output.as_deref(), &latex()?),
        ExportFormat::Markdown { output } => give(output.as_deref(), &markdown()?),
    }
}

fn scenario(selection: &Selection) -> Result<Scenario, Failure> {
    let chosen = select::select(selection)?;
    let days = selection.days();
    let scenario = if selection.flare {
        Scenario::flaring(&chosen.child, &chosen.sites, days)?
    } else {
        Scenario::of(&chosen.child, &chosen.sites, days)
            .map_err(|error| struck_outside(error, &chosen.sites))?
    };
    for note in &chosen.notes {
        say(&format!("note: {note}"));
    }
    let life = if selection.flare {
        "without a life: every third site inflamed on day 0, all inputs constant, "
    } else {
        ""
    };
    Ok(Scenario { title: format!("{}, {life}{days} days", chosen.title), ..scenario })
}

/// What C cannot hold is refused, or noted where the study asks for it: its inputs are those of day 0.
fn on_day_0(selection: &Selection) -> Result<Scenario, Failure> {
    let later: Vec<&str> = selection
        .drugs
        .iter()
        .filter(|drug| {
            drug.split_once('@').is_some_and(|(_, day)| day.parse::<f64>().is_ok_and(|day| day > 0.0))
        })
        .map(String::as_str)
        .collect();
    if !later.is_empty() {
        return Err(Failure::BadInput(format!(
            "--drug {}: C holds the inputs of day 0 only; leave the day out, or export sbml",
            later.join(", ")
        )));
    }
    let scenario = scenario(selection)?;
    if selection.days.is_some() {
        say(
            "note: C holds the inputs of day 0 only; --days only limits the time within which bacteria may come",
        );
    }
    if scenario.windows.len() > 1 || !scenario.pulses.is_empty() {
        say("note: C holds the inputs of day 0 only; what happens to the patient later is left out");
    }
    Ok(scenario)
}

/// The same fault, with the sites to choose.
fn struck_outside(error: ScenarioError, sites: &[SiteId]) -> Failure {
    /// Most names that are written out.
    const MOST: usize = 8;
    let ScenarioError::StruckOutside { site, day } = &error else { return error.into() };
    let mut names: Vec<&str> = sites.iter().map(|id| Skeleton::get().site(*id).id.as_str()).collect();
    names.push(site);
    let names = if names.len() > MOST { String::new() } else { format!("--sites {}, or ", names.join(",")) };
    Failure::BadInput(format!(
        "--sites: the patient is struck at {site} on day {day}, which is not among the {} chosen; {names}--sites all",
        sites.len()
    ))
}

/// Writes to a file, or to standard output where none is named.
fn give(output: Option<&Path>, text: &str) -> Result<(), Failure> {
    match output {
        Some(path) => save(path, text.as_bytes()),
        None => print(text),
    }
}

/// Writes to a file; `-` is standard output, and so is its device, which may be a file that more is added to.
fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if path == Path::new("-") || path == Path::new("/dev/stdout") {
        return print_bytes(bytes);
    }
    whole_file::write(path, bytes)
        .map_err(|error| Failure::Failed(format!("cannot write {}: {error}", path.display())))?;
    say(&format!("wrote {}; research use only, not a medical device", path.display()));
    Ok(())
}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Self {
        let text = error.to_string();
        match error {
            ScenarioError::Solver(_) => Failure::Failed(text),
            _ => Failure::BadInput(text),
        }
    }
}

impl From<UnitError> for Failure {
    fn from(error: UnitError) -> Self {
        Failure::Failed(error.to_string())
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        Failure::Failed(error.to_string())
    }
}
