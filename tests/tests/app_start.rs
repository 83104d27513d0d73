//! From the start of the program to its icon in the tray.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use std::time::Instant;

use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Part, wait_until};

#[test]
fn quoth_in_the_background_is_an_icon_and_nothing_else() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let begin = Instant::now();
    let app = quoth.start(&["--background"]).unwrap();
    let seen =
        wait_until("the icon", PATIENCE, || desktop.tray().icon(app.pid()).map(|_| begin.elapsed())).unwrap();
    let logged = quoth.wait_logged("started tray_ready_ms=").unwrap();
    let (_, figure) = logged.split_once("tray_ready_ms=").unwrap();
    let ready: u128 = figure.split(' ').next().unwrap().parse().unwrap();
    println!("start to tray icon: {} ms seen on the screen, {ready} ms by its own log", seen.as_millis());
    assert!(ready <= begin.elapsed().as_millis(), "{logged}");
    assert_eq!(app.windows().unwrap(), []);
    assert_eq!(quoth.page_processes(), []);
    assert_eq!(quoth.status().unwrap().unwrap()["window_open"], false);
    assert_eq!(app.stdout(), "");
}

#[test]
fn quoth_started_by_hand_opens_its_window_unless_told_not_to() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let usual = Installation::new(&desktop).unwrap();
    let begin = Instant::now();
    let app = usual.start(&[]).unwrap();
    let window = app.wait_title("History – Quoth").unwrap();
    println!("start to painted window: {} ms", begin.elapsed().as_millis());
    desktop.windows().wait_focused(&window).unwrap();

    let quiet = Installation::new(&desktop).unwrap();
    quiet.write_settings("[general]\nopen_window_at_start = false\n").unwrap();
    let app = quiet.start(&[]).unwrap();
    app.wait_icon().unwrap();
    quiet.wait_logged("started").unwrap();
    assert_eq!(quiet.status().unwrap().unwrap()["window_open"], false);
    assert_eq!(quiet.page_processes(), []);
}
