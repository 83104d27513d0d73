//! The reference timelines of section 10, one test each. Times are in made-up milliseconds; the microphone opens 5 ms after
//! it is asked to, engine and language model take 10 ms unless told otherwise.

use crate::{
    effect::{Cue, Effect, Fact},
    event::{Cause, Event},
    feed::Item,
    ids::EventSeq,
    input::{Input, Where, Whom},
    limits,
    sessions::{Refusal, Reply},
    sim::{Reaction, Surface, World, session_id, window},
    state::{Cancel, Delivery, Outcome, State},
    text::Text,
    time::{Millis, Tick},
    vocabulary::{LostTarget, Overlap, Trigger},
};

fn deliveries(world: &World) -> Vec<Tick> {
    world.hands.injections.iter().map(|(tick, ..)| *tick).collect()
}

#[test]
fn tl1_a_normal_held_dictation() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(2_000);
    world.release();
    world.run_to(2_299);
    assert_eq!(world.hearing(), [token], "the microphone stays open for the last syllable");
    world.run_to(10_000);

    let names =
        ["starting", "recording", "tail", "recognising", "correcting", "queued", "delivering", "delivered"];
    assert_eq!(world.state_names(token), names);
    assert_eq!(world.cues(Cue::Stop), [Tick(2_000)]);
    assert_eq!(world.when(|effect| matches!(effect, Effect::CloseMicrophone(_))), [Tick(2_300)]);
    let written = world.when(|effect| matches!(effect, Effect::Deliver(..)))[0];
    assert_eq!(deliveries(&world), [written + limits::BEFORE_PASTE]);
    let done = world.changes(token).last().unwrap().0;
    assert_eq!(done, written + limits::BEFORE_PASTE + limits::AFTER_PASTE);
    assert_eq!(world.pastes(), ["A."]);
    assert_eq!(world.hands.clipboard.as_deref(), Some("the user's"));
    let began = world.facts(token).into_iter().filter(|fact| matches!(fact, Fact::Began { .. })).count();
    assert_eq!(began, 1, "one row");
    let applied = world.events.iter().find_map(|event| match &event.event {
        Event::ResultMeta { llm_applied, .. } => Some(*llm_applied),
        _ => None,
    });
    assert_eq!(applied, Some(true));
}

#[test]
fn tl1_the_clipboard_comes_back_a_restore_delay_after_the_paste_is_done() {
    let mut world = World::new();
    world.press();
    world.run_to(2_000);
    world.release();
    let done = 2_300 + 10 + 10 + 50 + 100;
    world.run_to(done + 1_499);
    assert_eq!(world.hands.clipboard.as_deref(), Some("A."));
    world.run_to(done + 1_500);
    assert_eq!(world.hands.clipboard.as_deref(), Some("the user's"));
}

#[test]
fn tl2_k29_a_press_in_the_tail_supersedes_without_a_trace_but_in_the_history() {
    let mut world = World::new();
    let first = world.press();
    world.run_to(2_000);
    world.release();
    world.run_to(2_150);
    let second = world.press_with(|begin| begin.wishes.overlap = Overlap::Supersede);
    world.run_to(2_300);
    assert_eq!(
        world.sessions.state(second),
        Some(State::Recording),
        "the old tail stops nothing of the new session"
    );
    assert_eq!(world.hearing(), [second]);
    world.run_to(4_000);
    world.release();
    world.run_to(10_000);

    assert_eq!(world.state_names(first).last(), Some(&"superseded"));
    assert_eq!(world.state_names(second).last(), Some(&"delivered"));
    assert_eq!(world.pastes().len(), 1);
    assert!(world.facts(first).iter().any(|fact| matches!(fact, Fact::Kept(_))), "its take can be recovered");
    assert!(world.cues(Cue::Error).is_empty());
    let errors =
        world.events.iter().filter(|event| matches!(event.event, Event::SessionError { .. })).count();
    assert_eq!(errors, 0, "no error is shown for it");
}

#[test]
fn tl3_k23_a_cancel_while_the_language_model_hangs_is_immediate_and_keeps_the_raw_text() {
    let mut world = World::new();
    world.model.push_back(Reaction::Never);
    let token = world.press();
    world.run_to(2_000);
    world.release();
    world.run_to(3_000);
    assert_eq!(world.sessions.state(token), Some(State::Correcting));
    let before = world.now().tick;
    assert_eq!(world.tell(Input::Cancel(Whom::Current)), Ok(Reply::Done));
    let (ended, state) = *world.changes(token).last().unwrap();
    assert_eq!(state, State::Ended(Outcome::Cancelled(Cancel::User)));
    assert!(ended.since(before) < Millis(100));

    let work = first_work(&world);
    assert_eq!(world.tell(Input::Corrected(work, Text::from("A."))), Ok(Reply::Late));
    world.run_to(20_000);
    assert!(world.pastes().is_empty());
    assert_eq!(world.hands.clipboard.as_deref(), Some("the user's"));
    assert_eq!(world.raw_texts(token), ["a"]);
}

#[test]
fn tl4_k20_superseded_while_the_language_model_works() {
    let mut world = World::new();
    world.model.push_back(Reaction::Says("A.", Millis(5_000)));
    let first = world.press();
    world.run_to(2_000);
    world.release();
    world.run_to(3_000);
    let asked = world.when(|effect| matches!(effect, Effect::Correct(..))).len();
    world.press_with(|begin| begin.wishes.overlap = Overlap::Supersede);
    world.run_to(9_000);

    assert_eq!(
        world.when(|effect| matches!(effect, Effect::Correct(..))).len(),
        asked,
        "nobody is asked again"
    );
    assert!(world.page.texts.is_empty());
    assert_eq!(world.state_names(first).last(), Some(&"superseded"));
    assert_eq!(world.raw_texts(first), ["a"]);
    let corrected: Vec<_> =
        world.facts(first).into_iter().filter(|fact| matches!(fact, Fact::Corrected(..))).collect();
    assert_eq!(corrected.len(), 1, "the late answer is the user's all the same");
}

#[test]
fn tl5_k20_superseded_before_the_language_model_is_asked() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Says("a", Millis(1_000)));
    let first = world.press();
    world.run_to(2_000);
    world.release();
    world.run_to(2_500);
    world.press_with(|begin| begin.wishes.overlap = Overlap::Supersede);
    world.run_to(9_000);
    let asked = world.when(|effect| matches!(effect, Effect::Correct(work, ..) if work.token == first));
    assert!(asked.is_empty());
}

#[test]
fn tl6_k36_an_old_error_does_not_flash_on_the_new_session() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Fails(Millis(10)));
    let first = world.press();
    world.run_to(2_000);
    world.release();
    world.run_to(2_305);
    // The page is busy: the error waits in its queue while another session begins.
    let work = first_work(&world);
    let failed = Input::RecognitionFailed(work, crate::event::Trouble::new("asr", "it broke"));
    assert_eq!(world.tell(failed), Ok(Reply::Done));
    let second = world.press();
    world.run_to(2_400);
    assert_eq!(world.page.surface, Surface::Showing(second, State::Recording));
    world.run_to(2_310 + limits::ERROR_RESET.0 + 100);
    assert_eq!(world.page.surface, Surface::Showing(second, State::Recording), "the old timer idles nothing");
    assert_eq!(world.state_names(first).last(), Some(&"failed"));
}

#[test]
fn tl7_k34_t8_a_new_session_during_a_paste_loses_neither_paste_nor_clipboard() {
    let mut world = World::new();
    let first = world.press();
    world.run_to(2_000);
    world.release();
    // Written at 2320, injected at 2370.
    world.run_to(2_380);
    assert_eq!(world.pastes(), ["A."]);
    world.model.push_back(Reaction::Says("B.", Millis(10)));
    let second = world.press_with(|begin| begin.wishes.overlap = Overlap::Supersede);
    world.run_to(2_600);
    assert_eq!(world.state_names(first).last(), Some(&"delivered"), "what went out is finished");
    assert_eq!(world.page.surface, Surface::Showing(second, State::Recording), "and says so to nobody");
    world.release();
    world.run_to(20_000);
    assert_eq!(world.pastes(), ["A.", "B."]);
    assert_eq!(world.hands.clipboard.as_deref(), Some("the user's"));
}

#[test]
fn tl8_dictations_that_overlap_are_delivered_in_spoken_order() {
    let mut world = World::new();
    world.engine.push_back(Reaction::Says("one", Millis(3_000)));
    world.engine.push_back(Reaction::Says("two", Millis(10)));
    world.model.push_back(Reaction::Says("One.", Millis(2_000)));
    world.model.push_back(Reaction::Says("Two.", Millis(10)));
    let first = world.press();
    world.run_to(1_000);
    world.release();
    world.run_to(1_100);
    let second = world.press();
    world.run_to(2_000);
    world.release();
    // The first is still with the language model when the second is ready.
    world.run_to(5_000);
    assert_eq!(world.sessions.state(first), Some(State::Correcting));
    assert_eq!(world.sessions.state(second), Some(State::Queued));
    world.run_to(20_000);
    assert_eq!(world.pastes(), ["One.", "Two."]);
}

#[test]
fn tl9_t5_a_window_that_is_gone_gets_nothing_and_the_user_decides() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(2_000);
    world.release();
    world.focus(window(2));
    world.run_to(5_000);
    assert!(world.pastes().is_empty());
    assert_eq!(world.sessions.state(token), Some(State::Waiting));
    assert_eq!(world.hands.clipboard.as_deref(), Some("the user's"));

    let here = Where::Here(crate::guard::Target::Bound(window(2)));
    assert_eq!(world.tell(Input::Place(token, here)), Ok(Reply::Done));
    world.run_to(10_000);
    assert_eq!(world.pastes(), ["A."]);
}

#[test]
fn tl9_t5_or_goes_to_the_clipboard_and_stays_there_if_the_user_wishes_so() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.wishes.lost_target = LostTarget::Copy);
    world.run_to(2_000);
    world.release();
    world.focus(window(2));
    world.run_to(20_000);
    assert!(world.pastes().is_empty());
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::Delivered(Delivery::Copied))));
    assert_eq!(
        world.hands.clipboard.as_deref(),
        Some("A."),
        "not put back: the text is for the user to paste"
    );
}

#[test]
fn tl9_t6_the_window_is_looked_at_again_at_the_instant_of_the_injection() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(2_000);
    world.release();
    // Written at 2320, asked at 2370: the focus moves in between.
    world.run_to(2_340);
    assert_eq!(world.sessions.state(token), Some(State::Delivering));
    world.focus(window(2));
    world.run_to(5_000);
    assert!(world.pastes().is_empty());
    assert_eq!(world.sessions.state(token), Some(State::Waiting));
    assert_eq!(world.hands.clipboard.as_deref(), Some("the user's"));
}

#[test]
fn tl11_l14_l16_an_abandoned_recording_is_reaped_strictly_after_its_time() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.trigger = Trigger::Gui);
    let id = session_id(1);
    let feed = world.sessions.subscribe(Some(id), None, world.now()).unwrap().feed;
    world.sessions.unsubscribe(feed, world.now());
    for alive in [45_000, 90_000] {
        world.run_to(alive);
        assert_eq!(world.sessions.state(token), Some(State::Recording), "at {alive}");
    }
    world.run_to(135_000);
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::Expired)));
    assert!(world.hearing().is_empty());
    assert!(world.facts(token).iter().any(|fact| matches!(fact, Fact::Kept(_))));
    world.run_to(200_000);
    assert!(world.pastes().is_empty());
}

#[test]
fn tl11_l11_a_window_that_comes_back_in_time_saves_it() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.trigger = Trigger::Gui);
    let id = session_id(1);
    let feed = world.sessions.subscribe(Some(id), None, world.now()).unwrap().feed;
    world.sessions.unsubscribe(feed, world.now());
    world.run_to(80_000);
    world.sessions.subscribe(Some(id), None, world.now()).unwrap();
    world.run_to(600_000);
    assert_eq!(world.sessions.state(token), Some(State::Recording));
}

#[test]
fn tl11_l18_a_hotkey_dictation_needs_no_window_however_long_it_is() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.trigger = Trigger::Toggle);
    world.run_to(600_000);
    assert_eq!(world.sessions.state(token), Some(State::Recording));
}

#[test]
fn tl12_l12_a_window_that_never_reads_is_dropped_and_told_and_the_others_miss_nothing() {
    let mut world = World::new();
    let token = world.press();
    let id = session_id(1);
    let slow = world.sessions.subscribe(Some(id), None, world.now()).unwrap().feed;
    let keen = world.sessions.subscribe(Some(id), None, world.now()).unwrap().feed;
    let mut read = 0;
    for _ in 0..limits::FEED_QUEUE + 1 {
        let trouble = crate::event::Trouble::new("audio", "a frame was dropped");
        world.tell(Input::CaptureTrouble(token, trouble)).unwrap();
        while let Some(Item::Event(_)) = world.sessions.poll_feed(keen) {
            read += 1;
        }
    }
    assert_eq!(read, limits::FEED_QUEUE + 1);
    let mut got = 0;
    let last = loop {
        match world.sessions.poll_feed(slow) {
            Some(Item::Event(_)) => got += 1,
            other => break other,
        }
    };
    assert_eq!(got, limits::FEED_QUEUE);
    assert!(matches!(last, Some(Item::Dropped { last_seq: Some(_) })), "{last:?}");
    assert!(world.sessions.poll_feed(slow).is_none());
    assert!(world.sessions.subscribe(Some(id), EventSeq::new(1), world.now()).is_ok());
}

#[test]
fn tl13_c27_c29_a_finished_session_leaves_memory_after_its_time_and_its_hook_runs_once_before() {
    let mut world = World::new();
    // Everything is over at 2470 - 2470 = the origin of this timeline.
    let token = world.press();
    world.run_to(2_000);
    world.release();
    world.run_to(2_470);
    assert!(world.sessions.state(token).unwrap().is_ended());
    world.keep_open = true;
    world.run_to(2_470 + 300_000);
    assert_eq!(world.sessions.in_memory(), 1, "still listed at 300 s");
    world.run_to(2_470 + 330_000);
    let hooks = world.when(|effect| matches!(effect, Effect::Close(_)));
    assert_eq!(hooks.len(), 1);
    assert!(world.sessions.get(session_id(1), world.now()).is_some(), "found until the hook has run");
    world.run_to(2_470 + 400_000);
    assert_eq!(world.when(|effect| matches!(effect, Effect::Close(_))).len(), 1, "asked once");
    world.tell(Input::Closed(token)).unwrap();
    assert_eq!(world.sessions.in_memory(), 0);
    assert!(matches!(world.events.last().unwrap().event, Event::SessionClosed { .. }));
}

#[test]
fn tl13_c29_a_recording_is_never_idle() {
    let mut world = World::new();
    let token = world.press_with(|begin| begin.trigger = Trigger::Toggle);
    world.run_to(360_000);
    assert_eq!(world.sessions.state(token), Some(State::Recording));
}

#[test]
fn tl14_k37_a_lost_microphone_pastes_no_half_sentence() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(1_000);
    assert_eq!(world.tell(Input::DeviceLost(token)), Ok(Reply::Done));
    world.run_to(10_000);
    assert!(world.pastes().is_empty());
    assert_eq!(world.sessions.state(token), Some(State::Ended(Outcome::Delivered(Delivery::Kept))));
    assert_eq!(world.raw_texts(token), ["a"]);
    let warned = world
        .events
        .iter()
        .any(|event| matches!(&event.event, Event::SessionWarning(trouble) if trouble.code == "device_lost"));
    assert!(warned);
}

#[test]
fn tl16_c17_a_page_that_reloads_finds_its_session_and_hears_no_second_start() {
    let mut world = World::new();
    let token = world.press();
    world.run_to(1_000);
    let opening = world.sessions.subscribe(Some(session_id(1)), None, world.now()).unwrap();
    let live = world.sessions.get(session_id(1), world.now()).unwrap();
    assert_eq!((live.token, live.state), (token, State::Recording));
    assert_eq!(opening.last_seq, live.last_seq);
    world.run_to(2_000);
    assert_eq!(world.cues(Cue::Start).len(), 1);
    let created =
        world.events.iter().filter(|event| matches!(event.event, Event::SessionCreated { .. })).count();
    assert_eq!(created, 1);
}

#[test]
fn tl17_d19_of_two_questions_only_the_later_ones_answer_counts() {
    use crate::answers::{Answer, Questions};
    let mut questions = Questions::default();
    let first = questions.ask("session a");
    let second = questions.ask("session b");
    assert_eq!(questions.accept(Answer::new(second, "session b", 5)).ok(), Some(5));
    assert!(questions.accept(Answer::new(first, "session a", 40)).is_err());
}

#[test]
fn d33_accepted_is_directly_followed_by_running() {
    let mut world = World::new();
    world.press();
    let of =
        world.events.iter().position(|event| matches!(event.event, Event::SessionAccepted { .. })).unwrap();
    assert!(matches!(
        world.events[of + 1].event,
        Event::SessionStateChanged { reason: Cause::CommandAccepted, state: State::Starting, .. }
    ));
    assert_eq!(world.events[of + 1].seq, world.events[of].seq.next());
}

#[test]
fn k7_before_the_app_is_up_nothing_begins() {
    let mut sessions = crate::Sessions::new(crate::sim::boot());
    let refused = sessions.handle(Input::Begin(Box::new(crate::sim::begin(1))), crate::sim::at(0));
    assert_eq!(refused, Err(Refusal::NotReady));
    assert!(sessions.poll_effect().is_none());
}

fn first_work(world: &World) -> crate::input::Work {
    let works = world.effects.iter().filter_map(|(_, effect)| match effect {
        Effect::Recognise(work, _) => Some(*work),
        _ => None,
    });
    works.into_iter().next().unwrap()
}
