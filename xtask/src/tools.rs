//! Test tools that cargo runs: the one on PATH, else one built into the target folder.

use std::{env, path::PathBuf, process::Command};

use crate::{
    failure::Failure,
    places, processes,
    progress::{say, step},
};

const NEXTEST: &str = "0.9.143";

/// Makes sure `cargo nextest` is there.
pub(crate) fn provide_nextest() -> Result<(), Failure> {
    if processes::answer(cargo().args(["nextest", "--version"])).is_some() {
        return Ok(());
    }
    say("cargo-nextest is not on PATH: it is built once into the target folder, which takes minutes");
    step(&format!("cargo install cargo-nextest {NEXTEST}"), || {
        let mut install = cargo();
        install.args(["install", "--quiet", "--locked", "--version", NEXTEST, "--root"]).arg(folder());
        // Its own build folder, or the workspace's would be thrown away with each of its settings.
        install.arg("--target-dir").arg(places::target().join("tools/build")).arg("cargo-nextest");
        processes::run(&mut install).map_err(|e| {
            e.advise("install it yourself (https://nexte.st/docs/installation) and run the task again")
        })?;
        places::remove_folder(&places::target().join("tools/build"))
    })
}

/// cargo, in the root of the checkout, finding the tools of the target folder after those on PATH.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(places::root());
    let mut path: Vec<PathBuf> = env::var_os("PATH").iter().flat_map(env::split_paths).collect();
    path.push(folder().join("bin"));
    if let Ok(path) = env::join_paths(path) {
        cargo.env("PATH", path);
    }
    // Set by `cargo run` for xtask itself; a build script further down would take them for its own.
    for variable in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
        cargo.env_remove(variable);
    }
    cargo
}

fn folder() -> PathBuf {
    places::target().join("tools")
}
