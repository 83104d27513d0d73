//! Which desktop a test wants.

use std::collections::BTreeSet;

/// A part of the desktop beside the X server, which is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A session bus (dbus-daemon).
    Bus,
    /// A secret service that is already unlocked (gnome-keyring). Brings the bus along.
    Keyring,
    /// A window manager (xfwm4). Brings the bus along.
    WindowManager,
    /// A tray for icons (tint2). Brings the window manager along.
    Tray,
    /// A sound server whose default source is a virtual microphone (pulseaudio).
    Sound,
}

impl Part {
    const ALL: [Self; 5] = [Self::Bus, Self::Keyring, Self::WindowManager, Self::Tray, Self::Sound];

    /// What this part cannot run without.
    fn needs(self) -> &'static [Self] {
        match self {
            Self::Bus | Self::Sound => &[],
            Self::Keyring | Self::WindowManager => &[Self::Bus],
            Self::Tray => &[Self::WindowManager, Self::Bus],
        }
    }
}

/// A desktop to be started: its parts, its size and the test it belongs to.
#[derive(Debug, Clone)]
pub struct DesktopPlan {
    pub(crate) name: Option<String>,
    pub(crate) parts: BTreeSet<Part>,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

impl DesktopPlan {
    /// Everything a user's desktop has.
    pub fn full() -> Self {
        Self { name: None, parts: Part::ALL.into(), width: 1280, height: 800 }
    }

    /// An X server and nothing else, to be built up by [`with`](Self::with).
    pub fn bare() -> Self {
        Self { parts: BTreeSet::new(), ..Self::full() }
    }

    /// Adds a part and what it needs.
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.parts.insert(part);
        self.parts.extend(part.needs());
        self
    }

    /// Leaves a part out, and all that cannot run without it.
    #[must_use]
    pub fn without(mut self, part: Part) -> Self {
        self.parts.retain(|kept| *kept != part && !kept.needs().contains(&part));
        self
    }

    /// Names the test, and so the folder under `target/e2e/` for what a failure leaves. By default the name of the
    /// running thread, which is that of the test.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The size of the screen in pixels (1280 x 800 by default).
    #[must_use]
    pub fn sized(mut self, width: u16, height: u16) -> Self {
        (self.width, self.height) = (width, height);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_bring_what_they_need_and_take_what_needs_them() {
        let tray = DesktopPlan::bare().with(Part::Tray).parts;
        assert_eq!(tray, BTreeSet::from([Part::Bus, Part::WindowManager, Part::Tray]));
        let no_bus = DesktopPlan::full().without(Part::Bus).parts;
        assert_eq!(no_bus, BTreeSet::from([Part::Sound]));
    }
}
