//! All sessions together: what may begin, who owns the microphone, whose turn it is.
//!
//! Inputs and time go in by [`Sessions::handle`] and [`Sessions::handle_timeout`], effects come out by
//! [`Sessions::poll_effect`], the next moment to be called again by [`Sessions::poll_timeout`]. Nothing else happens.
//!
//! Invariant: a refused input changes nothing; a late one changes nothing but its count; an ended turn never moves again;
//! no turn's text is given away twice.

mod begin;
mod capture;
mod delivery;
mod ending;
#[cfg(any(test, feature = "sim"))]
mod inner;
mod listening;
mod order;
mod redoing;
mod tell;
mod timers;
mod turn;
mod view;
mod wording;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use self::{redoing::Redoing, timers::Timers, turn::Session};
use crate::{
    effect::Effect,
    event::{Busy, Envelope},
    feed::{Feeds, Reaper},
    guard::{Front, InjectionGate, Verdict},
    ids::{BootId, SessionId, Token},
    input::{Input, Work},
    sweep::Sweep,
    time::{Now, Tick},
};
pub use view::{LiveSession, SessionCard};

/// Every session of one run of the app.
#[derive(Debug)]
pub struct Sessions {
    boot: BootId,
    ready: bool,
    by_token: BTreeMap<Token, Session>,
    /// Sessions that are not over, in spoken order: the only ones the rules have to look at.
    live: Vec<Token>,
    last_token: Option<Token>,
    /// Who owns microphone and screen.
    current: Option<Token>,
    /// The one turn the engine works on.
    hearing: Option<Work>,
    /// The one turn the hands work on.
    delivering: Option<Work>,
    gate: InjectionGate,
    front: Front,
    keys_held: bool,
    awake: bool,
    quitting: Option<Quitting>,
    timers: Timers,
    feeds: Feeds<Envelope>,
    reaper: Reaper,
    sweep: Sweep,
    redoing: Redoing,
    effects: VecDeque<Effect>,
    counts: Counts,
}

/// How often something happened that changes nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Results that belonged to no current work.
    pub late: u64,
    /// Inputs that the state they met forbids.
    pub illegal: u64,
    /// Begins that were refused.
    pub refused: u64,
}

/// What an accepted input answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Done.
    Done,
    /// A session began.
    Begun(Begun),
    /// It was about a session that is over or not current: nothing changed.
    Stale,
    /// A result came for work that is not current: nothing changed, it was counted.
    Late,
    /// Whether the hands may, at this instant.
    Injection(Verdict),
}

/// A session that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Which.
    pub session: SessionId,
    /// Its token.
    pub token: Token,
}

/// Why an input was refused. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The app is still starting, or already ending.
    #[error("Quoth is still starting")]
    NotReady,
    /// As many sessions as there may be are being finished.
    #[error("maximum concurrent sessions reached")]
    MaxSessions,
    /// This id is taken.
    #[error("session already exists")]
    SessionExists,
    /// The overlap rule says no.
    #[error("{}", .reason.message())]
    Busy {
        /// Why.
        reason: Busy,
        /// Whose session is in the way.
        holder: Token,
    },
    /// The system does not let us hear.
    #[error("Quoth may not use the microphone. Allow it in the system's privacy settings.")]
    NotPermitted,
    /// No such session.
    #[error("session not found")]
    NotFound,
    /// The queue would not take it.
    #[error(transparent)]
    Queue(crate::queue::QueueError),
    /// The session's state forbids it.
    #[error("a session that is {} can't {action}", .from.name())]
    InvalidState {
        /// Where it stands.
        from: crate::state::State,
        /// What was tried.
        action: &'static str,
    },
}

#[derive(Debug, Clone, Copy)]
struct Quitting {
    deadline: Tick,
    gone: bool,
}

type Answer = Result<Reply, Refusal>;

impl Sessions {
    /// No session yet. Nothing can begin until [`Sessions::ready`].
    pub fn new(boot: BootId) -> Self {
        Self {
            boot,
            ready: false,
            by_token: BTreeMap::new(),
            live: Vec::new(),
            last_token: None,
            current: None,
            hearing: None,
            delivering: None,
            gate: InjectionGate::default(),
            front: Front::Unknown,
            keys_held: false,
            awake: false,
            quitting: None,
            timers: Timers::default(),
            feeds: Feeds::default(),
            reaper: Reaper::default(),
            sweep: Sweep::starting(Tick::default()),
            redoing: Redoing::default(),
            effects: VecDeque::new(),
            counts: Counts::default(),
        }
    }

    /// The app is up: dictations may begin, and what is abandoned or finished is looked after.
    pub fn ready(&mut self, now: Now) {
        self.ready = true;
        self.reaper.start(now.tick);
        self.sweep = Sweep::starting(now.tick);
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Now) -> Answer {
        let answer = self.take_in(input, now);
        match &answer {
            Ok(Reply::Late) => self.counts.late += 1,
            Err(Refusal::InvalidState { .. }) => self.counts.illegal += 1,
            _ => {}
        }
        self.go_on(now);
        answer
    }

    /// The next thing to do, oldest first.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When [`Sessions::handle_timeout`] must be called next, if it must.
    pub fn poll_timeout(&self) -> Option<Tick> {
        let quit = self.quitting.filter(|quit| !quit.gone).map(|quit| quit.deadline);
        // Nothing to look at, nothing to wake up for.
        let reap = self.reaper.poll_timeout().filter(|_| !self.live.is_empty());
        let sweep = self.sweep.poll_timeout().filter(|_| self.by_token.len() > self.live.len());
        let beat = self.feeds.poll_timeout();
        let queue = self.redoing.queue.poll_timeout();
        [self.timers.next(), quit, reap, sweep, beat, queue].into_iter().flatten().min()
    }

    /// Lets pass what is due by `now`.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some((token, timer)) = self.timers.due(now.tick) {
            self.expire(token, timer, now);
            self.go_on(now);
        }
        self.reap(now);
        self.sweep(now);
        self.feeds.handle_timeout(now.tick);
        if self.redoing.queue.poll_timeout().is_some_and(|due| due <= now.tick) {
            self.redoing.queue.handle_timeout(now);
        }
        self.go_on(now);
    }

    /// How often something happened that changes nothing else.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Who owns microphone and screen.
    pub fn current(&self) -> Option<Token> {
        self.current
    }

    fn take_in(&mut self, input: Input, now: Now) -> Answer {
        match input {
            Input::Begin(begin) => self.begin(*begin, now),
            Input::Stop(whom) => self.stop(whom, now),
            Input::Resume(target) => self.resume(&target, now),
            Input::Cancel(whom) => self.cancel(whom, now),
            Input::AcceptRaw(whom) => self.accept_raw(whom, now),
            Input::Place(token, place) => self.place(token, place, now),
            Input::CaptureStarted(token) => self.capture_started(token, now),
            Input::CaptureFailed(token, trouble) => self.capture_failed(token, trouble, now),
            Input::SpeechHeard(token, spoken) => self.speech_heard(token, spoken, now),
            Input::FellSilent(token) => self.fell_silent(token, now),
            Input::UtteranceEnded(token) => self.utterance_ended(token, now),
            Input::DeviceLost(token) => self.device_lost(token, now),
            Input::CaptureTrouble(token, trouble) => self.capture_trouble(token, trouble, now),
            Input::Interim(work, text) => self.interim(work, text, now),
            Input::SegmentDone(work, segment) => self.segment_done(work, segment, now),
            Input::Recognised(work, text) => self.recognised(work, text, now),
            Input::RecognitionFailed(work, trouble) => self.recognition_failed(work, trouble, now),
            Input::EngineUnavailable(token, trouble) => self.engine_unavailable(token, &trouble, now),
            Input::Corrected(work, text) => self.corrected(work, text, now),
            Input::CorrectionFailed(work, trouble) => self.correction_failed(work, trouble, now),
            Input::AskInjection(work, sight) => self.ask_injection(work, &sight, now),
            Input::Delivered(work, delivery) => self.delivered(work, delivery, now),
            Input::DeliveryFailed(work, why) => self.delivery_failed(work, why, now),
            Input::FrontChanged(front) => {
                self.front = front;
                Ok(Reply::Done)
            }
            Input::KeysHeld(held) => {
                self.keys_held = held;
                Ok(Reply::Done)
            }
            Input::Suspend | Input::Wake => self.slept(now),
            Input::Closed(token) => self.closed(token, now),
            Input::Queue(input) => self.queue_input(input, now),
            Input::UndoCancel(token, turn) => self.undo_cancel(token, *turn, now),
            Input::Quit => self.quit(now),
        }
    }

    /// Gives every free slot to whoever is next, after anything changed.
    fn go_on(&mut self, now: Now) {
        self.give_engine(now);
        self.give_correctors(now);
        self.give_hands(now);
        self.redo(now);
        self.keep_awake();
        self.end_quitting(now);
    }

    fn effect(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }
}
