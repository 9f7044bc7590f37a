use super::*;
use crate::record::{
    Biopsy, BodySide, Comparator, Condition, Culture, CultureResult, Finding, Focality, GeneticFinding,
    ImagingStudy, LabResult, Modality, Place, Qualitative, Range, Record, Significance, Status, When,
};

fn of(record: &Record) -> Differential {
    differential(&View::new(record, f64::INFINITY), &Prior::default())
}

fn share(record: &Record, disease: &str) -> f64 {
    of(record).candidate(disease).expect("a disease").share
}

#[test]
fn nothing_known_is_the_prior() {
    let record = Record::new("x");
    let result = of(&record);
    assert!(result.flags.is_empty() && !result.cno_held_back);
    for candidate in &result.candidates {
        assert!((candidate.share - candidate.prior).abs() < 1e-12, "{}", candidate.disease);
    }
    let sum: f64 = result.candidates.iter().map(|c| c.prior).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
}

#[test]
fn one_ratio_is_the_published_one() {
    // Fever: 34.1 % against 90.6 %, so the odds of CNO against bacteria fall by 0.341/0.906.
    let mut record = Record::new("x");
    record.findings.push(Finding::present("fever"));
    let odds = share(&record, "cno") / share(&record, "bacterial_osteomyelitis");
    assert!((odds - 0.40 / 0.25 * 0.341 / 0.906).abs() < 1e-9, "{odds}");
}

#[test]
fn dependent_features_count_once_and_capped() {
    let mut record = Record::new("x");
    let mut study = ImagingStudy::new(Modality::Mri);
    study.focality = Some(Focality::Multifocal);
    study.symmetric = Some(true);
    record.imaging.push(study);
    let odds = share(&record, "cno") / share(&record, "bacterial_osteomyelitis");
    assert!((odds - 0.40 / 0.25 * 10.0).abs() < 1e-9, "47.6 is capped at 10 and symmetry not added: {odds}");
    let result = of(&record);
    let counted: Vec<f64> = result
        .candidate("bacterial_osteomyelitis")
        .expect("a disease")
        .ratios
        .iter()
        .map(|r| r.counted)
        .collect();
    assert_eq!(counted, [10.0, 1.0], "both are shown");
}

#[test]
fn a_flag_is_never_outvoted() {
    let mut record = Record::new("x");
    record.findings.push(Finding::absent("fever"));
    record.imaging.push(ImagingStudy {
        focality: Some(Focality::Multifocal),
        symmetric: Some(true),
        ..ImagingStudy::new(Modality::Mri)
    });
    assert!(!of(&record).cno_held_back && share(&record, "cno") > 0.5);
    record.laboratory.push(LabResult::number("platelets", 60.0, "10^9/l"));
    let result = of(&record);
    assert!(result.cno_held_back, "cytopenia");
    assert_eq!(result.ask_next[0].because, "red flag");
}

#[test]
fn a_biopsy_clears_what_pictures_feared_and_necrosis_does_not() {
    let mut record = Record::new("x");
    let mut study = ImagingStudy::new(Modality::Radiograph);
    study.descriptors.push("moth-eaten".into());
    record.imaging.push(study);
    assert!(of(&record).cno_held_back);
    record.biopsies.push(Biopsy {
        done: true,
        findings: vec!["necrosis".into()],
        absent: vec!["malignancy".into()],
        ..Default::default()
    });
    let necrosis = of(&record);
    assert!(necrosis.cno_held_back && necrosis.flag("uninformative_biopsy").is_some());
    record.biopsies[0].findings = vec!["plasma cells".into(), "fibrosis".into()];
    let cleared = of(&record);
    assert!(cleared.flag("aggressive_imaging").is_some_and(|flag| flag.cleared) && !cleared.cno_held_back);
}

/// A bone biopsy with plasma cells and without malignancy.
fn benign(bone: &str, day: Option<f64>) -> Biopsy {
    Biopsy {
        done: true,
        findings: vec!["plasma cells".into()],
        absent: vec!["malignancy".into()],
        place: Some(Place::of(bone).on(BodySide::Left)),
        when: day.map(When::Day),
        ..Default::default()
    }
}

fn mass(day: f64) -> Record {
    let mut record = Record::new("x");
    record.findings.push(Finding {
        place: Some(Place::of("femur").on(BodySide::Left)),
        when: Some(When::Day(day)),
        ..Finding::present("mass")
    });
    record
}

#[test]
fn a_biopsy_clears_neither_another_bone_nor_what_came_later() {
    let open = |biopsy: Biopsy| {
        let mut record = mass(30.0);
        record.biopsies.push(biopsy);
        of(&record).cno_held_back
    };
    assert!(!open(benign("femur", Some(40.0))) && !open(benign("femur", None)));
    assert!(open(benign("clavicle", Some(40.0))), "another bone");
    assert!(open(benign("femur", Some(0.0))), "before the mass");
}

#[test]
fn malignant_tissue_holds_back_whatever_other_samples_show() {
    for cells in ["lymphoma", "neuroblastoma", "malignancy", "small_round_blue_cells"] {
        let mut record = Record::new("x");
        record.biopsies.push(Biopsy { done: true, findings: vec![cells.into()], ..Default::default() });
        record.biopsies.push(benign("femur", Some(30.0)));
        let result = of(&record);
        assert!(
            result.cno_held_back && result.flag("malignancy").is_some_and(|flag| !flag.cleared),
            "{cells}"
        );
    }
}

#[test]
fn confirmed_diseases_prove_and_past_ones_warn() {
    let with = |name: &str, status: Status| {
        let mut record = Record::new("x");
        record.conditions.push(Condition {
            condition: name.into(),
            status,
            of: None,
            when: None,
            note: None,
        });
        of(&record)
    };
    let scurvy = with("scurvy", Status::Present);
    assert!(scurvy.cno_held_back && !scurvy.candidate("scurvy").expect("a disease").proof.is_empty());
    assert!(with("leukaemia", Status::Present).flag("past_malignancy").is_none());
    assert!(with("leukaemia", Status::Past).flag("past_malignancy").is_some());
    assert!(!with("scurvy", Status::Excluded).cno_held_back);
}

#[test]
fn alkaline_phosphatase_is_judged_for_age() {
    let flagged = |age: f64, value: f64| {
        let mut record = Record::new("x");
        record.patient.age_years = Some(Range::exactly(age));
        record.laboratory.push(LabResult::number("alkaline_phosphatase", value, "u/l"));
        of(&record).flag("low_alkaline_phosphatase").is_some()
    };
    assert!(flagged(9.0, 40.0) && !flagged(9.0, 200.0));
    // At 16 years the limit depends on sex: 60 is normal for girls.
    assert!(flagged(16.0, 50.0) && !flagged(16.0, 60.0));
}

#[test]
fn skin_joints_and_acne_ask_for_the_gene() {
    let mut record = Record::new("x");
    record.findings.push(Finding::present("pyoderma_gangrenosum"));
    assert!(of(&record).flag("monogenic_pattern").is_none());
    record.findings.push(Finding { degree: Some("severe".into()), ..Finding::present("acne") });
    assert!(of(&record).flag("monogenic_pattern").is_some());
    let mut record = Record::new("x");
    let aspirate = Biopsy {
        done: true,
        tissue: Some("bone_marrow".into()),
        findings: vec!["dyserythropoiesis".into()],
        ..Default::default()
    };
    record.biopsies.push(aspirate);
    let result = of(&record);
    assert!(result.flag("monogenic_pattern").is_some() && result.flag("uninformative_biopsy").is_none());
}

#[test]
fn falling_counts_are_seen_over_time() {
    let mut record = Record::new("x");
    record.patient.age_years = Some(Range::exactly(9.0));
    for (day, value) in [(0.0, 808.0), (183.0, 200.0)] {
        record.laboratory.push(LabResult {
            when: Some(When::Day(day)),
            ..LabResult::number("platelets", value, "10^9/l")
        });
    }
    assert!(of(&record).flag("falling_platelets").is_some());
    assert!(differential(&View::new(&record, 10.0), &Prior::default()).flags.is_empty());
}

#[test]
fn asking_is_worth_most_where_it_tells_most() {
    let result = of(&Record::new("x"));
    let bits: Vec<f64> = result.ask_next.iter().filter_map(|q| q.bits).collect();
    assert!(bits.len() >= 8 && bits.windows(2).all(|w| w[0] >= w[1]) && bits[0] > 0.01, "{bits:?}");
    // What is known is not asked again.
    let mut record = Record::new("x");
    record.findings.push(Finding::absent("fever"));
    assert!(!of(&record).ask_next.iter().any(|q| q.ask == "fever"));
}

#[test]
fn priors_can_be_replaced() {
    let prior = Prior::parse("leukaemia=0.5, ewing=0.1").expect("shares");
    assert!((prior.0.values().sum::<f64>() - 1.0).abs() < 1e-9);
    assert_eq!(prior.of("leukaemia"), 0.5);
    let wrong = Prior::parse("leukemia=2,lukaemia=0.1,cno").expect_err("three problems");
    assert_eq!(wrong.problems.len(), 3, "{wrong}");
}

fn with_tissue(findings: &[&str]) -> Record {
    let mut record = Record::new("x");
    let findings = findings.iter().map(|&finding| finding.into()).collect();
    record.biopsies.push(Biopsy { done: true, findings, ..Default::default() });
    record
}

fn first(record: &Record) -> &'static str {
    of(record).candidates[0].disease
}

#[test]
fn what_tissue_proves_stands_first_also_where_it_is_no_candidate() {
    for cells in ["lymphoma", "neuroblastoma cells", "malignant cells", "small round blue cells"] {
        let result = of(&with_tissue(&[cells]));
        assert_eq!(result.candidates[0].disease, "other_malignancy", "{cells}");
        assert!(result.cno_held_back && result.proven == ["other_malignancy"], "{cells}");
        assert_eq!(result.remarks.len(), 1, "the shares are without the proof");
    }
    assert_eq!(first(&with_tissue(&["small round blue cells", "CD99 positive"])), "ewing_sarcoma");
    assert_eq!(first(&with_tissue(&["EWSR1-FLI1"])), "ewing_sarcoma");
    assert!(of(&with_tissue(&["CD99"])).proven.is_empty(), "leukaemia and lymphoma have it too");
    assert_eq!(of(&with_tissue(&["leukaemia", "malignant cells"])).proven, ["leukaemia"]);
    assert_eq!(first(&with_tissue(&["osteoid osteoma"])), "other_mimicker");
    assert!(of(&with_tissue(&["plasma cells"])).proven.is_empty());
}

fn searched(specimen: &str, organism: Option<&str>) -> Record {
    let mut record = Record::new("x");
    record.cultures.push(Culture {
        specimen: specimen.to_owned().into(),
        result: CultureResult::Positive,
        organism: organism.map(str::to_owned),
        off_antibiotics: None,
        place: None,
        when: None,
        note: None,
    });
    record
}

#[test]
fn a_pathogen_in_blood_proves_with_a_picture_of_osteomyelitis_and_warns_without() {
    let mut record = searched("blood", Some("Salmonella enteritidis"));
    let alone = of(&record);
    assert!(alone.cno_held_back && alone.proven.is_empty());
    record.findings.push(Finding::present("fever"));
    assert_eq!(first(&record), "bacterial_osteomyelitis");
    for skin in
        ["Staphylococcus epidermidis", "CoNS", "Cutibacterium acnes", "coagulase-negative staphylococci"]
    {
        let mut record = searched("blood", Some(skin));
        record.findings.push(Finding::present("fever"));
        let result = of(&record);
        assert!(!result.cno_held_back && result.proven.is_empty(), "{skin}");
    }
    assert_eq!(first(&searched("joint fluid", Some("Kingella kingae"))), "other_infection");
    let unnamed = of(&searched("unspecified", Some("Kingella kingae")));
    assert!(unnamed.cno_held_back && unnamed.proven.is_empty());
}

#[test]
fn one_allele_of_a_recessive_gene_proves_nothing() {
    let with = |genes: &[(&str, &str, Option<&str>)]| {
        let mut record = Record::new("x");
        for (gene, variant, zygosity) in genes {
            record.genetics.push(GeneticFinding {
                gene: (*gene).to_owned(),
                variant: Some((*variant).to_owned()),
                zygosity: zygosity.map(Into::into),
                significance: Some(Significance::Pathogenic),
                when: None,
            });
        }
        of(&record).proven
    };
    let single = Some("heterozygous");
    assert!(with(&[("LPIN2", "a", single)]).is_empty());
    assert!(with(&[("IL1RN", "heterozygous deletion", None)]).is_empty());
    assert_eq!(with(&[("LPIN2", "a", single), ("LPIN2", "b", single)]), ["majeed_syndrome"]);
    assert_eq!(with(&[("LPIN2", "a", Some("compound heterozygous"))]), ["majeed_syndrome"]);
    assert_eq!(with(&[("PSTPIP1", "E250Q", single)]), ["papa"]);
    assert_eq!(with(&[("SH3BP2", "a", single)]), ["other_mimicker"]);
}

#[test]
fn low_vitamin_c_is_a_flag_and_a_proof_and_is_not_asked_again() {
    let with = |result: LabResult| {
        let mut record = Record::new("x");
        record.findings.push(Finding::present("gum bleeding"));
        record.laboratory.push(result);
        of(&record)
    };
    let below =
        LabResult { comparator: Some(Comparator::Less), ..LabResult::number("vitamin_c", 5.0, "umol/l") };
    let words = LabResult::in_words("vitamin_c", Qualitative::Low);
    for low in [below, LabResult::number("vitamin_c", 0.1, "mg/dl"), words] {
        let result = with(low);
        assert!(result.flag("low_vitamin_c").is_some());
        assert_eq!(result.candidates[0].disease, "scurvy");
        assert!(!result.ask_next.iter().any(|question| question.ask == "vitamin C level"));
    }
    let enough = with(LabResult::number("vitamin_c", 60.0, "umol/l"));
    assert!(!enough.cno_held_back && enough.flag("scurvy_signs").is_some_and(|flag| flag.cleared));
}

#[test]
fn bounds_and_shares_of_cells_count_where_they_decide() {
    let flags = |results: Vec<LabResult>| -> Vec<&'static str> {
        let mut record = Record::new("x");
        record.patient.age_years = Some(Range::exactly(9.0));
        record.laboratory = results;
        of(&record).flags.iter().map(|flag| flag.id).collect()
    };
    let above = |value| LabResult {
        comparator: Some(Comparator::Greater),
        ..LabResult::number("crp", value, "mg/l")
    };
    assert_eq!(flags(vec![above(200.0)]), ["high_crp"]);
    assert!(flags(vec![above(20.0)]).is_empty());
    let leukocytes = || LabResult::number("leukocytes", 5.0, "10^9/l");
    assert_eq!(flags(vec![leukocytes(), LabResult::number("neutrophil_pct", 20.0, "%")]), ["cytopenia"]);
    assert!(flags(vec![leukocytes(), LabResult::number("neutrophil_pct", 50.0, "%")]).is_empty());
    assert_eq!(flags(vec![LabResult::number("ldh", 1450.0, "u/l")]), ["high_ldh"]);
    assert!(flags(vec![LabResult::number("ldh", 400.0, "u/l")]).is_empty());
    assert_eq!(flags(vec![LabResult::in_words("ldh", Qualitative::StronglyElevated)]), ["high_ldh"]);
    assert!(flags(vec![LabResult::number("blasts", 0.0, "%")]).is_empty());
    assert_eq!(flags(vec![LabResult::in_words("platelets", Qualitative::Low)]), ["cytopenia"]);
}

#[test]
fn onset_in_an_adult_is_remarked() {
    let mut record = Record::new("x");
    record.patient.age_at_onset_years = Some(Range::exactly(46.0));
    assert_eq!(of(&record).remarks.len(), 1);
    record.patient.age_at_onset_years = Some(Range::exactly(9.0));
    assert!(of(&record).remarks.is_empty());
}
