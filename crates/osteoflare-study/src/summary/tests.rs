//! Summaries of made-up cohorts, checked against the patients one by one.

use osteoflare_clinic::digest::PatientDigest;

use super::*;
use crate::file::StudyFile;
use crate::run::{Existing, RunOptions, run};
use crate::testing::made_up;

const STUDY: &str = r#"
[study]
name = "known"
seed = 21
patients = 90
horizon = "2 y"
[groups.sound]
population = "healthy"
[groups.ill]
population = "broken_tolerance"
[groups.ill_antibiotics]
twins_of = "ill"
treatments = [{ drug = "cefazolin", for = "3 wk" }]
"#;

struct Known {
    summary: Summary,
    digests: IndexMap<String, Vec<PatientDigest>>,
}

fn known() -> Known {
    let folder = tempfile::tempdir().unwrap();
    let file = StudyFile::parse(STUDY, "known.toml").unwrap();
    let options = RunOptions { existing: Existing::Refuse, ..RunOptions::new(folder.path().join("r")) };
    run(&file, &options, made_up, &mut |_| {}).unwrap();
    let results = Results::open(&options.out).unwrap();
    let digests = file.study.groups.iter().map(|group| {
        let lives = (0..group.patients).map(|index| made_up(&file.study, group, index).unwrap());
        (group.name.clone(), lives.map(|life| PatientDigest::from_record(&life.record)).collect())
    });
    Known { summary: results.summary().unwrap(), digests: digests.collect() }
}

#[test]
fn numbers_follow_from_the_patients() {
    let Known { summary, digests } = known();
    assert_eq!(summary.groups.keys().collect::<Vec<_>>(), ["sound", "ill", "ill_antibiotics"]);
    let (sound, ill) = (&summary.groups["sound"], &summary.groups["ill"]);
    assert_eq!((sound.seen_at, ill.seen_at), (SeenAt::ControlVisit, SeenAt::Presentation));
    assert_eq!((sound.value("presented_share"), ill.value("presented_share")), (Some(0.0), Some(1.0)));
    assert_eq!(sound.value("mri_lesions_median"), Some(0.0));

    let share = |of: fn(&PatientDigest) -> Option<bool>| {
        let known: Vec<bool> = digests["ill"].iter().filter_map(of).collect();
        known.iter().filter(|flag| **flag).count() as f64 / known.len() as f64
    };
    assert_eq!(ill.value("mri_unifocal_share").unwrap(), share(|digest| digest.entry.mri_unifocal));
    assert_eq!(ill.value("fever_share").unwrap(), share(|digest| digest.entry.fever));
    assert_eq!(ill.value("chronic_share").unwrap(), share(|digest| digest.course.chronic));
    let lesions: Vec<f64> =
        digests["ill"].iter().filter_map(|digest| digest.entry.clinical_lesions.map(f64::from)).collect();
    let mean = lesions.iter().sum::<f64>() / lesions.len() as f64;
    assert!((ill.value("clinical_lesions_mean").unwrap() - mean).abs() < 1e-12);
    assert_eq!(ill.numbers["clinical_lesions_mean"].patients, lesions.len() as u64);

    assert_eq!(ill.estimate("cured_by_antibiotics_share"), None, "nobody was given any");
    assert!(summary.groups["ill_antibiotics"].estimate("cured_by_antibiotics_share").is_some());
    for (name, group) in &summary.groups {
        for (measure, number) in &group.numbers {
            let Some(Estimate { value, ci: [low, high], .. }) = number.estimate else { continue };
            assert!(low <= value && value <= high, "{name}.{measure}: {value} outside {low} to {high}");
        }
    }
}

#[test]
fn the_summary_survives_its_file() {
    let summary = known().summary;
    let text = serde_json::to_string_pretty(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
    let value: Value = serde_json::from_str(&text).unwrap();
    let group = &value["groups"]["ill"];
    assert!(group["chronic_share"].is_number() && group["chronic_share_ci"].is_array());
    assert_eq!(group["cured_by_antibiotics_share_ci"], Value::Null);
    let broken = text.replacen("\"chronic_share\": ", "\"chronic_share\": \"x", 1);
    assert!(serde_json::from_str::<Summary>(&broken).is_err());
}

#[test]
fn the_contrast_is_made_of_the_numbers() {
    let Known { summary, .. } = known();
    let contrast = &summary.contrast;
    assert_eq!(contrast.rows.keys().collect::<Vec<_>>(), ["cause", "time_course", "pattern", "response"]);
    assert_eq!(
        contrast.columns.keys().collect::<Vec<_>>(),
        ["sound", "ill"],
        "twins are no column of their own"
    );
    let (sound, ill) = (&contrast.columns["sound"], &contrast.columns["ill"]);
    assert_eq!(sound.time_course.text, "Nobody falls ill.");
    assert_eq!(sound.pattern.text, "The first MRI is read as free of lesions in 100 %.");
    assert_eq!(sound.response.text, "Nothing to treat.");
    assert!(
        sound.cause.text.ends_with("Sterile inflammation dies out at every site."),
        "{}",
        sound.cause.text
    );
    assert!(ill.cause.text.starts_with("No bacteria in the bone of any child."), "{}", ill.cause.text);
    assert!(
        ill.cause.text.contains("In 100 % inflammation of some site can sustain itself"),
        "{}",
        ill.cause.text
    );
    assert!(ill.pattern.text.starts_with("Several foci: median"), "{}", ill.pattern.text);
    assert!(
        ill.response.text.contains("Untreated: ")
            && ill.response.text.contains("Cefazolin: cured by antibiotics")
    );
    for answer in ill.answers() {
        assert!(!answer.numbers.is_empty());
    }
    for (measure, value) in &ill.pattern.numbers {
        assert_eq!(*value, summary.groups["ill"].value(measure), "{measure}");
    }
    let cured = ill.response.numbers["ill_antibiotics.cured_by_antibiotics_share"];
    assert_eq!(cured, summary.groups["ill_antibiotics"].value("cured_by_antibiotics_share"));
}

#[test]
fn shares_in_words_do_not_round_to_the_ends() {
    assert_eq!(percent(0.0), "0 %");
    assert_eq!(percent(0.001), "under 1 %");
    assert_eq!(percent(0.625), "63 %");
    assert_eq!(percent(0.999), "over 99 %");
    assert_eq!(percent(1.0), "100 %");
}
