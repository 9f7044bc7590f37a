//! One row per patient: everything that statistics need, computed from the [`VisitLog`] alone.
//!
//! Nothing follows from what is absent. A finding that needs an examination, an MRI or a blood test which the record
//! lacks is `None`, and so is a finding whose parts are only half known. What readers and examiners got wrong stays
//! wrong here: a lesion is what was reported.
//!
//! A digest can be written as a row of typed [`Value`]s under the [`columns`](PatientDigest::columns) and a few lists
//! of sites, and be read back from them.
//!
//! Research use only; not a medical device.

mod course;
mod cure;
mod drugs;
mod entry;
mod follow_up;
mod index_treatment;
pub mod logic;
mod recurrence;
mod table;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use osteoflare_skeleton::SiteId;

pub use self::{
    course::{
        CHRONIC_DAYS, CHRONIC_RECURRENCE_DAYS, CRP_NORMALISED_BELOW, Course, ESR_NORMALISED_BELOW,
        REMISSION_MRI_WINDOW_DAYS,
    },
    cure::{CURE_AFTER_DAYS, CURE_WITHIN_DAYS, SAME_COURSE_GAP_DAYS, SETTLED_AFTER_DAYS},
    drugs::{DrugClass, drug_class},
    entry::{ENTRY_IMAGING_WINDOW_DAYS, ENTRY_LABORATORY_WINDOW_DAYS, Entry, symmetric_pairs},
    follow_up::FollowUp,
    index_treatment::{
        BASELINE_AFTER_DAYS, BASELINE_MRI_BEFORE_DAYS, BASELINE_VISIT_BEFORE_DAYS, IndexTreatment,
    },
    table::{Column, ColumnKind, DigestError, ListColumn, Value},
};
use self::{
    entry::{entry, entry_visit},
    follow_up::{Baseline, follow_up},
    logic::{clinical_sites, examinations, laboratories, mri_sites, nearest, scans, sorted},
    table::{RowReader, columns},
};
use crate::visits::VisitLog;

/// Months after entry at which follow-up is read.
pub const FOLLOW_UP_MONTHS: [u32; 7] = [1, 3, 6, 12, 24, 36, 48];
/// Months after the start of the index treatment at which follow-up is read.
pub const TREATMENT_MONTHS: [u32; 4] = [1, 3, 6, 12];

columns! {
    /// Which patient this is.
    Identity {
        group: String, "1", "Study group or cohort.";
        index: u32, "1", "Number of the patient within the group, from 0.";
    }
}

/// Sites behind the counts; sorted, empty also where nothing was done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteLists {
    /// Lesions on the MRI of entry.
    pub entry_mri: Vec<SiteId>,
    /// Clinical lesions at entry.
    pub entry_clinical: Vec<SiteId>,
    /// Bright marrow of no significance on the MRI of entry.
    pub entry_bright_marrow: Vec<SiteId>,
    /// Sites with a lesion on any MRI.
    pub mri_ever: Vec<SiteId>,
    /// Sites with a clinical lesion at any examination.
    pub clinical_ever: Vec<SiteId>,
}

const LISTS: [ListColumn; 5] = [
    ListColumn { name: "entry_mri_sites", meaning: "Lesions on the MRI of entry." },
    ListColumn { name: "entry_clinical_sites", meaning: "Clinical lesions at entry." },
    ListColumn {
        name: "entry_bright_marrow_sites",
        meaning: "Bright marrow of no significance on the MRI of entry.",
    },
    ListColumn { name: "mri_sites_ever_list", meaning: "Sites with a lesion on any MRI." },
    ListColumn {
        name: "clinical_sites_ever_list",
        meaning: "Sites with a clinical lesion at any examination.",
    },
];

/// One row per patient.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatientDigest {
    /// Which patient this is.
    pub identity: Identity,
    /// Findings at entry.
    pub entry: Entry,
    /// Findings at [`FOLLOW_UP_MONTHS`] after entry, against entry.
    pub follow_ups: [FollowUp; FOLLOW_UP_MONTHS.len()],
    /// The course.
    pub course: Course,
    /// The index treatment and the state at its start.
    pub treatment: IndexTreatment,
    /// Findings at [`TREATMENT_MONTHS`] after the start of the index treatment, against that start.
    pub treated: [FollowUp; TREATMENT_MONTHS.len()],
    /// Sites behind the counts.
    pub sites: SiteLists,
}

impl PatientDigest {
    /// Computes the row of one patient.
    pub fn from_record(record: &VisitLog) -> Self {
        let (entry, entry_sites) = entry(record);
        let mut digest = Self {
            identity: Identity { group: record.patient.group.clone(), index: record.patient.index },
            entry,
            course: course::course(record),
            sites: SiteLists {
                entry_mri: entry_sites.mri,
                entry_clinical: entry_sites.clinical,
                entry_bright_marrow: entry_sites.bright_marrow,
                mri_ever: sorted(scans(record).flat_map(|(_, m)| mri_sites(m)).collect()),
                clinical_ever: sorted(examinations(record).flat_map(|(_, e)| clinical_sites(e)).collect()),
            },
            ..Self::default()
        };
        if let Some(visit) = entry_visit(record) {
            let baseline = Baseline {
                day: visit.day,
                mri: nearest(scans(record), visit.day, ENTRY_IMAGING_WINDOW_DAYS),
                examination: visit.examination.as_ref().map(|e| (visit, e)),
                laboratory: nearest(laboratories(record), visit.day, ENTRY_LABORATORY_WINDOW_DAYS),
            };
            digest.follow_ups = FOLLOW_UP_MONTHS.map(|months| follow_up(record, &baseline, months));
        }
        if let Some(treatment) = index_treatment::index_treatment(record) {
            let baseline = index_treatment::baseline(record, treatment.start_day);
            digest.treatment = index_treatment::response(record, treatment, &baseline);
            digest.treated = TREATMENT_MONTHS.map(|months| follow_up(record, &baseline, months));
        }
        digest
    }

    /// Findings at a month after entry; `None` if `months` is not one of [`FOLLOW_UP_MONTHS`].
    pub fn at_month(&self, months: u32) -> Option<&FollowUp> {
        let place = FOLLOW_UP_MONTHS.iter().position(|&m| m == months)?;
        Some(&self.follow_ups[place])
    }

    /// Findings at a month after the start of the index treatment; `None` if `months` is not one of
    /// [`TREATMENT_MONTHS`].
    pub fn treated_month(&self, months: u32) -> Option<&FollowUp> {
        let place = TREATMENT_MONTHS.iter().position(|&m| m == months)?;
        Some(&self.treated[place])
    }

    /// Descriptions of the scalar columns, in the order of [`values`](Self::values). Columns of a follow-up are led by
    /// `m12_` (months after entry) or `treated_m12_` (months after the start of the index treatment), those of entry
    /// by `entry_`, those of the index treatment by `treatment_`.
    pub fn columns() -> &'static [Column] {
        static COLUMNS: OnceLock<Vec<Column>> = OnceLock::new();
        COLUMNS.get_or_init(|| {
            let mut columns = Vec::new();
            Identity::push_columns("", &mut columns);
            Entry::push_columns("entry_", &mut columns);
            for months in FOLLOW_UP_MONTHS {
                FollowUp::push_columns(&format!("m{months}_"), &mut columns);
            }
            Course::push_columns("", &mut columns);
            IndexTreatment::push_columns("treatment_", &mut columns);
            for months in TREATMENT_MONTHS {
                FollowUp::push_columns(&format!("treated_m{months}_"), &mut columns);
            }
            columns
        })
    }

    /// The scalar values, one per column.
    pub fn values(&self) -> Vec<Value> {
        let mut values = Vec::with_capacity(Self::columns().len());
        self.identity.push_values(&mut values);
        self.entry.push_values(&mut values);
        for follow_up in &self.follow_ups {
            follow_up.push_values(&mut values);
        }
        self.course.push_values(&mut values);
        self.treatment.push_values(&mut values);
        for follow_up in &self.treated {
            follow_up.push_values(&mut values);
        }
        values
    }

    /// Descriptions of the lists of sites, in the order of [`lists`](Self::lists).
    pub fn list_columns() -> &'static [ListColumn] {
        &LISTS
    }

    /// The lists of sites, each sorted.
    pub fn lists(&self) -> [&[SiteId]; 5] {
        [
            &self.sites.entry_mri,
            &self.sites.entry_clinical,
            &self.sites.entry_bright_marrow,
            &self.sites.mri_ever,
            &self.sites.clinical_ever,
        ]
    }

    /// Reads back what [`values`](Self::values) and [`lists`](Self::lists) gave.
    ///
    /// # Errors
    /// If there are too few or too many values or lists, a value has another kind than its column, or a value that is
    /// never missing is.
    pub fn from_values(values: &[Value], lists: &[Vec<SiteId>]) -> Result<Self, DigestError> {
        let [entry_mri, entry_clinical, entry_bright_marrow, mri_ever, clinical_ever] = lists else {
            return Err(DigestError::ListCount { expected: LISTS.len(), found: lists.len() });
        };
        let mut row = RowReader::new(Self::columns(), values)?;
        let identity = Identity::read(&mut row)?;
        let entry = Entry::read(&mut row)?;
        let mut follow_ups: [FollowUp; FOLLOW_UP_MONTHS.len()] = Default::default();
        for follow_up in &mut follow_ups {
            *follow_up = FollowUp::read(&mut row)?;
        }
        let course = Course::read(&mut row)?;
        let treatment = IndexTreatment::read(&mut row)?;
        let mut treated: [FollowUp; TREATMENT_MONTHS.len()] = Default::default();
        for follow_up in &mut treated {
            *follow_up = FollowUp::read(&mut row)?;
        }
        Ok(Self {
            identity,
            entry,
            follow_ups,
            course,
            treatment,
            treated,
            sites: SiteLists {
                entry_mri: entry_mri.clone(),
                entry_clinical: entry_clinical.clone(),
                entry_bright_marrow: entry_bright_marrow.clone(),
                mri_ever: mri_ever.clone(),
                clinical_ever: clinical_ever.clone(),
            },
        })
    }
}
