//! Runs a study and writes its report:
//! `cargo run -p osteoflare-report --example study_report -- studies/quick.toml results/quick report.html [PATIENTS]`.
//!
//! A results folder that is finished already is not run again.

use std::error::Error;
use std::path::Path;

use osteoflare_report::write_report;
use osteoflare_study::file::StudyFile;
use osteoflare_study::living::live;
use osteoflare_study::run::{Existing, RunOptions, run};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [study, results, out, rest @ ..] = arguments.as_slice() else {
        return Err("usage: study_report STUDY.toml RESULTS REPORT.html [PATIENTS]".into());
    };
    let patients = rest.first().map(|count| count.parse()).transpose()?;
    let file = StudyFile::read(Path::new(study))?;
    let options = RunOptions { existing: Existing::Resume, patients, ..RunOptions::new(results) };
    run(&file, &options, live, &mut |_| {})?;
    write_report(Path::new(results), Path::new(out))?;
    Ok(())
}
