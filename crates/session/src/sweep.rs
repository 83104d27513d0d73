//! Which finished sessions leave memory, and when. Their rows stay; only what is held in RAM goes.

use std::collections::BTreeSet;

use crate::{ids::SessionId, limits, time::Tick};

/// What the sweep looks at in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which one.
    pub session: SessionId,
    /// Whether it has ended. One that records, is processed or delivered is never swept.
    pub ended: bool,
    /// When something last happened in it.
    pub last_active: Tick,
}

impl Candidate {
    /// Whether it has ended and been idle for longer than [`limits::IDLE`].
    pub fn is_idle(&self, now: Tick) -> bool {
        self.ended && now.since(self.last_active) > limits::IDLE
    }
}

/// Looks every [`limits::IDLE_TICK`]. A session is closed in two steps: [`Sweep::pass`] names it once, its last rows
/// are written while it can still be asked for, then [`Sweep::written`] says that it may be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    next: Option<Tick>,
    closing: BTreeSet<SessionId>,
}

impl Sweep {
    /// A sweep that first looks one period from `now`.
    pub fn starting(now: Tick) -> Self {
        Self { next: Some(now + limits::IDLE_TICK), closing: BTreeSet::new() }
    }

    /// Stops looking. Doing it again is harmless.
    pub fn stop(&mut self) {
        self.next = None;
    }

    /// When to look next.
    pub fn poll_timeout(&self) -> Option<Tick> {
        self.next
    }

    /// If it is time: the sessions to close now, each named once. A pass that comes late counts as one.
    pub fn handle_timeout(
        &mut self,
        candidates: impl IntoIterator<Item = Candidate>,
        now: Tick,
    ) -> Vec<SessionId> {
        match self.next {
            Some(next) if now >= next => {
                self.next = Some(now + limits::IDLE_TICK);
                self.pass(candidates, now)
            }
            _ => Vec::new(),
        }
    }

    /// One look, whatever the time: the sessions to close now that are not being closed already.
    pub fn pass(&mut self, candidates: impl IntoIterator<Item = Candidate>, now: Tick) -> Vec<SessionId> {
        let idle = candidates.into_iter().filter(|candidate| candidate.is_idle(now));
        idle.map(|candidate| candidate.session).filter(|session| self.closing.insert(*session)).collect()
    }

    /// What a session had is written. Answers whether it is to be removed now: once, and only if it was named.
    pub fn written(&mut self, session: SessionId) -> bool {
        self.closing.remove(&session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Wall;

    fn candidate(number: u8, ended: bool, last_active: u64) -> Candidate {
        let session = SessionId::mint(Wall(0), [number; 10]);
        Candidate { session, ended, last_active: Tick(last_active) }
    }

    #[test]
    fn tl13_c29_a_finished_session_is_there_at_300_seconds_and_gone_at_330() {
        let mut sweep = Sweep::starting(Tick(0));
        let finished = candidate(1, true, 0);
        let recording = candidate(2, false, 0);
        let mut closed = Vec::new();
        while let Some(now) = sweep.poll_timeout().filter(|now| *now <= Tick(360_000)) {
            for session in sweep.handle_timeout([finished, recording], now) {
                closed.push((now, session));
            }
        }
        assert_eq!(closed, [(Tick(330_000), finished.session)], "once, and not the one that records");
        assert!(sweep.written(finished.session));
        assert!(!sweep.written(finished.session), "removed once");
    }

    #[test]
    fn c29_only_what_ended_is_idle_and_five_minutes_is_not_longer_than_five_minutes() {
        assert!(!candidate(1, true, 0).is_idle(Tick(300_000)));
        assert!(candidate(1, true, 0).is_idle(Tick(300_001)));
        assert!(!candidate(1, false, 0).is_idle(Tick(9_000_000)));
        assert!(!candidate(1, true, 400_000).is_idle(Tick(0)), "activity ahead of the clock is no age");
    }

    #[test]
    fn c27_a_session_that_is_being_written_is_not_named_again_and_an_unknown_one_not_removed() {
        let mut sweep = Sweep::starting(Tick(0));
        let finished = candidate(1, true, 0);
        assert_eq!(sweep.pass([finished], Tick(400_000)), [finished.session]);
        assert!(sweep.pass([finished], Tick(430_000)).is_empty());
        assert!(!sweep.written(candidate(2, true, 0).session));
    }

    #[test]
    fn c30_a_stopped_sweep_never_looks_again_and_stops_twice() {
        let mut sweep = Sweep::starting(Tick(0));
        sweep.stop();
        sweep.stop();
        assert_eq!(sweep.poll_timeout(), None);
        assert!(sweep.handle_timeout([candidate(1, true, 0)], Tick(900_000)).is_empty());
    }
}
