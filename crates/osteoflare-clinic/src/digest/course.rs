//! The course: peaks, remission and relapse, chronicity, cure, and the state at the end.

use std::collections::BTreeSet;

use osteoflare_skeleton::SiteId;

use super::{
    cure::cured_by_antibiotics,
    drugs::DrugClass,
    entry::entry_visit,
    logic::{
        all, any, clinical_sites, count, examinations, fever, laboratories, maximum, mri_sites, nearest,
        scans, symptom_free,
    },
    recurrence::recurrences,
    table::columns,
};
use crate::visits::{Visit, VisitKind, VisitLog};

/// An MRI this near to an examination says whether a remission is one also on MRI, days.
pub const REMISSION_MRI_WINDOW_DAYS: f64 = 100.0;
/// Activity over this time counts as chronic, days: six weeks, the entry criterion of the EULAR/ACR classification
/// criteria (Zhao et al. 2025, Ann Rheum Dis 84:1458-1468, doi 10.1016/j.ard.2024.11.006).
pub const CHRONIC_DAYS: f64 = 42.0;
/// Disease that comes back later than this after the presentation counts as chronic, days (six months; assumed).
pub const CHRONIC_RECURRENCE_DAYS: f64 = 182.625;
/// CRP below which it counts as normalised after infection, mg/L (Unkila-Kallio 1994 and Pääkkönen 2010 used 19 and 20).
pub const CRP_NORMALISED_BELOW: f64 = 20.0;
/// ESR below which it counts as normalised after infection, mm/h.
pub const ESR_NORMALISED_BELOW: f64 = 20.0;

columns! {
    /// The course as the record shows it. *Clinical* remission and relapse look at examinations only; remission and
    /// relapse without that word also need the MRI.
    Course {
        follow_up_days: Option<f64>, "d", "From entry to the last observation.";
        flare_visits: u32, "visits", "Unscheduled visits because symptoms came back.";
        crp_peak: Option<f64>, "mg/L", "Highest C-reactive protein of the record.";
        esr_peak: Option<f64>, "mm/h", "Highest erythrocyte sedimentation rate of the record.";
        temperature_peak: Option<f64>, "°C", "Highest temperature at a visit.";
        fever_ever: Option<bool>, "1", "Fever at or before any visit.";
        antibiotic_day: Option<f64>, "d since entry", "Start of the first antibiotic.";
        treated_crp_peak: Option<f64>, "mg/L", "Highest CRP from the start of the first antibiotic (without one: from entry).";
        treated_crp_peak_day: Option<f64>, "d", "Day of that CRP, from that start.";
        treated_esr_peak: Option<f64>, "mm/h", "Highest ESR from the start of the first antibiotic (without one: from entry).";
        treated_esr_peak_day: Option<f64>, "d", "Day of that ESR, from that start.";
        crp_below_20_days: Option<f64>, "d", "From that start to the first CRP below 20 mg/L after the peak; missing if the peak was below or it never fell.";
        esr_below_20_days: Option<f64>, "d", "From that start to the first ESR below 20 mm/h after the peak; missing if the peak was below or it never fell.";
        chronic: Option<bool>, "1", "Clinical lesions over 42 days or more without a symptom-free visit between, or clinical lesions that came back after clinical remission later than 6 months from the presentation; not chronic needs 42 days of examinations.";
        clinical_remission_day: Option<f64>, "d since entry", "First visit after entry without clinical lesion.";
        clinical_relapse: Option<bool>, "1", "A clinical lesion at an examination after the clinical remission.";
        clinical_relapse_day: Option<f64>, "d since clinical remission", "First such examination.";
        clinical_relapse_free_days: Option<f64>, "d since clinical remission", "To the relapse, or to the last examination without one.";
        remission_day: Option<f64>, "d since entry", "First visit after entry without clinical lesion and without lesion on the MRI nearest to it, if there is one within 100 days.";
        relapse: Option<bool>, "1", "After remission a clinical lesion, or an MRI lesion absent from the scan before and confirmed by the next.";
        relapse_day: Option<f64>, "d since remission", "First visit with such a lesion.";
        relapse_free_days: Option<f64>, "d since remission", "To the relapse, or to the last examination or MRI without one.";
        relapse_at_old_site: Option<bool>, "1", "The first relapse struck a site that had a lesion before.";
        relapse_at_new_site: Option<bool>, "1", "The first relapse struck a site that never had a lesion before.";
        mri_scans: u32, "scans", "Whole-body MRI scans in the record.";
        same_site_recurrences: Option<u32>, "sites", "Confirmed lesions of the MRI series absent from the scan before, at sites with a lesion on an earlier scan; needs three scans.";
        new_sites: Option<u32>, "sites", "Confirmed lesions of the MRI series at sites without lesion on all earlier scans; needs two scans.";
        same_site_recurrence: Option<bool>, "1", "At least one such recurrence.";
        new_site: Option<bool>, "1", "At least one such new site.";
        one_sided_original: Option<u32>, "flares", "Flares of mirror pairs of which one side alone was ever involved and neither was active on the scan before: on that side.";
        one_sided_other: Option<u32>, "flares", "Such flares on the other side.";
        mri_sites_ever: Option<u32>, "sites", "Sites with a lesion on any MRI.";
        clinical_sites_ever: Option<u32>, "sites", "Sites with a clinical lesion at any examination.";
        monofocal_course: Option<bool>, "1", "Exactly one site over the whole course, by MRI and examination together; missing without MRI or without lesion.";
        cured_by_antibiotics: Option<bool>, "1", "Given an antibiotic: no clinical lesion at any examination from 60 days after its start on, one of them 90 to 380 days after it, CRP below 20 mg/L, no second course, no other drug from its start on.";
        antibiotics: bool, "1", "An antibiotic was given.";
        second_line: bool, "1", "A drug other than NSAID or antibiotic was given.";
        last_symptom_free: Option<bool>, "1", "No clinical lesion and worst pain at most 1/10 at the last examination after entry.";
        last_clinical_lesions: Option<u32>, "sites", "Clinical lesions at the last examination after entry.";
        last_mri_free: Option<bool>, "1", "No lesion on the last MRI after entry.";
        last_off_drugs: Option<bool>, "1", "No drug running at the last examination after entry.";
    }
}

/// The course of a record.
pub(super) fn course(record: &VisitLog) -> Course {
    let mut found = Course {
        mri_scans: count(scans(record).count()),
        flare_visits: count(record.visits.iter().filter(|v| v.kind == VisitKind::Flare).count()),
        antibiotics: record.treatments.iter().any(|t| t.class() == DrugClass::Antibiotic),
        second_line: record.treatments.iter().any(|t| t.class() == DrugClass::SecondLine),
        cured_by_antibiotics: cured_by_antibiotics(record),
        crp_peak: maximum(laboratories(record).filter_map(|(_, l)| l.crp_mg_l)),
        esr_peak: maximum(laboratories(record).filter_map(|(_, l)| l.esr_mm_h)),
        temperature_peak: maximum(examinations(record).filter_map(|(_, e)| e.temperature_c)),
        ..Course::default()
    };
    if examinations(record).next().is_some() {
        found.fever_ever = any(examinations(record).map(|(_, e)| fever(e)));
    }
    recurrences(&mut found, record);
    let Some(entry) = entry_visit(record) else {
        return found;
    };
    found.follow_up_days = Some(record.patient.followed_until_day - entry.day);
    markers(&mut found, record, entry);
    clinical_remission(&mut found, record, entry);
    remission(&mut found, record, entry);
    chronicity(&mut found, record, entry);
    last(&mut found, record, entry);
    found
}

/// Peak and normalisation of the markers from the start of the first antibiotic, or from entry.
fn markers(found: &mut Course, record: &VisitLog, entry: &Visit) {
    let antibiotic = record
        .treatments
        .iter()
        .filter(|t| t.class() == DrugClass::Antibiotic)
        .map(|t| t.start_day)
        .min_by(f64::total_cmp);
    found.antibiotic_day = antibiotic.map(|day| day - entry.day);
    let start = antibiotic.unwrap_or(entry.day);
    let series = |value: fn(&crate::visits::Laboratory) -> Option<f64>| -> Vec<(f64, f64)> {
        laboratories(record)
            .filter(|(v, _)| v.day >= start)
            .filter_map(|(v, l)| value(l).map(|x| (v.day - start, x)))
            .collect()
    };
    let crp = series(|l| l.crp_mg_l);
    let esr = series(|l| l.esr_mm_h);
    if let Some((day, value)) = peak(&crp) {
        (found.treated_crp_peak, found.treated_crp_peak_day) = (Some(value), Some(day));
        found.crp_below_20_days = normalised(&crp, (day, value), CRP_NORMALISED_BELOW);
    }
    if let Some((day, value)) = peak(&esr) {
        (found.treated_esr_peak, found.treated_esr_peak_day) = (Some(value), Some(day));
        found.esr_below_20_days = normalised(&esr, (day, value), ESR_NORMALISED_BELOW);
    }
}

/// The first highest point of a series of (day, value).
fn peak(series: &[(f64, f64)]) -> Option<(f64, f64)> {
    series.iter().copied().fold(None, |best, point| match best {
        Some((_, value)) if value >= point.1 => best,
        _ => Some(point),
    })
}

/// First day after the peak with a value below the limit, of a series whose peak is not below it.
fn normalised(series: &[(f64, f64)], peak: (f64, f64), below: f64) -> Option<f64> {
    if peak.1 < below {
        return None;
    }
    series.iter().find(|(day, value)| *day > peak.0 && *value < below).map(|(day, _)| *day)
}

fn clinical_remission(found: &mut Course, record: &VisitLog, entry: &Visit) {
    let mut remission: Option<f64> = None;
    let mut last: Option<f64> = None;
    for (visit, examination) in examinations(record).filter(|(v, _)| v.day > entry.day) {
        let active = !clinical_sites(examination).is_empty();
        match remission {
            None if !active => remission = Some(visit.day),
            None => {}
            Some(day) => {
                last = Some(visit.day - day);
                if active {
                    found.clinical_relapse_day = last;
                    break;
                }
            }
        }
    }
    found.clinical_remission_day = remission.map(|day| day - entry.day);
    found.clinical_relapse = last.map(|_| found.clinical_relapse_day.is_some());
    found.clinical_relapse_free_days = last;
}

fn remission(found: &mut Course, record: &VisitLog, entry: &Visit) {
    let in_remission = |visit: &Visit| {
        visit.examination.as_ref().is_some_and(|e| clinical_sites(e).is_empty())
            && nearest(scans(record), visit.day, REMISSION_MRI_WINDOW_DAYS)
                .is_none_or(|(_, mri)| mri.lesions.is_empty())
    };
    let Some(start) = record.visits.iter().find(|v| v.day > entry.day && in_remission(v)) else {
        return;
    };
    found.remission_day = Some(start.day - entry.day);

    let mut before: BTreeSet<SiteId> = BTreeSet::new();
    let mut last_scan: Option<Vec<SiteId>> = None;
    for visit in &record.visits {
        let clinical = visit.examination.as_ref().map(clinical_sites);
        let on_mri = visit.mri.as_ref().map(mri_sites);
        if visit.day > start.day && (clinical.is_some() || on_mri.is_some()) {
            let mut struck: BTreeSet<SiteId> = clinical.iter().flatten().copied().collect();
            // A single reader's single report is no relapse: a new lesion without finding must be there again.
            let confirmed = next_scan(record, visit.day);
            struck.extend(
                on_mri
                    .iter()
                    .flatten()
                    .filter(|s| last_scan.as_ref().is_none_or(|scan| scan.binary_search(s).is_err()))
                    .filter(|s| confirmed.as_ref().is_some_and(|scan| scan.binary_search(s).is_ok())),
            );
            found.relapse_free_days = Some(visit.day - start.day);
            if !struck.is_empty() {
                found.relapse_day = found.relapse_free_days;
                found.relapse_at_old_site = Some(struck.iter().any(|s| before.contains(s)));
                found.relapse_at_new_site = Some(struck.iter().any(|s| !before.contains(s)));
                break;
            }
        }
        before.extend(clinical.into_iter().flatten());
        before.extend(on_mri.iter().flatten());
        if on_mri.is_some() {
            last_scan = on_mri;
        }
    }
    found.relapse = found.relapse_free_days.map(|_| found.relapse_day.is_some());
}

/// Lesions of the first scan after a day, sorted.
fn next_scan(record: &VisitLog, day: f64) -> Option<Vec<SiteId>> {
    scans(record).find(|(v, _)| v.day > day).map(|(_, mri)| mri_sites(mri))
}

fn chronicity(found: &mut Course, record: &VisitLog, entry: &Visit) {
    let mut run: Option<f64> = None;
    let mut longest = 0.0_f64;
    let mut last = entry.day;
    for (visit, examination) in examinations(record).filter(|(v, _)| v.day >= entry.day) {
        last = visit.day;
        if symptom_free(examination) == Some(true) {
            run = None;
        } else if !clinical_sites(examination).is_empty() {
            longest = longest.max(visit.day - *run.get_or_insert(visit.day));
        }
    }
    let late_recurrence = match (found.clinical_remission_day, found.clinical_relapse_day) {
        (Some(remission), Some(relapse)) => remission + relapse > CHRONIC_RECURRENCE_DAYS,
        _ => false,
    };
    found.chronic = if longest >= CHRONIC_DAYS || late_recurrence {
        Some(true)
    } else {
        (last - entry.day >= CHRONIC_DAYS).then_some(false)
    };
}

fn last(found: &mut Course, record: &VisitLog, entry: &Visit) {
    if let Some((visit, examination)) = examinations(record).filter(|(v, _)| v.day > entry.day).last() {
        found.last_symptom_free = symptom_free(examination);
        found.last_clinical_lesions = Some(count(clinical_sites(examination).len()));
        found.last_off_drugs = all(record
            .treatments
            .iter()
            .map(|t| Some(visit.day < t.start_day || t.stop_day.is_some_and(|stop| stop <= visit.day))));
    }
    found.last_mri_free =
        scans(record).filter(|(v, _)| v.day > entry.day).last().map(|(_, mri)| mri.lesions.is_empty());
}
