//! What sleeping sites and the tolerance do to what is observed.

use std::error::Error;

use osteoflare_kinetics::state::{Local, Systemic};
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::Skeleton;
use osteoflare_solver::system::Tolerance;

use super::Arguments;
use crate::{clock, document, flare};

const YEAR_DAYS: f64 = 364.0;

/// What is seen of one patient, week by week.
struct Life {
    /// Largest pain of any site, 0–10.
    pain: Vec<f64>,
    /// CRP, mg/L.
    crp: Vec<f64>,
    /// Oedema of each site.
    oedema: Vec<Vec<f64>>,
    /// Bone volume of each site.
    bone: Vec<Vec<f64>>,
    /// Sites with oedema visible on MRI.
    foci: Vec<usize>,
    /// Sites with visible oedema at any week.
    ever: usize,
    seconds: f64,
}

fn live(mut patient: Simulation, days: f64) -> Result<Life, Box<dyn Error>> {
    let start = clock::thread();
    let sites: Vec<_> = Skeleton::get().ids().collect();
    let mut life = Life {
        pain: Vec::new(),
        crp: Vec::new(),
        oedema: Vec::new(),
        bone: Vec::new(),
        foci: Vec::new(),
        ever: 0,
        seconds: 0.0,
    };
    let visible = patient.parameters().W_MRI;
    let mut seen = vec![false; sites.len()];
    let mut day = 0.0;
    while day < days {
        day += 7.0;
        patient.advance_to(day)?;
        let row = |s: Local| -> Vec<f64> { patient.local().iter().map(|y| y[s as usize]).collect() };
        let oedema = row(Local::W);
        for (seen, w) in seen.iter_mut().zip(&oedema) {
            *seen |= *w > visible;
        }
        life.foci.push(oedema.iter().filter(|w| **w > visible).count());
        life.pain.push(sites.iter().map(|s| patient.pain(*s)).fold(0.0, f64::max));
        life.crp.push(patient.systemic()[Systemic::Crp as usize]);
        life.oedema.push(oedema);
        life.bone.push(row(Local::V));
    }
    life.ever = seen.iter().filter(|s| **s).count();
    life.seconds = (clock::thread() - start).as_secs_f64();
    Ok(life)
}

fn largest(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

fn largest_of_rows(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    a.iter().zip(b).map(|(a, b)| largest(a, b)).fold(0.0, f64::max)
}

fn mean_foci(life: &Life) -> f64 {
    life.foci.iter().sum::<usize>() as f64 / life.foci.len() as f64
}

/// Differences of two lives of the same patient.
fn differences(a: &Life, b: &Life) -> Vec<String> {
    let foci = a.foci.iter().zip(&b.foci).filter(|(a, b)| a != b).count();
    vec![
        format!("{:.3}", largest(&a.pain, &b.pain)),
        format!("{:.3}", largest(&a.crp, &b.crp)),
        format!("{:.4}", largest_of_rows(&a.oedema, &b.oedema)),
        format!("{:.5}", largest_of_rows(&a.bone, &b.bone)),
        format!("{foci} of {}", a.foci.len()),
    ]
}

/// The section of the page.
pub fn measure(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let days = arguments.years * YEAR_DAYS;
    let mut sleeping = Vec::new();
    let mut tolerances = Vec::new();
    for population in ["healthy", "broken_tolerance"] {
        for index in 0..arguments.patients {
            let name = format!("{population} {index}");
            eprintln!("methods: {name}");
            let usual = Settings::default();
            let run = |settings: Settings| live(flare::patient(population, index, days, settings), days);
            let with = run(usual)?;
            let without = run(Settings { sleeping: false, ..usual })?;
            let mut row = vec![name.clone()];
            row.extend(differences(&with, &without));
            row.push(format!("{} / {}", with.ever, without.ever));
            row.push(format!("{:.3} / {:.3}", with.seconds, without.seconds));
            row.push(format!("{:.1}×", without.seconds / with.seconds));
            sleeping.push(row);
            for divide in [2.0, 10.0, 100.0] {
                let t = usual.tolerance;
                let tight = Tolerance { relative: t.relative / divide, absolute: t.absolute / divide };
                let tighter = run(Settings { tolerance: tight, ..usual })?;
                let mut row = vec![name.clone(), format!("{:.1e}", tight.relative)];
                row.extend(differences(&with, &tighter));
                row.push(format!("{} / {}", with.ever, tighter.ever));
                row.push(format!("{:.2} / {:.2}", mean_foci(&with), mean_foci(&tighter)));
                row.push(format!("{:.2}×", tighter.seconds / with.seconds));
                tolerances.push(row);
            }
        }
    }
    let usual = Settings::default().tolerance;
    let mut out = format!(
        "\n## Sleeping sites\n\nThe same patients over {} years with quiet sites asleep and with all {} sites awake, \
         tolerance {:.0e}: largest difference at any site in any week. A focus is a site whose oedema is visible on \
         MRI.\n\n",
        arguments.years,
        Skeleton::get().sites().len(),
        usual.relative
    );
    out += &document::table(
        &[
            "patient",
            "pain (0–10)",
            "CRP, mg/L",
            "oedema, r.u.",
            "bone volume",
            "weeks with another count of foci",
            "foci ever, asleep / awake",
            "CPU s, asleep / awake",
            "gain",
        ],
        &sleeping,
    );
    out += &format!(
        "\n## Tolerance\n\nThe default ({:.0e}) against tighter tolerances, same measures, sites asleep in both.\n\n",
        usual.relative
    );
    out += &document::table(
        &[
            "patient",
            "tolerance",
            "pain (0–10)",
            "CRP, mg/L",
            "oedema, r.u.",
            "bone volume",
            "weeks with another count of foci",
            "foci ever",
            "mean foci",
            "CPU time",
        ],
        &tolerances,
    );
    Ok(out)
}
