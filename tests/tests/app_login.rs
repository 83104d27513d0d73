//! Start at login, set in the real page and kept by the system.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use std::fs;

use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Part, wait_until};

#[test]
fn start_at_login_is_written_where_the_system_looks_and_taken_away_again() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let entry = quoth.home().join(".config/autostart/Quoth.desktop");
    let page = quoth.page(&["open", "settings"]).unwrap();
    let switch = || page.wait_for("[role=switch]").unwrap();
    assert!(!entry.exists());

    switch().click().unwrap();
    wait_until("the entry", PATIENCE, || entry.exists().then_some(())).unwrap();
    let written = fs::read_to_string(&entry).unwrap();
    let exec = written.lines().find(|line| line.starts_with("Exec=")).unwrap();
    assert!(exec.contains(quoth.binary().to_str().unwrap()) && exec.ends_with("--background"), "{exec}");
    assert!(quoth.settings().unwrap().contains("start_at_login = true"));

    switch().click().unwrap();
    wait_until("the entry to go", PATIENCE, || (!entry.exists()).then_some(())).unwrap();
    assert!(quoth.settings().unwrap().contains("start_at_login = false"));
}
