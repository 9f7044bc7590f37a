//! Single values: words, places, units, ranges, times.

use super::{NOT_UNDERSTOOD, Problems, did_you_mean};
use crate::{
    place,
    record::{Place, Qualitative, Record, When},
    units,
    vocabulary::{self, Kind},
};

/// Age above which a person is not believed, years.
const OLDEST_YEARS: f64 = 120.0;

pub fn check(record: &Record, problems: &mut Problems) {
    patient(record, problems);
    times(record, problems);
    for (i, condition) in record.conditions.iter().enumerate() {
        word(Kind::Disease, condition.condition.as_str(), &format!("conditions[{i}].condition"), problems);
    }
    for (i, finding) in record.findings.iter().enumerate() {
        let path = format!("findings[{i}]");
        word(Kind::Finding, finding.finding.as_str(), &format!("{path}.finding"), problems);
        if let Some(place) = &finding.place {
            locate(place, &format!("{path}.place"), problems);
        }
        scale(finding.severity_0_10, 10.0, &format!("{path}.severity_0_10"), problems);
        if finding.duration_days.is_some_and(|d| d.high < 0.0 || d.low < 0.0 && d.low.is_finite()) {
            problems.error(format!("{path}.duration_days"), "is negative");
        }
    }
    results(record, problems);
    imaging(record, problems);
    for (i, biopsy) in record.biopsies.iter().enumerate() {
        let path = format!("biopsies[{i}]");
        if let Some(place) = &biopsy.place {
            locate(place, &format!("{path}.place"), problems);
        }
        for (list, terms) in [("findings", &biopsy.findings), ("absent", &biopsy.absent)] {
            for (k, term) in terms.iter().enumerate() {
                word(Kind::Tissue, term.as_str(), &format!("{path}.{list}[{k}]"), problems);
            }
        }
    }
    for (i, culture) in record.cultures.iter().enumerate() {
        if let Some(place) = &culture.place {
            locate(place, &format!("cultures[{i}].place"), problems);
        }
    }
    for (i, treatment) in record.treatments.iter().enumerate() {
        let name = treatment.drug.as_str();
        if vocabulary::drug(name).is_none() {
            let near = did_you_mean(&vocabulary::suggest_drug(name));
            problems.question(
                format!("treatments[{i}].drug"),
                format!("no instrument knows the drug `{name}`{near}"),
            );
        }
    }
    for (i, diagnosis) in record.diagnoses.iter().enumerate() {
        word(Kind::Disease, diagnosis.disease.as_str(), &format!("diagnoses[{i}].disease"), problems);
    }
    assessments(record, problems);
    for (i, note) in record.notes.iter().enumerate() {
        let Some(text) = note.strip_prefix(NOT_UNDERSTOOD) else { continue };
        let (what, value) = text.split_once(": ").unwrap_or((text, ""));
        let (what, value) = (vocabulary::normalised(what), vocabulary::normalised(value));
        problems.question(
            format!("notes[{i}]"),
            format!("`{value}` under `{what}` was not understood, and no instrument reads it"),
        );
    }
}

fn patient(record: &Record, problems: &mut Problems) {
    let patient = &record.patient;
    for (name, age) in [("age_years", patient.age_years), ("age_at_onset_years", patient.age_at_onset_years)]
    {
        let Some(age) = age else { continue };
        let path = format!("patient.{name}");
        if age.low < 0.0 && age.low.is_finite() || age.high < 0.0 {
            problems.error(&path, format!("is negative ({})", age.low));
        } else if age.high.is_finite() && age.high > OLDEST_YEARS || age.low > OLDEST_YEARS {
            problems.error(&path, format!("{} years is no age of a person", age.high));
        } else if age.low > 25.0 {
            problems.question(&path, format!("{} years: the instruments are made for children", age.low));
        }
    }
    if let (Some(age), Some(onset)) = (patient.age_years, patient.age_at_onset_years)
        && onset.low > age.high
    {
        problems.error(
            "patient.age_at_onset_years",
            format!("the illness begins at {} years, after the age at day 0 ({})", onset.low, age.high),
        );
    }
    if let (Some(birth), Some(start)) = (patient.birth_date, record.reference_date) {
        let age = f64::from(start.days_since(birth)) / crate::record::DAYS_PER_YEAR;
        if age < 0.0 {
            problems.error("patient.birth_date", format!("{birth} lies after day 0 ({start})"));
        } else if let Some(told) = patient.age_years
            && (told.low > age + 1.0 || told.high < age - 1.0)
        {
            problems.error(
                "patient.age_years",
                format!("does not fit the birth date {birth}: {age:.1} years at day 0 ({start})"),
            );
        }
    }
}

/// Every time of the record with its path.
pub fn all_times(record: &Record) -> Vec<(String, When)> {
    let mut times = Vec::new();
    let mut push = |path: String, when: Option<When>| {
        if let Some(when) = when {
            times.push((path, when));
        }
    };
    push("history.symptom_onset".to_owned(), record.history.symptom_onset);
    for (i, visit) in record.visits.iter().enumerate() {
        push(format!("visits[{i}].when"), Some(visit.when));
    }
    macro_rules! list {
        ($($field:ident),+) => {
            $(for (i, item) in record.$field.iter().enumerate() {
                push(format!(concat!(stringify!($field), "[{}].when"), i), item.when);
            })+
        };
    }
    list!(conditions, findings, vital_signs, laboratory, imaging, biopsies, cultures, genetics, assessments);
    for (i, treatment) in record.treatments.iter().enumerate() {
        push(format!("treatments[{i}].start"), treatment.start);
        push(format!("treatments[{i}].stop"), treatment.stop);
    }
    list!(diagnoses, outcomes);
    push("followed_until".to_owned(), record.followed_until);
    times
}

fn times(record: &Record, problems: &mut Problems) {
    let lifetime = OLDEST_YEARS * crate::record::DAYS_PER_YEAR;
    for (path, when) in all_times(record) {
        match record.day(&when) {
            None => problems.error(
                path,
                "is a calendar date, but `reference_date` does not say which date day 0 is; give it, or write days since day 0",
            ),
            Some(day) if !day.is_finite() || day.abs() > lifetime => {
                problems.error(path, format!("{day} days from day 0 is outside a lifetime"));
            }
            Some(_) => {}
        }
    }
}

fn word(kind: Kind, text: &str, path: &str, problems: &mut Problems) {
    if vocabulary::word(kind, text).is_none() {
        let near = did_you_mean(&vocabulary::suggest_word(kind, text));
        problems.question(path, format!("no instrument knows the {} `{text}`{near}", kind.noun()));
    }
}

fn locate(place: &Place, path: &str, problems: &mut Problems) {
    if let Err(error) = place::resolve(place) {
        let field = match &error {
            place::PlaceError::UnknownBone { .. } => "bone",
            place::PlaceError::WrongPart { .. } => "part",
            place::PlaceError::WrongSide { .. } | place::PlaceError::Contradiction { .. } => "side",
        };
        problems.error(format!("{path}.{field}"), error.to_string());
    }
    if place.at_least == Some(0) {
        problems.error(format!("{path}.at_least"), "is 0; a place that is named is at least one");
    }
}

fn scale(value: Option<f64>, highest: f64, path: &str, problems: &mut Problems) {
    if let Some(value) = value
        && !(0.0..=highest).contains(&value)
    {
        problems.error(path, format!("{value} is not on the scale from 0 to {highest}"));
    }
}

fn results(record: &Record, problems: &mut Problems) {
    for (list, entries) in [("laboratory", &record.laboratory), ("vital_signs", &record.vital_signs)] {
        for (i, entry) in entries.iter().enumerate() {
            let path = format!("{list}[{i}]");
            let name = entry.analyte.as_str();
            let Some(analyte) = vocabulary::analyte(name) else {
                let near = did_you_mean(&vocabulary::suggest_analyte(name));
                problems.question(
                    format!("{path}.analyte"),
                    format!("no instrument knows the analyte `{name}`{near}"),
                );
                continue;
            };
            if entry.value.is_none() && entry.qualitative.is_none() {
                problems.question(&path, "has neither a value nor a result in words; it says nothing");
            }
            if let Some(range) = entry.reference
                && let (Some(low), Some(high)) = (range.low, range.high)
                && low > high
            {
                problems.error(
                    format!("{path}.reference"),
                    format!("the lower limit {low} is above the upper {high}"),
                );
            }
            let Some(value) = entry.value else { continue };
            let Some(unit) = &entry.unit else {
                if analyte.dimension != "none" {
                    let allowed = units::allowed(analyte).join(", ");
                    problems.question(
                        &path,
                        format!(
                            "the value has no unit and is not used; units of {}: {allowed}",
                            analyte.name
                        ),
                    );
                }
                continue;
            };
            match units::canonical(analyte, value, unit) {
                Err(error) => problems.error(format!("{path}.unit"), error.to_string()),
                Ok(value) => {
                    let [low, high] = analyte.plausible;
                    let bounds = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
                    if value < 0.0 && analyte.dimension != "temperature" {
                        problems
                            .error(format!("{path}.value"), format!("{value} {} is negative", analyte.unit));
                    } else if value < bounds.0 || value > bounds.1 {
                        problems.question(
                            format!("{path}.value"),
                            format!(
                                "{value} {} of {} is hardly possible ({} to {}); is the unit right?",
                                analyte.unit, analyte.name, bounds.0, bounds.1
                            ),
                        );
                    }
                }
            }
            against_words(entry, value, &path, problems);
        }
    }
}

/// A result in words that its own number and range deny.
fn against_words(entry: &crate::record::LabResult, value: f64, path: &str, problems: &mut Problems) {
    let (Some(words), Some(range)) = (entry.qualitative, entry.reference) else { return };
    if entry.comparator.is_some() {
        return;
    }
    let low = range.low.is_some_and(|low| value < low);
    let high = range.high.is_some_and(|high| value > high);
    let denied = match words {
        Qualitative::Normal => low || high,
        Qualitative::Elevated
        | Qualitative::MildlyElevated
        | Qualitative::ModeratelyElevated
        | Qualitative::StronglyElevated => range.high.is_some() && !high,
        Qualitative::Low | Qualitative::MildlyLow => range.low.is_some() && !low,
        _ => false,
    };
    if denied {
        problems.error(
            format!("{path}.qualitative"),
            format!("{value} contradicts the result in words and the reference range"),
        );
    }
}

fn imaging(record: &Record, problems: &mut Problems) {
    for (i, study) in record.imaging.iter().enumerate() {
        let path = format!("imaging[{i}]");
        for (list, terms) in [("descriptors", &study.descriptors), ("absent", &study.absent)] {
            for (k, term) in terms.iter().enumerate() {
                word(Kind::Descriptor, term.as_str(), &format!("{path}.{list}[{k}]"), problems);
            }
        }
        for (list, places) in [("shown", &study.shown), ("bright_marrow", &study.bright_marrow)] {
            for (k, place) in places.iter().enumerate() {
                locate(place, &format!("{path}.{list}[{k}]"), problems);
            }
        }
        for (k, lesion) in study.lesions.iter().enumerate() {
            let path = format!("{path}.lesions[{k}]");
            locate(&lesion.place, &format!("{path}.place"), problems);
            for (list, terms) in [("descriptors", &lesion.descriptors), ("absent", &lesion.absent)] {
                for (n, term) in terms.iter().enumerate() {
                    word(Kind::Descriptor, term.as_str(), &format!("{path}.{list}[{n}]"), problems);
                }
            }
            if let Some(grade) = lesion.extent_grade
                && !(1..=3).contains(&grade)
            {
                problems.error(format!("{path}.extent_grade"), format!("{grade} is not 1, 2 or 3"));
            }
            let sizes = [
                ("size_mm", lesion.size_mm, 1000.0),
                ("volume_ml", lesion.volume_ml, 5000.0),
                ("signal", lesion.signal, f64::INFINITY),
                ("muscle_signal", lesion.muscle_signal, f64::INFINITY),
            ];
            for (name, value, largest) in sizes {
                let Some(value) = value else { continue };
                if !(value >= 0.0) || name == "muscle_signal" && value == 0.0 {
                    problems.error(format!("{path}.{name}"), format!("{value} is not possible"));
                } else if value > largest {
                    problems.question(format!("{path}.{name}"), format!("{value} is hardly possible"));
                }
            }
        }
    }
}

fn assessments(record: &Record, problems: &mut Problems) {
    for (i, entry) in record.assessments.iter().enumerate() {
        let path = format!("assessments[{i}]");
        scale(entry.pain_0_10, 10.0, &format!("{path}.pain_0_10"), problems);
        scale(entry.patient_global_0_10, 10.0, &format!("{path}.patient_global_0_10"), problems);
        scale(entry.physician_global_0_10, 10.0, &format!("{path}.physician_global_0_10"), problems);
        let Some(chaq) = &entry.chaq else { continue };
        scale(chaq.disability_index, 3.0, &format!("{path}.chaq.disability_index"), problems);
        let domains = crate::instruments::chaq::domains();
        let known: Vec<&str> = domains.iter().flat_map(|d| d.items.iter().map(String::as_str)).collect();
        for key in chaq.items.keys() {
            if !known.contains(&key.as_str()) {
                let near = nearest(key, &known);
                problems.error(
                    format!("{path}.chaq.items.{key}"),
                    format!("there is no such item{}", did_you_mean(&near)),
                );
            }
        }
        let names: Vec<&str> = domains.iter().map(|d| d.id.as_str()).collect();
        for (k, domain) in chaq.aid_or_help.iter().flatten().enumerate() {
            if !names.contains(&domain.as_str()) {
                problems.error(
                    format!("{path}.chaq.aid_or_help[{k}]"),
                    format!("there is no domain `{domain}`; allowed: {}", names.join(", ")),
                );
            }
        }
    }
}

fn nearest<'a>(text: &str, words: &[&'a str]) -> Vec<&'a str> {
    words
        .iter()
        .map(|word| (strsim::jaro_winkler(word, text), *word))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
        .into_iter()
        .collect()
}
