//! `osteoflare run`

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use osteoflare_study::file::StudyFile;
use osteoflare_study::living::live;
use osteoflare_study::results::Results;
use osteoflare_study::run::{self, Existing, Outcome, RESEARCH_USE, RunOptions};
use osteoflare_study::summary::Summary;
use serde::Serialize;

use crate::arguments::{Format, RunArguments};
use crate::failure::Failure;
use crate::progress::{Reporter, duration};
use crate::terminal::{print, print_json, say};

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Runs a study.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let file = StudyFile::read(&arguments.study)?;
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from("results").join(&file.study.name));
    let options = RunOptions {
        existing: match (arguments.resume, arguments.force) {
            (true, _) => Existing::Resume,
            (_, true) => Existing::Replace,
            _ => Existing::Refuse,
        },
        threads: arguments.threads.and_then(|threads| NonZeroUsize::new(threads.into())),
        patients: arguments.patients,
        seed: arguments.seed,
        stop: Some(&STOP),
        ..RunOptions::new(&out)
    };
    stop_on_signals();
    let started = Instant::now();
    let study = run::effective_study(&file, &options);
    let mut reporter = None;
    let result = run::run(&file, &options, live, &mut |progress| {
        reporter.get_or_insert_with(|| Reporter::new(&study, &out)).take(progress);
    });
    if let Some(reporter) = &reporter {
        reporter.finish();
    }
    let outcome = result?;
    if !outcome.finished {
        return Err(Failure::Failed(format!(
            "stopped with {} patients written; go on with\n  {}",
            outcome.patients,
            resume_command(arguments, &out)
        )));
    }
    if reporter.is_none() {
        say(&format!("{} is already finished", out.display()));
    }
    tell(arguments.format, &outcome, &out, started)?;
    if outcome.too_many_failures() {
        return Err(Failure::Failed(format!(
            "{} of {} patients could not be computed, more than 1 %; see {}",
            outcome.failed,
            outcome.patients,
            out.join("failures").display()
        )));
    }
    Ok(())
}

/// The outcome for programs.
#[derive(Serialize)]
struct Told<'a> {
    results: &'a Path,
    finished: bool,
    patients: u64,
    failed: u64,
    summary: Summary,
}

fn tell(format: Format, outcome: &Outcome, out: &Path, started: Instant) -> Result<(), Failure> {
    let Outcome { patients, failed, .. } = outcome;
    match format {
        Format::Json => {
            let summary = Results::open(out)?.summary()?;
            print_json(&Told {
                results: out,
                finished: outcome.finished,
                patients: *patients,
                failed: *failed,
                summary,
            })
        }
        Format::Text => {
            say(&format!("done in {}", duration(started.elapsed().as_secs_f64())));
            let failures = if *failed > 0 {
                format!(", {failed} of them failed (table failures)")
            } else {
                String::new()
            };
            print(&format!(
                "{}: {patients} patients{failures}\n\
                 \n\
                 osteoflare show {0}       tables in the terminal\n\
                 osteoflare report {0}     a page to hand on\n\
                 osteoflare validate {0}   beside published numbers\n\
                 \n\
                 {RESEARCH_USE}",
                out.display()
            ))
        }
    }
}

fn resume_command(arguments: &RunArguments, out: &Path) -> String {
    let mut command =
        format!("osteoflare run {} --out {} --resume", arguments.study.display(), out.display());
    if let Some(patients) = arguments.patients {
        command.push_str(&format!(" --patients {patients}"));
    }
    if let Some(seed) = arguments.seed {
        command.push_str(&format!(" --seed {seed}"));
    }
    command
}

/// The first Ctrl-C (or termination) stops at the next patient, the second at once. Both leave a folder that can be
/// resumed.
fn stop_on_signals() {
    let handler = || {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(1);
        }
        say("stopping; patients at work are let go (press again to leave at once)");
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        say(&format!("warning: Ctrl-C will not be answered: {error}"));
    }
}
