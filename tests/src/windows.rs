//! The windows of a desktop as its window manager sees them, and the focus as the X server sees it.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask};

use crate::display::Display;
use crate::error::{During, Result};
use crate::wait::{PATIENCE, wait_until};

/// Where something is on the screen, in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Distance from the left edge.
    pub x: i16,
    /// Distance from the upper edge.
    pub y: i16,
    /// Width.
    pub width: u16,
    /// Height.
    pub height: u16,
}

impl Place {
    /// The point in its middle.
    pub fn middle(self) -> (i16, i16) {
        let half = |length: u16| i16::try_from(length / 2).unwrap_or(i16::MAX);
        (self.x.saturating_add(half(self.width)), self.y.saturating_add(half(self.height)))
    }
}

/// A window as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The X server's number for it.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// The two words of WM_CLASS: the instance and the class.
    pub class: (String, String),
    /// The process that made it.
    pub pid: Option<u32>,
    /// Where it is, without its frame.
    pub place: Place,
}

/// The windows of a desktop.
#[derive(Clone, Copy)]
pub struct Windows<'d> {
    display: &'d Display,
}

/// Says to a window manager that a pager, and so the user, asks for something: it then never refuses.
const FROM_THE_USER: u32 = 2;
/// For _NET_MOVERESIZE_WINDOW: all four numbers count (bits 8 to 11), they are those of the window without its frame
/// (static gravity, 10), and the user asks (2 from bit 12).
const ALL_OF_THE_PLACE: u32 = 10 | 0b1111 << 8 | FROM_THE_USER << 12;
/// For WM_CHANGE_STATE: as an icon. <https://www.x.org/releases/current/doc/xorg-docs/icccm/icccm.html>, 4.1.4.
const ICONIC: u32 = 3;
/// For _NET_WM_STATE.
const ADD_STATE: u32 = 1;

impl<'d> Windows<'d> {
    pub(crate) fn of(display: &'d Display) -> Self {
        Self { display }
    }

    /// The windows the window manager takes care of, oldest first.
    pub fn list(self) -> Result<Vec<Window>> {
        let ids = self.display.window_list(self.display.root(), self.display.atoms()._NET_CLIENT_LIST);
        Ok(ids.unwrap_or_default().into_iter().filter_map(|id| self.look_at(id)).collect())
    }

    /// What is shown beside them and has more than a few pixels: menus, tips, lists that drop down.
    pub fn popups(self) -> Vec<Window> {
        let shown = |id: &u32| self.display.shown(*id) == Some((true, true));
        let all = self.display.children(self.display.root()).into_iter().filter(shown);
        all.filter_map(|id| self.look_at(id))
            .filter(|window| window.place.width > 8 && window.place.height > 8)
            .collect()
    }

    /// The window that has the keyboard.
    pub fn focused(self) -> Result<Option<Window>> {
        let doing = "ask for the focus";
        let mut id = self.display.connection().get_input_focus().during(doing)?.reply().during(doing)?.focus;
        let clients = self.list()?;
        // The focus may be on a window inside the one that is listed.
        loop {
            if let Some(window) = clients.iter().find(|window| window.id == id) {
                return Ok(Some(window.clone()));
            }
            match self.display.parent(id) {
                Some(parent) => id = parent,
                None => return Ok(None),
            }
        }
    }

    /// Waits for a window of which `is_it` holds. `what` names it in the error.
    pub fn wait_for(self, what: &str, deadline: Duration, is_it: impl Fn(&Window) -> bool) -> Result<Window> {
        wait_until(what, deadline, || self.list().ok()?.into_iter().find(&is_it))
    }

    /// Waits for a window with exactly this title.
    pub fn wait_for_title(self, title: &str) -> Result<Window> {
        self.wait_for(&format!("a window titled {title:?}"), PATIENCE, |window| window.title == title)
    }

    /// Waits for a window of this process.
    pub fn wait_for_process(self, pid: u32) -> Result<Window> {
        self.wait_for(&format!("a window of process {pid}"), PATIENCE, |window| window.pid == Some(pid))
    }

    /// Waits until this window has the keyboard.
    pub fn wait_focused(self, window: &Window) -> Result<()> {
        wait_until(format!("{:?} to have the focus", window.title), PATIENCE, || {
            (self.focused().ok()??.id == window.id).then_some(())
        })
    }

    /// Brings a window to the front and gives it the keyboard, as a click on a task bar would.
    pub fn activate(self, window: &Window) -> Result<()> {
        self.ask(
            window,
            self.display.atoms()._NET_ACTIVE_WINDOW,
            [FROM_THE_USER, x11rb::CURRENT_TIME, 0, 0, 0],
        )?;
        self.wait_focused(window)
    }

    /// Moves a window and gives it another size, and waits until it stands there. (Its frame is around it.)
    pub fn move_to(self, window: &Window, place: Place) -> Result<()> {
        let (x, y) = (i32::from(place.x).cast_unsigned(), i32::from(place.y).cast_unsigned());
        let data = [ALL_OF_THE_PLACE, x, y, place.width.into(), place.height.into()];
        self.ask(window, self.display.atoms()._NET_MOVERESIZE_WINDOW, data)?;
        wait_until(format!("{:?} to be at {place:?}", window.title), PATIENCE, || {
            (self.display.place(window.id)? == place).then_some(())
        })
    }

    /// Minimises a window, and waits until it is no longer shown.
    pub fn minimise(self, window: &Window) -> Result<()> {
        self.ask(window, self.display.atoms().WM_CHANGE_STATE, [ICONIC, 0, 0, 0, 0])?;
        self.wait_gone(window)
    }

    /// Asks for a window as large as the screen allows.
    pub fn maximise(self, window: &Window) -> Result<()> {
        let atoms = self.display.atoms();
        let data = [
            ADD_STATE,
            atoms._NET_WM_STATE_MAXIMIZED_HORZ,
            atoms._NET_WM_STATE_MAXIMIZED_VERT,
            FROM_THE_USER,
            0,
        ];
        self.ask(window, atoms._NET_WM_STATE, data)
    }

    /// Closes a window as the cross in its corner would. What then happens is up to the program.
    pub fn close(self, window: &Window) -> Result<()> {
        self.ask(
            window,
            self.display.atoms()._NET_CLOSE_WINDOW,
            [x11rb::CURRENT_TIME, FROM_THE_USER, 0, 0, 0],
        )
    }

    /// Waits until a window is no longer shown: closed, hidden or its program ended.
    pub fn wait_gone(self, window: &Window) -> Result<()> {
        wait_until(format!("{:?} to go", window.title), PATIENCE, || {
            let gone = self.display.shown(window.id).is_none_or(|(shown, _)| !shown);
            gone.then_some(())
        })
    }

    fn ask(self, window: &Window, what: u32, data: [u32; 5]) -> Result<()> {
        let doing = || format!("ask the window manager about {:?}", window.title);
        let message = ClientMessageEvent::new(32, window.id, what, data);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        let connection = self.display.connection();
        connection
            .send_event(false, self.display.root(), mask, message)
            .during(doing())?
            .check()
            .during(doing())?;
        connection.flush().during(doing())
    }

    fn look_at(self, id: u32) -> Option<Window> {
        let named = self.display.text_property(id, self.display.atoms()._NET_WM_NAME);
        let title = named.or_else(|| self.display.text_property(id, AtomEnum::WM_NAME)).unwrap_or_default();
        let class = self.display.text_property(id, AtomEnum::WM_CLASS).unwrap_or_default();
        let mut words = class.split('\0').map(str::to_owned);
        let class = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        Some(Window { id, title, class, pid: self.display.owner(id), place: self.display.place(id)? })
    }
}
