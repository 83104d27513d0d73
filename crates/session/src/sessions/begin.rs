//! How a session begins, and what that does to the ones before it.

use super::{Answer, Begun, Refusal, Reply, Sessions, timers::Timer, turn::Session};
use crate::{
    effect::{Effect, Fact},
    event::{Busy, Cause, Event, Request, Trouble},
    feed,
    ids::Token,
    input::Begin,
    limits,
    state::{Outcome, State},
    time::Now,
    vocabulary::Overlap,
};

impl Sessions {
    pub(super) fn begin(&mut self, begin: Begin, now: Now) -> Answer {
        if let Err(refusal) = self.may_begin(&begin) {
            self.counts.refused += 1;
            self.tell_busy(&refusal, now);
            return Err(refusal);
        }
        // The token is minted only now: a refused begin leaves the session before it current.
        let token = Token::after(self.last_token);
        self.last_token = Some(token);
        self.make_room(&begin, now);
        let session = begin.session;
        self.open(token, begin, now);
        Ok(Reply::Begun(Begun { session, token }))
    }

    fn may_begin(&self, begin: &Begin) -> Result<(), Refusal> {
        if !self.ready || self.quitting.is_some() {
            return Err(Refusal::NotReady);
        }
        // The count comes before the double: so it was at the origin, and its callers rely on it.
        if self.staying(begin.wishes.overlap) >= limits::LIVE_SESSIONS {
            return Err(Refusal::MaxSessions);
        }
        if self.by_token.values().any(|session| session.id() == begin.session) {
            return Err(Refusal::SessionExists);
        }
        if !begin.microphone_permitted {
            return Err(Refusal::NotPermitted);
        }
        match begin.wishes.overlap {
            Overlap::Refuse => self.nobody_busy(),
            Overlap::Queue | Overlap::Supersede => Ok(()),
        }
    }

    fn nobody_busy(&self) -> Result<(), Refusal> {
        let busy = self.live.iter().rev().find_map(|token| {
            let state = self.by_token.get(token)?.state();
            let reason =
                if state.holds_microphone() { Busy::CaptureInUse } else { Busy::SessionAlreadyActive };
            state.is_busy().then_some(Refusal::Busy { reason, holder: *token })
        });
        busy.map_or(Ok(()), Err)
    }

    /// How many sessions would go on being worked on beside a new one. A text that waits for its user costs nothing.
    fn staying(&self, overlap: Overlap) -> usize {
        let stays = |session: &Session| match overlap {
            Overlap::Supersede => session.turns.iter().any(|turn| turn.injected && !turn.state.is_ended()),
            Overlap::Queue | Overlap::Refuse => {
                session.state().is_busy() && session.state() != State::Starting
            }
        };
        self.live.iter().filter_map(|token| self.by_token.get(token)).filter(|session| stays(session)).count()
    }

    /// What the newcomer's overlap rule does to the sessions before it. A paste that already went out finishes.
    fn make_room(&mut self, begin: &Begin, now: Now) {
        for token in self.live.clone() {
            let Some(session) = self.by_token.get(&token) else { continue };
            match (begin.wishes.overlap, session.state()) {
                (Overlap::Supersede, _) => self.call_off(token, Outcome::Superseded, Cause::Superseded, now),
                // Nothing was recorded yet: there is nothing to queue.
                (_, State::Starting) => self.call_off(token, Outcome::Superseded, Cause::Superseded, now),
                (_, State::Recording | State::Tail) => self.end_take(token, Cause::MicrophoneTaken, now),
                _ => {}
            }
        }
    }

    fn open(&mut self, token: Token, begin: Begin, now: Now) {
        let session = Session::new(token, begin, now);
        let by =
            if session.begin.trigger.needs_a_window() { feed::Begun::InWindow } else { feed::Begun::ByHand };
        // The id is new: a double was refused before.
        let opened = self.feeds.open(session.id(), by, now.tick);
        debug_assert!(opened.is_ok(), "{opened:?}");
        let begin = session.begin.clone();
        self.by_token.insert(token, session);
        self.live.push(token);
        self.current = Some(token);

        self.persist(
            token,
            Fact::Began {
                scope: begin.scope(),
                owner: begin.owner,
                trigger: begin.trigger,
                mode: begin.mode,
                style: begin.style,
                target: begin.target.clone(),
            },
            now,
        );
        self.open_microphone(token, now);
        self.effect(Effect::WarmEngine(begin.engine.clone()));

        self.tell(
            token,
            Event::SessionCreated {
                mode: begin.mode,
                trigger: begin.trigger,
                style_id: begin.style,
                created_at: now.wall,
                client_temp_id: begin.client_temp_id,
            },
            now,
        );
        self.tell(token, Event::SessionAccepted { request_type: Request::Begin, accepted_at: now.wall }, now);
        self.tell_state(token, State::Starting, Cause::CommandAccepted, now);
    }

    /// Tells the session in the way that somebody was turned down for its sake.
    fn tell_busy(&mut self, refusal: &Refusal, now: Now) {
        let (reason, holder, cause) = match refusal {
            Refusal::Busy { reason: reason @ Busy::CaptureInUse, holder } => {
                (*reason, *holder, Cause::CaptureInUse)
            }
            Refusal::Busy { reason, holder } => (*reason, *holder, Cause::SessionAlreadyActive),
            Refusal::MaxSessions => match self.live.last() {
                Some(newest) => (Busy::MaxSessions, *newest, Cause::MaxSessions),
                None => return,
            },
            _ => return,
        };
        self.tell(
            holder,
            Event::SessionBusy {
                request_type: Request::Begin,
                is_processing: true,
                reason,
                message: reason.message().to_owned(),
                reported_at: now.wall,
                holder_token: holder,
            },
            now,
        );
        if let Some(state) = self.by_token.get(&holder).map(Session::state) {
            self.tell_state(holder, state, cause, now);
        }
    }

    /// The microphone would not open: it is tried again for as long as somebody still wants it.
    pub(super) fn retry_capture(&mut self, token: Token, now: Now) {
        let wanted = self.by_token.get(&token).is_some_and(|session| session.state() == State::Starting);
        if wanted && self.current == Some(token) && self.quitting.is_none() {
            self.open_microphone(token, now);
        }
    }

    fn open_microphone(&mut self, token: Token, now: Now) {
        self.timers.set(token, Timer::CaptureOpen, now.tick + limits::CAPTURE_OPEN);
        self.effect(Effect::OpenMicrophone(token));
    }

    /// The microphone said nothing for so long that it counts as one that would not open.
    pub(super) fn capture_silent(&mut self, token: Token, now: Now) {
        self.effect(Effect::CloseMicrophone(token));
        let silent =
            Trouble::new("audio", "The microphone does not answer. Is it in use by another program?");
        let failed = self.capture_failed(token, silent, now);
        debug_assert!(failed.is_ok(), "{failed:?}");
    }

    pub(super) fn retry_capture_later(&mut self, token: Token, now: Now) {
        self.timers.set(token, Timer::CaptureRetry, now.tick + limits::CAPTURE_RETRY);
    }
}
