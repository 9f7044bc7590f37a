//! Why a published number cannot be computed.

use crate::record::{EvidenceRecord, Kind, Topic};

/// A reason and the records it holds for: identifiers, `cohort.*`, or `*.what`; the first that fits counts.
const REASONS: &[(&str, &[&str])] = &[
    (
        "These patients are adults; the model holds children.",
        &[
            "adult.*",
            "scch.*",
            "vitt.*",
            "rct.*",
            "eurofever.adult_onset",
            "eurofever12.*",
            "voit.discordance",
        ],
    ),
    ("Computed from other published records; a comparison would count them twice.", &["derived.*"]),
    ("The cohort was chosen for disease of the mandible.", &["mand.*", "padwa.*"]),
    ("A survey of people who chose to answer, young adults among them.", &["oliver.*"]),
    ("The patients have other diseases, which the model does not hold.", &["lanc.*", "mim.*_mim"]),
    ("The comparison group of the source is mostly tumours, which the model does not hold.", &["jan09.*"]),
    (
        "Needs the items of classification criteria or of a diagnostic score, which the digest of a patient does not hold.",
        &["eular.*", "unal.*"],
    ),
    (
        "The score needs the count of band neutrophils, which the record does not hold.",
        &["nbods.sens", "nbods.spec"],
    ),
    (
        "Size of a published cohort; a simulated cohort has the size its study asks for.",
        &["*.n", "rct.n_rand", "trial.mda_n"],
    ),
    (
        "The share of girls and boys is an input of the simulated population.",
        &["*.female", "*.male", "*.sex", "*.sex_ratio", "gro.bo_male"],
    ),
    ("The age at which germs reach bone is set by the study.", &["kosBO.age", "dar.age"]),
    (
        "Drugs and procedures follow from the habits of the centre; the treatment plan is an input.",
        &[
            "*.use_nsaid",
            "*.use_gc",
            "*.use_bp",
            "*.use_mtx",
            "*.use_ssz",
            "*.use_tnf",
            "*.use_anakinra",
            "*.use_dmard",
            "*.use_pam",
            "*.biopsy",
            "*.biopsy_late",
            "eurofever.mri_done",
            "kaiser.antibiotics",
            "brno.pam_stopped",
            "it29.offtherapy_3y",
            "mie19.off_drugs",
            "omsa.abx_om",
            "omsa.abx_omsa",
            "trial.choir_ctp",
        ],
    ),
    (
        "Disease outside bone, ancestry and genes are not in the record.",
        &[
            "*.ppp",
            "*.psoriasis",
            "*.acne",
            "*.gi",
            "*.ibd",
            "*.skin",
            "*.myalgia",
            "*.comorbid",
            "*.family",
            "*.autoimmune",
            "*.extraosseous",
            "*.hla_b27",
            "*.b27",
            "*.ana",
            "kaiser.sapho",
            "pso.*",
        ],
    ),
    (
        "Joints and muscles are not modelled.",
        &[
            "*.arthritis",
            "schnabel.late_arthritis",
            "motol.sacroiliitis",
            "omsa.joint",
            "falip.softtissue",
            "dar.reduced_rom",
            "dar.reduced_weightbearing",
        ],
    ),
    (
        "Blood counts, cytokines, urine markers and bacterial species are not in the record.",
        &["*.saureus", "*.wbc", "dar.wbc_raised", "gro.bo_saureus", "biom.*", "mie09.untx_drop"],
    ),
    (
        "The record tells a positive culture, but not who was sampled.",
        &["flo.pathogen", "xu.culture", "mbact.organism"],
    ),
    (
        "Size, signal intensity and MRI scores are not in the digest of a patient.",
        &["and22.size_*", "and22.mrinbo_*", "cap.*", "kie.si_*"],
    ),
    (
        "A site of the model is the epiphysis or the metaphysis; a lesion that spreads from one to the other is two lesions.",
        &["falip.epiphyseal"],
    ),
    ("Agreement of readers needs several readers of one scan; the record has one.", &["crom.kappa"]),
    ("Minor areas are not told apart from major ones by the reader of the record.", &["heal.axial_areas"]),
    (
        "Leg length, deformity and collapse are not in the record.",
        &["duffy.lld", "duffy.deformity", "caen.lld", "caen.vertebral_deformity"],
    ),
    (
        "Outcome after many years, beyond the follow-up that a digest tells.",
        &["duffy.complete_resolution", "huber.active_long", "cat.huber_persistent"],
    ),
    (
        "PedCNO needs the Childhood Health Assessment Questionnaire, which the record does not hold.",
        &["nprd21.pedcno70"],
    ),
    (
        "The source does not say when, or by what rule, it counted.",
        &[
            "nprd23.severe",
            "and19.limited_inactive",
            "tr18.unresponsive",
            "jansson07.duration",
            "lei.recurrent_last",
            "gro.nbo_goodhealth",
            "kos13.bio",
        ],
    ),
    (
        "Three days after the start no visit takes place in the schedule that a digest tells.",
        &["mie09.vas_3d"],
    ),
    (
        "No group of patients on this drug is among the roles.",
        &["borz.resp_sulfasalazine", "kos13.ssz", "kos16.pain_ssz", "zol.remission"],
    ),
    (
        "When and how often patients were looked at is the design of the study.",
        &["*.followup", "*.retention_4y", "kie.interval", "kie.dx_early", "kie.dx_late"],
    ),
    ("Found by positron emission tomography, an instrument the record does not hold.", &["ata.silent"]),
    (
        "Design or tally of trials, registries and reviews; not an outcome of patients.",
        &["trial.choir", "trial.sapho_etn", "trial.sapho_review"],
    ),
];

fn fits(pattern: &str, id: &str) -> bool {
    match pattern.split_once('*') {
        Some((head, tail)) => {
            id.len() >= head.len() + tail.len() && id.starts_with(head) && id.ends_with(tail)
        }
        None => pattern == id,
    }
}

/// Why a record that no statistic stands beside cannot be computed; `None` if nothing is known of it.
pub(crate) fn known_reason(record: &EvidenceRecord) -> Option<&'static str> {
    if record.kind == Kind::Text || record.value.is_none() {
        return Some("A finding in words; there is no number to compare.");
    }
    if record.topic == Topic::Epidemiology {
        return Some("A rate in a population; the model follows patients, not populations.");
    }
    REASONS
        .iter()
        .find(|(_, patterns)| patterns.iter().any(|pattern| fits(pattern, &record.id)))
        .map(|(reason, _)| *reason)
}

/// Why a record that no statistic stands beside cannot be computed.
pub(crate) fn reason(record: &EvidenceRecord) -> &'static str {
    known_reason(record).unwrap_or("No statistic stands beside this record.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{load::Evidence, statistics};

    #[test]
    fn every_record_has_a_statistic_or_a_reason_and_not_both() {
        for record in Evidence::embedded().records() {
            let named =
                REASONS.iter().any(|(_, patterns)| patterns.iter().any(|pattern| fits(pattern, &record.id)));
            match statistics::find(&record.id) {
                Some(_) => assert!(!named, "{} has a statistic and a reason against one", record.id),
                None => assert!(known_reason(record).is_some(), "{} has neither", record.id),
            }
        }
    }

    #[test]
    fn every_pattern_fits_a_record() {
        for pattern in REASONS.iter().flat_map(|(_, patterns)| patterns.iter()) {
            let fitting = Evidence::embedded().records().iter().any(|r| fits(pattern, &r.id));
            assert!(fitting, "{pattern} fits no record");
        }
    }

    #[test]
    fn patterns_match_heads_and_tails() {
        assert!(fits("adult.*", "adult.ppp"));
        assert!(fits("*.n", "stern.n"));
        assert!(!fits("*.n", "stern.pain"));
        assert!(fits("mim.*_mim", "mim.sym_mim"));
        assert!(!fits("mim.*_mim", "mim.sym_cno"));
    }
}
