//! The made-up world: it carries the effects out, late or never, and answers with inputs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Hands, Page, at, begin, boot};
use crate::{
    effect::{Cue, Effect, Fact, Record},
    event::{Envelope, Event, Trouble},
    guard::{Front, Target, Verdict, WindowRef},
    ids::Token,
    input::{Begin, Input, Sight, Whom, Work},
    limits,
    sessions::{Refusal, Reply, Sessions},
    state::{Delivery, State},
    text::Text,
    time::{Millis, Now, Tick},
};

/// How a fake answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// With this, after so long.
    Says(&'static str, Millis),
    /// With an error, after so long.
    Fails(Millis),
    /// Not at all.
    Never,
}

#[derive(Debug, Clone)]
enum Step {
    Tell(Input),
    Inject(Work),
    PasteDone(Work),
}

/// A world around one [`Sessions`].
#[derive(Debug)]
pub struct World {
    /// What is tested.
    pub sessions: Sessions,
    /// The fake hands.
    pub hands: Hands,
    /// The fake page.
    pub page: Page,
    /// Answers of the engine, in order; "a" after 10 ms once they are used up.
    pub engine: VecDeque<Reaction>,
    /// Answers of the language model, in order; "A." after 10 ms once they are used up.
    pub model: VecDeque<Reaction>,
    /// How often the microphone will not open.
    pub deaf: u32,
    /// The microphone says nothing at all.
    pub mute: bool,
    /// Every effect, with its moment.
    pub effects: Vec<(Tick, Effect)>,
    /// Every event, in order.
    pub events: Vec<Envelope>,
    /// Every fact written down.
    pub records: Vec<Record>,
    /// Sessions whose last words are not to be saved yet.
    pub keep_open: bool,
    now: Tick,
    steps: BTreeMap<(Tick, u64), Step>,
    stamp: u64,
    begun: u64,
    /// Whose microphone is open.
    microphone: BTreeSet<Token>,
    front: Front,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world in which the app has just started and window 1 is in front.
    pub fn new() -> Self {
        let mut sessions = Sessions::new(boot());
        sessions.ready(at(0));
        let mut world = Self {
            sessions,
            hands: Hands::holding("the user's"),
            page: Page::default(),
            engine: VecDeque::new(),
            model: VecDeque::new(),
            deaf: 0,
            mute: false,
            effects: Vec::new(),
            events: Vec::new(),
            records: Vec::new(),
            keep_open: false,
            now: Tick(0),
            steps: BTreeMap::new(),
            stamp: 0,
            begun: 0,
            microphone: BTreeSet::new(),
            front: Front::Unknown,
        };
        world.focus(super::window(1));
        world
    }

    /// The moment it is.
    pub fn now(&self) -> Now {
        at(self.now.0)
    }

    /// Says something to the sessions, and carries out what they want.
    pub fn tell(&mut self, input: Input) -> Result<Reply, Refusal> {
        let answer = self.sessions.handle(input, self.now());
        self.carry_out();
        answer
    }

    /// Another window comes to the front.
    pub fn focus(&mut self, window: WindowRef) {
        self.front = Front::Known(window);
        let front = self.front.clone();
        let told = self.tell(Input::FrontChanged(front));
        debug_assert!(told.is_ok());
    }

    /// Begins the next session by a held key into the window in front, with a language model.
    pub fn press(&mut self) -> Token {
        self.press_with(|_| {})
    }

    /// As [`World::press`], with something about it changed. Panics if it is refused.
    pub fn press_with(&mut self, change: impl FnOnce(&mut Begin)) -> Token {
        match self.try_press(change) {
            Ok(token) => token,
            #[expect(clippy::panic, reason = "a test's own mistake")]
            Err(refusal) => panic!("the begin was refused: {refusal}"),
        }
    }

    /// As [`World::press_with`], answering a refusal.
    pub fn try_press(&mut self, change: impl FnOnce(&mut Begin)) -> Result<Token, Refusal> {
        self.begun += 1;
        let mut next = begin(self.begun);
        next.target = Target::of(self.front.clone());
        change(&mut next);
        match self.tell(Input::Begin(Box::new(next)))? {
            Reply::Begun(begun) => Ok(begun.token),
            _ => Err(Refusal::NotFound),
        }
    }

    /// Lets go of the key.
    pub fn release(&mut self) {
        let told = self.tell(Input::Stop(Whom::Current));
        debug_assert!(told.is_ok());
    }

    /// Says something at a later moment.
    pub fn later(&mut self, after: Millis, input: Input) {
        self.step(after, Step::Tell(input));
    }

    /// Lets time pass up to this many milliseconds after the start, with everything that is due on the way.
    pub fn run_to(&mut self, millis: u64) {
        let end = Tick(millis);
        while let Some(next) = self.next().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            self.pass();
        }
        self.now = self.now.max(end);
        self.pass();
    }

    /// When something is due next.
    fn next(&self) -> Option<Tick> {
        let step = self.steps.keys().next().map(|(tick, _)| *tick);
        [step, self.sessions.poll_timeout(), self.hands.next()].into_iter().flatten().min()
    }

    fn pass(&mut self) {
        while let Some(entry) = self.steps.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let step = entry.remove();
            self.take(step);
        }
        if self.sessions.poll_timeout().is_some_and(|due| due <= self.now) {
            self.sessions.handle_timeout(self.now());
            self.carry_out();
        }
        self.hands.pass(self.now);
        self.page.drain(self.sessions.current(), self.now);
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Tell(input) => {
                // A fake may well be late; that is what is tested.
                let _ = self.tell(input);
            }
            Step::Inject(work) => {
                let sight = Sight { front: self.front.clone(), password_field: false, modifiers_held: false };
                match self.tell(Input::AskInjection(work, sight)) {
                    Ok(Reply::Injection(Verdict::Inject)) => {
                        self.hands.inject(work, self.now);
                        if !self.hands.silent {
                            self.step(limits::AFTER_PASTE, Step::PasteDone(work));
                        }
                    }
                    Ok(Reply::Injection(Verdict::Wait(_))) => {
                        self.step(limits::BEFORE_PASTE, Step::Inject(work));
                    }
                    _ => self.hands.withdraw(work, self.now),
                }
            }
            Step::PasteDone(work) => {
                self.hands.done(work, self.now);
                // Whether anybody still waits for it is what is tested.
                let _ = self.tell(Input::Delivered(work, Delivery::Pasted));
            }
        }
    }

    fn step(&mut self, after: Millis, step: Step) {
        self.stamp += 1;
        self.steps.insert((self.now + after, self.stamp), step);
    }

    fn carry_out(&mut self) {
        while let Some(effect) = self.sessions.poll_effect() {
            self.effects.push((self.now, effect.clone()));
            self.do_it(effect);
        }
    }

    fn do_it(&mut self, effect: Effect) {
        match effect {
            Effect::OpenMicrophone(token) if self.deaf > 0 => {
                self.deaf -= 1;
                self.later(Millis(1), Input::CaptureFailed(token, Trouble::new("audio", "no microphone")));
            }
            Effect::OpenMicrophone(_) if self.mute => {}
            Effect::OpenMicrophone(token) => {
                self.microphone.insert(token);
                self.later(Millis(5), Input::CaptureStarted(token));
                self.later(Millis(6), Input::SpeechHeard(token, Millis(1)));
            }
            Effect::CloseMicrophone(token) => {
                self.microphone.remove(&token);
            }
            Effect::FinishRecognition(work) => {
                match self.engine.pop_front().unwrap_or(Reaction::Says("a", Millis(10))) {
                    Reaction::Says(text, after) => self.later(after, Input::Recognised(work, text.into())),
                    Reaction::Fails(after) => {
                        self.later(after, Input::RecognitionFailed(work, Trouble::new("asr", "it broke")));
                    }
                    Reaction::Never => {}
                }
            }
            Effect::Correct(work, _, _) => {
                match self.model.pop_front().unwrap_or(Reaction::Says("A.", Millis(10))) {
                    Reaction::Says(text, after) => self.later(after, Input::Corrected(work, text.into())),
                    Reaction::Fails(after) => {
                        self.later(after, Input::CorrectionFailed(work, Trouble::new("llm", "it broke")));
                    }
                    Reaction::Never => {}
                }
            }
            Effect::Deliver(work, text, _) if self.hands.write(work, text.as_str(), self.now) => {
                self.step(limits::BEFORE_PASTE, Step::Inject(work));
            }
            Effect::AbortDelivery(work) => self.hands.withdraw(work, self.now),
            Effect::Copy(_, text) => self.hands.leave(text.as_str()),
            Effect::Persist(record) => self.records.push(record),
            Effect::Emit(event) => {
                self.page.receive((*event).clone());
                self.events.push(*event);
            }
            Effect::Close(token) if !self.keep_open => self.later(Millis(0), Input::Closed(token)),
            _ => {}
        }
    }

    /// What was pasted, in order.
    pub fn pastes(&self) -> Vec<&str> {
        self.hands.injections.iter().map(|(_, _, text)| text.as_str()).collect()
    }

    /// The states a session went through, in order.
    pub fn state_names(&self, token: Token) -> Vec<&'static str> {
        self.changes(token).into_iter().map(|(_, state)| state.name()).collect()
    }

    /// The states a session went through, with their moments.
    pub fn changes(&self, token: Token) -> Vec<(Tick, State)> {
        let start = at(0).wall.0;
        let of = self.events.iter().filter(|event| event.token == token);
        let changes = of.filter_map(|envelope| match envelope.event {
            Event::SessionStateChanged { state, prev, .. } if state != prev || state == State::Starting => {
                Some((Tick(envelope.at.0.abs_diff(start)), state))
            }
            _ => None,
        });
        changes.collect()
    }

    /// When a sound was played.
    pub fn cues(&self, cue: Cue) -> Vec<Tick> {
        self.when(|effect| *effect == Effect::Cue(cue))
    }

    /// When effects of a kind were wanted.
    pub fn when(&self, kind: impl Fn(&Effect) -> bool) -> Vec<Tick> {
        self.effects.iter().filter(|(_, effect)| kind(effect)).map(|(tick, _)| *tick).collect()
    }

    /// The facts written down about a session.
    pub fn facts(&self, token: Token) -> Vec<&Fact> {
        self.records.iter().filter(|record| record.token == token).map(|record| &record.what).collect()
    }

    /// The raw texts written down about a session.
    pub fn raw_texts(&self, token: Token) -> Vec<&str> {
        let facts = self.facts(token).into_iter();
        facts
            .filter_map(|fact| if let Fact::Raw(_, text) = fact { Some(Text::as_str(text)) } else { None })
            .collect()
    }

    /// Whose microphone is open.
    pub fn hearing(&self) -> Vec<Token> {
        self.microphone.iter().copied().collect()
    }
}
