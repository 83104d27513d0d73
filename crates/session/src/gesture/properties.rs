//! What holds for every order of keys, timeouts and answers.

use proptest::prelude::*;

use super::*;
use crate::{
    ids::Token,
    limits::{MODIFIER_DEBOUNCE, STUCK_KEY},
    state::{Delivery, Outcome, State},
    time::{Millis, Tick},
    vocabulary::Trigger,
};

/// What the world does next. Answers are the world's too, so that they can be late, twice, or about the wrong session.
#[derive(Debug, Clone, Copy)]
enum Step {
    Key(KeyInput),
    Wait(u64),
    /// Wait until exactly the machine's own timeout.
    Timeout,
    /// The oldest unanswered begin is answered.
    Answer {
        accepted: bool,
    },
    /// Somebody else begins a session.
    Elsewhere,
    /// Something is told of a session so many tokens ago.
    Told(u64, State),
}

/// The world around the machine, and what must be true of their talk.
struct World {
    machine: Gestures,
    now: u64,
    last_token: u64,
    unanswered: u32,
    /// What the gestures so far amount to: a recording that was begun and not stopped.
    open: bool,
    prepared: bool,
}

impl World {
    fn new(binding: Binding) -> Self {
        let machine = Gestures::new(binding);
        Self { machine, now: 1, last_token: 0, unanswered: 0, open: false, prepared: false }
    }

    fn hand_in(&mut self, input: KeyInput) {
        let gestures = self.machine.handle(input, Tick(self.now));
        self.check(&gestures);
    }

    fn check(&mut self, gestures: &[Gesture]) {
        for gesture in gestures {
            match gesture {
                Gesture::Prepare { .. } => {
                    assert!(!self.prepared, "opened twice");
                    self.prepared = true;
                }
                Gesture::Discard { .. } => self.prepared = false,
                Gesture::Begin(_) => {
                    assert!(!self.open, "two begins without a stop or cancel between them");
                    self.open = true;
                    self.unanswered += 1;
                    self.prepared = false;
                }
                Gesture::Stop => {
                    assert!(self.open, "stopped what did not record");
                    self.open = false;
                }
                Gesture::Cancel => self.open = false,
                Gesture::AcceptRaw | Gesture::Probe | Gesture::Rebind(_) | Gesture::Refuse(_) => {}
            }
        }
        assert!(!self.open || self.machine.is_recording(), "forgot that it records");
        if !self.open {
            assert!(!self.machine.is_recording(), "thinks it records after a stop");
        }
        let due = self.machine.poll_timeout();
        assert!(due.is_none_or(|due| due.0 > self.now), "a timeout that is due was not done");
        if self.prepared {
            assert!(due.is_some(), "the microphone is open and nothing will close it");
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Key(input) => self.hand_in(input),
            Step::Wait(span) => {
                self.now += span;
                let gestures = self.machine.handle_timeout(Tick(self.now));
                self.check(&gestures);
            }
            Step::Timeout => self.time_out(),
            Step::Answer { accepted } if self.unanswered > 0 => {
                self.unanswered -= 1;
                if accepted {
                    self.last_token += 1;
                    self.hand_in(KeyInput::Begun(token(self.last_token)));
                } else {
                    if self.unanswered == 0 {
                        self.open = false;
                    }
                    self.hand_in(KeyInput::BeginRefused);
                }
            }
            Step::Answer { .. } => {}
            Step::Elsewhere if self.unanswered == 0 => {
                self.last_token += 1;
                self.open = true;
                self.hand_in(KeyInput::Begun(token(self.last_token)));
            }
            Step::Elsewhere => {}
            Step::Told(ago, state) => {
                let Some(number) = self.last_token.checked_sub(ago).filter(|number| *number > 0) else {
                    return;
                };
                let records = matches!(state, State::Starting | State::Recording);
                if ago == 0 && !records && self.unanswered == 0 {
                    self.open = false;
                }
                self.hand_in(KeyInput::Session(token(number), state));
            }
        }
    }

    fn time_out(&mut self) {
        if let Some(due) = self.machine.poll_timeout() {
            self.now = due.0;
            let gestures = self.machine.handle_timeout(due);
            self.check(&gestures);
        }
    }
}

fn token(number: u64) -> Token {
    Token::new(number).unwrap()
}

fn bindings() -> impl Strategy<Value = Binding> {
    let modes = prop_oneof![
        Just(PressMode::Hold),
        Just(PressMode::Toggle),
        Just(PressMode::Hybrid),
        Just(PressMode::DoubleTap)
    ];
    let kinds = prop_oneof![Just(KeyKind::Chord), Just(KeyKind::Modifier)];
    let reports = prop_oneof![
        Just(KeyReports::Presses),
        Just(KeyReports::Releases),
        Just(KeyReports::ReleasesAndState)
    ];
    (modes, kinds, reports).prop_map(|(mode, kind, reports)| Binding { mode, kind, reports })
}

/// What fingers and keyboards do.
fn fingers() -> impl Strategy<Value = KeyInput> {
    prop_oneof![
        8 => Just(KeyInput::Pressed),
        6 => Just(KeyInput::Released),
        1 => Just(KeyInput::PartReleased),
        1 => Just(KeyInput::OtherKey),
        1 => any::<bool>().prop_map(KeyInput::Physical),
    ]
}

fn states() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Starting),
        Just(State::Recording),
        Just(State::Tail),
        Just(State::Recognising),
        Just(State::Correcting),
        Just(State::Waiting),
        Just(State::Ended(Outcome::Delivered(Delivery::Pasted))),
    ]
}

fn waits() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 1_u64..250, 3 => 250_u64..3_000, 1 => 3_000_u64..4_000_000]
}

fn steps() -> impl Strategy<Value = Step> {
    let asks = prop_oneof![Just(Ask::Start), Just(Ask::Stop), Just(Ask::Toggle)];
    prop_oneof![
        12 => fingers().prop_map(Step::Key),
        8 => waits().prop_map(Step::Wait),
        4 => Just(Step::Timeout),
        4 => prop_oneof![3 => Just(true), 1 => Just(false)].prop_map(|accepted| Step::Answer { accepted }),
        3 => (0_u64..3, states()).prop_map(|(ago, state)| Step::Told(ago, state)),
        1 => asks.prop_map(|ask| Step::Key(KeyInput::Ask(ask, Trigger::Tray))),
        1 => Just(Step::Elsewhere),
        1 => Just(Step::Key(KeyInput::Cancel)),
        1 => Just(Step::Key(KeyInput::Accept)),
        1 => Just(Step::Key(KeyInput::MenuOpened)),
        1 => Just(Step::Key(KeyInput::MenuClosed)),
        1 => bindings().prop_map(|binding| Step::Key(KeyInput::Rebind(binding))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn t12_t15_in_any_order_what_was_said_and_what_is_thought_agree(
        binding in bindings(),
        steps in prop::collection::vec(steps(), 1..80),
    ) {
        let mut world = World::new(binding);
        for step in steps {
            world.step(step);
        }
    }

    #[test]
    fn t12_a_stuck_key_always_ends(
        binding in bindings(),
        steps in prop::collection::vec(prop_oneof![fingers().prop_map(Step::Key), waits().prop_map(Step::Wait)], 1..40),
    ) {
        // In hold mode nothing but a held key records, so that silence must end every recording.
        let binding = Binding { mode: PressMode::Hold, reports: KeyReports::Releases, ..binding };
        let mut world = World::new(binding);
        for step in steps {
            world.step(step);
        }
        let last_sign = world.now;
        while world.machine.poll_timeout().is_some() {
            world.time_out();
        }
        prop_assert!(!world.open && !world.prepared);
        prop_assert!(world.now <= last_sign + STUCK_KEY.0.max(MODIFIER_DEBOUNCE.0));
    }
}

#[test]
fn t12_an_unanswered_probe_does_not_keep_a_stuck_key_alive() {
    let binding =
        Binding { mode: PressMode::Hybrid, kind: KeyKind::Chord, reports: KeyReports::ReleasesAndState };
    let mut world = World::new(binding);
    world.hand_in(KeyInput::Pressed);
    while world.machine.poll_timeout().is_some() {
        world.time_out();
    }
    assert!(!world.open);
    assert_eq!(Millis(world.now - 1), STUCK_KEY);
}
