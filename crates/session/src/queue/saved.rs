//! The queue as it stands in the store, and what is made of it after a restart.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Job, Kind, Queue, QueuedTurn, RecordingId, Status, TurnId, What, line::Line, machine::Bootstrap,
};
use crate::{
    scope::ScopeKey,
    text::Text,
    time::{Now, Wall},
};

/// A turn as it is stored: loosely typed, because it may come from another version or a damaged file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedTurn {
    /// Which turn.
    pub id: String,
    /// Its session, as a printed scope.
    pub session: String,
    /// Its recording, if that is what there is to work on.
    pub recording: Option<String>,
    /// Its words, if those are.
    pub text: Option<Text>,
    /// transcribe, correct or template.
    pub job: String,
    /// normal or steer.
    pub kind: String,
    /// queued or paused.
    pub status: String,
    /// Its place in its session's queue.
    pub pos: i64,
    /// When it came in.
    pub created_at: i64,
    /// When it was last given to a worker.
    pub dispatched_at: Option<i64>,
    /// When its words were handed to the delivery.
    pub delivered_at: Option<i64>,
}

/// Why a stored turn does not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// It has neither recording nor words.
    Blank,
    /// Its id or session can't be read, or the session's name was only temporary.
    Unreadable,
    /// Its words went out before the restart.
    Delivered,
    /// Another with its id came back already.
    Twice,
}

/// What became of the stored turns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// How many came back; every one of them is paused.
    pub kept: usize,
    /// Those that did not, by what was stored as their id.
    pub dropped: Vec<(String, Dropped)>,
}

impl SavedTurn {
    fn of(turn: &QueuedTurn, pos: i64) -> Self {
        let (recording, text) = match &turn.what {
            What::Recording(RecordingId(id)) => (Some(id.to_string()), None),
            What::Text(text) => (None, Some(text.clone())),
        };
        Self {
            id: turn.id.0.to_string(),
            session: turn.session.to_string(),
            recording,
            text,
            job: match turn.job {
                Job::Transcribe => "transcribe",
                Job::Correct => "correct",
                Job::Template => "template",
            }
            .to_owned(),
            kind: if turn.kind == Kind::Steer { "steer" } else { "normal" }.to_owned(),
            status: if turn.status == Status::Paused { "paused" } else { "queued" }.to_owned(),
            pos,
            created_at: turn.created_at.0,
            dispatched_at: turn.dispatched_at.map(|at| at.0),
            delivered_at: turn.delivered_at.map(|at| at.0),
        }
    }

    /// The turn it stands for, paused and given to nobody. What can't be read of job and kind becomes the usual.
    fn read(&self, created: u64) -> Result<QueuedTurn, Dropped> {
        let id = Uuid::parse_str(self.id.trim()).map_err(|_| Dropped::Unreadable)?;
        let session = ScopeKey::parse(&self.session).filter(|session| !session.is_temporary());
        let recording = self.recording.as_deref().and_then(|id| Uuid::parse_str(id.trim()).ok());
        let text = self.text.clone().filter(|text| !text.is_blank());
        let what = match (recording, text) {
            (Some(recording), _) => What::Recording(RecordingId(recording)),
            (None, Some(text)) => What::Text(text),
            (None, None) => return Err(Dropped::Blank),
        };
        if self.delivered_at.is_some() {
            return Err(Dropped::Delivered);
        }
        Ok(QueuedTurn {
            id: TurnId(id),
            session: session.ok_or(Dropped::Unreadable)?,
            what,
            job: match self.job.as_str() {
                "correct" => Job::Correct,
                "template" => Job::Template,
                _ => Job::Transcribe,
            },
            kind: if self.kind == "steer" { Kind::Steer } else { Kind::Normal },
            status: Status::Paused,
            created_at: Wall(self.created_at),
            dispatched_at: None,
            delivered_at: None,
            created,
        })
    }
}

impl Queue {
    /// Everything that must survive a crash, session by session: what is worked on first, then what waits. Turns of
    /// sessions with a temporary name are not in it.
    pub fn saved(&self) -> Vec<SavedTurn> {
        let lasting = self.lines.iter().filter(|(session, _)| !session.is_temporary());
        lasting.flat_map(|(_, line)| saved_line(line)).collect()
    }

    /// The queue after a restart. Old speech never goes out by itself: every turn is paused until the user resumes its
    /// session. Sessions are asked for their state, and nothing is dispatched before [`crate::limits::QUEUE_BOOTSTRAP`].
    pub fn load(rows: impl IntoIterator<Item = SavedTurn>, now: Now) -> (Self, Loaded) {
        let mut rows: Vec<SavedTurn> = rows.into_iter().collect();
        rows.sort_by(|a, b| (&a.session, a.pos).cmp(&(&b.session, b.pos)));
        let mut queue = Self::default();
        let mut loaded = Loaded::default();
        let mut seen = BTreeSet::new();
        let mut turns = Vec::new();
        for row in rows {
            match row.read(0).and_then(|turn| seen.insert(turn.id).then_some(turn).ok_or(Dropped::Twice)) {
                Ok(turn) => turns.push(turn),
                Err(why) => loaded.dropped.push((row.id, why)),
            }
        }
        loaded.kept = turns.len();
        rank_by_age(&mut turns);
        queue.next_created = u64::try_from(turns.len()).unwrap_or(u64::MAX);
        for turn in turns {
            queue.lines.entry(turn.session.clone()).or_default().waiting.push(turn);
        }
        queue.bootstrap = Bootstrap::of(&queue.lines, now.tick);
        queue.ask_everyone();
        (queue, loaded)
    }
}

fn saved_line(line: &Line) -> impl Iterator<Item = SavedTurn> {
    let turns = line.work.iter().map(|work| &work.turn).chain(&line.waiting);
    turns.zip(0..).map(|(turn, pos)| SavedTurn::of(turn, pos))
}

/// Numbers the turns by when they came in, the oldest first, without moving them.
fn rank_by_age(turns: &mut [QueuedTurn]) {
    let mut by_age: Vec<&mut QueuedTurn> = turns.iter_mut().collect();
    by_age.sort_by_key(|turn| turn.created_at);
    for (turn, rank) in by_age.into_iter().zip(0..) {
        turn.created = rank;
    }
}
