//! What is old says nothing of now, and what is from elsewhere nothing of bone.

use osteoflare_clinic::{
    differential::{Prior, differential},
    instruments::{Instrument, score_all},
    lesion_book::{Event, LesionBook},
    record::Record,
    view::{State, View},
};
use serde_json::{Value, json};

fn record(parts: Value) -> Record {
    let mut value = json!({"osteoflare_record": 1, "id": "T"});
    let (Some(record), Value::Object(parts)) = (value.as_object_mut(), parts) else { panic!("objects") };
    record.extend(parts);
    serde_json::from_value(value).expect("a record")
}

fn instrument(record: &Record, id: &str) -> Instrument {
    score_all(record, f64::INFINITY, None).into_iter().find(|i| i.id == id).expect("an instrument")
}

fn item(record: &Record, id: &str, item: &str) -> State {
    let instrument = instrument(record, id);
    instrument.items.iter().find(|i| i.id == item).expect("an item").state
}

fn whole_body_mri(day: f64, bones: &[&str]) -> Value {
    let lesions: Vec<Value> = bones
        .iter()
        .map(|bone| json!({"place": {"bone": bone, "side": "L"}, "descriptors": ["marrow_oedema"]}))
        .collect();
    json!({"modality": "mri", "coverage": "whole_body", "all_lesions_listed": true, "when": day, "lesions": lesions})
}

#[test]
fn a_response_needs_every_item_after_the_baseline() {
    let six = ["tibia", "femur", "fibula", "humerus", "radius", "ulna"];
    let parts = |esr: Value| {
        record(json!({
            "assessments": [
                {"when": 0, "patient_global_0_10": 6, "physician_global_0_10": 6, "chaq": {"disability_index": 1.5}},
                {"when": 180, "physician_global_0_10": 1}
            ],
            "imaging": [whole_body_mri(0.0, &six), whole_body_mri(180.0, &six[..1])],
            "laboratory": esr
        }))
    };
    let esr =
        |value: f64, when: Value| json!({"analyte": "esr", "value": value, "unit": "mm/h", "when": when});
    let measured = instrument(&parts(json!([esr(40.0, json!(0)), esr(5.0, json!(180))])), "pedcno");
    // ESR, lesions and physician are better; the two others could be worse.
    assert_eq!(measured.classification.as_str(), "undetermined");
    let old = instrument(&parts(json!([esr(40.0, json!(0))])), "pedcno");
    assert_eq!(old.classification.as_str(), "undetermined");
    let undated = json!([{"analyte": "esr", "value": 5.0, "unit": "mm/h"}]);
    assert_eq!(item(&parts(undated), "pedcno", "esr"), State::Unknown);
}

#[test]
fn an_old_picture_is_no_active_disease() {
    let calm = record(json!({
        "imaging": [whole_body_mri(0.0, &["tibia"])],
        "visits": [{"when": 400, "whole_body_examined": true}],
        "assessments": [{"when": 400, "pain_0_10": 0}]
    }));
    assert_ne!(instrument(&calm, "active_disease").classification.as_str(), "positive");
    assert_eq!(item(&calm, "carra_ctp_2018", "oedema_12_weeks"), State::Unknown);
}

#[test]
fn the_newest_word_on_pain_counts() {
    let hurts = json!({"finding": "pain", "present": true, "when": 200});
    let later = record(json!({"assessments": [{"when": 0, "pain_0_10": 0}], "findings": [hurts]}));
    assert_eq!(item(&later, "active_disease", "pain"), State::Met);
    let gone = json!({"finding": "pain", "present": false, "when": 200});
    let gone = record(json!({"assessments": [{"when": 0, "pain_0_10": 9}], "findings": [gone]}));
    assert_eq!(item(&gone, "active_disease", "pain"), State::NotMet);
    let same_day = json!({"finding": "pain", "present": true, "when": 0});
    let same_day = record(json!({"assessments": [{"when": 0, "pain_0_10": 1}], "findings": [same_day]}));
    assert_eq!(item(&same_day, "active_disease", "pain"), State::Met);
}

#[test]
fn a_swab_of_the_nose_is_no_osteomyelitis() {
    let grown = |specimen: &str, organism: &str| {
        record(json!({"cultures": [{"specimen": specimen, "result": "positive", "organism": organism}]}))
    };
    for specimen in
        ["nasal swab", "skin", "sputum", "throat swab", "urine culture", "blood culture", "bone marrow"]
    {
        let record = grown(specimen, "Staphylococcus aureus");
        assert_eq!(item(&record, "eular_acr_2025", "infection"), State::Unknown, "{specimen}");
    }
    assert_eq!(
        item(&grown("bone biopsy", "Staphylococcus aureus"), "eular_acr_2025", "infection"),
        State::Met
    );
    let tuberculosis = grown("bone", "Mycobacterium tuberculosis");
    let view = View::new(&tuberculosis, f64::INFINITY);
    let found = differential(&view, &Prior::default());
    let proofs = |id: &str| found.candidate(id).expect("a candidate").proof.len();
    assert_eq!((proofs("tuberculous_osteomyelitis"), proofs("bacterial_osteomyelitis")), (1, 0));
}

#[test]
fn marrow_is_not_bone() {
    let marrow =
        record(json!({"biopsies": [{"done": true, "tissue": "bone marrow", "findings": ["normal"]}]}));
    assert_eq!(item(&marrow, "bristol_2016", "inflammatory_biopsy"), State::Unknown);
    let leukaemia =
        record(json!({"biopsies": [{"done": true, "tissue": "bone marrow", "findings": ["leukaemia"]}]}));
    assert_eq!(item(&leukaemia, "bristol_2016", "inflammatory_biopsy"), State::NotMet);
}

#[test]
fn numbers_and_words_do_not_contradict_each_other_unseen() {
    let count = |when: i32| {
        record(json!({"patient": {"age_years": 9}, "laboratory": [
            {"analyte": "blood_count", "qualitative": "normal", "when": 0},
            {"analyte": "platelets", "value": 60, "unit": "10^9/l", "when": when}
        ]}))
    };
    assert_eq!(item(&count(0), "jansson_2009", "normal_blood_count"), State::NotMet);
    assert_eq!(item(&count(200), "jansson_2009", "normal_blood_count"), State::NotMet);
    let crp = record(
        json!({"laboratory": [{"analyte": "crp", "value": 80, "unit": "mg/l", "qualitative": "normal"}]}),
    );
    assert_eq!(item(&crp, "inactive_disease", "normal_crp"), State::Unknown);
    let fell = record(json!({"laboratory": [
        {"analyte": "crp", "value": 80, "unit": "mg/l", "when": 0},
        {"analyte": "inflammatory_markers", "qualitative": "normal", "when": 200}
    ]}));
    assert_eq!(item(&fell, "inactive_disease", "normal_crp"), State::Met);
    let ten = record(json!({"laboratory": [{"analyte": "crp", "value": 10, "unit": "mg/l"}]}));
    assert_eq!(item(&ten, "inactive_disease", "normal_crp"), State::NotMet);
    assert_eq!(item(&ten, "jansson_2009", "crp_ge_10"), State::Met);
    let both = record(json!({"laboratory": [
        {"analyte": "crp", "value": 80, "unit": "mg/l", "when": 0},
        {"analyte": "crp", "value": 4, "unit": "mg/l", "when": 20}
    ]}));
    assert_eq!(item(&both, "inactive_disease", "normal_crp"), State::Unknown);
}

#[test]
fn courses_that_follow_each_other_are_one() {
    let courses = |second: i32| {
        record(json!({"treatments": [
            {"drug": "naproxen", "start": 0, "stop": 14},
            {"drug": "ibuprofen", "start": second, "stop": second + 15}
        ], "followed_until": 400}))
    };
    assert_eq!(item(&courses(14), "carra_ctp_2018", "nsaid_4_weeks"), State::Met);
    assert_eq!(item(&courses(200), "carra_ctp_2018", "nsaid_4_weeks"), State::NotMet);
}

#[test]
fn fahrenheit_is_no_fever_earlier() {
    let fever = |value: f64, unit: &str| {
        let parts = json!({"vital_signs": [{"analyte": "body_temperature", "value": value, "unit": unit}]});
        item(&record(parts), "jansson_2009", "normal_temperature")
    };
    assert_eq!(fever(100.4, "F"), fever(38.0, "degC"));
    assert_eq!(fever(100.4, "F"), State::Met);
}

#[test]
fn a_film_does_not_bring_a_lesion_back_and_two_lesions_are_two() {
    let film = json!({"modality": "radiograph", "when": 200, "lesions": [{"place": {"bone": "tibia", "side": "L"}}]});
    let healed =
        record(json!({"imaging": [whole_body_mri(0.0, &["tibia"]), whole_body_mri(180.0, &[]), film]}));
    let book = LesionBook::new(&healed, f64::INFINITY);
    assert_eq!(book.lesions[0].last(), Some(Event::Resolved));
    let part = |part: &str| json!({"place": {"bone": "tibia", "side": "L", "part": part}});
    let mut second = whole_body_mri(90.0, &[]);
    second["lesions"] = json!([part("distal_metaphysis"), part("proximal_metaphysis")]);
    let two = record(json!({"imaging": [whole_body_mri(0.0, &["tibia"]), second]}));
    assert_eq!(LesionBook::new(&two, f64::INFINITY).standing().count(), 2);
}

#[test]
fn one_disease_that_a_family_lacks_denies_no_other() {
    let family =
        |conditions: Value| item(&record(json!({"conditions": conditions})), "jansson_2007", "family");
    let relative =
        |disease: &str, status: &str| json!({"condition": disease, "status": status, "of": "first_degree"});
    assert_eq!(family(json!([relative("psoriasis", "excluded")])), State::Unknown);
    assert_eq!(family(json!([relative("autoimmune_disease", "excluded")])), State::NotMet);
    assert_eq!(
        family(json!([relative("autoimmune_disease", "excluded"), relative("psoriasis", "present")])),
        State::Met
    );
}

#[test]
fn a_film_of_the_lungs_is_no_film_of_bone() {
    let films = |film: Value| {
        let scan = json!({"modality": "bone_scan", "abnormal": true});
        item(&record(json!({"imaging": [film, scan]})), "king_1987", "radiograph_and_scan")
    };
    let chest = json!([{"bone": "chest"}]);
    assert_eq!(films(json!({"modality": "radiograph", "abnormal": true})), State::Met);
    assert_eq!(films(json!({"modality": "radiograph", "abnormal": false})), State::NotMet);
    assert_eq!(films(json!({"modality": "radiograph", "shown": chest, "abnormal": false})), State::Unknown);
    assert_eq!(
        films(json!({"modality": "radiograph", "shown": chest, "descriptors": ["pneumonia"]})),
        State::Unknown
    );
}

#[test]
fn low_phosphatase_alone_proves_nothing() {
    let proven = |parts: Value| {
        let record = record(parts);
        let view = View::new(&record, f64::INFINITY);
        differential(&view, &Prior::default()).proven.contains(&"hypophosphatasia")
    };
    let low = json!({"analyte": "alkaline_phosphatase", "qualitative": "low"});
    let raised = json!({"analyte": "pyridoxal_phosphate", "qualitative": "elevated"});
    assert!(!proven(json!({"laboratory": [low]})));
    assert!(!proven(json!({"laboratory": [raised]})));
    assert!(proven(json!({"laboratory": [low, raised]})));
    assert!(proven(
        json!({"laboratory": [low], "findings": [{"finding": "early_tooth_loss", "present": true}]})
    ));
}

#[test]
fn joints_and_soft_tissue_are_no_abnormal_bone() {
    let shows = |descriptors: Value| {
        let study = json!({"modality": "mri", "abnormal": true, "descriptors": descriptors});
        item(&record(json!({"imaging": [study]})), "eular_acr_2025", "abnormal_imaging")
    };
    assert_eq!(shows(json!(["arthritis", "soft_tissue_oedema"])), State::Unknown);
    assert_eq!(shows(json!(["arthritis", "marrow_oedema"])), State::Met);
    assert_eq!(shows(json!([])), State::Met);
}

#[test]
fn who_has_no_acne_has_no_severe_acne() {
    let acne = |present: bool| {
        let parts = json!({"findings": [{"finding": "acne", "present": present}], "imaging": [whole_body_mri(0.0, &["tibia"])]});
        item(&record(parts), "kahn_2003", "with_severe_acne")
    };
    assert_eq!((acne(false), acne(true)), (State::NotMet, State::Unknown));
}

#[test]
fn pus_leads_to_infection_whatever_the_shares() {
    let record = record(json!({
        "findings": [{"finding": "abscess", "present": true}],
        "laboratory": [{"analyte": "crp", "value": 5.0, "unit": "mg/l"}]
    }));
    let result = differential(&View::new(&record, f64::INFINITY), &Prior::default());
    assert!(result.proven.is_empty() && result.cno_held_back);
    assert_eq!(result.candidates[0].disease, "bacterial_osteomyelitis");
    assert_eq!(result.candidates[0].flags, ["pus_or_germs"]);
    let cno = result.candidate("cno").expect("CNO");
    assert!(cno.share > result.candidates[0].share);
}

#[test]
fn what_an_article_is_about_is_no_diagnosis() {
    let infection = |by: &str| {
        let last = json!({"disease": "bacterial_osteomyelitis", "kind": "final", "by": by});
        item(&record(json!({"diagnoses": [last]})), "eular_acr_2025", "infection")
    };
    assert_eq!((infection("authors"), infection("topic of the article")), (State::Met, State::Unknown));
}

#[test]
fn two_warnings_are_not_outvoted_by_shares() {
    let first = |parts: Value| {
        let record = record(parts);
        differential(&View::new(&record, f64::INFINITY), &Prior::default()).candidates[0].disease
    };
    let count =
        |analyte: &str, value: f64, unit: &str| json!({"analyte": analyte, "value": value, "unit": unit});
    let blood = json!([
        count("haemoglobin", 7.0, "g/dl"),
        count("platelets", 60.0, "10^9/l"),
        count("leukocytes", 2.5, "10^9/l")
    ]);
    assert_eq!(first(json!({"patient": {"age_years": 8}, "laboratory": blood})), "leukaemia");
    let mild = json!([count("haemoglobin", 9.5, "g/dl")]);
    assert_eq!(first(json!({"patient": {"age_years": 8}, "laboratory": mild})), "cno", "one warning alone");
}

#[test]
fn what_tissue_excludes_stands_behind_and_keeps_its_share() {
    let result = |absent: Value| {
        let record = record(json!({
            "imaging": [{"modality": "mri", "focality": "unifocal", "lesions": [{"place": {"bone": "humerus", "side": "L"}}]}],
            "biopsies": [{"done": true, "tissue": "bone", "findings": ["inflammation"], "absent": absent}]
        }));
        differential(&View::new(&record, f64::INFINITY), &Prior::default())
    };
    let (open, looked) = (result(json!([])), result(json!(["infection", "malignancy"])));
    assert_eq!(
        (open.candidates[0].disease, looked.candidates[0].disease),
        ("bacterial_osteomyelitis", "cno")
    );
    let share = |of: &osteoflare_clinic::differential::Differential| {
        of.candidate("bacterial_osteomyelitis").expect("a candidate").share
    };
    assert_eq!(share(&open), share(&looked));
    let excluded: Vec<&str> =
        looked.candidates.iter().filter(|c| !c.excluded.is_empty()).map(|c| c.disease).collect();
    assert_eq!(excluded.len(), 4, "{excluded:?}");
}
