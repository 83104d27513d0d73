//! What is stored, and what comes back.

use super::{
    tests::{World, id, session, turn},
    *,
};
use crate::time::{Now, Tick};

fn restarted(rows: Vec<SavedTurn>) -> (World, Loaded) {
    let (queue, loaded) = Queue::load(rows, Now::default());
    let mut world = World::of(queue);
    world.wait(0);
    world.busy("nobody", false);
    (world, loaded)
}

fn row(number: u128) -> SavedTurn {
    SavedTurn {
        id: id(number).0.to_string(),
        session: session("a").to_string(),
        text: Some("words".into()),
        job: "correct".to_owned(),
        kind: "normal".to_owned(),
        status: "queued".to_owned(),
        pos: i64::try_from(number).unwrap(),
        ..SavedTurn::default()
    }
}

#[test]
fn d60_tl15_after_a_restart_everything_is_there_and_paused() {
    let mut world = World::new();
    for number in 1..=3 {
        world.add(number, "a");
    }
    world.steer(4, "b");
    world.tell(QueueInput::Started(id(1)));
    let stored = serde_json::to_string(&world.queue.saved()).unwrap();
    let (mut world, loaded) = restarted(serde_json::from_str(&stored).unwrap());
    assert_eq!((loaded.kept, loaded.dropped), (4, vec![]));
    assert_eq!(world.waiting("a"), [id(1), id(2), id(3)]);
    assert_eq!(world.queue.waiting(&session("b"))[0].kind, Kind::Steer);
    assert_eq!(world.queue.paused(), 4);
    world.wait(1_000_000);
    assert_eq!(
        (world.dispatched(), world.delivered()),
        (vec![], vec![]),
        "old speech never goes out by itself"
    );
}

#[test]
fn d60_after_a_restart_sessions_are_asked_and_nothing_goes_before_1200_ms() {
    let (mut world, _) = restarted(vec![row(1)]);
    assert_eq!(world.asked(), 1);
    world.tell(QueueInput::Resume(session("a")));
    world.add(2, "b");
    world.wait(1_199);
    assert_eq!(world.dispatched(), []);
    world.wait(1);
    assert_eq!(world.dispatched(), [id(1), id(2)]);
}

#[test]
fn d60_with_nothing_stored_it_is_ready_at_once() {
    let (mut world, _) = restarted(Vec::new());
    assert_eq!(world.queue.poll_timeout(), None::<Tick>);
    world.add(1, "a");
    assert_eq!(world.dispatched(), [id(1)]);
}

#[test]
fn d60_blank_or_unreadable_turns_are_dropped_and_wrong_words_become_the_usual() {
    let rows = vec![
        SavedTurn { text: Some("  ".into()), ..row(1) },
        SavedTurn { text: None, ..row(2) },
        SavedTurn { id: "?".to_owned(), ..row(3) },
        SavedTurn { session: "half::scope".to_owned(), ..row(4) },
        SavedTurn { session: session("new-session-7").to_string(), ..row(5) },
        SavedTurn { kind: "odd".to_owned(), status: "odd".to_owned(), job: "odd".to_owned(), ..row(6) },
        SavedTurn { pos: 7, ..row(6) },
    ];
    let (world, loaded) = restarted(rows);
    let why: Vec<_> = loaded.dropped.iter().map(|(_, why)| *why).collect();
    assert_eq!(why.iter().filter(|why| **why == Dropped::Blank).count(), 2);
    assert_eq!(why.iter().filter(|why| **why == Dropped::Unreadable).count(), 3);
    assert_eq!(why.iter().filter(|why| **why == Dropped::Twice).count(), 1);
    let kept = &world.queue.waiting(&session("a"))[0];
    assert_eq!((kept.id, kept.kind, kept.job), (id(6), Kind::Normal, Job::Transcribe));
    assert_eq!(kept.status, Status::Paused);
}

#[test]
fn d60_a_session_with_a_temporary_name_is_not_stored() {
    let mut world = World::new();
    world.add(1, "new-session-1");
    assert_eq!(world.queue.saved(), []);
    world.tell(QueueInput::Reconcile { from: session("new-session-1"), to: session("a") });
    assert_eq!(world.queue.saved().len(), 1);
}

#[test]
fn d50_what_was_delivered_before_the_restart_is_not_delivered_again() {
    let mut world = World::new();
    world.add(1, "a");
    world.add(2, "a");
    world.tell(QueueInput::Started(id(1)));
    world.tell(QueueInput::Ready(id(1)));
    assert_eq!(world.delivered(), [id(1)]);
    let stored = world.queue.saved();
    assert!(stored[0].delivered_at.is_some(), "the mark is stored before the words go out");
    let (mut world, loaded) = restarted(stored);
    assert_eq!(loaded.dropped, [(id(1).0.to_string(), Dropped::Delivered)]);
    world.tell(QueueInput::Resume(session("a")));
    assert_eq!(world.tell(QueueInput::Ready(id(1))), Queued::Late);
    let again = NewTurn { delivered_at: Some(Wall(0)), ..turn(1, "a", Kind::Normal) };
    assert_eq!(world.try_tell(QueueInput::Enqueue(again)), Err(QueueError::Delivered(id(1))));
    world.wait(10_000);
    assert_eq!(world.delivered(), []);
}

#[test]
fn d50_a_result_of_before_the_restart_is_late() {
    let (mut world, _) = restarted(vec![row(1)]);
    assert_eq!(world.tell(QueueInput::Ready(id(1))), Queued::Late);
    assert_eq!(world.settle(1, "a", Settled::Complete), Queued::Late);
    assert_eq!((world.delivered(), world.waiting("a")), (vec![], vec![id(1)]));
}
