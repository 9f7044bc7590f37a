//! Published cases as vignettes: read as the records that were written by hand of the same cases, and scored the same.

use std::io::Cursor;
use std::path::PathBuf;

use osteoflare_clinic::check::{check, read_json};
use osteoflare_clinic::instruments::score_all;
use osteoflare_clinic::record::{Kin, Record, Status};
use osteoflare_exchange::{Options, Problems, read, read_stream};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn published() -> Vec<Record> {
    let file = folder("tests/vignettes/published-cases.yaml");
    read(&file, &Options::default()).expect("the file").map(|record| record.expect("a case")).collect()
}

fn text(yaml: &str) -> Vec<Result<Record, Problems>> {
    let stream = Box::new(Cursor::new(yaml.as_bytes().to_vec()));
    read_stream(stream, false, &Options::default()).expect("a list of cases").collect()
}

fn case(yaml: &str) -> Record {
    let indented = yaml.replace('\n', "\n  ");
    text(&format!("records:\n- id: A\n  {indented}\n")).remove(0).expect("a case")
}

#[test]
fn every_published_case_scores_as_the_record_written_by_hand() {
    let cases = published();
    assert_eq!(cases.len(), 33);
    let mut wrong = Vec::new();
    for read in &cases {
        let path = folder("../osteoflare-clinic/tests/cases").join(format!("{}.json", read.id));
        let (written, _) = read_json(&std::fs::read_to_string(path).expect("a case")).expect("a record");
        for at in [0.0, 10.0, 61.0, f64::INFINITY] {
            for (a, b) in score_all(read, at, None).iter().zip(score_all(&written, at, None)) {
                if (a.classification, a.total) != (b.classification, b.total) {
                    wrong.push(format!(
                        "{} day {at} {}: {} {:?}, by hand {} {:?}",
                        read.id,
                        a.id,
                        a.classification.as_str(),
                        a.total,
                        b.classification.as_str(),
                        b.total
                    ));
                }
                for (x, y) in a.items.iter().zip(&b.items) {
                    if x.state != y.state {
                        wrong.push(format!(
                            "{} day {at} {} {}: {:?}, by hand {:?}",
                            read.id, a.id, x.id, x.state, y.state
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
#[test]
fn words_in_other_spellings_are_understood() {
    let record = case(
        "patient: {age_months: 18, sex: girl, family_history: [psoriasis_in_mother]}\n\
         course: {symptom_weeks: \"2-3\", pattern: recurrent, pain_pattern: nocturnal}\n\
         findings: {temp_c: 39.4, swelling: L_ankle, petechiae: none, weight_loss_kg: 3, general_condition: good}\n\
         sites: [{bone: 5th metatarsal, side: R}, {bone: distal tibia, side: bilateral, segment: metaphysis}, {bone: unspecified, side: L}]\n\
         imaging: {stir_mri: [bone_marrow_edema, no_abscess], xray: lytic_lesion_with_sclerotic_rim}\n\
         labs: {crp_mg_dl: 2.5, esr_mm_h: \"35-40\", wbc_cells_ul: 23000, neutrophil_pct: 80, plt_e9_l: null, anaemia: false}\n\
         biopsy: {result: [caseating_granulomas], malignancy: false}\n\
         microbiology: {bone_culture: MSSA, blood_culture: negative}\n\
         treatment: [antibiotics_for_6_weeks_no_effect]\n\
         label: {class: tb_om, label_source: topic}",
    );
    let json = serde_json::to_value(&record).expect("a record");
    assert_eq!(json["patient"], serde_json::json!({"sex": "female", "age_years": 1.5}));
    assert_eq!(
        json["history"],
        serde_json::json!({"symptom_duration_days": [14.0, 21.0], "course": "relapsing_remitting"})
    );
    assert_eq!(
        json["conditions"][0],
        serde_json::json!({"condition": "psoriasis", "status": "present", "of": "first_degree"})
    );
    let findings: Vec<(&str, bool)> =
        record.findings.iter().map(|finding| (finding.finding.as_str(), finding.present)).collect();
    assert_eq!(
        findings,
        [
            ("night_pain", true),
            ("swelling", true),
            ("purpura", false),
            ("weight_loss", true),
            ("good_general_condition", true)
        ]
    );
    let lesions: Vec<String> = record
        .imaging
        .iter()
        .flat_map(|study| &study.lesions)
        .map(|lesion| osteoflare_clinic::place::label(&lesion.place))
        .collect();
    assert_eq!(lesions[0], "metatarsal 5, right");
    assert!(lesions[1].contains("distal metaphysis, both sides"), "{lesions:?}");
    assert!(
        lesions[2].starts_with("whole body"),
        "that there is a lesion is known, where is not: {lesions:?}"
    );
    assert_eq!(record.imaging[0].absent[0].as_str(), "abscess");
    let results: Vec<(&str, Option<f64>, Option<&str>)> =
        record.laboratory.iter().map(|r| (r.analyte.as_str(), r.value, r.unit.as_deref())).collect();
    assert_eq!(
        results,
        [
            ("crp", Some(2.5), Some("mg/dl")),
            ("esr", Some(35.0), Some("mm/h")),
            ("esr", Some(40.0), Some("mm/h")),
            ("leukocytes", Some(23000.0), Some("/ul")),
            ("neutrophil_pct", Some(80.0), Some("%")),
            ("haemoglobin", None, None),
        ]
    );
    assert_eq!(record.biopsies[0].findings[0].as_str(), "tuberculosis");
    assert_eq!((record.cultures.len(), record.cultures[0].organism.as_deref()), (2, Some("MSSA")));
    assert_eq!(json["treatments"][0]["response"], "none");
    assert_eq!(json["diagnoses"][0]["disease"], "tuberculous_osteomyelitis");
}

#[test]
fn nothing_comes_of_null_of_relatives_or_of_what_was_feared() {
    let record = case(
        "patient: {age_years: null, sex: null}\n\
         findings: {fever: null, family_history_of_psoriasis: true, suspected_abscess: true, possible_mass: true}\n\
         labs: {crp_mg_l: null, other: unremarkable}\n\
         biopsy: {done: null}\n\
         imaging: {radiograph: null}\n\
         feared: [osteosarcoma]\n\
         unheard_of: {a: 1}",
    );
    assert!(record.findings.is_empty() && record.laboratory.is_empty() && record.imaging.is_empty());
    // A disease of the family is kept as the family's.
    let conditions: Vec<(&str, Option<Kin>)> =
        record.conditions.iter().map(|one| (one.condition.as_str(), one.of)).collect();
    assert_eq!(conditions, [("psoriasis", Some(Kin::Relative))]);
    assert!(record.patient.age_years.is_none() && record.patient.sex.is_none());
    assert!(
        record.notes.iter().any(|note| note.starts_with("not understood: unheard of")),
        "{:?}",
        record.notes
    );
}

#[test]
fn a_bad_case_does_not_stop_the_next_and_is_placed() {
    let cases = text(
        "# cases\nrecords:\n- {patient: {age_years: 3}}\n- id: B\n  patient: {age_years: -2}\n- id: C\n- 7\n",
    );
    let shown: Vec<String> =
        cases.iter().map(|case| case.as_ref().map_or_else(ToString::to_string, |r| r.id.clone())).collect();
    assert_eq!(shown[0], "line 3: 'id' is missing");
    assert!(shown[1].starts_with("line 5, $.patient.age_years: is negative"), "{}", shown[1]);
    assert_eq!(shown[2], "C");
    assert!(shown[3].starts_with("line 7: found a number"), "{}", shown[3]);
}

#[test]
fn what_is_no_list_of_cases_is_refused_with_its_place() {
    let refused = |yaml: String| {
        let stream = Box::new(Cursor::new(yaml.into_bytes()));
        read_stream(stream, false, &Options::default()).expect_err("no list").to_string()
    };
    assert!(refused("records: {a: 1}\n".to_owned()).contains("no list of cases"));
    assert!(refused("records:\n- id: A\n  id: B\n".to_owned()).starts_with("line 3"));
    assert!(refused(format!("records:\n- {}", "[".repeat(100_000))).contains("no list of cases"));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n".to_owned();
    let nested: String = ('c'..='k')
        .map(|c| {
            let before = char::from(c as u8 - 1);
            format!("{c}: &{c} [{}]\n", vec![format!("*{before}"); 9].join(","))
        })
        .collect();
    assert!(
        refused(format!("{bomb}{nested}records:\n- id: A\n  findings: *k\n")).contains("no list of cases")
    );
}

#[test]
fn values_of_another_kind_are_refused_with_their_place_and_not_kept_as_words() {
    let yaml = "records:\n- id: A\n  patient: {age_years: nine, sex: Q}\n  labs: {crp_mg_l: abc, wbc: normal}\n  \
                sites: [{bone: tibbia, side: X}]\n- id: B\n  patient: {age_years: unknown, sex: nr}\n";
    let found = text(yaml);
    let problems = found[0].as_ref().unwrap_err().to_string();
    for part in [
        "line 3, $.patient.age_years: found 'nine', expected a number",
        "line 3, $.patient.sex: found 'Q', expected F or M",
        "line 4, $.labs.crp_mg_l: found 'abc', expected a number",
        "line 5, $.sites.bone: unknown bone or region 'tibbia'; did you mean 'tibia'?",
        "line 5, $.sites.side: found 'X', expected L, R, B or M",
    ] {
        assert!(problems.contains(part), "{part} not in {problems}");
    }
    assert_eq!(problems.lines().count(), 5, "{problems}");
    assert!(found[1].as_ref().is_ok_and(|record| record.patient.age_years.is_none()));
}

/// The findings of a case with whether they are there.
fn findings(yaml: &str) -> Vec<(String, bool)> {
    let record = case(yaml);
    record.findings.iter().map(|one| (one.finding.as_str().to_owned(), one.present)).collect()
}

/// Questions about a case.
fn questions(record: &Record) -> usize {
    check(record).len()
}

#[test]
fn a_negation_denies_what_follows_it_only() {
    let tissue = |result: &str| {
        let record = case(&format!("biopsy: {{done: true, result: \"{result}\"}}"));
        let list = |terms: &[osteoflare_clinic::record::Term]| {
            terms.iter().map(|term| term.as_str().to_owned()).collect::<Vec<_>>().join(" ")
        };
        (list(&record.biopsies[0].findings), list(&record.biopsies[0].absent))
    };
    for (text, present, absent) in [
        (
            "no evidence of malignancy or infection; chronic inflammation",
            "inflammation",
            "malignancy infection",
        ),
        ("chronic_nonspecific_inflammation_no_malignancy", "inflammation", "malignancy"),
        ("chronic osteomyelitis with fibrosis, no malignant cells", "inflammation fibrosis", "malignancy"),
        ("chronic_osteomyelitis_without_organisms", "inflammation", "infection"),
        ("inflammatory_infiltrate_no_granulomas", "inflammation", "granuloma"),
        ("non_caseating_granuloma", "granuloma", ""),
        ("caseous_necrosis", "tuberculosis", ""),
        ("small_round_blue_cell_tumour", "small_round_cells", ""),
    ] {
        assert_eq!(tissue(text), (present.to_owned(), absent.to_owned()), "{text}");
    }
    let picture = |text: &str| {
        let record = case(&format!("imaging: {{mri: {text}}}"));
        let list = |terms: &[osteoflare_clinic::record::Term]| {
            terms.iter().map(|term| term.as_str().to_owned()).collect::<Vec<_>>().join(" ")
        };
        (list(&record.imaging[0].descriptors), list(&record.imaging[0].absent))
    };
    for (text, present, absent) in [
        ("marrow_oedema_without_soft_tissue_mass", "marrow_oedema", "soft_tissue_mass"),
        ("lytic_lesion_without_periosteal_reaction", "lytic", "periosteal_reaction"),
        (
            "lytic_lesion_with_sclerotic_rim_no_cortical_breach",
            "lytic marginal_sclerosis",
            "cortical_disruption",
        ),
        ("{abscess: false, marrow_edema: true}", "marrow_oedema", "abscess"),
        ("disc_destruction", "disc_destruction", ""),
    ] {
        assert_eq!(picture(text), (present.to_owned(), absent.to_owned()), "{text}");
    }
    assert_eq!(
        findings("findings: {pain_without_fever: true}"),
        [("pain".into(), true), ("fever".into(), false)]
    );
    assert_eq!(findings("findings: {non_weight_bearing: true}"), [("cannot_bear_weight".into(), true)]);
    assert_eq!(findings("findings: {cannot_bear_weight: true}"), [("cannot_bear_weight".into(), true)]);
    assert_eq!(findings("findings: {afebrile: true}"), [("fever".into(), false)]);
    for spelling in ["non_tender_swelling", "nontender_swelling"] {
        assert_eq!(findings(&format!("findings: {{{spelling}: R_clavicle}}")), [("swelling".into(), true)]);
    }
}

#[test]
fn words_for_not_knowing_are_neither_present_nor_absent() {
    for word in [
        "unknown",
        "n/a",
        "\"?\"",
        "unclear",
        "not_reported",
        "not_documented",
        "not_examined",
        "not_assessed",
        "not_recorded",
        "not_done",
        "NA",
    ] {
        let record =
            case(&format!("findings: {{fever: {word}, weight_loss: {word}}}\nlabs: {{crp: {word}}}"));
        assert!(record.findings.is_empty() && record.laboratory.is_empty(), "{word}");
        assert_eq!(questions(&record), 0, "{word}");
    }
    for word in ["possible", "suspected", "resolved"] {
        let record = case(&format!("findings: {{fever: {word}}}"));
        assert!(record.findings.is_empty(), "{word}");
        assert_eq!(questions(&record), 1, "{word} is asked about");
    }
    let later = case(
        "timeline:\n  - {t: presentation, findings: [fever]}\n  - {t: plus_2_weeks, findings: [fever_resolved]}",
    );
    assert_eq!((later.findings[0].present, later.findings[1].present), (true, false));
    let family = case("findings: {psoriasis: family_only}\ncomorbid: [crohn_in_mother]");
    assert!(family.findings.is_empty());
    let of: Vec<Option<Kin>> = family.conditions.iter().map(|one| one.of).collect();
    assert_eq!(of, [Some(Kin::Relative), Some(Kin::FirstDegree)]);
}

#[test]
fn what_was_not_done_was_not_done_and_what_is_denied_is_not_there() {
    assert!(!case("biopsy: not_done").biopsies[0].done);
    assert!(!case("biopsy: {done: not_performed}").biopsies[0].done);
    assert!(!case("biopsy: judged_not_indicated").biopsies[0].done);
    assert!(case("biopsy: unknown").biopsies.is_empty());
    let record = case("comorbid: {psoriasis: true, ibd: false, uveitis: unknown}");
    let status: Vec<Status> = record.conditions.iter().map(|one| one.status).collect();
    assert_eq!(status, [Status::Present, Status::Excluded]);
}

#[test]
fn results_are_read_as_people_write_them() {
    let results = |yaml: &str| {
        let record = case(&format!("labs: {yaml}"));
        assert!(!record.notes.iter().any(|note| note.starts_with("not understood")), "{:?}", record.notes);
        let shown = record.laboratory.iter().map(|r| {
            let words = r.qualitative.map(|q| format!("{q:?}")).unwrap_or_default();
            let value = r.value.map(|v| v.to_string()).unwrap_or_default();
            let text =
                format!("{} {value}{words} {}", r.analyte.as_str(), r.unit.clone().unwrap_or_default());
            text.trim().to_owned()
        });
        shown.collect::<Vec<_>>().join("; ")
    };
    for (yaml, expected) in [
        (
            "{crp: 25 mg/l, esr: \"45 mm/h\", hb: \"9.8 g/dl\"}",
            "crp 25 mg/l; esr 45 mm/h; haemoglobin 9.8 g/dl",
        ),
        ("{wbc: \"12,500\", blasts: 30_percent}", "leukocytes 12500; blasts 30 %"),
        ("{crp_peak_mg_l: 60, crp_mg_l_outpatient: 3}", "crp 60 mg/l; crp 3 mg/l"),
        ("{neutrophils_pct: 55, band_pct: 2}", "neutrophil_pct 55 %; band_pct 2 %"),
        ("{crp: negative, esr: negative}", "crp Normal; esr Normal"),
        ("[raised_esr, normal_blood_count, anaemia]", "esr Elevated; blood_count Normal; haemoglobin Low"),
        ("{mantoux: positive, quantiferon: negative}", "tuberculin_skin_test Positive; igra Negative"),
    ] {
        assert_eq!(results(yaml), expected, "{yaml}");
    }
    // A share of cells that no analyte is stays a word that is asked about, and takes nothing else with it.
    let record = case("labs: {platelets_pct: 5, crp_mg_l: 3}");
    assert_eq!((record.laboratory.len(), questions(&record)), (2, 1));
}

/// The places of the lesions of a case.
fn lesions(record: &Record) -> Vec<String> {
    let lesions = record.imaging.iter().flat_map(|study| &study.lesions);
    lesions.map(|lesion| osteoflare_clinic::place::label(&lesion.place)).collect()
}

#[test]
fn sites_are_read_however_they_are_listed() {
    for (sites, expected) in [
        ("[{bone: tibia, side: [L, R]}]", &["tibia, both sides"][..]),
        ("[{bone: tibia, side: left and right}]", &["tibia, both sides"]),
        ("[{bone: [femur, tibia], side: L}]", &["femur, left", "tibia, left"]),
        ("{clavicle: R, tibia: B}", &["clavicle, right", "tibia, both sides"]),
        ("[{region: pelvis, side: R}, {site: talus, laterality: L}]", &["pelvis, right", "talus, left"]),
        ("[{bone: acetabular roof, side: L}]", &["acetabulum, left"]),
        ("[{bone: T8-T10}]", &["T8", "T9", "T10"]),
        ("[left clavicle, {bone: S1}]", &["clavicle, left", "sacrum, body, midline"]),
    ] {
        let record = case(&format!("sites: {sites}"));
        let plain = |text: &String| text.replace('_', " ").to_lowercase();
        let found: Vec<String> = lesions(&record).iter().map(plain).collect();
        let found: Vec<&str> = found.iter().map(|text| text.trim_end_matches(", midline")).collect();
        let expected: Vec<String> = expected.iter().map(|text| text.to_lowercase()).collect();
        let expected: Vec<&str> = expected.iter().map(|text| text.trim_end_matches(", midline")).collect();
        assert_eq!(found, expected, "{sites}");
        assert_eq!(questions(&record), 0, "{sites}: {:?}", record.notes);
    }
    let record = case("sites: [{bone: unknown_bone_xyz}]");
    assert_eq!((lesions(&record).len(), questions(&record)), (1, 1), "an unknown bone is asked about");
}

#[test]
fn reports_that_name_places_show_lesions_there() {
    let record = case("imaging: {bone_scintigraphy: hot_spots_left_clavicle_and_right_femur}");
    assert_eq!(lesions(&record), ["clavicle, left", "femur, right"]);
    let sited = case("imaging: {mri: marrow oedema of both tibiae}\nsites: [{bone: tibia, side: B}]");
    assert_eq!(lesions(&sited).len(), 1, "a site that is told already is not told twice");
    let weighting = case("imaging: {mri: [T2_hyperintense]}");
    assert!(lesions(&weighting).is_empty(), "T2 is a weighting here");
    let counted = case("focality: {whole_body_mri: {n_lesions: 14}}");
    assert_eq!(counted.imaging[0].focality, Some(osteoflare_clinic::record::Focality::Multifocal));
}

#[test]
fn a_side_without_a_place_is_kept() {
    let place = |yaml: &str| {
        let record = case(&format!("findings: {yaml}"));
        record.findings[0].place.as_ref().map(osteoflare_clinic::place::label)
    };
    assert_eq!(place("{draining_sinus: L}").as_deref(), Some("whole body, left"));
    assert_eq!(place("{sacroiliitis: B}").as_deref(), Some("sacroiliac region, both sides"));
    assert_eq!(place("{local_heat: L_tibia}").as_deref(), Some("tibia, left"));
    for (text, expected) in [
        ("hot_spots_L_tibia_R_clavicle", ["tibia, left", "clavicle, right"]),
        ("hot_spots_tibia_L_clavicle_R", ["tibia, left", "clavicle, right"]),
        ("uptake in both tibiae and left clavicle", ["tibiae, both sides", "clavicle, left"]),
    ] {
        assert_eq!(lesions(&case(&format!("imaging: {{bone_scan: {text}}}"))), expected, "{text}");
    }
    let both = case("findings: [pain in the left knee and right ankle]");
    let sides: Vec<String> =
        both.findings.iter().filter_map(|f| f.place.as_ref()).map(osteoflare_clinic::place::label).collect();
    assert_eq!(sides, ["knee, left", "ankle, right"]);
}

#[test]
fn a_schedule_is_no_duration_and_fields_of_a_drug_are_read() {
    let treatment = |yaml: &str| {
        let record = case(&format!("treatment: {yaml}"));
        let one = &record.treatments[0];
        let days = one.duration_days.map(|days| days.low);
        (record.treatments.len(), one.drug.as_str().to_owned(), days)
    };
    assert_eq!(treatment("[adalimumab 40 mg every 2 weeks]"), (1, "adalimumab".to_owned(), None));
    assert_eq!(treatment("[{drug: naproxen, duration_weeks: 6}]"), (1, "naproxen".to_owned(), Some(42.0)));
    assert_eq!(
        treatment("{nsaid: {drug: naproxen, duration_weeks: 6}}"),
        (1, "naproxen".to_owned(), Some(42.0))
    );
    assert_eq!(treatment("[antibiotics_6_weeks]"), (1, "antibiotics".to_owned(), Some(42.0)));
}

#[test]
fn ages_and_durations_are_read_in_their_unit() {
    let record = case(
        "patient: {age_years: 8 10/12, age_onset_months: 8, family_history: {psoriasis: father, crmo: sister}}\n\
         course: {symptom_duration: 3 months}",
    );
    let months = |range: Option<osteoflare_clinic::record::Range>| range.map(|r| (r.low * 12.0).round());
    assert_eq!(
        (months(record.patient.age_years), months(record.patient.age_at_onset_years)),
        (Some(106.0), Some(8.0))
    );
    assert_eq!(record.history.symptom_duration_days.map(|days| days.low.round()), Some(91.0));
    let family: Vec<(&str, Option<Kin>)> =
        record.conditions.iter().map(|c| (c.condition.as_str(), c.of)).collect();
    assert_eq!(family, [("psoriasis", Some(Kin::FirstDegree)), ("cno", Some(Kin::FirstDegree))]);
    let late =
        case("timeline:\n  - {t: month_6, labs: {crp_mg_l: 1}}\n  - {t: presentation, labs: {crp_mg_l: 9}}");
    assert_eq!(late.laboratory.iter().map(|r| r.value.unwrap_or(0.0)).collect::<Vec<_>>(), [9.0, 1.0]);
}

#[test]
fn findings_stand_under_other_words_too() {
    assert_eq!(findings("findings: {skin: psoriasis}"), [("psoriasis".into(), true)]);
    assert_eq!(findings("findings: {spleen: palpable}"), [("splenomegaly".into(), true)]);
    assert_eq!(
        findings("findings: {skin_lesions: [psoriasis, acne_conglobata]}"),
        [("psoriasis".into(), true), ("severe_acne".into(), true)]
    );
    assert_eq!(
        findings("patient: {background: [premature_tooth_loss]}"),
        [("early_tooth_loss".into(), true)]
    );
    assert_eq!(findings("findings: {septic_arthritis: L_shoulder}"), [("septic_arthritis".into(), true)]);
    assert_eq!(case("findings: {anaemia: true}").laboratory[0].analyte.as_str(), "haemoglobin");
    let warm = case("findings: {temp_c: \"38.5-39.2\", max_temp_c: 39.1}");
    assert_eq!(warm.vital_signs.len(), 3);
    let night = case("findings: {bone_pain: worse_at_night, fever: 5_days}");
    assert!(night.findings.iter().any(|one| one.finding.as_str() == "night_pain" && one.present));
    assert!(night.findings.iter().any(|one| one.finding.as_str() == "fever" && one.present));
    assert!(night.vital_signs.is_empty());
    let few = case("marrow: {aspirate: 3_percent_blasts}");
    assert!(few.biopsies[0].findings.is_empty() && questions(&few) == 1, "a few blasts are in every marrow");
    let stains = case("biopsy: {immunohistochemistry: {cd1a: positive, cd207: negative}}");
    assert_eq!((stains.biopsies[0].findings.len(), stains.biopsies[0].absent.len()), (1, 1));
    let germs = case("biopsy: {afb: positive, genexpert: positive}");
    assert_eq!(germs.biopsies[0].findings[0].as_str(), "acid_fast_bacilli");
    assert_eq!(germs.cultures[0].organism.as_deref(), Some("Mycobacterium tuberculosis"));
}

#[test]
fn what_is_said_beside_a_thing_is_not_said_of_it() {
    assert_eq!(
        findings("findings: {swelling: \"left knee, no redness\"}"),
        [("redness".into(), false), ("swelling".into(), true)]
    );
    let past =
        case("findings: {history_of_psoriasis: true, history_of_trauma: true}\npatient: {autism: true}");
    assert_eq!(past.findings.len(), 1, "an injury is history by itself");
    let status: Vec<(&str, Status)> =
        past.conditions.iter().map(|c| (c.condition.as_str(), c.status)).collect();
    assert!(status.contains(&("psoriasis", Status::Past)) && status.contains(&("autism", Status::Present)));
    let drugs = case("treatment: antibiotics for 6 weeks then naproxen");
    let days: Vec<(&str, Option<f64>)> =
        drugs.treatments.iter().map(|t| (t.drug.as_str(), t.duration_days.map(|d| d.low))).collect();
    assert_eq!(days, [("antibiotics", Some(42.0)), ("naproxen", None)]);
    let labs = case("labs: {all_others: normal, blood_culture: negative}");
    assert!(labs.laboratory.is_empty(), "which tests were normal is not said");
    assert_eq!(labs.cultures.len(), 1);
}

#[test]
fn findings_and_studies_may_have_fields_of_their_own() {
    let record = case(
        "findings: {swelling: {present: true, site: clavicle, side: R}, mass: {present: false}, rash: {present: unknown}}\n\
         imaging: [{modality: mri, findings: [marrow_edema], lesions: [R_clavicle, L_tibia], n: 2}, {modality: radiograph, result: normal}]\n\
         genetics: {LPIN2: negative, PSTPIP1: E250Q}\n\
         biopsy: {performed: true, malignancy: false}",
    );
    assert_eq!(questions(&record), 0, "{:?}", record.notes);
    let shown: Vec<(&str, bool)> =
        record.findings.iter().map(|one| (one.finding.as_str(), one.present)).collect();
    assert!(shown.contains(&("mass", false)) && shown.contains(&("swelling", true)) && shown.len() == 2);
    assert_eq!(lesions(&record), ["clavicle, right", "tibia, left"]);
    assert_eq!(record.imaging[1].abnormal, Some(false));
    assert_eq!(record.genetics.len(), 2);
    assert!(record.biopsies[0].done);
    let whole = case("imaging: {wbmri: {lesions: 5}}");
    assert_eq!(whole.imaging[0].coverage, Some(osteoflare_clinic::record::Coverage::WholeBody));
}

#[test]
fn a_value_that_denies_something_else_does_not_deny_its_key_nor_itself_twice() {
    let said = |yaml: &str| -> String {
        let mut said: Vec<String> = findings(yaml)
            .into_iter()
            .map(|(term, there)| format!("{}{term}", if there { '+' } else { '-' }))
            .collect();
        said.sort();
        said.join(" ")
    };
    for (yaml, expected) in [
        ("{skin: no_psoriasis}", "-psoriasis"),
        ("{skin: [no_psoriasis, acne]}", "+acne -psoriasis"),
        ("{skin: psoriasis}", "+psoriasis"),
        ("{nails: not_psoriasis}", "-psoriasis"),
        ("{joints: without_arthritis}", "-arthritis"),
        ("{general: no_fever}", "-fever"),
        ("{spleen: not_palpable}", "-splenomegaly"),
        ("{spleen: palpable}", "+splenomegaly"),
        ("{fever: afebrile}", "-fever"),
        ("{fever: normothermic}", "-fever"),
        ("{fever: apyretic}", "-fever"),
        ("{temperature: normal}", "-fever"),
        ("{afebrile: true}", "-fever"),
        ("{fever: never_documented}", "-fever"),
        ("{fever: not_documented}", ""),
        ("{fever: no_fever}", "-fever"),
        ("{fever: none}", "-fever"),
        ("{fever: low_grade}", "+fever"),
        ("{absent: [fever, redness]}", "-fever -redness"),
        ("{denied: weight_loss}", "-weight_loss"),
        ("{present: [fever]}", "+fever"),
        ("{swelling: without_redness}", "+swelling -redness"),
        ("{limp: without_pain}", "+limp -pain"),
        ("\"tender, not red, no skin lesions\"", "+tenderness -redness -skin_lesion"),
        ("{pain: not_at_night}", ""),
    ] {
        assert_eq!(said(&format!("findings: {yaml}")), expected, "{yaml}");
    }
}

#[test]
fn what_is_denied_of_course_focality_and_response_is_not_said() {
    use osteoflare_clinic::record::{CoursePattern, Focality, Response};
    let focality = |word: &str| case(&format!("focality: {{imaging: {word}}}")).imaging[0].focality;
    for word in ["not_multifocal", "non_multifocal", "unifocal"] {
        assert_eq!(focality(word), Some(Focality::Unifocal), "{word}");
    }
    for word in ["multifocal", "not_unifocal", "unifocal_then_multifocal"] {
        assert_eq!(focality(word), Some(Focality::Multifocal), "{word}");
    }
    let course = |word: &str| case(&format!("course: {{pattern: {word}}}")).history.course;
    assert_eq!(course("not_recurrent"), None);
    assert_eq!(course("non_recurrent"), None);
    assert_eq!(course("persistent_not_relapsing"), Some(CoursePattern::Continuous));
    assert_eq!(course("recurrent"), Some(CoursePattern::RelapsingRemitting));
    let counted = |key: &str, count: u8| case(&format!("course: {{{key}: {count}}}")).history.course;
    assert_eq!(counted("flares", 3), Some(CoursePattern::RelapsingRemitting));
    assert_eq!((counted("flares", 1), counted("relapses", 0)), (None, None));
    assert_eq!(case("treatment: [curettage]").treatments[0].response, None);
    let response = |words: &str| case(&format!("response: {{antibiotics: {words}}}")).treatments[0].response;
    for (words, expected) in [
        ("complete_recovery_no_relapse", Some(Response::CompleteSustained)),
        ("complete_and_sustained", Some(Response::CompleteSustained)),
        ("complete_then_relapse", Some(Response::Transient)),
        ("improvement_not_sustained", Some(Response::Transient)),
        ("not_complete", None),
        ("no_improvement", Some(Response::None)),
        ("complete", Some(Response::Complete)),
    ] {
        assert_eq!(response(words), expected, "{words}");
    }
    let marrow = case("marrow: {blasts: none}").biopsies.remove(0);
    assert!(marrow.done && marrow.findings.is_empty() && !marrow.absent.is_empty(), "{marrow:?}");
}

#[test]
fn a_report_in_one_word_is_read() {
    use osteoflare_clinic::record::Focality;
    for (words, term) in [
        ("oedema", "oedema"),
        ("codman", "codman_triangle"),
        ("T8_wedging", "vertebral_collapse"),
        ("sacroiliitis_R", "sacroiliitis"),
    ] {
        let study = case(&format!("imaging: {{mri: {words}}}")).imaging.remove(0);
        assert_eq!((study.descriptors[0].as_str(), study.abnormal), (term, Some(true)), "{words}");
    }
    let study = case("imaging: {bone_scan: multiple_foci}").imaging.remove(0);
    assert_eq!((study.focality, study.descriptors.len()), (Some(Focality::Multifocal), 0));
}
