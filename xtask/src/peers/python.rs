//! Programs in Python that read the exported SBML: AMICI, libRoadRunner and COPASI.

use std::error::Error;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use osteoflare_export::sbml::{Options, document};
use serde_json::{Value, json};

use super::problem::{Problem, States};
use super::way::{Program, Wanted};
use crate::crosscheck::peers::is_python;

/// Programs, their modules, and the packages that hold them.
const PACKAGES: [(Program, &str, &str); 3] = [
    (Program::Amici, "amici", "amici swig"),
    (Program::RoadRunner, "roadrunner", "libroadrunner"),
    (Program::Copasi, "basico", "copasi-basico"),
];

/// What a program says before its first run.
pub struct Head {
    /// Version of the program.
    pub version: String,
    /// CPU seconds to write and compile the model, where there is such a step.
    pub import_s: Option<f64>,
    /// CPU seconds to load it.
    pub load_s: f64,
}

/// What one run answered.
pub struct Answer {
    /// CPU seconds.
    pub seconds: f64,
    /// Steps, where the program says.
    pub steps: Option<u64>,
    /// Peak memory, MiB.
    pub peak_mib: Option<f64>,
    /// States.
    pub states: States,
}

/// What a program answered.
pub struct Answers {
    /// Before the first run.
    pub head: Head,
    /// Runs in the order asked; fewer than asked if it failed.
    pub runs: Vec<Answer>,
    /// Why runs are missing.
    pub complaint: Option<String>,
}

/// The environment.
pub struct Python {
    program: PathBuf,
    folder: PathBuf,
    limit_s: u64,
    /// Programs that are not there, with the command that installs them.
    pub missing: Vec<(Program, String)>,
}

impl Python {
    /// Looks for the programs in the environment at `folder/venv`, or in the one that `program` belongs to.
    ///
    /// # Errors
    /// If there is no such Python or the folder cannot be written. Missing programs are no error; they are named.
    pub fn prepare(folder: &Path, program: Option<&Path>, limit_s: u64) -> Result<Python, Box<dyn Error>> {
        program.map_or(Ok(()), is_python)?;
        let given = program.map(Path::to_owned);
        std::fs::write(folder.join("peer.py"), include_str!("peer.py"))?;
        let environment = folder.join("venv");
        let program = program.map_or_else(|| environment.join("bin/python"), Path::to_owned);
        let mut missing = Vec::new();
        for (peer, module, package) in PACKAGES {
            let tried = Command::new(&program).args(["-c", &format!("import {module}")]).output();
            if !tried.is_ok_and(|output| output.status.success()) {
                let install = match &given {
                    Some(python) => format!("{} -m pip install {package}", python.display()),
                    None => {
                        format!("python3 -m venv {0} && {0}/bin/pip install {package}", environment.display())
                    }
                };
                missing.push((peer, format!("{} is missing; install it: `{install}`", peer.name())));
            }
        }
        Ok(Python { program, folder: folder.to_owned(), limit_s, missing })
    }

    /// Runs one program on one problem.
    ///
    /// # Errors
    /// If the model or the job cannot be written, or the program did not get as far as loading the model.
    pub fn ask(
        &self,
        program: Program,
        problem: &Problem,
        name: &str,
        wanted: &[Wanted],
    ) -> Result<Answers, Box<dyn Error>> {
        let model = self.folder.join(format!("{name}.xml"));
        let plain = Options { observables: false, annotations: false };
        std::fs::write(&model, document(&problem.scenario, plain)?)?;
        let job = self.folder.join(format!("{}.{name}.json", program.name()));
        let runs: Vec<Value> = wanted
            .iter()
            .map(|run| {
                json!({
                    "method": run.way.key, "days": Problem::days(run.days),
                    "rtol": run.tolerance, "atol": 1e-2 * run.tolerance,
                })
            })
            .collect();
        let text = json!({
            "program": program.name(), "sbml": model, "folder": self.folder, "name": name,
            "runs": runs, "columns": problem.columns, "limit_s": self.limit_s,
        });
        std::fs::write(&job, text.to_string())?;
        let output = self.run(&job)?;
        let said = String::from_utf8_lossy(&output.stdout);
        let answers: Vec<Value> = said
            .lines()
            .filter_map(|line| line.strip_prefix("answer "))
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()?;
        let Some((head, answers)) = answers.split_first() else {
            return Err(self.complaint(&output).into());
        };
        let runs = answers.iter().map(|answer| {
            Ok(Answer {
                seconds: answer["cpu_s"].as_f64().ok_or("no time")?,
                steps: answer["steps"].as_u64(),
                peak_mib: answer["peak_mib"].as_f64(),
                states: serde_json::from_value(answer["states"].clone())?,
            })
        });
        let runs = runs.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
        Ok(Answers {
            head: Head {
                version: head["version"].as_str().ok_or("no version")?.to_owned(),
                import_s: head["import_s"].as_f64(),
                load_s: head["load_s"].as_f64().ok_or("no time of loading")?,
            },
            complaint: (runs.len() < wanted.len()).then(|| self.complaint(&output)),
            runs,
        })
    }

    fn run(&self, job: &Path) -> Result<Output, Box<dyn Error>> {
        // AMICI compiles with the SWIG of its environment: another version makes modules that it cannot load.
        let mut path = self.program.parent().map_or_else(Default::default, |bin| bin.as_os_str().to_owned());
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let output = Command::new(&self.program)
            .arg(self.folder.join("peer.py"))
            .arg(job)
            .env("PATH", path)
            .env("OMP_NUM_THREADS", "1")
            .env("OPENBLAS_NUM_THREADS", "1")
            .output()?;
        Ok(output)
    }

    fn complaint(&self, output: &Output) -> String {
        let errors = String::from_utf8_lossy(&output.stderr);
        let last = errors.lines().next_back().unwrap_or("no message");
        match output.status.signal() {
            Some(libc::SIGXCPU | libc::SIGKILL) => format!("not done within {} s of CPU time", self.limit_s),
            Some(_) => format!("stopped from outside ({})", output.status),
            None => format!("{} ({last})", output.status),
        }
    }
}
