//! The tray's menu: what stands in it, in which language, and what each entry does.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use quoth_desktop::{App, Desktop, DesktopPlan, Installation, PATIENCE, Part, wait_until};

fn desktop() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap()
}

/// The entries that are no lines, and whether each can be chosen.
fn entries(app: &App<'_>) -> Vec<(String, bool)> {
    let menu = app.installation().desktop().tray().open_menu(app.pid()).unwrap();
    let items = menu.items().unwrap();
    menu.dismiss().unwrap();
    items.into_iter().filter(|item| !item.separator).map(|item| (item.label, item.enabled)).collect()
}

fn said(entries: &[(&str, bool)]) -> Vec<(String, bool)> {
    entries.iter().map(|(label, enabled)| ((*label).to_owned(), *enabled)).collect()
}

#[test]
fn the_menu_offers_what_can_be_done_and_says_why_dictation_cannot() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    let english = [
        ("Start dictation (no speech engine yet)", false),
        ("Open Quoth", true),
        ("Settings", true),
        ("Quit Quoth", true),
    ];
    assert_eq!(entries(&app), said(&english));
}

#[test]
fn the_menu_follows_the_language_of_the_settings() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    quoth.wait_logged("started").unwrap();
    let text = quoth.settings().unwrap();
    quoth.write_settings(text.replace("language = \"system\"", "language = \"de\"")).unwrap();
    wait_until("the menu in German", PATIENCE, || {
        let items = desktop.tray().items(app.pid()).ok()?;
        items.iter().any(|item| item.label == "Quoth beenden").then_some(())
    })
    .unwrap();
    let german = [
        ("Diktat beginnen (noch keine Spracherkennung)", false),
        ("Quoth öffnen", true),
        ("Einstellungen", true),
        ("Quoth beenden", true),
    ];
    assert_eq!(entries(&app), said(&german));
    app.choose_in_tray("Einstellungen").unwrap();
    app.wait_title("Einstellungen – Quoth").unwrap();
}

#[test]
fn open_opens_the_window_where_it_starts() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    app.choose_in_tray("Open Quoth").unwrap();
    let window = app.wait_title("History – Quoth").unwrap();
    desktop.windows().wait_focused(&window).unwrap();
}

#[test]
fn settings_opens_the_window_at_the_settings_and_leads_an_open_one_there() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    app.choose_in_tray("Settings").unwrap();
    let first = app.wait_title("Settings – Quoth").unwrap();
    assert_eq!(quoth.cli(&["open", "history"]).unwrap().code, Some(0));
    app.wait_title("History – Quoth").unwrap();
    app.choose_in_tray("Settings").unwrap();
    let second = app.wait_title("Settings – Quoth").unwrap();
    assert_eq!(first.id, second.id, "the same window");
}

#[test]
fn quit_ends_everything() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let mut app = quoth.start(&[]).unwrap();
    app.wait_title("History – Quoth").unwrap();
    app.choose_in_tray("Quit Quoth").unwrap();
    assert!(app.wait_exit(PATIENCE).unwrap().success());
    quoth.wait_all_gone().unwrap();
    assert!(!quoth.socket().exists());
    assert_eq!(desktop.tray().icon(app.pid()), None);
    assert!(quoth.log().lines().last().unwrap().ends_with("quoth::shell: ended"), "{}", quoth.log());
}
