//! Feeds: how windows learn what happens in a session.
//!
//! A window subscribes to one session (or, without one, to what concerns the whole app) and gets an [`Opening`]: the
//! engine's last status, a replay of the last transcript events, and the number of the last event. From then on every
//! event waits in a queue of its own until the window polls it. Nobody waits for a slow window: one that falls too
//! far behind gets what is in its queue and then [`Item::Dropped`], and must subscribe anew. A silent feed says that
//! it lives. Who listens also decides whether a recording is abandoned; see [`Presence`] and [`Reaper`].
//!
//! The feeds know nothing of what an event says; [`FeedEvent`] is all they ask.

mod frames;
mod presence;
mod reaper;
mod ring;
mod subscriber;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_order;

use std::collections::BTreeMap;

pub use frames::{FrameFeed, NextFrame};
pub use presence::{Begun, Lease, Presence};
pub use reaper::{Reaper, is_due};
pub use ring::{Query, Ring};
use subscriber::{End, Subscriber};

use crate::{
    ids::{EventSeq, FeedId, SessionId},
    time::{Millis, Tick},
};

/// What the feeds must know of an event.
pub trait FeedEvent: Clone {
    /// What kind it is.
    fn class(&self) -> Class;
    /// Its number in its session; nothing for what belongs to no session.
    fn seq(&self) -> Option<EventSeq>;
    /// How sure the engine is of the words in it, if there are words and it says so.
    fn confidence(&self) -> Option<f32> {
        None
    }
}

/// What kind of event it is, for keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Words that will not change: kept for replay.
    Transcript,
    /// Words that may change: never kept.
    Interim,
    /// A change of state: never kept, because a snapshot says it better.
    Control,
    /// The engine's status: the last one is given to everyone who comes.
    EngineStatus,
}

/// What a window is given when it subscribes or resyncs. What it holds of earlier events is replaced by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening<E> {
    /// The feed to poll.
    pub feed: FeedId,
    /// The engine's last status.
    pub engine_status: Option<E>,
    /// Kept transcript events after the one asked for, oldest first.
    pub replay: Vec<E>,
    /// Whether the replay goes back all the way; if not, the rest is in the history.
    pub complete: bool,
    /// The number of the session's last event; the feed's next one has the number after it.
    pub last_seq: Option<EventSeq>,
}

/// What a window finds when it polls.
#[derive(Debug, Clone, PartialEq)]
pub enum Item<E> {
    /// An event.
    Event(E),
    /// Nothing happened for a while; this is the number of the session's last event.
    Heartbeat {
        /// The last event there was.
        last_seq: Option<EventSeq>,
    },
    /// The window was too slow and gets nothing more. The last item of a feed.
    Dropped {
        /// The last event it was given: where to go on from in a new subscription.
        last_seq: Option<EventSeq>,
    },
    /// The session is closed. The last item of a feed.
    Closed {
        /// The last event it was given.
        last_seq: Option<EventSeq>,
    },
}

/// Why a feed can't be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// There is no such session in memory; its words are in the history.
    #[error("session {0} is not live; read it from the history")]
    NoSession(SessionId),
    /// There is no such feed, or it has ended; subscribe anew.
    #[error("feed {0} is not there any more; subscribe anew")]
    NoFeed(FeedId),
    /// There is a session of this id already.
    #[error("session {0} has its feed already")]
    SessionExists(SessionId),
}

/// All feeds of the app.
#[derive(Debug, Clone)]
pub struct Feeds<E> {
    sessions: BTreeMap<SessionId, Source<E>>,
    subscribers: BTreeMap<FeedId, Subscriber<E>>,
    engine_status: Option<E>,
    last_id: Option<FeedId>,
}

/// What is kept of one session.
#[derive(Debug, Clone)]
struct Source<E> {
    ring: Ring<E>,
    presence: Presence,
    last_seq: Option<EventSeq>,
    closed: bool,
}

impl<E> Default for Feeds<E> {
    fn default() -> Self {
        Self { sessions: BTreeMap::new(), subscribers: BTreeMap::new(), engine_status: None, last_id: None }
    }
}

impl<E: FeedEvent> Feeds<E> {
    /// A session begins.
    pub fn open(&mut self, session: SessionId, begun: Begun, now: Tick) -> Result<(), FeedError> {
        if self.sessions.contains_key(&session) {
            return Err(FeedError::SessionExists(session));
        }
        let presence = Presence::new(begun, now);
        self.sessions
            .insert(session, Source { ring: Ring::default(), presence, last_seq: None, closed: false });
        Ok(())
    }

    /// Something happened in a session: every window that listens to it gets a copy, nobody waits.
    pub fn publish(&mut self, session: SessionId, event: &E, now: Tick) -> Result<(), FeedError> {
        let source = self.live(session)?;
        source.ring.keep(event);
        source.last_seq = source.last_seq.max(event.seq());
        self.hand_out(event, |to| to == Some(session), now);
        Ok(())
    }

    /// Something happened that belongs to no session: every window gets a copy. An engine's status is kept.
    pub fn announce(&mut self, event: &E, now: Tick) {
        if event.class() == Class::EngineStatus {
            self.engine_status = Some(event.clone());
        }
        self.hand_out(event, |_| true, now);
    }

    /// A window listens to a session from now on, having seen its events up to `after`; or, without a session, to what
    /// concerns the whole app.
    pub fn subscribe(
        &mut self,
        session: Option<SessionId>,
        after: Option<EventSeq>,
        now: Tick,
    ) -> Result<Opening<E>, FeedError> {
        if let Some(session) = session {
            self.live(session)?;
        }
        let feed = FeedId::after(self.last_id);
        self.last_id = Some(feed);
        let opening = self.opening(feed, session, after);
        self.subscribers.insert(feed, Subscriber::new(session, opening.last_seq, now));
        if let Some(source) = session.and_then(|session| self.sessions.get_mut(&session)) {
            source.presence.join(feed);
        }
        Ok(opening)
    }

    /// A window has noticed a gap: what waits for it is thrown away, and it goes on from the opening it gets.
    pub fn resync(
        &mut self,
        feed: FeedId,
        after: Option<EventSeq>,
        now: Tick,
    ) -> Result<Opening<E>, FeedError> {
        let open = self.subscribers.get(&feed).filter(|subscriber| subscriber.is_open());
        let session = open.ok_or(FeedError::NoFeed(feed))?.session;
        let opening = self.opening(feed, session, after);
        if let Some(subscriber) = self.subscribers.get_mut(&feed) {
            subscriber.reopen(opening.last_seq, now);
        }
        Ok(opening)
    }

    /// A window listens no longer. Doing it again, or for a feed that is not there, changes nothing.
    pub fn unsubscribe(&mut self, feed: FeedId, now: Tick) {
        if let Some(session) = self.subscribers.remove(&feed).and_then(|subscriber| subscriber.session) {
            self.leave(session, feed, now);
        }
    }

    /// The next thing for a window. After [`Item::Dropped`] or [`Item::Closed`] the feed is gone.
    pub fn poll(&mut self, feed: FeedId) -> Option<Item<E>> {
        let item = self.subscribers.get_mut(&feed)?.pop();
        if matches!(item, Some(Item::Dropped { .. } | Item::Closed { .. })) {
            self.subscribers.remove(&feed);
        }
        item
    }

    /// Takes or gives back a lease on a session; it counts as someone being there.
    pub fn lease(
        &mut self,
        session: SessionId,
        lease: Lease,
        held: bool,
        now: Tick,
    ) -> Result<(), FeedError> {
        let presence = &mut self.live(session)?.presence;
        if held {
            presence.take(lease);
        } else {
            presence.give_back(lease, now);
        }
        Ok(())
    }

    /// Who is there for a session.
    pub fn presence(&self, session: SessionId) -> Option<&Presence> {
        self.sessions.get(&session).map(|source| &source.presence)
    }

    /// The kept events of a session that fit; how many is the length of the answer.
    pub fn history(&self, session: SessionId, query: Query) -> Result<Vec<E>, FeedError> {
        let source = self.sessions.get(&session).ok_or(FeedError::NoSession(session))?;
        Ok(source.ring.find(query))
    }

    /// A session is closed: its windows get what waits for them and then [`Item::Closed`]. Its kept events can still be
    /// asked for until [`Feeds::forget`].
    pub fn close(&mut self, session: SessionId, now: Tick) {
        let Some(source) = self.sessions.get_mut(&session) else { return };
        source.closed = true;
        for (feed, subscriber) in &mut self.subscribers {
            if subscriber.session == Some(session) && subscriber.is_open() {
                subscriber.end(End::SessionClosed);
                source.presence.leave(*feed, now);
            }
        }
    }

    /// A session leaves memory, and with it every feed of it, read or not.
    pub fn forget(&mut self, session: SessionId) {
        self.sessions.remove(&session);
        self.subscribers.retain(|_, subscriber| subscriber.session != Some(session));
    }

    /// A closed session leaves memory. Windows that have not read all of it yet still get what waits for them, and the end.
    pub fn let_go(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    /// When the next silent feed is to say that it lives.
    pub fn poll_timeout(&self) -> Option<Tick> {
        self.subscribers.values().filter_map(Subscriber::heartbeat_at).min()
    }

    /// Lets every feed that has been silent for long enough say that it lives.
    pub fn handle_timeout(&mut self, now: Tick) {
        for subscriber in self.subscribers.values_mut() {
            let source = subscriber.session.and_then(|session| self.sessions.get(&session));
            subscriber.beat(source.and_then(|source| source.last_seq), now);
        }
    }

    /// One pass of the reaper: the recordings that nobody is there for. `running` says which sessions run.
    pub fn reap_once(&self, ttl: Millis, running: impl Fn(SessionId) -> bool, now: Tick) -> Vec<SessionId> {
        let due = |(session, source): &(&SessionId, &Source<E>)| {
            is_due(!source.closed && running(**session), &source.presence, ttl, now)
        };
        self.sessions.iter().filter(due).map(|(session, _)| *session).collect()
    }

    fn live(&mut self, session: SessionId) -> Result<&mut Source<E>, FeedError> {
        self.sessions.get_mut(&session).filter(|source| !source.closed).ok_or(FeedError::NoSession(session))
    }

    fn opening(&self, feed: FeedId, session: Option<SessionId>, after: Option<EventSeq>) -> Opening<E> {
        let source = session.and_then(|session| self.sessions.get(&session));
        Opening {
            feed,
            engine_status: self.engine_status.clone(),
            replay: source.map_or_else(Vec::new, |source| source.ring.after(after)),
            complete: source.is_none_or(|source| source.ring.reaches_back_to(after)),
            last_seq: source.and_then(|source| source.last_seq),
        }
    }

    /// Gives a copy to every open subscriber that listens there; those too slow for it are told and leave.
    fn hand_out(&mut self, event: &E, listens: impl Fn(Option<SessionId>) -> bool, now: Tick) {
        let mut dropped = Vec::new();
        for (feed, subscriber) in &mut self.subscribers {
            let concerned = subscriber.is_open() && listens(subscriber.session);
            if concerned && subscriber.push(event, now).is_err() {
                dropped.extend(subscriber.session.map(|session| (session, *feed)));
            }
        }
        for (session, feed) in dropped {
            self.leave(session, feed, now);
        }
    }

    fn leave(&mut self, session: SessionId, feed: FeedId, now: Tick) {
        if let Some(source) = self.sessions.get_mut(&session) {
            source.presence.leave(feed, now);
        }
    }
}
