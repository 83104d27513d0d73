//! From the open microphone to the whole take.

use super::{
    Answer, Refusal, Reply, Sessions,
    timers::Timer,
    turn::{Session, Turn},
};
use crate::{
    effect::{Cue, Effect, Fact},
    event::{Cause, Event, Trouble, Undelivered},
    guard::Target,
    ids::{PipelineSeq, Token, TurnSeq},
    input::Whom,
    limits,
    state::{Failure, Outcome, State},
    time::{Millis, Now},
    vocabulary::{TailRepress, Trigger},
};

impl Sessions {
    /// Finds whom a command means. Nobody, where the token is not that session's or nothing is current.
    pub(super) fn find(&self, whom: Whom) -> Result<Option<Token>, Refusal> {
        match whom {
            Whom::Current => Ok(self.current.filter(|token| self.by_token.contains_key(token))),
            Whom::Named(id, token) => {
                if !self.by_token.values().any(|session| session.id() == id) {
                    return Err(Refusal::NotFound);
                }
                Ok(self.by_token.get(&token).filter(|session| session.id() == id).map(|_| token))
            }
        }
    }

    pub(super) fn stop(&mut self, whom: Whom, now: Now) -> Answer {
        let Some(token) = self.find(whom)? else { return Ok(Reply::Stale) };
        let Some(session) = self.by_token.get_mut(&token) else { return Ok(Reply::Stale) };
        match session.state() {
            // The microphone is still being opened: the stop counts from when it is.
            State::Starting => {
                session.stop_wanted = true;
                Ok(Reply::Done)
            }
            State::Recording => {
                self.enter_tail(token, Cause::Stopped, now);
                Ok(Reply::Done)
            }
            _ => Ok(Reply::Stale),
        }
    }

    fn enter_tail(&mut self, token: Token, cause: Cause, now: Now) {
        let Some(session) = self.by_token.get(&token) else { return };
        let Some(turn) = session.open_turn().map(|turn| turn.seq) else { return };
        let tail = session.begin.wishes.tail;
        if self.move_turn(token, turn, State::Tail, cause, now).is_ok() {
            self.effect(Effect::Cue(Cue::Stop));
            self.timers.stop(token, Timer::Longest);
            self.timers.set(token, Timer::Tail, now.tick + tail);
        }
    }

    /// The press came again in the tail: the same session goes on, where its wishes and its window allow.
    pub(super) fn resume(&mut self, target: &Target, now: Now) -> Answer {
        let Some(token) = self.current else { return Ok(Reply::Stale) };
        let Some(session) = self.by_token.get(&token) else { return Ok(Reply::Stale) };
        let from = session.state();
        let goes_on =
            session.begin.wishes.tail_repress == TailRepress::Continue && session.begin.target == *target;
        let turn = session.open_turn().filter(|_| from == State::Tail && goes_on).map(|turn| turn.seq);
        let Some(turn) = turn else { return Err(Refusal::InvalidState { from, action: "go on recording" }) };
        self.move_turn(token, turn, State::Recording, Cause::Resumed, now)?;
        self.timers.stop(token, Timer::Tail);
        self.arm_longest(token, now);
        Ok(Reply::Done)
    }

    pub(super) fn capture_started(&mut self, token: Token, now: Now) -> Answer {
        let Some(session) = self.by_token.get_mut(&token) else { return Ok(Reply::Late) };
        // Told twice, or by a microphone that was closed meanwhile: the first turn began once.
        if session.state() != State::Starting {
            return Ok(Reply::Late);
        }
        let turn = TurnSeq::FIRST;
        let (stop_wanted, first) = (session.stop_wanted, !session.started_cue);
        self.move_turn(token, turn, State::Recording, Cause::CaptureStarted, now)?;
        self.timers.stop(token, Timer::CaptureRetry);
        self.timers.stop(token, Timer::CaptureOpen);
        if let Some(session) = self.by_token.get_mut(&token) {
            session.started_cue = true;
            let work = session.open_turn().map(|turn| session.work(turn));
            if let Some(work) = work {
                self.persist(token, Fact::TurnBegan(work.into()), now);
            }
        }
        self.tell(token, Event::SessionReady, now);
        if first {
            self.effect(Effect::Cue(Cue::Start));
        }
        self.arm_longest(token, now);
        if stop_wanted {
            self.enter_tail(token, Cause::Stopped, now);
        }
        Ok(Reply::Done)
    }

    pub(super) fn capture_failed(&mut self, token: Token, trouble: Trouble, now: Now) -> Answer {
        let Some(session) = self.by_token.get_mut(&token) else { return Ok(Reply::Late) };
        match session.state() {
            State::Starting => {}
            State::Ended(_) => return Ok(Reply::Late),
            from => return Err(Refusal::InvalidState { from, action: "fail to start" }),
        }
        self.timers.stop(token, Timer::CaptureOpen);
        session.capture_tries += 1;
        if session.capture_tries < limits::CAPTURE_TRIES && !session.stop_wanted {
            self.retry_capture_later(token, now);
            return Ok(Reply::Done);
        }
        // Error and state in the order the origin's surfaces expect: first why, then where it stands.
        self.tell_error(token, trouble, now);
        self.move_turn(
            token,
            TurnSeq::FIRST,
            State::Ended(Outcome::Failed(Failure::Audio)),
            Cause::CaptureFailed,
            now,
        )?;
        Ok(Reply::Done)
    }

    pub(super) fn speech_heard(&mut self, token: Token, spoken: Millis, now: Now) -> Answer {
        let Some(session) = self.by_token.get_mut(&token) else { return Ok(Reply::Late) };
        if !matches!(session.state(), State::Recording | State::Tail) {
            return Ok(Reply::Late);
        }
        session.last_active = now;
        if let Some(turn) = session.open_turn_mut() {
            turn.spoken = turn.spoken.max(spoken);
        }
        Ok(Reply::Done)
    }

    /// Silence ends a tail at once: it is there for a last syllable, not for its own length.
    pub(super) fn fell_silent(&mut self, token: Token, now: Now) -> Answer {
        match self.by_token.get(&token).map(Session::state) {
            Some(State::Tail) => {
                self.end_take(token, Cause::TailEnded, now);
                Ok(Reply::Done)
            }
            Some(State::Recording) => Ok(Reply::Done),
            _ => Ok(Reply::Late),
        }
    }

    /// The take is whole: the microphone closes, the engine may finish.
    pub(super) fn end_take(&mut self, token: Token, cause: Cause, now: Now) {
        self.timers.stop(token, Timer::Tail);
        self.timers.stop(token, Timer::Longest);
        self.effect(Effect::CloseMicrophone(token));
        self.finish_turn(token, cause, now);
    }

    fn finish_turn(&mut self, token: Token, cause: Cause, now: Now) {
        let Some(session) = self.by_token.get_mut(&token) else { return };
        let Some(turn) = session.open_turn_mut() else { return };
        turn.take_ended = Some(now.tick);
        let (seq, spoken, id) = (turn.seq, turn.spoken, (turn.seq, turn.pipeline));
        self.persist(token, Fact::TakeEnded(id, spoken), now);
        let moved = self.move_turn(token, seq, State::Recognising, cause, now);
        debug_assert!(moved.is_ok(), "{moved:?}");
        self.finish_hearing(token, seq, now);
    }

    /// Hands-free: this utterance goes its way, the microphone stays open for the next.
    pub(super) fn utterance_ended(&mut self, token: Token, now: Now) -> Answer {
        let Some(session) = self.by_token.get_mut(&token) else { return Ok(Reply::Late) };
        let from = session.state();
        if from.is_ended() {
            return Ok(Reply::Late);
        }
        let Some(open) = session.open_turn_mut().filter(|_| from == State::Recording) else {
            return Err(Refusal::InvalidState { from, action: "begin a new utterance" });
        };
        open.take_ended = Some(now.tick);
        open.state = State::Recognising;
        let (ended, spoken) = ((open.seq, open.pipeline), open.spoken);
        // A new run inside the session with each utterance, so that an older one's late end closes nothing.
        let newest = session.turns.iter().map(|turn| turn.pipeline).max().unwrap_or(PipelineSeq::FIRST);
        let next = Turn::new(ended.0.next(), newest.next(), State::Recording);
        let began = (next.seq, next.pipeline);
        session.turns.push(next);
        session.last_active = now;
        self.persist(token, Fact::TakeEnded(ended, spoken), now);
        self.persist(token, Fact::TurnBegan(began), now);
        self.finish_hearing(token, ended.0, now);
        Ok(Reply::Done)
    }

    /// No microphone is left: what there is becomes text, but half a sentence goes into no window by itself.
    pub(super) fn device_lost(&mut self, token: Token, now: Now) -> Answer {
        let Some(session) = self.by_token.get_mut(&token) else { return Ok(Reply::Late) };
        match session.state() {
            State::Recording | State::Tail => {}
            State::Ended(_) => return Ok(Reply::Late),
            from => return Err(Refusal::InvalidState { from, action: "lose its microphone" }),
        }
        if let Some(turn) = session.open_turn_mut() {
            turn.held_back = Some(Undelivered::DeviceLost);
        }
        let lost = "The microphone was disconnected. What was said until then is in the history.";
        self.warn(token, Trouble::new("device_lost", lost), now);
        self.end_take(token, Cause::DeviceLost, now);
        Ok(Reply::Done)
    }

    pub(super) fn capture_trouble(&mut self, token: Token, trouble: Trouble, now: Now) -> Answer {
        if !self.by_token.get(&token).is_some_and(|session| session.state().holds_microphone()) {
            return Ok(Reply::Late);
        }
        self.warn(token, trouble, now);
        Ok(Reply::Done)
    }

    /// Whether a monotonic clock counts sleep differs between systems, so no timer is trusted across one: an open
    /// recording ends here, with what there is.
    pub(super) fn slept(&mut self, now: Now) -> Answer {
        for token in self.live.clone() {
            match self.by_token.get(&token).map(Session::state) {
                Some(State::Recording | State::Tail) => self.end_take(token, Cause::Suspended, now),
                _ => continue,
            }
        }
        Ok(Reply::Done)
    }

    fn arm_longest(&mut self, token: Token, now: Now) {
        let longest = self.by_token.get(&token).and_then(|session| session.begin.wishes.longest);
        if let Some(longest) = longest {
            self.timers.set(token, Timer::Longest, now.tick + longest);
        }
    }

    pub(super) fn longest_reached(&mut self, token: Token, now: Now) {
        if self.by_token.get(&token).is_some_and(|session| session.state() == State::Recording) {
            self.enter_tail(token, Cause::MaxDuration, now);
        }
    }

    /// Whether somebody holds a key down to speak: nothing may be typed under their fingers.
    pub(super) fn somebody_holds_to_speak(&self) -> bool {
        self.live.iter().filter_map(|token| self.by_token.get(token)).any(|session| {
            session.begin.trigger == Trigger::Hold
                && matches!(session.state(), State::Starting | State::Recording)
        })
    }
}
