//! `cargo xtask bench`: how fast, how far from what the machine can do, how much memory.

mod counting;
mod kernel;
pub mod memory;
mod scoring;
mod throughput;

use std::error::Error;

use crate::{clock, document};

/// Arguments of the chore.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Largest number of patients in the measurement of memory; 0 leaves it out.
    #[arg(long, default_value_t = 1000)]
    pub most_patients: u32,
}

/// Runs the chore.
///
/// # Errors
/// If an integration fails or the page cannot be written.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let machine = clock::machine();
    let mut text = format!(
        "# Benchmark\n\n{}\n\nCommand: `cargo xtask bench`. Machine: {machine}. Times are CPU times unless a column says \
         otherwise.\n\n",
        document::NOTICE
    );
    text += &kernel::measure();
    text += &throughput::measure()?;
    text += &scoring::measure()?;
    // What is measured is kept even if building the command line takes too long.
    document::write("benchmark.md", &text)?;
    text += &memory::measure(arguments.most_patients)?;
    document::write("benchmark.md", &text)
}
