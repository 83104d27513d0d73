//! `cargo xtask build`: the page, then the whole workspace.
//!
//! Always the whole workspace with all targets: cargo picks the features of shared crates by what is built together,
//! so that another choice of packages would compile the heavy ones again.

use crate::{failure::Failure, page, processes, progress::step, tools::cargo};

/// How the app is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

/// Builds the page and everything in the workspace.
pub(crate) fn build(profile: Profile) -> Result<(), Failure> {
    page::build()?;
    let mut command = cargo();
    command.arg("build").arg("--workspace");
    match profile {
        Profile::Debug => command.arg("--all-targets"),
        Profile::Release => command.arg("--release"),
    };
    step(&processes::described(&command), || processes::run(&mut command))
        .map_err(|e| e.advise("mend what the compiler says above; a missing library: `cargo xtask setup`"))
}
