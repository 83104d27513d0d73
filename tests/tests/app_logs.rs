//! The log of the real app.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use std::fs;
use std::os::unix::fs::PermissionsExt;

use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Part, wait_until};

#[test]
fn all_that_quoth_keeps_is_closed_to_others() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start(&[]).unwrap();
    app.wait_title("History – Quoth").unwrap();
    quoth.wait_logged("started").unwrap();
    let mode = |path: &str| fs::metadata(quoth.home().join(path)).unwrap().permissions().mode() & 0o777;
    for folder in ["config", "data", "logs", "run"] {
        assert_eq!(format!("{:o}", mode(folder)), "700", "{folder}");
    }
    for file in ["logs/quoth.log", "config/settings.toml", "run/control.sock"] {
        assert_eq!(format!("{:o}", mode(file)), "600", "{file}");
    }
}

#[test]
fn the_level_follows_the_settings_while_quoth_runs() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    quoth.wait_logged("started").unwrap();
    assert!(!quoth.log().contains("DEBUG"), "{}", quoth.log());
    quoth.write_settings("[log]\nlevel = \"debug\"\n").unwrap();
    wait_until("a line at debug", PATIENCE, || {
        // Opening a page is such a line.
        quoth.cli(&["open"]).ok()?;
        app.wait_title("History – Quoth").ok()?;
        app.close_window().ok()?;
        quoth.wait_window_open(false).ok()?;
        quoth.log().contains("DEBUG").then_some(())
    })
    .unwrap();
}
