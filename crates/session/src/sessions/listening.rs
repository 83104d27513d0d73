//! Who listens to the sessions: windows by their feeds, and leases that keep a recording alive without one.

use super::Sessions;
use crate::{
    event::{Envelope, Event},
    feed::{Class, FeedError, FeedEvent, Item, Lease, Opening, Query},
    ids::{EventSeq, FeedId, SessionId, Token},
    time::Now,
};

impl Sessions {
    /// A window listens to a session from now on, having seen its events up to `after`; without a session, to what
    /// concerns the whole app.
    pub fn subscribe(
        &mut self,
        session: Option<SessionId>,
        after: Option<EventSeq>,
        now: Now,
    ) -> Result<Opening<Envelope>, FeedError> {
        self.feeds.subscribe(session, after, now.tick)
    }

    /// A window has noticed a gap and goes on from what it gets.
    pub fn resync(
        &mut self,
        feed: FeedId,
        after: Option<EventSeq>,
        now: Now,
    ) -> Result<Opening<Envelope>, FeedError> {
        self.feeds.resync(feed, after, now.tick)
    }

    /// A window listens no longer. The session goes on; an unknown feed changes nothing.
    pub fn unsubscribe(&mut self, feed: FeedId, now: Now) {
        self.feeds.unsubscribe(feed, now.tick);
    }

    /// The next thing for a window.
    pub fn poll_feed(&mut self, feed: FeedId) -> Option<Item<Envelope>> {
        self.feeds.poll(feed)
    }

    /// Takes or gives back a lease: it counts as somebody being there.
    pub fn lease(&mut self, session: SessionId, lease: Lease, held: bool, now: Now) -> Result<(), FeedError> {
        self.feeds.lease(session, lease, held, now.tick)
    }

    /// The kept events of a session that fit.
    pub fn recent(&self, session: SessionId, query: Query) -> Result<Vec<Envelope>, FeedError> {
        self.feeds.history(session, query)
    }

    /// How many windows and leases are there for a session.
    pub fn listeners(&self, session: SessionId) -> usize {
        self.feeds.presence(session).map_or(0, crate::feed::Presence::count)
    }

    pub(super) fn token_of(&self, id: SessionId) -> Option<Token> {
        self.by_token.values().find(|session| session.id() == id).map(|session| session.token)
    }
}

impl FeedEvent for Envelope {
    fn class(&self) -> Class {
        match &self.event {
            Event::Segment(_) | Event::AsrFinal { .. } | Event::FinalText { .. } => Class::Transcript,
            Event::InterimText { .. } => Class::Interim,
            _ => Class::Control,
        }
    }

    fn seq(&self) -> Option<EventSeq> {
        Some(self.seq)
    }

    fn confidence(&self) -> Option<f32> {
        match &self.event {
            Event::Segment(segment) => Some(f32::from(segment.confidence) / 1000.0),
            _ => None,
        }
    }
}
