use super::*;
use crate::record::{Finding, LabResult, Place};

fn problems(text: &str) -> Vec<String> {
    match read_json(text) {
        Ok((_, questions)) => questions.iter().map(ToString::to_string).collect(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn every_structural_problem_is_told_with_its_line() {
    let found = problems(
        "{\n \"osteoflare_record\": 1,\n \"id\": \"x\",\n \"patient\": {\"sex\": \"femal\", \"agee_years\": 4},\n \"imaging\": [\n  {\"modality\": \"mry\"},\n  {\"modality\": \"mri\", \"lesions\": [{\"place\": {\"side\": \"Q\"}}]}\n ]\n}",
    );
    let text = found.join("\n");
    assert_eq!(found.len(), 5, "{text}");
    for part in [
        "line 4, patient.sex: found \"femal\", allowed: female, male; did you mean `female`?",
        "line 4, patient.agee_years: there is no such field; did you mean `age_years`",
        "line 6, imaging[0].modality",
        "imaging[1].lesions[0].place.side: found \"Q\", allowed: L, R, B, M",
        "the field `bone` is missing",
    ] {
        assert!(text.contains(part), "{part} not in\n{text}");
    }
}

#[test]
fn malformed_text_is_one_problem_with_a_line() {
    let found = problems("{\n\"id\": ,\n}");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("line 2"), "{found:?}");
    let deep = "[".repeat(100_000);
    assert_eq!(problems(&deep).len(), 1);
}

#[test]
fn contradictions_come_all_at_once() {
    let text = r#"{
      "osteoflare_record": 1, "id": "x",
      "patient": {"age_years": 9, "age_at_onset_years": 11},
      "findings": [
        {"finding": "fever", "present": true}, {"finding": "pyrexia", "present": false},
        {"finding": "pain", "present": true, "place": {"bone": "left tibia", "side": "R"}}
      ],
      "laboratory": [
        {"analyte": "crp", "value": 12, "unit": "mm/h"},
        {"analyte": "esr", "value": 4000, "unit": "mm/h"},
        {"analyte": "hb", "value": 12},
        {"analyte": "platelets", "value": 900, "unit": "10^9/l", "qualitative": "normal", "reference": {"high": 450}}
      ],
      "imaging": [{"modality": "mri", "focality": "unifocal", "lesions": [
        {"place": {"bone": "tibia", "side": "L"}}, {"place": {"bone": "femur", "side": "L"}}]}],
      "treatments": [{"drug": "naproxen", "start": 10, "stop": 2}, {"drug": "naproxin", "start": "2024-01-01"}]
    }"#;
    let found = problems(text).join("\n");
    for part in [
        "age_at_onset_years: the illness begins at 11 years",
        "findings[1]: `fever` is present and absent",
        "findings[2].place.side",
        "laboratory[0].unit: `mm/h` is no unit of crp",
        "laboratory[1].value: 4000 mm/h of esr is hardly possible",
        "laboratory[2]: the value has no unit",
        "laboratory[3].qualitative: 900 contradicts",
        "imaging[0].focality: says unifocal, but the study lists 2",
        "treatments[0].stop: day 2 lies before",
        "treatments[1].start: is a calendar date",
        "treatments[1].drug: no instrument knows the drug `naproxin`; did you mean `naproxen`",
    ] {
        assert!(found.contains(part), "{part} not in\n{found}");
    }
}

#[test]
fn unknown_words_are_questions_and_the_record_is_kept() {
    let mut record = Record::new("x");
    record.findings.push(Finding::present("purple toenails"));
    record.laboratory.push(LabResult::number("copper", 3.0, "mg/l"));
    let found = check(&record);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|p| p.severity == Severity::Question));
}

#[test]
fn a_record_comes_back_from_its_json() {
    let mut record = Record::new("x");
    record.findings.push(Finding { place: Some(Place::of("shin")), ..Finding::present("pain") });
    record.history.symptom_duration_days = Some(crate::record::Range { low: 14.0, high: 21.0 });
    let text = serde_json::to_string_pretty(&record).expect("serialises");
    assert_eq!(read_json(&text).expect("is valid").0, record);
}
