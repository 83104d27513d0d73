//! Windows and macOS, looked at from a Debian machine.
//!
//! rustup's compiler comes without the standard library's source here, and without other targets. Debian's package
//! `rustc-web` is a newer compiler with that source: unpacked into the target folder it builds `std` for any target.

mod rustc_web;
mod types;
mod wine;

pub(crate) use types::{check_macos, check_windows};
pub(crate) use wine::test_windows;

use std::{env, path::PathBuf, process::Command};

use crate::{places, tools::cargo};
use rustc_web::RustcWeb;

/// A system we build for without being on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Target {
    Windows,
    MacOs,
}

impl Target {
    fn triple(self) -> &'static str {
        match self {
            Self::Windows => "x86_64-pc-windows-gnu",
            Self::MacOs => "aarch64-apple-darwin",
        }
    }

    /// As build scripts spell it in the names of their variables.
    fn in_variables(self) -> String {
        self.triple().replace('-', "_")
    }
}

/// The folder of all builds for other systems: another compiler, so never that of our own.
fn folder() -> PathBuf {
    places::target().join("cross")
}

/// cargo with the unpacked compiler, building the standard library too.
fn cargo_for(target: Target, task: &str, compiler: &RustcWeb) -> Command {
    let mut command = cargo();
    let libraries: Vec<PathBuf> = compiler
        .libraries()
        .into_iter()
        .chain(env::var_os("LD_LIBRARY_PATH").iter().flat_map(env::split_paths))
        .collect();
    command
        .arg(task)
        .args(["-Zbuild-std=std,panic_abort,proc_macro,test", "--locked", "--target", target.triple()])
        .env("RUSTC", compiler.rustc())
        // -Zbuild-std is nightly's; the compiler is a stable one.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder());
    if let Ok(path) = env::join_paths(libraries) {
        command.env("LD_LIBRARY_PATH", path);
    }
    command
}
