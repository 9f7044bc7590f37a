//! `[groups.NAME]`: who lives, what happens to them, how they are treated.

use std::collections::BTreeMap;

use osteoflare_patient::exposure::Exposure;
use osteoflare_patient::population::HostPopulation;

use super::error::FileError;
use super::fields::{Entry, Fields, check_name};
use super::keys::GROUP;
use super::parameters::Overrides;
use super::{exposure, names, population, treatment};
use crate::study::{Group, TreatmentStep};

/// What the study says to all its groups.
pub(crate) struct Common {
    pub patients: Option<u32>,
    pub horizon_days: f64,
    pub overrides: Overrides,
}

/// A group as typed, before twins take over what they leave out.
struct Typed<'a, 'i> {
    name: &'a str,
    entry: Entry<'a, 'i>,
    label: Option<String>,
    patients: Option<u32>,
    population: Option<HostPopulation>,
    twins_of: Option<(&'a str, FileError)>,
    exposures: Option<Vec<Exposure>>,
    treatments: Vec<TreatmentStep>,
    overrides: Overrides,
}

/// Reads all groups.
pub(crate) fn read_all(entry: &Entry<'_, '_>, common: &Common) -> Result<Vec<Group>, FileError> {
    let mut typed = Vec::new();
    for (name, entry) in entry.named()? {
        check_name(name).map_err(|problem| entry.error(format_args!("the name '{name}' {problem}")))?;
        typed.push(read_one(name, entry, common)?);
    }
    if typed.is_empty() {
        return Err(entry.error("a study needs at least one group"));
    }
    let by_name: BTreeMap<&str, usize> =
        typed.iter().enumerate().map(|(index, group)| (group.name, index)).collect();
    typed.iter().map(|group| resolve(group, &typed, &by_name, common)).collect()
}

fn read_one<'a, 'i>(
    name: &'a str,
    entry: Entry<'a, 'i>,
    common: &Common,
) -> Result<Typed<'a, 'i>, FileError> {
    let fields: Fields<'a, 'i> = entry.fields(GROUP)?;
    let twins_of = match fields.get("twins_of") {
        None => None,
        Some(twins_of) => {
            let base = twins_of.text()?;
            if let Some(population) = fields.get("population") {
                return Err(population.error(format_args!(
                    "twins of '{base}' are the same children; leave out 'population' or 'twins_of'"
                )));
            }
            Some((base, twins_of.error("")))
        }
    };
    let exposures = match fields.get("exposures") {
        None => None,
        Some(list) => {
            let items = list.items()?;
            Some(
                items
                    .iter()
                    .map(|item| exposure::read(item, common.horizon_days))
                    .collect::<Result<_, _>>()?,
            )
        }
    };
    let treatments = match fields.get("treatments") {
        None => Vec::new(),
        Some(list) => treatment::read_plan(&list, common.horizon_days)?,
    };
    Ok(Typed {
        name,
        label: fields.get("label").map(|label| label.line()).transpose()?,
        patients: fields.get("patients").map(|count| count.count()).transpose()?.map(|count| count as u32),
        population: fields.get("population").map(|entry| population::read(&entry)).transpose()?,
        twins_of,
        exposures,
        treatments,
        overrides: Overrides::read(fields.get("parameters"), fields.get("switches"))?,
        entry,
    })
}

/// The chain of groups from `group` to the one whose children it holds, both included.
fn lineage<'t, 'a, 'i>(
    group: &'t Typed<'a, 'i>,
    all: &'t [Typed<'a, 'i>],
    by_name: &BTreeMap<&str, usize>,
) -> Result<Vec<&'t Typed<'a, 'i>>, FileError> {
    let mut chain = vec![group];
    let mut current = group;
    while let Some((base, place)) = &current.twins_of {
        let at =
            |problem: String| FileError { message: format!("{}{problem}", place.message), ..place.clone() };
        let Some(&index) = by_name.get(base) else {
            let known: Vec<&str> =
                all.iter().map(|other| other.name).filter(|name| *name != current.name).collect();
            return Err(at(format!("group '{base}' {}", names::unknown(base, &known))));
        };
        current = &all[index];
        if chain.iter().any(|seen| seen.name == current.name) {
            let path: Vec<&str> = chain.iter().map(|seen| seen.name).chain([current.name]).collect();
            return Err(at(format!("goes round in a circle ({})", path.join(" → "))));
        }
        chain.push(current);
    }
    Ok(chain)
}

fn resolve<'t>(
    group: &'t Typed<'_, '_>,
    all: &'t [Typed<'_, '_>],
    by_name: &BTreeMap<&str, usize>,
    common: &Common,
) -> Result<Group, FileError> {
    let chain = lineage(group, all, by_name)?;
    let root = chain[chain.len() - 1];
    let population = root.population.ok_or_else(|| root.entry.error("needs 'population' or 'twins_of'"))?;
    let patients = chain
        .iter()
        .find_map(|group| group.patients)
        .or(common.patients)
        .ok_or_else(|| group.entry.error("needs 'patients', here or in 'study'"))?;
    let overrides =
        chain.iter().rev().fold(common.overrides.clone(), |wider, closer| wider.with(&closer.overrides));
    Ok(Group {
        name: group.name.to_owned(),
        label: group.label.clone().unwrap_or_else(|| group.name.replace('_', " ")),
        patients,
        population,
        twin_key: root.name.to_owned(),
        exposures: chain.iter().find_map(|group| group.exposures.clone()).unwrap_or_default(),
        treatments: group.treatments.clone(),
        parameters: overrides.values(),
    })
}
