//! A recorded utterance, or other work on a turn, that waits.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{scope::ScopeKey, text::Text, time::Wall};

/// Which queued turn. Made outside, never reused: what was delivered under it is never delivered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnId(pub Uuid);

/// Which recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordingId(pub Uuid);

/// What there is to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Sound on disk.
    Recording(RecordingId),
    /// Words, never blank.
    Text(Text),
}

impl What {
    /// Whether there is nothing to work on.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_blank())
    }
}

/// What is to be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Job {
    /// Recognise it, and whatever follows.
    Transcribe,
    /// Correct words that are there.
    Correct,
    /// Put words that are there through a template.
    Template,
}

/// How urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// In its turn.
    Normal,
    /// Before all that is normal.
    Steer,
}

/// Whether it may be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As soon as its session is free.
    Queued,
    /// Not until the user says so.
    Paused,
}

/// A turn on its way into the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTurn {
    /// Which turn.
    pub id: TurnId,
    /// Its session; may still have a temporary name.
    pub session: ScopeKey,
    /// What there is to work on.
    pub what: What,
    /// What is to be done.
    pub job: Job,
    /// How urgent it is.
    pub kind: Kind,
    /// When its words went out, if they did: such a turn is refused.
    pub delivered_at: Option<Wall>,
}

/// A turn in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedTurn {
    /// Which turn.
    pub id: TurnId,
    /// Its session.
    pub session: ScopeKey,
    /// What there is to work on.
    pub what: What,
    /// What is to be done.
    pub job: Job,
    /// How urgent it is.
    pub kind: Kind,
    /// Whether it may be worked on.
    pub status: Status,
    /// When it came in.
    pub created_at: Wall,
    /// When it was last given to a worker.
    pub dispatched_at: Option<Wall>,
    /// When its words were handed to the delivery.
    pub delivered_at: Option<Wall>,
    /// How many came in before it: the order of delivery, which setting the clock does not change.
    pub(super) created: u64,
}
