//! How sessions end: called off, superseded, expired, swept out of memory, or with the app.

use super::{
    Answer, Quitting, Refusal, Reply, Sessions,
    timers::Timer,
    turn::{Session, Turn},
};
use crate::{
    effect::{Effect, Fact},
    event::{Cause, Event},
    ids::{EventSeq, Token},
    input::Whom,
    limits,
    state::{Cancel, Outcome, State},
    time::{Millis, Now},
};

impl Sessions {
    pub(super) fn cancel(&mut self, whom: Whom, now: Now) -> Answer {
        let Some(token) = self.find(whom)? else { return Ok(Reply::Stale) };
        let Some(session) = self.by_token.get(&token) else { return Ok(Reply::Stale) };
        if !session.turns.iter().any(Turn::can_be_called_off) {
            // Over, or already given away: its true end stands, and nobody's spinner sticks on it.
            return Ok(Reply::Stale);
        }
        self.call_off(token, Outcome::Cancelled(Cancel::User), Cause::Cancelled, now);
        Ok(Reply::Done)
    }

    /// Ends every turn of a session whose text was not given away yet. What was said stays recoverable.
    pub(super) fn call_off(&mut self, token: Token, outcome: Outcome, cause: Cause, now: Now) {
        let Some(session) = self.by_token.get(&token) else { return };
        if !session.turns.iter().any(Turn::can_be_called_off) {
            return;
        }
        if session.state().holds_microphone() {
            self.close_microphone(token);
        }
        let Some(session) = self.by_token.get(&token) else { return };
        let called_off = session.turns.iter().filter(|turn| turn.can_be_called_off());
        let works: Vec<_> = called_off.map(|turn| (session.work(turn), turn.clone())).collect();
        for (work, turn) in works {
            if self.hearing == Some(work) {
                self.effect(Effect::AbortRecognition(work));
                self.free_engine(work);
            }
            if turn.correcting {
                self.effect(Effect::AbortCorrection(work));
                self.end_correction(work);
            }
            if self.delivering == Some(work) {
                self.effect(Effect::AbortDelivery(work));
                self.free_hands(work);
            }
            self.timers.stop(token, Timer::Waiting(work.turn));
            if turn.spoken > Millis(0) && turn.text().is_none() {
                self.persist(token, Fact::Kept(work.into()), now);
            }
            if let Some(turn) = self.by_token.get_mut(&token).and_then(|session| session.turn_mut(work.turn))
            {
                turn.state = State::Ended(outcome);
            }
        }
        if self.by_token.get(&token).is_some_and(|session| session.state().is_ended()) {
            self.tell(token, Event::SessionAborted { success: true, reason: outcome }, now);
        }
        self.settle(token, cause, now);
    }

    pub(super) fn close_microphone(&mut self, token: Token) {
        self.timers.stop(token, Timer::Tail);
        self.timers.stop(token, Timer::Longest);
        self.timers.stop(token, Timer::CaptureRetry);
        self.timers.stop(token, Timer::CaptureOpen);
        self.effect(Effect::CloseMicrophone(token));
    }

    /// A session is over. It stays in memory a while for whoever still asks about it, but no rule looks at it again.
    pub(super) fn ended(&mut self, token: Token, outcome: Outcome, now: Now) {
        self.live.retain(|live| *live != token);
        self.timers.stop_all(token);
        if let Some(session) = self.by_token.get_mut(&token) {
            session.ended = Some(now.tick);
        }
        self.tell_queue(token, outcome, now);
    }

    /// Looks which finished sessions may leave memory.
    pub(super) fn sweep(&mut self, now: Now) {
        let candidates: Vec<_> = self.by_token.values().map(Session::sweep_candidate).collect();
        for id in self.sweep.handle_timeout(candidates, now.tick) {
            if let Some(token) = self.token_of(id) {
                self.close(token);
            }
        }
    }

    /// Asks the driver, once, to save what there is. Until it has, the session can still be found.
    fn close(&mut self, token: Token) {
        if let Some(session) = self.by_token.get_mut(&token).filter(|session| !session.closing) {
            session.closing = true;
            self.effect(Effect::Close(token));
        }
    }

    pub(super) fn closed(&mut self, token: Token, now: Now) -> Answer {
        let Some(session) = self.by_token.get(&token) else { return Ok(Reply::Late) };
        if !session.closing {
            return Err(Refusal::InvalidState { from: session.state(), action: "leave memory" });
        }
        let last_seq = EventSeq::after(session.last_seq);
        self.tell(token, Event::SessionClosed { last_seq }, now);
        if let Some(session) = self.by_token.remove(&token) {
            self.sweep.written(session.id());
            self.feeds.close(session.id(), now.tick);
            self.feeds.let_go(session.id());
        }
        self.timers.stop_all(token);
        Ok(Reply::Done)
    }

    /// Looks for recordings that nobody is there for.
    pub(super) fn reap(&mut self, now: Now) {
        if !self.reaper.handle_timeout(now.tick) {
            return;
        }
        let running =
            |id| self.token_of(id).and_then(|token| self.state(token)).is_some_and(is_open_recording);
        for id in self.feeds.reap_once(self.reaper.ttl(), running, now.tick) {
            if let Some(token) = self.token_of(id) {
                self.call_off(token, Outcome::Expired, Cause::Expired, now);
            }
        }
    }

    /// The app ends, in the order that loses nothing: no new begin, no paste, no sound, then every pipeline.
    pub(super) fn quit(&mut self, now: Now) -> Answer {
        if self.quitting.is_some() {
            return Ok(Reply::Stale);
        }
        self.quitting = Some(Quitting { deadline: now.tick + limits::PIPELINE_WAIT, gone: false });
        self.effect(Effect::DisarmHotkeys);
        self.gate.close();
        self.effect(Effect::CloseInjection);
        for token in self.live.clone() {
            self.call_off(token, Outcome::Cancelled(Cancel::Quit), Cause::Quit, now);
        }
        let all: Vec<Token> = self.by_token.keys().copied().collect();
        for token in all {
            if self.by_token.get(&token).is_some_and(|session| session.state().is_ended()) {
                self.close(token);
            }
        }
        Ok(Reply::Done)
    }

    /// The process may end once everything is saved, or has had its time.
    pub(super) fn end_quitting(&mut self, now: Now) {
        let Some(quit) = self.quitting.filter(|quit| !quit.gone) else { return };
        let ended: Vec<Token> =
            self.by_token.values().filter(|s| s.state().is_ended()).map(|s| s.token).collect();
        for token in ended {
            self.close(token);
        }
        if self.by_token.is_empty() || now.tick >= quit.deadline {
            self.quitting = Some(Quitting { gone: true, ..quit });
            self.effect(Effect::Exit);
        }
    }

    pub(super) fn expire(&mut self, token: Token, timer: Timer, now: Now) {
        match timer {
            Timer::CaptureRetry => self.retry_capture(token, now),
            Timer::CaptureOpen => self.capture_silent(token, now),
            Timer::Tail => self.tail_over(token, now),
            Timer::Longest => self.longest_reached(token, now),
            Timer::Recognition(turn) => self.recognition_late(token, turn, now),
            Timer::Correction(turn) => self.correction_late(token, turn, now),
            Timer::Delivery(turn) => self.delivery_silent(token, turn, now),
            Timer::Waiting(turn) => self.waited_too_long(token, turn, now),
        }
    }

    fn tail_over(&mut self, token: Token, now: Now) {
        if self.by_token.get(&token).map(Session::state) == Some(State::Tail) {
            self.end_take(token, Cause::TailEnded, now);
        }
    }
}

/// Whether the microphone hears for this session: the only sessions that can be abandoned.
fn is_open_recording(state: State) -> bool {
    matches!(state, State::Recording | State::Tail)
}
