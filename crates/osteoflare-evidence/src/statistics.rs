//! Which published number is computed how, and from which group of patients.
//!
//! Every statistic respects the instrument of its source: lesions by *examination*, by *whole-body MRI*, or by *mixed
//! imaging*. The last means radiographs, bone scans and local MRI in varying shares; here it is the union of what
//! examination and whole-body MRI found, which sees at least as much.

mod bacterial;
mod course;
mod healthy;
mod measure;
mod presentation;
mod sites;
#[cfg(test)]
mod tests;
mod treatment;

use std::{collections::HashMap, sync::OnceLock};

use osteoflare_clinic::digest::{DrugClass, PatientDigest, drug_class};
use serde::{Deserialize, Serialize};

use crate::estimate::{Estimate, Estimator, Observation};

/// Fewer patients than this give no number.
pub const MIN_PATIENTS: usize = 5;

/// The group of patients a number needs; a cohort plays the role whose name it bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Children with chronic nonbacterial osteomyelitis (CNO) at presentation and by nature.
    Cno,
    /// CNO on a non-steroidal anti-inflammatory drug (NSAID).
    CnoNsaid,
    /// CNO on antibiotics.
    CnoAntibiotics,
    /// CNO on a TNF inhibitor.
    CnoTnf,
    /// CNO on anakinra.
    CnoAnakinra,
    /// CNO on pamidronate.
    CnoPamidronate,
    /// CNO on a glucocorticoid.
    CnoSteroid,
    /// CNO on methotrexate.
    CnoMethotrexate,
    /// CNO under standard care: NSAID, then escalation.
    CnoCare,
    /// Bacterial osteomyelitis on antibiotics.
    Bacterial,
    /// Bacterial osteomyelitis on NSAID alone.
    BacterialNsaid,
    /// Healthy children.
    Healthy,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 12] = [
        Role::Cno,
        Role::CnoNsaid,
        Role::CnoAntibiotics,
        Role::CnoTnf,
        Role::CnoAnakinra,
        Role::CnoPamidronate,
        Role::CnoSteroid,
        Role::CnoMethotrexate,
        Role::CnoCare,
        Role::Bacterial,
        Role::BacterialNsaid,
        Role::Healthy,
    ];

    /// Name of the group that plays this role.
    pub fn group(self) -> &'static str {
        match self {
            Self::Cno => "cno",
            Self::CnoNsaid => "cno_nsaid",
            Self::CnoAntibiotics => "cno_antibiotics",
            Self::CnoTnf => "cno_tnf",
            Self::CnoAnakinra => "cno_anakinra",
            Self::CnoPamidronate => "cno_pamidronate",
            Self::CnoSteroid => "cno_steroid",
            Self::CnoMethotrexate => "cno_methotrexate",
            Self::CnoCare => "cno_care",
            Self::Bacterial => "bacterial",
            Self::BacterialNsaid => "bacterial_nsaid",
            Self::Healthy => "healthy",
        }
    }

    /// Whether a drug is the one this group is about; groups without a drug of their own take any.
    pub fn is_about(self, drug: &str) -> bool {
        let drug = drug.to_lowercase();
        match self {
            Self::CnoNsaid | Self::BacterialNsaid => drug_class(&drug) == DrugClass::Nsaid,
            Self::CnoAntibiotics | Self::Bacterial => drug_class(&drug) == DrugClass::Antibiotic,
            Self::CnoTnf => ["adalimumab", "certolizumab", "etanercept", "golimumab", "infliximab"]
                .contains(&drug.as_str()),
            Self::CnoAnakinra => drug == "anakinra",
            Self::CnoPamidronate => drug == "pamidronate",
            Self::CnoSteroid => {
                ["dexamethasone", "methylprednisolone", "prednisolone", "prednisone"].contains(&drug.as_str())
            }
            Self::CnoMethotrexate => drug == "methotrexate",
            Self::Cno | Self::CnoCare | Self::Healthy => true,
        }
    }
}

/// How near what is computed comes to what the source measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fidelity {
    /// The same quantity, as far as the source tells.
    AsSource,
    /// The nearest quantity that can be computed; the definition says where the two differ.
    Approximate,
}

/// How one or several published numbers are computed.
#[derive(Clone, Copy, Debug)]
pub struct Statistic {
    /// Published records this number stands beside.
    pub ids: &'static [&'static str],
    /// Group of patients it needs.
    pub role: Role,
    /// How the number follows from the patients.
    pub estimator: Estimator,
    /// How near it comes to the source.
    pub fidelity: Fidelity,
    /// Only patients whose index treatment is the group's drug count.
    pub treated_only: bool,
    /// What is computed, in words, with its denominator.
    pub definition: &'static str,
    /// What one patient contributes; `None` if the patient does not count or it is not known.
    pub measure: fn(&PatientDigest) -> Option<Observation>,
}

impl Statistic {
    /// What the patients contribute.
    pub fn observations<'a>(&self, digests: impl IntoIterator<Item = &'a PatientDigest>) -> Vec<Observation> {
        digests
            .into_iter()
            .filter(|d| {
                !self.treated_only || d.treatment.drug.as_deref().is_some_and(|drug| self.role.is_about(drug))
            })
            .filter_map(|d| (self.measure)(d))
            .collect()
    }

    /// The number with its interval, from what the patients contribute; `None` if fewer than [`MIN_PATIENTS`] count or
    /// it is not defined (a median time that is not reached). `id` keys the resampling.
    pub fn estimate(&self, observations: &[Observation], id: &str) -> Option<Estimate> {
        if observations.len() < MIN_PATIENTS {
            return None;
        }
        self.estimator.with_interval(observations, id, self.definition)
    }
}

/// All statistics, in order of theme.
pub fn registry() -> impl Iterator<Item = &'static Statistic> {
    [
        presentation::STATISTICS,
        sites::STATISTICS,
        course::STATISTICS,
        treatment::STATISTICS,
        bacterial::STATISTICS,
        healthy::STATISTICS,
    ]
    .into_iter()
    .flatten()
}

/// The statistic that stands beside a published record.
pub fn find(id: &str) -> Option<&'static Statistic> {
    static BY_ID: OnceLock<HashMap<&'static str, &'static Statistic>> = OnceLock::new();
    BY_ID
        .get_or_init(|| registry().flat_map(|s| s.ids.iter().map(move |id| (*id, s))).collect())
        .get(id)
        .copied()
}

/// Writes one statistic: `[ids] role, estimator, fidelity, definition, measure`.
const fn row(
    ids: &'static [&'static str],
    role: Role,
    estimator: Estimator,
    fidelity: Fidelity,
    definition: &'static str,
    measure: fn(&PatientDigest) -> Option<Observation>,
) -> Statistic {
    Statistic { ids, role, estimator, fidelity, treated_only: false, definition, measure }
}

/// Writes one statistic of patients whose index treatment is the group's drug.
const fn treated(
    ids: &'static [&'static str],
    role: Role,
    estimator: Estimator,
    fidelity: Fidelity,
    definition: &'static str,
    measure: fn(&PatientDigest) -> Option<Observation>,
) -> Statistic {
    Statistic { ids, role, estimator, fidelity, treated_only: true, definition, measure }
}
