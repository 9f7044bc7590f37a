//! Chores of the workspace: one file a chore. `cargo xtask --help` lists them.

mod acceptance;
mod archives;
mod bench;
mod book;
mod clock;
mod crosscheck;
mod document;
mod flare;
mod fuzz;
mod methods;
mod peers;
mod regeneration;
mod work_precision;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the Osteoflare workspace.
#[derive(Parser)]
#[command(name = "xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run every acceptance experiment and print the table with bands, results and Monte Carlo errors.
    Acceptance(acceptance::Arguments),
    /// Compare the integrators: error against CPU time; writes book/src/generated/methods.md and methods.svg.
    Methods(methods::Arguments),
    /// Run the same exported model in other people's programs, side by side; writes book/src/generated/peers.md and .svg.
    Peers(peers::Arguments),
    /// Measure speed, scaling and memory; writes book/src/generated/benchmark.md.
    Bench(bench::Arguments),
    /// Run exported patients in other people's solvers and compare; writes book/src/generated/crosscheck.md.
    Crosscheck(crosscheck::Arguments),
    /// Read COMBINE archives of exported patients with the reference libraries; writes book/src/generated/archives.md.
    Archives(archives::Arguments),
    /// Change inputs of the corpus of records at random and try every importer.
    Fuzz(fuzz::Arguments),
    /// Write the pages of the book that are tables of the model: parameters, drugs, sites, study file, columns.
    Book(book::Arguments),
    /// Draw the number 𝓡ₛ over its causes and through two lives; writes book/src/generated/regeneration.md and .svg.
    Regeneration,
}

/// What was typed cannot be used; exit status 2.
#[derive(Debug)]
pub struct BadArgument(pub String);

impl std::fmt::Display for BadArgument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadArgument {}

fn main() -> ExitCode {
    let result = match Arguments::parse().chore {
        Chore::Acceptance(arguments) => acceptance::run(&arguments),
        Chore::Methods(arguments) => methods::run(&arguments),
        Chore::Peers(arguments) => peers::run(&arguments),
        Chore::Bench(arguments) => bench::run(&arguments),
        Chore::Crosscheck(arguments) => crosscheck::run(&arguments),
        Chore::Archives(arguments) => archives::run(&arguments),
        Chore::Fuzz(arguments) => fuzz::run(&arguments),
        Chore::Book(arguments) => book::run(&arguments),
        Chore::Regeneration => regeneration::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if error.is::<BadArgument>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}
