//! Whether words may go into the window in front, asked anew at the instant of every injection.
//!
//! Text typed into the wrong window can't be taken back, so what is not known counts as wrong. The one exception is the
//! user's own: on desktops that never tell which window is in front, `paste_when_unknown` allows it.

use serde::{Deserialize, Serialize};

use crate::{event::Undelivered, ids::Token, input::Sight};

/// A window of another program, as far as the system tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WindowRef {
    /// The program, by the name the system gives it: bundle id, window class, or path.
    pub app: String,
    /// The process.
    pub pid: u32,
    /// The window's number, where the system tells windows apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u64>,
}

/// Where the words of a session are meant to go. Fixed at its begin: a later change of focus does not move it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The window that had the focus.
    Bound(WindowRef),
    /// Some window had the focus, and the system would not say which.
    Unknown,
    /// Begun from Quoth's own window: no other was meant, so whichever is in front will do.
    Unbound,
}

/// The window in front now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Front {
    /// This one.
    Known(WindowRef),
    /// The system does not say.
    Unknown,
}

impl Target {
    /// What a session begun by a key while `front` is in front is bound to.
    pub fn of(front: Front) -> Self {
        match front {
            Front::Known(window) => Self::Bound(window),
            Front::Unknown => Self::Unknown,
        }
    }

    /// Whether this target is in front, as far as that can be known.
    pub fn is_in_front(&self, front: &Front) -> InFront {
        match (self, front) {
            (Self::Unbound, _) => InFront::Yes,
            (Self::Unknown, _) | (_, Front::Unknown) => InFront::CannotTell,
            (Self::Bound(meant), Front::Known(seen)) if meant.app != seen.app || meant.pid != seen.pid => {
                InFront::No
            }
            (Self::Bound(meant), Front::Known(seen)) => match (meant.window, seen.window) {
                (Some(meant), Some(seen)) if meant != seen => InFront::No,
                (Some(_), Some(_)) | (None, None) => InFront::Yes,
                // The right program, but perhaps another of its windows.
                (Some(_), None) | (None, Some(_)) => InFront::CannotTell,
            },
        }
    }
}

/// Whether a target is in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InFront {
    /// It is.
    Yes,
    /// Another one is.
    No,
    /// Not to be known here.
    CannotTell,
}

/// What is about to be injected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Injection {
    /// The text, pasted or typed.
    Text,
    /// Keys that take an earlier text back.
    Undo,
    /// The Return key after the text. A convenience: it is left out once another session has the screen.
    Return,
}

/// The door that all injections go through. Once closed, it stays closed for the life of the process.
#[derive(Debug, Default)]
pub struct InjectionGate {
    closed: bool,
}

impl InjectionGate {
    /// The app is ending: nothing is injected any more, whatever is still under way.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Whether the app is ending.
    pub fn is_closed(&self) -> bool {
        self.closed
    }
}

/// What is so at the instant of an injection.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The door.
    pub gate: &'a InjectionGate,
    /// Whether the session still wants its text delivered: not cancelled, superseded or expired.
    pub wanted: bool,
    /// Who owns microphone and screen.
    pub current: Option<Token>,
    /// Whether the user speaks with the hotkey held down.
    pub hotkey_held: bool,
    /// What the hands see.
    pub sight: &'a Sight,
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Go on, now.
    Inject,
    /// Not now: ask again when this has passed.
    Wait(Wait),
    /// Not at all.
    Refuse(Refusal),
}

/// What will pass by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wait {
    /// A modifier is held: it would turn the paste keys into another shortcut.
    ModifierHeld,
    /// The user speaks with the hotkey held: typed keys would end it, and the words would burst into the speaking.
    HotkeyHeld,
}

/// What will not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The app is ending.
    #[error("Quoth is ending; the text is in the history")]
    Quitting,
    /// The session was cancelled, superseded or expired.
    #[error("the dictation was called off; the text is in the history")]
    CalledOff,
    /// Another session owns the screen, and this injection is not worth disturbing it.
    #[error("another dictation has begun")]
    NotCurrent,
    /// Another window is in front.
    #[error("another window is in front than when the dictation began")]
    TargetLost,
    /// Which window is in front, or was at the begin, is not to be known.
    #[error("the system does not tell which window is in front; `paste_when_unknown` would allow it")]
    TargetUnknown,
    /// The field wants a password.
    #[error("the field wants a password")]
    PasswordField,
}

impl Refusal {
    /// What the user is told about the text, where there is something to tell.
    pub fn undelivered(self) -> Option<Undelivered> {
        match self {
            Self::Quitting => Some(Undelivered::Quit),
            Self::TargetLost => Some(Undelivered::TargetLost),
            Self::TargetUnknown => Some(Undelivered::TargetUnknown),
            Self::PasswordField => Some(Undelivered::PasswordField),
            Self::CalledOff | Self::NotCurrent => None,
        }
    }
}

/// What an injection of one session must satisfy. Bound to the session when it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasteGuard {
    /// Whose words.
    pub token: Token,
    /// Where they are meant to go.
    pub target: Target,
    /// Whether the user allows it where the window can't be known.
    pub paste_when_unknown: bool,
}

impl PasteGuard {
    /// Whether `what` may happen at this moment. To be asked directly before each injection, not once a delivery.
    pub fn check(&self, what: Injection, moment: Moment<'_>) -> Verdict {
        if moment.gate.is_closed() {
            return Verdict::Refuse(Refusal::Quitting);
        }
        if !moment.wanted {
            return Verdict::Refuse(Refusal::CalledOff);
        }
        if what == Injection::Return && moment.current != Some(self.token) {
            return Verdict::Refuse(Refusal::NotCurrent);
        }
        match self.target.is_in_front(&moment.sight.front) {
            InFront::No => return Verdict::Refuse(Refusal::TargetLost),
            InFront::CannotTell if !self.paste_when_unknown => {
                return Verdict::Refuse(Refusal::TargetUnknown);
            }
            InFront::Yes | InFront::CannotTell => {}
        }
        if moment.sight.password_field {
            Verdict::Refuse(Refusal::PasswordField)
        } else if moment.hotkey_held {
            Verdict::Wait(Wait::HotkeyHeld)
        } else if moment.sight.modifiers_held {
            Verdict::Wait(Wait::ModifierHeld)
        } else {
            Verdict::Inject
        }
    }
}

#[cfg(test)]
mod tests;
