//! From the whole take to the text that goes out.

use super::{Answer, Refusal, Reply, Sessions, timers::Timer};
use crate::{
    effect::{Effect, Fact},
    event::{Cause, Event, Segment, Trouble},
    history::Role,
    ids::{Token, TurnSeq},
    input::{Whom, Work},
    limits,
    state::{Failure, Outcome, State},
    text::Text,
    time::Now,
    vocabulary::Mode,
};

impl Sessions {
    pub(super) fn interim(&mut self, work: Work, text: Text, now: Now) -> Answer {
        if self.hearing != Some(work) {
            return Ok(Reply::Late);
        }
        self.hear_on(work, now);
        if !text.is_blank() {
            self.tell_work(work, Event::InterimText { text }, now);
        }
        Ok(Reply::Done)
    }

    pub(super) fn segment_done(&mut self, work: Work, segment: Segment, now: Now) -> Answer {
        if self.hearing != Some(work) {
            return Ok(Reply::Late);
        }
        self.hear_on(work, now);
        self.tell_work(work, Event::Segment(segment), now);
        Ok(Reply::Done)
    }

    /// Notes that a session is being worked on, so that a long dictation is never idle.
    fn hear_on(&mut self, work: Work, now: Now) {
        if let Some(session) = self.current_work(work) {
            session.last_active = now;
        }
    }

    pub(super) fn recognised(&mut self, work: Work, text: Text, now: Now) -> Answer {
        let at_work = self.hearing == Some(work);
        let Some(session) = self.current_work(work) else {
            return Ok(self.keep_late(work, Fact::Raw(work.into(), text), now));
        };
        if !at_work {
            return Ok(Reply::Late);
        }
        let turn = session.turn_mut(work.turn).ok_or(Refusal::NotFound)?;
        match turn.state {
            State::Recognising => {}
            // The words of a take that still grows, or a second answer.
            State::Recording | State::Tail => {
                return Err(Refusal::InvalidState { from: turn.state, action: "have its whole text" });
            }
            _ => return Ok(Reply::Late),
        }
        if text.is_blank() {
            self.free_engine(work);
            self.force_turn(work, State::Ended(Outcome::NoSpeech), Cause::NoSpeech, now);
            return Ok(Reply::Done);
        }
        turn.raw = Some(text.clone());
        let held_back = turn.held_back.is_some();
        session.say(Role::User, work.turn, &text, now);
        let begin = &session.begin;
        let corrects = begin.mode == Mode::Corrected && begin.wishes.corrector_ready && !held_back;
        self.free_engine(work);
        self.persist(work.token, Fact::Raw(work.into(), text.clone()), now);
        self.tell_work(work, Event::AsrFinal { text }, now);
        let to = if corrects { State::Correcting } else { State::Queued };
        self.force_turn(work, to, Cause::Recognised, now);
        Ok(Reply::Done)
    }

    pub(super) fn recognition_failed(&mut self, work: Work, trouble: Trouble, now: Now) -> Answer {
        let at_work = self.hearing == Some(work);
        let Some(session) = self.current_work(work).filter(|_| at_work) else { return Ok(Reply::Late) };
        let state = session.turn_mut(work.turn).map(|turn| turn.state);
        match state {
            Some(State::Recognising) => {
                self.fail_recognition(work, Failure::Recognition, trouble, Cause::EngineFailed, now);
                Ok(Reply::Done)
            }
            // While somebody speaks, a failing engine is no reason to stop hearing: the take is what counts.
            Some(State::Recording | State::Tail) => {
                self.warn(work.token, trouble, now);
                Ok(Reply::Done)
            }
            _ => Ok(Reply::Late),
        }
    }

    pub(super) fn recognition_late(&mut self, token: Token, turn: TurnSeq, now: Now) {
        let Some(work) = self.work_of(token, turn, State::Recognising) else { return };
        let trouble =
            Trouble::new("asr_timeout", "Recognition took too long. The recording is kept: try it again.");
        self.effect(Effect::AbortRecognition(work));
        self.fail_recognition(work, Failure::RecognitionTimeout, trouble, Cause::RecognitionTimeout, now);
    }

    fn fail_recognition(&mut self, work: Work, failure: Failure, trouble: Trouble, cause: Cause, now: Now) {
        self.free_engine(work);
        self.tell_error(work.token, trouble, now);
        let has_take = self.work_of(work.token, work.turn, State::Starting).is_none();
        if has_take {
            self.persist(work.token, Fact::Kept(work.into()), now);
        }
        self.force_turn(work, State::Ended(Outcome::Failed(failure)), cause, now);
    }

    /// The engine cannot be loaded: whoever speaks is told at once instead of at the end, and the take is kept.
    pub(super) fn engine_unavailable(&mut self, token: Token, trouble: &Trouble, now: Now) -> Answer {
        let Some(session) = self.by_token.get(&token) else { return Ok(Reply::Late) };
        // The usual moment to learn it is before the microphone is open: loading begins with it.
        let unheard =
            session.turns.iter().filter(|turn| turn.wants_engine() || turn.state == State::Starting);
        let works: Vec<Work> = unheard.map(|turn| session.work(turn)).collect();
        if works.is_empty() {
            return Ok(Reply::Late);
        }
        if session.state().holds_microphone() {
            self.close_microphone(token);
        }
        for work in works {
            if self.hearing == Some(work) {
                self.effect(Effect::AbortRecognition(work));
            }
            let cause = Cause::EngineFailed;
            self.fail_recognition(work, Failure::Engine, trouble.clone(), cause, now);
        }
        Ok(Reply::Done)
    }

    pub(super) fn corrected(&mut self, work: Work, text: Text, now: Now) -> Answer {
        let Some(session) = self.current_work(work) else {
            return Ok(self.keep_late(work, Fact::Corrected(work.into(), text), now));
        };
        let turn = session.turn_mut(work.turn).ok_or(Refusal::NotFound)?;
        match (turn.state, turn.correcting) {
            (State::Correcting, true) => {}
            (from @ (State::Recording | State::Tail | State::Recognising | State::Correcting), _) => {
                return Err(Refusal::InvalidState { from, action: "be corrected" });
            }
            _ => return Ok(Reply::Late),
        }
        if text.is_blank() {
            let empty = Trouble::new(
                "correction_empty",
                "The language model answered nothing: the text goes as heard.",
            );
            return self.leave_out_correction(work, empty, now);
        }
        turn.correcting = false;
        turn.corrected = Some(text.clone());
        session.say(Role::Assistant, work.turn, &text, now);
        self.timers.stop(work.token, Timer::Correction(work.turn));
        self.persist(work.token, Fact::Corrected(work.into(), text), now);
        self.force_turn(work, State::Queued, Cause::Corrected, now);
        Ok(Reply::Done)
    }

    pub(super) fn correction_failed(&mut self, work: Work, trouble: Trouble, now: Now) -> Answer {
        let Some(session) = self.current_work(work) else { return Ok(Reply::Late) };
        match session.turn_mut(work.turn).map(|turn| (turn.state, turn.correcting)) {
            Some((State::Correcting, true)) => self.leave_out_correction(work, trouble, now),
            Some((from @ (State::Recording | State::Tail | State::Recognising | State::Correcting), _)) => {
                Err(Refusal::InvalidState { from, action: "fail to be corrected" })
            }
            _ => Ok(Reply::Late),
        }
    }

    pub(super) fn correction_late(&mut self, token: Token, turn: TurnSeq, now: Now) {
        let Some(work) = self.work_of(token, turn, State::Correcting) else { return };
        self.effect(Effect::AbortCorrection(work));
        let trouble =
            Trouble::new("correction_timeout", "The language model took too long: the text goes as heard.");
        let left_out = self.leave_out_correction(work, trouble, now);
        debug_assert!(left_out.is_ok());
    }

    /// A correction that fails never loses text: the raw one goes, and the reason is kept.
    fn leave_out_correction(&mut self, work: Work, trouble: Trouble, now: Now) -> Answer {
        self.end_correction(work);
        self.persist(work.token, Fact::CorrectionLeftOut(work.into(), trouble.code.clone()), now);
        self.warn(work.token, trouble, now);
        self.force_turn(work, State::Queued, Cause::CorrectionFailed, now);
        Ok(Reply::Done)
    }

    /// The user would rather have the raw text now.
    pub(super) fn accept_raw(&mut self, whom: Whom, now: Now) -> Answer {
        let Some(token) = self.find(whom)? else { return Ok(Reply::Stale) };
        let session = self.by_token.get(&token).ok_or(Refusal::NotFound)?;
        let correcting = session.turns.iter().find(|turn| turn.state == State::Correcting);
        let Some((work, under_way)) = correcting.map(|turn| (session.work(turn), turn.correcting)) else {
            return Err(Refusal::InvalidState {
                from: session.state(),
                action: "have its raw text accepted",
            });
        };
        if under_way {
            self.effect(Effect::AbortCorrection(work));
        }
        self.end_correction(work);
        self.persist(token, Fact::CorrectionLeftOut(work.into(), "accepted_raw".to_owned()), now);
        self.force_turn(work, State::Queued, Cause::AcceptedRaw, now);
        Ok(Reply::Done)
    }

    pub(super) fn end_correction(&mut self, work: Work) {
        self.timers.stop(work.token, Timer::Correction(work.turn));
        if let Some(turn) = self.by_token.get_mut(&work.token).and_then(|session| session.turn_mut(work.turn))
        {
            turn.correcting = false;
        }
    }

    /// A text that came too late to matter is still the user's: it is kept with its turn, once, and nothing else happens.
    fn keep_late(&mut self, work: Work, fact: Fact, now: Now) -> Reply {
        let kept = self.by_token.get_mut(&work.token).filter(|session| session.begin.wishes.keep_history);
        let turn = kept.and_then(|session| session.turn_mut(work.turn));
        let Some(turn) = turn.filter(|turn| turn.pipeline == work.pipeline) else { return Reply::Late };
        let (place, text) = match &fact {
            Fact::Raw(_, text) => (&mut turn.raw, text),
            Fact::Corrected(_, text) => (&mut turn.corrected, text),
            _ => return Reply::Late,
        };
        if place.is_none() && !text.is_blank() {
            *place = Some(text.clone());
            self.persist(work.token, fact, now);
        }
        Reply::Late
    }

    /// The current run of a turn that stands at `state`.
    pub(super) fn work_of(&self, token: Token, turn: TurnSeq, state: State) -> Option<Work> {
        let session = self.by_token.get(&token)?;
        let turn = session.turns.iter().find(|each| each.seq == turn && each.state == state)?;
        Some(session.work(turn))
    }

    pub(super) fn recognition_limit(&self, work: Work) -> crate::time::Millis {
        let spoken = self
            .by_token
            .get(&work.token)
            .and_then(|session| session.turns.iter().find(|turn| turn.seq == work.turn))
            .map_or(crate::time::Millis(0), |turn| turn.spoken);
        limits::recognition(spoken)
    }
}
