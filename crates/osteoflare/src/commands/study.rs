//! `osteoflare study`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use osteoflare_study::file::{self, StudyFile};
use serde_json::json;

use crate::arguments::{Format, StudyCommand};
use crate::failure::Failure;
use crate::terminal::{print, print_json, table};

/// Commands on study files.
pub fn study(command: &StudyCommand) -> Result<(), Failure> {
    match command {
        StudyCommand::New { file } => new(file),
        StudyCommand::Check { file, format } => check(file, *format),
        StudyCommand::Schema => print_json(&file::schema()),
    }
}

fn new(path: &Path) -> Result<(), Failure> {
    let shown = path.display();
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    file::check_name(name).map_err(|problem| {
        Failure::BadInput(format!("{shown}: the name of the study, '{name}', {problem}"))
    })?;
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                Failure::BadInput(format!("{shown}: already exists; choose another name"))
            }
            _ => Failure::Failed(format!("cannot create {shown}: {error}")),
        })?;
    file.write_all(file::template(name).as_bytes())
        .map_err(|error| Failure::Failed(format!("cannot write {shown}: {error}")))?;
    print(&format!("{shown}: a study to start from; run it with\n  osteoflare run {shown}"))
}

fn check(path: &Path, format: Format) -> Result<(), Failure> {
    let file = StudyFile::read(path)?;
    let study = &file.study;
    if format == Format::Json {
        let groups: Vec<_> = study
            .groups
            .iter()
            .map(|group| {
                json!({
                    "name": group.name,
                    "label": group.label,
                    "patients": group.patients,
                    "children_of": group.twin_key,
                    "exposures": group.exposures.len(),
                    "drugs": group.treatments.iter().map(|step| step.regimen.drug.name()).collect::<Vec<_>>(),
                    "parameters": group.parameters,
                })
            })
            .collect();
        return print_json(&json!({
            "file": path,
            "valid": true,
            "name": study.name,
            "title": study.title,
            "seed": study.seed,
            "horizon_days": study.horizon_days,
            "sha256": file.sha256(),
            "groups": groups,
        }));
    }
    let mut groups =
        table(&["group", "patients", "children of", "exposures", "treatments", "changed parameters"]);
    for group in &study.groups {
        let drugs: Vec<&str> = group.treatments.iter().map(|step| step.regimen.drug.name()).collect();
        let changed: Vec<String> =
            group.parameters.iter().map(|(symbol, value)| format!("{symbol} = {value}")).collect();
        let children = if group.twin_key == group.name { "its own" } else { &group.twin_key };
        groups.add_row([
            group.name.clone(),
            group.patients.to_string(),
            children.to_owned(),
            group.exposures.len().to_string(),
            drugs.join(", "),
            changed.join(", "),
        ]);
    }
    let patients: u64 = study.groups.iter().map(|group| u64::from(group.patients)).sum();
    print(&format!(
        "{}: fine\n{}: {patients} patients, each followed for {:.1} years, seed {}\n{groups}",
        path.display(),
        study.title,
        study.horizon_days / 365.25,
        study.seed
    ))
}
