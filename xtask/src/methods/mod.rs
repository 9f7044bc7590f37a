//! `cargo xtask methods`: which integrator, which tolerance, and what sleeping costs.

mod integrators;
mod precision;
mod problems;
mod sleeping;

use std::error::Error;

use crate::{clock, document, work_precision};

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Patients of each population in the comparison of sleeping.
    #[arg(long, default_value_t = 3)]
    pub patients: u32,
    /// Years in the comparison of sleeping.
    #[arg(long, default_value_t = 3.0)]
    pub years: f64,
}

/// Runs the chore.
///
/// # Errors
/// If an integration fails or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let machine = clock::machine();
    let panels = precision::measure()?;
    let sleeping = sleeping::measure(arguments)?;
    let text = format!(
        "# Choice of the integrator\n\n{}\n\nCommand: `cargo xtask methods`. Machine: {machine}. Times are CPU times \
         of one thread.\n\n{}\n{}",
        document::NOTICE,
        precision::describe(&panels),
        sleeping
    );
    document::write("methods.md", &text)?;
    document::write(
        "methods.svg",
        &work_precision::draw("Error against CPU time of the integrators", &precision::figure(&panels)),
    )
}
