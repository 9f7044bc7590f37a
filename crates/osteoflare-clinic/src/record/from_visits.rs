//! From the log of a virtual child's visits to a record.

use crate::visits::{BloodCount, ClinicalEvent, EventKind, RadiographicAppearance, VisitLog};
use crate::vocabulary;

use super::{
    Assessment, Biopsy, Coverage, Culture, CultureResult, Finding, ImagingStudy, LabResult, Lesion, Method,
    Modality, Origin, Place, Range, Record, Term, Treatment, VirtualOrigin, Visit, When,
};

impl Record {
    /// The record of a virtual child, from the log of its visits. Nothing is added that the log does not hold.
    pub fn from_visits(log: &VisitLog) -> Self {
        let patient = &log.patient;
        let mut record = Record::new(format!("{}/{}", patient.group, patient.index));
        record.origin = Some(Origin {
            virtual_patient: Some(VirtualOrigin { group: patient.group.clone(), index: patient.index }),
            ..Origin::default()
        });
        record.patient.sex = Some(patient.sex);
        record.patient.age_years = Some(Range::exactly(patient.age_at_start_years));
        record.history.symptom_onset = patient.symptom_onset_day.map(When::Day);
        record.followed_until = Some(When::Day(patient.followed_until_day));
        for visit in &log.visits {
            push_visit(&mut record, visit);
        }
        record.treatments = log
            .treatments
            .iter()
            .map(|t| Treatment {
                start: Some(When::Day(t.start_day)),
                stop: t.stop_day.map(When::Day),
                ..Treatment::with(t.drug.as_str())
            })
            .collect();
        for event in &log.events {
            push_tissue(&mut record, event, &log.treatments);
        }
        record
    }
}

/// Biopsies and cultures among the events.
fn push_tissue(record: &mut Record, event: &ClinicalEvent, treatments: &[crate::visits::Treatment]) {
    let (place, when) = (event.site.map(Place::from_site), Some(When::Day(event.day)));
    let culture = |result, off_antibiotics| Culture {
        specimen: Term::known("bone"),
        result,
        organism: None,
        off_antibiotics,
        place: place.clone(),
        when,
        note: None,
    };
    // The virtual pathologist looks for malignancy; no virtual child has any.
    let biopsy = |findings: &[&'static str]| Biopsy {
        done: true,
        tissue: Some(Term::known("bone")),
        place: place.clone(),
        findings: findings.iter().map(|word| Term::known(word)).collect(),
        absent: vec![Term::known("malignancy")],
        when,
        ..Biopsy::default()
    };
    match event.kind {
        EventKind::CulturePositive => record.cultures.push(culture(CultureResult::Positive, None)),
        EventKind::CultureSterile => {
            let antibiotic =
                |drug: &str| vocabulary::drug(drug).is_some_and(|drug| drug.class == "antibiotic");
            let before = treatments.iter().any(|t| t.start_day < event.day && antibiotic(&t.drug));
            record.cultures.push(culture(CultureResult::Sterile, Some(!before)));
        }
        EventKind::BiopsyInflammation => record.biopsies.push(biopsy(&["inflammation"])),
        EventKind::BiopsyUnremarkable => record.biopsies.push(biopsy(&["nonspecific"])),
        EventKind::Presentation
        | EventKind::Remission
        | EventKind::Relapse
        | EventKind::TreatmentStart
        | EventKind::TreatmentStop => {}
    }
}

fn push_visit(record: &mut Record, visit: &crate::visits::Visit) {
    let when = Some(When::Day(visit.day));
    record.visits.push(Visit {
        when: When::Day(visit.day),
        kind: Some(visit.kind),
        whole_body_examined: Some(visit.examination.is_some()),
    });
    if let Some(seen) = &visit.examination {
        for site in &seen.sites {
            let finding = |name, present, severity_0_10| Finding {
                place: Some(Place::from_site(site.site)),
                severity_0_10,
                method: Some(Method::Examination),
                when,
                ..if present {
                    Finding::present(Term::known(name))
                } else {
                    Finding::absent(Term::known(name))
                }
            };
            record.findings.push(finding("pain", site.pain_nrs > 0.0, Some(site.pain_nrs)));
            record.findings.push(finding("tenderness", site.tender, None));
            record.findings.push(finding("swelling", site.swelling, None));
        }
        if let Some(fever) = seen.fever_since_last_visit {
            let told = if fever {
                Finding::present(Term::known("fever"))
            } else {
                Finding::absent(Term::known("fever"))
            };
            record.findings.push(Finding { method: Some(Method::History), when, ..told });
        }
        if let Some(temperature) = seen.temperature_c {
            let known = LabResult::number(Term::known("body_temperature"), temperature, "°C");
            record.vital_signs.push(LabResult { when, ..known });
        }
        record.assessments.push(Assessment {
            when,
            pain_0_10: seen.worst_pain_nrs,
            patient_global_0_10: seen.patient_global,
            physician_global_0_10: seen.physician_global,
            clinically_active_lesions: None,
            chaq: None,
        });
    }
    if let Some(mri) = &visit.mri {
        record.imaging.push(ImagingStudy {
            coverage: Some(Coverage::WholeBody),
            abnormal: Some(!mri.lesions.is_empty()),
            lesions: mri
                .lesions
                .iter()
                .map(|lesion| Lesion {
                    active: Some(true),
                    descriptors: vec![Term::known("marrow_oedema")],
                    extent_grade: Some(lesion.grade),
                    ..Lesion::at(Place::from_site(lesion.site))
                })
                .collect(),
            all_lesions_listed: Some(true),
            bright_marrow: mri.bright_marrow.iter().map(|&site| Place::from_site(site)).collect(),
            when,
            ..ImagingStudy::new(Modality::Mri)
        });
    }
    for image in &visit.radiographs {
        let place = Place::from_site(image.site);
        // A margin is looked for on every radiograph.
        let absent = match image.appearance {
            RadiographicAppearance::Mixed => vec![],
            _ => vec![Term::known("marginal_sclerosis")],
        };
        let mut study = ImagingStudy {
            coverage: Some(Coverage::Regional),
            shown: vec![place.clone()],
            absent,
            abnormal: Some(image.appearance != RadiographicAppearance::Normal || image.hyperostosis),
            all_lesions_listed: Some(true),
            when,
            ..ImagingStudy::new(Modality::Radiograph)
        };
        let mut descriptors: Vec<Term> = match image.appearance {
            RadiographicAppearance::Normal => vec![],
            RadiographicAppearance::Lytic => vec![Term::known("lytic")],
            RadiographicAppearance::Mixed => {
                vec![Term::known("lytic"), Term::known("sclerosis"), Term::known("marginal_sclerosis")]
            }
            RadiographicAppearance::Sclerotic => vec![Term::known("sclerosis")],
        };
        if image.hyperostosis {
            descriptors.push(Term::known("hyperostosis"));
        }
        if !descriptors.is_empty() {
            study.lesions.push(Lesion { descriptors, ..Lesion::at(place) });
        }
        record.imaging.push(study);
    }
    if let Some(blood) = &visit.laboratory {
        let count = |get: fn(&BloodCount) -> f64| blood.blood_count.as_ref().map(get);
        let results = [
            ("crp", blood.crp_mg_l, "mg/l"),
            ("esr", blood.esr_mm_h, "mm/h"),
            ("leukocytes", count(|c| c.leukocytes_e9_l), "10^9/l"),
            ("haemoglobin", count(|c| c.haemoglobin_g_l), "g/l"),
            ("platelets", count(|c| c.platelets_e9_l), "10^9/l"),
            ("bands", count(|c| c.bands_per_ul), "/ul"),
        ];
        for (analyte, value, unit) in results {
            if let Some(value) = value {
                record
                    .laboratory
                    .push(LabResult { when, ..LabResult::number(Term::known(analyte), value, unit) });
            }
        }
    }
}
