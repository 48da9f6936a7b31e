//! `candor`: the command line over the register of one folder.
//!
//! All I/O is in this crate. `main` reads the command line and says how it ended; [`run`] does the rest.

mod app;
mod backup;
mod bag;
mod bench;
mod card;
mod checking;
mod cli;
mod clock;
#[cfg(test)]
mod clock_troubles;
mod decoding;
#[cfg(test)]
mod disk_troubles;
mod drill;
mod examining;
mod files;
mod filing;
mod filings;
mod history;
mod import;
mod leaves;
mod log_key;
mod packs;
mod page;
mod paper;
mod people;
#[cfg(test)]
mod power_cuts;
mod printed;
mod publish;
mod questions;
#[cfg(test)]
mod read_troubles;
mod reads;
mod receipt_key;
mod receipts;
mod record_file;
mod replaying;
mod request;
mod retention;
mod run;
mod screen;
mod store;
mod text;
mod vault;
mod verifying;
mod view;
mod watching;
mod writer;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let Some(verb) = cli.verb else {
        drop(screen::show(screen::FIRST_STEPS));
        return ExitCode::SUCCESS;
    };
    match run::run(verb) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("candor: {error:#}");
            ExitCode::from(1)
        }
    }
}
