//! The mouse at the X server.

use x11rb::protocol::xproto::{BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, MOTION_NOTIFY_EVENT};

use crate::display::Display;
use crate::error::Result;
use crate::windows::Place;

/// A mouse button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The one that chooses.
    Left,
    /// The one that pastes the selection.
    Middle,
    /// The one that opens menus.
    Right,
}

/// The mouse of a desktop.
#[derive(Clone, Copy)]
pub struct Pointer<'d> {
    display: &'d Display,
}

impl<'d> Pointer<'d> {
    pub(crate) fn of(display: &'d Display) -> Self {
        Self { display }
    }

    /// Moves to a point of the screen.
    pub fn move_to(self, x: i16, y: i16) -> Result<()> {
        self.display.fake_input(MOTION_NOTIFY_EVENT, 0, (x, y))
    }

    /// Presses a button and lets it go, where the pointer is.
    pub fn click(self, button: Button) -> Result<()> {
        let number = match button {
            Button::Left => 1,
            Button::Middle => 2,
            Button::Right => 3,
        };
        self.display.fake_input(BUTTON_PRESS_EVENT, number, (0, 0))?;
        self.display.fake_input(BUTTON_RELEASE_EVENT, number, (0, 0))
    }

    /// Moves into the middle of a place and clicks there.
    pub fn click_at(self, place: Place, button: Button) -> Result<()> {
        let (x, y) = place.middle();
        self.move_to(x, y)?;
        self.click(button)
    }
}
