//! Who is there for a session: windows that listen, and leases.

use std::collections::BTreeSet;

use crate::{
    ids::FeedId,
    time::{Millis, Tick},
};

/// A reason besides a listening window for a recording to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lease {
    /// A key is held down.
    Hold,
    /// The recording was begun by hotkey, tray or command line, and is ended by them.
    Capture,
}

/// How a session came to be: whether a window is needed to see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// From a window: if none listens in time after the start, it counts as abandoned.
    InWindow,
    /// By hotkey, tray or command line: it holds a [`Lease::Capture`] until that is given back.
    ByHand,
}

/// Who is there for one session, and since when nobody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    windows: BTreeSet<FeedId>,
    leases: BTreeSet<Lease>,
    alone_since: Option<Tick>,
}

impl Presence {
    /// The presence at the start of a session. Begun in a window, it is alone until the first one listens.
    pub fn new(begun: Begun, now: Tick) -> Self {
        let (leases, alone_since) = match begun {
            Begun::InWindow => (BTreeSet::new(), Some(now)),
            Begun::ByHand => (BTreeSet::from([Lease::Capture]), None),
        };
        Self { windows: BTreeSet::new(), leases, alone_since }
    }

    /// A window listens.
    pub fn join(&mut self, window: FeedId) {
        self.windows.insert(window);
        self.alone_since = None;
    }

    /// A window is gone. One that was not there changes nothing.
    pub fn leave(&mut self, window: FeedId, now: Tick) {
        let left = self.windows.remove(&window);
        self.left(left, now);
    }

    /// A lease is taken. Taking it twice is taking it once.
    pub fn take(&mut self, lease: Lease) {
        self.leases.insert(lease);
        self.alone_since = None;
    }

    /// A lease is given back. One that was not held changes nothing.
    pub fn give_back(&mut self, lease: Lease, now: Tick) {
        let left = self.leases.remove(&lease);
        self.left(left, now);
    }

    /// How many windows listen and leases are held.
    pub fn count(&self) -> usize {
        self.windows.len() + self.leases.len()
    }

    /// Since when nobody is there; nothing while someone is.
    pub fn alone_since(&self) -> Option<Tick> {
        self.alone_since
    }

    /// Whether nobody has been there for longer than `ttl`.
    pub fn is_abandoned(&self, ttl: Millis, now: Tick) -> bool {
        self.count() == 0 && self.alone_since.is_some_and(|since| now.since(since) > ttl)
    }

    /// The clock starts only when the last one leaves, not at every goodbye.
    fn left(&mut self, someone: bool, now: Tick) {
        if someone && self.count() == 0 {
            self.alone_since = Some(now);
        }
    }
}
