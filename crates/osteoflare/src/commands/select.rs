//! Which patient and which sites an export is asked for; what is impossible is refused with what there is.

use osteoflare_export::scenario::{Child, Prescription};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_study::file::StudyFile;
use osteoflare_study::living::{live, parameters_of, seed_of};
use osteoflare_study::study::Group;

use crate::arguments::Selection;
use crate::failure::Failure;

/// Longest model, days.
const LONGEST_DAYS: f64 = 36_525.0;
/// Seed if none is given.
const SEED: u64 = 1;

/// A patient and sites that there are.
pub struct Chosen {
    /// The child with all that happens to it.
    pub child: Child,
    /// The sites, ascending.
    pub sites: Vec<SiteId>,
    /// In words.
    pub title: String,
}

/// Finds what was asked for; every problem is named.
pub fn select(selection: &Selection) -> Result<Chosen, Failure> {
    let mut problems = Vec::new();
    let mut keep = |found: Result<(), String>| problems.extend(found.err());
    let mut sites = Vec::new();
    keep(find_sites(&selection.sites).map(|found| sites = found));
    let mut drugs = Vec::new();
    for text in &selection.drugs {
        keep(find_drug(text).map(|drug| drugs.push(drug)));
    }
    if !(selection.days > 0.0 && selection.days <= LONGEST_DAYS) {
        keep(Err(format!(
            "--days {}: a model has more than 0 and at most {LONGEST_DAYS} days",
            selection.days
        )));
    }
    let mut chosen = None;
    keep(
        match &selection.study {
            Some(path) => of_study(selection, &StudyFile::read(path)?),
            None => of_population(selection),
        }
        .map(|found| chosen = Some(found)),
    );
    match chosen {
        Some((mut child, title)) if problems.is_empty() => {
            child.prescriptions.extend(drugs);
            Ok(Chosen { child, sites, title })
        }
        _ => Err(Failure::BadInput(problems.join("\nerror: "))),
    }
}

fn find_sites(text: &str) -> Result<Vec<SiteId>, String> {
    let skeleton = Skeleton::get();
    let all = skeleton.sites().len();
    if text == "all" {
        return Ok(skeleton.ids().collect());
    }
    if let Ok(number) = text.parse::<usize>() {
        return if (1..=all).contains(&number) {
            Ok(skeleton.select(number))
        } else {
            Err(format!("--sites {number}: a model has 1 to {all} sites"))
        };
    }
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for name in text.split(',').map(str::trim) {
        match skeleton.find(name) {
            Some(id) => found.push(id),
            None => {
                let near = skeleton.suggest(name);
                let hint = if near.is_empty() {
                    String::new()
                } else {
                    format!(" (did you mean {}?)", near.join(", "))
                };
                unknown.push(format!("'{name}'{hint}"));
            }
        }
    }
    if unknown.is_empty() {
        return Ok(found);
    }
    let names: Vec<&str> = skeleton.sites().iter().map(|site| site.id.as_str()).collect();
    Err(format!(
        "--sites: there is no site {}\na number from 1 to {all}, `all`, or names of sites: {}",
        unknown.join(", no site "),
        names.join(", ")
    ))
}

fn find_drug(text: &str) -> Result<Prescription, String> {
    let (name, day) = text.split_once('@').unwrap_or((text, "0"));
    let drug = Drug::from_name(name).ok_or_else(|| {
        let all: Vec<&str> = Drug::ALL.iter().map(|drug| drug.name()).collect();
        format!("--drug {text}: no drug is called '{name}'; there are {}", all.join(", "))
    })?;
    let start_day = day
        .parse::<f64>()
        .ok()
        .filter(|day| (0.0..=LONGEST_DAYS).contains(day))
        .ok_or_else(|| format!("--drug {text}: '{day}' is no day from 0 to {LONGEST_DAYS}"))?;
    Ok(Prescription { regimen: drug.standard_regimen(), start_day, duration_days: f64::INFINITY })
}

fn split(text: &str) -> Result<(&str, u32), String> {
    let wrong = || format!("--patient {text}: expected GROUP/NUMBER, e.g. broken_tolerance/0");
    let (group, number) = text.rsplit_once('/').ok_or_else(wrong)?;
    Ok((group, number.parse().map_err(|_| wrong())?))
}

fn of_population(selection: &Selection) -> Result<(Child, String), String> {
    let (name, index) = split(&selection.patient)?;
    let population = HostPopulation::preset(name).ok_or_else(|| {
        let all = HostPopulation::PRESETS.join(", ");
        format!(
            "--patient {}: no population is called '{name}'; there are {all} (or a group, with --study)",
            selection.patient
        )
    })?;
    let seed = selection.seed.unwrap_or(SEED);
    let child = Child::draw(&population, seed, index, Parameters::default());
    Ok((child, format!("child {index} of population {name}, seed {seed}")))
}

fn of_study(selection: &Selection, file: &StudyFile) -> Result<(Child, String), String> {
    let (name, index) = split(&selection.patient)?;
    let mut study = file.study.clone();
    study.seed = selection.seed.unwrap_or(study.seed);
    let group = study.groups.iter().find(|group| group.name == name).ok_or_else(|| {
        let all: Vec<&str> = study.groups.iter().map(|group| group.name.as_str()).collect();
        format!(
            "--patient {}: no group of the study is called '{name}'; there are {}",
            selection.patient,
            all.join(", ")
        )
    })?;
    if index >= group.patients {
        return Err(format!(
            "--patient {}: group '{name}' has patients 0 to {}",
            selection.patient,
            group.patients.saturating_sub(1)
        ));
    }
    let parameters = parameters_of(group).map_err(|error| error.to_string())?;
    let mut child = Child::draw(&group.population, seed_of(&study, group), index, parameters);
    child.exposures.clone_from(&group.exposures);
    // Treatment follows what the clinic sees: the patient lives once to find out when.
    if !group.treatments.is_empty() {
        let life = live(&study, group, index).map_err(|error| error.to_string())?;
        child.prescriptions = prescriptions(group, &life);
    }
    Ok((child, format!("patient {index} of group {name} of study {}", study.name)))
}

/// The courses that were given, with the regimens of the plan in the order in which they began.
fn prescriptions(group: &Group, life: &osteoflare_study::life::Life) -> Vec<Prescription> {
    let mut used = vec![false; group.treatments.len()];
    let given = life.record.treatments.iter().filter_map(|treatment| {
        let step = (0..group.treatments.len())
            .find(|&k| !used[k] && group.treatments[k].regimen.drug.name() == treatment.drug)?;
        used[step] = true;
        let end = treatment.stop_day.unwrap_or(f64::INFINITY);
        Some(Prescription {
            regimen: group.treatments[step].regimen,
            start_day: treatment.start_day,
            duration_days: end - treatment.start_day,
        })
    });
    given.collect()
}
