//! What leaves the sessions: events with their numbers, facts for the history, and the one place where a state moves.

use super::{Refusal, Sessions, turn::Session};
use crate::{
    effect::{Cue, Effect, Fact, Record},
    event::{self, Cause, Envelope, Event, Trouble},
    ids::{EventSeq, Token, TurnSeq},
    input::Work,
    limits,
    state::{Outcome, State},
    time::Now,
};

impl Sessions {
    /// Moves a turn, if the table lets it, and tells whatever that changes about its session.
    pub(super) fn move_turn(
        &mut self,
        token: Token,
        turn: TurnSeq,
        to: State,
        cause: Cause,
        now: Now,
    ) -> Result<(), Refusal> {
        let session = self.by_token.get_mut(&token).ok_or(Refusal::NotFound)?;
        let turn = session.turn_mut(turn).ok_or(Refusal::NotFound)?;
        if !turn.state.may_become(to) {
            return Err(Refusal::InvalidState { from: turn.state, action: action(to) });
        }
        turn.state = to;
        self.settle(token, cause, now);
        Ok(())
    }

    /// As [`Sessions::move_turn`], where the caller has already seen that the table lets it.
    pub(super) fn force_turn(&mut self, work: Work, to: State, cause: Cause, now: Now) {
        let moved = self.move_turn(work.token, work.turn, to, cause, now);
        debug_assert!(moved.is_ok(), "{moved:?}");
    }

    /// Tells the session's state if it is another than was told last.
    pub(super) fn settle(&mut self, token: Token, cause: Cause, now: Now) {
        let Some(session) = self.by_token.get_mut(&token) else { return };
        session.last_active = now;
        let (before, state) = (session.told, session.state());
        if state == before {
            return;
        }
        session.told = state;
        self.tell_state_from(token, before, state, cause, now);
        self.persist(token, Fact::State(state), now);
        if let State::Ended(outcome) = state {
            self.ended(token, outcome, now);
        }
    }

    pub(super) fn tell_state(&mut self, token: Token, state: State, cause: Cause, now: Now) {
        self.tell_state_from(token, state, state, cause, now);
    }

    fn tell_state_from(&mut self, token: Token, prev: State, state: State, cause: Cause, now: Now) {
        let event = Event::SessionStateChanged {
            state,
            prev,
            life: state.life(),
            phase: state.phase(),
            progress: state.progress(),
            reason: cause,
            changed_at: now.wall,
        };
        self.tell(token, event, now);
    }

    /// Tells something about a session.
    pub(super) fn tell(&mut self, token: Token, event: Event, now: Now) {
        self.tell_about(token, None, event, now);
    }

    /// Tells something about one turn's work.
    pub(super) fn tell_work(&mut self, work: Work, event: Event, now: Now) {
        self.tell_about(work.token, Some(work), event, now);
    }

    fn tell_about(&mut self, token: Token, work: Option<Work>, event: Event, now: Now) {
        let boot_id = self.boot;
        let Some(session) = self.by_token.get_mut(&token) else { return };
        let seq = EventSeq::after(session.last_seq);
        session.last_seq = Some(seq);
        let envelope = Envelope {
            v: event::VERSION,
            boot_id,
            token,
            seq,
            turn_seq: work.map(|work| work.turn),
            pipeline_seq: work.map(|work| work.pipeline),
            scope: session.scope.clone(),
            scope_key: session.scope_key.clone(),
            actual_session_id: session.begin.client_temp_id.is_some().then_some(session.begin.session),
            at: now.wall,
            event,
        };
        // A session that is closing has no feed any more; its last events are the driver's alone.
        let _ = self.feeds.publish(envelope.scope.session, &envelope, now.tick);
        self.effect(Effect::Emit(Box::new(envelope)));
    }

    /// Something went less well than it should: told, and no state changes.
    pub(super) fn warn(&mut self, token: Token, trouble: Trouble, now: Now) {
        self.tell(token, Event::SessionWarning(trouble), now);
    }

    /// Something broke: told and heard, but the sound only by the session that owns the screen.
    pub(super) fn tell_error(&mut self, token: Token, trouble: Trouble, now: Now) {
        self.tell(token, Event::SessionError { trouble, reset_after_ms: limits::ERROR_RESET }, now);
        if self.current == Some(token) {
            self.effect(Effect::Cue(Cue::Error));
        }
    }

    /// Writes a fact down, unless the user wants no history.
    pub(super) fn persist(&mut self, token: Token, what: Fact, now: Now) {
        let Some(session) = self.by_token.get(&token) else { return };
        if session.begin.wishes.keep_history {
            let record = Record { session: session.id(), token, at: now.wall, what };
            self.effect(Effect::Persist(record));
        }
    }

    /// The turn that `work` means, if it is that turn's current run and the turn is not over.
    pub(super) fn current_work(&mut self, work: Work) -> Option<&mut Session> {
        let session = self.by_token.get_mut(&work.token)?;
        let turn = session.turn_mut(work.turn)?;
        (turn.pipeline == work.pipeline && !turn.state.is_ended()).then_some(session)
    }

    /// Keeps the machine awake while there is something to do, and not a moment longer.
    pub(super) fn keep_awake(&mut self) {
        let busy = self
            .live
            .iter()
            .any(|token| self.by_token.get(token).is_some_and(|session| session.state().is_busy()));
        if busy != self.awake {
            self.awake = busy;
            self.effect(Effect::KeepAwake(busy));
        }
    }
}

/// What going to a state is called, for people.
fn action(to: State) -> &'static str {
    match to {
        State::Starting => "start",
        State::Recording => "record",
        State::Tail => "stop",
        State::Recognising => "be recognised",
        State::Correcting => "be corrected",
        State::Queued => "be queued",
        State::Waiting => "wait for the user",
        State::Delivering => "be delivered",
        State::Ended(Outcome::Delivered(_)) => "be finished",
        State::Ended(_) => "end so",
    }
}
