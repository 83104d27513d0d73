//! Turns recorded earlier share the engine with the live ones, and a cancel can be taken back.

use uuid::Uuid;

use crate::{
    effect::Effect,
    input::{Input, Whom},
    limits,
    queue::{Job, Kind, NewTurn, QueueEffect, QueueInput, RecordingId, Settled, TurnId, What},
    sessions::{Refusal, Reply},
    sim::{Reaction, World, begin},
    state::State,
};

fn turn(number: u128, session: u64) -> NewTurn {
    NewTurn {
        id: TurnId(Uuid::from_u128(number)),
        session: begin(session).scope().key(),
        what: What::Recording(RecordingId(Uuid::from_u128(number))),
        job: Job::Transcribe,
        kind: Kind::Normal,
        delivered_at: None,
    }
}

fn redone(world: &World) -> Vec<u128> {
    let turns = world.effects.iter().filter_map(|(_, effect)| match effect {
        Effect::Redo(turn) => Some(turn.id.0.as_u128()),
        _ => None,
    });
    turns.collect()
}

fn enqueue(world: &mut World, number: u128, session: u64) {
    world.tell(Input::Queue(QueueInput::Enqueue(turn(number, session)))).unwrap();
}

fn settle(world: &mut World, number: u128, session: u64, how: Settled) {
    let settled = QueueInput::Settled {
        session: begin(session).scope().key(),
        turn: Some(TurnId(Uuid::from_u128(number))),
        was: None,
        how,
    };
    world.tell(Input::Queue(settled)).unwrap();
}

#[test]
fn d49_d61_one_engine_serves_live_dictations_first_and_queued_turns_one_at_a_time() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    world.press();
    world.run_to(1_000);
    enqueue(&mut world, 1, 8);
    enqueue(&mut world, 2, 9);
    world.run_to(1_500);
    assert!(redone(&world).is_empty(), "somebody is speaking");
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    assert_eq!(redone(&world), [1]);
    settle(&mut world, 1, 8, Settled::Complete);
    assert_eq!(redone(&world), [1, 2]);
}

#[test]
fn d50_a_queued_turn_steps_aside_for_a_speaker_and_comes_again() {
    let mut world = World::new();
    enqueue(&mut world, 1, 8);
    assert_eq!(redone(&world), [1]);
    world.press();
    world.run_to(500);
    assert_eq!(world.when(|effect| matches!(effect, Effect::AbortRedo(_))).len(), 1);
    world.release();
    world.run_to(10_000);
    assert_eq!(redone(&world), [1, 1], "at least once");
    let deliveries = world.when(|effect| matches!(effect, Effect::Queue(QueueEffect::Deliver(_))));
    assert!(deliveries.is_empty(), "and delivered only when its words are there");
}

#[test]
fn tl10_d53_d54_a_cancel_pauses_what_waits_in_its_session_until_it_is_resumed() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    world.press();
    world.run_to(500);
    enqueue(&mut world, 1, 1);
    enqueue(&mut world, 2, 1);
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    world.run_to(20_000);
    assert_eq!(world.sessions.queue().paused(), 2);
    assert!(redone(&world).is_empty());
    enqueue(&mut world, 3, 1);
    assert_eq!(world.sessions.queue().paused(), 3, "what comes in meanwhile waits as well");
    world.tell(Input::Queue(QueueInput::Resume(begin(1).scope().key()))).unwrap();
    assert_eq!(redone(&world), [1]);
}

#[test]
fn tl15_d60_after_a_restart_nothing_is_worked_on_or_pasted_until_the_user_says_so() {
    let mut earlier = World::new();
    earlier.engine.push_back(Reaction::Never);
    earlier.press();
    earlier.run_to(500);
    enqueue(&mut earlier, 1, 8);
    let saved = earlier.sessions.queue().saved();

    let mut world = World::new();
    let now = world.now();
    assert_eq!(world.sessions.load_queue(saved, now), 1);
    world.run_to(60_000);
    assert!(redone(&world).is_empty() && world.pastes().is_empty());
    world.tell(Input::Queue(QueueInput::Resume(begin(8).scope().key()))).unwrap();
    world.run_to(70_000);
    assert_eq!(redone(&world), [1]);
}

#[test]
fn a_cancel_can_be_taken_back_for_a_while_and_only_once() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(1_000);
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    let undo = |number| Input::UndoCancel(token, Box::new(turn(number, 1)));
    world.run_to(1_000 + limits::UNDO_CANCEL.0);
    assert_eq!(world.tell(undo(1)), Ok(Reply::Done));
    assert_eq!(redone(&world), [1]);
    assert!(matches!(world.tell(undo(1)), Err(Refusal::Queue(_))), "the same turn is in the queue already");
    assert!(
        matches!(world.sessions.state(token), Some(State::Ended(_))),
        "the end stands; the redoing is its own"
    );

    let token = world.press();
    world.run_to(20_000);
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    world.run_to(20_001 + limits::UNDO_CANCEL.0);
    let late = world.tell(Input::UndoCancel(token, Box::new(turn(9, 2))));
    assert!(matches!(late, Err(Refusal::InvalidState { .. })));
}
