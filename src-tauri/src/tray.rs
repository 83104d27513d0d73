//! The tray icon and its menu: Quoth's face while no window is open.

use std::sync::Arc;

use quoth_app::{
    control::{Blocked, Page},
    logs::contain,
};
use tauri::{
    AppHandle, Manager, Wry,
    image::Image,
    menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent},
};

use crate::{
    shell::{Shell, blocked_by},
    test_switch, window,
    words::Words,
};

/// Every key of the translations that the tray uses.
#[cfg(test)]
pub(crate) const WORDS: &[&str] =
    &["tray.start", "tray.start_blocked", "tray.open", "tray.settings", "tray.quit"];

const TRAY: &str = "quoth";
const OPEN: &str = "open";
const SETTINGS: &str = "settings";
const QUIT: &str = "quit";

/// Puts the icon into the tray. Where the system shows no tray, nothing is seen and nothing fails: the icon
/// appears as soon as a tray does, and starting Quoth again opens the window meanwhile.
pub(crate) fn show(app: &AppHandle, shell: &Arc<Shell>) -> tauri::Result<()> {
    let tray = TrayIconBuilder::with_id(TRAY)
        .icon(icon()?)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip("Quoth")
        .temp_dir_path(&shell.places.runtime_dir)
        .menu(&menu(app, shell.words())?)
        // Windows users expect the window on a left click and the menu on a right one; elsewhere the menu is the habit.
        .show_menu_on_left_click(!cfg!(target_os = "windows"))
        .on_menu_event(|app, event| chosen(app, &event))
        .on_tray_icon_event(|tray, event| clicked(tray, &event));
    tray.build(app)?;
    Ok(())
}

/// Says the menu anew, in the language of the moment. The entries stay, and an open menu stays open.
pub(crate) fn say_again(app: &AppHandle, words: &Words) -> tauri::Result<()> {
    let Some(entries) = app.try_state::<Entries>() else { return Ok(()) };
    entries.0.iter().try_for_each(|(entry, key)| entry.set_text(words.say(key)))
}

/// The menu's entries, each with the key of what it says.
struct Entries(Vec<(MenuItem<Wry>, &'static str)>);

fn icon() -> tauri::Result<Image<'static>> {
    Image::from_bytes(if cfg!(target_os = "macos") {
        include_bytes!("../../icons/tray-template.png").as_slice()
    } else {
        include_bytes!("../../icons/tray.png").as_slice()
    })
}

fn menu(app: &AppHandle, words: &Words) -> tauri::Result<Menu<Wry>> {
    // A menu can't explain a grey entry by a tooltip, so the reason stands in it.
    let (start, can_start) = match blocked_by() {
        Some(Blocked::NoEngine) => ("tray.start_blocked", false),
        None => ("tray.start", true),
    };
    let mut entries = Vec::new();
    let mut entry = |id: &str, key: &'static str, enabled: bool| {
        let entry = MenuItem::with_id(app, id, words.say(key), enabled, None::<&str>)?;
        entries.push((entry.clone(), key));
        tauri::Result::Ok(entry)
    };
    let menu = Menu::with_items(
        app,
        &[
            &entry("start", start, can_start)?,
            &PredefinedMenuItem::separator(app)?,
            &entry(OPEN, "tray.open", true)?,
            &entry(SETTINGS, "tray.settings", true)?,
            &PredefinedMenuItem::separator(app)?,
            &entry(QUIT, "tray.quit", true)?,
        ],
    )?;
    app.manage(Entries(entries));
    Ok(menu)
}

fn chosen(app: &AppHandle, event: &MenuEvent) {
    // A panic here would cross the system's own code and end the app.
    let contained = contain("tray menu", || match event.id().as_ref() {
        OPEN => window::open_soon(app, None),
        SETTINGS => {
            test_switch::panic_if_told("tray");
            window::open_soon(app, Some(Page::Settings));
        }
        QUIT => app.exit(0),
        _ => {}
    });
    if let Err(failure) = contained {
        app.state::<Arc<Shell>>().tell(&failure);
    }
}

fn clicked(tray: &TrayIcon, event: &TrayIconEvent) {
    if !cfg!(target_os = "windows") {
        return;
    }
    if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event
    {
        window::open_soon(tray.app_handle(), None);
    }
}
