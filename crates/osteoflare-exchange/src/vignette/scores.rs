//! Global judgements, questionnaires and counts of lesions.

use std::sync::LazyLock;

use osteoflare_clinic::record::{Assessment, Coverage, Finding, Focality, ImagingStudy};
use osteoflare_clinic::vocabulary::normalised;
use serde::Deserialize;
use serde_json::Value;

use super::extent::modalities;
use super::{Case, amount, is_unknown, laboratory, plain, words::Phrase};

/// A score with the upper end of its scale in the record.
#[derive(Deserialize)]
struct Score {
    score: String,
    synonyms: String,
    highest: f64,
}

#[allow(clippy::expect_used, reason = "an embedded table")]
static SCORES: LazyLock<Vec<Score>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../../data/scores.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded table is checked by the tests of this module")
});

/// Ends of keys that tell the scale.
const SCALES: [(&str, f64); 5] =
    [("_0_100", 100.0), ("_0_10", 10.0), ("_0_3", 3.0), ("_mm", 100.0), ("_cm", 10.0)];

/// The score of a key and the upper end of its scale, if the key tells it: `physician_global_vas_0_100`.
fn named(key: &str) -> Option<(&'static Score, Option<f64>)> {
    let key = normalised(key);
    let scale = SCALES.iter().find_map(|(end, highest)| Some((key.strip_suffix(end)?, *highest)));
    let (stem, highest) = match scale {
        Some((stem, highest)) => (stem, Some(highest)),
        None => (key.as_str(), None),
    };
    let stem = ["_vas", "_nrs", "_score"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    let score = SCORES
        .iter()
        .find(|one| one.score == stem || one.synonyms.split('|').any(|synonym| synonym == stem))?;
    // Pain without a scale is a finding.
    (score.score != "pain" || stem != key).then_some((score, highest))
}

/// A number on a scale, `4` or `4/10`, as it stands in the record; `None` if it does not lie on the scale.
fn on_scale(score: &Score, highest: Option<f64>, value: &Value) -> Option<f64> {
    let text = plain(value);
    let (number, highest) = match text.split_once('/') {
        Some((number, end)) => (number.trim().parse().ok()?, end.trim().parse().ok()?),
        None => {
            let said =
                amount::read(value).filter(|said| said.low == said.high && said.comparator.is_none())?;
            (said.low, highest.unwrap_or(score.highest))
        }
    };
    (0.0..=highest).contains(&number).then(|| number * score.highest / highest)
}

/// The number of lesions that a key announces, with how they were seen: `n_lesions`, `mri_lesions`.
fn counts_lesions(key: &str) -> bool {
    const BESIDE: [&str; 16] = [
        "n",
        "number",
        "count",
        "total",
        "of",
        "bone",
        "bones",
        "radiological",
        "on",
        "whole",
        "body",
        "wb",
        "stir",
        "imaging",
        "detected",
        "involved",
    ];
    let phrase = Phrase::new(key);
    let counted = |word: &str| matches!(word, "lesion" | "lesions" | "foci" | "sites");
    phrase.words().iter().any(|word| counted(word))
        && phrase.words().iter().all(|word| {
            counted(word) || BESIDE.contains(&word.as_str()) || !modalities(&Phrase::new(word)).is_empty()
        })
}

impl Case {
    /// A score or a count of lesions; `false` if the key names none.
    pub(super) fn score(&mut self, key: &str, value: &Value) -> bool {
        if value.is_u64() && counts_lesions(key) {
            self.count_of_lesions(key, value);
            return true;
        }
        let Some((score, highest)) = named(key) else { return false };
        if is_unknown(value) {
            self.remark(key, value);
            return true;
        }
        let Some(number) = on_scale(score, highest, value) else {
            self.ask(key, value);
            return true;
        };
        if score.score == "pain" {
            let pain = Finding { present: number > 0.0, when: self.when, ..Finding::present("pain") };
            self.record.findings.push(Finding { severity_0_10: Some(number), ..pain });
            return true;
        }
        let assessment = self.assessment();
        match score.score.as_str() {
            "physician_global" => assessment.physician_global_0_10 = Some(number),
            "patient_global" => assessment.patient_global_0_10 = Some(number),
            "chaq" => assessment.chaq.get_or_insert_default().disability_index = Some(number),
            _ if number.fract() == 0.0 => assessment.clinically_active_lesions = Some(number as u32),
            _ => self.ask(key, value),
        }
        true
    }

    /// What was asked and judged at the time of what is being read.
    fn assessment(&mut self) -> &mut Assessment {
        let when = self.when;
        let known = self.record.assessments.iter().position(|one| one.when == when);
        let place = known.unwrap_or_else(|| {
            self.record.assessments.push(Assessment { when, ..Assessment::default() });
            self.record.assessments.len() - 1
        });
        &mut self.record.assessments[place]
    }

    /// How many lesions there are. Where they lie is not said: a study keeps the number in words.
    fn count_of_lesions(&mut self, key: &str, value: &Value) {
        let phrase = Phrase::new(key);
        let many = value.as_u64().unwrap_or_default();
        let (focality, term) = match many {
            0 => (None, None),
            1 => (Some(Focality::Unifocal), Some("unifocal")),
            _ => (Some(Focality::Multifocal), Some("multifocal")),
        };
        let seen = modalities(&phrase);
        let note = Some(format!("{}: {many}", key.replace('_', " ")));
        let Some(&modality) = seen.first() else {
            return match term {
                Some(term) => {
                    let finding = Finding { when: self.when, note, ..Finding::present(term) };
                    self.record.findings.push(finding);
                }
                None => self.ask(key, value),
            };
        };
        let whole = phrase.has("wb") || phrase.has("whole") && phrase.has("body");
        self.record.imaging.push(ImagingStudy {
            focality,
            coverage: whole.then_some(Coverage::WholeBody),
            all_lesions_listed: (many == 0).then_some(true),
            when: self.when,
            note,
            ..ImagingStudy::new(modality)
        });
    }

    /// A section of scores: `scores`, `assessment`.
    pub(super) fn scores(&mut self, section: &str, value: &Value) {
        let Some(fields) = value.as_object() else { return self.ask(section, value) };
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            if !self.measure_of_course(key, value) {
                self.finding(key, value, false);
            }
        }
    }

    /// A score, a count of lesions or a result of the blood; `false` if the key names none.
    pub(super) fn measure_of_course(&mut self, key: &str, value: &Value) -> bool {
        if self.score(key, value) {
            return true;
        }
        let blood = laboratory::is_result(key);
        if blood {
            self.result(key, value);
        }
        blood
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_told_with_and_without_their_scale() {
        let read = |key: &str, value: Value| {
            let (score, highest) = named(key)?;
            Some((score.score.as_str(), on_scale(score, highest, &value)))
        };
        assert_eq!(read("physician_global", 4.into()), Some(("physician_global", Some(4.0))));
        assert_eq!(read("parent_global_vas_0_100", 35.into()), Some(("patient_global", Some(3.5))));
        assert_eq!(read("patient_global_mm", 35.into()), Some(("patient_global", Some(3.5))));
        assert_eq!(read("PGA", "4/10".into()), Some(("physician_global", Some(4.0))));
        assert_eq!(read("chaq_0_3", 1.25.into()), Some(("chaq", Some(1.25))));
        assert_eq!(read("physician_global", 45.into()), Some(("physician_global", None)));
        assert_eq!(read("pain_vas", 6.into()), Some(("pain", Some(6.0))));
        assert_eq!(read("pain", 6.into()), None);
        assert!(counts_lesions("whole_body_mri_lesions") && counts_lesions("n_lesions"));
        assert!(!counts_lesions("skin_lesions") && !counts_lesions("mri"));
    }
}
