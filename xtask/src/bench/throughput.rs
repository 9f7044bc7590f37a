//! Patient-decades per core-second, and scaling in sites and threads.

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::awake::Integration;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::{Statistics, Tolerance};

use crate::{clock, document, flare};

const DECADE_DAYS: f64 = 3650.0;
const WINDOW_DAYS: f64 = 7.0;

fn decade(mut patient: Simulation) -> Result<Simulation, Box<dyn Error + Send + Sync>> {
    patient.advance_to(DECADE_DAYS)?;
    Ok(patient)
}

/// All `n` sites awake for `days`, struck now and then. Returns the end state and the work.
fn all_awake(n: usize, days: f64, tolerance: Tolerance) -> Result<(Vec<f64>, Statistics), Box<dyn Error>> {
    let flare::Awake { system, mut y } = flare::awake(n, &Parameters::default());
    let mut integrator = DormandPrince::new();
    let mut statistics = Statistics::default();
    for w in 0..(days / WINDOW_DAYS) as usize {
        system.integrate(Integration {
            integrator: &mut integrator,
            y: &mut y,
            day: w as f64 * WINDOW_DAYS,
            span: WINDOW_DAYS,
            tolerance,
            statistics: &mut statistics,
        })?;
        flare::strike(&mut y, w * 37 % n, 1.0);
    }
    Ok((y, statistics))
}

/// The section of the page.
pub fn measure() -> Result<String, Box<dyn Error>> {
    let usual = Settings::default();
    Ok(patients(usual)? + &sites(usual.tolerance)? + &threads(usual)?)
}

fn patients(usual: Settings) -> Result<String, Box<dyn Error>> {
    eprintln!("bench: patients");
    let mut rows = Vec::new();
    for (name, population, settings, count) in [
        ("healthy, quiet sites asleep", "healthy", usual, 16),
        ("broken tolerance, quiet sites asleep", "broken_tolerance", usual, 16),
        ("broken tolerance, all sites awake", "broken_tolerance", Settings { sleeping: false, ..usual }, 2),
    ] {
        let mut seconds = Vec::new();
        let (mut awake, mut drawing) = (0, 0.0);
        for index in 0..count {
            let start = clock::thread();
            let patient = flare::patient(population, index, DECADE_DAYS, settings);
            let drawn = clock::thread();
            let patient = decade(patient).map_err(|e| e.to_string())?;
            seconds.push((clock::thread() - start).as_secs_f64());
            drawing += (drawn - start).as_secs_f64() / f64::from(count);
            awake += patient.work().awake.block_derivatives;
        }
        let mean = seconds.iter().sum::<f64>() / seconds.len() as f64;
        seconds.sort_by(f64::total_cmp);
        rows.push(vec![
            name.to_owned(),
            count.to_string(),
            format!("{:.1}", 1e3 * mean),
            format!("{:.1} to {:.1}", 1e3 * seconds[0], 1e3 * seconds[seconds.len() - 1]),
            format!("{:.1}", 1e3 * drawing),
            format!("{:.2}", awake as f64 / f64::from(count) / 1e6),
            format!("{:.1}", 1.0 / mean),
        ]);
    }
    let mut out = format!(
        "\n## Patients\n\nTen years of a patient at the default tolerance ({:.0e}), {} sites, with its random life; \
         drawing the patient included.\n\n",
        usual.tolerance.relative,
        osteoflare_skeleton::Skeleton::get().sites().len()
    );
    out += &document::table(
        &[
            "patient",
            "number",
            "CPU ms each, mean",
            "range",
            "of which drawing",
            "10⁶ site derivatives",
            "patient-decades per core-second",
        ],
        &rows,
    );
    Ok(out)
}

fn sites(tolerance: Tolerance) -> Result<String, Box<dyn Error>> {
    eprintln!("bench: sites");
    let mut rows = Vec::new();
    let tight = Tolerance { relative: 1e-9, absolute: 1e-11 };
    for n in [25, 50, 75, 100, 150, 200, 266, 400] {
        let (found, work) = all_awake(n, 364.0, tolerance)?;
        let (reference, _) = all_awake(n, 364.0, tight)?;
        let error =
            found.iter().zip(&reference).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f64::max);
        let mut failed = None;
        let seconds = clock::best(0.3, || failed = all_awake(n, 364.0, tolerance).err());
        if let Some(error) = failed {
            return Err(error);
        }
        rows.push(vec![
            n.to_string(),
            format!("{:.2}", 1e3 * seconds),
            format!("{:.1}", 1e6 * seconds / n as f64),
            format!("{:.3}", 10.0 * seconds),
            work.derivatives.to_string(),
            format!("{:.1}", 1e9 * seconds / work.block_derivatives as f64),
            format!("{error:.1e}"),
        ]);
    }
    let mut out = String::from(
        "\n## Sites\n\nOne year of a flaring patient with every site awake, struck once a week. The error is the \
         largest over states at the end, relative to one plus the state, against tolerance 1e-9. The skeleton has 266 \
         sites: 400 are these and some of them again, to see how cost grows.\n\n",
    );
    out += &document::table(
        &[
            "sites",
            "CPU ms a year",
            "µs per site-year",
            "CPU s a decade",
            "derivatives",
            "ns per site derivative, whole integrator",
            "achieved error",
        ],
        &rows,
    );
    Ok(out)
}

/// CPU and wall seconds of some patients on some threads, each of which takes the next patient when it is free.
fn on_threads(threads: usize, patients: u32, usual: Settings) -> Result<(f64, f64), Box<dyn Error>> {
    let next = AtomicU32::new(0);
    let work = || -> Result<(), String> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= patients {
                return Ok(());
            }
            decade(flare::patient("broken_tolerance", index, DECADE_DAYS, usual))
                .map_err(|e| e.to_string())?;
        }
    };
    let (cpu, wall) = (clock::process(), Instant::now());
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().try_for_each(|h| h.join().unwrap_or_else(|_| Err("a thread failed".to_owned())))
    })?;
    Ok(((clock::process() - cpu).as_secs_f64(), wall.elapsed().as_secs_f64()))
}

fn threads(usual: Settings) -> Result<String, Box<dyn Error>> {
    const ROUNDS: usize = 5;
    eprintln!("bench: threads");
    let patients: u32 = 24;
    let mut best = [(f64::INFINITY, f64::INFINITY); 2];
    for _ in 0..ROUNDS {
        for (best, threads) in best.iter_mut().zip(1..) {
            let (cpu, wall) = on_threads(threads, patients, usual)?;
            *best = (best.0.min(cpu), best.1.min(wall));
        }
    }
    let rows: Vec<Vec<String>> = best
        .iter()
        .zip(1..)
        .map(|((cpu, wall), threads)| {
            vec![
                threads.to_string(),
                format!("{cpu:.2}"),
                format!("{:.2}", cpu / best[0].0),
                format!("{wall:.2}"),
                format!("{:.2}×", best[0].1 / wall),
            ]
        })
        .collect();
    let mut out = format!(
        "\n## Threads\n\n{patients} patients with broken tolerance for ten years, best of {ROUNDS} rounds. CPU time says \
         what threads cost each other; wall time also what else the machine did.\n\n"
    );
    out +=
        &document::table(&["threads", "CPU s", "CPU relative to one", "wall s", "gain in wall time"], &rows);
    Ok(out)
}
