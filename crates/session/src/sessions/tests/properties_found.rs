//! What the random lives of [`crate::sim::chaos`] found, each as one story.

use crate::{
    effect::Effect,
    event::Trouble,
    input::{Input, Where, Whom, Work},
    limits,
    sessions::{Refusal, Reply},
    sim::{Reaction, World, session_id, window},
    state::State,
    vocabulary::Trigger,
};

/// Works of a kind that were given out, in order.
fn given(world: &World, kind: impl Fn(&Effect) -> Option<Work>) -> Vec<Work> {
    world.effects.iter().filter_map(|(_, effect)| kind(effect)).collect()
}

#[test]
fn k25_a_microphone_that_tells_twice_that_it_is_open_does_not_undo_the_stop() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(1_000);
    world.release();
    assert_eq!(world.tell(Input::CaptureStarted(token)), Ok(Reply::Late));
    world.run_to(1_000 + limits::TAIL.0);
    assert!(world.hearing().is_empty(), "the microphone is closed when the tail is over");
    assert_eq!(world.cues(crate::effect::Cue::Start).len(), 1);
}

#[test]
fn c9_in_a_hands_free_session_an_utterance_is_not_set_back_by_a_late_word_of_the_microphone() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    let token = world.press_with(|begin| begin.trigger = Trigger::Toggle);
    world.run_to(1_000);
    world.tell(Input::UtteranceEnded(token)).unwrap();
    assert_eq!(world.tell(Input::CaptureStarted(token)), Ok(Reply::Late));
    let states: Vec<_> = world.sessions.turns(token).map(|(_, state)| state).collect();
    assert_eq!(states, [State::Recognising, State::Recording]);
}

#[test]
fn c27_a_session_that_left_memory_leaves_nothing_behind_and_its_id_can_be_used_again() {
    let mut world = World::new();
    world.press();
    world.run_to(1_000);
    world.release();
    world.run_to(400_000);
    assert_eq!(world.sessions.in_memory(), 0);
    assert!(!world.sessions.remembers(session_id(1)));
    let again = world.press_with(|begin| begin.session = session_id(1));
    assert_eq!(world.sessions.state(again), Some(State::Starting));
}

#[test]
fn t8_a_waiting_text_is_not_copied_over_one_that_is_on_its_way_into_a_window() {
    let mut world = World::new();
    let waiting = world.press();
    world.run_to(500);
    world.release();
    world.focus(window(2));
    world.run_to(1_000);
    assert_eq!(world.sessions.state(waiting), Some(State::Waiting));
    world.engine.push_back(Reaction::Says("b", limits::AFTER_PASTE));
    let second = world.press_with(|begin| begin.wishes.corrector_ready = false);
    world.run_to(1_500);
    world.release();
    while world.sessions.state(second) != Some(State::Delivering) {
        world.run_to(world.now().tick.0 + 1);
    }
    let copy = world.tell(Input::Place(waiting, Where::Clipboard));
    assert!(matches!(copy, Err(Refusal::InvalidState { .. })));
    world.run_to(5_000);
    assert_eq!(world.pastes(), ["b"], "its own text, not the one that waited");
    assert_eq!(world.tell(Input::Place(waiting, Where::Clipboard)), Ok(Reply::Done));
}

#[test]
fn c9_a_word_for_a_turn_that_the_engine_is_not_at_work_on_changes_nothing() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    world.press();
    world.run_to(500);
    let second = world.press();
    world.run_to(1_000);
    world.release();
    world.run_to(2_000);
    let work = world.sessions.turns(second).map(|(work, _)| work).next().unwrap();
    let recognised =
        given(&world, |effect| if let Effect::Recognise(work, _) = effect { Some(*work) } else { None });
    assert!(!recognised.contains(&work), "the engine is still at work on the first");
    let broke = Trouble::new("asr", "it broke");
    assert_eq!(world.tell(Input::RecognitionFailed(work, broke)), Ok(Reply::Late));
    assert_eq!(world.tell(Input::Recognised(work, "made up".into())), Ok(Reply::Late));
    assert_eq!(world.sessions.state(second), Some(State::Recognising));
}

#[test]
fn k20_an_engine_that_cannot_be_loaded_is_told_before_somebody_speaks_in_vain() {
    let mut world = World::new();
    let token = world.press();
    world.tell(Input::EngineUnavailable(token, Trouble::new("engine", "no model"))).unwrap();
    assert_eq!(world.state_names(token).last(), Some(&"failed"));
    assert!(world.hearing().is_empty());
    world.run_to(5_000);
    assert_eq!(world.tell(Input::Stop(Whom::Current)), Ok(Reply::Stale));
}
