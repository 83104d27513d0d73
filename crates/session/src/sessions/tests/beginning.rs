//! What may begin, what that does to the others, and what a session is told apart by.

use crate::{
    effect::{Cue, Effect, Fact},
    event::{Busy, Cause, Event, Trouble},
    ids::{SessionId, Token},
    input::{Input, Whom},
    limits,
    sessions::{Refusal, Reply, Sessions},
    sim::{Reaction, World, at, begin, session_id},
    state::{Cancel, Failure, Life, Outcome, Phase, Progress, State},
    time::{Millis, Tick, Wall},
    vocabulary::{Mode, Overlap, Trigger},
};

#[test]
fn k1_the_window_is_that_of_the_begin_however_the_focus_moves_later() {
    let mut world = World::new();
    world.press();
    world.focus(crate::sim::window(9));
    world.focus(crate::sim::window(1));
    world.run_to(1_000);
    world.release();
    world.run_to(5_000);
    let targets: Vec<_> = world
        .effects
        .iter()
        .filter_map(|(_, effect)| match effect {
            Effect::Deliver(_, _, target) => Some(target.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(targets, [crate::guard::Target::Bound(crate::sim::window(1))]);
}

#[test]
fn k2_tokens_start_at_one_rise_with_accepted_begins_only_and_a_refusal_leaves_the_current_one() {
    let mut world = World::new();
    let first = world.press();
    assert_eq!(first.get(), 1);
    let refused = world.try_press(|begin| begin.microphone_permitted = false);
    assert_eq!(refused, Err(Refusal::NotPermitted));
    assert_eq!(world.sessions.current(), Some(first));
    assert!(!world.sessions.state(first).unwrap().is_ended());
    assert_eq!(world.press().get(), 2);
}

#[test]
fn k3_every_event_carries_its_token_and_its_number() {
    let mut world = World::new();
    let (first, second) = two_overlapping(&mut world);
    world.run_to(20_000);
    for token in [first, second] {
        let numbers: Vec<u64> =
            world.events.iter().filter(|event| event.token == token).map(|event| event.seq.get()).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    }
}

#[test]
fn k8_what_a_session_was_begun_with_holds_for_its_life() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.wishes.tail = Millis(100));
    world.run_to(1_000);
    world.release();
    let second = world.press_with(|begin| begin.wishes.tail = Millis(250));
    world.run_to(2_000);
    world.release();
    world.run_to(2_249);
    assert_eq!(world.sessions.state(second), Some(State::Tail));
    assert!(!world.sessions.state(token).unwrap().holds_microphone());
    world.run_to(2_250);
    assert_ne!(world.sessions.state(second), Some(State::Tail));
}

#[test]
fn k9_k12_k30_cancelling_one_session_touches_no_other() {
    let mut world = World::new();
    let (first, second) = two_overlapping(&mut world);
    let cancel_first = Input::Cancel(Whom::Named(session_id(1), first));
    assert_eq!(world.tell(cancel_first.clone()), Ok(Reply::Done));
    assert_eq!(world.tell(cancel_first), Ok(Reply::Stale), "twice is once");
    assert_eq!(world.sessions.state(first), Some(State::Ended(Outcome::Cancelled(Cancel::User))));
    assert_eq!(world.sessions.state(second), Some(State::Recording));
    world.run_to(3_000);
    world.release();
    world.run_to(20_000);
    assert_eq!(world.pastes().len(), 1);
    assert_eq!(world.state_names(second).last(), Some(&"delivered"));
}

#[test]
fn k11_a_stop_with_another_sessions_token_stops_nothing() {
    let mut world = World::new();
    let (first, second) = two_overlapping(&mut world);
    assert_eq!(world.tell(Input::Stop(Whom::Named(session_id(1), first))), Ok(Reply::Stale));
    assert_eq!(world.tell(Input::Stop(Whom::Named(session_id(2), first))), Ok(Reply::Stale));
    assert_eq!(world.sessions.state(second), Some(State::Recording));
    assert_eq!(world.tell(Input::Stop(Whom::Named(session_id(2), second))), Ok(Reply::Done));
    assert_eq!(world.tell(Input::Stop(Whom::Named(session_id(2), second))), Ok(Reply::Stale));
}

#[test]
fn k13_recording_and_ready_are_told_before_the_model_is_loaded() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(5);
    assert_eq!(world.state_names(token), ["starting", "recording"]);
    assert!(world.events.iter().any(|event| event.event == Event::SessionReady));
    let warm = world.effects.iter().position(|(_, effect)| matches!(effect, Effect::WarmEngine(_)));
    let open = world.effects.iter().position(|(_, effect)| matches!(effect, Effect::OpenMicrophone(_)));
    assert!(open < warm, "the microphone first");
}

#[test]
fn k14_an_engine_that_cannot_load_tells_why_then_fails_and_keeps_the_take() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(500);
    let trouble = Trouble::new("engine", "the model file is damaged");
    assert_eq!(world.tell(Input::EngineUnavailable(token, trouble)), Ok(Reply::Done));
    let told =
        world.events.iter().position(|event| matches!(event.event, Event::SessionError { .. })).unwrap();
    let ended = world.events.iter().position(|event| {
        matches!(
            event.event,
            Event::SessionStateChanged { state: State::Ended(Outcome::Failed(Failure::Engine)), .. }
        )
    });
    assert!(Some(told) < ended);
    assert!(world.hearing().is_empty());
    assert!(world.facts(token).iter().any(|fact| matches!(fact, Fact::Kept(_))));
}

#[test]
fn t13_a_microphone_that_does_not_open_is_tried_once_more_while_it_is_wanted() {
    let mut world = World::new();
    world.deaf = 1;
    let token = world.press();
    world.run_to(limits::CAPTURE_RETRY.0 + 10);
    assert_eq!(world.sessions.state(token), Some(State::Recording));
    let opened = world.when(|effect| matches!(effect, Effect::OpenMicrophone(_)));
    assert_eq!(opened, [Tick(0), Tick(1 + limits::CAPTURE_RETRY.0)]);

    let mut world = World::new();
    world.deaf = 2;
    let token = world.press();
    world.run_to(5_000);
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::Failed(Failure::Audio))));
    assert_eq!(world.cues(Cue::Error).len(), 1);

    let mut world = World::new();
    world.deaf = 1;
    world.press();
    world.run_to(100);
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    world.run_to(5_000);
    assert_eq!(world.when(|effect| matches!(effect, Effect::OpenMicrophone(_))).len(), 1, "no longer wanted");
}

#[test]
fn k26_elapsed_time_is_of_the_clock_that_only_goes_forward() {
    let mut sessions = Sessions::new(crate::sim::boot());
    sessions.ready(at(0));
    sessions.handle(Input::Begin(Box::new(begin(1))), at(1_000)).unwrap();
    let mut later = at(4_000);
    later.wall = Wall(0);
    let live = sessions.get(session_id(1), later).unwrap();
    assert_eq!(live.elapsed_ms, Millis(3_000));
    assert!(!live.state.is_recording());
    sessions.handle(Input::CaptureStarted(live.token), later).unwrap();
    assert!(sessions.state(live.token).unwrap().is_recording());
}

#[test]
fn l1_c4_a_session_is_a_whole_uuid_shown_by_eight_characters_and_starts_empty() {
    let mut world = World::new();
    world.press();
    let id = session_id(1);
    assert_eq!(id.to_string().len(), 36);
    assert_eq!(id.short().len(), 8);
    assert_ne!(session_id(1), session_id(2));
    assert_eq!(id.to_string().parse::<SessionId>(), Ok(id));
    let card = world.sessions.card(id).unwrap();
    assert!(card.history.is_empty());
    assert_eq!(card.created_at, card.last_active_at);
}

#[test]
fn l2_c1_d35_the_coarse_views_are_functions_of_the_state() {
    let delivered = State::Ended(Outcome::Delivered(crate::state::Delivery::Pasted));
    for (state, life, phase, progress) in [
        (State::Starting, Life::Starting, Phase::Connected, Progress::Running),
        (State::Recording, Life::Running, Phase::Listening, Progress::Running),
        (State::Tail, Life::Running, Phase::Listening, Progress::Running),
        (State::Recognising, Life::Running, Phase::Processing, Progress::Running),
        (State::Correcting, Life::Running, Phase::Processing, Progress::Running),
        (State::Queued, Life::Running, Phase::Processing, Progress::Queued),
        (State::Waiting, Life::Running, Phase::Processing, Progress::WaitingUser),
        (State::Delivering, Life::Running, Phase::Speaking, Progress::Running),
        (delivered, Life::Stopped, Phase::Closed, Progress::Completed),
        (State::Ended(Outcome::Failed(Failure::Audio)), Life::Stopped, Phase::Closed, Progress::Failed),
        (State::Ended(Outcome::Superseded), Life::Stopped, Phase::Closed, Progress::Aborted),
    ] {
        assert_eq!((state.life(), state.phase(), state.progress()), (life, phase, progress), "{state:?}");
    }
    let mut world = World::new();
    world.press();
    world.run_to(10);
    for event in &world.events {
        if let Event::SessionStateChanged { state, life, phase, progress, .. } = event.event {
            assert_eq!((state.life(), state.phase(), state.progress()), (life, phase, progress));
        }
    }
}

#[test]
fn l24_with_nobody_current_a_stop_or_a_cancel_does_nothing() {
    let mut world = World::new();
    assert_eq!(world.tell(Input::Stop(Whom::Current)), Ok(Reply::Stale));
    assert_eq!(world.tell(Input::Cancel(Whom::Current)), Ok(Reply::Stale));
    assert!(world.effects.is_empty());
}

#[test]
fn d16_a_refused_begin_leaves_no_row_and_no_event_of_its_own() {
    let mut world = World::new();
    assert_eq!(world.try_press(|begin| begin.microphone_permitted = false), Err(Refusal::NotPermitted));
    assert!(world.events.is_empty() && world.records.is_empty() && world.sessions.in_memory() == 0);
}

#[test]
fn d29_events_are_routed_by_the_real_id_where_the_page_made_one_up() {
    let mut world = World::new();
    world.press_with(|begin| begin.client_temp_id = Some("new-session-7".into()));
    let created = &world.events[0];
    assert!(
        matches!(&created.event, Event::SessionCreated { client_temp_id: Some(temp), .. } if temp == "new-session-7")
    );
    assert_eq!(created.actual_session_id, Some(session_id(1)));
    assert_eq!(created.resolved_id(), session_id(1));
    world.press();
    let plain = world.events.iter().find(|event| event.token.get() == 2).unwrap();
    assert_eq!((plain.actual_session_id, plain.resolved_id()), (None, session_id(2)));
}

#[test]
fn d34_a_second_start_is_refused_and_the_busy_session_says_so() {
    let mut world = World::new();
    let holder = world.press();
    world.run_to(100);
    let seen = world.events.len();
    let refused = world.try_press(|begin| begin.wishes.overlap = Overlap::Refuse);
    assert_eq!(refused, Err(Refusal::Busy { reason: Busy::CaptureInUse, holder }));
    let told = &world.events[seen..];
    assert!(
        matches!(&told[0].event, Event::SessionBusy { is_processing: true, reason: Busy::CaptureInUse, holder_token, .. } if *holder_token == holder)
    );
    assert!(matches!(
        told[1].event,
        Event::SessionStateChanged { reason: Cause::CaptureInUse, progress: Progress::Running, .. }
    ));
    assert_eq!(told.len(), 2);

    world.engine.push_back(Reaction::Never);
    world.release();
    world.run_to(1_000);
    let refused = world.try_press(|begin| begin.wishes.overlap = Overlap::Refuse);
    assert_eq!(refused, Err(Refusal::Busy { reason: Busy::SessionAlreadyActive, holder }));
    assert_eq!(
        Busy::SessionAlreadyActive.message(),
        "Session is already running. Wait for completion or stop it before sending another command."
    );
}

#[test]
fn d40_two_sessions_at_once_never_wear_each_others_project() {
    let mut world = World::new();
    world.press_with(|begin| begin.project = (crate::scope::ProjectId("mail".into()), "Mail".into()));
    world.run_to(100);
    world.release();
    let second =
        world.press_with(|begin| begin.project = (crate::scope::ProjectId("code".into()), "Code".into()));
    world.run_to(200);
    world.release();
    world.run_to(20_000);
    for event in &world.events {
        let name = if event.token == second { "Code" } else { "Mail" };
        assert_eq!(event.scope.project_name, name);
        assert!(event.scope_key.starts_with(&name.to_lowercase()));
    }
}

#[test]
fn d41_d70_what_runs_can_be_asked_for_with_its_elapsed_time() {
    let mut world = World::new();
    assert!(world.sessions.get(session_id(1), world.now()).is_none());
    let (first, second) = two_overlapping(&mut world);
    let now = world.now();
    let active = world.sessions.active(now);
    assert_eq!(active.iter().map(|live| live.token).collect::<Vec<_>>(), [first, second]);
    assert!(
        active
            .iter()
            .all(|live| live.is_processing && live.elapsed_ms == now.tick.since(Tick(0))
                || live.token == second)
    );
    assert_eq!(active[0].started_at, at(0).wall);
}

#[test]
fn d42_every_engine_goes_through_the_same_events() {
    let names = |engine: Option<&str>| {
        let mut world = World::new();
        let token = world.press_with(|begin| begin.engine = crate::scope::EngineId::named(engine));
        world.run_to(1_000);
        world.release();
        world.run_to(10_000);
        world.state_names(token)
    };
    assert_eq!(names(None), names(Some("remote")));
}

#[test]
fn c25_four_live_at_most_and_the_count_comes_before_the_double() {
    let mut world = World::new();
    for _ in 0..limits::LIVE_SESSIONS {
        world.engine.push_back(Reaction::Never);
        world.press();
        let until = world.now().tick.0 + 400;
        world.run_to(until);
        world.release();
        world.run_to(until + 400);
    }
    assert_eq!(world.try_press(|begin| begin.session = session_id(1)), Err(Refusal::MaxSessions));
    assert_eq!(Refusal::MaxSessions.to_string(), "maximum concurrent sessions reached");
    world.tell(Input::Cancel(Whom::Current)).unwrap();
    assert_eq!(world.try_press(|begin| begin.session = session_id(1)), Err(Refusal::SessionExists));
    assert_eq!(Refusal::SessionExists.to_string(), "session already exists");
    assert!(world.try_press(|_| {}).is_ok());
}

#[test]
fn c25_a_text_that_waits_for_its_user_takes_no_place() {
    let mut world = World::new();
    for _ in 0..limits::LIVE_SESSIONS + 2 {
        world.press_with(|begin| begin.wishes.auto_paste = false);
        let until = world.now().tick.0 + 1_000;
        world.run_to(until);
        world.release();
        world.run_to(until + 1_000);
    }
    let waiting = world.sessions.active(world.now()).into_iter().filter(|live| live.state == State::Waiting);
    assert_eq!(waiting.count(), limits::LIVE_SESSIONS + 2);
}

#[test]
fn c26_c28_unknown_sessions_are_not_found_and_the_list_is_in_the_order_of_their_begins() {
    let mut world = World::new();
    assert_eq!(world.tell(Input::Stop(Whom::Named(session_id(9), Token::FIRST))), Err(Refusal::NotFound));
    assert_eq!(Refusal::NotFound.to_string(), "session not found");
    two_overlapping(&mut world);
    let ids: Vec<_> = world.sessions.active(world.now()).iter().map(|live| live.scope.session).collect();
    assert_eq!(ids, [session_id(1), session_id(2)]);
}

#[test]
fn c3_what_leaves_the_app_holds_no_owner_and_nothing_internal() {
    let mut world = World::new();
    world.press_with(|begin| begin.mode = Mode::Corrected);
    world.run_to(1_000);
    world.release();
    world.run_to(10_000);
    let card = serde_json::to_value(world.sessions.card(session_id(1)).unwrap()).unwrap();
    let mut fields: Vec<_> = card.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["created_at", "history", "id", "last_active_at", "mode", "style_id"]);
    assert_eq!(card["history"].as_array().unwrap().len(), 2);
}

#[test]
fn t15_however_it_began_the_current_session_is_the_one_that_a_stop_without_a_name_means() {
    for trigger in [Trigger::Tray, Trigger::Cli, Trigger::Gui, Trigger::Toggle] {
        let mut world = World::new();
        let token = world.press_with(|begin| begin.trigger = trigger);
        world.run_to(1_000);
        assert_eq!(world.tell(Input::Stop(Whom::Current)), Ok(Reply::Done));
        assert_eq!(world.sessions.state(token), Some(State::Tail));
    }
}

/// One that is being recognised for long, and one that records.
fn two_overlapping(world: &mut World) -> (Token, Token) {
    world.engine.push_back(Reaction::Says("one", Millis(3_000)));
    let first = world.press();
    world.run_to(1_000);
    world.release();
    world.run_to(1_500);
    let second = world.press();
    world.run_to(2_000);
    (first, second)
}
