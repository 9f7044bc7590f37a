//! Parts of a record that deny each other.

use super::Problems;
use crate::{
    lesions,
    place::{self, SiteSet},
    record::{Focality, Record, Status, When},
    vocabulary::{self, Kind},
};

pub fn check(record: &Record, problems: &mut Problems) {
    findings(record, problems);
    imaging(record, problems);
    tissue(record, problems);
    conditions(record, problems);
    times(record, problems);
}

fn canonical(kind: Kind, text: &str) -> &str {
    vocabulary::word(kind, text).map_or(text, |word| word.term.as_str())
}

fn findings(record: &Record, problems: &mut Problems) {
    let key = |i: usize| {
        let finding = &record.findings[i];
        let sites: Option<SiteSet> =
            finding.place.as_ref().and_then(|p| place::resolve(p).ok()).map(|r| r.sites);
        (canonical(Kind::Finding, finding.finding.as_str()), sites, finding.when.map(|w| day(record, &w)))
    };
    let keys: Vec<_> = (0..record.findings.len()).map(key).collect();
    for later in 0..keys.len() {
        let denied = (0..later).find(|&earlier| {
            keys[earlier] == keys[later] && record.findings[earlier].present != record.findings[later].present
        });
        if let Some(earlier) = denied {
            problems.error(
                format!("findings[{later}]"),
                format!(
                    "`{}` is present and absent at the same place and time (findings[{earlier}])",
                    keys[later].0
                ),
            );
        }
    }
    let present = |name: &str| {
        (0..keys.len()).find(|&i| keys[i].0 == name && record.findings[i].present).map(|i| (i, keys[i].2))
    };
    if let (Some((_, when)), Some((i, other))) = (present("multifocal"), present("unifocal"))
        && when == other
    {
        problems.error(format!("findings[{i}]"), "the illness is called unifocal and multifocal");
    }
}

fn day(record: &Record, when: &When) -> u64 {
    record.day(when).unwrap_or(f64::NAN).to_bits()
}

fn imaging(record: &Record, problems: &mut Problems) {
    for (i, study) in record.imaging.iter().enumerate() {
        let path = format!("imaging[{i}]");
        let sets: Vec<SiteSet> = study
            .lesions
            .iter()
            .filter_map(|lesion| place::resolve(&lesion.place).ok())
            .flat_map(|resolved| resolved.places().collect::<Vec<_>>())
            .collect();
        let fewest = lesions::surely_different(&sets);
        if study.focality == Some(Focality::Unifocal) && fewest > 1 {
            problems.error(
                format!("{path}.focality"),
                format!("says unifocal, but the study lists {fewest} lesions that cannot be one"),
            );
        }
        if study.focality == Some(Focality::Unifocal) && study.symmetric == Some(true) {
            problems.error(format!("{path}.symmetric"), "one lesion alone cannot be symmetric");
        }
        if study.focality == Some(Focality::Multifocal)
            && study.all_lesions_listed == Some(true)
            && sets.len() == 1
        {
            problems.error(
                format!("{path}.focality"),
                "says multifocal, but the only lesion that is listed is said to be all",
            );
        }
        if study.abnormal == Some(false) && !study.lesions.is_empty() {
            problems.error(format!("{path}.abnormal"), "says nothing abnormal, but lesions are listed");
        }
        overlap(Kind::Descriptor, &study.descriptors, &study.absent, &path, problems);
        for (k, lesion) in study.lesions.iter().enumerate() {
            overlap(
                Kind::Descriptor,
                &lesion.descriptors,
                &lesion.absent,
                &format!("{path}.lesions[{k}]"),
                problems,
            );
            for (n, other) in study.lesions[..k].iter().enumerate() {
                if other.place == lesion.place
                    && other.active.is_some()
                    && lesion.active.is_some()
                    && other.active != lesion.active
                {
                    problems.error(
                        format!("{path}.lesions[{k}].active"),
                        format!("the lesion at the same place (lesions[{n}]) says the contrary"),
                    );
                }
            }
        }
    }
}

fn overlap(
    kind: Kind,
    present: &[crate::record::Term],
    absent: &[crate::record::Term],
    path: &str,
    problems: &mut Problems,
) {
    for (k, term) in absent.iter().enumerate() {
        let name = canonical(kind, term.as_str());
        if present.iter().any(|other| canonical(kind, other.as_str()) == name) {
            problems.error(format!("{path}.absent[{k}]"), format!("`{name}` is both present and absent"));
        }
    }
}

fn tissue(record: &Record, problems: &mut Problems) {
    for (i, biopsy) in record.biopsies.iter().enumerate() {
        let path = format!("biopsies[{i}]");
        overlap(Kind::Tissue, &biopsy.findings, &biopsy.absent, &path, problems);
        if !(biopsy.done || biopsy.findings.is_empty() && biopsy.absent.is_empty()) {
            problems.error(format!("{path}.done"), "the biopsy was not done, but has a result");
        }
    }
    for (i, culture) in record.cultures.iter().enumerate() {
        if culture.result == crate::record::CultureResult::Sterile && culture.organism.is_some() {
            problems.error(format!("cultures[{i}].organism"), "the culture is sterile, but names a germ");
        }
    }
}

fn conditions(record: &Record, problems: &mut Problems) {
    for (i, later) in record.conditions.iter().enumerate() {
        let name = canonical(Kind::Disease, later.condition.as_str());
        let clash = record.conditions[..i].iter().position(|earlier| {
            canonical(Kind::Disease, earlier.condition.as_str()) == name
                && earlier.of == later.of
                && earlier.when == later.when
                && matches!(
                    (earlier.status, later.status),
                    (Status::Present, Status::Excluded) | (Status::Excluded, Status::Present)
                )
        });
        if let Some(earlier) = clash {
            problems.error(
                format!("conditions[{i}].status"),
                format!("`{name}` is present and excluded (conditions[{earlier}])"),
            );
        }
    }
}

fn times(record: &Record, problems: &mut Problems) {
    for (i, treatment) in record.treatments.iter().enumerate() {
        let day = |when: Option<When>| when.and_then(|when| record.day(&when));
        if let (Some(start), Some(stop), Some(given)) =
            (day(treatment.start), day(treatment.stop), treatment.duration_days)
            && stop >= start
            && (given.low > 1.5 * (stop - start) + 7.0 || given.high < (stop - start) / 1.5 - 7.0)
        {
            problems.error(
                format!("treatments[{i}].duration_days"),
                format!("does not fit start and stop, {} days apart", stop - start),
            );
        }
        if let (Some(start), Some(stop)) = (day(treatment.start), day(treatment.stop))
            && stop < start
        {
            problems.error(
                format!("treatments[{i}].stop"),
                format!("day {stop} lies before the start (day {start})"),
            );
        }
    }
    let mut before: Option<(usize, f64)> = None;
    for (i, visit) in record.visits.iter().enumerate() {
        let Some(day) = record.day(&visit.when) else { continue };
        if let Some((k, earlier)) = before
            && day < earlier
        {
            problems.error(
                format!("visits[{i}].when"),
                format!("day {day} lies before visits[{k}] (day {earlier}); visits go in order of time"),
            );
        }
        before = Some((i, day));
    }
    if let Some(end) = record.followed_until.and_then(|when| record.day(&when)) {
        for (path, when) in super::values::all_times(record) {
            // A prescription may be planned beyond the last observation.
            let planned = path.ends_with(".stop") || path == "followed_until";
            if !planned && record.day(&when).is_some_and(|day| day > end) {
                problems
                    .error(path, format!("lies after the last observation (`followed_until`, day {end})"));
            }
        }
    }
    if let (Some(onset), Some(duration)) = (
        record.history.symptom_onset.and_then(|when| record.day(&when)),
        record.history.symptom_duration_days,
    ) && onset <= 0.0
        && (duration.low > -onset * 1.5 + 31.0 || duration.high < -onset / 1.5 - 31.0)
    {
        problems.error(
            "history.symptom_duration_days",
            format!("does not fit the first symptom {} days before day 0", -onset),
        );
    }
    if let (Some(age), Some(duration)) = (record.patient.age_years, record.history.symptom_duration_days)
        && duration.low > (age.high + 1.0) * crate::record::DAYS_PER_YEAR
    {
        problems.error("history.symptom_duration_days", "is longer than the patient has lived");
    }
    // An age below zero is an error of its own.
    if let Some(age) = record.patient.age_years.filter(|age| age.low >= 0.0) {
        let earliest = -(age.high + 1.0) * crate::record::DAYS_PER_YEAR;
        for (path, when) in super::values::all_times(record) {
            if record.day(&when).is_some_and(|day| day < earliest) {
                problems.error(path, "lies before the patient was born");
            }
        }
    }
}
