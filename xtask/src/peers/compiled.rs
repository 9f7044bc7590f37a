//! Programs that link the exported C: CVODE and diffsol.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use osteoflare_export::c_source::{Coupling, c_source};

use super::problem::{Problem, States};
use super::way::{Program, Wanted, Way};

const LIBRARIES: [&str; 7] = [
    "-lsundials_cvode",
    "-lsundials_nvecserial",
    "-lsundials_sunlinsolklu",
    "-lsundials_sunmatrixsparse",
    "-lsundials_sunnonlinsolfixedpoint",
    "-lklu",
    "-lm",
];
/// What drivers need to know of a model beside what is exported.
const SIZES: &str = "const int osteoflare_states = OSTEOFLARE_STATES;\n\
                     const int osteoflare_nonzeros = OSTEOFLARE_NONZEROS;\n";

/// What one run answered.
pub struct Answer {
    /// Version of the program.
    pub version: String,
    /// CPU seconds.
    pub seconds: f64,
    /// Steps.
    pub steps: u64,
    /// Peak memory, MiB.
    pub peak_mib: f64,
    /// CPU seconds of loading.
    pub load_s: f64,
    /// States.
    pub states: States,
}

/// A driver with a model: a program, and arguments that come before those of a run.
pub struct Driver {
    program: PathBuf,
    model: Option<PathBuf>,
    /// CPU seconds to compile the model.
    pub import_s: f64,
}

/// The model as C, with its strikes.
fn source(problem: &Problem) -> Result<String, Box<dyn Error>> {
    let rows: Vec<String> =
        problem.strikes().map(|(day, at, amount)| format!("{{{day:?}, {at}, {amount:?}}}")).collect();
    let strikes = format!(
        "const struct {{ double day; int at; double amount; }} osteoflare_strikes[] = {{{}}};\n\
         const int osteoflare_strike_count = {};\n",
        if rows.is_empty() { "{0, 0, 0}".to_owned() } else { rows.join(", ") },
        rows.len()
    );
    Ok(c_source(&problem.scenario, Coupling::Bordered)? + &strikes + SIZES)
}

fn compile(source: &Path, text: &str, target: &Path, more: &[&str]) -> Result<f64, Box<dyn Error>> {
    std::fs::write(source, text)?;
    let mut command = Command::new("cc");
    command.args(["-O3", "-march=native", "-o"]).args([target, source]).args(more);
    let (_, seconds) = crate::bench::memory::peak(&mut command)?;
    Ok(seconds)
}

impl Driver {
    /// Compiles a model for a program.
    ///
    /// # Errors
    /// If something that the program links is missing; the message names the command that installs it.
    pub fn new(
        program: Program,
        problem: &Problem,
        folder: &Path,
        name: &str,
    ) -> Result<Driver, Box<dyn Error>> {
        let model = source(problem)?;
        let file = folder.join(format!("{}_{name}.c", program.name()));
        if program == Program::Diffsol {
            let library = file.with_extension("so");
            let import_s = compile(&file, &model, &library, &["-shared", "-fPIC", "-lm"])?;
            return Ok(Driver { program: diffsol(folder)?, model: Some(library), import_s });
        }
        let target = file.with_extension("");
        let mut more = vec!["-I/usr/include/suitesparse"];
        more.extend(LIBRARIES);
        let import_s =
            compile(&file, &(model + include_str!("cvode.c")), &target, &more).map_err(|said| {
                format!("it did not compile ({said}); install it: `apt-get install libsundials-dev libsuitesparse-dev`")
            })?;
        Ok(Driver { program: target, model: None, import_s })
    }

    /// Runs it on the days.
    ///
    /// # Errors
    /// If it fails.
    pub fn run(&self, way: Way, days: &[f64], relative: f64) -> Result<Answer, Box<dyn Error>> {
        let output = Command::new(&self.program)
            .args(&self.model)
            .arg(way.key)
            .args([relative.to_string(), (1e-2 * relative).to_string()])
            .args(days.iter().map(f64::to_string))
            .output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().next_back().unwrap_or("no message");
            return Err(format!("ended with {} at tolerance {relative:e} ({last})", output.status).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let mut lines = text.lines();
        let head: Vec<&str> = lines.next().ok_or("no answer")?.split(' ').collect();
        let [version, seconds, steps, peak_mib, load_s] = head[..] else {
            return Err(format!("answered {head:?}").into());
        };
        let values: Vec<f64> = lines.map(str::parse).collect::<Result<_, _>>()?;
        let rows = values.chunks(values.len() / days.len());
        Ok(Answer {
            version: version.to_owned(),
            seconds: seconds.parse()?,
            steps: steps.parse()?,
            peak_mib: peak_mib.parse()?,
            load_s: load_s.parse()?,
            states: rows.map(|row| row.iter().copied().map(Some).collect()).collect(),
        })
    }

    /// Runs what is wanted.
    ///
    /// # Errors
    /// If it fails.
    pub fn answer(&self, wanted: &Wanted) -> Result<Answer, Box<dyn Error>> {
        self.run(wanted.way, &Problem::days(wanted.days), wanted.tolerance)
    }
}

/// Builds the driver of diffsol, which is a workspace of its own.
fn diffsol(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("diffsol/Cargo.toml");
    let target = folder.join("diffsol");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--quiet", "--manifest-path"])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(&target)
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let why = said.lines().find(|line| line.starts_with("error")).unwrap_or("no message");
        return Err(format!(
            "its driver did not build ({why}); install what it links: `apt-get install libsuitesparse-dev libclang-dev`"
        )
        .into());
    }
    Ok(target.join("release/osteoflare-diffsol"))
}
