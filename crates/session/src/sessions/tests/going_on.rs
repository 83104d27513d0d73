//! From the release of the key to the text in its window, when all goes well and when it does not.

use crate::{
    effect::{Cue, Effect, Fact},
    event::{Event, Trouble, Undelivered},
    guard::Verdict,
    ids::PipelineSeq,
    input::{Input, Sight, Whom, Work},
    limits,
    sessions::{Refusal, Reply},
    sim::{Reaction, Surface, World, session_id},
    state::{Cancel, Delivery, Failure, Outcome, State},
    text::Text,
    time::{Millis, Tick},
    vocabulary::{Mode, Overlap, TailRepress, Trigger},
};

pub(super) fn spoken(world: &mut World) -> crate::ids::Token {
    let token = world.press();
    world.run_to(1_000);
    world.release();
    token
}

pub(super) fn work(world: &World) -> Work {
    let works = world.effects.iter().rev().filter_map(|(_, effect)| match effect {
        Effect::Recognise(work, _) => Some(*work),
        _ => None,
    });
    works.into_iter().next().unwrap()
}

#[test]
fn k16_a_cancel_does_not_wait_for_an_engine_that_never_answers_and_frees_it_for_the_next() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    let first = spoken(&mut world);
    world.run_to(2_000);
    assert_eq!(world.sessions.state(first), Some(State::Recognising));
    let at = world.now().tick;
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    assert_eq!(world.sessions.state(first), Some(State::Ended(Outcome::Cancelled(Cancel::User))));
    assert_eq!(world.when(|effect| matches!(effect, Effect::AbortRecognition(_))), [at]);
    let second = world.press();
    world.run_to(3_000);
    world.release();
    world.run_to(10_000);
    assert_eq!(world.state_names(second).last(), Some(&"delivered"));
}

#[test]
fn k17_t2_recognition_that_takes_too_long_fails_keeps_the_take_and_pastes_nothing() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    let token = spoken(&mut world);
    let limit = 1_300 + limits::RECOGNITION_MIN.0;
    world.run_to(limit - 1);
    assert_eq!(world.sessions.state(token), Some(State::Recognising));
    world.run_to(limit);
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::Failed(Failure::RecognitionTimeout))));
    assert!(world.facts(token).iter().any(|fact| matches!(fact, Fact::Kept(_))));
    world.run_to(60_000);
    assert!(world.pastes().is_empty());
    assert_eq!(limits::recognition(Millis(60_000)), Millis(600_000), "a long take gets longer");
}

#[test]
fn k18_nobody_spoke_ends_quietly() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Says("  \n", Millis(10)));
    let token = spoken(&mut world);
    world.run_to(10_000);
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::NoSpeech)));
    assert!(world.cues(Cue::Error).is_empty());
    let loud = world.events.iter().filter(|event| {
        matches!(event.event, Event::SessionError { .. } | Event::SessionWarning(_) | Event::FinalText { .. })
    });
    assert_eq!(loud.count(), 0);
}

#[test]
fn k21_without_a_language_model_or_in_direct_mode_the_raw_text_goes() {
    for change in [0, 1] {
        let mut world = World::new();
        let token = world.press_with(|begin| match change {
            0 => begin.wishes.corrector_ready = false,
            _ => begin.mode = Mode::Direct,
        });
        world.run_to(1_000);
        world.release();
        world.run_to(10_000);
        assert_eq!(world.pastes(), ["a"]);
        assert!(!world.state_names(token).contains(&"correcting"));
        assert!(world.when(|effect| matches!(effect, Effect::Correct(..))).is_empty());
    }
}

#[test]
fn k22_a_language_model_that_fails_or_hangs_never_costs_the_text() {
    for reaction in [Reaction::Fails(Millis(10)), Reaction::Never, Reaction::Says(" ", Millis(10))] {
        let mut world = World::new();
        world.model.push_back(reaction);
        let token = spoken(&mut world);
        world.run_to(30_000);
        assert_eq!(world.pastes(), ["a"]);
        assert_eq!(world.state_names(token).last(), Some(&"delivered"));
        let warned = world.events.iter().any(|event| matches!(event.event, Event::SessionWarning(_)));
        assert!(warned);
        assert!(world.facts(token).iter().any(|fact| matches!(fact, Fact::CorrectionLeftOut(..))), "and why");
    }
}

#[test]
fn k24_t1_t14_result_meta_then_final_text_once_and_the_end_only_by_the_delivery() {
    let mut world = World::new();
    let token = spoken(&mut world);
    world.run_to(10_000);
    let kinds: Vec<_> = world
        .events
        .iter()
        .filter_map(|event| match &event.event {
            Event::ResultMeta { .. } => Some("meta"),
            Event::FinalText { .. } => Some("final"),
            Event::Delivery { outcome: Some(Delivery::Pasted), .. } => Some("delivery"),
            Event::SessionStateChanged { state: State::Ended(_), .. } => Some("ended"),
            _ => None,
        })
        .collect();
    assert_eq!(kinds, ["meta", "final", "delivery", "ended"]);
    let duplicate = Input::Delivered(work(&world), Delivery::Pasted);
    let told = world.events.len();
    assert_eq!(world.tell(duplicate), Ok(Reply::Late));
    assert_eq!(world.events.len(), told);
    assert!(world.sessions.state(token).unwrap().is_ended());
}

#[test]
fn k25_c5_an_illegal_step_is_an_error_and_changes_nothing() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    let token = world.press();
    world.run_to(500);
    let hearing = work(&world);
    let before = (world.events.len(), world.effects.len(), world.records.len());
    for (input, from) in [
        (Input::Recognised(hearing, Text::from("a")), State::Recording),
        (Input::Corrected(hearing, Text::from("A.")), State::Recording),
        (Input::AcceptRaw(Whom::Current), State::Recording),
        (Input::Closed(token), State::Recording),
        (Input::Place(token, crate::input::Where::There), State::Recording),
        (Input::CaptureFailed(token, Trouble::new("audio", "x")), State::Recording),
    ] {
        let refused = world.tell(input.clone());
        assert!(
            matches!(&refused, Err(Refusal::InvalidState { from: told, .. }) if *told == from),
            "{refused:?}"
        );
        assert_eq!((world.events.len(), world.effects.len(), world.records.len()), before, "{input:?}");
        assert_eq!(world.sessions.state(token), Some(State::Recording));
    }
    assert_eq!(world.sessions.counts().illegal, 6);
    let ended = State::Ended(Outcome::NoSpeech);
    assert!(!ended.may_become(State::Recording) && !ended.may_become(ended));
}

#[test]
fn k27_the_tail_takes_the_last_syllable_and_ends_at_once_when_it_is_silent() {
    let mut world = World::new();
    let token = spoken(&mut world);
    assert_eq!(world.cues(Cue::Stop), [Tick(1_000)]);
    world.run_to(1_100);
    assert_eq!(world.tell(Input::FellSilent(token)), Ok(Reply::Done));
    assert_eq!(world.when(|effect| matches!(effect, Effect::CloseMicrophone(_))), [Tick(1_100)]);
    world.run_to(5_000);
    assert_eq!(
        world.when(|effect| matches!(effect, Effect::CloseMicrophone(_))).len(),
        1,
        "its timer is gone"
    );
}

#[test]
fn k27_a_second_release_does_not_move_the_end_of_the_tail() {
    let mut world = World::new();
    spoken(&mut world);
    world.run_to(1_200);
    world.release();
    world.run_to(5_000);
    assert_eq!(world.cues(Cue::Stop).len(), 1);
    assert_eq!(world.when(|effect| matches!(effect, Effect::CloseMicrophone(_))), [Tick(1_300)]);
}

#[test]
fn k28_a_new_press_takes_the_microphone_and_the_old_tail_can_close_nothing() {
    let mut world = World::new();
    let first = spoken(&mut world);
    world.run_to(1_150);
    let second = world.press();
    let closed = world.effects.iter().position(|(_, effect)| *effect == Effect::CloseMicrophone(first));
    let opened = world.effects.iter().position(|(_, effect)| *effect == Effect::OpenMicrophone(second));
    assert!(closed.is_some() && closed < opened);
    world.run_to(5_000);
    assert_eq!(world.hearing(), [second]);
    assert_eq!(world.sessions.state(second), Some(State::Recording));
    assert_eq!(world.pastes(), Vec::<&str>::new(), "not while a key is held");
    world.release();
    world.run_to(10_000);
    assert_eq!(world.pastes().len(), 2);
}

#[test]
fn k29_a_press_in_the_tail_can_also_go_on_with_the_same_session() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.wishes.tail_repress = TailRepress::Continue);
    world.run_to(1_000);
    world.release();
    world.run_to(1_100);
    let target = crate::guard::Target::Bound(crate::sim::window(1));
    assert_eq!(world.tell(Input::Resume(target)), Ok(Reply::Done));
    world.run_to(3_000);
    assert_eq!(world.sessions.state(token), Some(State::Recording));
    world.release();
    world.run_to(10_000);
    assert_eq!(world.pastes(), ["A."]);

    let elsewhere = crate::guard::Target::Bound(crate::sim::window(2));
    assert!(matches!(world.tell(Input::Resume(elsewhere)), Err(Refusal::InvalidState { .. })));
}

#[test]
fn k32_the_text_is_on_the_clipboard_before_the_keys_and_done_only_after_them() {
    let mut world = World::new();
    spoken(&mut world);
    let written = 1_000 + 300 + 10 + 10;
    world.run_to(written + limits::BEFORE_PASTE.0 - 1);
    assert_eq!((world.hands.clipboard.as_deref(), world.pastes().len()), (Some("A."), 0));
    world.run_to(written + limits::BEFORE_PASTE.0 + limits::AFTER_PASTE.0 - 1);
    assert_eq!(world.pastes().len(), 1);
    assert!(!world.sessions.active(world.now()).is_empty());
    world.run_to(written + limits::BEFORE_PASTE.0 + limits::AFTER_PASTE.0);
    assert!(world.sessions.active(world.now()).is_empty());
}

#[test]
fn k35_t4_k6_an_error_is_heard_shown_and_gone_after_two_seconds() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Fails(Millis(10)));
    let token = spoken(&mut world);
    world.run_to(1_320);
    assert_eq!(world.cues(Cue::Error), [Tick(1_310)]);
    assert!(
        matches!(world.page.surface, Surface::Error(of, until) if of == token && until >= Tick(1_310) + limits::ERROR_RESET)
    );
    world.run_to(1_310 + limits::ERROR_RESET.0 + 20);
    assert_eq!(world.page.surface, Surface::Idle);
    assert_eq!(
        world.sessions.state(token),
        Some(State::Ended(Outcome::Failed(Failure::Recognition))),
        "the row stays"
    );
}

#[test]
fn k38_a_warning_is_told_and_moves_nothing() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(100);
    let before = world.state_names(token);
    world
        .tell(Input::CaptureTrouble(token, Trouble::new("frames_dropped", "3 frames were dropped")))
        .unwrap();
    assert_eq!(world.state_names(token), before);
    assert!(matches!(world.events.last().unwrap().event, Event::SessionWarning(_)));
}

#[test]
fn k39_hold_and_toggle_both_deliver() {
    for trigger in [Trigger::Hold, Trigger::Toggle] {
        let mut world = World::new();
        world.press_with(|begin| begin.trigger = trigger);
        world.run_to(1_000);
        world.release();
        world.run_to(10_000);
        assert_eq!(world.pastes(), ["A."], "{trigger:?}");
    }
}

#[test]
fn k39_rapid_presses_each_deliver_their_text_in_order() {
    let mut world = World::new();
    let texts = ["One.", "Two.", "Three."];
    for text in texts {
        world.model.push_back(Reaction::Says(text, Millis(10)));
        world.press();
        let until = world.now().tick.0 + 350;
        world.run_to(until);
        world.release();
        world.run_to(until + 20);
    }
    world.run_to(30_000);
    assert_eq!(world.pastes(), texts);
}

#[test]
fn t9_the_raw_text_can_be_had_at_once_while_the_language_model_thinks() {
    let mut world = World::new();
    world.model.push_back(Reaction::Never);
    spoken(&mut world);
    world.run_to(2_000);
    assert_eq!(world.tell(Input::AcceptRaw(Whom::Current)), Ok(Reply::Done));
    world.run_to(5_000);
    assert_eq!(world.pastes(), ["a"]);
    assert_eq!(world.when(|effect| matches!(effect, Effect::AbortCorrection(_))), [Tick(2_000)]);
    let warnings = world.events.iter().filter(|event| matches!(event.event, Event::SessionWarning(_)));
    assert_eq!(warnings.count(), 0, "the user knows");
}

#[test]
fn l21_the_machine_is_kept_awake_exactly_while_there_is_something_to_do() {
    let mut world = World::new();
    spoken(&mut world);
    world.run_to(10_000);
    let edges: Vec<_> = world
        .effects
        .iter()
        .filter_map(|(_, effect)| match effect {
            Effect::KeepAwake(awake) => Some(*awake),
            _ => None,
        })
        .collect();
    assert_eq!(edges, [true, false]);
}

#[test]
fn c6_a_long_dictation_is_active_as_long_as_it_is_heard() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.trigger = Trigger::Toggle);
    world.run_to(5_000);
    world.tell(Input::SpeechHeard(token, Millis(5_000))).unwrap();
    let card = world.sessions.card(session_id(1)).unwrap();
    assert_eq!(card.last_active_at, world.now().wall);
    world.run_to(6_000);
    // A refused input touches nothing.
    assert!(world.tell(Input::AcceptRaw(Whom::Current)).is_err());
    assert_eq!(world.sessions.card(session_id(1)).unwrap().last_active_at, card.last_active_at);
}

#[test]
fn c11_c13_c15_hands_free_turns_go_their_own_way_are_written_as_they_happen_and_keep_their_order() {
    let mut world = World::new();
    world.engine.extend([Reaction::Says("one", Millis(10)), Reaction::Says("two", Millis(10))]);
    world.model.extend([Reaction::Says("One.", Millis(2_000)), Reaction::Says("Two.", Millis(10))]);
    let token = world.press_with(|begin| begin.trigger = Trigger::Toggle);
    world.run_to(1_000);
    world.tell(Input::UtteranceEnded(token)).unwrap();
    world.run_to(1_100);
    assert_eq!(world.raw_texts(token), ["one"], "written down while the next is spoken");
    assert_eq!(world.sessions.state(token), Some(State::Recording));
    world.run_to(2_000);
    world.release();
    world.run_to(20_000);
    assert_eq!(world.pastes(), ["One.", "Two."]);
    let card = world.sessions.card(session_id(1)).unwrap();
    let order: Vec<_> = card.history.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(order, ["one", "One.", "two", "Two."]);
    let turns: Vec<_> =
        card.history.iter().filter_map(|message| message.turn).map(|turn| turn.get()).collect();
    assert_eq!(turns, [1, 1, 2, 2]);
    assert_eq!(world.state_names(token).iter().filter(|name| **name == "delivered").count(), 1, "one end");
}

#[test]
fn c9_c10_a_result_of_another_run_is_late() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Never);
    spoken(&mut world);
    world.run_to(2_000);
    let older = Work { pipeline: PipelineSeq::new(7).unwrap(), ..work(&world) };
    assert_eq!(world.tell(Input::Recognised(older, Text::from("a"))), Ok(Reply::Late));
    assert_eq!(world.sessions.counts().late, 1);
    assert!(PipelineSeq::new(0).is_none(), "0 is never current");
}

#[test]
fn t5_a_password_field_gets_nothing() {
    let mut world = World::new();
    let token = spoken(&mut world);
    world.run_to(1_330);
    let front = crate::guard::Front::Known(crate::sim::window(1));
    let sight = Sight { front, password_field: true, modifiers_held: false };
    let asked = world.tell(Input::AskInjection(work(&world), sight));
    assert!(matches!(asked, Ok(Reply::Injection(Verdict::Refuse(_)))), "{asked:?}");
    assert_eq!(world.sessions.state(token), Some(State::Waiting));
    let why = world.events.iter().rev().find_map(|event| match event.event {
        Event::Delivery { reason, .. } => reason,
        _ => None,
    });
    assert_eq!(why, Some(Undelivered::PasswordField));
}

#[test]
fn a_held_modifier_delays_a_delivery_and_a_text_left_alone_goes_to_the_history() {
    let mut world = World::new();
    world.tell(Input::KeysHeld(true)).unwrap();
    let token = spoken(&mut world);
    world.run_to(5_000);
    assert_eq!(world.sessions.state(token), Some(State::Queued));
    world.tell(Input::KeysHeld(false)).unwrap();
    world.run_to(6_000);
    assert_eq!(world.pastes(), ["A."]);

    let token = world.press_with(|begin| {
        begin.wishes.auto_paste = false;
        begin.wishes.overlap = Overlap::Queue;
    });
    world.run_to(8_000);
    world.release();
    world.run_to(10_000);
    assert_eq!(world.sessions.state(token), Some(State::Waiting));
    let waits_from = world.changes(token).last().unwrap().0;
    world.run_to(waits_from.0 + limits::WAITING.0);
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::Delivered(Delivery::Kept))));
}
