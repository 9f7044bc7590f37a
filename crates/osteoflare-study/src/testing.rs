//! A made-up patient for tests of everything around the model: quick, deterministic, and different for every patient.

use osteoflare_clinic::visits::{
    ClinicalEvent, EventKind, Examination, ExaminedSite, Laboratory, MriLesion, PatientHeader, Radiograph,
    RadiographicAppearance, Treatment, Visit, VisitKind, VisitLog, WholeBodyMri,
};
use osteoflare_skeleton::{Sex, SiteId};

use crate::life::{Life, LocalSample, Spell, SystemicSample, Truth, Work};
use crate::study::{Group, Study};

/// A small hash, so that neighbours differ.
fn mix(seed: u64, index: u32, step: u64) -> f64 {
    let mut x = seed ^ (u64::from(index) << 32) ^ step.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for _ in 0..3 {
        x ^= x >> 31;
        x = x.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    }
    (x >> 11) as f64 / (1u64 << 53) as f64
}

/// The life of a made-up patient. Patient 13 of a group called `unlucky` fails.
pub(crate) fn made_up(study: &Study, group: &Group, index: u32) -> Result<Life, String> {
    if group.name == "unlucky" && index % 50 == 13 {
        return Err(format!("step size fell below 1e-12 d at day {index}"));
    }
    let draw = |step: u64| mix(study.seed, index, step);
    let ill = group.population.theta_mean > 0.6;
    let site = SiteId((draw(1) * 200.0) as u16);
    let lesions: Vec<MriLesion> = (0..if ill { 1 + (draw(2) * 5.0) as u16 } else { 0 })
        .map(|k| MriLesion { site: SiteId(site.0 + 7 * k), grade: 1 + (k % 3) as u8 })
        .collect();
    let visits: Vec<Visit> = [0.0, 30.0, 90.0, 182.0, 365.0]
        .into_iter()
        .enumerate()
        .map(|(number, day)| {
            let first = number == 0;
            Visit {
                day: 100.0 + day,
                age_years: 8.0 + day / 365.25,
                kind: match (ill, first) {
                    (true, true) => VisitKind::Presentation,
                    (true, false) => VisitKind::Scheduled,
                    (false, _) => VisitKind::Control,
                },
                examination: Some(Examination {
                    sites: (ill && draw(10 + number as u64) > 0.4)
                        .then_some(ExaminedSite { site, pain_nrs: 6.0, tender: true, swelling: first })
                        .into_iter()
                        .collect(),
                    worst_pain_nrs: Some(if ill { 6.0 } else { 0.0 }),
                    temperature_c: Some(36.5 + draw(20 + number as u64)),
                    fever_since_last_visit: Some(ill && draw(3) > 0.7),
                    physician_global: None,
                    patient_global: Some(f64::from(u8::from(ill))),
                }),
                mri: (number % 2 == 0).then(|| WholeBodyMri {
                    lesions: lesions.iter().copied().skip(number).collect(),
                    bright_marrow: vec![SiteId(3)],
                }),
                radiographs: if ill && first {
                    let appearance = RadiographicAppearance::Lytic;
                    vec![Radiograph { site, appearance, hyperostosis: draw(4) > 0.5 }]
                } else {
                    Vec::new()
                },
                laboratory: Some(Laboratory {
                    crp_mg_l: (number != 3).then_some(if ill {
                        30.0 * draw(30 + number as u64)
                    } else {
                        0.8
                    }),
                    esr_mm_h: Some(8.0),
                    blood_count: None,
                }),
            }
        })
        .collect();
    let days = (0..20).map(|week| f64::from(week) * 7.0);
    Ok(Life {
        record: VisitLog {
            patient: PatientHeader {
                index,
                group: group.name.clone(),
                sex: if draw(5) < group.population.female_share { Sex::Female } else { Sex::Male },
                age_at_start_years: 7.7,
                symptom_onset_day: ill.then_some(60.0),
                followed_until_day: study.horizon_days,
            },
            visits,
            treatments: group
                .treatments
                .iter()
                .map(|step| Treatment {
                    drug: step.regimen.drug.name().to_owned(),
                    start_day: 100.0,
                    stop_day: step.duration_days.is_finite().then_some(100.0 + step.duration_days),
                })
                .collect(),
            events: vec![ClinicalEvent {
                day: 100.0,
                kind: EventKind::Presentation,
                site: ill.then_some(site),
                detail: None,
            }],
        },
        truth: Truth {
            theta: group.population.theta_mean + 0.02 * (draw(6) - 0.5),
            il10_competence: group.population.il10_median,
            regulatory_competence: 1.0,
            self_reactivity: [draw(7), 0.1, 0.2, 0.3, 0.4],
            foreign_reactivity: 0.8,
            rs_max_at_start: if ill { 1.5 } else { 0.4 },
            spells: lesions
                .iter()
                .map(|lesion| Spell { site: lesion.site, start_day: 60.0, end_day: 300.0 * draw(8) + 110.0 })
                .collect(),
            infected_sites: Vec::new(),
            sterile_at_end: true,
        },
        local_course: days
            .clone()
            .filter(|_| ill)
            .map(|day| LocalSample {
                day,
                site,
                macrophages: draw(day as u64),
                oedema: 0.4,
                bone: 0.9,
                new_bone: 0.0,
                bacteria: 0.0,
                pain: 4.0,
                rs: 1.2,
            })
            .collect(),
        systemic_course: days
            .map(|day| SystemicSample {
                day,
                crp_mg_l: 1.0,
                esr_mm_h: 5.0,
                temperature_c: 36.8,
                effectors: draw(day as u64 + 1000),
                regulators: 0.0,
                inflamed_sites: lesions.len() as u32,
            })
            .collect(),
        work: Work { steps: 100 + u64::from(index), rejected: 3, site_rhs: 7000 },
    })
}
