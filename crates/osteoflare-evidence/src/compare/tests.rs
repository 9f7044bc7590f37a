//! Comparisons of hand-made cohorts with known answers.

use osteoflare_clinic::digest::{Entry, FollowUp, TREATMENT_MONTHS};
use osteoflare_skeleton::{SiteId, Skeleton};

use super::*;
use crate::estimate::Estimator;

fn site(id: &str) -> SiteId {
    Skeleton::get().find(id).expect("a site of the table")
}

/// A child who presented with these MRI lesions, the first of which hurt.
fn child(ids: &[&str]) -> PatientDigest {
    let mut digest = PatientDigest::default();
    digest.sites.entry_mri = ids.iter().map(|id| site(id)).collect();
    digest.sites.entry_mri.sort_unstable();
    digest.sites.entry_clinical = ids.iter().take(1).map(|id| site(id)).collect();
    let lesions = ids.len() as u32;
    digest.entry = Entry {
        presented: true,
        onset_age: Some(9.0),
        mri_lesions: Some(lesions),
        mri_unifocal: (lesions > 0).then_some(lesions == 1),
        clinical_lesions: Some(lesions.min(1)),
        crp: Some(10.0),
        crp_over_55: Some(false),
        ..Entry::default()
    };
    digest
}

const FEMUR: &str = "femur_distal_metaphysis_L";
const TIBIA: &str = "tibia_distal_metaphysis_L";
const SPINE: &str = "t8";

fn found(group: &str, digests: &[PatientDigest], id: &str) -> Comparison {
    compare(Evidence::embedded(), &[Cohort { group, digests }])
        .into_iter()
        .find(|c| c.id == id)
        .expect("a record of the built-in evidence")
}

#[test]
fn every_record_is_answered_in_order() {
    let comparisons = compare(Evidence::embedded(), &[]);
    assert_eq!(comparisons.len(), 510);
    for (comparison, record) in comparisons.iter().zip(Evidence::embedded().records()) {
        assert_eq!(comparison.id, record.id);
        assert!(comparison.not_computable.is_some());
        assert_eq!(comparison.simulated, None);
    }
    let lesions = comparisons.iter().find(|c| c.id == "dang.lesions").expect("in the evidence");
    assert_eq!(lesions.not_computable.as_deref(), Some("There is no group `cno` in the results."));
}

#[test]
fn a_proportion_is_compared_by_intervals() {
    // 60 of 100 with a femoral lesion; published 46/75 = 0.613.
    let mut digests = vec![child(&[FEMUR, TIBIA]); 60];
    digests.extend(vec![child(&[SPINE]); 40]);
    let femur = found("cno", &digests, "dang.site_femur");
    assert_eq!(femur.simulated, Some(0.6));
    assert_eq!(femur.n_simulated, Some(100));
    assert_eq!(femur.simulated_interval, wilson(0.6, 100.0));
    assert_eq!(femur.published_interval, wilson(46.0 / 75.0, 75.0));
    assert_eq!(femur.agrees, Some(true));
    assert_eq!(femur.fidelity, Some(Fidelity::AsSource));
    // Every spine lesion is its patient's only one; published 5/75 unifocal.
    let unifocal = found("cno", &digests, "dang.unifocal");
    assert_eq!((unifocal.simulated, unifocal.agrees), (Some(0.4), Some(false)));
}

#[test]
fn children_without_lesion_or_presentation_do_not_count() {
    let mut digests = vec![child(&[FEMUR]); 10];
    digests.extend(vec![child(&[]); 5]);
    let mut silent = child(&[FEMUR]);
    silent.entry.presented = false;
    digests.push(silent);
    assert_eq!(found("cno", &digests, "dang.site_femur").n_simulated, Some(10));
    // The registry's mean takes those without lesion.
    let mean = found("cno", &digests, "nprd23.mri_0");
    assert_eq!(mean.n_simulated, Some(15));
    assert!((mean.simulated.expect("computed") - 10.0 / 15.0).abs() < 1e-12);
}

#[test]
fn a_median_with_a_range_is_compared_by_prediction() {
    // Published median 6 (range 1-27) in 68.
    let digests: Vec<PatientDigest> = (0..90)
        .map(|i| {
            let ids: Vec<String> = (1..=3 + i % 5).map(|k| format!("t{k}")).collect();
            child(&ids.iter().map(String::as_str).collect::<Vec<_>>())
        })
        .collect();
    let lesions = found("cno", &digests, "dang.lesions");
    assert_eq!(lesions.simulated, Some(5.0));
    assert_eq!(lesions.published_interval, None);
    assert_eq!(lesions.published_spread, Some([1.0, 27.0]));
    assert_eq!(lesions.published_spread_kind.as_deref(), Some("range"));
    let [low, high] = lesions.predicted_interval.expect("size of the cohort is known");
    assert!((4.0..=5.0).contains(&low) && (5.0..=6.0).contains(&high), "{low} {high}");
    assert_eq!(lesions.agrees, Some((low..=high).contains(&6.0)));
    // Registry of foci by mixed imaging: published median 3 in 89, far from 5.
    assert_eq!(found("cno", &digests, "jansson07.lesions").agrees, Some(false));
}

#[test]
fn a_mean_with_standard_error_has_an_interval() {
    // Published CRP 87 with standard error 4.
    let digests: Vec<PatientDigest> = (0..50)
        .map(|i| {
            let mut digest = child(&[FEMUR]);
            digest.entry.crp = Some(70.0 + f64::from(i % 5) * 10.0);
            digest
        })
        .collect();
    let crp = found("bacterial", &digests, "paa.crp");
    assert_eq!(crp.simulated, Some(90.0));
    let [low, high] = crp.published_interval.expect("a standard error");
    assert!((low - 79.16).abs() < 0.01 && (high - 94.84).abs() < 0.01);
    assert_eq!(crp.agrees, Some(true));
}

#[test]
fn too_few_patients_give_no_number() {
    let digests = vec![child(&[FEMUR]); 4];
    let femur = found("cno", &digests, "dang.site_femur");
    assert_eq!(femur.simulated, None);
    assert!(femur.not_computable.expect("a reason").starts_with("4 patients of group `cno`"));
}

#[test]
fn only_patients_on_the_drug_of_the_group_show_its_effect() {
    let on = |drug: &str, before: f64, after: f64| {
        let mut digest = child(&[FEMUR]);
        digest.treatment.drug = Some(drug.into());
        digest.treatment.worst_pain = Some(before);
        let place = TREATMENT_MONTHS.iter().position(|&m| m == 6).expect("a month of treatment");
        digest.treated[place] = FollowUp { worst_pain: Some(after), ..FollowUp::default() };
        digest
    };
    let mut digests = vec![on("pamidronate", 8.0, 2.0); 12];
    digests.extend(vec![on("naproxen", 8.0, 8.0); 12]);
    let change = found("cno_pamidronate", &digests, "kos15.pain_pam");
    assert_eq!((change.simulated, change.n_simulated), (Some(-0.75), Some(12)));
    // Neither interval nor number of patients is published, so nothing is said.
    assert_eq!(change.agrees, None);
}

#[test]
fn totals_scale_to_the_published_cohort() {
    let digests = vec![child(&[FEMUR, TIBIA]); 10];
    let total = found("cno", &digests, "arn.rad_lesions");
    assert_eq!(total.simulated, Some(80.0));
    assert_eq!(total.published, Some(95.0));
}

#[test]
fn json_has_the_agreed_names() {
    let digests = vec![child(&[FEMUR]); 10];
    let comparison = found("cno", &digests, "dang.site_femur");
    let json = serde_json::to_value(&comparison).expect("serialisable");
    for name in ["id", "published", "published_interval", "simulated", "simulated_interval", "agrees"] {
        assert!(json.get(name).is_some_and(|v| !v.is_null()), "{name}");
    }
    assert!(json.get("not_computable").is_none());
    let none = serde_json::to_value(found("cno", &digests, "eurofever.n")).expect("serialisable");
    assert!(none["not_computable"].is_string());
    let back: Comparison = serde_json::from_value(json).expect("deserialisable");
    assert_eq!(back, comparison);
}

#[test]
fn recalled_and_derived_records_are_flagged() {
    let comparisons = compare(Evidence::embedded(), &[]);
    let of = |id: &str| comparisons.iter().find(|c| c.id == id).expect("in the evidence");
    assert!(of("ker.fail_oral").recalled);
    assert!(of("heal.major_per_child").derived);
    assert!(!of("dang.lesions").recalled && !of("dang.lesions").derived);
}

#[test]
fn every_statistic_stands_beside_a_record_of_its_kind() {
    let mut seen = std::collections::BTreeSet::new();
    for statistic in statistics::registry() {
        for id in statistic.ids {
            assert!(seen.insert(*id), "{id} is there twice");
            let record =
                Evidence::embedded().find(id).unwrap_or_else(|| panic!("{id} is not in the evidence"));
            let fits = match statistic.estimator {
                Estimator::Proportion
                | Estimator::PooledShare
                | Estimator::SurvivalAt { .. }
                | Estimator::EventBy { .. } => record.kind == Kind::Proportion,
                Estimator::Mean => matches!(record.kind, Kind::Mean | Kind::Derived),
                Estimator::RelativeChange => record.kind == Kind::Mean,
                Estimator::Median => record.kind == Kind::Median,
                Estimator::SurvivalMedian => matches!(record.kind, Kind::Median | Kind::Approx),
                Estimator::Total { patients } => {
                    record.kind == Kind::Count && record.n == Some(u64::from(patients))
                }
            };
            assert!(fits, "{id}: {:?} beside {:?}", statistic.estimator, record.kind);
        }
    }
    assert!(seen.len() > 240, "{}", seen.len());
}
