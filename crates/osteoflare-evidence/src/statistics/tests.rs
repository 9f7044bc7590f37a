//! Statistics of hand-made patients with known answers.

use osteoflare_clinic::digest::{Course, Entry, FOLLOW_UP_MONTHS, FollowUp, PatientDigest, TREATMENT_MONTHS};
use osteoflare_skeleton::{SiteId, Skeleton};

use super::*;

fn sites(ids: &[&str]) -> Vec<SiteId> {
    let mut sites: Vec<SiteId> =
        ids.iter().map(|id| Skeleton::get().find(id).expect("a site of the table")).collect();
    sites.sort_unstable();
    sites
}

/// A child who presented with these lesions by MRI and by examination.
fn child(mri: &[&str], clinical: &[&str]) -> PatientDigest {
    let mut digest = PatientDigest {
        entry: Entry {
            presented: true,
            day: Some(100.0),
            mri_lesions: Some(mri.len() as u32),
            clinical_lesions: Some(clinical.len() as u32),
            ..Entry::default()
        },
        ..PatientDigest::default()
    };
    digest.sites.entry_mri = sites(mri);
    digest.sites.entry_clinical = sites(clinical);
    digest
}

fn value(id: &str, digests: &[PatientDigest]) -> Option<f64> {
    let statistic = find(id).expect("in the registry");
    statistic.estimator.estimate(&statistic.observations(digests))
}

const KNEE: &str = "femur_distal_metaphysis_L";
const HIP: &str = "femur_proximal_metaphysis_L";
const ANKLE: &str = "tibia_distal_metaphysis_R";
const CLAVICLE: &str = "clavicle_medial_third_L";

#[test]
fn instruments_are_kept_apart() {
    let digests = [child(&[KNEE, ANKLE, "t8"], &[KNEE]), child(&[CLAVICLE], &[ANKLE]), child(&[], &[])];
    // Whole-body MRI: one of two with any lesion; examination: one of three examined; mixed: two of two.
    assert_eq!(value("dang.site_tibia", &digests), Some(0.5));
    assert_eq!(value("nprd21.site_tibia", &digests), Some(1.0 / 3.0));
    assert_eq!(value("stern.site_tibia", &digests), Some(1.0));
    assert_eq!(value("bhat18.distal_tibia", &digests), Some(1.0));
    // Mixed imaging finds three and two sites.
    assert_eq!(value("stern.lesions", &digests), Some(2.5));
    assert_eq!(value("nprd23.mri_0", &digests), Some(4.0 / 3.0));
    assert_eq!(value("nprd23.clin_0", &digests), Some(2.0 / 3.0));
    // Lesions, not patients, in the denominator: two of four in the lower limb.
    assert_eq!(value("kie.lower", &digests), Some(0.5));
    assert_eq!(value("arn.mri_more", &digests), Some(1.0 / 3.0));
}

#[test]
fn places_are_anatomical() {
    assert_eq!(value("welsh.knee", &[child(&[], &[KNEE])]), Some(1.0));
    assert_eq!(value("welsh.knee", &[child(&[], &[HIP])]), Some(0.0));
    assert_eq!(value("lei.site_scc", &[child(&["rib_1_L"], &[])]), Some(1.0));
    assert_eq!(value("lei.site_scc", &[child(&["rib_2_L"], &[])]), Some(0.0));
    assert_eq!(value("dang.backpain_only", &[child(&[], &["l2", "t8"])]), Some(1.0));
    assert_eq!(value("dang.backpain_only", &[child(&[], &["l2", KNEE])]), Some(0.0));
    assert_eq!(value("falip.juxtaphyseal", &[child(&[KNEE, "femur_diaphysis_L", "t8"], &[])]), Some(0.5));
    let spine = [child(&["t8"], &[]), child(&["t8", "t9"], &[]), child(&[KNEE], &[])];
    assert_eq!(value("falip.spine_multilevel", &spine), Some(0.5));
}

/// A child followed for years, with days of clinical remission after presentation and relapse after that.
fn course(years: f64, remission: Option<f64>, relapse: Option<f64>) -> PatientDigest {
    let mut digest = child(&[KNEE], &[KNEE]);
    digest.course = Course {
        follow_up_days: Some(years * 365.25),
        last_clinical_lesions: Some(0),
        clinical_remission_day: remission,
        clinical_relapse: remission.map(|_| relapse.is_some()),
        clinical_relapse_day: relapse,
        clinical_relapse_free_days: remission.map(|day| relapse.unwrap_or(years * 365.25 - day)),
        monofocal_course: Some(relapse.is_none()),
        ..Course::default()
    };
    digest
}

#[test]
fn courses_fall_into_classes() {
    let digests = [
        course(5.0, Some(90.0), None),
        course(5.0, Some(90.0), Some(300.0)),
        course(5.0, Some(400.0), None),
        course(5.0, None, None),
        course(1.0, Some(90.0), None),
    ];
    assert_eq!(value("kaiser.persistent", &digests), Some(0.5));
    assert_eq!(value("kaiser.relapsing", &digests), Some(0.25));
    assert_eq!(value("kaiser.monophasic", &digests), Some(0.25));
    let classes =
        ["gir05.uni_norelapse", "gir05.uni_relapse", "gir05.multi_norelapse", "gir05.multi_relapse"]
            .map(|id| value(id, &digests).expect("followed for 5 years"));
    assert_eq!(classes, [0.75, 0.0, 0.0, 0.25]);
}

#[test]
fn relapse_counts_from_presentation_with_censoring() {
    let month = 365.25 / 12.0;
    let digests = [
        course(6.0, Some(6.0 * month), Some(6.0 * month)),
        course(2.0, Some(6.0 * month), None),
        course(6.0, Some(6.0 * month), Some(30.0 * month)),
        course(6.0, None, None),
    ];
    // Relapse at 12 months (3/4 free), censored at 24, relapse at 36 (half of those left).
    let free = value("schnabel.relapsefree_5y", &digests).expect("watched for 6 years");
    assert!((free - 0.375).abs() < 1e-12);
    let median = value("schnabel.t_relapse", &digests).expect("reached");
    assert!((median - 36.0).abs() < 1e-9);
    let ever = value("schnabel.ever_relapse", &digests).expect("watched");
    assert!((ever - 0.25).abs() < 1e-12);
    // Two of three in remission; the fourth never, so 3/4 by 12 months.
    assert!((value("schnabel.remission_1y", &digests).expect("watched") - 0.75).abs() < 1e-12);
    let short = [course(2.0, Some(90.0), None)];
    assert_eq!(value("schnabel.relapsefree_5y", &short), None);
}

fn on_drug(drug: &str, months: u32, before: (f64, u32), after: FollowUp) -> PatientDigest {
    let mut digest = child(&[KNEE], &[KNEE]);
    digest.treatment.drug = Some(drug.into());
    digest.treatment.worst_pain = Some(before.0);
    digest.treatment.clinical_lesions = Some(before.1);
    digest.treatment.mri_lesions = Some(4);
    let place = TREATMENT_MONTHS.iter().position(|&m| m == months).expect("a month of treatment");
    digest.treated[place] = after;
    digest
}

fn seen(pain: f64, lesions: u32) -> FollowUp {
    FollowUp {
        worst_pain: Some(pain),
        clinical_lesions: Some(lesions),
        symptom_free: Some(lesions == 0 && pain <= 1.0),
        ..FollowUp::default()
    }
}

#[test]
fn response_needs_less_pain_and_no_more_lesions() {
    let response = |before, after| value("kos15.eff_nsaid", &[on_drug("naproxen", 6, before, after)]);
    assert_eq!(response((8.0, 1), seen(4.0, 1)), Some(1.0));
    assert_eq!(response((8.0, 1), seen(5.0, 1)), Some(0.0));
    assert_eq!(response((8.0, 1), seen(3.0, 2)), Some(0.0));
    assert_eq!(response((1.5, 1), seen(1.0, 0)), Some(1.0));
    assert_eq!(response((0.5, 0), seen(0.0, 0)), None);
    assert_eq!(value("kos15.eff_nsaid", &[on_drug("pamidronate", 6, (8.0, 1), seen(0.0, 0))]), None);
}

#[test]
fn pamidronate_resolves_lesions_while_others_appear() {
    let scan = |now: u32, left: u32| FollowUp {
        mri_lesions: Some(now),
        mri_free: Some(now == 0),
        baseline_lesions: Some(4),
        baseline_lesions_left: Some(left),
        new_lesions: Some(now - left),
        ..FollowUp::default()
    };
    let digests = [
        on_drug("pamidronate", 12, (5.0, 1), scan(0, 0)),
        on_drug("pamidronate", 12, (5.0, 1), scan(3, 1)),
        on_drug("pamidronate", 12, (5.0, 1), scan(1, 1)),
        on_drug("pamidronate", 12, (5.0, 1), scan(4, 4)),
    ];
    assert_eq!(value("and22.resolved", &digests), Some(10.0 / 16.0));
    assert_eq!(value("and22.new_pts", &digests), Some(0.25));
    assert_eq!(value("and22.clear", &digests), Some(0.25));
    assert_eq!(value("andACR.active_12", &digests), Some(0.75));
    assert_eq!(value("andACR.total_12", &digests), Some(34.0));
    assert_eq!(value("and22.ral_12", &digests), Some(2.0));
}

#[test]
fn follow_up_is_read_at_its_month() {
    let mut digest = child(&[KNEE], &[KNEE]);
    let place = FOLLOW_UP_MONTHS.iter().position(|&m| m == 48).expect("a month of follow-up");
    digest.follow_ups[place].clinical_lesions = Some(2);
    assert_eq!(value("nprd23.clin_48", &[digest]), Some(2.0));
    assert_eq!(value("nprd23.clin_48", &[child(&[KNEE], &[KNEE])]), None);
}

#[test]
fn sensitivity_and_specificity_are_shares_of_the_two_diseases() {
    let with_crp = |over: bool, fever: bool| {
        let mut digest = child(&[KNEE], &[KNEE]);
        digest.entry.crp_over_55 = Some(over);
        digest.entry.fever = Some(fever);
        digest
    };
    let digests =
        [with_crp(false, false), with_crp(false, true), with_crp(false, true), with_crp(true, true)];
    assert_eq!(value("kos18.se_crp_le_55", &digests), Some(0.75));
    assert_eq!(value("kos18.sp_crp_le_55", &digests), Some(0.25));
    assert_eq!(value("kos18.se_no_fever", &digests), Some(0.25));
    assert_eq!(value("kos18.sp_no_fever", &digests), Some(0.75));
    assert_eq!(find("kos18.se_crp_le_55").map(|s| s.role), Some(Role::Cno));
    assert_eq!(find("kos18.sp_crp_le_55").map(|s| s.role), Some(Role::Bacterial));
}

#[test]
fn healthy_children_have_bright_marrow_and_mistaken_lesions() {
    let healthy = |mistaken: &[&str], bright: &[&str]| {
        let mut digest = child(mistaken, &[]);
        digest.entry.presented = false;
        digest.sites.entry_bright_marrow = sites(bright);
        digest
    };
    let digests = [healthy(&[KNEE], &["ilium_wing_L", ANKLE]), healthy(&[], &[])];
    assert_eq!(value("heal.major_per_child", &digests), Some(1.5));
    assert_eq!(value("heal.lower_major", &digests), Some(196.0));
    assert_eq!(value("heal.axial_major", &digests), Some(0.5));
    assert_eq!(value("heal.append_major", &digests), Some(0.5));
    assert_eq!(value("heal.major_per_child", &[child(&[KNEE], &[])]), None);
}

#[test]
fn roles_know_their_drugs() {
    assert!(Role::CnoNsaid.is_about("Naproxen") && !Role::CnoNsaid.is_about("adalimumab"));
    assert!(Role::CnoTnf.is_about("adalimumab") && Role::Bacterial.is_about("cefazolin"));
    let mut names: Vec<&str> = Role::ALL.iter().map(|role| role.group()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Role::ALL.len());
}
