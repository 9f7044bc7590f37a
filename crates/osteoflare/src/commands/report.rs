//! `osteoflare report`

use crate::arguments::ReportArguments;
use crate::failure::Failure;
use crate::terminal::print;

/// Writes the report.
pub fn report(arguments: &ReportArguments) -> Result<(), Failure> {
    let output = arguments.output.clone().unwrap_or_else(|| arguments.results.join("report.html"));
    osteoflare_study::results::Results::open(&arguments.results)?;
    osteoflare_report::write_report(&arguments.results, &output)
        .map_err(|error| Failure::Failed(error.to_string()))?;
    print(&output.display().to_string())
}
