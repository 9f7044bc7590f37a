//! Arithmetic and rules of single instruments. Published cases are in `tests/`.

use std::collections::BTreeMap;

use super::*;
use crate::{
    record::{
        Assessment, BodySide, Chaq, ChaqAnswer, Coverage, Finding, ImagingStudy, LabResult, Lesion, Modality,
        Place, Range, Visit, When,
    },
    view::State,
};

fn lesion(bone: &str, side: BodySide) -> Lesion {
    Lesion { active: Some(true), ..Lesion::at(Place::of(bone).on(side)) }
}

fn whole_body(lesions: Vec<Lesion>, day: f64) -> ImagingStudy {
    ImagingStudy {
        coverage: Some(Coverage::WholeBody),
        all_lesions_listed: Some(true),
        lesions,
        when: Some(When::Day(day)),
        ..ImagingStudy::new(Modality::Mri)
    }
}

fn all(record: &Record) -> BTreeMap<String, Instrument> {
    score_all(record, f64::INFINITY, None).into_iter().map(|r| (r.id.to_string(), r)).collect()
}

#[test]
fn nbods_adds_up_and_its_band_begins_above_17() {
    let mut record = Record::new("x");
    record.laboratory.push(LabResult::number("crp", 5.6, "mg/dl"));
    record.laboratory.push(LabResult::number("bands", 221.0, "/µl"));
    record.imaging.push(whole_body(vec![lesion("femur", BodySide::Left)], 0.0));
    let result = &all(&record)["nbods_2023"];
    assert_eq!(result.total, Some([17.0, 17.0]));
    assert_eq!(result.classification, Classification::Negative);
    record.laboratory[0].value = Some(5.5);
    assert_eq!(all(&record)["nbods_2023"].total, Some([73.0, 73.0]));
    assert_eq!(all(&record)["nbods_2023"].classification, Classification::Positive);
}

#[test]
fn jansson_reaches_63() {
    let mut record = Record::new("x");
    record.patient.age_years = Some(Range::exactly(9.0));
    record.laboratory.push(LabResult::in_words("blood count", crate::record::Qualitative::Normal));
    record.laboratory.push(LabResult::number("crp", 1.0, "mg/dl"));
    record.findings.push(Finding::absent("fever"));
    let mut clavicle = lesion("clavicle", BodySide::Both);
    clavicle.descriptors.push("sclerotic margin".into());
    record.imaging.push(whole_body(vec![clavicle], 0.0));
    let result = &all(&record)["jansson_2009"];
    assert_eq!(result.total, Some([63.0, 63.0]));
    assert_eq!(
        (result.classification, result.within_population),
        (Classification::Positive, Some(State::Met))
    );
    // A blood count that is abnormal takes 13 points; one that is not known leaves them open.
    record.laboratory.remove(0);
    let open = &all(&record)["jansson_2009"];
    assert_eq!(open.total, Some([50.0, 63.0]));
    assert_eq!(open.classification, Classification::Positive, "39 points are reached without it");
    record.laboratory.push(LabResult::number("platelets", 90.0, "10^9/l"));
    assert_eq!(all(&record)["jansson_2009"].total, Some([50.0, 50.0]));
}

#[test]
fn the_clavicle_alone_fulfils_bristol_and_any_other_bone_alone_needs_a_biopsy() {
    let child = |bone: &str| {
        let mut record = Record::new("x");
        record.findings.push(Finding::present("bone pain"));
        record.findings.push(Finding::absent("fever"));
        record.findings.push(Finding::absent("local signs of infection"));
        record.laboratory.push(LabResult::number("crp", 8.0, "mg/l"));
        let mut lesion = lesion(bone, BodySide::Right);
        lesion.descriptors.push("marrow oedema".into());
        record.imaging.push(whole_body(vec![lesion], 0.0));
        record
    };
    assert_eq!(all(&child("collarbone"))["bristol_2016"].classification, Classification::Positive);
    let tibia = &all(&child("tibia"))["bristol_2016"];
    assert_eq!(tibia.classification, Classification::Undetermined);
    let open: Vec<&str> = tibia.items.iter().filter(|i| i.state == State::Unknown).map(|i| &*i.id).collect();
    assert_eq!(open, ["inflammatory_biopsy", "sterile_off_antibiotics"]);
    let change = tibia.item("inflammatory_biopsy").and_then(|i| i.would_change);
    assert_eq!(change, Some([Classification::Undetermined, Classification::Negative]));
    // Raised CRP sends the clavicle to the biopsy too.
    let mut raised = child("collarbone");
    raised.laboratory[0].value = Some(30.0);
    assert_eq!(all(&raised)["bristol_2016"].classification, Classification::Undetermined);
}

#[test]
fn what_every_completion_agrees_on_is_known() {
    // With CRP open the child has either CRMO by criterion 1 or, with the biopsy, by criterion 2.
    let mut record = Record::new("x");
    record.findings.push(Finding::present("pain"));
    record.findings.push(Finding::absent("fever"));
    record.findings.push(Finding::absent("local signs of infection"));
    let mut one = lesion("clavicle", BodySide::Right);
    one.descriptors.push("lytic".into());
    record.imaging.push(whole_body(vec![one], 0.0));
    record.biopsies.push(crate::record::Biopsy {
        done: true,
        findings: vec!["plasma cells".into()],
        ..Default::default()
    });
    record.cultures.push(crate::record::Culture {
        specimen: "bone".into(),
        result: crate::record::CultureResult::Sterile,
        organism: None,
        off_antibiotics: Some(true),
        place: None,
        when: None,
        note: None,
    });
    assert_eq!(all(&record)["bristol_2016"].classification, Classification::Positive);
}

#[test]
fn chaq_takes_the_largest_answer_and_the_mean_of_domains() {
    let mut chaq = Chaq { aid_or_help: Some(vec!["walking".into()]), ..Chaq::default() };
    for domain in chaq::domains() {
        for item in &domain.items {
            chaq.items.insert(item.clone(), ChaqAnswer::WithoutDifficulty);
        }
    }
    chaq.items.insert("cut_meat".into(), ChaqAnswer::Unable);
    // Eating 3, walking 2 by the aid, six domains 0: 5/8.
    assert_eq!(chaq::disability_index(&chaq), Some(Range::exactly(0.625)));
    // What was not ticked counts nothing, and an item that was left out is passed over.
    chaq.aid_or_help = None;
    chaq.items.remove("lift_cup");
    assert_eq!(chaq::disability_index(&chaq), Some(Range::exactly(0.375)));
    // An item that does not apply is no answer; a domain without any does not count.
    for item in ["stand_from_low_seat", "in_out_of_bed"] {
        chaq.items.insert(item.into(), ChaqAnswer::NotApplicable);
    }
    assert_eq!(chaq::disability_index(&chaq), Some(Range::exactly(3.0 / 7.0)));
    // Five domains are too few.
    chaq.items.retain(|key, _| {
        chaq::domains()[..5].iter().any(|d| d.items.contains(key)) && key != "stand_from_low_seat"
    });
    assert_eq!(chaq::disability_index(&chaq), None);
}

#[test]
fn pedcno_needs_three_of_five_and_at_most_one_worse() {
    let set = |esr: f64, lesions: f64, physician: f64, patient: f64, chaq: f64| pedcno::CoreSet {
        esr_mm_h: Some(Range::exactly(esr)),
        lesions: Some(Range::exactly(lesions)),
        physician_global: Some(Range::exactly(physician)),
        patient_global: Some(Range::exactly(patient)),
        chaq: Some(Range::exactly(chaq)),
    };
    let before = set(40.0, 4.0, 6.0, 5.0, 1.0);
    assert_eq!(pedcno::response(&before, &set(20.0, 2.0, 3.0, 5.0, 1.0), 50.0), State::Met);
    assert_eq!(pedcno::response(&before, &set(20.0, 2.0, 3.1, 5.0, 1.0), 50.0), State::NotMet);
    assert_eq!(pedcno::response(&before, &set(20.0, 2.0, 3.0, 7.0, 1.0), 50.0), State::Met, "one is worse");
    assert_eq!(
        pedcno::response(&before, &set(20.0, 2.0, 3.0, 7.0, 1.5), 50.0),
        State::NotMet,
        "two are worse"
    );
    assert_eq!(pedcno::response(&before, &set(4.0, 0.0, 0.6, 0.5, 0.1), 90.0), State::Met);
    let without = |mut set: pedcno::CoreSet| {
        (set.chaq, set.patient_global) = (None, None);
        set
    };
    let after = set(20.0, 2.0, 3.0, 1.0, 0.0);
    assert_eq!(
        pedcno::response(&without(before), &after, 50.0),
        State::Unknown,
        "the two missing ones may be worse"
    );
    let one_open = pedcno::CoreSet { chaq: None, ..before };
    assert_eq!(pedcno::response(&one_open, &after, 50.0), State::Met);
    // From 0 nothing improves, and anything above is worse.
    assert_eq!(
        pedcno::response(&set(40.0, 0.0, 0.0, 5.0, 1.0), &set(1.0, 1.0, 1.0, 1.0, 0.1), 30.0),
        State::NotMet
    );
}

#[test]
fn pedcno_reads_two_times_of_a_record() {
    let mut record = Record::new("x");
    for (day, factor) in [(0.0, 1.0), (180.0, 0.2)] {
        let when = Some(When::Day(day));
        record.assessments.push(Assessment {
            when,
            patient_global_0_10: Some(5.0 * factor),
            physician_global_0_10: Some(5.0 * factor),
            ..Assessment::default()
        });
        record.laboratory.push(LabResult { when, ..LabResult::number("esr", 50.0 * factor, "mm/h") });
    }
    record.imaging.push(whole_body(vec![lesion("tibia", BodySide::Left)], 0.0));
    record.imaging.push(whole_body(vec![], 180.0));
    let result = &all(&record)["pedcno"];
    assert_eq!((result.classification, &*result.label), (Classification::Positive, "PedCNO70 response"));
}

#[test]
fn cdas_is_a_sum_with_open_ends() {
    let mut record = Record::new("x");
    record.assessments.push(Assessment {
        pain_0_10: Some(4.0),
        patient_global_0_10: Some(3.0),
        ..Default::default()
    });
    assert_eq!(all(&record)["cdas"].total, Some([7.0, f64::INFINITY]));
    record.assessments[0].clinically_active_lesions = Some(2);
    let result = &all(&record)["cdas"];
    assert_eq!((result.total, result.classification), (Some([9.0, 9.0]), Classification::Measured));
}

#[test]
fn a_child_is_inactive_only_if_everything_was_looked_at() {
    let mut record = Record::new("x");
    let when = Some(When::Day(0.0));
    record.visits.push(Visit { when: When::Day(0.0), kind: None, whole_body_examined: Some(true) });
    record.assessments.push(Assessment { when, pain_0_10: Some(0.0), ..Default::default() });
    record.findings.push(Finding { when, ..Finding::absent("fever") });
    record.laboratory.push(LabResult { when, ..LabResult::number("crp", 2.0, "mg/l") });
    record.laboratory.push(LabResult { when, ..LabResult::number("esr", 8.0, "mm/h") });
    let result = &all(&record)["inactive_disease"];
    assert_eq!(result.classification, Classification::Undetermined);
    assert_eq!(result.measure("clinically_inactive").map(|m| m.value), Some([Some(1.0), Some(1.0)]));
    record.imaging.push(whole_body(vec![], 0.0));
    assert_eq!(all(&record)["inactive_disease"].classification, Classification::Positive);
    record.imaging[0].lesions.push(lesion("t4", BodySide::Midline));
    assert_eq!(all(&record)["inactive_disease"].classification, Classification::Negative);
    assert_eq!(all(&record)["active_disease"].classification, Classification::Positive);
}

#[test]
fn seven_regions_and_counts() {
    let mut record = Record::new("x");
    let places = [
        ("clavicle", BodySide::Left),
        ("humerus", BodySide::Left),
        ("ilium_si_adjacent_L", BodySide::Left),
        ("pubis", BodySide::Left),
        ("patella", BodySide::Left),
        ("calcaneus", BodySide::Both),
        ("t4", BodySide::Midline),
    ];
    record.imaging.push(whole_body(places.map(|(bone, side)| lesion(bone, side)).to_vec(), 0.0));
    let results = all(&record);
    assert_eq!(results["mri_lesions"].total, Some([8.0, 8.0]));
    let regions: Vec<Option<f64>> = results["seven_regions"].measures.iter().map(|m| m.value[0]).collect();
    assert_eq!(regions, [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0].map(Some));
    assert_eq!(results["rinbo_2017"].classification, Classification::NotScored);
    assert_eq!(results["rai_cromris_2021"].classification, Classification::NotScored);
    record.imaging[0].lesions[0].signal = Some(560.0);
    record.imaging[0].lesions[0].muscle_signal = Some(100.0);
    let ratio = all(&record)["lesion_volume_signal"].measure("mean_signal_ratio").map(|m| m.value);
    assert_eq!(ratio, Some([Some(5.6), Some(5.6)]));
}

#[test]
fn weights_come_from_a_file_or_not_at_all() {
    let file = std::path::Path::new("weights.toml");
    let empty = Weights::parse(eular_acr::TEMPLATE, file).expect_err("a template is not filled in");
    assert!(empty.problems.len() > 10, "{empty}");
    // Invented weights, only to test the arithmetic.
    let mut text =
        String::from("instrument = \"eular_acr_2025\"\nfilled_in_by = \"a test\"\nthreshold = 55\n");
    let definition = definitions().iter().find(|d| d.id == "eular_acr_2025").expect("a definition");
    for domain in &definition.domains {
        text.push_str(&format!("[weights.{}]\n", domain.id));
        for (rank, level) in domain.levels.iter().enumerate() {
            text.push_str(&format!("{level} = {}\n", 10 - 5 * rank));
        }
    }
    let weights = Weights::parse(&text, file).expect("complete");
    let mut record = Record::new("x");
    record.patient.age_years = Some(Range::exactly(9.0));
    record.history.symptom_duration_days = Some(Range::exactly(60.0));
    record.imaging.push(whole_body(vec![lesion("clavicle", BodySide::Both)], 0.0));
    let open = eular_acr::score(&View::new(&record, f64::INFINITY), Some(&weights));
    assert_eq!(open.classification, Classification::Undetermined);
    assert_eq!(open.total, Some([55.0, 90.0]));
    assert_eq!(all(&record)["eular_acr_2025"].classification, Classification::NotScored);
    // Too short an illness decides without any weight.
    record.history.symptom_duration_days = Some(Range::exactly(41.0));
    assert_eq!(all(&record)["eular_acr_2025"].classification, Classification::Negative);
    let wrong = Weights::parse(&text.replace("unifocal", "unifocall"), file).expect_err("a misspelling");
    assert!(wrong.to_string().contains("no level `unifocall`"), "{wrong}");
}

#[test]
fn definitions_carry_their_provenance() {
    for definition in definitions() {
        assert!(!definition.source.is_empty() && !definition.population.is_empty(), "{}", definition.id);
        assert!(!definition.permitted_use.is_empty(), "{}", definition.id);
    }
    // Points of Jansson's score are three times the logarithm of the published odds ratio, rounded.
    let jansson = definitions().iter().find(|d| d.id == "jansson_2009").expect("a definition");
    let odds = [81.5_f64, 30.0, 26.8, 20.3, 13.9, 10.9, 6.9];
    for (item, odds) in jansson.items.iter().zip(odds) {
        assert_eq!(item.points, (3.0 * odds.ln()).round(), "{}", item.id);
    }
}

fn state(record: &Record, instrument: &str, item: &str) -> State {
    all(record)[instrument].item(item).expect("an item").state
}

#[test]
fn ages_bound_how_long_it_has_lasted() {
    let mut record = Record::new("x");
    record.patient.age_years = Some(Range::exactly(15.0));
    assert_eq!(state(&record, "jansson_2007", "longer_than_6_months"), State::Unknown);
    record.patient.age_at_onset_years = Some(Range::exactly(4.0));
    assert_eq!(state(&record, "jansson_2007", "longer_than_6_months"), State::Met);
    // Whole years: from 4 to 5 may be a day.
    record.patient.age_years = Some(Range::exactly(5.0));
    assert_eq!(state(&record, "jansson_2007", "longer_than_6_months"), State::Unknown);
    record.patient.age_at_onset_years = None;
    record.patient.age_years = Some(Range::exactly(14.0 / 365.25));
    assert_eq!(state(&record, "eular_acr_2025", "six_weeks"), State::NotMet);
}

#[test]
fn bands_in_percent_are_counted_with_the_leukocytes() {
    let bands = |leukocytes: f64, share: f64| {
        let mut record = Record::new("x");
        record.laboratory.push(LabResult::number("leukocytes", leukocytes, "10^9/l"));
        record.laboratory.push(LabResult::number("band_pct", share, "%"));
        state(&record, "nbods_2023", "bands_le_220")
    };
    assert_eq!((bands(24.5, 18.0), bands(10.0, 1.0)), (State::NotMet, State::Met));
}

#[test]
fn only_a_radiograph_or_mri_is_abnormal_imaging() {
    for (modality, expected) in [
        (Modality::Radiograph, State::Met),
        (Modality::Mri, State::Met),
        (Modality::Ct, State::Unknown),
        (Modality::Unspecified, State::Unknown),
    ] {
        let mut record = Record::new("x");
        let mut study = ImagingStudy::new(modality);
        study.descriptors.push("lytic".into());
        study.lesions.push(lesion("tibia", BodySide::Left));
        record.imaging.push(study);
        assert_eq!(state(&record, "eular_acr_2025", "abnormal_imaging"), expected, "{modality:?}");
    }
}

#[test]
fn the_clavicle_among_others_is_not_alone() {
    let mut record = Record::new("x");
    record.imaging.push(whole_body(vec![lesion("clavicle", BodySide::Left)], 0.0));
    assert_eq!(state(&record, "bristol_2016", "clavicle"), State::Met);
    record.imaging[0].lesions.push(lesion("tibia", BodySide::Left));
    assert_eq!(state(&record, "bristol_2016", "clavicle"), State::NotMet);
    assert_eq!(state(&record, "bristol_2016", "clavicle_involved"), State::Met);
}

#[test]
fn acnes_alone_is_no_infectious_osteitis() {
    let mut record = Record::new("x");
    let findings = vec!["nonspecific inflammation".into()];
    record.biopsies.push(crate::record::Biopsy { done: true, findings, ..Default::default() });
    record.cultures.push(crate::record::Culture {
        specimen: "bone".into(),
        result: crate::record::CultureResult::Positive,
        organism: Some("Cutibacterium acnes".into()),
        off_antibiotics: None,
        place: None,
        when: None,
        note: None,
    });
    assert_eq!(state(&record, "kahn_2003", "infectious_osteitis"), State::NotMet);
    assert_eq!(state(&record, "jansson_2007", "sterile_biopsy"), State::NotMet);
}

#[test]
fn a_last_diagnosis_outside_cno_is_another_disease() {
    let with = |disease: &str| {
        let mut record = Record::new("x");
        record.diagnoses.push(crate::record::Diagnosis {
            disease: disease.into(),
            kind: crate::record::DiagnosisKind::Final,
            by: None,
            when: None,
        });
        let item = |instrument, id| state(&record, instrument, id);
        (
            item("eular_acr_2025", "other_mimicker"),
            item("eular_acr_2025", "infection"),
            item("king_1987", "no_cause"),
        )
    };
    for mimic in ["cherubism", "Gaucher disease", "sickle cell infarct", "HA20", "fracture", "other"] {
        assert_eq!(with(mimic), (State::Met, State::Unknown, State::NotMet), "{mimic}");
    }
    for infection in ["fungal osteomyelitis", "cat scratch disease"] {
        assert_eq!(with(infection), (State::Unknown, State::Met, State::NotMet), "{infection}");
    }
    for open in ["a disease that nobody knows", "cno", "psoriasis"] {
        assert_eq!(with(open), (State::Unknown, State::Unknown, State::Unknown), "{open}");
    }
}

#[test]
fn four_weeks_of_antibiotics_are_a_month() {
    let failed = |days: f64| {
        let mut record = Record::new("x");
        record.treatments.push(crate::record::Treatment {
            duration_days: Some(Range::exactly(days)),
            response: Some(crate::record::Response::None),
            ..crate::record::Treatment::with("antibiotic")
        });
        state(&record, "king_1987", "antibiotics_without_response")
    };
    assert_eq!((failed(28.0), failed(27.0)), (State::Met, State::NotMet));
}
