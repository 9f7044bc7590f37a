//! What was found at entry: at the presentation, or at the first control visit of a child who never presented.

use osteoflare_skeleton::{Sex, Side, SiteId, Skeleton};

use super::{
    logic::{
        PAINFUL_ABOVE_NRS, any, clinical_sites, count, fever, laboratories, markers_raised, mri_sites,
        nearest, scans, sorted, symptom_free,
    },
    table::columns,
};
use crate::record::DAYS_PER_YEAR;
use crate::visits::{RadiographicAppearance, Visit, VisitKind, VisitLog};

/// Whole-body MRI and radiographs count as taken at entry up to this many days from it.
pub const ENTRY_IMAGING_WINDOW_DAYS: f64 = 30.0;
/// Blood tests count as taken at entry up to this many days from it.
pub const ENTRY_LABORATORY_WINDOW_DAYS: f64 = 3.0;

columns! {
    /// Findings at entry. Entry is the first visit of kind `Presentation`; for a child who never presented it is the
    /// first `Control` visit. `presented` tells the two apart.
    Entry {
        presented: bool, "1", "The child came to the clinic because of symptoms.";
        female: bool, "1", "The child is a girl.";
        day: Option<f64>, "d since day 0", "Day of entry.";
        onset_age: Option<f64>, "years", "Age at the first symptom, by history.";
        age: Option<f64>, "years", "Age at entry.";
        delay_days: Option<f64>, "d", "From the first symptom to the presentation; missing in controls.";
        mri_lesions: Option<u32>, "sites", "Lesions reported on the whole-body MRI nearest to entry, within 30 days.";
        mri_bones: Option<u32>, "bones", "Bones (left and right apart) with a lesion on that MRI.";
        mri_bright_marrow: Option<u32>, "sites", "Sites of bright marrow of no significance reported on that MRI.";
        clinical_lesions: Option<u32>, "sites", "Examined sites painful above 3/10, tender or swollen.";
        mri_unifocal: Option<bool>, "1", "Exactly one lesion on MRI; missing without MRI or without lesion.";
        clinical_unifocal: Option<bool>, "1", "Exactly one clinical lesion; missing without examination or without lesion.";
        silent_lesions: Option<u32>, "sites", "MRI lesions without clinical finding at the site.";
        silent_lesion_share: Option<f64>, "1", "Share of MRI lesions without clinical finding at the site; missing without lesions.";
        symmetric_pairs: Option<u32>, "pairs", "Pairs of mirror sites with a lesion on both sides on MRI.";
        symmetric: Option<bool>, "1", "At least one symmetric pair; missing with fewer than two MRI lesions.";
        bilateral: Option<bool>, "1", "MRI lesions on the left and on the right; missing without lesions.";
        fever: Option<bool>, "1", "Temperature above 38.0 °C at entry, or fever noticed in the weeks before.";
        temperature: Option<f64>, "°C", "Body temperature at entry.";
        crp: Option<f64>, "mg/L", "C-reactive protein, the test nearest to entry within 3 days.";
        esr: Option<f64>, "mm/h", "Erythrocyte sedimentation rate, the test nearest to entry within 3 days.";
        crp_over_5: Option<bool>, "1", "CRP above 5 mg/L.";
        crp_over_30: Option<bool>, "1", "CRP above 30 mg/L.";
        crp_over_55: Option<bool>, "1", "CRP above 55 mg/L.";
        esr_over_20: Option<bool>, "1", "ESR above 20 mm/h.";
        markers_raised: Option<bool>, "1", "CRP above 5 mg/L or ESR above 20 mm/h; not raised needs both.";
        worst_pain: Option<f64>, "0-10", "Worst pain of the last week.";
        pain: Option<bool>, "1", "A site painful above 3/10, or worst pain above 3/10.";
        swelling: Option<bool>, "1", "Swelling at one site or more.";
        physician_global: Option<f64>, "0-10", "Physician's global assessment of activity.";
        patient_global: Option<f64>, "0-10", "Patient's or parent's global assessment.";
        symptom_free: Option<bool>, "1", "No clinical lesion and worst pain at most 1/10.";
        radiographs: Option<u32>, "sites", "Sites with a radiograph within 30 days of entry; missing without any.";
        radiographs_normal: Option<u32>, "sites", "Radiographs without finding.";
        radiographs_lytic: Option<u32>, "sites", "Radiographs with lysis only.";
        radiographs_mixed: Option<u32>, "sites", "Radiographs with lysis and sclerosis.";
        radiographs_sclerotic: Option<u32>, "sites", "Radiographs with sclerosis only.";
        radiographs_hyperostosis: Option<u32>, "sites", "Radiographs with hyperostosis or periosteal new bone.";
    }
}

/// Sites found at entry, sorted; empty also where nothing was done, so read them beside the counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct EntrySites {
    pub mri: Vec<SiteId>,
    pub clinical: Vec<SiteId>,
    pub bright_marrow: Vec<SiteId>,
}

/// The visit of entry.
pub(super) fn entry_visit(record: &VisitLog) -> Option<&Visit> {
    let first = |kind| record.visits.iter().find(|v| v.kind == kind);
    first(VisitKind::Presentation).or_else(|| first(VisitKind::Control))
}

/// Number of pairs of mirror sites of which both are in `sites` (sorted).
pub fn symmetric_pairs(sites: &[SiteId]) -> usize {
    let skeleton = Skeleton::get();
    sites
        .iter()
        .filter(|&&site| {
            skeleton
                .site(site)
                .mirror
                .is_some_and(|mirror| site < mirror && sites.binary_search(&mirror).is_ok())
        })
        .count()
}

fn on_both_sides(sites: &[SiteId]) -> bool {
    let skeleton = Skeleton::get();
    let has = |side| sites.iter().any(|&s| skeleton.site(s).side == side);
    has(Side::Left) && has(Side::Right)
}

/// Number of different bones (left and right apart) among the sites.
fn bones(sites: &[SiteId]) -> usize {
    let skeleton = Skeleton::get();
    let mut ids: Vec<&str> = sites.iter().map(|&s| skeleton.site(s).bone_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

/// Everything found at entry.
pub(super) fn entry(record: &VisitLog) -> (Entry, EntrySites) {
    let patient = &record.patient;
    let visit = entry_visit(record);
    let mut found = Entry {
        presented: visit.is_some_and(|v| v.kind == VisitKind::Presentation),
        female: patient.sex == Sex::Female,
        onset_age: patient.symptom_onset_day.map(|day| patient.age_at_start_years + day / DAYS_PER_YEAR),
        ..Entry::default()
    };
    let mut sites = EntrySites::default();
    let Some(visit) = visit else {
        return (found, sites);
    };
    found.day = Some(visit.day);
    found.age = Some(visit.age_years);
    if found.presented {
        found.delay_days =
            patient.symptom_onset_day.map(|onset| visit.day - onset).filter(|delay| *delay >= 0.0);
    }
    clinic(&mut found, &mut sites, visit);
    imaging(&mut found, &mut sites, record, visit.day);
    laboratory(&mut found, record, visit.day);
    if visit.examination.is_some() && found.mri_lesions.is_some() {
        let silent = sites.mri.iter().filter(|s| sites.clinical.binary_search(s).is_err()).count();
        found.silent_lesions = Some(count(silent));
        found.silent_lesion_share = (!sites.mri.is_empty()).then(|| silent as f64 / sites.mri.len() as f64);
    }
    radiographs(&mut found, record, visit.day);
    (found, sites)
}

fn clinic(found: &mut Entry, sites: &mut EntrySites, visit: &Visit) {
    let Some(examination) = &visit.examination else {
        return;
    };
    sites.clinical = clinical_sites(examination);
    let lesions = sites.clinical.len();
    found.clinical_lesions = Some(count(lesions));
    found.clinical_unifocal = (lesions > 0).then_some(lesions == 1);
    found.fever = fever(examination);
    found.temperature = examination.temperature_c;
    found.worst_pain = examination.worst_pain_nrs;
    found.pain = any([
        Some(examination.sites.iter().any(|s| s.pain_nrs > PAINFUL_ABOVE_NRS)),
        examination.worst_pain_nrs.map(|p| p > PAINFUL_ABOVE_NRS),
    ]);
    found.swelling = Some(examination.sites.iter().any(|s| s.swelling));
    found.physician_global = examination.physician_global;
    found.patient_global = examination.patient_global;
    found.symptom_free = symptom_free(examination);
}

fn imaging(found: &mut Entry, sites: &mut EntrySites, record: &VisitLog, day: f64) {
    let Some((_, mri)) = nearest(scans(record), day, ENTRY_IMAGING_WINDOW_DAYS) else {
        return;
    };
    sites.mri = mri_sites(mri);
    sites.bright_marrow = sorted(mri.bright_marrow.clone());
    let lesions = sites.mri.len();
    let pairs = symmetric_pairs(&sites.mri);
    found.mri_lesions = Some(count(lesions));
    found.mri_bones = Some(count(bones(&sites.mri)));
    found.mri_bright_marrow = Some(count(sites.bright_marrow.len()));
    found.mri_unifocal = (lesions > 0).then_some(lesions == 1);
    found.symmetric_pairs = Some(count(pairs));
    found.symmetric = (lesions >= 2).then_some(pairs > 0);
    found.bilateral = (lesions > 0).then(|| on_both_sides(&sites.mri));
}

fn laboratory(found: &mut Entry, record: &VisitLog, day: f64) {
    let Some((_, test)) = nearest(laboratories(record), day, ENTRY_LABORATORY_WINDOW_DAYS) else {
        return;
    };
    found.crp = test.crp_mg_l;
    found.esr = test.esr_mm_h;
    found.crp_over_5 = test.crp_mg_l.map(|v| v > 5.0);
    found.crp_over_30 = test.crp_mg_l.map(|v| v > 30.0);
    found.crp_over_55 = test.crp_mg_l.map(|v| v > 55.0);
    found.esr_over_20 = test.esr_mm_h.map(|v| v > 20.0);
    found.markers_raised = markers_raised(test);
}

/// Counts the radiographs of the time of entry: of each site the one nearest to it.
fn radiographs(found: &mut Entry, record: &VisitLog, day: f64) {
    let mut films: Vec<(SiteId, f64, RadiographicAppearance, bool)> = record
        .visits
        .iter()
        .filter(|v| (v.day - day).abs() <= ENTRY_IMAGING_WINDOW_DAYS)
        .flat_map(|v| {
            v.radiographs.iter().map(move |r| (r.site, (v.day - day).abs(), r.appearance, r.hyperostosis))
        })
        .collect();
    films.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    films.dedup_by_key(|film| film.0);
    if films.is_empty() {
        return;
    }
    let number = |appearance| Some(count(films.iter().filter(|f| f.2 == appearance).count()));
    found.radiographs = Some(count(films.len()));
    found.radiographs_normal = number(RadiographicAppearance::Normal);
    found.radiographs_lytic = number(RadiographicAppearance::Lytic);
    found.radiographs_mixed = number(RadiographicAppearance::Mixed);
    found.radiographs_sclerotic = number(RadiographicAppearance::Sclerotic);
    found.radiographs_hyperostosis = Some(count(films.iter().filter(|f| f.3).count()));
}
