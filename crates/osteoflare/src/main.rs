//! The command line of Osteoflare: thin shells over the library, one file a command.

mod arguments;
mod commands;
mod equations;
mod failure;
mod progress;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use failure::Failure;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(arguments) => commands::run::run(&arguments),
        Command::Show(arguments) => commands::show::show(&arguments),
        Command::Report(arguments) => commands::report::report(&arguments),
        Command::Validate(arguments) => commands::validate::validate(&arguments),
        Command::Score(arguments) => commands::score::score(&arguments),
        Command::Record(arguments) => commands::record::record(&arguments.command),
        Command::Study(arguments) => commands::study::study(&arguments.command),
        Command::Model(arguments) => commands::model::model(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::ReaderLeft) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::complain(&failure);
            failure.exit_code()
        }
    }
}
