//! Made-up results: quick, deterministic, and with names that try to leave their place.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::path::Path;

use osteoflare_clinic::visits::{
    ClinicalEvent, EventKind, Examination, ExaminedSite, Laboratory, MriLesion, PatientHeader, Treatment,
    Visit, VisitKind, VisitLog, WholeBodyMri,
};
use osteoflare_skeleton::{Sex, SiteId};
use osteoflare_study::file::StudyFile;
use osteoflare_study::life::{Life, LocalSample, Spell, SystemicSample, Truth, Work};
use osteoflare_study::run::{RunOptions, run};
use osteoflare_study::study::{Group, Study};

/// A label that would run a script if it were not escaped.
pub const HOSTILE: &str = "</script><img src=x onerror=alert(1)> & 'quotes' \"too\"";

/// A study of a control group, two arms of twins and a group in which every computation fails.
pub fn study() -> StudyFile {
    let text = format!(
        "[study]\nname = \"made-up\"\ntitle = '''{HOSTILE}'''\nseed = 5\npatients = 24\nhorizon = \"3 y\"\n\
         [groups.well]\nlabel = \"Well\"\npopulation = \"healthy\"\n\
         [groups.ill]\nlabel = '''{HOSTILE}'''\npopulation = \"broken_tolerance\"\n\
         [groups.treated]\ntwins_of = \"ill\"\ntreatments = [{{ drug = \"naproxen\", for = \"1 y\" }}]\n\
         [groups.broken]\npopulation = \"healthy\"\npatients = 3\n"
    );
    StudyFile::parse(&text, "made-up.toml").expect("the made-up study is right")
}

/// Runs a study with made-up lives.
pub fn run_made_up(
    file: &StudyFile,
    out: &Path,
    live: impl Fn(&Study, &Group, u32) -> Result<Life, String> + Sync,
) {
    let outcome = run(file, &RunOptions::new(out), live, &mut |_| {}).expect("a made-up run");
    assert!(outcome.finished);
}

/// Child `index`: `index % 6 + 1` foci that burn from day 100 on, and half as long under treatment.
pub fn life(_: &Study, group: &Group, index: u32) -> Result<Life, String> {
    if group.name == "broken" {
        return Err("step size fell below <1e-12 d>".to_owned());
    }
    let ill = group.name != "well";
    let treated = !group.treatments.is_empty();
    let foci: Vec<SiteId> =
        (0..if ill { index % 6 + 1 } else { 0 }).map(|k| SiteId((40 + 11 * k + index) as u16)).collect();
    let end = if treated { 350.0 } else { 700.0 };
    let active = |day: f64| day >= 100.0 && day < end;
    let days = (0..40).map(|k| 28.0 * f64::from(k));
    let burning = |day: f64| if active(day) { foci.as_slice() } else { &[] };
    let local_course = days
        .clone()
        .flat_map(|day| burning(day).iter().map(move |site| (day, *site)))
        .map(|(day, site)| LocalSample {
            day,
            site,
            macrophages: 0.9,
            oedema: 0.8,
            bone: 0.9,
            new_bone: 0.1,
            bacteria: 0.0,
            pain: 5.0,
            rs: 1.3,
        })
        .collect();
    let systemic_course = days
        .map(|day| SystemicSample {
            day,
            crp_mg_l: 1.0 + 4.0 * burning(day).len() as f64,
            esr_mm_h: 10.0,
            temperature_c: 36.8,
            effectors: 0.2,
            regulators: 0.5,
            inflamed_sites: burning(day).len() as u32,
        })
        .collect();
    let visits =
        [0.0, 91.0, 182.0, 365.0, 730.0].map(|after| visit(130.0 + after, ill, burning(130.0 + after)));
    let spells = foci.iter().map(|site| Spell { site: *site, start_day: 100.0, end_day: end }).collect();
    let presentation = ClinicalEvent { day: 130.0, kind: EventKind::Presentation, site: None, detail: None };
    Ok(Life {
        record: VisitLog {
            patient: PatientHeader {
                index,
                group: group.name.clone(),
                sex: if index.is_multiple_of(2) { Sex::Female } else { Sex::Male },
                age_at_start_years: 7.5,
                symptom_onset_day: ill.then_some(110.0),
                followed_until_day: 1095.0,
            },
            visits: visits.into(),
            treatments: treated
                .then(|| Treatment { drug: "naproxen".to_owned(), start_day: 130.0, stop_day: Some(495.0) })
                .into_iter()
                .collect(),
            events: ill.then_some(presentation).into_iter().collect(),
        },
        truth: Truth { theta: 0.5, il10_competence: 1.0, rs_max_at_start: 0.8, spells, ..Truth::default() },
        local_course,
        systemic_course,
        work: Work::default(),
    })
}

fn visit(day: f64, ill: bool, foci: &[SiteId]) -> Visit {
    Visit {
        day,
        age_years: 7.5 + day / 365.25,
        kind: match (ill, day < 131.0) {
            (true, true) => VisitKind::Presentation,
            (true, false) => VisitKind::Scheduled,
            (false, _) => VisitKind::Control,
        },
        examination: Some(Examination {
            sites: foci
                .iter()
                .take(1)
                .map(|site| ExaminedSite { site: *site, pain_nrs: 6.0, tender: true, swelling: false })
                .collect(),
            worst_pain_nrs: Some(if foci.is_empty() { 0.0 } else { 6.0 }),
            temperature_c: Some(36.9),
            fever_since_last_visit: Some(false),
            physician_global: None,
            patient_global: Some(1.0),
        }),
        mri: Some(WholeBodyMri {
            lesions: foci.iter().map(|site| MriLesion { site: *site, grade: 2 }).collect(),
            bright_marrow: Vec::new(),
        }),
        radiographs: Vec::new(),
        laboratory: Some(Laboratory {
            crp_mg_l: Some(1.0 + 4.0 * foci.len() as f64),
            esr_mm_h: Some(10.0),
            blood_count: None,
        }),
    }
}

/// A life that left nothing but its header.
pub fn bare_life(study: &Study, group: &Group, index: u32) -> Result<Life, String> {
    let mut life = life(study, group, index)?;
    life.local_course.clear();
    life.systemic_course.clear();
    life.record.visits.clear();
    life.record.events.clear();
    life.record.treatments.clear();
    Ok(life)
}
