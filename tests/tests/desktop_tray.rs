//! The tray, with icons of the two kinds there are: GTK's own, and libayatana-appindicator's, which Tauri uses.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use quoth_desktop::{Button, Desktop, DesktopPlan, PATIENCE, Part, Program, Tray, wait_until};

/// An icon whose menu has First, a line, Second (disabled), Third; it prints what is chosen, `clicked` for a left click.
const ICON: &str = include_str!("common/tray_icon.py");

fn desktop_with_tray() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap()
}

fn icon(desktop: &Desktop, kind: &str) -> Program {
    let mut command = desktop.command("/usr/bin/python3");
    command.args(["-c", ICON, kind]);
    desktop.start_program("icon", command).unwrap()
}

fn wait_for_word(icon: &Program, word: &str) {
    wait_until(format!("{word:?} from the icon, which said {:?}", icon.stdout()), PATIENCE, || {
        icon.stdout().lines().any(|line| line == word).then_some(())
    })
    .unwrap();
}

/// The picture of the icon is red.
fn is_seen(desktop: &Desktop, tray: Tray<'_>, pid: u32) -> bool {
    let (x, y) = tray.wait_for_icon(pid).unwrap().middle();
    let at = |number: i16| u16::try_from(number).unwrap();
    desktop.picture().unwrap().pixel(at(x), at(y)) == Some([255, 0, 0])
}

#[test]
fn an_icon_is_seen_and_takes_clicks() {
    let desktop = desktop_with_tray();
    let icon = icon(&desktop, "gtk");
    let tray = desktop.tray();
    tray.wait_for_icon(icon.pid()).unwrap();
    wait_until("the icon's picture", PATIENCE, || is_seen(&desktop, tray, icon.pid()).then_some(())).unwrap();
    tray.click(icon.pid(), Button::Left).unwrap();
    wait_for_word(&icon, "clicked");
    let pid = icon.pid();
    drop(icon);
    tray.wait_no_icon(pid).unwrap();
}

#[test]
fn a_menu_item_is_chosen_by_its_place() {
    let desktop = desktop_with_tray();
    let icon = icon(&desktop, "gtk");
    let menu = desktop.tray().open_menu(icon.pid()).unwrap();
    assert_eq!(menu.window().pid, Some(icon.pid()));
    menu.choose_nth(1).unwrap();
    wait_for_word(&icon, "Third");
    desktop.tray().open_menu(icon.pid()).unwrap().choose_nth(0).unwrap();
    wait_for_word(&icon, "First");
    assert_eq!(icon.stdout(), "Third\nFirst\n");
}

#[test]
fn a_dismissed_menu_chooses_nothing() {
    let desktop = desktop_with_tray();
    let icon = icon(&desktop, "gtk");
    desktop.tray().open_menu(icon.pid()).unwrap().dismiss().unwrap();
    // The next choice has arrived, so the dismissed one would have, too.
    desktop.tray().open_menu(icon.pid()).unwrap().choose_nth(0).unwrap();
    wait_for_word(&icon, "First");
    assert_eq!(icon.stdout(), "First\n");
}

#[test]
fn a_menu_item_is_chosen_by_its_text() {
    let desktop = desktop_with_tray();
    let icon = icon(&desktop, "indicator");
    let menu = desktop.tray().open_menu(icon.pid()).unwrap();
    let items = menu.items().unwrap();
    let said: Vec<_> = items.iter().map(|item| (item.label.as_str(), item.enabled, item.separator)).collect();
    assert_eq!(
        said,
        [("First", true, false), ("", true, true), ("Second", false, false), ("Third", true, false)]
    );
    menu.choose("Third").unwrap();
    wait_for_word(&icon, "Third");
    let refused = desktop.tray().open_menu(icon.pid()).unwrap().choose("Second").unwrap_err().to_string();
    assert!(refused.contains("Second") && refused.contains("Third"), "{refused}");
}

#[test]
fn two_icons_are_told_apart() {
    let desktop = desktop_with_tray();
    let (one, other) = (icon(&desktop, "gtk"), icon(&desktop, "gtk"));
    let tray = desktop.tray();
    wait_until("the icons side by side", PATIENCE, || {
        (tray.icon(one.pid())? != tray.icon(other.pid())?).then_some(())
    })
    .unwrap();
    tray.click(other.pid(), Button::Left).unwrap();
    wait_for_word(&other, "clicked");
    assert_eq!(one.stdout(), "");
}
