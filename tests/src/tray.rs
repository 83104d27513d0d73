//! The tray: icons found, clicked, and their menus used as a person does.

use std::time::Duration;

use crate::display::Display;
use crate::pointer::Button;
use crate::tray_menu::{self, MenuItem};
use crate::wait::{PATIENCE, wait_until};
use crate::windows::{Place, Window};
use crate::{Desktop, DesktopError, Result};

/// A menu that is not there after this long is not coming.
const CLICK_AGAIN: Duration = Duration::from_secs(8);

/// The tray of a desktop.
#[derive(Clone, Copy)]
pub struct Tray<'d> {
    desktop: &'d Desktop,
    display: &'d Display,
}

/// A menu that a click on a tray icon has opened.
pub struct TrayMenu<'d> {
    desktop: &'d Desktop,
    pid: u32,
    window: Window,
}

impl<'d> Tray<'d> {
    pub(crate) fn of(desktop: &'d Desktop, display: &'d Display) -> Self {
        Self { desktop, display }
    }

    /// Whether there is a tray that takes icons.
    pub fn is_there(self) -> bool {
        self.display.tray_host().is_some()
    }

    /// Where the icon of a process is now: a window of the process inside a window of the tray.
    pub fn icon(self, pid: u32) -> Option<Place> {
        let host = self.display.owner(self.display.tray_host()?)?;
        let mut inside = vec![self.display.root()];
        while let Some(window) = inside.pop() {
            for child in self.display.children(window) {
                let place = self.display.place(child);
                let is_icon = self.display.owner(child) == Some(pid)
                    && self.display.owner(window) == Some(host)
                    && self.display.shown(child).is_some_and(|(shown, _)| shown)
                    && place.is_some_and(|place| place.width > 1 && place.height > 1);
                if is_icon {
                    return place;
                }
                inside.push(child);
            }
        }
        None
    }

    /// Waits until the icon of a process has settled in the tray, and answers where it is. (It is made with another
    /// size and at another place, and moves while other icons come.)
    pub fn wait_for_icon(self, pid: u32) -> Result<Place> {
        let mut before = None;
        wait_until(format!("a tray icon of process {pid}"), PATIENCE, || {
            let now = self.icon(pid);
            let settled = now.filter(|_| before == now);
            before = now;
            settled
        })
    }

    /// Waits until a process has no tray icon.
    pub fn wait_no_icon(self, pid: u32) -> Result<()> {
        wait_until(format!("the tray icon of process {pid} to go"), PATIENCE, || {
            self.icon(pid).is_none().then_some(())
        })
    }

    /// Clicks on the icon of a process.
    pub fn click(self, pid: u32, button: Button) -> Result<()> {
        let place = self.wait_for_icon(pid)?;
        self.desktop.pointer().click_at(place, button)
    }

    /// What stands in the menu of a process, read without opening it (see [`TrayMenu::items`]).
    pub fn items(self, pid: u32) -> Result<Vec<MenuItem>> {
        tray_menu::items(self.desktop.bus()?, pid)
    }

    /// Clicks on the icon of a process with the right button and waits until its menu is open. Where nothing opens, it
    /// clicks again, as a person would.
    pub fn open_menu(self, pid: u32) -> Result<TrayMenu<'d>> {
        let windows = self.desktop.windows();
        let before: Vec<u32> = windows.popups().iter().map(|window| window.id).collect();
        let window = wait_until(format!("the tray menu of process {pid}"), PATIENCE, || {
            self.click(pid, Button::Right).ok()?;
            let ours = || {
                windows
                    .popups()
                    .into_iter()
                    .find(|popup| popup.pid == Some(pid) && !before.contains(&popup.id))
            };
            wait_until("a menu", CLICK_AGAIN, ours).ok()
        })?;
        Ok(TrayMenu { desktop: self.desktop, pid, window })
    }
}

impl TrayMenu<'_> {
    /// The menu's window.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// What stands in the menu, as the program has published it on the session bus (libayatana-appindicator does, as
    /// do Tauri's tray icons; a plain GTK menu does not).
    pub fn items(&self) -> Result<Vec<MenuItem>> {
        self.desktop.tray().items(self.pid)
    }

    /// Chooses the item with this text, by the keyboard as a person would. A disabled item is an error, as it cannot
    /// be chosen.
    pub fn choose(self, label: &str) -> Result<()> {
        let items = self.items()?;
        let enabled: Vec<&MenuItem> = items.iter().filter(|item| item.can_be_chosen()).collect();
        let position = enabled.iter().position(|item| item.label == label);
        let position = position.ok_or_else(|| {
            let labels: Vec<&str> = enabled.iter().map(|item| item.label.as_str()).collect();
            DesktopError::NotThere(format!("item {label:?} to choose in the tray menu, only {labels:?}"))
        })?;
        self.choose_nth(position)
    }

    /// Chooses an item by its place among those that can be chosen, the first being 0.
    pub fn choose_nth(self, position: usize) -> Result<()> {
        let keys = self.desktop.keys();
        // The pointer may have selected an item already; Home starts over from the first.
        keys.tap("Home")?;
        for _ in 0..position {
            keys.tap("Down")?;
        }
        keys.tap("Return")?;
        self.desktop.windows().wait_gone(&self.window)
    }

    /// Closes the menu without choosing.
    pub fn dismiss(self) -> Result<()> {
        self.desktop.keys().tap("Escape")?;
        self.desktop.windows().wait_gone(&self.window)
    }
}
