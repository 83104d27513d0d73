//! Keys pressed at the X server, as by a real keyboard: they go to whatever window has the focus, and global shortcuts
//! see them.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT};

use crate::DesktopError;
use crate::display::Display;
use crate::error::{During, Result};
use crate::keysyms::{character_keysym, keysym};

/// The keyboard of a desktop. Keys are named as X does (`Return`, `Control_L`, `F9`) or by their character (`a`).
#[derive(Clone, Copy)]
pub struct Keyboard<'d> {
    display: &'d Display,
}

/// A key on the keyboard, and whether shift is needed for the symbol asked for.
struct Stroke {
    keycode: u8,
    shifted: bool,
}

impl<'d> Keyboard<'d> {
    pub(crate) fn of(display: &'d Display) -> Self {
        Self { display }
    }

    /// Presses a key and leaves it down.
    pub fn press(self, key: &str) -> Result<()> {
        self.send(KEY_PRESS_EVENT, self.named(key)?.keycode)
    }

    /// Lets a key go.
    pub fn release(self, key: &str) -> Result<()> {
        self.send(KEY_RELEASE_EVENT, self.named(key)?.keycode)
    }

    /// Presses a key and lets it go.
    pub fn tap(self, key: &str) -> Result<()> {
        self.chord(&[key])
    }

    /// Presses the keys in this order and lets them go in the opposite one: `chord(&["Control_L", "v"])`.
    pub fn chord(self, keys: &[&str]) -> Result<()> {
        let Some((first, rest)) = keys.split_first() else { return Ok(()) };
        let held = self.hold(first)?;
        self.chord(rest)?;
        held.release()
    }

    /// Holds a key down until the answer is dropped, also by a panic.
    pub fn hold(self, key: &str) -> Result<Held<'d>> {
        let keycode = self.named(key)?.keycode;
        self.send(KEY_PRESS_EVENT, keycode)?;
        Ok(Held { keyboard: self, keycode, down: true })
    }

    /// Holds a key for as long as a person would and lets it go.
    pub fn hold_for(self, key: &str, time: Duration) -> Result<()> {
        let held = self.hold(key)?;
        std::thread::sleep(time);
        held.release()
    }

    /// Types a text, with shift where it is needed. Only what stands on the keyboard can be typed.
    pub fn type_text(self, text: &str) -> Result<()> {
        for character in text.chars() {
            let stroke = self.find(character_keysym(character), &character.to_string())?;
            let shift = if stroke.shifted { Some(self.hold("Shift_L")?) } else { None };
            self.send(KEY_PRESS_EVENT, stroke.keycode)?;
            self.send(KEY_RELEASE_EVENT, stroke.keycode)?;
            shift.map(Held::release).transpose()?;
        }
        Ok(())
    }

    fn send(self, event: u8, keycode: u8) -> Result<()> {
        self.display.fake_input(event, keycode, (0, 0))
    }

    fn named(self, key: &str) -> Result<Stroke> {
        let symbol = keysym(key).ok_or_else(|| DesktopError::NotThere(format!("key named {key:?}")))?;
        self.find(symbol, key)
    }

    /// Looked up each time, as programs that type may change the layout under us.
    fn find(self, symbol: u32, name: &str) -> Result<Stroke> {
        let connection = self.display.connection();
        let (first, last) = (connection.setup().min_keycode, connection.setup().max_keycode);
        let doing = "read the keyboard's layout";
        let request = connection.get_keyboard_mapping(first, last - first + 1).during(doing)?;
        let layout = request.reply().during(doing)?;
        let width = usize::from(layout.keysyms_per_keycode).max(1);
        let stands_at = |level: usize| {
            let keys = (first..=last).zip(layout.keysyms.chunks(width));
            let mut keys = keys.filter(move |(_, symbols)| symbols.get(level) == Some(&symbol));
            keys.next().map(|(keycode, _)| Stroke { keycode, shifted: level == 1 })
        };
        stands_at(0)
            .or_else(|| stands_at(1))
            .ok_or_else(|| DesktopError::NotThere(format!("{name:?} on the keyboard's layout")))
    }
}

/// A key that is held down. Let go when dropped.
pub struct Held<'d> {
    keyboard: Keyboard<'d>,
    keycode: u8,
    down: bool,
}

impl Held<'_> {
    /// Lets the key go now.
    pub fn release(mut self) -> Result<()> {
        self.down = false;
        self.keyboard.send(KEY_RELEASE_EVENT, self.keycode)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if self.down {
            // A server that is gone has no key down.
            let _ = self.keyboard.send(KEY_RELEASE_EVENT, self.keycode);
        }
    }
}
