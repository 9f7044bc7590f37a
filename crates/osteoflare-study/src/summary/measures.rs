//! The numbers of a summary: name, unit, meaning, and how each is read from a patient.

use crate::results::PatientRow;

/// How values of patients become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Share of patients for whom it holds, of those in whom it can be known.
    Share,
    /// Median over patients in whom it can be known.
    Median,
    /// Mean over patients in whom it can be known.
    Mean,
}

/// Whom a measure is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Every patient of the group.
    Everybody,
    /// Patients of a patient cohort (those who presented), or everybody of a control cohort.
    Cohort,
}

/// One number of a summary.
pub struct Measure {
    /// Key in the summary.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// How it is computed.
    pub statistic: Statistic,
    /// Over whom.
    pub over: Over,
    pub(crate) of: fn(&PatientRow) -> Option<f64>,
}

fn truth(flag: Option<bool>) -> Option<f64> {
    flag.map(|flag| if flag { 1.0 } else { 0.0 })
}

fn count(count: Option<u32>) -> Option<f64> {
    count.map(f64::from)
}

macro_rules! measures {
    ($($name:literal, $unit:literal, $statistic:ident, $over:ident, $meaning:literal, $of:expr;)+) => {
        /// Every measure, in the order of the summary.
        pub const MEASURES: &[Measure] = &[$(Measure {
            name: $name,
            unit: $unit,
            meaning: $meaning,
            statistic: Statistic::$statistic,
            over: Over::$over,
            of: $of,
        },)+];
    };
}

measures! {
    "presented_share", "1", Share, Everybody, "Came to the clinic because of symptoms.",
        |p| truth(Some(p.digest.entry.presented));
    "female_share", "1", Share, Cohort, "Girls.", |p| truth(Some(p.digest.entry.female));
    "age_at_entry_median", "y", Median, Cohort, "Age at presentation, or at the first control visit.",
        |p| p.digest.entry.age;
    "delay_days_median", "d", Median, Cohort, "From the first symptom to the presentation.",
        |p| p.digest.entry.delay_days;
    "mri_lesions_median", "sites", Median, Cohort, "Lesions on the MRI of entry.",
        |p| count(p.digest.entry.mri_lesions);
    "mri_lesions_mean", "sites", Mean, Cohort, "Lesions on the MRI of entry.",
        |p| count(p.digest.entry.mri_lesions);
    "mri_any_lesion_share", "1", Share, Cohort, "At least one lesion on the MRI of entry.",
        |p| truth(p.digest.entry.mri_lesions.map(|lesions| lesions > 0));
    "mri_unifocal_share", "1", Share, Cohort, "Exactly one lesion on the MRI of entry, of those with any.",
        |p| truth(p.digest.entry.mri_unifocal);
    "clinical_lesions_mean", "sites", Mean, Cohort, "Painful, tender or swollen sites at entry.",
        |p| count(p.digest.entry.clinical_lesions);
    "silent_lesion_share", "1", Mean, Cohort, "Share of a patient's MRI lesions at entry without finding on examination.",
        |p| p.digest.entry.silent_lesion_share;
    "symmetric_share", "1", Share, Cohort, "At least one mirror pair on the MRI of entry, of those with two lesions or more.",
        |p| truth(p.digest.entry.symmetric);
    "fever_share", "1", Share, Cohort, "Fever at entry or in the weeks before.", |p| truth(p.digest.entry.fever);
    "crp_at_entry_median_mg_l", "mg/L", Median, Cohort, "C-reactive protein at entry.", |p| p.digest.entry.crp;
    "crp_peak_median_mg_l", "mg/L", Median, Cohort, "Highest measured C-reactive protein of the whole course.",
        |p| p.digest.course.crp_peak;
    "esr_at_entry_median_mm_h", "mm/h", Median, Cohort, "Erythrocyte sedimentation rate at entry.",
        |p| p.digest.entry.esr;
    "worst_pain_mean", "0-10", Mean, Cohort, "Worst pain of the week before entry.", |p| p.digest.entry.worst_pain;
    "chronic_share", "1", Share, Cohort, "Symptoms of six weeks or more without a pause, or disease back after more than six months.",
        |p| truth(p.digest.course.chronic);
    "remission_share", "1", Share, Cohort, "Ever symptom-free without active lesion after entry.",
        |p| p.digest.course.follow_up_days.map(|_| if p.digest.course.remission_day.is_some() { 1.0 } else { 0.0 });
    "relapse_share", "1", Share, Cohort, "Disease back after remission, of those who reached remission.",
        |p| truth(p.digest.course.relapse);
    "same_site_recurrence_share", "1", Share, Cohort, "A lesion back on MRI at a site that had cleared.",
        |p| truth(p.digest.course.same_site_recurrence);
    "new_site_share", "1", Share, Cohort, "A lesion on a later MRI at a site never involved before.",
        |p| truth(p.digest.course.new_site);
    "mri_sites_ever_median", "sites", Median, Cohort, "Sites with a lesion on any MRI.",
        |p| count(p.digest.course.mri_sites_ever);
    "monofocal_course_share", "1", Share, Cohort, "One site only over the whole course, of those with any.",
        |p| truth(p.digest.course.monofocal_course);
    "antibiotics_share", "1", Share, Cohort, "Given an antibiotic.", |p| truth(Some(p.digest.course.antibiotics));
    "cured_by_antibiotics_share", "1", Share, Cohort, "Cured by antibiotics alone, of those given any.",
        |p| truth(p.digest.course.cured_by_antibiotics);
    "symptom_free_6_months_share", "1", Share, Cohort, "Symptom-free 6 months after entry.",
        |p| truth(p.digest.at_month(6)?.symptom_free);
    "symptom_free_12_months_share", "1", Share, Cohort, "Symptom-free 12 months after entry.",
        |p| truth(p.digest.at_month(12)?.symptom_free);
    "mri_lesions_12_months_mean", "sites", Mean, Cohort, "Lesions on MRI 12 months after entry.",
        |p| count(p.digest.at_month(12)?.mri_lesions);
    "mri_free_12_months_share", "1", Share, Cohort, "No lesion on MRI 12 months after entry.",
        |p| truth(p.digest.at_month(12)?.mri_free);
    "last_symptom_free_share", "1", Share, Cohort, "Symptom-free at the last examination.",
        |p| truth(p.digest.course.last_symptom_free);
    "truth_infected_share", "1", Share, Everybody, "True: bacteria settled in bone.",
        |p| truth(Some(p.infected_sites > 0));
    "truth_sterile_at_end_share", "1", Share, Everybody, "True: no bacteria left at the end.",
        |p| truth(Some(p.sterile_at_end));
    "truth_any_spell_share", "1", Share, Everybody, "True: at least one spell of marrow oedema of six weeks or more.",
        |p| truth(Some(p.spells > 0));
    "truth_sites_ever_median", "sites", Median, Everybody, "True: sites with such a spell.",
        |p| Some(f64::from(p.sites_ever));
    "truth_theta_mean", "1", Mean, Everybody, "Hidden: negative-selection threshold.", |p| Some(p.theta);
    "truth_self_reactivity_mean", "1", Mean, Everybody, "Hidden: self-reactivity, mean over bone antigens.",
        |p| Some(p.self_reactivity.iter().sum::<f64>() / p.self_reactivity.len() as f64);
    "truth_il10_competence_median", "1", Median, Everybody, "Hidden: myeloid IL-10 competence (1 = healthy).",
        |p| Some(p.il10_competence);
    "truth_rs_above_one_share", "1", Share, Everybody, "Hidden: a site whose inflammation sustains itself on day 0.",
        |p| truth(Some(p.rs_max_at_start >= 1.0));
}
