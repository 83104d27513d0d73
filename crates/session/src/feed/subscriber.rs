//! One window's queue of events.

use std::collections::VecDeque;

use super::{FeedEvent, Item};
use crate::{
    ids::{EventSeq, SessionId},
    limits,
    time::Tick,
};

/// A window that listens to one session, or to what concerns the whole app.
#[derive(Debug, Clone)]
pub(super) struct Subscriber<E> {
    pub(super) session: Option<SessionId>,
    waiting: VecDeque<E>,
    state: State,
    /// The newest event of the session that it was given, here or when it opened.
    last_given: Option<EventSeq>,
    quiet_since: Tick,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Open, and a sign of life waits.
    Beating(Option<EventSeq>),
    /// No event comes any more; what waits is still handed out, then the end.
    Ended(End),
}

/// How a feed ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    TooSlow,
    SessionClosed,
}

/// The subscriber was too far behind and gets nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooSlow;

impl<E: FeedEvent> Subscriber<E> {
    pub(super) fn new(session: Option<SessionId>, given: Option<EventSeq>, now: Tick) -> Self {
        Self { session, waiting: VecDeque::new(), state: State::Open, last_given: given, quiet_since: now }
    }

    /// Starts afresh after a gap: what waited is covered by the new opening.
    pub(super) fn reopen(&mut self, given: Option<EventSeq>, now: Tick) {
        *self = Self::new(self.session, given, now);
    }

    pub(super) fn is_open(&self) -> bool {
        !matches!(self.state, State::Ended(_))
    }

    /// Puts an event into the queue. Where it is full the subscriber ends instead.
    pub(super) fn push(&mut self, event: &E, now: Tick) -> Result<(), TooSlow> {
        if self.waiting.len() >= limits::FEED_QUEUE {
            self.end(End::TooSlow);
            return Err(TooSlow);
        }
        self.waiting.push_back(event.clone());
        self.last_given = self.last_given.max(event.seq());
        self.quiet_since = now;
        Ok(())
    }

    pub(super) fn end(&mut self, end: End) {
        self.state = State::Ended(end);
    }

    /// When it is to be given a sign of life, if nothing happens until then.
    pub(super) fn heartbeat_at(&self) -> Option<Tick> {
        self.is_open().then(|| self.quiet_since + limits::HEARTBEAT)
    }

    /// Gives it a sign of life if it is time; one that has not read what waits gets none on top.
    pub(super) fn beat(&mut self, last_seq: Option<EventSeq>, now: Tick) {
        if self.heartbeat_at().is_none_or(|at| now < at) {
            return;
        }
        self.quiet_since = now;
        if self.waiting.is_empty() {
            self.state = State::Beating(last_seq);
        }
    }

    /// The next thing for the window: every event that got in, in order, before any end.
    pub(super) fn pop(&mut self) -> Option<Item<E>> {
        if let State::Beating(last_seq) = self.state {
            self.state = State::Open;
            return Some(Item::Heartbeat { last_seq });
        }
        if let Some(event) = self.waiting.pop_front() {
            return Some(Item::Event(event));
        }
        let last_seq = self.last_given;
        match self.state {
            State::Ended(End::TooSlow) => Some(Item::Dropped { last_seq }),
            State::Ended(End::SessionClosed) => Some(Item::Closed { last_seq }),
            State::Open | State::Beating(_) => None,
        }
    }
}
