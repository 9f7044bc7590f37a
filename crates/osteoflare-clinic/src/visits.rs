//! The visits of one virtual child: the lean log that observation fills in, visit by visit.
//!
//! It holds what the virtual clinic can see and nothing else, so that millions of children fit. The general
//! [`Record`](crate::record::Record), which a real child's file fills too, is made from it with
//! [`Record::from_visits`](crate::record::Record::from_visits); every instrument takes that one.
//!
//! Every measurement is optional. `None` means *not done or not known*; it never means normal.

use osteoflare_skeleton::{Sex, SiteId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything the virtual clinic wrote down of one child.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitLog {
    /// Who the patient is.
    pub patient: PatientHeader,
    /// Visits in order of time.
    pub visits: Vec<Visit>,
    /// Drugs prescribed, in order of start.
    pub treatments: Vec<Treatment>,
    /// Things that happened and were noticed (presentation, diagnosis, remission, relapse …), in order of time.
    pub events: Vec<ClinicalEvent>,
}

/// Identity and constant facts of a patient.
#[derive(Clone, Debug, PartialEq)]
pub struct PatientHeader {
    /// Number of the patient within the group, from 0.
    pub index: u32,
    /// Name of the study group, or of the cohort a real patient belongs to.
    pub group: String,
    /// Sex.
    pub sex: Sex,
    /// Age at day 0 of the record, years.
    pub age_at_start_years: f64,
    /// Day of the first symptom by history, days since day 0; `None` if there never was one, or it is not known.
    pub symptom_onset_day: Option<f64>,
    /// Day of the last observation, days since day 0.
    pub followed_until_day: f64,
}

/// Why a visit took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// The visit at which symptoms brought the child to the clinic for the first time.
    Presentation,
    /// A visit of the schedule, counted from the presentation.
    Scheduled,
    /// An unscheduled visit because symptoms came back.
    Flare,
    /// A visit of a study protocol in a child without symptoms (controls).
    Control,
}

/// One visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// Days since day 0.
    pub day: f64,
    /// Age at the visit, years.
    pub age_years: f64,
    /// Reason for the visit.
    pub kind: VisitKind,
    /// Physical examination and what child and physician say.
    pub examination: Option<Examination>,
    /// Whole-body MRI.
    pub mri: Option<WholeBodyMri>,
    /// Radiographs of single sites.
    pub radiographs: Vec<Radiograph>,
    /// Blood tests.
    pub laboratory: Option<Laboratory>,
}

/// Physical examination, temperature, and global judgements.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// Sites with a finding; a site that is not listed was examined and unremarkable.
    pub sites: Vec<ExaminedSite>,
    /// Worst pain of the last week, numeric rating scale 0–10.
    pub worst_pain_nrs: Option<f64>,
    /// Body temperature at the visit, °C.
    pub temperature_c: Option<f64>,
    /// Fever (> 38.0 °C) noticed at home since the previous visit, or in the 4 weeks before a first visit.
    pub fever_since_last_visit: Option<bool>,
    /// Physician's global assessment of activity, 0–10.
    pub physician_global: Option<f64>,
    /// Patient's or parent's global assessment, 0–10.
    pub patient_global: Option<f64>,
}

/// One site at which the examination found something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExaminedSite {
    /// Where.
    pub site: SiteId,
    /// Pain at this site, 0–10.
    pub pain_nrs: f64,
    /// Tender on palpation.
    pub tender: bool,
    /// Visible or palpable swelling.
    pub swelling: bool,
}

/// Whole-body MRI as reported by one reader.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeBodyMri {
    /// Sites reported as inflammatory lesions.
    pub lesions: Vec<MriLesion>,
    /// Sites reported as bright marrow of no significance (growth, red marrow, load).
    pub bright_marrow: Vec<SiteId>,
}

/// One reported lesion on MRI.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MriLesion {
    /// Where.
    pub site: SiteId,
    /// Extent of marrow hyperintensity: 1 mild, 2 moderate, 3 extensive (terciles of signal above the threshold).
    pub grade: u8,
}

/// Radiographic appearance of one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RadiographicAppearance {
    /// Nothing seen.
    Normal,
    /// Loss of mineral.
    Lytic,
    /// Loss of mineral within a margin of new bone.
    Mixed,
    /// Gain of mineral.
    Sclerotic,
}

/// One radiograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Radiograph {
    /// Where.
    pub site: SiteId,
    /// What it looked like.
    pub appearance: RadiographicAppearance,
    /// Hyperostosis or periosteal new bone seen.
    pub hyperostosis: bool,
}

/// Blood tests of one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Laboratory {
    /// C-reactive protein, mg/L.
    pub crp_mg_l: Option<f64>,
    /// Erythrocyte sedimentation rate, mm/h.
    pub esr_mm_h: Option<f64>,
    /// Blood count.
    pub blood_count: Option<BloodCount>,
}

/// A blood count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BloodCount {
    /// Leukocytes, 10⁹/l.
    pub leukocytes_e9_l: f64,
    /// Haemoglobin, g/l.
    pub haemoglobin_g_l: f64,
    /// Platelets, 10⁹/l.
    pub platelets_e9_l: f64,
    /// Neutrophil bands, cells per µl.
    pub bands_per_ul: f64,
}

/// One drug prescribed over a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Treatment {
    /// Generic name, lower case.
    pub drug: String,
    /// First day, days since day 0.
    pub start_day: f64,
    /// Day after the last, days since day 0; `None` while it goes on.
    pub stop_day: Option<f64>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// First visit because of symptoms.
    Presentation,
    /// Symptom-free and without active lesion for the first time, or again.
    Remission,
    /// Active disease again after a remission.
    Relapse,
    /// A drug was started.
    TreatmentStart,
    /// A drug was stopped.
    TreatmentStop,
    /// Bacteria grown from a focus (culture, at presentation).
    CulturePositive,
    /// Nothing grown from the tissue of a biopsy.
    CultureSterile,
    /// Inflammation in the tissue of a biopsy.
    BiopsyInflammation,
    /// Nothing found in the tissue of a biopsy: the needle missed, or there was nothing.
    BiopsyUnremarkable,
}

/// A dated event.
#[derive(Clone, Debug, PartialEq)]
pub struct ClinicalEvent {
    /// Days since day 0.
    pub day: f64,
    /// What happened.
    pub kind: EventKind,
    /// Where, if it belongs to one site.
    pub site: Option<SiteId>,
    /// Detail: the drug's name for treatment events.
    pub detail: Option<String>,
}
