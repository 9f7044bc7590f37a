//! Other people's programs: what is asked of them, and their answers.

use std::collections::HashMap;
use std::error::Error;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use osteoflare_export::c_source::{Coupling, c_source};
use osteoflare_export::sbml::{Options, document};
use serde_json::{Value, json};

use crate::clock;

use super::problem::{DAYS, Life, Problem, States};
use super::{Arguments, Findings, Loading, Run, TOLERANCES};

const CVODE: &str = "CVODE (BDF), KLU, analytic Jacobian";
/// Programs in Python, their modules, and the packages that hold them.
const PACKAGES: [(&str, &str, &str); 3] = [
    ("AMICI", "amici", "amici swig"),
    ("libRoadRunner", "roadrunner", "libroadrunner"),
    ("COPASI", "basico", "copasi-basico"),
];
const LIBRARIES: [&str; 6] = [
    "-lsundials_cvode",
    "-lsundials_nvecserial",
    "-lsundials_sunlinsolklu",
    "-lsundials_sunmatrixsparse",
    "-lklu",
    "-lm",
];

/// One program on one model.
pub struct Asked {
    program: &'static str,
    /// Days, the whole problem or the beginning of it.
    days: f64,
    tolerances: &'static [f64],
}

impl Asked {
    /// What is asked of the programs that start at once. Dense programs get the beginning of the problem where all of
    /// it would take hours.
    pub fn of(sites: usize, life: Life) -> Vec<Asked> {
        let ask = |program, days, tolerances| Asked { program, days, tolerances };
        let mut all = vec![ask(CVODE, DAYS, &TOLERANCES)];
        match (sites, life) {
            (25, Life::Struck) => {
                all.extend([ask("libRoadRunner", 56.0, &[1e-6]), ask("COPASI", 28.0, &[1e-6])])
            }
            (25, Life::LeftAlone) => all.push(ask("libRoadRunner", DAYS, &[1e-6])),
            (75, Life::Struck) => all.extend([ask("libRoadRunner", 8.0, &[1e-6])]),
            (150, Life::Struck) => all.extend([ask("libRoadRunner", 0.25, &[1e-6])]),
            _ => {}
        }
        all
    }

    /// AMICI over the whole problem: its import takes minutes, so it comes last.
    pub fn amici() -> Asked {
        Asked { program: "AMICI", days: DAYS, tolerances: &TOLERANCES }
    }
}

/// Name of files.
fn name(problem: &Problem) -> String {
    format!("{}_{}", problem.life.name().replace(' ', "_"), problem.sites())
}

/// The strikes as C.
fn strikes(problem: &Problem) -> String {
    let rows: Vec<String> =
        problem.strikes().map(|(day, at, amount)| format!("{{{day:?}, {at}, {amount:?}}}")).collect();
    format!(
        "static const struct {{ double day; int at; double amount; }} strikes[] = {{{}}};\nenum {{ STRIKES = {} }};\n",
        if rows.is_empty() { "{0, 0, 0}".to_owned() } else { rows.join(", ") },
        rows.len()
    )
}

/// Folder, programs and what is missing.
pub struct Workshop {
    folder: PathBuf,
    python: PathBuf,
    limit_s: u64,
    /// What is missing, with the command that installs it.
    pub missing: Vec<String>,
    absent: Vec<&'static str>,
    /// Steps of CVODE over the whole problem, by problem and bits of the tolerance.
    cvode_steps: HashMap<(String, u64), u64>,
}

impl Workshop {
    /// Looks for the programs.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn prepare(arguments: &Arguments) -> Result<Workshop, Box<dyn Error>> {
        std::fs::create_dir_all(&arguments.folder)?;
        let folder = std::fs::canonicalize(&arguments.folder)?;
        std::fs::write(folder.join("peer.py"), include_str!("peer.py"))?;
        let environment = arguments.folder.join("venv");
        let python = arguments.python.clone().unwrap_or_else(|| environment.join("bin/python"));
        let mut workshop = Workshop {
            folder,
            python,
            limit_s: arguments.limit_s,
            missing: Vec::new(),
            absent: Vec::new(),
            cvode_steps: HashMap::new(),
        };
        for (program, module, package) in PACKAGES {
            let tried = Command::new(&workshop.python).args(["-c", &format!("import {module}")]).output();
            if !tried.is_ok_and(|output| output.status.success()) {
                workshop.absent.push(program);
                workshop.missing.push(format!(
                    "{program} is missing; install it: `python3 -m venv {0} && {0}/bin/pip install {package}`",
                    environment.display()
                ));
            }
        }
        workshop.missing.push(
            "diffsol is not run: a driver that links the exported C with it has not been written; it is a crate, \
             `cargo add diffsol`"
                .to_owned(),
        );
        Ok(workshop)
    }

    /// Peak MiB and CPU seconds of this program with one of its hidden arguments.
    ///
    /// # Errors
    /// If it fails.
    pub fn peak_of_this_program(&self, argument: &str, value: u32) -> Result<(f64, f64), Box<dyn Error>> {
        let before = clock::children();
        let output =
            Command::new(std::env::current_exe()?).args(["peers", argument, &value.to_string()]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let seconds = (clock::children() - before).as_secs_f64();
        Ok((String::from_utf8(output.stdout)?.trim().parse()?, seconds))
    }

    /// Runs one program on one problem. What fails is noted among the skipped.
    ///
    /// # Errors
    /// If the model or a job cannot be written.
    pub fn ask(
        &mut self,
        problem: &Problem,
        reference: &States,
        asked: &Asked,
        found: &mut Findings,
    ) -> Result<(), Box<dyn Error>> {
        let (sites, program) = (problem.sites(), asked.program);
        if self.absent.contains(&program) {
            return Ok(());
        }
        eprintln!("peers: {sites} sites {}, {program}", problem.life.name());
        let outcome = if program == CVODE {
            self.cvode(problem, reference, found)
        } else {
            self.python(problem, reference, asked, found)
        };
        if let Err(error) = outcome {
            eprintln!("peers: {sites} sites, {program}: {error}");
            found.skipped.push(format!("{program}, {sites} sites {}: {error}", problem.life.name()));
        }
        Ok(())
    }

    fn cvode(
        &mut self,
        problem: &Problem,
        reference: &States,
        found: &mut Findings,
    ) -> Result<(), Box<dyn Error>> {
        let sites = problem.sites();
        let program = self.compile(problem, found)?;
        for relative in TOLERANCES {
            let (seconds, steps, states, mib) = self.run_cvode(&program, &Problem::days(DAYS), relative)?;
            self.cvode_steps.insert((name(problem), relative.to_bits()), steps);
            found.runs.push(Run {
                program: CVODE.to_owned(),
                life: problem.life,
                sites,
                days: DAYS,
                tolerance: relative,
                seconds,
                stretch: 1.0,
                error: problem.error(&states, reference),
                steps: Some(steps),
                peak_mib: Some(mib),
            });
        }
        Ok(())
    }

    fn compile(&self, problem: &Problem, found: &mut Findings) -> Result<PathBuf, Box<dyn Error>> {
        let sites = problem.sites();
        let source = self.folder.join(format!("cvode_{}.c", name(problem)));
        let program = self.folder.join(format!("cvode_{}", name(problem)));
        let model = c_source(&problem.scenario, Coupling::Bordered)? + &strikes(problem);
        std::fs::write(&source, model + include_str!("cvode.c"))?;
        let mut command = Command::new("cc");
        command
            .args(["-O3", "-march=native", "-I/usr/include/suitesparse", "-o"])
            .args([&program, &source])
            .args(LIBRARIES);
        let (_, import_s) = crate::bench::memory::peak(&mut command).map_err(|said| {
            format!("it did not compile ({said}); install it: `apt-get install libsundials-dev libsuitesparse-dev`")
        })?;
        found.loading.push(Loading {
            program: CVODE.to_owned(),
            sites,
            import_s: Some(import_s),
            load_s: 0.0,
        });
        Ok(program)
    }

    fn run_cvode(
        &self,
        program: &Path,
        days: &[f64],
        relative: f64,
    ) -> Result<(f64, u64, States, f64), Box<dyn Error>> {
        let mut command = Command::new(program);
        command
            .args([relative.to_string(), (1e-2 * relative).to_string()])
            .args(days.iter().map(f64::to_string));
        let output = command.output()?;
        if !output.status.success() {
            return Err(format!("ended with {} at tolerance {relative:e}", output.status).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let mut lines = text.lines();
        let mut counts = lines.next().ok_or("no answer")?.split(' ');
        let seconds: f64 = counts.next().ok_or("no time")?.parse()?;
        let steps: u64 = counts.next().ok_or("no steps")?.parse()?;
        let mib: f64 = counts.next().ok_or("no memory")?.parse()?;
        let values: Vec<f64> = lines.map(str::parse).collect::<Result<_, _>>()?;
        let states =
            values.chunks(values.len() / days.len()).map(|row| row.iter().copied().map(Some).collect());
        let states: States = states.collect();
        Ok((seconds, steps, states, mib))
    }

    /// How many steps CVODE takes over the whole problem for one in its first `days`.
    fn stretch(&mut self, problem: &Problem, days: f64, relative: f64) -> Result<f64, Box<dyn Error>> {
        if days == DAYS {
            return Ok(1.0);
        }
        let program = self.folder.join(format!("cvode_{}", name(problem)));
        if !program.exists() {
            return Err("its beginning cannot be stretched to the whole problem without CVODE".into());
        }
        let whole = match self.cvode_steps.get(&(name(problem), relative.to_bits())) {
            Some(steps) => *steps,
            None => self.run_cvode(&program, &[DAYS], relative)?.1,
        };
        let beginning = self.run_cvode(&program, &Problem::days(days), relative)?.1;
        Ok(whole as f64 / beginning as f64)
    }

    fn python(
        &mut self,
        problem: &Problem,
        reference: &States,
        asked: &Asked,
        found: &mut Findings,
    ) -> Result<(), Box<dyn Error>> {
        let sites = problem.sites();
        let model = self.folder.join(format!("{}.xml", name(problem)));
        std::fs::write(
            &model,
            document(&problem.scenario, Options { observables: false, annotations: false })?,
        )?;
        let job = self.folder.join(format!("{}.{}.json", asked.program, name(problem)));
        let days = Problem::days(asked.days);
        let tolerances: Vec<[f64; 2]> = asked.tolerances.iter().map(|t| [*t, 1e-2 * t]).collect();
        let text = json!({
            "program": asked.program, "sbml": model, "folder": self.folder, "name": name(problem),
            "days": days, "tolerances": tolerances, "columns": problem.columns, "limit_s": self.limit_s,
        });
        std::fs::write(&job, text.to_string())?;
        // AMICI compiles with the SWIG of its environment: another version makes modules that it cannot load.
        let mut path = self.python.parent().map_or_else(Default::default, |bin| bin.as_os_str().to_owned());
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let output = Command::new(&self.python)
            .arg(self.folder.join("peer.py"))
            .arg(&job)
            .env("PATH", path)
            .env("OMP_NUM_THREADS", "1")
            .env("OPENBLAS_NUM_THREADS", "1")
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let mut answers =
            said.lines().filter_map(|line| line.strip_prefix("answer ")).map(serde_json::from_str);
        let limit_s = self.limit_s;
        let complaint = || {
            let errors = String::from_utf8_lossy(&output.stderr);
            let last = errors.lines().next_back().unwrap_or("no message").to_owned();
            match output.status.signal() {
                Some(libc::SIGXCPU | libc::SIGKILL) => format!("not done within {limit_s} s of CPU time"),
                Some(_) => format!("stopped from outside ({})", output.status),
                None => format!("{} ({last})", output.status),
            }
        };
        let head: Value = answers.next().ok_or_else(complaint)??;
        let program = head["version"].as_str().ok_or("no version")?.to_owned();
        found.loading.push(Loading {
            program: program.clone(),
            sites,
            import_s: head["import_s"].as_f64(),
            load_s: head["load_s"].as_f64().ok_or("no time of loading")?,
        });
        // A beginning is compared with the reference of that beginning.
        let beginning;
        let reference = if asked.days == DAYS {
            reference
        } else {
            beginning = super::native::beginning(problem, &days)?;
            &beginning
        };
        let mut answered = 0;
        let answers: Vec<Value> = answers.collect::<Result<_, _>>()?;
        for (answer, relative) in answers.iter().zip(asked.tolerances) {
            let states: States = serde_json::from_value(answer["states"].clone())?;
            found.runs.push(Run {
                program: program.clone(),
                life: problem.life,
                sites,
                days: asked.days,
                tolerance: *relative,
                seconds: answer["cpu_s"].as_f64().ok_or("no time")?,
                stretch: self.stretch(problem, asked.days, *relative)?,
                error: problem.error(&states, reference),
                steps: answer["steps"].as_u64(),
                peak_mib: answer["peak_mib"].as_f64(),
            });
            answered += 1;
        }
        if answered < asked.tolerances.len() {
            return Err(complaint().into());
        }
        Ok(())
    }
}
