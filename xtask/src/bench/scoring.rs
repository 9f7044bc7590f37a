//! Records scored per second: every instrument and the differential on the published cases.

use std::error::Error;
use std::path::{Path, PathBuf};

use osteoflare_clinic::differential::{Prior, differential};
use osteoflare_clinic::instruments::score_view;
use osteoflare_clinic::record::Record;
use osteoflare_clinic::view::View;

use crate::clock;

/// Seconds for which each measurement runs at least.
const SECONDS: f64 = 2.0;

/// The section of the page.
///
/// # Errors
/// If a case cannot be read.
pub fn measure() -> Result<String, Box<dyn Error>> {
    eprintln!("bench: records");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/osteoflare-clinic/tests/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut records: Vec<Record> = Vec::new();
    for file in &files {
        records.push(serde_json::from_str(&std::fs::read_to_string(file)?)?);
    }
    let prior = Prior::default();
    let rate = |with_differential: bool| {
        let seconds = clock::best(SECONDS, || {
            for record in &records {
                let view = View::new(record, f64::INFINITY);
                std::hint::black_box(score_view(&view, None));
                if with_differential {
                    std::hint::black_box(differential(&view, &prior));
                }
            }
        });
        records.len() as f64 / seconds
    };
    Ok(format!(
        "\n## Records\n\nThe {} published cases, each scored by every instrument, again and again on one core. Reading the files \
         is not counted.\n\n| what | records per core-second |\n|---|---|\n| every instrument | {:.0} |\n| every instrument and the \
         differential | {:.0} |\n",
        records.len(),
        rate(false),
        rate(true)
    ))
}
