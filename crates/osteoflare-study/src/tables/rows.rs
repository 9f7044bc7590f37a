//! How a life becomes rows.

use osteoflare_clinic::digest::{PatientDigest, Value};
use osteoflare_clinic::visit_scores::visit_scores;
use osteoflare_clinic::visits::{EventKind, RadiographicAppearance, Visit, VisitKind, VisitLog};
use osteoflare_skeleton::Skeleton;

use super::catalogue::{Layout, layout};
use super::sheet::{Cell, Sheet};
use crate::life::{Life, Truth};

/// Pain above which a site counts as painful, 0–10.
const PAINFUL_ABOVE: f64 = 3.0;

/// The rows of one chunk of patients, in the order of [`Layout::per_chunk`].
pub struct ChunkSheets {
    patients: Sheet,
    spells: Sheet,
    visits: Sheet,
    findings: Sheet,
    laboratory: Sheet,
    scores: Sheet,
    events: Sheet,
    treatments: Sheet,
    course_local: Sheet,
    course_systemic: Sheet,
    failures: Sheet,
}

impl Default for ChunkSheets {
    fn default() -> Self {
        let layout: &'static Layout = layout();
        ChunkSheets {
            patients: Sheet::new(&layout.patients),
            spells: Sheet::new(&layout.spells),
            visits: Sheet::new(&layout.visits),
            findings: Sheet::new(&layout.findings),
            laboratory: Sheet::new(&layout.laboratory),
            scores: Sheet::new(&layout.scores),
            events: Sheet::new(&layout.events),
            treatments: Sheet::new(&layout.treatments),
            course_local: Sheet::new(&layout.course_local),
            course_systemic: Sheet::new(&layout.course_systemic),
            failures: Sheet::new(&layout.failures),
        }
    }
}

impl ChunkSheets {
    /// The sheets, in the order of [`Layout::per_chunk`].
    pub fn sheets_mut(&mut self) -> [&mut Sheet; 11] {
        [
            &mut self.patients,
            &mut self.spells,
            &mut self.visits,
            &mut self.findings,
            &mut self.laboratory,
            &mut self.scores,
            &mut self.events,
            &mut self.treatments,
            &mut self.course_local,
            &mut self.course_systemic,
            &mut self.failures,
        ]
    }

    /// Appends a patient that could not be computed.
    pub fn push_failure(&mut self, group: &str, patient: u32, problem: &str) {
        self.failures.push(&[Cell::Text(group), Cell::Count(patient), Cell::Text(problem)]);
    }

    /// Appends everything one patient left behind.
    pub fn push(&mut self, group: &str, patient: u32, life: &Life) {
        let key = [Cell::Text(group), Cell::Count(patient)];
        self.push_patient(key, life);
        self.push_truth(key, life);
        for (number, visit) in life.record.visits.iter().enumerate() {
            self.push_visit(key, Cell::Count(number as u32), visit);
        }
        self.push_scores(key, &life.record);
        self.push_record(key, &life.record);
    }

    fn push_patient(&mut self, [group, patient]: [Cell<'_>; 2], life: &Life) {
        let Life { record, truth, work, .. } = life;
        let digest = PatientDigest::from_record(record);
        let values = digest.values();
        let mut row = vec![
            group,
            patient,
            Cell::Text(record.patient.sex.as_str()),
            Cell::Number(record.patient.age_at_start_years),
            Cell::Number(record.patient.followed_until_day),
            Cell::Number(truth.theta),
            Cell::Number(truth.il10_competence),
            Cell::Number(truth.regulatory_competence),
        ];
        row.extend(truth.self_reactivity.map(Cell::Number));
        row.extend([
            Cell::Number(truth.foreign_reactivity),
            Cell::Number(truth.rs_max_at_start),
            Cell::Count(truth.spells.len() as u32),
            Cell::Count(sites_ever(truth)),
            Cell::Count(truth.infected_sites.len() as u32),
            Cell::Boolean(truth.sterile_at_end),
            Cell::Number(work.steps as f64),
            Cell::Number(work.rejected as f64),
            Cell::Number(work.site_rhs as f64),
        ]);
        row.extend(values.iter().skip(2).map(|value| match value {
            Value::Boolean(value) => Cell::boolean(*value),
            Value::Count(value) => value.map_or(Cell::Null, Cell::Count),
            Value::Number(value) => Cell::number(*value),
            Value::Text(value) => Cell::text(value.as_deref()),
        }));
        row.extend(digest.lists().map(Cell::Sites));
        self.patients.push(&row);
    }

    fn push_truth(&mut self, [group, patient]: [Cell<'_>; 2], life: &Life) {
        for spell in &life.truth.spells {
            let days = [Cell::Number(spell.start_day), Cell::Number(spell.end_day)];
            self.spells.push(&[group, patient, Cell::Site(spell.site), days[0], days[1]]);
        }
        for sample in &life.local_course {
            self.course_local.push(&[
                group,
                patient,
                Cell::Number(sample.day),
                Cell::Site(sample.site),
                Cell::Number(sample.macrophages),
                Cell::Number(sample.oedema),
                Cell::Number(sample.bone),
                Cell::Number(sample.new_bone),
                Cell::Number(sample.bacteria),
                Cell::Number(sample.pain),
                Cell::Number(sample.rs),
            ]);
        }
        for sample in &life.systemic_course {
            self.course_systemic.push(&[
                group,
                patient,
                Cell::Number(sample.day),
                Cell::Number(sample.crp_mg_l),
                Cell::Number(sample.esr_mm_h),
                Cell::Number(sample.temperature_c),
                Cell::Number(sample.effectors),
                Cell::Number(sample.regulators),
                Cell::Count(sample.inflamed_sites),
            ]);
        }
    }

    fn push_visit(&mut self, [group, patient]: [Cell<'_>; 2], number: Cell<'_>, visit: &Visit) {
        let day = Cell::Number(visit.day);
        let examination = visit.examination.as_ref();
        let count = |count: Option<usize>| count.map_or(Cell::Null, |count| Cell::Count(count as u32));
        let painful = |sites: &[osteoflare_clinic::visits::ExaminedSite]| {
            sites.iter().filter(|site| site.pain_nrs > PAINFUL_ABOVE).count()
        };
        self.visits.push(&[
            group,
            patient,
            number,
            day,
            Cell::Number(visit.age_years),
            Cell::Text(visit_kind(visit.kind)),
            Cell::Boolean(examination.is_some()),
            count(examination.map(|seen| seen.sites.len())),
            count(examination.map(|seen| painful(&seen.sites))),
            Cell::number(examination.and_then(|seen| seen.worst_pain_nrs)),
            Cell::number(examination.and_then(|seen| seen.temperature_c)),
            Cell::boolean(examination.and_then(|seen| seen.fever_since_last_visit)),
            Cell::number(examination.and_then(|seen| seen.physician_global)),
            Cell::number(examination.and_then(|seen| seen.patient_global)),
            Cell::Boolean(visit.mri.is_some()),
            count(visit.mri.as_ref().map(|mri| mri.lesions.len())),
            count(visit.mri.as_ref().map(|mri| mri.bright_marrow.len())),
            Cell::Count(visit.radiographs.len() as u32),
            Cell::Boolean(visit.laboratory.is_some()),
        ]);
        let findings = &mut self.findings;
        let mut find = |method: &'static str, site, detail: [Cell<'_>; 6]| {
            let [pain, tender, swelling, grade, appearance, hyperostosis] = detail;
            findings.push(&[
                group,
                patient,
                number,
                day,
                Cell::Text(method),
                Cell::Site(site),
                pain,
                tender,
                swelling,
                grade,
                appearance,
                hyperostosis,
            ]);
        };
        const NONE: Cell<'static> = Cell::Null;
        for seen in examination.into_iter().flat_map(|seen| &seen.sites) {
            let (tender, swelling) = (Cell::Boolean(seen.tender), Cell::Boolean(seen.swelling));
            find("examination", seen.site, [Cell::Number(seen.pain_nrs), tender, swelling, NONE, NONE, NONE]);
        }
        for lesion in visit.mri.iter().flat_map(|mri| &mri.lesions) {
            let grade = Cell::Count(u32::from(lesion.grade));
            find("mri", lesion.site, [NONE, NONE, NONE, grade, NONE, NONE]);
        }
        for site in visit.mri.iter().flat_map(|mri| &mri.bright_marrow) {
            find("bright_marrow", *site, [NONE; 6]);
        }
        for image in &visit.radiographs {
            let appearance = Cell::Text(appearance(image.appearance));
            let hyperostosis = Cell::Boolean(image.hyperostosis);
            find("radiograph", image.site, [NONE, NONE, NONE, NONE, appearance, hyperostosis]);
        }
        if let Some(blood) = &visit.laboratory {
            let mut row = vec![group, patient, number, day];
            row.extend([blood.crp_mg_l, blood.esr_mm_h].map(Cell::number));
            let count = blood.blood_count.map(|count| {
                [count.leukocytes_e9_l, count.haemoglobin_g_l, count.platelets_e9_l, count.bands_per_ul]
            });
            row.extend((0..4).map(|k| Cell::number(count.map(|count| count[k]))));
            self.laboratory.push(&row);
        }
    }

    fn push_scores(&mut self, [group, patient]: [Cell<'_>; 2], log: &VisitLog) {
        for (number, (visit, scores)) in log.visits.iter().zip(visit_scores(log)).enumerate() {
            let mut row = vec![
                group,
                patient,
                Cell::Count(number as u32),
                Cell::Number(visit.day),
                Cell::Text(visit_kind(visit.kind)),
                Cell::Number(scores.nbods[0]),
                Cell::Number(scores.nbods[1]),
                Cell::boolean(scores.nbods_positive),
                Cell::Number(scores.jansson_2009[0]),
                Cell::Number(scores.jansson_2009[1]),
                Cell::boolean(scores.jansson_2009_positive),
                Cell::boolean(scores.jansson_2007_positive),
                Cell::boolean(scores.bristol_positive),
                Cell::Number(scores.cdas[0]),
                Cell::number(Some(scores.cdas[1]).filter(|most| most.is_finite())),
                Cell::boolean(scores.active),
                Cell::boolean(scores.clinically_inactive),
                Cell::boolean(scores.inactive),
            ];
            row.extend(scores.pedcno.map(Cell::boolean));
            self.scores.push(&row);
        }
    }

    fn push_record(&mut self, [group, patient]: [Cell<'_>; 2], record: &VisitLog) {
        for event in &record.events {
            self.events.push(&[
                group,
                patient,
                Cell::Number(event.day),
                Cell::Text(event_kind(event.kind)),
                event.site.map_or(Cell::Null, Cell::Site),
                Cell::text(event.detail.as_deref()),
            ]);
        }
        for course in &record.treatments {
            self.treatments.push(&[
                group,
                patient,
                Cell::Text(&course.drug),
                Cell::Number(course.start_day),
                Cell::number(course.stop_day),
            ]);
        }
    }
}

/// The skeleton as rows of the `sites` table.
pub fn site_rows() -> Sheet {
    let skeleton = Skeleton::get();
    let mut sheet = Sheet::new(&layout().sites);
    for site in skeleton.sites() {
        sheet.push(&[
            Cell::Text(&site.id),
            Cell::Text(&site.bone),
            Cell::Text(site.part.as_str()),
            Cell::Text(site.side.as_str()),
            Cell::Text(site.region.as_str()),
            Cell::Text(site.tissue.as_str()),
            site.mirror.map_or(Cell::Null, Cell::Site),
            Cell::Number(site.load),
            Cell::Number(site.growth),
            Cell::Number(site.perfusion),
            Cell::Number(site.volume),
        ]);
    }
    sheet
}

fn sites_ever(truth: &Truth) -> u32 {
    let mut sites: Vec<_> = truth.spells.iter().map(|spell| spell.site).collect();
    sites.sort_unstable();
    sites.dedup();
    sites.len() as u32
}

fn visit_kind(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::Presentation => "presentation",
        VisitKind::Scheduled => "scheduled",
        VisitKind::Flare => "flare",
        VisitKind::Control => "control",
    }
}

fn event_kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Presentation => "presentation",
        EventKind::Remission => "remission",
        EventKind::Relapse => "relapse",
        EventKind::TreatmentStart => "treatment_start",
        EventKind::TreatmentStop => "treatment_stop",
        EventKind::CulturePositive => "culture_positive",
        EventKind::CultureSterile => "culture_sterile",
        EventKind::BiopsyInflammation => "biopsy_inflammation",
        EventKind::BiopsyUnremarkable => "biopsy_unremarkable",
    }
}

fn appearance(appearance: RadiographicAppearance) -> &'static str {
    match appearance {
        RadiographicAppearance::Normal => "normal",
        RadiographicAppearance::Lytic => "lytic",
        RadiographicAppearance::Mixed => "mixed",
        RadiographicAppearance::Sclerotic => "sclerotic",
    }
}
