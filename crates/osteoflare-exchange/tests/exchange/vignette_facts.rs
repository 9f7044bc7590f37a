//! Facts of vignettes in the wordings of case reports: none is lost, and none refuses the whole case.

use std::io::Cursor;

use osteoflare_clinic::record::{LabResult, Record};
use osteoflare_exchange::{Options, read_stream};

pub fn case(yaml: &str) -> Record {
    let text = format!("records:\n- id: A\n  {}\n", yaml.replace('\n', "\n  "));
    let stream = Box::new(Cursor::new(text.into_bytes()));
    let mut cases = read_stream(stream, false, &Options::default()).expect("a list of cases");
    cases.next().expect("one case").expect("a case")
}

fn questions(record: &Record) -> usize {
    record.notes.iter().filter(|note| note.starts_with("not understood")).count()
}

fn tissue(yaml: &str) -> (Vec<String>, Vec<String>) {
    let record = case(&format!("biopsy: {yaml}"));
    let words =
        |terms: &[osteoflare_clinic::record::Term]| terms.iter().map(|t| t.as_str().to_owned()).collect();
    record.biopsies.first().map(|b| (words(&b.findings), words(&b.absent))).unwrap_or_default()
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_negative_stain_is_no_absence_of_tuberculosis() {
    for (yaml, found, absent) in [
        ("{result: caseating_granuloma, afb: negative}", &["tuberculosis"][..], &["acid_fast_bacilli"][..]),
        ("{result: granuloma, ziehl_neelsen: negative}", &["granuloma"], &["acid_fast_bacilli"]),
        ("{result: granuloma_without_acid_fast_bacilli}", &["granuloma"], &["acid_fast_bacilli"]),
        ("{result: granuloma, acid_fast_stain: positive}", &["granuloma", "acid_fast_bacilli"], &[]),
        ("{cd1a: \"+\", langerin: \"-\"}", &["cd1a"], &["langerin"]),
        ("{result: giant_cell_granuloma}", &["giant_cell_granuloma"], &[]),
        ("{result: eosinophilic_granuloma}", &["langerhans_cells"], &[]),
        (
            "{result: small_round_blue_cell_tumour, cd99: positive, fusion: EWSR1-FLI1}",
            &["small_round_cells", "cd99", "ewsr1_fusion"],
            &[],
        ),
    ] {
        assert_eq!(tissue(yaml), (words(found), words(absent)), "{yaml}");
    }
    let smear = case("microbiology: {afb_smear: negative}");
    assert!(smear.cultures.is_empty(), "what seeks mycobacteria only is no sterile culture");
    let gram = case("biopsy: {gram_stain: negative, result: fibrosis}");
    assert!(gram.cultures.is_empty(), "a stain is no culture");
}

#[test]
fn cultures_know_whether_antibiotics_were_given_before() {
    for (yaml, off) in [
        ("biopsy: {result: chronic_inflammation, off_antibiotics: true, culture: sterile}", Some(true)),
        ("biopsy: {culture: sterile, prior_antibiotics: yes}", Some(false)),
        ("microbiology: {bone_culture: sterile, off_antibiotics: 2_weeks}", Some(true)),
        ("microbiology: {bone_culture: {result: sterile, on_antibiotics: true}}", Some(false)),
        ("biopsy: {culture: sterile}", None),
    ] {
        let record = case(yaml);
        assert_eq!(record.cultures.len(), 1, "{yaml}");
        assert_eq!((record.cultures[0].off_antibiotics, questions(&record)), (off, 0), "{yaml}");
    }
    assert_eq!(questions(&case("biopsy: {result: fibrosis, off_antibiotics: true}")), 1);
}

#[test]
fn samples_follow_each_other_and_those_not_taken_are_none() {
    let two = case("biopsy: {done: true, first: chronic_osteomyelitis, second: high_grade_osteosarcoma}");
    let found: Vec<&str> = two.biopsies.iter().map(|b| b.findings[0].as_str()).collect();
    assert_eq!(found, ["inflammation", "osteosarcoma"]);
    assert_eq!(questions(&two), 0);
    for text in ["refused_by_parents", "parents_declined", "not_performed"] {
        let record = case(&format!("biopsy: {text}"));
        assert!(!record.biopsies[0].done, "{text}");
    }
    assert!(case("biopsy: pending").biopsies.is_empty());
    let pcr = case("biopsy: {result: granuloma, pcr: M_bovis_BCG}");
    assert_eq!(pcr.cultures[0].organism.as_deref(), Some("M bovis BCG"));
    let marrow = case("marrow: {blasts_pct: 60}");
    assert_eq!(marrow.biopsies[0].findings[0].as_str(), "leukaemia");
    assert!(case("marrow: {blasts_pct: 3}").biopsies[0].findings.is_empty());
}

fn blood(yaml: &str) -> Vec<(String, String)> {
    let shown = |result: &LabResult| {
        let words = result.qualitative.and_then(|words| serde_json::to_value(words).ok());
        let text = words.and_then(|words| words.as_str().map(str::to_owned));
        (result.analyte.as_str().to_owned(), text.unwrap_or_default())
    };
    case(yaml).laboratory.iter().map(shown).collect()
}

#[test]
fn abnormal_counts_are_read_from_their_names() {
    for (yaml, expected) in [
        ("labs: {blood_smear: blasts_present}", &[("blasts", "positive")][..]),
        ("labs: {blood_film: no_blasts}", &[("blasts", "negative")]),
        (
            "labs: {platelets: thrombocytopenia, wbc: leukopenia}",
            &[("platelets", "low"), ("leukocytes", "low")],
        ),
        ("labs: {cbc: pancytopenia}", &[("haemoglobin", "low"), ("leukocytes", "low"), ("platelets", "low")]),
        (
            "findings: {pancytopenia: true}",
            &[("haemoglobin", "low"), ("leukocytes", "low"), ("platelets", "low")],
        ),
        ("findings: {leukocytosis: false}", &[("leukocytes", "negative")]),
        ("labs: [no_leukocytosis]", &[("leukocytes", "negative")]),
        ("labs: {wbc: normal_no_leukocytosis}", &[("leukocytes", "normal")]),
        ("labs: {crp: WNL, esr: 2x_upper_limit}", &[("crp", "normal"), ("esr", "elevated")]),
    ] {
        let expected: Vec<(String, String)> =
            expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(blood(yaml), expected, "{yaml}");
    }
    let share = case("labs: {blood_smear: 30%_blasts}");
    assert_eq!((share.laboratory[0].analyte.as_str(), share.laboratory[0].value), ("blasts", Some(30.0)));
}

#[test]
fn no_leukocytosis_leaves_a_low_count_open() {
    use osteoflare_clinic::view::{Level, State, View};
    let record = case("findings: [no_leukocytosis]");
    let view = View::new(&record, f64::INFINITY);
    assert_eq!(view.is("leukocytes", Level::High).state, State::NotMet);
    assert_eq!(view.is("leukocytes", Level::Low).state, State::Unknown);
    assert_eq!(view.is_normal("leukocytes").state, State::Unknown);
}

#[test]
fn reference_ranges_belong_to_results() {
    for (yaml, expected) in [
        ("{alp_u_l: 62, alp_normal_range_u_l: \"142-335\"}", (Some(142.0), Some(335.0))),
        ("{alp_reference: \"142-335\", alp_u_l: 62}", (Some(142.0), Some(335.0))),
        ("{alp_u_l: {value: 62, reference: \"142-335\"}}", (Some(142.0), Some(335.0))),
        ("{alp: {value: 62, unit: U/l, low: 142, high: 335}}", (Some(142.0), Some(335.0))),
        ("{crp_mg_l: \"8 (normal <5)\"}", (None, Some(5.0))),
        ("{crp_mg_l: 8, crp_upper_limit_mg_l: 5}", (None, Some(5.0))),
    ] {
        let record = case(&format!("labs: {yaml}"));
        assert_eq!((record.laboratory.len(), questions(&record)), (1, 0), "{yaml}");
        let reference = record.laboratory[0].reference.expect(yaml);
        assert_eq!((reference.low, reference.high), expected, "{yaml}");
    }
    assert_eq!(questions(&case("labs: {crp_mg_l: 8, crp_reference_mg_dl: \"<0.5\"}")), 1, "another unit");
    assert_eq!(questions(&case("labs: {crp_mg_l: \"8 (2-12)\"}")), 1, "a range of what is not said");
    let unit = |yaml: &str| case(&format!("labs: {yaml}")).laboratory[0].unit.clone();
    assert_eq!(unit("{esr: \"<20\"}").as_deref(), Some("mm/h"));
    assert_eq!(unit("{crp: 20}"), None);
    let skin = case("microbiology: {tuberculin_skin_test_mm: 12}");
    assert_eq!((skin.laboratory[0].value, skin.laboratory[0].unit.as_deref()), (Some(12.0), Some("mm")));
}

#[test]
fn sterile_arthritis_is_no_infection() {
    let record = case("findings: {sterile_pyogenic_arthritis: true, fever: \"+\", weight_loss: \"-\"}");
    let said: Vec<(&str, bool)> = record.findings.iter().map(|f| (f.finding.as_str(), f.present)).collect();
    assert_eq!(said, [("arthritis", true), ("fever", true), ("weight_loss", false)]);
    let record = case("comorbid: [pyogenic_sterile_arthritis]");
    assert_eq!(record.conditions[0].condition.as_str(), "sterile_arthritis");
}

#[test]
fn how_long_a_drug_was_given_is_read_wherever_it_stands() {
    let days = |yaml: &str| {
        let record = case(yaml);
        assert_eq!(questions(&record), 0, "{yaml}");
        let one = &record.treatments[0];
        (one.duration_days.map(|days| (days.low.round(), days.high.round())), one.response.is_some())
    };
    let weeks = |n: f64| Some((n * 7.0, n * 7.0));
    for (yaml, expected) in [
        ("response: {antibiotics: no_improvement_after_6_weeks}", Some((42.0, f64::INFINITY))),
        ("response: {antibiotics_6_weeks: none}", weeks(6.0)),
        ("treatment: {antibiotics: 8_weeks_no_effect}", weeks(8.0)),
        ("antibiotics: {duration_weeks: 6, response: none}", weeks(6.0)),
        ("nsaid: failed_after_3_months", Some((91.0, f64::INFINITY))),
        ("treatment: [nsaid]\nresponse: {nsaid: failed_after_3_months}", Some((91.0, f64::INFINITY))),
        ("nsaid_response: no_effect_after_4_weeks", Some((28.0, f64::INFINITY))),
        ("nsaid_response: none", None),
        ("response: {pamidronate: remission_for_6_months}", None),
        ("response: {nsaid: relapse_after_6_weeks}", None),
        ("response: {nsaid: improved_within_2_weeks}", None),
    ] {
        assert_eq!(days(yaml), (expected, true), "{yaml}");
    }
}

#[test]
fn where_no_antibiotics_were_given_cultures_are_taken_off_them() {
    for (yaml, off) in [
        ("prior_antibiotics: none", Some(true)),
        ("treatment: [no_antibiotics]", Some(true)),
        ("treatment: [no_nsaid]", None),
        ("treatment: [no_antibiotics, then_antibiotics_2_weeks]", None),
    ] {
        let record = case(&format!("biopsy: {{result: fibrosis, culture: sterile}}\n{yaml}"));
        assert_eq!(record.cultures[0].off_antibiotics, off, "{yaml}");
    }
}

#[test]
fn a_treatment_without_an_end_has_no_known_duration_and_an_outcome_is_of_the_end() {
    use osteoflare_clinic::instruments::score_all;
    use osteoflare_clinic::view::State;
    let course =
        "timeline: [{t: presentation, findings: {pain: true}}, {t: plus_6_months, findings: {pain: false}}]";
    let record = case(&format!("treatment: [naproxen]\noutcome: clinical_remission\n{course}"));
    let items = score_all(&record, f64::INFINITY, None);
    let state = items.iter().flat_map(|one| &one.items).find(|item| item.id == "nsaid_4_weeks");
    assert_eq!(state.map(|item| item.state), Some(State::Unknown));
    assert_eq!(record.outcomes[0].when, record.followed_until);
    let stated = case(&format!("treatment: [naproxen_6_weeks]\n{course}"));
    let items = score_all(&stated, f64::INFINITY, None);
    let state = items.iter().flat_map(|one| &one.items).find(|item| item.id == "nsaid_4_weeks");
    assert_eq!(state.map(|item| item.state), Some(State::Met));
}

#[test]
fn scores_are_assessments_of_their_time() {
    let record = case(
        "outcome: {physician_global: 1, final: well}\n\
         timeline: [{t: presentation, physician_global_0_10: 6, findings: {parent_global_vas: 5, chaq: 1.25}}, \
         {t: plus_6_months, whole_body_mri_lesions: 3, scores: {pain_vas: 2, esr: 12}}]",
    );
    assert_eq!(questions(&record), 0, "{:?}", record.notes);
    let shown: Vec<_> = record
        .assessments
        .iter()
        .map(|one| (one.physician_global_0_10, one.patient_global_0_10, one.chaq.is_some()))
        .collect();
    assert_eq!(shown, [(Some(6.0), Some(5.0), true), (Some(1.0), None, false)]);
    assert_eq!(record.assessments[1].when, record.followed_until);
    assert_eq!(record.outcomes[0].outcome, "final well");
    assert_eq!(record.findings[0].severity_0_10, Some(2.0));
    assert_eq!(record.laboratory[0].value, Some(12.0));
    assert!(record.imaging[0].focality.is_some() && record.imaging[0].coverage.is_some());
    assert_eq!(questions(&case("scores: {physician_global: 45}")), 1, "a scale that is not said");
}

#[test]
fn how_many_there_are_is_read_beside_other_words() {
    use osteoflare_clinic::record::{Coverage, Focality};
    let study = |yaml: &str| case(yaml).imaging.remove(0);
    let one = study("sites: [{bone: tibia, side: L}]\nfocality: {whole_body_mri: no_other_lesions}");
    assert_eq!((one.focality, one.coverage), (Some(Focality::Unifocal), Some(Coverage::WholeBody)));
    let two = study("sites: [{bone: tibia}, {bone: rib}]\nfocality: {whole_body_mri: no_other_lesions}");
    assert_eq!(two.focality, None, "none beside the two");
    let five = study("focality: {mri: 5_lesions_all_asymmetric}");
    assert_eq!((five.focality, five.symmetric), (Some(Focality::Multifocal), Some(false)));
    assert_eq!(case("focality: {number: 7}").findings[0].finding.as_str(), "multifocal");
    let delay = |yaml: &str| case(yaml).history.symptom_duration_days.map(|days| days.low.round());
    assert_eq!(delay("course: {delay_to_diagnosis_months: 20}"), Some(609.0));
    assert_eq!(delay("patient: {diagnostic_delay_years: 2}"), Some(731.0));
    assert_eq!(delay("course: {delay_to_diagnosis_months: 20, symptom_months: 3}"), Some(91.0));
}

fn lesions(yaml: &str) -> Vec<String> {
    let record = case(yaml);
    let all = record.imaging.iter().flat_map(|study| &study.lesions);
    all.map(|lesion| osteoflare_clinic::place::label(&lesion.place)).collect()
}

#[test]
fn bones_of_many_names_are_places_and_unknown_ones_are_asked_about() {
    for bone in [
        "odontoid",
        "axis",
        "clivus",
        "ischiopubic_ramus",
        "L_TMJ",
        "hard_palate",
        "axial_skeleton",
        "skull_base",
    ] {
        let record = case(&format!("sites: [{{bone: {bone}}}]"));
        let place = &record.imaging[0].lesions[0].place;
        assert!(place.bone.as_str() != "whole_body" && questions(&record) == 0, "{bone}: {place:?}");
        assert!(osteoflare_clinic::place::resolve(place).is_ok(), "{bone}");
    }
    for bone in ["hyoid", "nasal_bone", "growth_plate", "proximal_metaphysis", "blurb"] {
        let record = case(&format!("sites: [{{bone: {bone}, side: L}}, {{bone: tibia, side: L}}]"));
        assert_eq!((record.imaging[0].lesions.len(), questions(&record)), (2, 1), "{bone}");
    }
    let text = "imaging: {radiograph: [sclerosis_along_the_long_axis]}";
    assert!(lesions(text).is_empty(), "an axis in a report is no vertebra");
}

#[test]
fn sites_that_are_denied_are_no_lesions() {
    assert!(lesions("sites: none").is_empty());
    let three = "sites: [{bone: tibia, evidence: none}, {bone: femur, excluded: true}, {bone: fibula}]";
    assert_eq!(lesions(three), ["fibula"]);
    assert_eq!(lesions("sites: {tibia: none, femur: L}"), ["femur, left"]);
    let record = case("sites: [{bone: tibia, evidence: suspected}]");
    assert_eq!((record.imaging.len(), questions(&record)), (0, 1));
}

#[test]
fn reports_of_pictures_are_read_in_their_words() {
    let study = |yaml: &str| {
        let record = case(&format!("imaging: {yaml}"));
        assert_eq!(questions(&record), 0, "{yaml}: {:?}", record.notes);
        let study = &record.imaging[0];
        let words: Vec<String> = study.descriptors.iter().map(|term| term.as_str().to_owned()).collect();
        (words.join(" "), study.abnormal)
    };
    for (yaml, words, abnormal) in [
        ("{radiograph: [ill_defined_lysis, soft_tissue_extension]}", "lytic soft_tissue_mass", true),
        ("{mri: [T1_low, STIR_high]}", "marrow_abnormality marrow_oedema", true),
        ("{mri: [small_fluid_collection]}", "fluid_collection", true),
        ("{mri: no_abnormality}", "", false),
        ("{mri: no_pathological_findings}", "", false),
    ] {
        assert_eq!(study(yaml), (words.to_owned(), Some(abnormal)), "{yaml}");
    }
    assert_eq!(
        lesions("imaging: {whole_body_mri: [distal_femur_B, T8]}"),
        ["distal femur, both sides", "T8"].map(str::to_owned)
    );
    assert_eq!(lesions("imaging: {mri: {level: [T7, T8], findings: [marrow_edema]}}").len(), 2);
    let part = "imaging: {mri: {bone: femur, segment: distal_metaphysis, side: L, findings: [lysis]}}";
    assert_eq!(lesions(part), ["femur, distal metaphysis, left"]);
    assert!(lesions("imaging: {mri: {region: thigh, findings: [marrow_edema]}}").is_empty());
}

#[test]
fn ages_in_words_are_asked_about_and_refuse_nothing() {
    let age = |yaml: &str| {
        let record = case(&format!("patient: {yaml}"));
        (record.patient.age_years.map(|age| (age.low * 12.0).round()), questions(&record))
    };
    assert_eq!(age("{age_years: 9y}"), (Some(108.0), 0));
    assert_eq!(age("{age: 18_months}"), (Some(18.0), 0));
    assert_eq!(age("{age: 18m}"), (Some(18.0), 0));
    assert_eq!(age("{age: 9y6m}"), (Some(114.0), 0));
    assert_eq!(age("{age: 9 years old}"), (Some(108.0), 0));
    for words in ["infant", "teenager", "young_adult"] {
        assert_eq!(age(&format!("{{age: {words}}}")), (None, 1), "{words}");
    }
    assert_eq!(age("{age_group: adolescent}"), (None, 1));
}

#[test]
fn what_is_normal_denies_what_it_says() {
    use osteoflare_clinic::record::{Kin, Status};
    for yaml in
        ["family_history: none", "family_history: negative", "family_history: [no_autoimmune_disease]"]
    {
        let record = case(yaml);
        let one = &record.conditions[0];
        let said = (one.condition.as_str(), one.status, one.of);
        assert_eq!(said, ("autoimmune_disease", Status::Excluded, Some(Kin::FirstDegree)), "{yaml}");
    }
    assert!(case("family_history: not_reported").conditions.is_empty());
    // What the mother does not have says nothing of the father.
    assert!(case("family_history: {mother: no_autoimmune_disease}").conditions.is_empty());
    assert_eq!(case("family_history: {first_degree: no_psoriasis}").conditions[0].status, Status::Excluded);
    assert_eq!(case("comorbid: none").conditions[0].status, Status::Excluded);
    assert!(case("comorbid: none_reported").conditions.iter().all(|one| one.status != Status::Excluded));
    let skin = case("findings: {skin: normal}");
    let absent: Vec<&str> = skin.findings.iter().filter(|f| !f.present).map(|f| f.finding.as_str()).collect();
    assert!(["psoriasis", "palmoplantar_pustulosis", "acne"].iter().all(|term| absent.contains(term)));
    let teeth =
        case("patient: {age_years: 4, background: [premature_loss_of_deciduous_teeth_at_3, lives_at_sea]}");
    assert_eq!(teeth.findings[0].finding.as_str(), "early_tooth_loss");
    assert_eq!(teeth.patient.background, ["lives at sea"]);
}

#[test]
fn tests_are_known_by_their_names_wherever_they_stand() {
    let record = case("genexpert: positive");
    assert_eq!(record.cultures[0].organism.as_deref(), Some("Mycobacterium tuberculosis"));
    // Of germs, a smear is a stain; it seeks one kind and excludes none.
    let record = case("microbiology: {smear: negative}");
    assert_eq!((record.cultures.len(), record.laboratory.len(), questions(&record)), (0, 0, 0));
    let record = case("genetics: {lpin2: negative, ewsr1_fli1_fusion: positive}");
    let genes: Vec<_> = record.genetics.iter().map(|g| (g.gene.as_str(), g.significance)).collect();
    use osteoflare_clinic::record::Significance::{Benign, Pathogenic};
    assert_eq!(genes, [("LPIN2", Some(Benign)), ("EWSR1_FLI1_FUSION", Some(Pathogenic))]);
    for words in ["no_lesion", "no_bone_lesions", "no_foci_detected"] {
        let record = case(&format!("imaging: {{whole_body_mri: {words}}}"));
        assert_eq!((record.imaging[0].abnormal, questions(&record)), (Some(false), 0), "{words}");
    }
    let record = case("imaging: {whole_body_mri: no_new_lesions}");
    assert_eq!(record.imaging[0].abnormal, None);
}

#[test]
fn pain_of_other_organs_is_no_pain_of_bone_and_denies_none() {
    for yaml in [
        "findings: {abdominal_pain: true}",
        "findings: [ear_pain, eye_pain]",
        "findings: {pain: abdominal}",
        "findings: [no_abdominal_pain]",
        "findings: {pain: none_abdominal}",
        "findings: [dental_abscess, eyelid_swelling]",
    ] {
        let record = case(yaml);
        assert!(record.findings.is_empty() && !record.notes.is_empty(), "{yaml}: {:?}", record.findings);
        assert_eq!(questions(&record), 0, "{yaml}");
    }
    let record = case("findings: [painful_lymph_nodes, pain_in_joints, knee_pain]");
    let terms: Vec<&str> = record.findings.iter().map(|f| f.finding.as_str()).collect();
    assert_eq!(terms, ["lymphadenopathy", "joint_pain", "pain"]);
}

#[test]
fn pictures_of_inner_organs_say_nothing_of_bone() {
    for yaml in
        ["{mri_brain: normal}", "{abdominal_mri: abnormal}", "{chest_xray: normal}", "{chest_ct: pneumonia}"]
    {
        let record = case(&format!("imaging: {yaml}"));
        assert!(record.imaging.is_empty() && record.notes.len() == 1, "{yaml}");
        assert_eq!(questions(&record), 0, "{yaml}");
    }
    let record =
        case("imaging: {abdominal_ultrasound: splenomegaly, chest_ct: [lytic_lesion_rib_5], mri: abnormal}");
    assert_eq!(record.findings[0].finding.as_str(), "splenomegaly");
    assert_eq!(record.imaging[0].lesions[0].place.bone.as_str(), "rib_5");
    assert_eq!(record.imaging[1].abnormal, Some(true));
}

#[test]
fn vertebrae_are_told_by_their_level() {
    for (site, expected) in [
        ("{bone: vertebra, level: [T6, L1]}", vec!["T6", "L1"]),
        ("{bone: spine, level: T6-T8}", vec!["T6", "T7", "T8"]),
        ("{bone: thoracic_spine, level: [7, 9]}", vec!["T7", "T9"]),
        ("{vertebra: T8}", vec!["T8"]),
    ] {
        let record = case(&format!("sites: [{site}]"));
        let places: Vec<String> =
            record.imaging[0].lesions.iter().map(|l| l.place.bone.as_str().to_uppercase()).collect();
        assert_eq!(
            (places.iter().map(String::as_str).collect::<Vec<_>>(), questions(&record)),
            (expected, 0),
            "{site}"
        );
    }
}

#[test]
fn treatments_go_on_and_surgery_is_one() {
    let drugs = |yaml: &str| -> Vec<(String, Option<f64>)> {
        let record = case(yaml);
        assert_eq!(questions(&record), 0, "{yaml}");
        record
            .treatments
            .iter()
            .map(|t| (t.drug.as_str().to_owned(), t.duration_days.map(|d| d.low)))
            .collect()
    };
    let flucloxacillin = vec![("flucloxacillin".to_owned(), Some(42.0))];
    assert_eq!(drugs("treatment: [flucloxacillin_iv_1_week, then_oral_5_weeks]"), flucloxacillin);
    assert_eq!(drugs("surgery: {drainage: true}"), [("drainage".to_owned(), None)]);
    let record = case("response: {pamidronate: pain_free_after_first_infusion}");
    assert_eq!(record.treatments[0].response, Some(osteoflare_clinic::record::Response::Complete));
}

#[test]
fn samples_are_what_they_were_taken_from() {
    let record = case(
        "microbiology: {biopsy_culture: sterile, bone_marrow_culture: negative, genexpert_biopsy: MTB_detected}\n\
         biopsy: {done: 2, result: chronic_inflammation}",
    );
    assert_eq!(questions(&record), 0, "{:?}", record.notes);
    let from: Vec<&str> = record.cultures.iter().map(|c| c.specimen.as_str()).collect();
    assert_eq!(from, ["bone", "bone_marrow", "bone"]);
    assert_eq!(record.cultures[2].organism.as_deref(), Some("Mycobacterium tuberculosis"));
    assert!(record.biopsies[0].done);
}

#[test]
fn what_is_free_of_pain_does_not_hurt() {
    for yaml in ["[asymptomatic]", "{pain: pain_free}", "[pain_free]", "{asymptomatic: true}"] {
        let record = case(&format!("findings: {yaml}"));
        let said: Vec<_> = record.findings.iter().map(|f| (f.finding.as_str(), f.present)).collect();
        assert_eq!((said, questions(&record)), (vec![("pain", false)], 0), "{yaml}");
    }
    let record = case("course: {initial_response_to_nsaid: partial}");
    assert_eq!(record.treatments[0].response, Some(osteoflare_clinic::record::Response::Partial));
}

#[test]
fn lesions_of_several_places_in_one_phrase_are_lesions() {
    let bones = |yaml: &str| -> Vec<String> {
        let record = case(&format!("imaging: {{mri: [{yaml}]}}"));
        assert_eq!((record.imaging[0].abnormal, questions(&record)), (Some(true), 0), "{yaml}");
        record.imaging[0].lesions.iter().map(|l| l.place.bone.as_str().to_owned()).collect()
    };
    assert_eq!(bones("multifocal_lesions_pelvis_femora_spine"), ["pelvis", "femora", "spine"]);
    assert_eq!(bones("involvement_of_T8").len(), 1);
}

#[test]
fn what_was_not_given_is_no_treatment() {
    let drugs = |yaml: &str| -> Vec<String> {
        case(yaml).treatments.iter().map(|t| t.drug.as_str().to_owned()).collect()
    };
    assert_eq!(
        drugs("treatment: [antibiotics_6_weeks_without_surgery, surgery_not_needed]"),
        ["antibiotics"]
    );
    assert!(drugs("treatment: [infliximab_declined, pamidronate_planned, avoid_tnf_inhibitors]").is_empty());
    let spared = "treatment: [naproxen_instead_of_antibiotics, steroid_sparing_methotrexate]";
    assert_eq!(drugs(spared), ["naproxen", "methotrexate"]);
    let record = case("treatment: [clindamycin]\nresponse: {antibiotics: none}");
    assert_eq!(record.treatments.len(), 1, "the class has one member here");
    assert_eq!(record.treatments[0].response, Some(osteoflare_clinic::record::Response::None));
    let two = case("treatment: [naproxen, ibuprofen]\nresponse: {nsaid: none}");
    assert_eq!(two.treatments.len(), 3, "of which of two is not said");
    let alone = case("response: {antibiotics_alone: complete_and_sustained}");
    assert_eq!(alone.treatments[0].alone, Some(true));
}

#[test]
fn durations_have_bounds_to_the_day() {
    let days = |text: &str| {
        let record = case(&format!("course: {{{text}}}"));
        record.history.symptom_duration_days.map(|days| (days.low, days.high))
    };
    assert_eq!(days("symptom_weeks: '<6'"), Some((0.0, 41.0)));
    assert_eq!(days("symptom_weeks: '<=6'"), Some((0.0, 42.0)));
    assert_eq!(days("symptom_months: '>6'"), Some((183.625, f64::INFINITY)));
    assert_eq!(days("symptom_duration: '>2 weeks'"), Some((15.0, f64::INFINITY)));
    assert_eq!(days("symptom_free_months: 8"), None);
}

#[test]
fn a_variant_is_what_is_written_as_one() {
    use osteoflare_clinic::record::Significance::{Benign, Pathogenic, Uncertain};
    for (said, expected) in [
        ("variant: 'c.2201C>T'", Some(Pathogenic)),
        ("variant: A230T", Some(Pathogenic)),
        ("finding: homozygous_mutation", Some(Pathogenic)),
        ("zygosity: homozygous", Some(Pathogenic)),
        ("variant: 175-kb deletion", Some(Pathogenic)),
        ("variant: c.5C>T, acmg: likely_pathogenic", Some(Pathogenic)),
        ("variant: class 5", Some(Pathogenic)),
        ("finding: variant_of_unknown_significance", Some(Uncertain)),
        ("classification: VUS", Some(Uncertain)),
        ("variant: class 3", Some(Uncertain)),
        ("variant: c.76C>T, acmg: likely_benign", Some(Benign)),
        ("variant: polymorphism", Some(Benign)),
        ("finding: no pathogenic variant", Some(Benign)),
        ("variant: ruled_out", Some(Benign)),
        ("variant: neg", Some(Benign)),
        ("variant: wild_type", Some(Benign)),
        ("variant: pending", None),
        ("sequenced: true", None),
        ("variant: something", None),
    ] {
        let record = case(&format!("genetics: {{gene: LPIN2, {said}}}"));
        assert_eq!(record.genetics.first().and_then(|g| g.significance), expected, "{said}");
    }
}

#[test]
fn words_that_hold_others_are_not_them() {
    let said = |yaml: &str| -> Vec<(String, bool)> {
        case(yaml).findings.iter().map(|f| (f.finding.as_str().to_owned(), f.present)).collect()
    };
    assert_eq!(said("findings: [fever-free]"), [("fever".to_owned(), false)]);
    assert!(said("findings: [hay fever, 'dengue fever excluded']").iter().all(|(term, _)| term != "fever"));
    assert_eq!(
        said("findings: {general_condition: not_impaired}"),
        [("good_general_condition".to_owned(), true)]
    );
    assert!(said("findings: {skin_abscess: true, chest_pain: true, flank_pain: true}").is_empty());
    assert_eq!(said("findings: {fever_at_onset: true, fever_now: false}"), [("fever".to_owned(), true)]);
    let record = case("findings: {malignancy: excluded}");
    assert_eq!(record.conditions[0].status, osteoflare_clinic::record::Status::Excluded);
    let record = case("labs: {vitamin_c: low_normal, ldh: high normal}");
    use osteoflare_clinic::record::Qualitative::Normal;
    assert!(record.laboratory.iter().all(|result| result.qualitative == Some(Normal)));
    let record = case("biopsy: {done: true, result: 'initially read as Ewing, revised to inflammation'}");
    assert_eq!((record.biopsies[0].findings.len(), questions(&record)), (0, 1));
    let record = case("imaging: {mri_spine: [vertebral_edema]}");
    assert_eq!(record.imaging[0].descriptors[0].as_str(), "marrow_oedema");
    let sites = case("sites: [{bone: femur, normal: true}, {bone: clavicle, mri: normal}]");
    assert!(sites.imaging.is_empty());
}

#[test]
fn extents_in_other_words_are_read_and_unclear_ones_asked_about() {
    use osteoflare_clinic::record::Focality::{Multifocal, Unifocal};
    for (word, expected) in [
        ("monostotic", Some(Unifocal)),
        ("isolated", Some(Unifocal)),
        ("one lesion", Some(Unifocal)),
        ("polyostotic", Some(Multifocal)),
        ("two lesions", Some(Multifocal)),
        ("three foci", Some(Multifocal)),
        ("multiple", Some(Multifocal)),
        ("disseminated", Some(Multifocal)),
        ("possibly_multifocal", None),
        ("strange", None),
    ] {
        let record = case(&format!("focality: {{mri: {word}}}"));
        assert_eq!(record.imaging.first().and_then(|study| study.focality), expected, "{word}");
        assert_eq!(questions(&record), usize::from(expected.is_none()), "{word}");
    }
}

#[test]
fn what_is_of_bone_is_not_taken_for_another_organ() {
    for yaml in [
        "findings: {pain: 'left hip; no abdominal pain'}",
        "findings: {pain: 'bone pain, abdominal pain'}",
        "findings: {muscle_pain_and_bone_pain: true}",
        "findings: {swelling: jaw and gum}",
        "findings: [chest_wall_pain]",
        "findings: [psoas_abscess]",
        "findings: {abscess: subperiosteal, pus: false}",
    ] {
        let record = case(yaml);
        assert!(record.findings.iter().all(|f| f.present) && record.findings.len() == 1, "{yaml}");
    }
    for (yaml, bones) in [
        ("{abdominal_mri: [L3 marrow oedema]}", vec!["l3"]),
        ("{mri_brain_and_skull: lytic lesion of skull}", vec!["skull"]),
        ("{chest_ct: [rib lesions, clavicle sclerosis]}", vec!["rib", "clavicle"]),
        ("{chest_xray: rib_lesion}", vec!["rib"]),
    ] {
        let record = case(&format!("imaging: {yaml}"));
        let found: Vec<&str> = record.imaging[0].lesions.iter().map(|l| l.place.bone.as_str()).collect();
        assert_eq!(found, bones, "{yaml}");
    }
    assert_eq!(questions(&case("findings: {fever: none after day 3}")), 1);
    let record = case("biopsy: {done: true, culture: 'sterile (bacteria, fungi, mycobacteria)'}");
    assert_eq!(record.cultures.len(), 1);
}

#[test]
fn what_was_ruled_out_or_spoken_against_is_not_there() {
    let study =
        |words: &str| case(&format!("focality: {{mri: {words}}}")).imaging.first().and_then(|s| s.focality);
    assert_ne!(study("ruled out multifocal"), Some(osteoflare_clinic::record::Focality::Multifocal));
    let biopsy = case("biopsy: {done: true, result: against lymphoma}").biopsies.remove(0);
    assert!(biopsy.findings.is_empty() && biopsy.absent.len() == 1, "{biopsy:?}");
    assert!(case("genetics: {gene: ALPL, variant: carrier}").genetics.is_empty());
    let study = case("imaging: {mri: [muscle_edema]}").imaging.remove(0);
    assert_eq!(study.descriptors[0].as_str(), "soft_tissue_oedema");
    let record = case("biopsy: {done: true, culture: aerobic and anaerobic negative}");
    assert_eq!(record.cultures.len(), 1);
    let record = case(
        "treatment: {antibiotics: {duration_weeks: 6, response: complete, relapse: false, alone: true}}",
    );
    assert_eq!(record.treatments[0].response, Some(osteoflare_clinic::record::Response::CompleteSustained));
}
