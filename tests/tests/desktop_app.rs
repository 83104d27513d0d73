//! A program installed on the desktop: its home, its command line, its processes. (The real app has tests of its own.)
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, wait_until};

/// Stands in for the app: `echo` answers what it was given, anything else runs on with two children, one of which
/// has lost its parent.
const PROGRAM: &str = "#!/bin/sh
if [ \"$1\" = echo ]; then echo \"$QUOTH_HOME $EXTRA\"; echo oops >&2; exit 3; fi
echo started
(setsid sleep 1000 &)
sleep 1000
";

fn installation(desktop: &Desktop) -> Installation<'_> {
    let file = desktop.folder().join("program");
    fs::write(&file, PROGRAM).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
    Installation::of_binary(desktop, file).unwrap()
}

#[test]
fn a_command_answers_with_code_and_both_outputs() {
    let desktop = Desktop::start(&DesktopPlan::bare()).unwrap();
    let installation = installation(&desktop).with_env("EXTRA", "more");
    let answer = installation.cli(&["echo"]).unwrap();
    assert_eq!(answer.code, Some(3));
    assert_eq!(answer.stdout, format!("{} more\n", installation.home().display()));
    assert_eq!(answer.stderr, "oops\n");
}

#[test]
fn all_processes_of_an_installation_are_found_and_of_no_other() {
    let desktop = Desktop::start(&DesktopPlan::bare()).unwrap();
    let (one, other) = (installation(&desktop), installation(&desktop));
    assert_ne!(one.home(), other.home());
    let mut app = one.start(&["run"]).unwrap();
    wait_until("three processes", PATIENCE, || (one.processes().len() == 3).then_some(())).unwrap();
    assert_eq!(app.stdout(), "started\n");
    assert_eq!(app.try_exit().unwrap(), None);
    let family = quoth_desktop::descendants(app.pid());
    assert_eq!(family.len(), 2, "the one that lost its parent is no descendant: {family:?}");
    assert_eq!(other.processes(), []);
    app.kill().unwrap();
    assert_eq!(one.processes().len(), 2, "its children live on");
    let folder = desktop.folder().to_owned();
    drop((app, other));
    let home = one.home().to_owned();
    drop(one);
    drop(desktop);
    assert_eq!(quoth_desktop::with_environment("QUOTH_HOME", home.to_str().unwrap()), []);
    assert!(!folder.exists());
}
