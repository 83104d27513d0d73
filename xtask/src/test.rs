//! `cargo xtask test`: all tests of all layers, and one line at the end.

use std::fs;

use crate::{
    build::{self, Profile},
    failure::Failure,
    page, places, processes,
    progress::step,
    setup,
    sources::{self, Kind},
    tally::{self, Tally},
    tools::cargo,
};

/// Which tests to run.
pub(crate) struct Choice {
    /// Leave out the virtual desktop.
    pub(crate) fast: bool,
    /// Part of the names of the tests to run.
    pub(crate) filter: Option<String>,
}

/// Runs the tests. A failed test is no failure of the task: it is counted.
pub(crate) fn test(choice: &Choice) -> Result<Tally, Failure> {
    if choice.fast {
        setup::for_fast_tests()?;
    } else {
        setup::for_tests()?;
    }
    let mut tally = Tally::default();
    tally += page::test(choice.filter.as_deref()).unwrap_or_else(|e| broken(&e));
    tally += rust(choice).unwrap_or_else(|e| broken(&e));
    Ok(tally)
}

fn broken(failure: &Failure) -> Tally {
    eprintln!("xtask: {failure}");
    Tally::BROKEN
}

fn rust(choice: &Choice) -> Result<Tally, Failure> {
    // The desktop's tests start the app itself, which a test runner would not build.
    build::build(Profile::Debug)?;
    let mut tally = nextest(choice)?;
    if choice.filter.is_none() {
        tally += doc_tests()?;
    }
    Ok(tally)
}

fn nextest(choice: &Choice) -> Result<Tally, Failure> {
    // nextest's own store: beside the workspace, wherever cargo builds.
    let report = places::root().join("target/nextest/default/junit.xml");
    places::remove_file(&report)?;
    let mut nextest = cargo();
    // All targets and packages, as in the build; the desktop is left out of the run, not of the build.
    nextest.args(["nextest", "run", "--workspace", "--all-targets", "--no-fail-fast"]);
    if choice.fast {
        nextest.args(["-E", "not package(quoth-desktop)"]);
    }
    if let Some(filter) = &choice.filter {
        nextest.arg("--no-tests=pass").arg(filter);
    }
    let passed = step("Rust tests: cargo nextest", || processes::succeeds(&mut nextest))?;
    match fs::read_to_string(&report) {
        Ok(text) => Ok(tally::junit(&text)?.failed_if(!passed)),
        Err(_) => Err(Failure::new("nextest ended without a report").advise("its message stands above")),
    }
}

/// Examples in doc comments. rustdoc takes seconds a crate, so that it runs only if there are any.
fn doc_tests() -> Result<Tally, Failure> {
    let mut found = false;
    for file in sources::list(&[Kind::Rust])? {
        found = found || has_doc_example(&places::read(&file)?);
    }
    if !found {
        return Ok(Tally::default());
    }
    let log = places::target().join("tests/doc.txt");
    places::write(&log, "")?;
    let passed = step("examples in doc comments", || {
        let output = fs::File::create(&log).map_err(|e| Failure::file("write", &log, &e))?;
        processes::succeeds(cargo().args(["test", "--workspace", "--doc", "--quiet"]).stdout(output))
    })?;
    let text = places::read(&log)?;
    if !passed {
        print!("{text}");
    }
    Ok(tally::libtest(&text).unwrap_or_default().failed_if(!passed))
}

fn has_doc_example(source: &str) -> bool {
    let fences = source.lines().filter_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?.trim_start().strip_prefix("```")
    });
    // The first of each pair opens; what it says about its language decides.
    fences.step_by(2).any(|language| {
        matches!(language.trim(), "" | "rust" | "no_run" | "should_panic" | "compile_fail")
            || language.trim().starts_with("rust,")
    })
}

/// The line a test task ends with, and what to look at if it was not all well.
pub(crate) fn close(tally: Tally) -> bool {
    if tally.failed > 0 {
        eprintln!(
            "xtask: tests failed\n  what to do: the same task with a NAME runs those with it in theirs; tests of the \
             desktop leave screenshots and logs in {}",
            places::shown(&places::target().join("e2e"))
        );
    }
    println!("{tally}");
    tally.failed == 0
}

#[cfg(test)]
mod tests {
    use super::has_doc_example;

    #[test]
    fn only_rust_examples_count() {
        assert!(has_doc_example("/// ```\n/// let a = 1;\n/// ```\n"));
        assert!(has_doc_example("    //! ```no_run\n    //! ```\n"));
        assert!(!has_doc_example("/// ```text\n/// a\n/// ```\n"));
        assert!(!has_doc_example("// ```\n"));
        assert!(!has_doc_example("let a = \"/// ```\";"));
    }
}
