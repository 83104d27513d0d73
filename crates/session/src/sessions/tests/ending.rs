//! How it all ends: by the user, by sleep, by the app's own end.

use super::going_on::{spoken, work};
use crate::{
    effect::{Effect, Fact},
    event::Event,
    guard::Verdict,
    input::{Input, Sight, Whom},
    limits,
    sessions::{Refusal, Reply},
    sim::{World, session_id},
    state::{Failure, Outcome, State},
    vocabulary::Trigger,
};

#[test]
fn t7_once_quitting_nothing_is_injected_whatever_is_under_way() {
    let mut world = World::new();
    let token = spoken(&mut world);
    world.run_to(1_330);
    assert_eq!(world.sessions.state(token), Some(State::Delivering));
    world.tell(Input::Quit).unwrap();
    let sight = Sight {
        front: crate::guard::Front::Known(crate::sim::window(1)),
        password_field: false,
        modifiers_held: false,
    };
    let asked = world.tell(Input::AskInjection(work(&world), sight)).unwrap();
    assert!(!matches!(asked, Reply::Injection(Verdict::Inject)), "{asked:?}");
    world.run_to(20_000);
    assert!(world.pastes().is_empty());
    assert_eq!(world.hands.clipboard.as_deref(), Some("the user's"));
}

#[test]
fn t16_c31_quit_goes_hotkey_then_hands_then_microphone_then_the_pipelines_then_the_hooks() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(1_000);
    let from = world.effects.len();
    world.tell(Input::Quit).unwrap();
    let order: Vec<_> = world.effects[from..].iter().map(|(_, effect)| effect).collect();
    let place = |kind: &dyn Fn(&Effect) -> bool| order.iter().position(|effect| kind(effect)).unwrap();
    let places = [
        place(&|effect| *effect == Effect::DisarmHotkeys),
        place(&|effect| *effect == Effect::CloseInjection),
        place(&|effect| *effect == Effect::CloseMicrophone(token)),
        place(&|effect| matches!(effect, Effect::AbortRecognition(_))),
        place(&|effect| *effect == Effect::Close(token)),
    ];
    assert!(places.is_sorted(), "{places:?}");
    assert!(!order.contains(&&Effect::Exit), "not before everything is saved");
    world.run_to(1_010);
    assert_eq!(world.when(|effect| *effect == Effect::Exit).len(), 1);
    assert!(world.facts(token).iter().any(|fact| matches!(fact, Fact::Kept(_))), "what was said is not lost");
    assert_eq!(world.tell(Input::Quit), Ok(Reply::Stale));
    assert_eq!(world.try_press(|_| {}), Err(Refusal::NotReady));
}

#[test]
fn c30_c31_a_hook_that_hangs_holds_the_end_up_for_its_time_and_no_longer() {
    let mut world = World::new();
    world.keep_open = true;
    world.press();
    world.run_to(1_000);
    world.tell(Input::Quit).unwrap();
    world.run_to(1_000 + limits::PIPELINE_WAIT.0 - 1);
    assert!(world.when(|effect| *effect == Effect::Exit).is_empty());
    world.run_to(1_000 + limits::PIPELINE_WAIT.0);
    assert_eq!(world.when(|effect| *effect == Effect::Exit).len(), 1);
}

#[test]
fn l3_sleep_ends_an_open_recording_with_what_there_is() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.trigger = Trigger::Toggle);
    world.run_to(1_000);
    world.tell(Input::Wake).unwrap();
    assert_eq!(world.sessions.state(token), Some(State::Recognising));
    assert!(world.hearing().is_empty());
    world.run_to(10_000);
    assert_eq!(world.pastes(), ["A."]);
}

#[test]
fn d37_d38_aborting_what_is_over_changes_nothing_and_what_is_not_at_once() {
    let mut world = World::new();
    let token = spoken(&mut world);
    world.run_to(10_000);
    let state = world.sessions.state(token);
    assert_eq!(world.tell(Input::Cancel(Whom::Named(session_id(1), token))), Ok(Reply::Stale));
    assert_eq!(world.sessions.state(token), state);
    let aborted = world.events.iter().filter(|event| matches!(event.event, Event::SessionAborted { .. }));
    assert_eq!(aborted.count(), 0);

    let mut world = World::new();
    world.press();
    world.run_to(500);
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    let kinds: Vec<_> = world.events.iter().rev().take(2).map(|event| &event.event).collect();
    assert!(matches!(kinds[1], Event::SessionAborted { success: true, reason: Outcome::Cancelled(_) }));
    assert!(matches!(kinds[0], Event::SessionStateChanged { state: State::Ended(_), .. }));
}

#[test]
fn t13_a_microphone_that_never_answers_is_given_up_and_holds_up_nobody() {
    let mut world = World::new();
    world.mute = true;
    let token = world.press();
    world.run_to(2 * limits::CAPTURE_OPEN.0 + limits::CAPTURE_RETRY.0);
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::Failed(Failure::Audio))));
    let opened = world.when(|effect| matches!(effect, Effect::OpenMicrophone(_)));
    assert_eq!(opened.len(), 2, "tried once more");
    assert!(world.hearing().is_empty(), "and told to close, should it ever have opened");
}
