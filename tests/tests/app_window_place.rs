//! Size and place of the window are remembered.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use quoth_desktop::{App, Desktop, DesktopPlan, Installation, PATIENCE, Part, Place, wait_until};

/// Not where and as large as the window opens by itself, and wholly on the screen with its frame.
const ELSEWHERE: Place = Place { x: 70, y: 90, width: 731, height: 557 };

fn desktop() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap()
}

fn move_elsewhere(app: &App<'_>) {
    let window = app.wait_title("History – Quoth").unwrap();
    assert_ne!(window.place, ELSEWHERE);
    app.installation().desktop().windows().move_to(&window, ELSEWHERE).unwrap();
}

fn wait_elsewhere(app: &App<'_>) {
    let mut seen = None;
    let found = wait_until("the window where it was", PATIENCE, || {
        seen = app.windows().ok()?.first().map(|window| window.place);
        (seen? == ELSEWHERE).then_some(())
    });
    found.unwrap_or_else(|error| panic!("{error}; it is at {seen:?} instead of {ELSEWHERE:?}"));
}

#[test]
fn place_and_size_outlive_a_closed_window() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start(&[]).unwrap();
    move_elsewhere(&app);
    for _round in 0..2 {
        app.close_window().unwrap();
        quoth.wait_window_open(false).unwrap();
        assert_eq!(quoth.cli(&["open"]).unwrap().code, Some(0));
        wait_elsewhere(&app);
    }
}

#[test]
fn place_and_size_outlive_a_quit_with_the_window_open() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start(&[]).unwrap();
    move_elsewhere(&app);
    assert_eq!(quoth.cli(&["quit"]).unwrap().code, Some(0));
    drop(app);
    let app = quoth.start(&[]).unwrap();
    wait_elsewhere(&app);
}

#[test]
fn place_and_size_outlive_a_kill_after_the_window_was_closed() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let mut app = quoth.start(&[]).unwrap();
    move_elsewhere(&app);
    app.close_window().unwrap();
    quoth.wait_window_open(false).unwrap();
    app.kill().unwrap();
    let app = quoth.start(&[]).unwrap();
    wait_elsewhere(&app);
}

#[test]
fn a_maximised_window_is_remembered_as_such() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start(&[]).unwrap();
    let window = app.wait_title("History – Quoth").unwrap();
    desktop.windows().maximise(&window).unwrap();
    let all_wide = |app: &App<'_>| {
        let window = app.windows().ok()?.into_iter().next()?;
        (window.place.width == desktop.picture().ok()?.size().0).then_some(())
    };
    wait_until("the window as wide as the screen", PATIENCE, || all_wide(&app)).unwrap();
    app.close_window().unwrap();
    quoth.wait_window_open(false).unwrap();
    assert_eq!(quoth.cli(&["open"]).unwrap().code, Some(0));
    wait_until("the window as wide as the screen again", PATIENCE, || all_wide(&app)).unwrap();
}
