//! The summary of a run: numbers per group with intervals, and the contrast between groups.

mod contrast;
mod measures;

#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use serde::de::{Deserializer, Error as _};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use contrast::{Answer, Contrast, ContrastColumn, contrast, percent};
pub use measures::{MEASURES, Measure, Over, Statistic};
use osteoflare_statistics::Estimate;

use crate::results::{PatientRow, Results, ResultsError};
use crate::run::RESEARCH_USE;

/// Share of presenting patients from which a group counts as a cohort of patients and not of controls.
const PATIENT_COHORT_FROM: f64 = 0.1;

/// The content of `summary.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Research use only.
    pub notice: String,
    /// The study.
    pub study: SummaryStudy,
    /// Groups by name, in the order of the study.
    pub groups: IndexMap<String, GroupSummary>,
    /// What sets the groups apart.
    pub contrast: Contrast,
}

/// Which study a summary is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryStudy {
    /// Short name.
    pub name: String,
    /// One line.
    pub title: String,
    /// Seed.
    pub seed: u64,
    /// Version of the program.
    pub version: String,
}

/// When patients of a group were first seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenAt {
    /// At the presentation: numbers of the cohort are over those who presented.
    Presentation,
    /// At the control visit, because fewer than one in ten presented: numbers are over everybody.
    ControlVisit,
}

/// One number of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Estimate with its 95 % interval; `None` if nobody can be counted.
    pub estimate: Option<Estimate>,
    /// Patients it rests on.
    pub patients: u64,
}

/// Numbers of one group.
///
/// As JSON every measure `m` takes three keys: `m`, `m_ci` with the 95 % interval, and `m_n` with the number of
/// patients it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSummary {
    /// One line for people.
    pub label: String,
    /// Patients asked for.
    pub patients: u64,
    /// Patients that could not be computed.
    pub failed: u64,
    /// When patients were first seen.
    pub seen_at: SeenAt,
    /// Numbers by name, in the order of [`MEASURES`].
    pub numbers: IndexMap<String, Number>,
}

impl GroupSummary {
    /// Estimate of a measure; `None` if nobody can be counted or there is no such measure.
    pub fn estimate(&self, measure: &str) -> Option<Estimate> {
        self.numbers.get(measure)?.estimate
    }

    /// Point estimate of a measure.
    pub fn value(&self, measure: &str) -> Option<f64> {
        self.estimate(measure).map(|estimate| estimate.value)
    }
}

impl Serialize for GroupSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("label", &self.label)?;
        map.serialize_entry("patients", &self.patients)?;
        map.serialize_entry("failed", &self.failed)?;
        map.serialize_entry("seen_at", &self.seen_at)?;
        for (name, number) in &self.numbers {
            map.serialize_entry(name, &number.estimate.map(|estimate| estimate.value))?;
            map.serialize_entry(&format!("{name}_ci"), &number.estimate.map(|estimate| estimate.ci))?;
            map.serialize_entry(&format!("{name}_n"), &number.patients)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for GroupSummary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fn take<T: serde::de::DeserializeOwned, E: serde::de::Error>(
            map: &IndexMap<String, Value>,
            key: &str,
        ) -> Result<T, E> {
            let value = map.get(key).cloned().unwrap_or(Value::Null);
            serde_json::from_value(value).map_err(|error| E::custom(format_args!("{key}: {error}")))
        }
        let map = IndexMap::<String, Value>::deserialize(deserializer)?;
        let mut numbers = IndexMap::new();
        for key in map.keys() {
            let Some(name) = key.strip_suffix("_ci") else { continue };
            let value: Option<f64> = take(&map, name)?;
            let ci: Option<[f64; 2]> = take(&map, key)?;
            let patients: u64 = take(&map, &format!("{name}_n"))?;
            let estimate = match (value, ci) {
                (Some(value), Some(ci)) => Some(Estimate { value, ci, n: patients as usize }),
                (None, None) => None,
                _ => return Err(D::Error::custom(format_args!("{name} and its interval do not match"))),
            };
            numbers.insert(name.to_owned(), Number { estimate, patients });
        }
        Ok(GroupSummary {
            label: take(&map, "label")?,
            patients: take(&map, "patients")?,
            failed: take(&map, "failed")?,
            seen_at: take(&map, "seen_at")?,
            numbers,
        })
    }
}

/// Summarises results.
///
/// Patients are streamed; what is held is one number per patient of one group and measure.
///
/// # Errors
/// If the tables cannot be read.
pub fn summarise(results: &Results) -> Result<Summary, ResultsError> {
    let manifest = results.manifest();
    let mut groups = IndexMap::new();
    for group in &manifest.groups {
        let mut gathered = Gathered::default();
        for row in results.patient_rows(&group.name)? {
            gathered.add(&row?);
        }
        let (seen_at, numbers) = gathered.finish();
        groups.insert(
            group.name.clone(),
            GroupSummary {
                label: group.label.clone(),
                patients: u64::from(group.patients),
                failed: u64::from(group.failed),
                seen_at,
                numbers,
            },
        );
    }
    let contrast = contrast(&results.study()?, &groups);
    Ok(Summary {
        notice: RESEARCH_USE.to_owned(),
        study: SummaryStudy {
            name: manifest.study.name.clone(),
            title: manifest.study.title.clone(),
            seed: manifest.study.seed,
            version: manifest.version.clone(),
        },
        groups,
        contrast,
    })
}

/// Values of one group, measure by measure, while its patients stream by.
#[derive(Default)]
struct Gathered {
    patients: u64,
    presented: u64,
    /// Of everybody, and of those who presented.
    values: [Vec<Vec<f64>>; 2],
}

impl Gathered {
    fn add(&mut self, row: &PatientRow) {
        let presented = row.digest.entry.presented;
        self.patients += 1;
        self.presented += u64::from(presented);
        for (index, values) in self.values.iter_mut().enumerate() {
            values.resize_with(MEASURES.len(), Vec::new);
            let wanted = |over: Over| if index == 0 { true } else { over == Over::Cohort && presented };
            for (measure, values) in MEASURES.iter().zip(values) {
                if wanted(measure.over) {
                    values.extend((measure.of)(row));
                }
            }
        }
    }

    fn finish(mut self) -> (SeenAt, IndexMap<String, Number>) {
        let patients_cohort =
            self.presented as f64 >= PATIENT_COHORT_FROM * self.patients as f64 && self.presented > 0;
        let seen_at = if patients_cohort { SeenAt::Presentation } else { SeenAt::ControlVisit };
        let mut numbers = IndexMap::new();
        for (index, measure) in MEASURES.iter().enumerate() {
            let list = usize::from(measure.over == Over::Cohort && patients_cohort);
            let mut values = self.values[list].get_mut(index).map(std::mem::take).unwrap_or_default();
            let patients = values.len() as u64;
            let estimate = match measure.statistic {
                Statistic::Share => {
                    let hits = values.iter().filter(|value| **value > 0.5).count();
                    osteoflare_statistics::share(hits, values.len())
                }
                Statistic::Median => osteoflare_statistics::median(&mut values),
                Statistic::Mean => osteoflare_statistics::bootstrap_mean(&values),
            };
            numbers.insert(measure.name.to_owned(), Number { estimate, patients });
        }
        (seen_at, numbers)
    }
}
