//! One utterance of a session, and the session around it.

use crate::{
    event::Undelivered,
    guard::Target,
    history::{History, NewMessage, Role},
    ids::{EventSeq, PipelineSeq, SessionId, Token, TurnSeq},
    input::{Begin, Work},
    scope::Scope,
    state::{Outcome, State},
    sweep::Candidate,
    text::Text,
    time::{Millis, Now, Tick},
};

/// One utterance, from its first sample to where its text went.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub(super) seq: TurnSeq,
    pub(super) pipeline: PipelineSeq,
    pub(super) state: State,
    /// How much speech the take holds; nothing until somebody spoke.
    pub(super) spoken: Millis,
    /// When the take was whole.
    pub(super) take_ended: Option<Tick>,
    pub(super) raw: Option<Text>,
    pub(super) corrected: Option<Text>,
    /// Why its text must stay out of every window.
    pub(super) held_back: Option<Undelivered>,
    /// Where the user sent it, other than where it was meant to go.
    pub(super) sent_to: Option<Target>,
    /// Whether the result was told already.
    pub(super) announced: bool,
    /// Whether the language model is at work on it.
    pub(super) correcting: bool,
    /// Whether its text was given away. Never set twice, never unset.
    pub(super) injected: bool,
}

/// A session: what it was begun with, its turns, and what it has told.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) token: Token,
    pub(super) begin: Begin,
    pub(super) scope: Scope,
    pub(super) scope_key: String,
    pub(super) turns: Vec<Turn>,
    pub(super) history: History,
    pub(super) last_seq: Option<EventSeq>,
    /// The state that was told last.
    pub(super) told: State,
    pub(super) capture_tries: u8,
    pub(super) started_cue: bool,
    /// A stop came before the microphone was open.
    pub(super) stop_wanted: bool,
    pub(super) created: Now,
    pub(super) last_active: Now,
    pub(super) ended: Option<Tick>,
    pub(super) closing: bool,
}

impl Turn {
    pub(super) fn new(seq: TurnSeq, pipeline: PipelineSeq, state: State) -> Self {
        Self {
            seq,
            pipeline,
            state,
            spoken: Millis(0),
            take_ended: None,
            raw: None,
            corrected: None,
            held_back: None,
            sent_to: None,
            announced: false,
            correcting: false,
            injected: false,
        }
    }

    /// The text that goes out: the corrected one where there is one.
    pub(super) fn text(&self) -> Option<&Text> {
        self.corrected.as_ref().or(self.raw.as_ref())
    }

    /// Whether the engine still has to do with it.
    pub(super) fn wants_engine(&self) -> bool {
        matches!(self.state, State::Recording | State::Tail | State::Recognising)
    }

    /// Whether a cancel or a newer session can still keep its text out of a window.
    pub(super) fn can_be_called_off(&self) -> bool {
        !self.state.is_ended() && !self.injected
    }
}

impl Session {
    pub(super) fn new(token: Token, begin: Begin, now: Now) -> Self {
        let scope = begin.scope();
        Self {
            token,
            scope_key: scope.key().to_string(),
            scope,
            begin,
            turns: vec![Turn::new(TurnSeq::FIRST, PipelineSeq::FIRST, State::Starting)],
            history: History::default(),
            last_seq: None,
            told: State::Starting,
            capture_tries: 0,
            started_cue: false,
            stop_wanted: false,
            created: now,
            last_active: now,
            ended: None,
            closing: false,
        }
    }

    /// What the sweep looks at.
    pub(super) fn sweep_candidate(&self) -> Candidate {
        let ended = self.ended.unwrap_or_default();
        let last_active = self.last_active.tick.max(ended);
        Candidate { session: self.id(), ended: self.ended.is_some() && !self.closing, last_active }
    }

    pub(super) fn id(&self) -> SessionId {
        self.begin.session
    }

    /// Where the session stands: with its microphone while it has one, else with its earliest unfinished turn.
    pub(super) fn state(&self) -> State {
        if let Some(last) = self.turns.last().filter(|turn| turn.state.holds_microphone()) {
            return last.state;
        }
        match self.turns.iter().find(|turn| !turn.state.is_ended()) {
            Some(turn) => turn.state,
            None => State::Ended(self.outcome()),
        }
    }

    /// How it ended: as its last turn that came to anything.
    fn outcome(&self) -> Outcome {
        let ends = self.turns.iter().rev().filter_map(|turn| match turn.state {
            State::Ended(outcome) => Some(outcome),
            _ => None,
        });
        ends.clone().find(|outcome| *outcome != Outcome::NoSpeech).unwrap_or(Outcome::NoSpeech)
    }

    /// The turn that the microphone fills, or filled last. A session always has one.
    pub(super) fn open_turn(&self) -> Option<&Turn> {
        self.turns.last()
    }

    pub(super) fn open_turn_mut(&mut self) -> Option<&mut Turn> {
        self.turns.last_mut()
    }

    pub(super) fn turn_mut(&mut self, seq: TurnSeq) -> Option<&mut Turn> {
        self.turns.iter_mut().find(|turn| turn.seq == seq)
    }

    pub(super) fn work(&self, turn: &Turn) -> Work {
        Work { token: self.token, turn: turn.seq, pipeline: turn.pipeline }
    }

    /// Adds words to what was said, in their turn's place.
    pub(super) fn say(&mut self, role: Role, turn: TurnSeq, text: &Text, now: Now) {
        let new = NewMessage { role, turn: Some(turn), text: text.clone(), at: None };
        self.history.add(new, now);
    }
}
