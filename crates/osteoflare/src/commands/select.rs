//! Which patient and which sites an export is asked for; what is impossible is refused with what there is.

use osteoflare_exchange::nearest;
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
/// Patient if neither one nor a study is given.
const PATIENT: &str = "broken_tolerance/0";
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
    /// What was asked for and is nevertheless not in the model.
    pub notes: Vec<String>,
}

/// Finds what was asked for; every problem is named.
pub fn select(selection: &Selection) -> Result<Chosen, Failure> {
    let mut problems = Vec::new();
    let mut keep = |found: Result<(), String>| problems.extend(found.err());
    let mut sites = Vec::new();
    keep(find_sites(&selection.sites).map(|found| sites = found));
    let days = selection.days();
    if days > 0.0 && days <= LONGEST_DAYS {
        for problem in early_ends(&selection.drugs, days) {
            keep(Err(problem));
        }
    } else {
        keep(Err(format!("--days {days}: a model has more than 0 and at most {LONGEST_DAYS} days")));
    }
    let mut chosen = None;
    keep(
        match &selection.study {
            Some(path) => of_study(selection, &StudyFile::read(path)?),
            None => of_population(selection),
        }
        .map(|found| chosen = Some(found)),
    );
    let mut given = chosen.as_ref().map_or(Vec::new(), |chosen: &Chosen| chosen.child.prescriptions.clone());
    for text in &selection.drugs {
        keep(find_drug(text).and_then(|drug| {
            refuse_twice(text, &drug, &given)?;
            given.push(drug);
            Ok(())
        }));
    }
    match chosen {
        Some(mut chosen) if problems.is_empty() => {
            chosen.notes.extend(unseen(&chosen.child.prescriptions, days));
            chosen.child.prescriptions = given;
            Ok(Chosen { sites, ..chosen })
        }
        _ => Err(Failure::BadInput(problems.join("\nerror: "))),
    }
}

fn find_sites(text: &str) -> Result<Vec<SiteId>, String> {
    let skeleton = Skeleton::get();
    let all = skeleton.sites().len();
    let text = text.trim();
    if text == "all" {
        return Ok(skeleton.ids().collect());
    }
    if let Ok(number) = text.parse::<usize>()
        && (1..=all).contains(&number)
    {
        return Ok(skeleton.select(number));
    }
    if text.parse::<f64>().is_ok() {
        return Err(format!("--sites {text}: a model has 1 to {all} sites"));
    }
    let mut found = Vec::new();
    let mut problems = Vec::new();
    // Names without a likely meaning are answered with all that there are.
    let mut lost = false;
    for name in text.split(',').map(str::trim) {
        match skeleton.find(name) {
            Some(id) if found.contains(&id) => problems.push(format!("'{name}' is named twice")),
            Some(id) => found.push(id),
            None if name.is_empty() => problems.push("an empty name".to_owned()),
            None if name == "all" => problems.push("`all` stands alone".to_owned()),
            None => {
                let near = skeleton.suggest(name);
                lost |= near.is_empty();
                let hint = if near.is_empty() {
                    String::new()
                } else {
                    format!(" (did you mean {}?)", near.join(", "))
                };
                problems.push(format!("there is no site '{name}'{hint}"));
            }
        }
    }
    if problems.is_empty() {
        return Ok(found);
    }
    let names: Vec<&str> = skeleton.sites().iter().map(|site| site.id.as_str()).collect();
    let names = if lost { format!(": {}", names.join(", ")) } else { String::new() };
    Err(format!(
        "--sites: {}\na number from 1 to {all}, `all`, or names of sites separated by commas{names}",
        problems.join(", ")
    ))
}

fn did_you_mean<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, names).map_or_else(String::new, |name| format!(" (did you mean '{name}'?)"))
}

fn find_drug(text: &str) -> Result<Prescription, String> {
    let (name, day) = text.split_once('@').unwrap_or((text, "0"));
    let drug = Drug::from_name(name).ok_or_else(|| {
        let all: Vec<&str> = Drug::ALL.iter().map(|drug| drug.name()).collect();
        let hint = did_you_mean(name, all.iter().copied());
        format!("--drug {text}: no drug is called '{name}'{hint}; there are {}", all.join(", "))
    })?;
    let start_day = day
        .parse::<f64>()
        .ok()
        .filter(|day| (0.0..=LONGEST_DAYS).contains(day))
        .ok_or_else(|| format!("--drug {text}: '{day}' is no day from 0 to {LONGEST_DAYS}"))?;
    Ok(Prescription { regimen: drug.standard_regimen(), start_day, duration_days: f64::INFINITY })
}

/// Drugs that would begin when the model has ended.
fn early_ends(drugs: &[String], days: f64) -> Vec<String> {
    let late = |text: &String| find_drug(text).ok().filter(|drug| drug.start_day >= days);
    let named = drugs.iter().filter_map(|text| late(text).map(|drug| (text, drug.start_day)));
    named
        .map(|(text, start)| {
            format!(
                "--drug {text}: the model ends on day {days}, so it would do nothing; --days above {start}"
            )
        })
        .collect()
}

/// Courses of one drug that overlap would add up to twice its dose.
fn refuse_twice(text: &str, drug: &Prescription, given: &[Prescription]) -> Result<(), String> {
    let overlaps = |other: &&Prescription| {
        other.regimen.drug == drug.regimen.drug
            && drug.start_day < other.start_day + other.duration_days
            && other.start_day < drug.start_day + drug.duration_days
    };
    let Some(other) = given.iter().find(overlaps) else { return Ok(()) };
    let (name, from) = (drug.regimen.drug.name(), other.start_day);
    let until = if other.duration_days.is_finite() {
        format!(" to day {}", from + other.duration_days)
    } else {
        " on".to_owned()
    };
    Err(format!("--drug {text}: {name} is given from day {from}{until} already, and doses would add up"))
}

/// Treatments of the study that the days of the model do not reach.
fn unseen(prescriptions: &[Prescription], days: f64) -> Vec<String> {
    let mut late: Vec<&Prescription> = prescriptions.iter().filter(|p| p.start_day >= days).collect();
    late.sort_by(|a, b| a.start_day.total_cmp(&b.start_day));
    let Some(first) = late.first() else { return Vec::new() };
    let what = if late.len() == prescriptions.len() {
        "no treatment of the patient begins".to_owned()
    } else {
        format!("{} of {} treatments of the patient do not begin", late.len(), prescriptions.len())
    };
    let (drug, day) = (first.regimen.drug.name(), first.start_day);
    vec![format!("{what} within the {days} days of the model: {drug} on day {day}; --days sets their number")]
}

fn split(text: &str) -> Result<(&str, u32), String> {
    let wrong = || format!("--patient {text}: expected GROUP/NUMBER, e.g. broken_tolerance/0");
    let (group, number) = text.rsplit_once('/').ok_or_else(wrong)?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let index = number
        .parse()
        .map_err(|_| format!("--patient {text}: '{number}' is too large; at most {}", u32::MAX))?;
    Ok((group, index))
}

fn of_population(selection: &Selection) -> Result<Chosen, String> {
    let patient = selection.patient.as_deref().unwrap_or(PATIENT);
    let (name, index) = split(patient)?;
    let population = HostPopulation::preset(name).ok_or_else(|| {
        let hint = did_you_mean(name, HostPopulation::PRESETS);
        let all = HostPopulation::PRESETS.join(", ");
        format!(
            "--patient {patient}: no population is called '{name}'{hint}; there are {all} (or a group, with --study)"
        )
    })?;
    let seed = selection.seed.unwrap_or(SEED);
    let child = Child::draw(&population, seed, index, Parameters::default());
    let title = format!("child {index} of population {name}, seed {seed}");
    Ok(Chosen { child, sites: Vec::new(), title, notes: Vec::new() })
}

fn of_study(selection: &Selection, file: &StudyFile) -> Result<Chosen, String> {
    let mut study = file.study.clone();
    study.seed = selection.seed.unwrap_or(study.seed);
    let last = |group: &Group| group.patients.saturating_sub(1);
    let all =
        || study.groups.iter().map(|g| format!("{}/0 to {}", g.name, last(g))).collect::<Vec<_>>().join(", ");
    let Some(patient) = selection.patient.as_deref() else {
        return Err(format!("--study needs --patient GROUP/NUMBER; there are {}", all()));
    };
    let (name, index) = split(patient)?;
    let group = study.groups.iter().find(|group| group.name == name).ok_or_else(|| {
        let hint = did_you_mean(name, study.groups.iter().map(|group| group.name.as_str()));
        format!("--patient {patient}: no group of the study is called '{name}'{hint}; there are {}", all())
    })?;
    if index >= group.patients {
        return Err(format!("--patient {patient}: group '{name}' has patients 0 to {}", last(group)));
    }
    let parameters = parameters_of(group).map_err(|error| error.to_string())?;
    let mut child = Child::draw(&group.population, seed_of(&study, group), index, parameters);
    child.exposures.clone_from(&group.exposures);
    // Treatment follows what the clinic sees: the patient lives once to find out when.
    let mut notes = Vec::new();
    if !group.treatments.is_empty() && !selection.flare {
        let life = live(&study, group, index).map_err(|error| error.to_string())?;
        child.prescriptions = prescriptions(group, &life);
        if child.prescriptions.is_empty() {
            notes.push(format!("no treatment is given to patient {index} of group {name} during the study"));
        }
    }
    let title = format!("patient {index} of group {name} of study {}", study.name);
    Ok(Chosen { child, sites: Vec::new(), title, notes })
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
