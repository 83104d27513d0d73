//! Nothing outlives its desktop, however it ends.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use quoth_desktop::{
    Desktop, DesktopError, DesktopPlan, Editor, EditorPlan, PATIENCE, Part, is_running, wait_until,
    with_environment,
};

/// A child that leaves the process group and its parent, as web processes and daemons may.
const RUNAWAY: &str = "setsid sleep 1000 & exec sleep 1000";

fn of_desktop(folder: &Path) -> Vec<quoth_desktop::ProcessInfo> {
    with_environment("QUOTH_DESKTOP", folder.to_str().unwrap())
}

fn wait_for_runaways(folder: &Path) {
    wait_until("two sleeping processes", PATIENCE, || {
        (of_desktop(folder).iter().filter(|process| process.name == "sleep").count() == 2).then_some(())
    })
    .unwrap();
}

/// What a desktop leaves behind: its parts by id, its folder.
fn assert_all_gone(parts: &[u32], folder: &Path) {
    assert!(!parts.is_empty());
    let left: Vec<&u32> = parts.iter().filter(|pid| is_running(**pid)).collect();
    assert!(left.is_empty(), "still running: {left:?}");
    assert_eq!(of_desktop(folder), []);
    assert!(!folder.exists(), "{} is still there", folder.display());
}

#[test]
fn a_dropped_desktop_leaves_nothing() {
    let desktop = Desktop::start(&DesktopPlan::full()).unwrap();
    let (parts, folder) = (desktop.part_pids(), desktop.folder().to_owned());
    let mut command = desktop.command("sh");
    let mut runaway = command.args(["-c", RUNAWAY]).spawn().unwrap();
    wait_for_runaways(&folder);
    assert!(parts.len() >= 7, "{parts:?}");
    drop(desktop);
    assert!(!runaway.wait().unwrap().success());
    assert_all_gone(&parts, &folder);
}

#[test]
fn a_panic_leaves_evidence_and_nothing_else() {
    let (tell, told) = std::sync::mpsc::channel();
    let failing = std::thread::spawn(move || {
        let desktop = Desktop::start(&DesktopPlan::full().named("a_panic_on_purpose")).unwrap();
        let editor = Editor::open(&desktop, &EditorPlan::titled("Last words")).unwrap();
        let mut parts = desktop.part_pids();
        parts.push(editor.pid());
        tell.send((parts, desktop.folder().to_owned(), desktop.evidence_folder().to_owned())).unwrap();
        panic!("a panic on purpose");
    });
    assert!(failing.join().is_err());
    let (parts, folder, evidence): (Vec<u32>, PathBuf, PathBuf) = told.recv().unwrap();
    assert_all_gone(&parts, &folder);
    assert!(evidence.ends_with("e2e/a_panic_on_purpose"), "{}", evidence.display());
    let png = std::fs::read(evidence.join("screenshot.png")).unwrap();
    assert!(png.len() > 1000, "{} bytes", png.len());
    for log in ["Xvfb", "dbus-daemon", "xfwm4", "tint2", "pulseaudio", "gnome-keyring-daemon"] {
        assert!(evidence.join(format!("logs/{log}.err.log")).is_file(), "{log} in {}", evidence.display());
    }
    std::fs::remove_dir_all(evidence).unwrap();
}

#[test]
fn a_killed_owner_leaves_nothing() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_with-desktop"));
    command.args(["sh", "-c", RUNAWAY]).stdin(Stdio::null()).stderr(Stdio::piped());
    let mut owner = command.spawn().unwrap();
    let mut lines = BufReader::new(owner.stderr.take().unwrap()).lines();
    let said = lines.next().unwrap().unwrap();
    let folder = PathBuf::from(said.split(' ').nth(2).unwrap());
    wait_for_runaways(&folder);
    let all: Vec<u32> = of_desktop(&folder).iter().map(|process| process.pid).collect();
    assert!(all.len() >= 9, "{all:?}");
    owner.kill().unwrap();
    owner.wait().unwrap();
    wait_until("the guardian to finish", PATIENCE, || (!folder.exists()).then_some(())).unwrap();
    assert_all_gone(&all, &folder);
}

#[test]
fn a_command_on_a_desktop_of_its_own_gives_its_exit_code() {
    let with_desktop = || Command::new(env!("CARGO_BIN_EXE_with-desktop"));
    assert_eq!(with_desktop().args(["sh", "-c", "exit 7"]).output().unwrap().status.code(), Some(7));
    assert_eq!(with_desktop().output().unwrap().status.code(), Some(2));
}

#[test]
fn a_part_that_does_not_come_up_is_named_with_its_log() {
    // The X server dies of it.
    let impossible = DesktopPlan::bare().with(Part::WindowManager).sized(0, 0).named("impossible_screen");
    let Err(error) = Desktop::start(&impossible) else { panic!("a desktop without a pixel started") };
    let DesktopError::Program { program, log_tail, kept, .. } = &error else { panic!("{error}") };
    assert_eq!(program, "Xvfb");
    assert!(log_tail.contains("(EE)"), "{error}");
    assert!(kept.join("logs/Xvfb.err.log").is_file(), "{error}");
    std::fs::remove_dir_all(kept).unwrap();
}

#[test]
fn two_failing_desktops_of_one_name_keep_their_evidence_apart() {
    let plan = DesktopPlan::bare().named("same::name");
    let (first, second) = (Desktop::start(&plan).unwrap(), Desktop::start(&plan).unwrap());
    assert_ne!(first.evidence_folder(), second.evidence_folder());
    assert!(first.evidence_folder().ends_with("same.name"), "{}", first.evidence_folder().display());
}
