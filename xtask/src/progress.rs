//! How a task tells what it is doing: one line a step, with the seconds since the task began.
//!
//! It goes to standard error, so that standard output holds results alone.

use std::{sync::OnceLock, time::Instant};

use crate::failure::Failure;

static BEGAN: OnceLock<Instant> = OnceLock::new();

/// Says one thing.
pub(crate) fn say(text: &str) {
    let seconds = BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64();
    eprintln!("[{seconds:7.1} s] {text}");
}

/// Does one step that may take a while, and says when it began and how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    say(what);
    let began = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "done" } else { "FAILED" };
    say(&format!("{what}: {outcome} in {:.1} s", began.elapsed().as_secs_f64()));
    result
}
