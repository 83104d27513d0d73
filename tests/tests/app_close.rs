//! A closed window leaves Quoth in the tray and takes the page's processes with it.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use quoth_desktop::{Desktop, DesktopPlan, Installation, Part, is_running};

#[test]
fn closing_the_window_keeps_the_tray_and_frees_the_page_again_and_again() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let mut app = quoth.start(&[]).unwrap();
    let mut windows = Vec::new();
    for _round in 0..3 {
        let window = app.wait_title("History – Quoth").unwrap();
        assert!(!windows.contains(&window.id), "a window made anew");
        windows.push(window.id);
        let names: Vec<String> = quoth.page_processes().into_iter().map(|process| process.name).collect();
        assert!(names.iter().any(|name| name.starts_with("WebKitWebPr")), "{names:?}");
        assert!(names.iter().any(|name| name.starts_with("WebKitNetworkPr")), "{names:?}");

        app.close_window().unwrap();
        quoth.wait_page_processes_gone().unwrap();
        quoth.wait_window_open(false).unwrap();
        assert_eq!(app.try_exit().unwrap(), None, "Quoth goes on");
        assert_eq!(quoth.processes().len(), 1, "{:?}", quoth.processes());
        app.choose_in_tray("Open Quoth").unwrap();
    }
    app.wait_title("History – Quoth").unwrap();
    assert!(is_running(app.pid()));
}

#[test]
fn a_page_whose_process_is_killed_does_not_take_quoth_along() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start(&[]).unwrap();
    app.wait_title("History – Quoth").unwrap();
    let page =
        quoth.page_processes().into_iter().find(|process| process.name.starts_with("WebKitWebPr")).unwrap();
    desktop.command("kill").args(["-KILL", &page.pid.to_string()]).status().unwrap();
    app.close_window().unwrap();
    quoth.wait_page_processes_gone().unwrap();
    app.choose_in_tray("Open Quoth").unwrap();
    app.wait_title("History – Quoth").unwrap();
}
