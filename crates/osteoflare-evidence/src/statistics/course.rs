//! What happens over the years to children with CNO under standard care.

use osteoflare_clinic::digest::PatientDigest;

use super::{
    Fidelity::{Approximate, AsSource},
    Role::{CnoCare, CnoNsaid},
    Statistic,
    measure::{count, months, presented, yes},
    row, treated,
};
use crate::estimate::{
    Estimator::{EventBy, Mean, Proportion, SurvivalAt, SurvivalMedian},
    Observation,
};

/// An episode longer than this is persistent, days (Kaiser 2015: more than 6 months).
const PERSISTENT_DAYS: f64 = 182.625;

/// Follow-up after presentation of at least so many years, days.
fn followed(digest: &PatientDigest, years: f64) -> Option<f64> {
    presented(digest)?;
    digest.course.follow_up_days.filter(|days| *days >= years * 365.25)
}

/// Whether the patient relapsed clinically; one who never was in remission did not.
fn relapsed(digest: &PatientDigest) -> Option<bool> {
    match digest.course.clinical_remission_day {
        None => digest.course.last_clinical_lesions.map(|_| false),
        Some(_) => digest.course.clinical_relapse,
    }
}

/// Course of the first years.
#[derive(PartialEq)]
enum Pattern {
    Persistent,
    Relapsing,
    Monophasic,
}

fn pattern(digest: &PatientDigest) -> Option<Pattern> {
    followed(digest, 2.0)?;
    digest.course.last_clinical_lesions?;
    match digest.course.clinical_remission_day {
        None => Some(Pattern::Persistent),
        Some(day) if day > PERSISTENT_DAYS => Some(Pattern::Persistent),
        Some(_) if digest.course.clinical_relapse? => Some(Pattern::Relapsing),
        Some(_) => Some(Pattern::Monophasic),
    }
}

fn has_pattern(digest: &PatientDigest, wanted: Pattern) -> Option<Observation> {
    pattern(digest).map(|found| Observation::yes(found == wanted))
}

/// Sites (one or more) and relapse (no or yes) over at least three years.
fn classed(digest: &PatientDigest, monofocal: bool, relapse: bool) -> Option<Observation> {
    followed(digest, 3.0)?;
    let one = digest.course.monofocal_course?;
    let again = relapsed(digest)?;
    Some(Observation::yes(one == monofocal && again == relapse))
}

/// Months from presentation to the first clinical relapse, or of follow-up without one.
fn first_relapse(digest: &PatientDigest) -> Option<Observation> {
    let watched = followed(digest, 0.0).filter(|days| *days > 0.0)?;
    let course = &digest.course;
    Some(match (course.clinical_remission_day, course.clinical_relapse_day) {
        (Some(remission), Some(relapse)) => Observation::time(months(remission + relapse), true),
        _ => Observation::time(months(watched), false),
    })
}

/// Months from presentation to clinical remission, or of follow-up without it.
fn first_remission(digest: &PatientDigest) -> Option<Observation> {
    let watched = followed(digest, 0.0).filter(|days| *days > 0.0)?;
    Some(match digest.course.clinical_remission_day {
        Some(day) => Observation::time(months(day), true),
        None => Observation::time(months(watched), false),
    })
}

pub(super) const STATISTICS: &[Statistic] = &[
    row(
        &["kaiser.multifocal"],
        CnoCare,
        Proportion,
        Approximate,
        "More than one site over the course by examination and MRI; the source classes SAPHO apart.",
        |d| {
            presented(d)?;
            yes(d.course.monofocal_course.map(|one| !one))
        },
    ),
    row(
        &["kaiser.unifocal"],
        CnoCare,
        Proportion,
        Approximate,
        "One single site over the whole course by examination and MRI; the source classes SAPHO apart.",
        |d| {
            presented(d)?;
            yes(d.course.monofocal_course)
        },
    ),
    row(
        &["gir05.uni_norelapse"],
        CnoCare,
        Proportion,
        Approximate,
        "One site over the course and no clinical relapse, patients followed for 3 years or more.",
        |d| classed(d, true, false),
    ),
    row(
        &["gir05.uni_relapse"],
        CnoCare,
        Proportion,
        Approximate,
        "One site over the course and a clinical relapse, patients followed for 3 years or more.",
        |d| classed(d, true, true),
    ),
    row(
        &["gir05.multi_norelapse"],
        CnoCare,
        Proportion,
        Approximate,
        "Several sites over the course and no clinical relapse, patients followed for 3 years or more.",
        |d| classed(d, false, false),
    ),
    row(
        &["gir05.multi_relapse"],
        CnoCare,
        Proportion,
        Approximate,
        "Several sites over the course and a clinical relapse, patients followed for 3 years or more.",
        |d| classed(d, false, true),
    ),
    row(
        &["kaiser.persistent", "tr18.persistent"],
        CnoCare,
        Proportion,
        Approximate,
        "No visit without clinical lesion within 6 months of presentation, patients followed for 2 years or more.",
        |d| has_pattern(d, Pattern::Persistent),
    ),
    row(
        &["kaiser.relapsing", "tr18.recurrent"],
        CnoCare,
        Proportion,
        Approximate,
        "Clinical remission within 6 months and a relapse later, patients followed for 2 years or more.",
        |d| has_pattern(d, Pattern::Relapsing),
    ),
    row(
        &["kaiser.monophasic"],
        CnoCare,
        Proportion,
        Approximate,
        "Clinical remission within 6 months and no relapse, patients followed for 2 years or more.",
        |d| has_pattern(d, Pattern::Monophasic),
    ),
    row(
        &["schnabel.t_relapse"],
        CnoCare,
        SurvivalMedian,
        Approximate,
        "Kaplan-Meier median of months from presentation (for diagnosis) to the first clinical relapse after clinical remission.",
        first_relapse,
    ),
    row(
        &["schnabel.relapsefree_5y"],
        CnoCare,
        SurvivalAt { time: 60.0 },
        Approximate,
        "Kaplan-Meier share without clinical relapse 60 months after presentation (for diagnosis).",
        first_relapse,
    ),
    row(
        &["schnabel.ever_relapse"],
        CnoCare,
        EventBy { time: 28.8 },
        Approximate,
        "Kaplan-Meier share with a clinical relapse within 2.4 years of presentation, the median follow-up of the source.",
        first_relapse,
    ),
    row(
        &["schnabel.remission_1y"],
        CnoCare,
        EventBy { time: 12.0 },
        AsSource,
        "Kaplan-Meier share with a visit without clinical lesion within 12 months of presentation.",
        first_remission,
    ),
    row(
        &["yue.time_remission"],
        CnoCare,
        SurvivalMedian,
        Approximate,
        "Kaplan-Meier median of months from presentation to the first visit without clinical lesion.",
        first_remission,
    ),
    treated(
        &["schnabel.nsaid_relapse_2y"],
        CnoNsaid,
        EventBy { time: 24.0 },
        Approximate,
        "Kaplan-Meier share with a clinical relapse within 24 months of the first visit without clinical lesion.",
        |d| {
            presented(d)?;
            let free = d.course.clinical_relapse_free_days?;
            Some(Observation::time(months(free), d.course.clinical_relapse?))
        },
    ),
    row(
        &["nprd23.clin_48"],
        CnoCare,
        Mean,
        AsSource,
        "Mean clinical lesions 48 months after presentation, patients with none included.",
        |d| {
            presented(d)?;
            count(d.at_month(48)?.clinical_lesions)
        },
    ),
    row(
        &["nprd23.mri_48"],
        CnoCare,
        Mean,
        AsSource,
        "Mean MRI lesions 48 months after presentation, patients with none included.",
        |d| {
            presented(d)?;
            count(d.at_month(48)?.mri_lesions)
        },
    ),
    row(
        &["it29.symptomfree_3y"],
        CnoCare,
        Proportion,
        AsSource,
        "No clinical lesion and worst pain at most 1/10, 36 months after presentation.",
        |d| {
            presented(d)?;
            yes(d.at_month(36)?.symptom_free)
        },
    ),
    row(
        &["tr18.remission"],
        CnoCare,
        Proportion,
        Approximate,
        "No clinical and no MRI lesion 12 months after presentation; the source looks at a median of 15 months.",
        |d| {
            presented(d)?;
            let found = d.at_month(12)?;
            Some(Observation::yes(found.clinical_lesions? == 0 && found.mri_free?))
        },
    ),
    row(
        &["bhat18.remission_last"],
        CnoCare,
        Proportion,
        Approximate,
        "No clinical lesion at the last examination, patients followed for a year or more.",
        |d| {
            followed(d, 1.0)?;
            yes(d.course.last_clinical_lesions.map(|n| n == 0))
        },
    ),
    row(
        &["lei.asymptomatic_last"],
        CnoCare,
        Proportion,
        Approximate,
        "No clinical lesion and worst pain at most 1/10 at the last examination, patients followed for 3 years or more (source: median 6).",
        |d| {
            followed(d, 3.0)?;
            yes(d.course.last_symptom_free)
        },
    ),
    row(
        &["lei.off_treatment_last"],
        CnoCare,
        Proportion,
        Approximate,
        "Symptom-free and without running drug at the last examination, patients followed for 3 years or more (source: median 6).",
        |d| {
            followed(d, 3.0)?;
            Some(Observation::yes(d.course.last_symptom_free? && d.course.last_off_drugs?))
        },
    ),
    row(
        &["trial.survey_flare"],
        CnoCare,
        Proportion,
        Approximate,
        "A clinical relapse or an unscheduled visit because of symptoms, patients followed for a year or more; the source asks patients.",
        |d| {
            followed(d, 1.0)?;
            if d.course.flare_visits > 0 { Some(Observation::yes(true)) } else { yes(relapsed(d)) }
        },
    ),
    row(
        &["irl.second_line"],
        CnoCare,
        Proportion,
        Approximate,
        "A drug other than NSAID or antibiotic was given; follows in part from the escalation rule of the study.",
        |d| {
            followed(d, 1.0)?;
            Some(Observation::yes(d.course.second_line))
        },
    ),
    row(
        &["kaiser.nsaid_sufficient"],
        CnoCare,
        Proportion,
        Approximate,
        "No drug beyond NSAID was needed; follows in part from the escalation rule of the study.",
        |d| {
            followed(d, 1.0)?;
            Some(Observation::yes(!d.course.second_line))
        },
    ),
];
