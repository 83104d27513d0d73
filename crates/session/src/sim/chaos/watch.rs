//! What must hold after every step, kept by a second set of books that knows nothing of the first.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    guard::{Front, InFront, Target, Verdict},
    ids::{EventSeq, SessionId, Token, TurnSeq},
    input::{Begin, Input, Sight, Where, Whom, Work},
    limits,
    queue::{QueueInput, QueuedTurn, Status, TurnId},
    scope::ScopeKey,
    sessions::{Refusal, Reply, Sessions},
    state::{Cancel, Outcome, State},
    vocabulary::{Overlap, Trigger},
};

/// Breaks off with a sentence where something does not hold.
macro_rules! must {
    ($holds:expr, $($sentence:tt)*) => {
        if !$holds {
            return Err(format!($($sentence)*));
        }
    };
}
pub(super) use must;

/// What is known of one session.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) begin: Begin,
    pub(super) scope_key: String,
    pub(super) last_seq: Option<EventSeq>,
    pub(super) told: Option<State>,
    pub(super) row: bool,
    pub(super) closing: bool,
    pub(super) closed: bool,
}

/// What is known of one turn.
#[derive(Debug, Default)]
pub(super) struct TurnLog {
    pub(super) spoken: bool,
    pub(super) raw: u32,
    pub(super) corrected: u32,
    pub(super) kept: u32,
    pub(super) delivered: u32,
    pub(super) injected: u32,
    pub(super) copied: u32,
    pub(super) final_texts: u32,
    pub(super) placed: bool,
    pub(super) sent_to: Option<Target>,
    pub(super) text: String,
}

/// The second set of books.
#[derive(Debug, Default)]
pub(super) struct Watch {
    pub(super) logs: BTreeMap<Token, Log>,
    pub(super) turns: BTreeMap<(Token, TurnSeq), TurnLog>,
    /// Begun and not ended, oldest first.
    pub(super) live: Vec<Token>,
    pub(super) just_ended: Vec<Token>,
    pub(super) microphones: BTreeSet<Token>,
    pub(super) hearing: BTreeSet<Work>,
    pub(super) correcting: BTreeSet<Work>,
    pub(super) delivering: BTreeSet<Work>,
    /// The queued turn that has the engine.
    pub(super) redoing: Vec<QueuedTurn>,
    /// Those that had it.
    pub(super) redone: Vec<QueuedTurn>,
    /// Those whose text is there and not settled.
    pub(super) ready: Vec<QueuedTurn>,
    /// Turns that a cancel paused, with their line, which nobody resumed.
    pub(super) paused: BTreeMap<TurnId, ScopeKey>,
    pub(super) awake: bool,
    pub(super) keys_held: bool,
    pub(super) quit_at: Option<u64>,
    pub(super) exits: u32,
    /// The event that must come next, and why.
    pub(super) due_next: Option<(Token, EventSeq, &'static str)>,
    newest_superseder: Option<Token>,
}

/// What an input met: the turn it is about, where that stood, and whom a command meant.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Met {
    pub(super) turn: Option<(Work, State)>,
    pub(super) whom: Option<Token>,
}

impl Met {
    pub(super) fn by(input: &Input, sessions: &Sessions) -> Self {
        let turn = match input {
            Input::Place(token, _) => sessions.turns(*token).find(|(_, state)| *state == State::Waiting),
            Input::SpeechHeard(token, _) => sessions.turns(*token).last(),
            Input::Recognised(work, _)
            | Input::RecognitionFailed(work, _)
            | Input::Corrected(work, _)
            | Input::CorrectionFailed(work, _)
            | Input::AskInjection(work, _)
            | Input::Delivered(work, _)
            | Input::DeliveryFailed(work, _) => sessions.turns(work.token).find(|(each, _)| each == work),
            _ => None,
        };
        let whom = match input {
            Input::Cancel(Whom::Current) => sessions.current(),
            Input::Cancel(Whom::Named(_, token)) => Some(*token),
            _ => None,
        };
        Self { turn, whom }
    }
}

impl Watch {
    pub(super) fn log(&mut self, token: Token) -> Result<&mut Log, String> {
        self.logs
            .get_mut(&token)
            .ok_or_else(|| format!("something is told of session {token}, which never began"))
    }

    pub(super) fn turn(&mut self, work: Work) -> &mut TurnLog {
        self.turns.entry((work.token, work.turn)).or_default()
    }

    /// What an answer says, before its effects are looked at.
    pub(super) fn answered(
        &mut self,
        input: &Input,
        met: Met,
        answer: &Result<Reply, Refusal>,
        sessions: &Sessions,
        now: u64,
    ) -> Result<(), String> {
        if let Input::Stop(whom) | Input::Cancel(whom) | Input::AcceptRaw(whom) = input
            && let (Whom::Named(id, token), Ok(Reply::Done)) = (whom, answer)
        {
            let own = self.logs.get(token).is_some_and(|log| log.begin.session == *id);
            must!(own, "{input:?} was obeyed with a token that is not that session's");
        }
        match (input, answer) {
            (Input::Begin(begin), Ok(Reply::Begun(begun))) => {
                must!(begun.session == begin.session, "a begin was answered with another session");
                self.began(begun.token, begin, sessions)
            }
            (Input::Cancel(_), Ok(Reply::Done)) => {
                self.all_called_off(met.whom, sessions, "a cancel")?;
                self.paused_by_cancel(met.whom, sessions)
            }
            (Input::Queue(QueueInput::Resume(line)), Ok(_)) => {
                self.paused.retain(|_, paused| paused != line);
                Ok(())
            }
            (Input::UndoCancel(_, turn), Ok(_)) => {
                self.paused.retain(|_, paused| *paused != turn.session);
                Ok(())
            }
            (
                Input::Queue(QueueInput::Ready(id) | QueueInput::Settled { turn: Some(id), .. }),
                Ok(Reply::Done),
            ) => {
                self.ready.retain(|turn| turn.id != *id);
                if matches!(input, Input::Queue(QueueInput::Ready(_))) {
                    let known = self.redoing.iter().chain(&self.redone).find(|turn| turn.id == *id);
                    self.ready.extend(known.cloned());
                }
                let over = self.redoing.extract_if(.., |turn| turn.id == *id);
                self.redone.extend(over);
                Ok(())
            }
            (Input::Quit, Ok(Reply::Done)) => {
                self.quit_at = Some(now);
                let live = self.live.clone();
                live.into_iter().try_for_each(|token| self.all_called_off(Some(token), sessions, "a quit"))
            }
            (Input::KeysHeld(held), Ok(_)) => {
                self.keys_held = *held;
                Ok(())
            }
            (Input::CaptureStarted(token), Ok(Reply::Done)) => {
                self.microphones.insert(*token);
                Ok(())
            }
            (Input::CaptureFailed(token, _), Ok(Reply::Done)) => {
                self.microphones.remove(token);
                Ok(())
            }
            (Input::SpeechHeard(_, spoken), Ok(Reply::Done)) => {
                if let Some((work, _)) = met.turn.filter(|_| spoken.0 > 0) {
                    self.turn(work).spoken = true;
                }
                Ok(())
            }
            (Input::Place(_, place), Ok(Reply::Done)) => {
                let Some((work, _)) = met.turn else {
                    return Err("nothing waited, and it was placed".into());
                };
                let turn = self.turn(work);
                turn.placed = true;
                turn.sent_to = if let Where::Here(target) = place { Some(target.clone()) } else { None };
                Ok(())
            }
            (Input::Recognised(work, _), Ok(Reply::Done)) => {
                must!(
                    self.hearing.remove(work),
                    "a text was taken from an engine that is not at work on {work:?}"
                );
                Ok(())
            }
            (Input::RecognitionFailed(work, _), Ok(Reply::Done)) => {
                let over = met.turn.is_some_and(|(_, state)| state == State::Recognising);
                let at_work = if over { self.hearing.remove(work) } else { self.hearing.contains(work) };
                must!(at_work, "a failure was taken from an engine that is not at work on {work:?}");
                Ok(())
            }
            (Input::Corrected(work, _) | Input::CorrectionFailed(work, _), Ok(Reply::Done)) => {
                must!(self.correcting.remove(work), "a model that was not asked was believed: {work:?}");
                Ok(())
            }
            (Input::Delivered(work, _) | Input::DeliveryFailed(work, _), Ok(Reply::Done)) => {
                must!(self.delivering.remove(work), "hands that have nothing were believed: {work:?}");
                Ok(())
            }
            (Input::AskInjection(work, sight), Ok(Reply::Injection(verdict))) => {
                self.asked(*work, sight, *verdict, sessions)
            }
            _ => Ok(()),
        }
    }

    fn began(&mut self, token: Token, begin: &Begin, sessions: &Sessions) -> Result<(), String> {
        must!(self.quit_at.is_none(), "a session began after the quit");
        must!(self.logs.keys().next_back().is_none_or(|last| *last < token), "token {token} was used before");
        must!(begin.microphone_permitted, "a session began that may not hear");
        if begin.wishes.overlap == Overlap::Supersede {
            self.newest_superseder = Some(token);
            let live = self.live.clone();
            live.into_iter().try_for_each(|old| self.all_called_off(Some(old), sessions, "a supersede"))?;
        }
        let log = Log {
            begin: begin.clone(),
            scope_key: begin.scope().key().to_string(),
            last_seq: None,
            told: None,
            row: false,
            closing: false,
            closed: false,
        };
        self.logs.insert(token, log);
        self.live.push(token);
        let busy =
            self.live.iter().filter(|token| sessions.state(**token).is_some_and(State::is_busy)).count();
        // Texts that were given a window again after they waited come on top.
        let placed = self
            .delivering
            .iter()
            .filter(|work| self.turns.get(&(work.token, work.turn)).is_some_and(|t| t.placed));
        must!(busy <= limits::LIVE_SESSIONS + placed.count(), "{busy} sessions are worked on at once");
        Ok(())
    }

    /// Whether nothing of a session goes on, at this very moment, but what was given away before.
    fn all_called_off(&self, token: Option<Token>, sessions: &Sessions, by: &str) -> Result<(), String> {
        let Some(token) = token else { return Err(format!("{by} was taken in and meant nobody")) };
        for (work, state) in sessions.turns(token) {
            let given_away = self.turns.get(&(token, work.turn)).is_some_and(|turn| turn.injected > 0);
            must!(state.is_ended() || given_away, "{by} left {work:?} {}", state.name());
        }
        Ok(())
    }

    /// What waits in a session that was cancelled, waits until somebody says otherwise.
    fn paused_by_cancel(&mut self, token: Option<Token>, sessions: &Sessions) -> Result<(), String> {
        let Some((token, log)) = token.and_then(|token| Some((token, self.logs.get(&token)?))) else {
            return Ok(());
        };
        let line = log.begin.scope().key();
        if sessions.state(token) != Some(State::Ended(Outcome::Cancelled(Cancel::User))) {
            return Ok(());
        }
        let runs = sessions.queue().waiting(&line).iter().find(|turn| turn.status != Status::Paused);
        must!(runs.is_none(), "a cancel of session {token} left {runs:?} running");
        self.paused.extend(sessions.queue().waiting(&line).iter().map(|turn| (turn.id, line.clone())));
        Ok(())
    }

    /// The whole of the guard once more, from what is known here.
    fn asked(
        &mut self,
        work: Work,
        sight: &Sight,
        verdict: Verdict,
        sessions: &Sessions,
    ) -> Result<(), String> {
        must!(self.delivering.contains(&work), "hands that have nothing were answered: {work:?}");
        let holds = |token: &Token| {
            matches!(sessions.state(*token), Some(State::Starting | State::Recording))
                && self.logs.get(token).is_some_and(|log| log.begin.trigger == Trigger::Hold)
        };
        let speaking = self.live.iter().any(holds);
        let quiet = !sight.password_field && !sight.modifiers_held && !self.keys_held && !speaking;
        let superseded = self.newest_superseder.is_some_and(|newer| newer > work.token);
        let (quit, log) = (self.quit_at.is_some(), self.log(work.token)?);
        let over = log.told.is_some_and(State::is_ended);
        let (meant, when_unknown) = (log.begin.target.clone(), log.begin.wishes.paste_when_unknown);
        let turn = self.turn(work);
        let there = match turn.sent_to.as_ref().unwrap_or(&meant).is_in_front(&sight.front) {
            InFront::Yes => true,
            InFront::CannotTell => when_unknown,
            InFront::No => false,
        };
        if verdict != Verdict::Inject {
            must!(!(there && quiet), "an injection that may be was answered {verdict:?}");
            return Ok(());
        }
        turn.injected += 1;
        must!(turn.injected == 1, "{work:?} was injected twice");
        must!(!over && !superseded && !quit, "{work:?} was injected though it was called off");
        must!(there, "{work:?} was injected into another window than it was meant for");
        must!(quiet, "{work:?} was injected into a password field or under held keys");
        Ok(())
    }

    /// What must be so whenever nothing is being handled.
    pub(super) fn check(&mut self, sessions: &Sessions) -> Result<(), String> {
        let mut hears = 0;
        let mut busy = false;
        for token in &self.live {
            let Some(state) = sessions.state(*token) else {
                return Err(format!("session {token} left memory before it ended"));
            };
            must!(!state.is_ended(), "session {token} ended and did not tell");
            busy |= state.is_busy();
            let records = matches!(state, State::Recording | State::Tail);
            hears += u32::from(records);
            let open = self.microphones.contains(token);
            must!(open || !records, "session {token} is {} with a closed microphone", state.name());
        }
        must!(hears <= 1, "{hears} sessions record at once");
        must!(busy == self.awake, "busy is {busy}, and the machine is kept awake: {}", self.awake);
        for token in &self.microphones {
            let holds = sessions.state(*token).is_some_and(State::holds_microphone);
            must!(holds, "session {token}'s microphone stayed open");
        }
        let stand =
            |work: &Work| sessions.turns(work.token).find(|(each, _)| each == work).map(|(_, state)| state);
        for work in &self.hearing {
            let wants = matches!(stand(work), Some(State::Recording | State::Tail | State::Recognising));
            must!(wants, "the engine was left at work on {work:?}");
        }
        for work in &self.correcting {
            must!(stand(work) == Some(State::Correcting), "the model was left at work on {work:?}");
        }
        for work in &self.delivering {
            must!(stand(work) == Some(State::Delivering), "the hands were left with {work:?}");
        }
        for token in std::mem::take(&mut self.just_ended) {
            self.nothing_is_lost(token, sessions)?;
        }
        Ok(())
    }

    /// Whoever spoke finds a row, and in it the words, the recording, or that nobody could hear any.
    fn nothing_is_lost(&self, token: Token, sessions: &Sessions) -> Result<(), String> {
        let Some(log) = self.logs.get(&token).filter(|log| log.begin.wishes.keep_history) else {
            return Ok(());
        };
        must!(log.row, "session {token} has no row");
        for (work, state) in sessions.turns(token) {
            let Some(turn) = self.turns.get(&(token, work.turn)).filter(|turn| turn.spoken) else { continue };
            let nothing_said = state == State::Ended(Outcome::NoSpeech);
            let found = turn.raw + turn.kept + turn.delivered > 0 || nothing_said;
            must!(found, "what was said in {work:?} is neither text nor kept, and it is {}", state.name());
        }
        Ok(())
    }

    /// Whether a text may go out now: nothing that was said before it is still on its way.
    pub(super) fn in_spoken_order(&self, work: Work, sessions: &Sessions) -> Result<(), String> {
        let before = self.live.iter().filter(|token| **token <= work.token);
        for (other, state) in before.flat_map(|token| sessions.turns(*token)) {
            let earlier = (other.token, other.turn) < (work.token, work.turn);
            let waits = state.is_ended() || state == State::Waiting;
            must!(!earlier || waits, "{work:?} goes out while {other:?} is {}", state.name());
        }
        Ok(())
    }

    pub(super) fn token_of(&self, id: SessionId) -> Option<Token> {
        self.logs.iter().rev().find(|(_, log)| log.begin.session == id).map(|(token, _)| *token)
    }
}

/// What a number of a window stands for.
pub(super) fn front(window: u8) -> Front {
    if window == 0 { Front::Unknown } else { Front::Known(super::super::window(u64::from(window))) }
}
