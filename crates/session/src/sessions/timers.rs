//! What must happen at a moment of its own.

use std::collections::BTreeMap;

use crate::{
    ids::{Token, TurnSeq},
    time::Tick,
};

/// Why a session wants to be woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// Open the microphone once more.
    CaptureRetry,
    /// The microphone has had its time to open.
    CaptureOpen,
    /// The last syllable must be in by now.
    Tail,
    /// The longest recording allowed.
    Longest,
    /// The engine has had its time.
    Recognition(TurnSeq),
    /// The language model has had its time.
    Correction(TurnSeq),
    /// The hands have had their time.
    Delivery(TurnSeq),
    /// Nobody said for long where the text goes.
    Waiting(TurnSeq),
}

/// Every timer that runs. At most one of a kind for a session; setting it again moves it.
#[derive(Debug, Default)]
pub(super) struct Timers {
    at: BTreeMap<(Token, Timer), Tick>,
    order: BTreeMap<(Tick, Token, Timer), ()>,
}

impl Timers {
    pub(super) fn set(&mut self, token: Token, timer: Timer, at: Tick) {
        self.stop(token, timer);
        self.at.insert((token, timer), at);
        self.order.insert((at, token, timer), ());
    }

    pub(super) fn stop(&mut self, token: Token, timer: Timer) {
        if let Some(at) = self.at.remove(&(token, timer)) {
            self.order.remove(&(at, token, timer));
        }
    }

    /// Stops all timers of a session.
    pub(super) fn stop_all(&mut self, token: Token) {
        let first = (token, Timer::CaptureRetry);
        let running: Vec<_> = self
            .at
            .range(first..)
            .take_while(|((owner, _), _)| *owner == token)
            .map(|(key, _)| *key)
            .collect();
        for (token, timer) in running {
            self.stop(token, timer);
        }
    }

    pub(super) fn next(&self) -> Option<Tick> {
        self.order.keys().next().map(|(at, ..)| *at)
    }

    /// Takes out the earliest timer that is due, if one is.
    pub(super) fn due(&mut self, now: Tick) -> Option<(Token, Timer)> {
        let (at, token, timer) = *self.order.keys().next()?;
        if at > now {
            return None;
        }
        self.stop(token, timer);
        Some((token, timer))
    }
}
