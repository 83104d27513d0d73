//! `cargo xtask`: the one entry to everything that is done with this checkout.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to the person at the terminal")]

mod behaviours;
mod build;
mod bundle;
mod check;
mod demo;
mod failure;
mod heart;
mod other_systems;
mod packages;
mod page;
mod places;
mod processes;
mod progress;
mod run;
mod setup;
mod sources;
mod stamp;
mod tally;
mod task;
mod test;
mod tools;

use std::{env, process::ExitCode};

use failure::Failure;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    match processes::end_all_when_interrupted().and_then(|()| task::perform(&arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// What the person typed is not a task.
fn usage(what: &str) -> Failure {
    Failure::new(what).advise("`cargo xtask help` lists the tasks")
}
