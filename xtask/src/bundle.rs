//! `cargo xtask bundle`: the installers for the system we are on.

use std::process::Command;

use crate::{failure::Failure, page, places, processes, progress::step, setup};

/// Fetched by npm when it is needed: whoever makes no installer does without it.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

/// Builds the page and the app for release and packs them, by Tauri's own command line.
pub(crate) fn bundle() -> Result<(), Failure> {
    setup::for_build()?;
    page::build()?;
    let mut tauri = Command::new(if cfg!(windows) { "npx.cmd" } else { "npx" });
    tauri.args(["--yes", TAURI_CLI, "build"]).current_dir(places::root());
    step("tauri build", || processes::run(&mut tauri)).map_err(|e| e.advise("mend what Tauri says above"))
}
