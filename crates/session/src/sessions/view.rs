//! What others may see of a session: copies, with nothing internal in them.

use serde::{Deserialize, Serialize};

use super::{Sessions, turn::Session};
use crate::{
    history::Message,
    ids::{EventSeq, SessionId, Token},
    scope::Scope,
    state::{Progress, State},
    time::{Millis, Now, Wall},
    vocabulary::{Mode, StyleId},
};

/// A session as it may cross to a page or a file: no owner, no target, no numbers of its machinery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionCard {
    /// Which.
    pub id: SessionId,
    /// Which style corrects.
    pub style_id: Option<StyleId>,
    /// How audio becomes text.
    pub mode: Mode,
    /// What was said so far, in the order of the turns.
    pub history: Vec<Message>,
    /// When it began.
    pub created_at: Wall,
    /// When something last happened in it.
    pub last_active_at: Wall,
}

/// A session as the surfaces of the running app follow it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveSession {
    /// Project, engine, session.
    pub scope: Scope,
    /// Its token.
    pub token: Token,
    /// Where it stands.
    pub state: State,
    /// As a list of work sees it.
    pub progress: Progress,
    /// The last event it told.
    pub last_seq: Option<EventSeq>,
    /// When it began.
    pub started_at: Wall,
    /// How long ago that is, by the clock that only goes forward.
    pub elapsed_ms: Millis,
    /// Whether the app is at work on it.
    pub is_processing: bool,
}

impl Session {
    fn live(&self, now: Now) -> LiveSession {
        let state = self.state();
        LiveSession {
            scope: self.scope.clone(),
            token: self.token,
            state,
            progress: state.progress(),
            last_seq: self.last_seq,
            started_at: self.created.wall,
            elapsed_ms: now.tick.since(self.created.tick),
            is_processing: state.is_busy(),
        }
    }

    fn card(&self) -> SessionCard {
        SessionCard {
            id: self.id(),
            style_id: self.begin.style,
            mode: self.begin.mode,
            history: self.history.snapshot(),
            created_at: self.created.wall,
            last_active_at: self.last_active.wall,
        }
    }
}

impl Sessions {
    /// A session in memory, or nothing if it is unknown or has left.
    pub fn get(&self, id: SessionId, now: Now) -> Option<LiveSession> {
        self.by_token.values().find(|session| session.id() == id).map(|session| session.live(now))
    }

    /// Every session in memory that is not over, in the order they began.
    pub fn active(&self, now: Now) -> Vec<LiveSession> {
        self.live
            .iter()
            .filter_map(|token| self.by_token.get(token))
            .map(|session| session.live(now))
            .collect()
    }

    /// A copy of a session as it may leave the app.
    pub fn card(&self, id: SessionId) -> Option<SessionCard> {
        self.by_token.values().find(|session| session.id() == id).map(Session::card)
    }

    /// How many sessions are in memory, finished ones included.
    pub fn in_memory(&self) -> usize {
        self.by_token.len()
    }

    /// Where a session stands.
    pub fn state(&self, token: Token) -> Option<State> {
        self.by_token.get(&token).map(Session::state)
    }
}
