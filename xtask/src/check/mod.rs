//! `cargo xtask check`: everything that can be said about the sources without running the app.
//!
//! Every step runs, whatever the ones before it said; the end names each with its outcome.

mod imports;
mod lengths;
mod licences;
mod markers;
mod metadata;
mod system_code;

use std::time::Instant;

use crate::{
    failure::Failure,
    other_systems, page, processes,
    progress::say,
    setup,
    tally::Tally,
    tools::{self, cargo},
};

/// What a step found when it did not fail.
pub(crate) enum Verdict {
    Passed,
    /// It could not be looked at here, for this reason.
    Skipped(String),
}

struct Step {
    name: &'static str,
    check: fn() -> Result<Verdict, Failure>,
}

const STEPS: &[Step] = &[
    // First: every later cargo call would mend the lock file in passing.
    Step { name: "lock-file", check: lock_file },
    Step { name: "rustfmt", check: rustfmt },
    Step { name: "imports", check: || passed(imports::check()) },
    Step { name: "system-code", check: || passed(system_code::check()) },
    Step { name: "lengths", check: || passed(lengths::check()) },
    Step { name: "markers", check: || passed(markers::check()) },
    Step { name: "licences", check: || passed(licences::check()) },
    Step { name: "page", check: || passed(page::check()) },
    Step { name: "clippy", check: clippy },
    Step { name: "bindings", check: || passed(bindings(Bindings::Compare)) },
];

const OTHER_SYSTEMS: &[Step] = &[
    Step { name: "types-windows", check: other_systems::check_windows },
    Step { name: "types-macos", check: other_systems::check_macos },
];

/// Runs the steps with these names, or all. Those for other systems take minutes and are run on demand.
pub(crate) fn check(all_systems: bool, names: &[String]) -> Result<Tally, Failure> {
    let mut steps: Vec<&Step> = STEPS.iter().collect();
    if all_systems || !names.is_empty() {
        steps.extend(OTHER_SYSTEMS);
    }
    if let Some(unknown) = names.iter().find(|name| steps.iter().all(|step| step.name != name.as_str())) {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!("there is no check named `{unknown}`"))
            .advise(format!("name some of: {}", known.join(", "))));
    }
    if !names.is_empty() {
        steps.retain(|step| names.iter().any(|name| name == step.name));
    }
    setup::for_fast_tests()?;
    page::build()?;
    let outcomes: Vec<_> = steps.into_iter().map(Outcome::of).collect();
    println!();
    outcomes.iter().for_each(Outcome::print);
    Ok(outcomes.iter().fold(Tally::default(), |mut tally, outcome| {
        tally += outcome.tally();
        tally
    }))
}

struct Outcome {
    name: &'static str,
    result: Result<Verdict, Failure>,
    seconds: f64,
}

impl Outcome {
    fn of(step: &Step) -> Self {
        say(&format!("check {}", step.name));
        let began = Instant::now();
        let result = (step.check)();
        if let Err(failure) = &result {
            eprintln!("{failure}");
        }
        Self { name: step.name, result, seconds: began.elapsed().as_secs_f64() }
    }

    fn print(&self) {
        let (word, remark) = match &self.result {
            Ok(Verdict::Passed) => ("passed", ""),
            Ok(Verdict::Skipped(why)) => ("skipped", why.as_str()),
            Err(_) => ("FAILED", "see above"),
        };
        println!("{word:<8} {:<14} {:>6.1} s  {remark}", self.name, self.seconds);
    }

    fn tally(&self) -> Tally {
        match self.result {
            Ok(Verdict::Passed) => Tally { passed: 1, ..Tally::default() },
            Ok(Verdict::Skipped(_)) => Tally { skipped: 1, ..Tally::default() },
            Err(_) => Tally::BROKEN,
        }
    }
}

fn passed(result: Result<(), Failure>) -> Result<Verdict, Failure> {
    result.map(|()| Verdict::Passed)
}

fn lock_file() -> Result<Verdict, Failure> {
    passed(
        processes::output(cargo().args(["metadata", "--locked", "--format-version", "1"])).map(drop).map_err(
            |e| {
                e.advise(
                    "Cargo.lock does not fit the manifests: `cargo metadata` brings it in step, commit it",
                )
            },
        ),
    )
}

fn rustfmt() -> Result<Verdict, Failure> {
    passed(
        processes::run(cargo().args(["fmt", "--all", "--check"]))
            .map_err(|e| e.advise("run `cargo fmt --all`")),
    )
}

fn clippy() -> Result<Verdict, Failure> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]);
    passed(processes::run(&mut clippy).map_err(|e| e.advise("mend what clippy names above")))
}

/// What to do with the TypeScript generated from the commands and events.
#[derive(Clone, Copy)]
pub(crate) enum Bindings {
    Compare,
    Write,
}

/// Compares the bindings on disk with those the Rust types make, or writes them.
pub(crate) fn bindings(what: Bindings) -> Result<(), Failure> {
    tools::provide_nextest()?;
    let mut test = cargo();
    // nextest fails when no test has the name; cargo test would call that a success.
    test.args(["nextest", "run", "--workspace", "--all-targets", "--no-fail-fast"]);
    test.args(["-E", "package(=quoth) & test(bindings_are_current)"]);
    match what {
        Bindings::Compare => processes::run(&mut test).map_err(|e| {
            e.advise("if the bindings are old: `cargo xtask bindings` writes them, commit them")
        }),
        Bindings::Write => processes::run(test.env("QUOTH_WRITE_BINDINGS", "1"))
            .map_err(|e| e.advise("mend what the compiler or the test says above")),
    }
}

/// Fails with the list of findings, if there are any.
fn none_of(findings: &[String], advice: &str) -> Result<(), Failure> {
    if findings.is_empty() { Ok(()) } else { Err(Failure::new(findings.join("\n")).advise(advice)) }
}
