//! What the gesture machine is told, and what it says.

use serde::{Deserialize, Serialize};

use crate::{ids::Token, state::State, vocabulary::Trigger};

/// How the user likes to use the hotkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PressMode {
    /// Speak while the key is held. A press shorter than [`crate::limits::HOLD_THRESHOLD`] is nothing.
    Hold,
    /// One press starts, the next stops. Releases mean nothing.
    Toggle,
    /// A short press toggles, a long one is a hold.
    #[default]
    Hybrid,
    /// Two short presses within [`crate::limits::DOUBLE_TAP`] start, the next press stops.
    DoubleTap,
}

/// What kind of key the hotkey is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// A key with or without modifiers: its release is a release.
    Chord,
    /// A modifier alone: its release counts only when it lasts [`crate::limits::MODIFIER_DEBOUNCE`], and with any other
    /// key it is a shortcut of another program.
    Modifier,
}

/// What the system tells of a registered hotkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyReports {
    /// Presses alone, as with shortcuts of a Wayland desktop.
    Presses,
    /// Presses and releases.
    Releases,
    /// Presses and releases, and it answers whether the key is down now.
    ReleasesAndState,
}

/// A hotkey as it is to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Binding {
    /// How the user likes to use it.
    pub mode: PressMode,
    /// What kind of key it is.
    pub kind: KeyKind,
    /// What the system tells of it.
    pub reports: KeyReports,
}

/// What a press is taken for, given what the system tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plan {
    /// The mode as wished.
    AsWished(PressMode),
    /// Presses toggle whatever was wished, because no release will come. The settings page says so.
    ToggleOnly,
}

impl Binding {
    /// What can be had of the wished mode on this system.
    pub fn plan(self) -> Plan {
        match self.reports {
            KeyReports::Presses => Plan::ToggleOnly,
            KeyReports::Releases | KeyReports::ReleasesAndState => Plan::AsWished(self.mode),
        }
    }

    /// The mode that presses obey.
    pub fn effective(self) -> PressMode {
        match self.plan() {
            Plan::AsWished(mode) => mode,
            Plan::ToggleOnly => PressMode::Toggle,
        }
    }
}

/// What was asked for without the hotkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Start recording.
    Start,
    /// Stop recording.
    Stop,
    /// Stop if something records, start if not.
    Toggle,
}

/// Everything the machine is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyInput {
    /// The system says that the hotkey was pressed. It may be a repetition.
    Pressed,
    /// The system says that the hotkey was released. It may have said so before.
    Released,
    /// A modifier of the hotkey came up before its main key.
    PartReleased,
    /// Another key went down while the hotkey was: of a modifier alone this makes a foreign shortcut.
    OtherKey,
    /// The answer to [`Gesture::Probe`], or to any other look at the keyboard: whether the hotkey is down.
    Physical(bool),
    /// The cancel key.
    Cancel,
    /// The key that takes the raw text and does not wait for the language model.
    Accept,
    /// Tray, window or command line want something.
    Ask(Ask, Trigger),
    /// A session was begun, or goes on in its tail: by [`Gesture::Begin`] or by anybody else.
    Begun(Token),
    /// What [`Gesture::Begin`] asked for did not come about.
    BeginRefused,
    /// Where a session stands now.
    Session(Token, State),
    /// The tray menu is open and may have grabbed the keyboard.
    MenuOpened,
    /// The tray menu is closed.
    MenuClosed,
    /// The hotkey shall be used like this from now on, or as soon as nothing is under way.
    Rebind(Binding),
    /// The app is ending: nothing is listened to any more.
    Quit,
}

/// What the user means, or what the machine needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// Open the microphone and note the window in front: this may become a dictation. Always followed by a
    /// [`Gesture::Begin`] or a [`Gesture::Discard`].
    Prepare {
        /// A session is in its tail: hold that tail's timer until this is decided.
        interrupts_tail: bool,
    },
    /// It was nothing. Close the microphone and forget what it heard.
    Discard {
        /// The session whose tail was held up ends now.
        ends_tail: bool,
    },
    /// A dictation begins, with all that was heard since [`Gesture::Prepare`] if that came before.
    Begin(Trigger),
    /// The user has finished speaking.
    Stop,
    /// The user calls off the session that owns microphone and screen.
    Cancel,
    /// The user takes the raw text.
    AcceptRaw,
    /// Look whether the hotkey is down, and say so by [`KeyInput::Physical`].
    Probe,
    /// Register the hotkey of this binding in place of the old one.
    Rebind(Binding),
    /// It can't be done. The key that asked is used up all the same.
    Refuse(Refusal),
}

/// Why something can't be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The accept key, with no language model at work.
    #[error("no text is being corrected: there is nothing to accept")]
    NothingToAccept,
    /// A stop, with nothing recording.
    #[error("nothing is being recorded: there is nothing to stop")]
    NothingToStop,
    /// A start, while a recording runs.
    #[error("a dictation is being recorded: stop it before starting another")]
    AlreadyRecording,
    /// A start while the app ends.
    #[error("Quoth is ending")]
    Quitting,
}
