//! Things that every test needs and none wants to spell out.

use uuid::Uuid;

use crate::{
    guard::{Target, WindowRef},
    ids::{BootId, SessionId},
    input::{Begin, Wishes},
    scope::{EngineId, ProjectId},
    time::{Now, Tick, Wall},
    vocabulary::{Mode, OwnerId, StyleId, Trigger},
};

/// A run of the app.
pub fn boot() -> BootId {
    BootId(Uuid::from_u128(0xb007))
}

/// A moment, this many milliseconds after the app started. The wall clock starts at a round number.
pub fn at(millis: u64) -> Now {
    let wall = Wall(1_700_000_000_000 + i64::try_from(millis).unwrap_or(i64::MAX));
    Now { tick: Tick(millis), wall }
}

/// The id of the session of this number.
pub fn session_id(number: u64) -> SessionId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    SessionId::mint(at(0).wall, random)
}

/// A window of another program.
pub fn window(number: u64) -> WindowRef {
    WindowRef { app: format!("editor-{number}"), pid: 100, window: Some(number) }
}

/// A dictation by a held key into window 1, corrected by a language model that is set up.
pub fn begin(number: u64) -> Begin {
    Begin {
        session: session_id(number),
        trigger: Trigger::Hold,
        project: (ProjectId("default".into()), "Default".into()),
        engine: EngineId::named(None),
        owner: OwnerId(1),
        style: Some(StyleId(1)),
        mode: Mode::Corrected,
        target: Target::Bound(window(1)),
        client_temp_id: None,
        microphone_permitted: true,
        wishes: Wishes { corrector_ready: true, ..Wishes::default() },
    }
}
