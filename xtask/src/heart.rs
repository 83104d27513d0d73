//! `cargo xtask soak core` and `cargo xtask bench core`: the session crate alone, in a release build.
//!
//! Only that crate is built, in moments: it needs neither the page nor the system's libraries.

use crate::{failure::Failure, processes, progress::step, tools::cargo, usage};

const SESSION: [&str; 5] = ["--release", "--package", "quoth-session", "--features", "sim"];

/// Plays random lives of the app and checks what must hold in each. A broken rule is a failure, with its seed and the steps
/// that matter above it.
pub(crate) fn soak(sequences: &str) -> Result<(), Failure> {
    if sequences.parse::<u64>().is_err() {
        return Err(usage(&format!("`{sequences}` is no number of sequences")));
    }
    let mut soak = cargo();
    soak.arg("run").args(SESSION).args(["--example", "soak", "--", sequences]);
    step(&format!("soak core, {sequences} sequences"), || processes::run(&mut soak)).map_err(|e| {
        e.advise("QUOTH_SEED=<seed> cargo test -p quoth-session --features sim properties plays a seed again")
    })
}

/// Measures what a dictation costs, and that finished ones cost no memory.
pub(crate) fn bench() -> Result<(), Failure> {
    let mut bench = cargo();
    // `cargo bench` builds for release by itself, and knows no --release.
    bench.arg("bench").args(&SESSION[1..]).args(["--bench", "core"]);
    step("bench core", || processes::run(&mut bench))
}
