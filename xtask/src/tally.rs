//! How many tests passed and failed, as the test runners' own machine-readable reports say.

use std::{fmt, ops::AddAssign};

use serde_json::Value;

use crate::failure::Failure;

/// Tests counted by outcome. Shown as the one line every test task ends with.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// One failure: a program that did not even compile or start.
    pub(crate) const BROKEN: Self = Self { passed: 0, failed: 1, skipped: 0 };

    /// A runner may fail without a failed test (an error between tests); that counts as one failure.
    pub(crate) fn failed_if(self, runner_failed: bool) -> Self {
        Self { failed: if runner_failed { self.failed.max(1) } else { self.failed }, ..self }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Reads vitest's JSON report.
pub(crate) fn vitest(report: &str) -> Result<Tally, Failure> {
    let report: Value = serde_json::from_str(report)
        .map_err(|e| Failure::new(format!("vitest's report is not JSON: {e}")))?;
    let number = |key: &str| {
        report[key].as_u64().ok_or_else(|| Failure::new(format!("vitest's report has no number `{key}`")))
    };
    Ok(Tally {
        passed: number("numPassedTests")?,
        failed: number("numFailedTests")?,
        skipped: number("numPendingTests")? + number("numTodoTests")?,
    })
}

/// Reads the root element of a JUnit report as nextest writes it.
pub(crate) fn junit(report: &str) -> Result<Tally, Failure> {
    let bad = || Failure::new("nextest's JUnit report has no <testsuites> with its counts");
    let root = report.split_once("<testsuites").and_then(|(_, rest)| rest.split_once('>')).ok_or_else(bad)?.0;
    let number = |name: &str| -> Result<u64, Failure> {
        let value = root.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.and_then(|(number, _)| number.parse().ok()).ok_or_else(bad)
    };
    let failed = number("failures")? + number("errors")?;
    let skipped = number("skipped")?;
    Ok(Tally { passed: number("tests")?.saturating_sub(failed + skipped), failed, skipped })
}

/// Adds up the lines `test result: ok. 3 passed; 0 failed; 1 ignored; ...` of Rust's own test programs.
/// `None` if there is no such line: the program died before its end.
pub(crate) fn libtest(output: &str) -> Option<Tally> {
    let mut tally = None;
    for line in output.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
        let count = |word: &str| -> Option<u64> {
            line.split(['.', ';']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
        };
        let found = Tally {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored").unwrap_or(0),
        };
        *tally.get_or_insert_default() += found;
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_if_there_are_any() {
        assert_eq!(tally(3, 0, 0).to_string(), "3 passed, 0 failed");
        assert_eq!(tally(3, 1, 2).to_string(), "3 passed, 1 failed, 2 skipped");
    }

    #[test]
    fn vitest_report() {
        let report = r#"{"numTotalTests":6,"numPassedTests":3,"numFailedTests":1,"numPendingTests":1,
            "numTodoTests":1,"success":false,"testResults":[]}"#;
        assert_eq!(vitest(report).unwrap(), tally(3, 1, 2));
        assert!(vitest("{}").is_err());
        assert!(vitest("").is_err());
    }

    #[test]
    fn nextest_report_counts_errors_as_failures_and_reads_the_root_alone() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="7" skipped="1" failures="1" errors="1" uuid="x" timestamp="now" time="0.1">
    <testsuite name="quoth-app" tests="99" disabled="0" errors="0" failures="42">"#;
        assert_eq!(junit(report).unwrap(), tally(4, 2, 1));
        assert!(junit("").is_err());
        assert!(junit("<testsuites name=\"x\">").is_err());
    }

    #[test]
    fn several_test_programs_are_added_up() {
        let output = "running 2 tests\r\n\r\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered \
            out; finished in 0.00s\r\n\ntest result: FAILED. 5 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(libtest(output), Some(tally(7, 1, 2)));
        assert_eq!(libtest("thread 'main' panicked"), None);
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_is_a_failure() {
        assert_eq!(tally(2, 0, 0).failed_if(true), tally(2, 1, 0));
        assert_eq!(tally(2, 3, 0).failed_if(true), tally(2, 3, 0));
        assert_eq!(tally(2, 0, 0).failed_if(false), tally(2, 0, 0));
    }
}
