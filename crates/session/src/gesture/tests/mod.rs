//! Each row of behaviours as one short story of keys.

mod keys;
mod sessions;

use super::{Gesture::*, KeyInput as In, *};
use crate::{
    ids::Token,
    limits::{HOLD_THRESHOLD, MODIFIER_DEBOUNCE},
    state::State,
    time::Tick,
};

const PREPARE: Gesture = Prepare { interrupts_tail: false };
const DISCARD: Gesture = Discard { ends_tail: false };
const THRESHOLD: u64 = HOLD_THRESHOLD.0;
const DEBOUNCE: u64 = MODIFIER_DEBOUNCE.0;

fn machine(mode: PressMode) -> Gestures {
    Gestures::new(Binding { mode, kind: KeyKind::Chord, reports: KeyReports::Releases })
}

fn modifier(mode: PressMode) -> Gestures {
    Gestures::new(Binding { mode, kind: KeyKind::Modifier, reports: KeyReports::Releases })
}

fn token(number: u64) -> Token {
    Token::new(number).unwrap()
}

/// One thing that happens, and what the machine must make of it.
#[track_caller]
fn expect(machine: &mut Gestures, at: u64, input: In, gestures: &[Gesture]) {
    assert_eq!(machine.handle(input, Tick(at)), gestures, "{input:?} at {at}");
}

/// Silence until then, and what the machine must make of it.
#[track_caller]
fn silence(machine: &mut Gestures, until: u64, gestures: &[Gesture]) {
    assert_eq!(machine.handle_timeout(Tick(until)), gestures, "silence until {until}");
}
