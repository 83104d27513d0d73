//! There is one Quoth a user: a second start only brings the first one forward.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use quoth_desktop::{
    App, Desktop, DesktopPlan, Editor, EditorPlan, Installation, PATIENCE, Part, wait_until,
};

fn desktop() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap()
}

/// One program runs, and it is the first.
fn assert_alone(app: &App<'_>) {
    let quoths: Vec<_> =
        app.installation().processes().into_iter().filter(|process| process.name == "quoth").collect();
    assert_eq!(quoths.iter().map(|process| process.pid).collect::<Vec<_>>(), [app.pid()]);
}

#[test]
fn a_second_start_opens_the_window_of_the_first() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    let second = quoth.cli(&[]).unwrap();
    assert_eq!((second.code, second.stdout.as_str(), second.stderr.as_str()), (Some(0), "", ""));
    let window = app.wait_title("History – Quoth").unwrap();
    desktop.windows().wait_focused(&window).unwrap();
    assert_alone(&app);
}

#[test]
fn a_second_start_brings_a_window_forward_that_is_behind_another() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start(&[]).unwrap();
    let window = app.wait_title("History – Quoth").unwrap();
    desktop.windows().wait_focused(&window).unwrap();
    let editor = Editor::open(&desktop, &EditorPlan::titled("In front")).unwrap();
    editor.focus().unwrap();

    assert_eq!(quoth.cli(&[]).unwrap().code, Some(0));
    desktop.windows().wait_focused(&window).unwrap();
    assert_eq!(app.windows().unwrap().len(), 1);
    assert_alone(&app);
}

#[test]
fn a_second_start_restores_a_minimised_window() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start(&[]).unwrap();
    let window = app.wait_title("History – Quoth").unwrap();
    desktop.windows().wait_focused(&window).unwrap();
    desktop.windows().minimise(&window).unwrap();
    assert_ne!(desktop.windows().focused().unwrap().map(|window| window.id), Some(window.id));

    assert_eq!(quoth.cli(&[]).unwrap().code, Some(0));
    desktop.windows().wait_focused(&window).unwrap();
    assert_alone(&app);
}

#[test]
fn open_with_a_page_shows_that_page_whether_a_window_is_open_or_not() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    assert_eq!(quoth.cli(&["open", "about"]).unwrap().code, Some(0));
    let window = app.wait_title("About – Quoth").unwrap();
    desktop.windows().wait_focused(&window).unwrap();
    let editor = Editor::open(&desktop, &EditorPlan::titled("In front")).unwrap();
    editor.focus().unwrap();

    assert_eq!(quoth.cli(&["open", "dictionary"]).unwrap().code, Some(0));
    let led = app.wait_title("Dictionary – Quoth").unwrap();
    assert_eq!(led.id, window.id);
    desktop.windows().wait_focused(&window).unwrap();
    assert_eq!(quoth.cli(&["open"]).unwrap().code, Some(0));
    app.wait_title("Dictionary – Quoth").unwrap();
    assert_alone(&app);
}

#[test]
fn open_starts_quoth_where_none_runs() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings("[general]\nopen_window_at_start = false\n").unwrap();
    let app = quoth.start(&["open", "models"]).unwrap();
    app.wait_title("Models – Quoth").unwrap();
    app.wait_icon().unwrap();
}

#[test]
fn many_starts_at_once_end_in_one_quoth() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let mut starts: Vec<App<'_>> = (0..5).map(|_| quoth.start(&[]).unwrap()).collect();
    wait_until("all starts but one to end", PATIENCE, || {
        let running = starts.iter_mut().filter_map(|start| start.try_exit().unwrap().is_none().then_some(()));
        (running.count() == 1).then_some(())
    })
    .unwrap();
    let mut winner = None;
    for start in &mut starts {
        match start.try_exit().unwrap() {
            Some(status) => assert!(status.success(), "{}", start.stderr()),
            None => winner = Some(start),
        }
    }
    let winner = winner.unwrap();
    let window = winner.wait_title("History – Quoth").unwrap();
    desktop.windows().wait_focused(&window).unwrap();
    assert_eq!(winner.windows().unwrap().len(), 1);
    assert_alone(winner);
}
