//! One page that shows a finished study: a single HTML file that needs no network and no other file.
//!
//! ```text
//! results folder ─ data ─► Report ─ page (with chart, text, assets) ─► HTML
//! ```
//!
//! * `data` reads the tables and counts: per group, per family of twins, and the courses of a few chosen children.
//! * `chart` draws small SVG figures.
//! * `page` writes the sections. Style and scripts lie in `assets/` and are embedded.
//!
//! The bytes depend on the results folder alone. Research use only; not a medical device.

mod chart;
mod data;
mod error;
mod page;
mod patient_page;
mod text;

use std::path::Path;

use osteoflare_study::results::Results;
use osteoflare_study::whole_file;

pub use error::ReportError;
pub use patient_page::patient_html;

/// Writes the report on the results in a folder to the file `out`, complete or not at all.
///
/// # Errors
/// If `results_dir` holds no finished results, a table cannot be read, or `out` cannot be written.
pub fn write_report(results_dir: &Path, out: &Path) -> Result<(), ReportError> {
    write_whole(&report_html(results_dir)?, out)
}

/// Writes the printable page of one patient to the file `out`, complete or not at all.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_patient_page(record: &osteoflare_clinic::record::Record, out: &Path) -> Result<(), ReportError> {
    write_whole(&patient_html(record), out)
}

fn write_whole(html: &str, out: &Path) -> Result<(), ReportError> {
    let written = whole_file::write(out, html.as_bytes());
    written.map_err(|source| ReportError::Write { path: out.to_owned(), source })
}

/// The report on the results in a folder, as the text of an HTML file.
///
/// # Errors
/// If `results_dir` holds no finished results, or a table cannot be read.
pub fn report_html(results_dir: &Path) -> Result<String, ReportError> {
    let results = Results::open(results_dir)?;
    let report = data::Report::gather(&results)?;
    page::render(&report)
}
