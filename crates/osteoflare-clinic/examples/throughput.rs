//! How many records a second one core scores: every instrument on the published cases, again and again.
//!
//! ```sh
//! cargo run --release -p osteoflare-clinic --example throughput
//! ```

use std::{path::PathBuf, sync::OnceLock, time::Instant};

use osteoflare_clinic::{
    differential::{Prior, differential},
    instruments::score_view,
    record::Record,
    view::View,
};

/// Seconds that this thread has run: on a busy machine the clock on the wall counts the others too. Where the system does
/// not tell, the wall clock.
fn seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds: Option<f64> = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |ns| ns * 1e-9)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "json"));
    files.sort();
    let mut records: Vec<Record> = Vec::new();
    for file in &files {
        records.push(serde_json::from_str(&std::fs::read_to_string(file)?)?);
    }
    let prior = Prior::default();
    for with_differential in [false, true] {
        let start = seconds();
        let mut scored = 0_u32;
        let mut items = 0;
        while seconds() - start < 3.0 {
            for record in &records {
                let view = View::new(record, f64::INFINITY);
                items += score_view(&view, None).iter().map(|result| result.items.len()).sum::<usize>();
                if with_differential {
                    items += differential(&view, &prior).candidates.len();
                }
                scored += 1;
            }
        }
        let rate = f64::from(scored) / (seconds() - start);
        let what = if with_differential { "instruments and differential" } else { "instruments" };
        println!("{what}: {rate:.0} records a second of one core ({items} results)");
    }
    Ok(())
}
