//! `cargo xtask run`: opens the app.

use std::{env, ffi::OsString, process::Command};

use crate::{
    build::{self, Profile},
    demo,
    failure::Failure,
    places, processes,
    progress::say,
    setup,
};

/// Builds the app and opens it; without a display it shows the demo instead.
pub(crate) fn run(profile: Profile, arguments: &[OsString]) -> Result<(), Failure> {
    if !has_display() {
        say("no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the demo is run instead");
        return demo::demo();
    }
    setup::for_build()?;
    build::build(profile)?;
    let folder = if profile == Profile::Release { "release" } else { "debug" };
    let app = places::target().join(folder).join(format!("quoth{}", env::consts::EXE_SUFFIX));
    say(&format!("open {}", places::shown(&app)));
    processes::become_program(Command::new(app).args(arguments))
}

fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|v| !v.is_empty()))
}
