//! The command line against the real app: what it prints and with which code it ends.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use quoth_app::control::Status;
use quoth_desktop::{Desktop, DesktopPlan, Installation, Part};

#[test]
fn commands_answer_with_their_exit_codes() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    for command in [&["status"][..], &["status", "--json"], &["quit"]] {
        let answer = quoth.cli(command).unwrap();
        assert_eq!((answer.code, answer.stdout.as_str()), (Some(3), ""), "{command:?}");
        assert_eq!(answer.stderr, "quoth: Quoth is not running.\n");
    }
    for wrong in [&["stauts"][..], &["open", "nowhere"], &["--jsno"], &["--background", "quit"]] {
        let answer = quoth.cli(wrong).unwrap();
        assert_eq!((answer.code, answer.stdout.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(answer.stderr.contains("Usage:") || answer.stderr.contains("--help"), "{}", answer.stderr);
    }
    let version = quoth.cli(&["--version"]).unwrap();
    assert_eq!((version.code, version.stdout), (Some(0), format!("quoth {}\n", env!("CARGO_PKG_VERSION"))));
    assert_eq!(quoth.cli(&["--help"]).unwrap().code, Some(0));
    assert_eq!(quoth.processes(), [], "none of these starts an app");
}

#[test]
fn status_tells_of_the_running_quoth_to_people_and_to_scripts() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    let said = quoth.status().unwrap().unwrap();
    let status: Status = serde_json::from_value(said.clone()).unwrap();
    assert_eq!(serde_json::to_value(&status).unwrap(), said, "nothing but the documented fields");
    assert_eq!((status.pid, status.version.as_str()), (app.pid(), env!("CARGO_PKG_VERSION")));
    assert!(!status.window_open);
    assert_eq!((status.settings_problems, status.notices), (0, 0));

    let words = quoth.cli(&["status"]).unwrap();
    assert_eq!(words.code, Some(0));
    assert!(words.stdout.contains(&format!("process {}", app.pid())), "{}", words.stdout);
    assert!(words.stdout.contains("closed, in the tray"), "{}", words.stdout);
    assert_eq!(quoth.cli(&["open"]).unwrap().code, Some(0));
    quoth.wait_window_open(true).unwrap();
}
