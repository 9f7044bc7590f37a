//! Where other programs are put to work: what is there, what is asked, what is noted.

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

use super::compiled::Driver;
use super::native;
use super::problem::{DAYS, Problem, States};
use super::python::Python;
use super::way::{CVODE_BDF, Program, Wanted};
use super::{Arguments, Findings, Loading, Run};
use crate::clock;

/// Name of files.
fn name(problem: &Problem) -> String {
    format!("{}_{}", problem.life.name().replace(' ', "_"), problem.sites())
}

/// Folder, programs and what is missing.
pub struct Workshop {
    folder: PathBuf,
    python: Python,
    /// Steps of CVODE, by problem, days and bits of the tolerance.
    cvode_steps: HashMap<(String, u64, u64), u64>,
}

impl Workshop {
    /// Looks for the programs.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn prepare(arguments: &Arguments) -> Result<Workshop, Box<dyn Error>> {
        std::fs::create_dir_all(&arguments.folder)?;
        let folder = std::fs::canonicalize(&arguments.folder)?;
        let python = Python::prepare(&folder, arguments.python.as_deref(), arguments.limit_s)?;
        for (_, why) in &python.missing {
            eprintln!("peers: {why}");
        }
        Ok(Workshop { folder, python, cvode_steps: HashMap::new() })
    }

    /// What is missing, with the command that installs it.
    pub fn missing(&self) -> impl Iterator<Item = String> {
        self.python.missing.iter().map(|(_, why)| why.clone())
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
    pub fn ask(
        &mut self,
        problem: &Problem,
        reference: &States,
        (program, wanted): &(Program, Vec<Wanted>),
        found: &mut Findings,
    ) {
        if self.python.missing.iter().any(|(missing, _)| missing == program) {
            return;
        }
        let (sites, life) = (problem.sites(), problem.life.name());
        eprintln!("peers: {sites} sites {life}, {}", program.name());
        let outcome = match program {
            Program::Cvode | Program::Diffsol => self.compiled(problem, reference, *program, wanted, found),
            _ => self.interpreted(problem, reference, *program, wanted, found),
        };
        if let Err(error) = outcome {
            eprintln!("peers: {sites} sites, {}: {error}", program.name());
            found.skipped.push(format!("{}, {sites} sites {life}: {error}", program.name()));
        }
    }

    fn compiled(
        &mut self,
        problem: &Problem,
        reference: &States,
        program: Program,
        wanted: &[Wanted],
        found: &mut Findings,
    ) -> Result<(), Box<dyn Error>> {
        let driver = Driver::new(program, problem, &self.folder, &name(problem))?;
        for (at, run) in wanted.iter().enumerate() {
            let answer = driver.answer(run)?;
            let program = format!("{} {}", program.name(), answer.version);
            if run.way == CVODE_BDF {
                self.cvode_steps
                    .insert((name(problem), run.days.to_bits(), run.tolerance.to_bits()), answer.steps);
            }
            if at == 0 {
                found.loading.push(Loading {
                    program: program.clone(),
                    sites: problem.sites(),
                    import_s: Some(driver.import_s),
                    load_s: answer.load_s,
                });
            }
            found.runs.push(Run {
                program,
                method: run.way.label,
                life: problem.life,
                sites: problem.sites(),
                days: run.days,
                tolerance: run.tolerance,
                seconds: answer.seconds,
                stretch: 1.0,
                error: problem.error(&answer.states, reference),
                steps: Some(answer.steps),
                peak_mib: Some(answer.peak_mib),
            });
        }
        Ok(())
    }

    fn interpreted(
        &mut self,
        problem: &Problem,
        reference: &States,
        program: Program,
        wanted: &[Wanted],
        found: &mut Findings,
    ) -> Result<(), Box<dyn Error>> {
        let answers = self.python.ask(program, problem, &name(problem), wanted)?;
        let head = answers.head;
        let program = format!("{} {}", program.name(), head.version);
        found.loading.push(Loading {
            program: program.clone(),
            sites: problem.sites(),
            import_s: head.import_s,
            load_s: head.load_s,
        });
        for (answer, run) in answers.runs.into_iter().zip(wanted) {
            // A beginning is compared with the reference of that beginning.
            let beginning;
            let reference = if run.days == DAYS {
                reference
            } else {
                beginning = native::beginning(problem, &Problem::days(run.days))?;
                &beginning
            };
            found.runs.push(Run {
                program: program.clone(),
                method: run.way.label,
                life: problem.life,
                sites: problem.sites(),
                days: run.days,
                tolerance: run.tolerance,
                seconds: answer.seconds,
                stretch: self.stretch(problem, run.days, run.tolerance)?,
                error: problem.error(&answer.states, reference),
                steps: answer.steps,
                peak_mib: answer.peak_mib,
            });
        }
        answers.complaint.map_or(Ok(()), |why| Err(why.into()))
    }

    /// How many steps CVODE takes by its implicit method over the whole problem for one in its first `days`.
    fn stretch(&mut self, problem: &Problem, days: f64, relative: f64) -> Result<f64, Box<dyn Error>> {
        if days == DAYS {
            return Ok(1.0);
        }
        let mut steps = |days: f64| -> Result<f64, Box<dyn Error>> {
            let key = (name(problem), days.to_bits(), relative.to_bits());
            if let Some(steps) = self.cvode_steps.get(&key) {
                return Ok(*steps as f64);
            }
            let driver =
                Driver::new(Program::Cvode, problem, &self.folder, &name(problem)).map_err(|why| {
                    format!("its beginning cannot be stretched to the whole problem without CVODE: {why}")
                })?;
            let steps = driver.run(CVODE_BDF, &Problem::days(days), relative)?.steps;
            self.cvode_steps.insert(key, steps);
            Ok(steps as f64)
        };
        Ok(steps(DAYS)? / steps(days)?)
    }
}
