//! The machine itself: one state, one next timeout.

use super::{Ask, Binding, Gesture, KeyInput, KeyKind, KeyReports, PressMode, Refusal};
use crate::{
    ids::Token,
    limits::{DOUBLE_TAP, HOLD_THRESHOLD, KEY_PROBE, KEY_REPEAT_GAP, MODIFIER_DEBOUNCE, STUCK_KEY},
    state::State as Session,
    time::{Millis, Tick},
    vocabulary::Trigger,
};

/// What the user does with the keys, made into what the user means.
///
/// Each [`Gesture::Begin`] is followed by a [`Gesture::Stop`] or [`Gesture::Cancel`] before the next one, unless the
/// recording was refused or ended without the machine, which it is told.
#[derive(Debug, Clone)]
pub struct Gestures {
    binding: Binding,
    /// A binding that waits for quiet.
    next_binding: Option<Binding>,
    state: State,
    key: Key,
    menu_open: bool,
    /// The microphone was opened ahead of a decision that is still out, or whose begin is unanswered.
    prepared: Option<Prepared>,
    /// Begins that were asked for and not answered yet. What is told of sessions meanwhile is about older ones.
    unanswered: u32,
    /// The session that owns microphone and screen, and where it stands.
    current: Option<(Token, Session)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// Double tap: the key is down for the first time.
    FirstTap {
        pressed_at: Tick,
    },
    /// Double tap: the key came up in time; the second press has until then.
    BetweenTaps {
        until: Tick,
    },
    /// The key is down, and it is open whether this is a tap or a hold.
    Deciding {
        pressed_at: Tick,
    },
    /// Recording for as long as the key is down.
    Held {
        pressed_at: Tick,
        /// The key came up, perhaps only by a bounce.
        released_at: Option<Tick>,
        probe_at: Tick,
    },
    /// Recording until the next press.
    Latched {
        /// The key began it, then.
        begun_at: Option<Tick>,
        /// It was begun by a tap that went down then: if its release proves a bounce, it is a hold after all.
        tapped_at: Option<Tick>,
    },
    /// The app is ending.
    Off,
}

/// The hotkey as last reported.
#[derive(Debug, Clone, Copy, Default)]
struct Key {
    down: bool,
    /// The last sign that it is down.
    seen: Tick,
    /// The last time it came up.
    released_at: Option<Tick>,
}

#[derive(Debug, Clone, Copy)]
struct Prepared {
    over_tail: bool,
}

impl Gestures {
    /// A machine at rest with this binding.
    pub fn new(binding: Binding) -> Self {
        Self {
            binding,
            next_binding: None,
            state: State::Idle,
            key: Key::default(),
            menu_open: false,
            prepared: None,
            unanswered: 0,
            current: None,
        }
    }

    /// What `input` means at `now`, with whatever fell due before it. Never fails: what can't be is a
    /// [`Gesture::Refuse`], what means nothing gives nothing.
    pub fn handle(&mut self, input: KeyInput, now: Tick) -> Vec<Gesture> {
        let mut out = Vec::new();
        self.fire(now, &mut out);
        if self.state == State::Off {
            if matches!(input, KeyInput::Ask(..)) {
                out.push(Gesture::Refuse(Refusal::Quitting));
            }
            return out;
        }
        match input {
            KeyInput::Pressed if !self.menu_open => self.pressed(now, &mut out),
            KeyInput::Released => self.released(now, &mut out),
            KeyInput::PartReleased => self.part_released(now, &mut out),
            KeyInput::OtherKey if self.binding.kind == KeyKind::Modifier => self.let_go(&mut out),
            KeyInput::Physical(down) => self.looked(down, now, &mut out),
            KeyInput::Cancel if !self.menu_open => self.cancel(&mut out),
            KeyInput::Accept if !self.menu_open => out.push(self.accept()),
            // Meant for the menu that has the keyboard; and a chord does not mind other keys.
            KeyInput::Pressed | KeyInput::Cancel | KeyInput::Accept | KeyInput::OtherKey => {}
            KeyInput::Ask(ask, trigger) => self.asked(ask, trigger, &mut out),
            KeyInput::Begun(token) => self.begun(token, &mut out),
            KeyInput::BeginRefused => self.refused(&mut out),
            KeyInput::Session(token, state) => self.told(token, state),
            KeyInput::MenuOpened => {
                self.menu_open = true;
                self.let_go(&mut out);
            }
            KeyInput::MenuClosed => {
                self.menu_open = false;
                // The menu may have swallowed the release.
                if matches!(self.state, State::Held { .. }) && self.can_probe() {
                    out.push(Gesture::Probe);
                }
            }
            KeyInput::Rebind(binding) => self.next_binding = Some(binding),
            KeyInput::Quit => {
                self.let_go(&mut out);
                self.state = State::Off;
            }
        }
        self.rebind_if_quiet(&mut out);
        out
    }

    /// When to call [`Gestures::handle_timeout`], if nothing else happens before.
    pub fn poll_timeout(&self) -> Option<Tick> {
        match self.state {
            State::Idle | State::Latched { .. } | State::Off => None,
            State::FirstTap { pressed_at } | State::Deciding { pressed_at } => {
                Some(pressed_at + HOLD_THRESHOLD)
            }
            State::BetweenTaps { until } => Some(until),
            State::Held { released_at: Some(released_at), .. } => Some(released_at + MODIFIER_DEBOUNCE),
            State::Held { probe_at, .. } if self.can_probe() => Some(probe_at.min(self.key.seen + STUCK_KEY)),
            State::Held { .. } => Some(self.key.seen + STUCK_KEY),
        }
    }

    /// What it means that nothing happened until `now`.
    pub fn handle_timeout(&mut self, now: Tick) -> Vec<Gesture> {
        let mut out = Vec::new();
        self.fire(now, &mut out);
        self.rebind_if_quiet(&mut out);
        out
    }

    /// Whether a recording runs as far as keys are concerned: the next press stops it, or the release does.
    pub fn is_recording(&self) -> bool {
        matches!(self.state, State::Held { .. } | State::Latched { .. })
    }

    /// Whether the cancel key means something now. Only then may it be taken from other programs.
    pub fn wants_cancel_key(&self) -> bool {
        self.state != State::Off && (self.state != State::Idle || self.session_is_live())
    }

    /// Whether the accept key means something now. Only then may it be taken from other programs.
    pub fn wants_accept_key(&self) -> bool {
        self.state != State::Off
            && self.unanswered == 0
            && matches!(self.current, Some((_, Session::Correcting)))
    }

    /// Whether something is under way that a changed hotkey would disturb. Then a new binding waits.
    pub fn is_busy(&self) -> bool {
        self.state != State::Idle || self.session_is_live()
    }

    /// A text that waits for its user is at rest: it may wait for minutes.
    fn session_is_live(&self) -> bool {
        self.unanswered > 0
            || matches!(self.current, Some((_, state)) if !matches!(state, Session::Waiting | Session::Ended(_)))
    }

    fn can_probe(&self) -> bool {
        self.binding.reports == KeyReports::ReleasesAndState
    }

    /// Does everything that fell due until `now`.
    fn fire(&mut self, now: Tick, out: &mut Vec<Gesture>) {
        while self.poll_timeout().is_some_and(|due| due <= now) {
            match self.state {
                State::FirstTap { .. } | State::BetweenTaps { .. } => self.state = State::Idle,
                State::Deciding { pressed_at } => {
                    self.begin(Trigger::Hold, Self::held(pressed_at, now), out);
                }
                State::Held { released_at: Some(_), .. } => self.stop(out),
                State::Held { .. } if self.key.seen + STUCK_KEY <= now => {
                    // The release was lost: the next press is a new one.
                    self.key.down = false;
                    self.stop(out);
                }
                State::Held { pressed_at, .. } => {
                    self.state = Self::held(pressed_at, now);
                    out.push(Gesture::Probe);
                }
                State::Idle | State::Latched { .. } | State::Off => break,
            }
        }
    }

    fn held(pressed_at: Tick, now: Tick) -> State {
        State::Held { pressed_at, released_at: None, probe_at: now + KEY_PROBE }
    }

    fn pressed(&mut self, now: Tick, out: &mut Vec<Gesture>) {
        let repeats = self.key.down && now.since(self.key.seen) < self.repeat_gap();
        self.key.down = true;
        self.key.seen = now;
        if repeats {
            return;
        }
        match self.state {
            State::Idle => self.pressed_at_rest(now, out),
            State::BetweenTaps { .. } => {
                self.begin(Trigger::Toggle, State::Latched { begun_at: Some(now), tapped_at: None }, out);
            }
            State::Held { pressed_at, released_at: Some(_), .. } => self.state = Self::held(pressed_at, now),
            State::Latched { begun_at, tapped_at } if self.bounced(begun_at, now) => {
                if let Some(pressed_at) = tapped_at {
                    self.state = Self::held(pressed_at, now);
                }
            }
            // In `Held` the release was lost, and the user presses again because it goes on.
            State::Held { .. } | State::Latched { .. } => self.stop(out),
            // Their timeouts are shorter than the gap that makes a repetition a press.
            State::FirstTap { .. } | State::Deciding { .. } | State::Off => {}
        }
    }

    fn pressed_at_rest(&mut self, now: Tick, out: &mut Vec<Gesture>) {
        match self.binding.effective() {
            PressMode::Hold | PressMode::Hybrid => {
                let over_tail = matches!(self.current, Some((_, Session::Tail)));
                self.prepared = Some(Prepared { over_tail });
                self.state = State::Deciding { pressed_at: now };
                out.push(Gesture::Prepare { interrupts_tail: over_tail });
            }
            PressMode::Toggle => {
                self.begin(Trigger::Toggle, State::Latched { begun_at: Some(now), tapped_at: None }, out);
            }
            PressMode::DoubleTap => self.state = State::FirstTap { pressed_at: now },
        }
    }

    /// Reports of a press closer than this are one press. Where no release is told, repetition can't be seen, but no one
    /// starts and stops within the time of a tap.
    fn repeat_gap(&self) -> Millis {
        match self.binding.reports {
            KeyReports::Presses => HOLD_THRESHOLD,
            KeyReports::Releases | KeyReports::ReleasesAndState => KEY_REPEAT_GAP,
        }
    }

    /// Whether a press while recording is the same press coming back.
    fn bounced(&self, begun_at: Option<Tick>, now: Tick) -> bool {
        let within = |at: Option<Tick>, span| at.is_some_and(|at| now.since(at) < span);
        within(begun_at, HOLD_THRESHOLD)
            || self.binding.kind == KeyKind::Modifier && within(self.key.released_at, MODIFIER_DEBOUNCE)
    }

    fn released(&mut self, now: Tick, out: &mut Vec<Gesture>) {
        if self.key.down {
            self.up(self.binding.kind == KeyKind::Modifier, now, out);
        } else if self.binding.kind == KeyKind::Chord && matches!(self.state, State::Held { .. }) {
            // A modifier came up before; now the whole chord is.
            self.stop(out);
        }
    }

    fn part_released(&mut self, now: Tick, out: &mut Vec<Gesture>) {
        if self.key.down {
            self.up(true, now, out);
        }
    }

    fn looked(&mut self, down: bool, now: Tick, out: &mut Vec<Gesture>) {
        match (down, self.state) {
            (true, State::Held { pressed_at, released_at: Some(_), .. }) => {
                self.key.down = true;
                self.key.seen = now;
                self.state = Self::held(pressed_at, now);
            }
            (true, _) if self.key.down => self.key.seen = now,
            (true, _) => {}
            (false, _) => self.released(now, out),
        }
    }

    /// The key came up; `may_bounce` if it could come back at once.
    fn up(&mut self, may_bounce: bool, now: Tick, out: &mut Vec<Gesture>) {
        self.key.down = false;
        self.key.released_at = Some(now);
        let hybrid = self.binding.effective() == PressMode::Hybrid;
        match self.state {
            State::FirstTap { pressed_at } => {
                self.state = State::BetweenTaps { until: pressed_at + DOUBLE_TAP }
            }
            State::Deciding { pressed_at } if hybrid => {
                self.begin(Trigger::Toggle, Self::tapped(pressed_at, now), out);
            }
            State::Deciding { .. } => self.let_go(out),
            State::Held { pressed_at, .. } if hybrid && now.since(pressed_at) < HOLD_THRESHOLD => {
                self.state = Self::tapped(pressed_at, now);
            }
            State::Held { pressed_at, released_at: None, probe_at } if may_bounce => {
                self.state = State::Held { pressed_at, released_at: Some(now), probe_at };
            }
            State::Held { .. } => self.stop(out),
            State::Idle | State::BetweenTaps { .. } | State::Latched { .. } | State::Off => {}
        }
    }

    fn tapped(pressed_at: Tick, now: Tick) -> State {
        State::Latched { begun_at: Some(now), tapped_at: Some(pressed_at) }
    }

    fn cancel(&mut self, out: &mut Vec<Gesture>) {
        match self.state {
            // One step at a time: the press that was about to become a dictation goes first.
            State::Deciding { .. } => self.let_go(out),
            _ if self.is_recording() || self.session_is_live() => {
                self.state = State::Idle;
                out.push(Gesture::Cancel);
            }
            _ => self.state = State::Idle,
        }
    }

    fn accept(&self) -> Gesture {
        if self.wants_accept_key() { Gesture::AcceptRaw } else { Gesture::Refuse(Refusal::NothingToAccept) }
    }

    fn asked(&mut self, ask: Ask, trigger: Trigger, out: &mut Vec<Gesture>) {
        match (ask, self.is_recording()) {
            (Ask::Start, true) => out.push(Gesture::Refuse(Refusal::AlreadyRecording)),
            (Ask::Start | Ask::Toggle, false) => {
                self.begin(trigger, State::Latched { begun_at: None, tapped_at: None }, out);
            }
            (Ask::Stop | Ask::Toggle, true) => self.stop(out),
            (Ask::Stop, false) if self.state == State::Idle => {
                out.push(Gesture::Refuse(Refusal::NothingToStop));
            }
            (Ask::Stop, false) => self.let_go(out),
        }
    }

    fn begun(&mut self, token: Token, out: &mut Vec<Gesture>) {
        let newer = self.current.is_none_or(|(known, _)| known < token);
        if newer {
            self.current = Some((token, Session::Starting));
        }
        if self.unanswered > 0 {
            self.unanswered -= 1;
            if self.state_is_undecided() {
                return;
            }
            self.prepared = None;
        } else if newer && !self.is_recording() {
            self.let_go(out);
            self.state = State::Latched { begun_at: None, tapped_at: None };
        }
    }

    fn refused(&mut self, out: &mut Vec<Gesture>) {
        if self.unanswered == 0 {
            return;
        }
        self.unanswered -= 1;
        if self.unanswered == 0 && !self.state_is_undecided() {
            self.state = State::Idle;
            self.discard(out);
        }
    }

    fn told(&mut self, token: Token, state: Session) {
        match self.current {
            Some((known, _)) if token < known => return,
            Some((known, Session::Ended(_))) if token == known => return,
            _ => self.current = Some((token, state)),
        }
        if state != Session::Tail
            && let Some(prepared) = &mut self.prepared
        {
            prepared.over_tail = false;
        }
        let records = matches!(state, Session::Starting | Session::Recording);
        if !records && self.unanswered == 0 && self.is_recording() {
            self.state = State::Idle;
        }
    }

    /// Whether a press is under way that has not become a dictation.
    fn state_is_undecided(&self) -> bool {
        matches!(self.state, State::Deciding { .. } | State::FirstTap { .. } | State::BetweenTaps { .. })
    }

    /// A press that had not become a dictation was nothing.
    fn let_go(&mut self, out: &mut Vec<Gesture>) {
        if self.state_is_undecided() {
            self.state = State::Idle;
            self.discard(out);
        }
    }

    fn discard(&mut self, out: &mut Vec<Gesture>) {
        if let Some(prepared) = self.prepared.take() {
            out.push(Gesture::Discard { ends_tail: prepared.over_tail });
        }
    }

    fn begin(&mut self, trigger: Trigger, state: State, out: &mut Vec<Gesture>) {
        self.unanswered += 1;
        self.state = state;
        out.push(Gesture::Begin(trigger));
    }

    fn stop(&mut self, out: &mut Vec<Gesture>) {
        self.state = State::Idle;
        out.push(Gesture::Stop);
    }

    fn rebind_if_quiet(&mut self, out: &mut Vec<Gesture>) {
        if self.is_busy() {
            return;
        }
        if let Some(binding) = self.next_binding.take() {
            self.binding = binding;
            out.push(Gesture::Rebind(binding));
        }
    }
}
