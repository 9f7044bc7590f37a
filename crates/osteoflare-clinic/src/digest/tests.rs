//! Findings of hand-made records with known answers.

use osteoflare_skeleton::{Sex, SiteId, Skeleton};

use super::*;
use crate::visits::*;

fn site(id: &str) -> SiteId {
    Skeleton::get().find(id).expect("a site of the table")
}

fn sites(ids: &[&str]) -> Vec<SiteId> {
    sorted(ids.iter().map(|id| site(id)).collect())
}

fn visit(day: f64, kind: VisitKind) -> Visit {
    Visit {
        day,
        age_years: 8.0 + day / 365.25,
        kind,
        examination: None,
        mri: None,
        radiographs: Vec::new(),
        laboratory: None,
    }
}

fn tender(id: &str) -> ExaminedSite {
    ExaminedSite { site: site(id), pain_nrs: 2.0, tender: true, swelling: false }
}

fn examined(found: &[&str], pain: f64) -> Option<Examination> {
    Some(Examination {
        sites: found.iter().map(|id| tender(id)).collect(),
        worst_pain_nrs: Some(pain),
        temperature_c: Some(36.9),
        fever_since_last_visit: Some(false),
        physician_global: Some(pain),
        patient_global: Some(pain),
    })
}

fn scanned(found: &[&str]) -> Option<WholeBodyMri> {
    Some(WholeBodyMri {
        lesions: found.iter().map(|id| MriLesion { site: site(id), grade: 2 }).collect(),
        bright_marrow: Vec::new(),
    })
}

fn tested(crp: f64, esr: f64) -> Option<Laboratory> {
    Some(Laboratory { crp_mg_l: Some(crp), esr_mm_h: Some(esr), blood_count: None })
}

fn record(visits: Vec<Visit>) -> VisitLog {
    let last = visits.last().map_or(0.0, |v| v.day);
    VisitLog {
        patient: PatientHeader {
            index: 3,
            group: "cno".into(),
            sex: Sex::Female,
            age_at_start_years: 8.0,
            symptom_onset_day: Some(10.0),
            followed_until_day: last,
        },
        visits,
        treatments: Vec::new(),
        events: Vec::new(),
    }
}

fn treatment(drug: &str, start_day: f64, stop_day: Option<f64>) -> Treatment {
    Treatment { drug: drug.into(), start_day, stop_day }
}

const TIBIA_L: &str = "tibia_distal_metaphysis_L";
const TIBIA_R: &str = "tibia_distal_metaphysis_R";
const FEMUR_L: &str = "femur_distal_metaphysis_L";
const CLAVICLE_R: &str = "clavicle_medial_third_R";

fn presentation() -> Visit {
    let mut v = visit(100.0, VisitKind::Presentation);
    v.examination = examined(&[TIBIA_L], 6.0);
    v.laboratory = tested(12.0, 30.0);
    v
}

#[test]
fn nothing_follows_from_an_empty_record() {
    let digest = PatientDigest::from_record(&record(Vec::new()));
    assert!(!digest.entry.presented);
    assert_eq!(digest.entry.mri_lesions, None);
    assert_eq!(digest.entry.fever, None);
    assert_eq!(digest.course.relapse, None);
    assert_eq!(digest.course.chronic, None);
    assert_eq!(digest.course.cured_by_antibiotics, None);
    assert_eq!(digest.at_month(12), Some(&FollowUp::default()));
    assert_eq!(digest.at_month(5), None);
}

#[test]
fn entry_counts_lesions_pairs_and_silent_sites() {
    let mut scan = visit(120.0, VisitKind::Scheduled);
    scan.mri = scanned(&[TIBIA_R, TIBIA_L, FEMUR_L, "tibia_proximal_metaphysis_L"]);
    scan.radiographs = vec![
        Radiograph { site: site(TIBIA_L), appearance: RadiographicAppearance::Mixed, hyperostosis: true },
        Radiograph { site: site(FEMUR_L), appearance: RadiographicAppearance::Normal, hyperostosis: false },
    ];
    let digest = PatientDigest::from_record(&record(vec![presentation(), scan]));
    let entry = &digest.entry;
    assert!(entry.presented && entry.female);
    assert_eq!(entry.delay_days, Some(90.0));
    assert_eq!(entry.mri_lesions, Some(4));
    assert_eq!(entry.mri_bones, Some(3));
    assert_eq!(entry.clinical_lesions, Some(1));
    assert_eq!(entry.clinical_unifocal, Some(true));
    assert_eq!(entry.mri_unifocal, Some(false));
    assert_eq!(entry.silent_lesions, Some(3));
    assert_eq!(entry.silent_lesion_share, Some(0.75));
    assert_eq!(entry.symmetric_pairs, Some(1));
    assert_eq!(entry.symmetric, Some(true));
    assert_eq!(entry.bilateral, Some(true));
    assert_eq!(entry.crp_over_5, Some(true));
    assert_eq!(entry.crp_over_30, Some(false));
    assert_eq!(entry.markers_raised, Some(true));
    assert_eq!(entry.swelling, Some(false));
    assert_eq!(entry.pain, Some(true));
    assert_eq!(entry.fever, Some(false));
    assert_eq!(entry.radiographs, Some(2));
    assert_eq!(entry.radiographs_mixed, Some(1));
    assert_eq!(entry.radiographs_hyperostosis, Some(1));
    assert_eq!(digest.sites.entry_clinical, sites(&[TIBIA_L]));
    assert_eq!(digest.sites.entry_mri.len(), 4);
}

#[test]
fn imaging_later_than_30_days_is_not_entry() {
    let mut scan = visit(131.0, VisitKind::Scheduled);
    scan.mri = scanned(&[TIBIA_R, TIBIA_L]);
    let digest = PatientDigest::from_record(&record(vec![presentation(), scan]));
    assert_eq!(digest.entry.mri_lesions, None);
    assert_eq!(digest.entry.symmetric, None);
    assert_eq!(digest.entry.silent_lesion_share, None);
    assert_eq!(digest.course.mri_sites_ever, Some(2));
}

#[test]
fn symmetry_needs_two_lesions() {
    let mut first = presentation();
    first.mri = scanned(&[TIBIA_L]);
    let digest = PatientDigest::from_record(&record(vec![first]));
    assert_eq!(digest.entry.symmetric, None);
    assert_eq!(digest.entry.mri_unifocal, Some(true));
    assert_eq!(digest.course.monofocal_course, Some(true));
}

#[test]
fn follow_up_splits_old_and_new_lesions() {
    let mut first = presentation();
    first.mri = scanned(&[TIBIA_L, TIBIA_R, FEMUR_L]);
    let mut year = visit(100.0 + 350.0, VisitKind::Scheduled);
    year.mri = scanned(&[TIBIA_R, CLAVICLE_R]);
    year.examination = examined(&[], 1.0);
    year.laboratory = tested(1.0, 4.0);
    let digest = PatientDigest::from_record(&record(vec![first, year]));
    let found = digest.at_month(12).expect("12 is a month of follow-up");
    assert_eq!(found.mri_lesions, Some(2));
    assert_eq!(found.baseline_lesions, Some(3));
    assert_eq!(found.baseline_lesions_left, Some(1));
    assert_eq!(found.new_lesions, Some(1));
    assert_eq!(found.mri_free, Some(false));
    assert_eq!(found.symptom_free, Some(true));
    assert_eq!(found.crp, Some(1.0));
    assert_eq!(digest.at_month(6), Some(&FollowUp::default()));
    assert_eq!(digest.at_month(24), Some(&FollowUp::default()));
}

#[test]
fn remission_waits_for_the_mri_and_relapse_follows() {
    let mut first = presentation();
    first.mri = scanned(&[TIBIA_L]);
    let mut month3 = visit(190.0, VisitKind::Scheduled);
    month3.examination = examined(&[], 0.0);
    month3.mri = scanned(&[TIBIA_L]);
    let mut month6 = visit(280.0, VisitKind::Scheduled);
    month6.examination = examined(&[], 0.0);
    month6.mri = scanned(&[]);
    let mut flare = visit(400.0, VisitKind::Flare);
    flare.examination = examined(&[TIBIA_L], 5.0);
    let digest = PatientDigest::from_record(&record(vec![first, month3, month6, flare]));
    let course = &digest.course;
    assert_eq!(course.clinical_remission_day, Some(90.0));
    assert_eq!(course.clinical_relapse_day, Some(210.0));
    assert_eq!(course.remission_day, Some(180.0));
    assert_eq!(course.relapse, Some(true));
    assert_eq!(course.relapse_day, Some(120.0));
    assert_eq!(course.relapse_at_old_site, Some(true));
    assert_eq!(course.relapse_at_new_site, Some(false));
    assert_eq!(course.chronic, Some(true));
    assert_eq!(course.flare_visits, 1);
    assert_eq!(course.last_symptom_free, Some(false));
}

#[test]
fn without_relapse_follow_up_is_censored() {
    let mut month3 = visit(190.0, VisitKind::Scheduled);
    month3.examination = examined(&[], 0.0);
    let mut month12 = visit(465.0, VisitKind::Scheduled);
    month12.examination = examined(&[], 0.0);
    let digest = PatientDigest::from_record(&record(vec![presentation(), month3, month12]));
    assert_eq!(digest.course.relapse, Some(false));
    assert_eq!(digest.course.relapse_free_days, Some(275.0));
    assert_eq!(digest.course.relapse_day, None);
    assert_eq!(digest.course.chronic, Some(false));
}

#[test]
fn activity_is_chronic_only_without_a_symptom_free_visit_between() {
    let series = |gap: bool| {
        let mut visits = vec![presentation()];
        for (day, active) in [(121.0, true), (135.0, !gap), (150.0, true)] {
            let mut v = visit(day, VisitKind::Scheduled);
            v.examination = if active { examined(&[TIBIA_L], 4.0) } else { examined(&[], 0.0) };
            visits.push(v);
        }
        PatientDigest::from_record(&record(visits)).course.chronic
    };
    assert_eq!(series(false), Some(true));
    assert_eq!(series(true), Some(false));
}

#[test]
fn recurrences_follow_the_mri_series_site_by_site() {
    // The clavicle is confirmed by the scan after; the right tibia, reported once, is not.
    let scans: [&[&str]; 6] = [
        &[TIBIA_L, FEMUR_L],
        &[FEMUR_L],
        &[TIBIA_L],
        &[TIBIA_L, CLAVICLE_R],
        &[CLAVICLE_R, TIBIA_R],
        &[CLAVICLE_R],
    ];
    let visits = scans
        .iter()
        .enumerate()
        .map(|(k, found)| {
            let mut v = visit(100.0 + 365.0 * k as f64, VisitKind::Scheduled);
            v.mri = scanned(found);
            v
        })
        .collect();
    let course = PatientDigest::from_record(&record(visits)).course;
    assert_eq!(course.same_site_recurrences, Some(1));
    assert_eq!(course.new_sites, Some(1));
    assert_eq!(course.one_sided_original, Some(1));
    assert_eq!(course.one_sided_other, Some(0));
    assert_eq!(course.mri_sites_ever, Some(4));
    assert_eq!(course.clinical_sites_ever, None);
    assert_eq!(course.monofocal_course, None);
}

#[test]
fn a_flare_opposite_a_one_sided_pair_counts_there() {
    let scans: [&[&str]; 4] = [&[TIBIA_L], &[], &[TIBIA_R], &[TIBIA_R]];
    let visits = scans
        .iter()
        .enumerate()
        .map(|(k, found)| {
            let mut v = visit(365.0 * k as f64, VisitKind::Scheduled);
            v.mri = scanned(found);
            v
        })
        .collect();
    let course = PatientDigest::from_record(&record(visits)).course;
    assert_eq!((course.one_sided_original, course.one_sided_other), (Some(0), Some(1)));
}

fn infection(later_drug: Option<Treatment>, year: &[&str], crp: f64) -> PatientDigest {
    let mut visits = vec![presentation()];
    visits[0].laboratory = tested(70.0, 45.0);
    for (day, crp, esr) in [(102.0, 90.0, 60.0), (108.0, 25.0, 50.0), (110.0, 8.0, 30.0), (121.0, 2.0, 15.0)]
    {
        let mut v = visit(day, VisitKind::Scheduled);
        v.laboratory = tested(crp, esr);
        visits.push(v);
    }
    let mut end = visit(460.0, VisitKind::Scheduled);
    end.examination = examined(year, 0.0);
    end.laboratory = tested(crp, 5.0);
    visits.push(end);
    let mut record = record(visits);
    record.treatments.push(treatment("cefazolin", 100.0, Some(103.0)));
    record.treatments.push(treatment("flucloxacillin", 103.0, Some(121.0)));
    record.treatments.extend(later_drug);
    PatientDigest::from_record(&record)
}

#[test]
fn antibiotics_cure_if_they_are_all_that_was_needed() {
    let cured = infection(None, &[], 1.0);
    assert_eq!(cured.course.cured_by_antibiotics, Some(true));
    assert_eq!(cured.course.treated_crp_peak, Some(90.0));
    assert_eq!(cured.course.treated_crp_peak_day, Some(2.0));
    assert_eq!(cured.course.crp_below_20_days, Some(10.0));
    assert_eq!(cured.course.esr_below_20_days, Some(21.0));
    assert_eq!(cured.treatment.drug.as_deref(), Some("cefazolin"));

    let cure = |d: PatientDigest| d.course.cured_by_antibiotics;
    assert_eq!(cure(infection(None, &[TIBIA_L], 1.0)), Some(false));
    assert_eq!(cure(infection(None, &[], 40.0)), Some(false));
    let again = treatment("clindamycin", 200.0, Some(221.0));
    assert_eq!(cure(infection(Some(again), &[], 1.0)), Some(false));
    let nsaid = treatment("naproxen", 150.0, None);
    assert_eq!(cure(infection(Some(nsaid), &[], 1.0)), Some(false));
    let running = treatment("clindamycin", 121.0, None);
    assert_eq!(cure(infection(Some(running), &[], 1.0)), None);
}

#[test]
fn cure_is_unknown_without_antibiotic_or_late_examination() {
    let mut record = record(vec![presentation()]);
    assert_eq!(PatientDigest::from_record(&record).course.cured_by_antibiotics, None);
    record.treatments.push(treatment("cefazolin", 100.0, Some(121.0)));
    assert_eq!(PatientDigest::from_record(&record).course.cured_by_antibiotics, None);
}

#[test]
fn the_index_treatment_is_the_second_line_drug() {
    let mut first = presentation();
    first.mri = scanned(&[TIBIA_L, FEMUR_L]);
    let mut visits = vec![first];
    for (day, found) in [
        (280.0, &[TIBIA_L, FEMUR_L, CLAVICLE_R][..]),
        (460.0, &[FEMUR_L, TIBIA_R][..]),
        (665.0, &[][..]),
        (900.0, &[FEMUR_L][..]),
    ] {
        let mut v = visit(day, VisitKind::Scheduled);
        v.mri = scanned(found);
        v.examination = examined(found, found.len() as f64);
        visits.push(v);
    }
    let mut record = record(visits);
    record.treatments.push(treatment("naproxen", 100.0, Some(290.0)));
    record.treatments.push(treatment("pamidronate", 300.0, None));
    let digest = PatientDigest::from_record(&record);
    assert_eq!(digest.treatment.drug.as_deref(), Some("pamidronate"));
    assert_eq!(digest.treatment.mri_lesions, Some(3));
    assert_eq!(digest.treatment.worst_pain, Some(3.0));
    let month6 = digest.treated_month(6).expect("6 is a month of treatment");
    assert_eq!(month6.baseline_lesions, Some(3));
    assert_eq!(month6.baseline_lesions_left, Some(1));
    assert_eq!(month6.new_lesions, Some(1));
    assert_eq!(digest.treatment.mri_clear_days, Some(365.0));
    assert_eq!(digest.treatment.mri_recurrence, Some(true));
    assert_eq!(digest.treatment.mri_recurrence_old_site, Some(true));
    assert_eq!(digest.treatment.mri_recurrence_days, Some(600.0));
    assert!(digest.course.second_line && !digest.course.antibiotics);
}

#[test]
fn controls_enter_without_presenting() {
    let mut control = visit(50.0, VisitKind::Control);
    control.mri = scanned(&[CLAVICLE_R]);
    let digest = PatientDigest::from_record(&record(vec![control]));
    assert!(!digest.entry.presented);
    assert_eq!(digest.entry.mri_lesions, Some(1));
    assert_eq!(digest.entry.delay_days, None);
}

#[test]
fn a_row_reads_back_as_it_was_written() {
    let digest = infection(None, &[], 1.0);
    let values = digest.values();
    let lists = digest.lists().map(<[SiteId]>::to_vec);
    assert_eq!(values.len(), PatientDigest::columns().len());
    for (column, value) in PatientDigest::columns().iter().zip(&values) {
        assert_eq!(column.kind, value.kind(), "{}", column.name);
        assert!(!column.meaning.is_empty());
    }
    assert_eq!(PatientDigest::from_values(&values, &lists), Ok(digest));
}

#[test]
fn column_names_are_unique() {
    let mut names: Vec<&str> = PatientDigest::columns().iter().map(|c| c.name.as_str()).collect();
    names.extend(PatientDigest::list_columns().iter().map(|c| c.name));
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn a_wrong_row_is_refused_with_its_column() {
    let digest = infection(None, &[], 1.0);
    let lists = digest.lists().map(<[SiteId]>::to_vec);
    let mut values = digest.values();
    values[1] = Value::Text(Some("three".into()));
    assert_eq!(
        PatientDigest::from_values(&values, &lists),
        Err(DigestError::Kind {
            column: "index".into(),
            expected: ColumnKind::Count,
            found: ColumnKind::Text,
        })
    );
    values[1] = Value::Count(None);
    assert_eq!(
        PatientDigest::from_values(&values, &lists),
        Err(DigestError::Missing { column: "index".into() })
    );
    values.pop();
    assert!(matches!(PatientDigest::from_values(&values, &lists), Err(DigestError::ValueCount { .. })));
    assert!(matches!(PatientDigest::from_values(&values, &lists[1..]), Err(DigestError::ListCount { .. })));
}
