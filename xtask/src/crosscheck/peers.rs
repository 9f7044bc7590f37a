//! Other people's programs: their environment, their jobs, their answers.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::BadArgument;

/// What the environment of the cross-check holds: modules and their packages.
pub const PACKAGES: [(&str, &str); 4] =
    [("roadrunner", "libroadrunner"), ("libsbml", "python-libsbml"), ("numpy", "numpy"), ("scipy", "scipy")];
/// How the reason begins why something was not run.
pub const SKIPPED: &str = "skipped";
/// Programs that read the models; written beside the jobs.
const PROGRAMS: [(&str, &str); 3] = [
    ("peers.py", include_str!("peers.py")),
    ("sbml_to_c.py", include_str!("sbml_to_c.py")),
    ("integrate.py", include_str!("integrate.py")),
];

/// A way to run a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Route {
    /// `RoadRunner`, or a method of SciPy.
    pub name: &'static str,
    /// Relative tolerance.
    pub relative: f64,
    /// Absolute tolerance.
    pub absolute: f64,
}

/// A model to run.
#[derive(Clone, Debug)]
pub struct Job {
    /// Name of files.
    pub name: String,
    /// Days wanted.
    pub days: Vec<f64>,
    /// How.
    pub route: Route,
    /// States wanted; empty: all.
    pub columns: Vec<String>,
}

/// What a program answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Program with version and method.
    pub program: String,
    /// CPU seconds to load the model.
    pub loading_s: f64,
    /// CPU seconds to run it.
    pub running_s: f64,
    /// States by name: one value a day.
    pub states: BTreeMap<String, Vec<f64>>,
}

/// The environment of the peers.
pub struct Peers {
    python: PathBuf,
    folder: PathBuf,
    /// Packages that are not there, with the command that installs them.
    pub missing: Vec<String>,
    absent: Vec<&'static str>,
}

/// Refuses what does not answer as a Python does.
///
/// # Errors
/// If there is no such program or it fails.
pub fn is_python(path: &Path) -> Result<(), BadArgument> {
    match Command::new(path).arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(BadArgument(format!("--python {}: no such program, or no Python", path.display()))),
    }
}

impl Peers {
    /// Finds or makes the environment in `folder`: a Python with packages, each named by its module and its package.
    ///
    /// # Errors
    /// If there is no such Python or the folder cannot be written. Missing packages are no error; they are named.
    pub fn prepare(
        folder: &Path,
        python: Option<&Path>,
        packages: &[(&str, &'static str)],
    ) -> Result<Peers, Box<dyn Error>> {
        python.map_or(Ok(()), is_python)?;
        std::fs::create_dir_all(folder)?;
        for (name, text) in PROGRAMS {
            std::fs::write(folder.join(name), text)?;
        }
        let environment = folder.join("venv");
        let given = python.is_some();
        let python = match python {
            Some(path) => path.to_owned(),
            None => environment.join("bin/python"),
        };
        let names: Vec<&str> = packages.iter().map(|(_, package)| *package).collect();
        let install =
            format!("python3 -m venv {0} && {0}/bin/pip install {1}", environment.display(), names.join(" "));
        if !given && !python.exists() {
            eprintln!("making the environment of the peers: {install}");
            let done = Command::new("sh").args(["-c", &install]).stdout(Stdio::null()).status();
            if !done.is_ok_and(|status| status.success()) {
                eprintln!("that failed; what is missing is named below");
            }
        }
        let (mut missing, mut absent) = (Vec::new(), Vec::new());
        for &(module, package) in packages {
            let found = Command::new(&python).args(["-c", &format!("import {module}")]).output();
            if !found.is_ok_and(|output| output.status.success()) {
                absent.push(package);
                missing.push(format!(
                    "{package} is missing; install it: {} -m pip install {package}",
                    python.display()
                ));
            }
        }
        Ok(Peers { python, folder: folder.to_owned(), missing, absent })
    }

    /// Folder of models and answers.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The Python of the environment.
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// Why a route cannot be run here, if it cannot.
    pub fn lacks(&self, route: &str) -> Option<String> {
        let program = if route.starts_with("RoadRunner") { "libroadrunner" } else { "scipy" };
        // Either reads and writes with NumPy.
        self.lacks_any(&[program, "numpy"])
    }

    fn lacks_any(&self, packages: &[&str]) -> Option<String> {
        let lacking: Vec<&str> =
            packages.iter().copied().filter(|package| self.absent.contains(package)).collect();
        (!lacking.is_empty()).then(|| format!("{SKIPPED}: {} missing", lacking.join(" and ")))
    }

    /// Checks a document with libSBML, units included: program, errors, warnings, the first message.
    ///
    /// # Errors
    /// If the program did not answer.
    pub fn check(&self, document: &Path) -> Result<(String, u64, u64, String), Box<dyn Error>> {
        if let Some(why) = self.lacks_any(&["python-libsbml", "numpy"]) {
            return Err(why.into());
        }
        let out = Command::new(&self.python)
            .arg(self.folder.join("peers.py"))
            .arg("check")
            .arg(document)
            .output()?;
        let answer: Value = serde_json::from_slice(&out.stdout)?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let count = |key: &str| answer[key].as_u64().ok_or("no count");
        Ok((text("program"), count("errors")?, count("warnings")?, text("first")))
    }

    /// Runs a job; its model must lie in the folder as `NAME.xml`.
    ///
    /// # Errors
    /// With what the program said, if it did not answer.
    pub fn run(&self, job: &Job) -> Result<Answer, Box<dyn Error>> {
        if let Some(why) = self.lacks(job.route.name) {
            return Err(why.into());
        }
        let path = self.folder.join(format!("{}.{}.json", job.name, job.route.name));
        let text = json!({
            "folder": self.folder,
            "models": [{
                "name": job.name,
                "sbml": self.folder.join(format!("{}.xml", job.name)),
                "days": job.days,
                "columns": job.columns,
                "routes": [{
                    "route": job.route.name,
                    "rtol": job.route.relative,
                    "atol": job.route.absolute,
                }],
            }],
        });
        std::fs::write(&path, text.to_string())?;
        let mut child = Command::new(&self.python)
            .arg(self.folder.join("peers.py"))
            .arg(&path)
            .env("OMP_NUM_THREADS", "1")
            .env("OPENBLAS_NUM_THREADS", "1")
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let mut report = Value::Null;
        for line in BufReader::new(out).lines() {
            let line = line?;
            // Solvers print warnings of their own between.
            match serde_json::from_str(&line) {
                Ok(answer) => report = answer,
                Err(_) => eprintln!("  {}: {line}", job.route.name),
            }
        }
        let status = child.wait()?;
        if let Some(error) = report["error"].as_str() {
            return Err(error.into());
        }
        if !status.success() || report.is_null() {
            return Err(format!("ended with {status}").into());
        }
        Ok(Answer {
            program: report["program"].as_str().unwrap_or_default().to_owned(),
            loading_s: report["loading_s"].as_f64().unwrap_or(f64::NAN),
            running_s: report["running_s"].as_f64().unwrap_or(f64::NAN),
            states: states(&self.folder.join(format!("{}.{}.csv", job.name, job.route.name)))?,
        })
    }
}

fn states(path: &Path) -> Result<BTreeMap<String, Vec<f64>>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().ok_or("an empty answer")?.split(',').collect();
    let mut columns = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, value) in columns.iter_mut().zip(line.split(',')) {
            column.push(value.parse()?);
        }
    }
    Ok(names.into_iter().map(str::to_owned).zip(columns).collect())
}
