//! What only tests may see: where every turn stands, whether anything at all changed, whether anything was left behind.

use std::{
    fmt::{self, Write as _},
    hash::{DefaultHasher, Hasher as _},
};

use super::Sessions;
use crate::{
    ids::{SessionId, Token},
    input::Work,
    state::State,
};

impl Sessions {
    /// Every turn of a session, in the order spoken, with its current run and where it stands.
    pub fn turns(&self, token: Token) -> impl Iterator<Item = (Work, State)> {
        let session = self.by_token.get(&token);
        session
            .into_iter()
            .flat_map(|session| session.turns.iter().map(|turn| (session.work(turn), turn.state)))
    }

    /// A number that changes when anything but the counts and the effects does. Texts count by their length.
    pub fn digest(&self) -> u64 {
        let mut digest = Digest(DefaultHasher::new());
        let owners = (&self.by_token, &self.live, self.last_token, self.current, self.ready, self.awake);
        let slots = (self.hearing, self.delivering, &self.gate, &self.front, self.keys_held, self.quitting);
        let clocks = (&self.timers, &self.feeds, &self.reaper, &self.sweep, &self.redoing);
        // Writing into a hasher can't fail.
        let _ = write!(digest, "{owners:?}{slots:?}{clocks:?}");
        digest.0.finish()
    }

    /// Whether anything is kept that belongs to this session.
    pub fn remembers(&self, id: SessionId) -> bool {
        self.token_of(id).is_some() || self.feeds.presence(id).is_some()
    }

    /// How many entries the lists hold that must be empty when nothing goes on.
    pub fn left_over(&self) -> usize {
        let slots = usize::from(self.hearing.is_some()) + usize::from(self.delivering.is_some());
        self.by_token.len() + self.live.len() + usize::from(self.timers.next().is_some()) + slots
    }
}

struct Digest(DefaultHasher);

impl fmt::Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
