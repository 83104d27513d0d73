//! Ends recordings that nobody is there for: an open microphone that nobody sees.

use super::Presence;
use crate::{
    limits,
    time::{Millis, Tick},
};

/// Whether a recording is to be ended: it runs, and nobody has been there for longer than `ttl`. A session that is only
/// starting, or has stopped, is spared.
pub fn is_due(running: bool, presence: &Presence, ttl: Millis, now: Tick) -> bool {
    running && presence.is_abandoned(ttl, now)
}

/// When to look. What it finds is the answer of [`super::Feeds::reap_once`], so that a pass needs no time to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reaper {
    ttl: Millis,
    next: Option<Tick>,
}

impl Default for Reaper {
    fn default() -> Self {
        Self::new(limits::REAPER_TTL)
    }
}

impl Reaper {
    /// A reaper that is not looking yet, for this time to live.
    pub fn new(ttl: Millis) -> Self {
        Self { ttl, next: None }
    }

    /// How long a recording may be alone.
    pub fn ttl(&self) -> Millis {
        self.ttl
    }

    /// Starts looking, first one period from `now`. One that looks already goes on as it was.
    pub fn start(&mut self, now: Tick) {
        self.next.get_or_insert(now + limits::reaper_period(self.ttl));
    }

    /// Stops looking. Doing it again is harmless.
    pub fn stop(&mut self) {
        self.next = None;
    }

    /// When to look next.
    pub fn poll_timeout(&self) -> Option<Tick> {
        self.next
    }

    /// Whether it is time for a pass now; the next one is then one period away, however late this one is.
    pub fn handle_timeout(&mut self, now: Tick) -> bool {
        let due = self.next.is_some_and(|next| now >= next);
        if due {
            self.next = Some(now + limits::reaper_period(self.ttl));
        }
        due
    }
}
