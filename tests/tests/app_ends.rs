//! Every way for Quoth to end, and that nothing is left of it.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use std::fs;
use std::os::unix::fs::FileTypeExt;

use quoth_desktop::{App, Desktop, DesktopPlan, Installation, PATIENCE, Part};

fn desktop() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap()
}

fn signal(app: &App<'_>, name: &str) {
    let mut kill = app.installation().command("kill");
    assert!(kill.args([name, &app.pid().to_string()]).status().unwrap().success());
}

fn assert_ended_in_order(quoth: &Installation<'_>, mut app: App<'_>) {
    assert!(app.wait_exit(PATIENCE).unwrap().success());
    quoth.wait_all_gone().unwrap();
    assert!(!quoth.socket().exists());
    assert!(quoth.log().lines().last().unwrap().ends_with("quoth::shell: ended"), "{}", quoth.log());
}

#[test]
fn quit_returns_when_no_process_and_no_socket_is_left() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let mut app = quoth.start(&[]).unwrap();
    app.wait_title("History – Quoth").unwrap();
    assert!(fs::metadata(quoth.socket()).unwrap().file_type().is_socket());
    let answer = quoth.cli(&["quit"]).unwrap();
    assert_eq!((answer.code, answer.stdout.as_str(), answer.stderr.as_str()), (Some(0), "", ""));
    assert!(!quoth.socket().exists(), "gone when the command returns");
    assert!(app.wait_exit(PATIENCE).unwrap().success());
    quoth.wait_all_gone().unwrap();
    assert_eq!(quoth.cli(&["status"]).unwrap().code, Some(3));
}

#[test]
fn quit_works_without_a_window_too() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    quoth.wait_logged("started").unwrap();
    assert_eq!(quoth.cli(&["quit"]).unwrap().code, Some(0));
    assert_ended_in_order(&quoth, app);
}

#[test]
fn the_signals_of_a_session_that_ends_end_it_in_order() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    for name in ["-TERM", "-INT", "-HUP"] {
        let app = quoth.start(&[]).unwrap();
        app.wait_title("History – Quoth").unwrap();
        signal(&app, name);
        assert_ended_in_order(&quoth, app);
    }
}

#[test]
fn the_next_start_takes_over_from_a_killed_one() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let mut killed = quoth.start(&[]).unwrap();
    killed.wait_title("History – Quoth").unwrap();
    killed.kill().unwrap();
    assert!(quoth.socket().exists(), "a killed Quoth leaves its socket");
    assert_eq!(quoth.cli(&["status"]).unwrap().code, Some(3), "which nobody answers");
    quoth.wait_page_processes_gone().unwrap();

    let app = quoth.start(&[]).unwrap();
    app.wait_title("History – Quoth").unwrap();
    assert_eq!(quoth.status().unwrap().unwrap()["pid"], app.pid());
}
