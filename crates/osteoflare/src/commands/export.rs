//! `osteoflare model export`

use std::path::{Path, PathBuf};

use osteoflare_export::c_source::{Coupling, c_source};
use osteoflare_export::combine::{ArchiveError, archive};
use osteoflare_export::expression::UnitError;
use osteoflare_export::sbml::{Options, document};
use osteoflare_export::scenario::{Scenario, ScenarioError};
use osteoflare_export::text::{latex, markdown};

use crate::arguments::{ExportArguments, ExportFormat, Selection};
use crate::commands::select;
use crate::failure::Failure;
use crate::terminal::{print, say};

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
            give(selection.output.as_deref(), &c_source(&scenario(selection)?, coupling)?)
        }
        ExportFormat::Latex { output } => give(output.as_deref(), &latex()?),
        ExportFormat::Markdown { output } => give(output.as_deref(), &markdown()?),
    }
}

fn scenario(selection: &Selection) -> Result<Scenario, Failure> {
    let chosen = select::select(selection)?;
    let scenario = if selection.flare {
        Scenario::flaring(&chosen.child, &chosen.sites, selection.days)?
    } else {
        Scenario::of(&chosen.child, &chosen.sites, selection.days)?
    };
    Ok(Scenario { title: format!("{}, {} days", chosen.title, selection.days), ..scenario })
}

fn give(output: Option<&Path>, text: &str) -> Result<(), Failure> {
    match output {
        Some(path) => save(path, text.as_bytes()),
        None => print(text),
    }
}

/// Writes a file whole or not at all.
fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |error: std::io::Error| Failure::Failed(format!("cannot write {}: {error}", path.display()));
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let written = std::fs::write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, path));
    if written.is_err() {
        // It may not have come into being; then there is nothing to remove.
        let _ = std::fs::remove_file(&unfinished);
    }
    written.map_err(fault)?;
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
