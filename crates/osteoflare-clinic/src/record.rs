//! The record of one patient, real or virtual: what the clinic knows, and nothing else.
//!
//! A real child's file and a virtual child's course fill the same [`Record`]; every instrument takes it. Its serde form
//! is the project's own JSON format (`"osteoflare_record": 1`), its JSON Schema is [`Record::json_schema`].
//!
//! **Absent is unknown.** A field that is missing, and a list without an entry, say that nothing was written down; they
//! never mean normal, negative or none. What was looked for and not found is written down as such: a finding with
//! `"present": false`, a descriptor under `absent`, a laboratory result `"normal"`, an examination of the whole body, an
//! imaging study with `"all_lesions_listed": true`.
//!
//! Places, findings, analytes, drugs and diseases are words ([`Term`]): the canonical ones and their synonyms are in
//! `crate::vocabulary` and `crate::place`. A word nobody knows is kept, reported by [`crate::check`], and read by no
//! instrument.
//!
//! Research use only; not a medical device.

mod assessment;
mod condition;
mod finding;
mod from_visits;
mod imaging;
mod laboratory;
mod location;
mod patient;
mod term;
mod time;
mod tissue;
mod treatment;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{
    assessment::{Assessment, Chaq, ChaqAnswer},
    condition::{Condition, Diagnosis, DiagnosisKind, Kin, Outcome, Status},
    finding::{CoursePattern, Finding, History, Method},
    imaging::{Coverage, Focality, ImagingStudy, Lesion, Modality},
    laboratory::{Comparator, LabResult, Qualitative, ReferenceRange},
    location::{BodySide, Place},
    patient::{Origin, Patient, VirtualOrigin},
    term::Term,
    time::{DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, Date, DateError, Range, When},
    tissue::{Biopsy, Culture, CultureResult, GeneticFinding, Significance},
    treatment::{Response, Treatment},
};
pub use crate::visits::VisitKind;

/// Version of the JSON format that this program writes and reads.
pub const FORMAT: u32 = 1;

/// Everything the clinic knows of one patient, real or virtual. See the [module](self) for what absence means.
///
/// Times are days since day 0 of the record, or calendar dates if [`reference_date`](Record::reference_date) says which
/// date day 0 is. Day 0 of a real record is the presentation at which the file begins. What carries no time belongs to
/// the record as a whole and counts at every evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of the format: 1.
    #[serde(rename = "osteoflare_record")]
    pub format: u32,
    /// Identifier of the patient within the file or study; no name, no hospital number.
    pub id: String,
    /// Where the record comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Calendar date of day 0, `YYYY-MM-DD`; only needed if other times are dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_date: Option<Date>,
    /// Who the patient is.
    #[serde(default)]
    pub patient: Patient,
    /// When and how it began and went until day 0.
    #[serde(default, skip_serializing_if = "History::is_empty")]
    pub history: History,
    /// Other diseases of the patient and of relatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Visits to the clinic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    /// Symptoms told and signs found, each with its place, method and time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Temperature, weight, height and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vital_signs: Vec<LabResult>,
    /// Laboratory results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub laboratory: Vec<LabResult>,
    /// Imaging studies with their lesions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imaging: Vec<ImagingStudy>,
    /// Tissue that was taken, or judged not necessary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub biopsies: Vec<Biopsy>,
    /// Cultures and other searches for germs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cultures: Vec<Culture>,
    /// Genes that were looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub genetics: Vec<GeneticFinding>,
    /// Treatments and what they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub treatments: Vec<Treatment>,
    /// Global judgements and questionnaires.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<Assessment>,
    /// What the clinicians called it; to compare with. Only the exclusions of criteria read the final ones: a confirmed
    /// disease excludes CNO. No score and no likelihood ratio reads any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnoses: Vec<Diagnosis>,
    /// What became of the patient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    /// Last time at which something was known of the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed_until: Option<When>,
    /// Remarks for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One visit to the clinic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// When.
    pub when: When,
    /// Why: presentation, scheduled, flare or control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<VisitKind>,
    /// Whether the whole body was examined: then a place without a finding of this time was unremarkable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_body_examined: Option<bool>,
}

impl Record {
    /// An empty record: nothing is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            format: FORMAT,
            id: id.into(),
            origin: None,
            reference_date: None,
            patient: Patient::default(),
            history: History::default(),
            conditions: Vec::new(),
            visits: Vec::new(),
            findings: Vec::new(),
            vital_signs: Vec::new(),
            laboratory: Vec::new(),
            imaging: Vec::new(),
            biopsies: Vec::new(),
            cultures: Vec::new(),
            genetics: Vec::new(),
            treatments: Vec::new(),
            assessments: Vec::new(),
            diagnoses: Vec::new(),
            outcomes: Vec::new(),
            followed_until: None,
            notes: Vec::new(),
        }
    }

    /// Days since day 0; `None` for a calendar date if the record does not say which date day 0 is.
    pub fn day(&self, when: &When) -> Option<f64> {
        match when {
            When::Day(day) => Some(*day),
            When::Date(date) => self.reference_date.map(|start| f64::from(date.days_since(start))),
        }
    }

    /// The newest time of anything in the record, days since day 0; `None` if nothing has a time.
    pub fn last_day(&self) -> Option<f64> {
        let other = std::iter::once(self.followed_until).chain(self.treatments.iter().map(|item| item.start));
        let other = other.flatten().filter_map(|when| self.day(&when));
        other.chain(self.last_observation_day()).reduce(f64::max)
    }

    /// The last day on which something was observed: seen, told, measured or judged; treatments are none.
    pub fn last_observation_day(&self) -> Option<f64> {
        let mut last: Option<f64> = None;
        let mut see = |when: Option<When>| {
            if let Some(day) = when.and_then(|when| self.day(&when)) {
                last = Some(last.map_or(day, |last| last.max(day)));
            }
        };
        self.visits.iter().for_each(|item| see(Some(item.when)));
        self.findings.iter().for_each(|item| see(item.when));
        self.vital_signs.iter().chain(&self.laboratory).for_each(|item| see(item.when));
        self.imaging.iter().for_each(|item| see(item.when));
        self.biopsies.iter().for_each(|item| see(item.when));
        self.cultures.iter().for_each(|item| see(item.when));
        self.assessments.iter().for_each(|item| see(item.when));
        self.outcomes.iter().for_each(|item| see(item.when));
        last
    }

    /// The JSON Schema of the format.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Record).to_value()
    }
}
