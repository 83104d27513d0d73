//! The messages of one session, in the order people read them.
//!
//! What was said is a user message, what it was corrected to an assistant message. A correction that comes late stands
//! under the words it corrects, not at the end. Each message has a place, [`Pos`], that is stored with it, so that a
//! reload gives the same order without knowing the rule.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{
    ids::TurnSeq,
    limits,
    text::Text,
    time::{Now, Wall},
};

/// Whose words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What was said, as recognised.
    User,
    /// What it was corrected to.
    Assistant,
    /// A remark of Quoth's own.
    System,
}

/// A place in the order of a session. Places have no meaning but their order; two messages never share one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pos(pub f64);

impl Pos {
    const STEP: f64 = 1.0;

    fn after(self) -> Self {
        Self(self.0 + Self::STEP)
    }

    /// The place halfway, unless the gap is as small as it may get.
    fn between(self, next: Self) -> Option<Self> {
        let gap = next.0 - self.0;
        (gap > limits::SMALLEST_GAP).then_some(Self(self.0 + gap / 2.0))
    }
}

impl PartialEq for Pos {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Pos {}

impl PartialOrd for Pos {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pos {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// One message, as it stands in the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its place.
    pub pos: Pos,
    /// Whose words.
    pub role: Role,
    /// The utterance it belongs to, if any.
    pub turn: Option<TurnSeq>,
    /// The words.
    pub text: Text,
    /// When it was made.
    pub at: Wall,
}

/// A message on its way into the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Whose words.
    pub role: Role,
    /// The utterance it belongs to, if any.
    pub turn: Option<TurnSeq>,
    /// The words.
    pub text: Text,
    /// When it was made, if that is known; else it is now.
    pub at: Option<Wall>,
}

/// Where a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// How many messages stand before it.
    pub index: usize,
    /// Whether every message got a new place: then all are to be stored again, in one transaction.
    pub renumbered: bool,
}

/// The messages of one session, always sorted by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    messages: Vec<Message>,
}

impl History {
    /// The history that stored messages make, in whatever order they come.
    pub fn load(mut rows: Vec<Message>) -> Self {
        rows.sort_by_key(|message| message.pos);
        Self { messages: rows }
    }

    /// Adds a message: an assistant's right after the last one of its turn, every other at the end. An assistant's
    /// whose turn has no message, or that has no turn, goes to the end too.
    pub fn add(&mut self, new: NewMessage, now: Now) -> Added {
        let index = self.place_for(&new);
        let (pos, renumbered) = self.pos_at(index);
        let NewMessage { role, turn, text, at } = new;
        self.messages.insert(index, Message { pos, role, turn, text, at: at.unwrap_or(now.wall) });
        if renumbered {
            self.renumber();
        }
        Added { index, renumbered }
    }

    /// The message at an index.
    pub fn get(&self, index: usize) -> Option<&Message> {
        self.messages.get(index)
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// A copy: what is done to it does not reach the history.
    pub fn snapshot(&self) -> Vec<Message> {
        self.messages.clone()
    }

    fn place_for(&self, new: &NewMessage) -> usize {
        let end = self.messages.len();
        match (new.role, new.turn) {
            (Role::Assistant, Some(turn)) => self
                .messages
                .iter()
                .rposition(|message| message.turn == Some(turn))
                .map_or(end, |last| last + 1),
            _ => end,
        }
    }

    /// A place for a message at `index`, and whether there was none left, so that all must be numbered anew.
    fn pos_at(&self, index: usize) -> (Pos, bool) {
        let before = index.checked_sub(1).and_then(|last| self.messages.get(last)).map(|message| message.pos);
        let next = self.messages.get(index).map(|message| message.pos);
        let place = match (before, next) {
            (None, _) => Some(Pos(Pos::STEP)),
            (Some(before), None) => Some(before.after()),
            (Some(before), Some(next)) => before.between(next),
        };
        (place.unwrap_or(Pos(Pos::STEP)), place.is_none())
    }

    fn renumber(&mut self) {
        let mut pos = Pos(0.0);
        for message in &mut self.messages {
            pos = pos.after();
            message.pos = pos;
        }
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
