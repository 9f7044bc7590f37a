//! `cargo xtask peers`: the same exported model in other people's programs, side by side, in one run.

mod compiled;
mod native;
mod page;
mod problem;
mod python;
mod way;
mod workshop;

use std::error::Error;
use std::path::PathBuf;

use osteoflare_skeleton::Skeleton;

use crate::bench::memory;
use crate::{clock, document};
use problem::{Life, Problem};
use workshop::Workshop;

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Folder for models and for the Python environment that is looked for in its `venv`.
    #[arg(long, default_value = "target/peers")]
    pub folder: PathBuf,
    /// Python with amici, libroadrunner and copasi-basico; default: `FOLDER/venv/bin/python`.
    #[arg(long)]
    pub python: Option<PathBuf>,
    /// Numbers of sites to measure, 1 to 266.
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "25,75,150,266",
          allow_negative_numbers = true, value_parser = number_of_sites)]
    pub sites: Vec<usize>,
    /// CPU seconds that one program may take for one model, its import included.
    #[arg(long, default_value_t = 7200)]
    pub limit_s: u64,
    /// Most patients in the measurement of cohorts.
    #[arg(long, default_value_t = 10_000)]
    pub most_patients: u32,
    /// Runs the model of that many sites and ends; used to measure memory.
    #[arg(long, hide = true)]
    pub only_sites: Option<usize>,
    /// Runs that many patients for a decade and ends; used to measure memory.
    #[arg(long, hide = true)]
    pub only_patients: Option<u32>,
}

/// The program ends with status 2 and this message otherwise.
fn number_of_sites(text: &str) -> Result<usize, String> {
    let most = Skeleton::get().sites().len();
    text.parse().ok().filter(|n| (1..=most).contains(n)).ok_or_else(|| format!("1 to {most}"))
}

/// A run of one program on one model.
#[derive(Clone, Debug)]
pub struct Run {
    /// Program with version.
    pub program: String,
    /// Method and linear algebra.
    pub method: &'static str,
    /// What happens after day 0.
    pub life: Life,
    /// Number of sites.
    pub sites: usize,
    /// Days that were run.
    pub days: f64,
    /// Relative tolerance asked for.
    pub tolerance: f64,
    /// CPU seconds.
    pub seconds: f64,
    /// Factor from the days that were run to the whole problem.
    pub stretch: f64,
    /// Achieved error.
    pub error: f64,
    /// Steps, where the program says.
    pub steps: Option<u64>,
    /// Peak memory of the process, MiB.
    pub peak_mib: Option<f64>,
}

/// Time before the first step.
#[derive(Clone, Debug)]
pub struct Loading {
    /// Program with version.
    pub program: String,
    /// Number of sites.
    pub sites: usize,
    /// CPU seconds to write and compile the model; `None` where there is no such step or it was done before.
    pub import_s: Option<f64>,
    /// CPU seconds to load it.
    pub load_s: f64,
}

/// Everything that was measured.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Runs.
    pub runs: Vec<Run>,
    /// Times before the first step.
    pub loading: Vec<Loading>,
    /// What is missing or did not end, and why.
    pub skipped: Vec<String>,
    /// Patients, CPU seconds, peak MiB.
    pub cohorts: Vec<(u32, f64, f64)>,
}

/// Runs the chore.
///
/// # Errors
/// If the model cannot be written, Osteoflare fails on it, or the page cannot be written. Other programs that are missing
/// or fail are named on the page.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if let Some(sites) = arguments.only_sites {
        native::solve(&Problem::new(sites, Life::Struck)?, native::STUDY_TOLERANCE)?;
        println!("{}", memory::own_peak_mib()?);
        return Ok(());
    }
    if let Some(patients) = arguments.only_patients {
        native::cohort(patients)?;
        println!("{}", memory::own_peak_mib()?);
        return Ok(());
    }
    let machine = clock::machine();
    let mut workshop = Workshop::prepare(arguments)?;
    let mut found = Findings::default();
    let problems = || {
        [Life::Struck, Life::LeftAlone].into_iter().flat_map(|l| arguments.sites.iter().map(move |n| (l, *n)))
    };
    for (life, sites) in problems() {
        let problem = Problem::new(sites, life)?;
        let reference = native::reference(&problem)?;
        if life == Life::Struck {
            found.loading.push(native::loading(sites, life)?);
        }
        let peak = workshop.peak_of_this_program("--only-sites", sites as u32)?.0;
        for mut run in native::runs(&problem, &reference)? {
            run.peak_mib = Some(peak);
            found.runs.push(run);
        }
        for asked in way::asked(sites, life) {
            workshop.ask(&problem, &reference, &asked, &mut found);
        }
        write(&mut found, &machine)?;
    }
    // Its import takes long: what the others did is on the page before.
    for (life, sites) in problems() {
        if let Some(asked) = way::asked_of_amici(sites, life) {
            let problem = Problem::new(sites, life)?;
            workshop.ask(&problem, &native::reference(&problem)?, &asked, &mut found);
            write(&mut found, &machine)?;
        }
    }
    for patients in [1, 10, 100, 1000, 10_000].into_iter().filter(|n| *n <= arguments.most_patients) {
        eprintln!("peers: {patients} patients");
        let (mib, seconds) = workshop.peak_of_this_program("--only-patients", patients)?;
        found.cohorts.push((patients, seconds, mib));
    }
    found.skipped.extend(workshop.missing());
    write(&mut found, &machine)
}

/// Writes page and figure of what was found so far, in the order of the problems; within one, in the order of running.
fn write(found: &mut Findings, machine: &str) -> Result<(), Box<dyn Error>> {
    found.runs.sort_by_key(|run| (run.life == Life::LeftAlone, run.sites));
    found.loading.sort_by_key(|loading| loading.sites);
    document::write("peers.svg", &page::figure(found))?;
    document::write("peers.md", &page::text(found, machine))
}
