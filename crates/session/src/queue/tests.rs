//! The rules of one session's line, and of dispatch and acknowledgement.

use uuid::Uuid;

use super::*;
use crate::time::{Now, Tick};

/// A queue with a made-up clock that answers nothing by itself.
pub(super) struct World {
    pub(super) queue: Queue,
    pub(super) now: Now,
    pub(super) done: Vec<QueueEffect>,
}

pub(super) fn session(name: &str) -> ScopeKey {
    ScopeKey { project: "mail".to_owned(), engine: "whisper-local".to_owned(), session: name.to_owned() }
}

pub(super) fn id(number: u128) -> TurnId {
    TurnId(Uuid::from_u128(number))
}

pub(super) fn turn(number: u128, name: &str, kind: Kind) -> NewTurn {
    let what = What::Recording(RecordingId(Uuid::from_u128(number)));
    NewTurn { id: id(number), session: session(name), what, job: Job::Transcribe, kind, delivered_at: None }
}

impl World {
    pub(super) fn new() -> Self {
        Self::of(Queue::default())
    }

    pub(super) fn of(queue: Queue) -> Self {
        Self { queue, now: Now::default(), done: Vec::new() }
    }

    pub(super) fn try_tell(&mut self, input: QueueInput) -> Result<Queued, QueueError> {
        let told = self.queue.handle(input, self.now);
        self.drain();
        told
    }

    pub(super) fn tell(&mut self, input: QueueInput) -> Queued {
        self.try_tell(input).unwrap()
    }

    pub(super) fn add(&mut self, number: u128, name: &str) {
        self.tell(QueueInput::Enqueue(turn(number, name, Kind::Normal)));
    }

    pub(super) fn steer(&mut self, number: u128, name: &str) {
        self.tell(QueueInput::Enqueue(turn(number, name, Kind::Steer)));
    }

    pub(super) fn busy(&mut self, name: &str, processing: bool) -> Queued {
        self.tell(QueueInput::Processing { session: session(name), processing })
    }

    pub(super) fn settle(&mut self, number: u128, name: &str, how: Settled) -> Queued {
        self.tell(QueueInput::Settled { session: session(name), turn: Some(id(number)), was: None, how })
    }

    /// Lets time go by, ringing every timer on the way at its moment.
    pub(super) fn wait(&mut self, millis: u64) {
        let end = Tick(self.now.tick.0 + millis);
        while let Some(at) = self.queue.poll_timeout().filter(|at| *at <= end) {
            self.now.tick = at.max(self.now.tick);
            self.queue.handle_timeout(self.now);
            self.drain();
        }
        self.now.tick = end;
    }

    fn drain(&mut self) {
        while let Some(effect) = self.queue.poll_effect() {
            self.done.push(effect);
        }
    }

    /// The turns given to workers so far, in order, since the last call.
    pub(super) fn dispatched(&mut self) -> Vec<TurnId> {
        self.take(|effect| match effect {
            QueueEffect::Dispatch(turn) => Some(turn.id),
            _ => None,
        })
    }

    /// The turns whose words went out since the last call.
    pub(super) fn delivered(&mut self) -> Vec<TurnId> {
        self.take(|effect| match effect {
            QueueEffect::Deliver(id) => Some(*id),
            _ => None,
        })
    }

    pub(super) fn withdrawn(&mut self) -> Vec<TurnId> {
        self.take(|effect| match effect {
            QueueEffect::Withdraw(id) => Some(*id),
            _ => None,
        })
    }

    pub(super) fn asked(&mut self) -> usize {
        self.take(|effect| matches!(effect, QueueEffect::AskProcessing(_)).then_some(())).len()
    }

    fn take<T>(&mut self, pick: impl Fn(&QueueEffect) -> Option<T>) -> Vec<T> {
        let picked = self.done.iter().filter_map(&pick).collect();
        self.done.retain(|effect| pick(effect).is_none());
        picked
    }

    pub(super) fn waiting(&self, name: &str) -> Vec<TurnId> {
        self.queue.waiting(&session(name)).iter().map(|turn| turn.id).collect()
    }

    fn next(&self, name: &str) -> Option<TurnId> {
        self.queue.next(&session(name)).map(|turn| turn.id)
    }
}

/// A world whose session "a" is busy with something that is not the queue's.
fn occupied() -> World {
    let mut world = World::new();
    world.busy("a", true);
    world
}

#[test]
fn d44_d45_normal_goes_behind_and_urgent_in_front_and_is_next() {
    let mut world = occupied();
    world.add(1, "a");
    world.add(2, "a");
    assert_eq!((world.waiting("a"), world.next("a")), (vec![id(1), id(2)], Some(id(1))));
    world.steer(3, "a");
    world.steer(4, "a");
    assert_eq!(world.waiting("a"), [id(4), id(3), id(1), id(2)]);
    assert_eq!(world.next("a"), Some(id(4)));
    assert_eq!(world.next("b"), None);
}

#[test]
fn d45_what_is_paused_is_never_next() {
    let mut world = occupied();
    world.add(1, "a");
    world.tell(QueueInput::Pause(session("a")));
    assert_eq!(world.next("a"), None);
    world.busy("a", false);
    assert_eq!(world.dispatched(), []);
}

#[test]
fn d46_a_promoted_turn_is_urgent_and_in_front_and_keeps_its_status() {
    let mut world = occupied();
    world.add(1, "a");
    world.add(2, "a");
    world.tell(QueueInput::Pause(session("a")));
    assert_eq!(world.tell(QueueInput::Promote(id(2))), Queued::Changed);
    let first = world.queue.waiting(&session("a"))[0].clone();
    assert_eq!((first.id, first.kind, first.status), (id(2), Kind::Steer, Status::Paused));
    let before = world.queue.saved();
    assert_eq!(world.tell(QueueInput::Promote(id(9))), Queued::Unchanged);
    assert_eq!(world.queue.saved(), before);
}

#[test]
fn d47_a_line_disappears_with_its_last_turn() {
    let mut world = World::new();
    world.add(1, "a");
    assert_eq!(world.queue.sessions().count(), 1);
    assert_eq!(world.tell(QueueInput::Remove(id(1))), Queued::Changed);
    assert_eq!(world.queue.sessions().count(), 0);
    assert!(world.queue.lines.is_empty());
    assert_eq!(world.tell(QueueInput::Remove(id(1))), Queued::Unchanged);
}

#[test]
fn d47_removing_a_dispatch_under_way_frees_the_session() {
    let mut world = World::new();
    world.add(1, "a");
    world.add(2, "a");
    assert_eq!(world.dispatched(), [id(1)]);
    world.tell(QueueInput::Remove(id(1)));
    assert_eq!((world.withdrawn(), world.dispatched()), (vec![id(1)], vec![id(2)]));
    assert_eq!(world.tell(QueueInput::Started(id(1))), Queued::Late);
}

#[test]
fn d48_pausing_takes_every_turn_of_the_session_and_no_other() {
    let mut world = World::new();
    for (number, name) in [(1, "a"), (2, "a"), (3, "b")] {
        world.add(number, name);
    }
    assert_eq!(world.tell(QueueInput::Pause(session("a"))), Queued::Changed);
    assert_eq!(world.queue.paused(), 2);
    assert_eq!(world.tell(QueueInput::Pause(session("a"))), Queued::Unchanged);
    assert_eq!(world.tell(QueueInput::Pause(session("nobody"))), Queued::Unchanged);
    assert_eq!(world.queue.waiting(&session("b"))[0].status, Status::Queued);
}

#[test]
fn d49_a_turn_for_a_busy_session_waits_and_one_for_a_free_session_starts_at_once() {
    let mut world = occupied();
    world.add(1, "a");
    world.add(2, "b");
    assert_eq!(world.dispatched(), [id(2)]);
    world.tell(QueueInput::Settled { session: session("a"), turn: None, was: None, how: Settled::Complete });
    assert_eq!(world.dispatched(), [id(1)], "no wait after the end of what ran before");
}

#[test]
fn d49_a_new_turn_is_paused_where_others_are() {
    let mut world = occupied();
    world.add(1, "a");
    world.tell(QueueInput::Pause(session("a")));
    world.add(2, "a");
    world.steer(3, "a");
    assert_eq!(world.queue.paused(), 3);
    world.add(4, "b");
    assert_eq!(world.queue.paused(), 3);
}

#[test]
fn d49_what_can_not_be_worked_on_is_refused_and_changes_nothing() {
    let mut world = World::new();
    world.add(1, "a");
    let before = world.queue.saved();
    let blank = NewTurn { what: What::Text(" \n".into()), ..turn(2, "a", Kind::Normal) };
    let nowhere = turn(3, "", Kind::Normal);
    let out = NewTurn { delivered_at: Some(Wall(5)), ..turn(4, "a", Kind::Normal) };
    for (input, error) in [
        (blank, QueueError::Blank(id(2))),
        (nowhere, QueueError::NoSession(id(3))),
        (out, QueueError::Delivered(id(4))),
        (turn(1, "b", Kind::Steer), QueueError::Twice(id(1))),
    ] {
        assert_eq!(world.try_tell(QueueInput::Enqueue(input)), Err(error));
    }
    assert_eq!(world.queue.saved(), before);
}

#[test]
fn d50_a_turn_stays_in_the_queue_until_its_work_has_begun() {
    let mut world = World::new();
    world.now.wall = Wall(77);
    world.add(1, "a");
    world.add(2, "a");
    assert_eq!(world.dispatched(), [id(1)]);
    assert_eq!(world.waiting("a"), [id(1), id(2)]);
    assert_eq!(world.queue.waiting(&session("a"))[0].dispatched_at, Some(Wall(77)));
    assert_eq!(world.tell(QueueInput::Started(id(1))), Queued::Changed);
    assert_eq!(world.tell(QueueInput::Started(id(1))), Queued::Unchanged);
    assert_eq!(world.waiting("a"), [id(2)]);
    assert_eq!(world.dispatched(), [], "one at a time");
    assert_eq!(world.queue.saved().len(), 2, "until it has ended, a crash must not lose it");
    world.settle(1, "a", Settled::Complete);
    assert_eq!((world.dispatched(), world.queue.saved().len()), (vec![id(2)], 1));
}

#[test]
fn d51_without_a_start_in_six_seconds_the_session_is_asked_and_the_turn_still_waits() {
    let mut world = World::new();
    world.add(1, "a");
    world.dispatched();
    world.wait(5_999);
    assert_eq!(world.asked(), 0);
    world.wait(1);
    assert_eq!((world.asked(), world.waiting("a"), world.dispatched()), (1, vec![id(1)], vec![]));
    world.wait(6_000);
    assert_eq!(world.asked(), 1, "asked again while nobody answers");
    world.busy("a", false);
    assert_eq!(world.dispatched(), [id(1)]);
}

#[test]
fn d51_a_start_that_comes_after_all_is_believed_and_the_turn_not_given_out_again() {
    let mut world = World::new();
    world.add(1, "a");
    world.wait(6_000);
    world.dispatched();
    assert_eq!(world.tell(QueueInput::Started(id(1))), Queued::Changed);
    world.busy("a", true);
    world.wait(60_000);
    assert_eq!((world.dispatched(), world.waiting("a")), (vec![], vec![]));
}

#[test]
fn d52_an_error_lets_the_next_one_go_as_a_success_does() {
    let mut world = World::new();
    world.add(1, "a");
    world.add(2, "a");
    world.add(3, "a");
    world.settle(1, "a", Settled::Error);
    world.settle(2, "a", Settled::Complete);
    assert_eq!(world.dispatched(), [id(1), id(2), id(3)]);
}

#[test]
fn d53_d54_tl10_a_cancel_pauses_what_waits_and_resume_lets_it_go() {
    let mut world = World::new();
    for number in 1..=3 {
        world.add(number, "a");
    }
    world.tell(QueueInput::Started(id(1)));
    world.dispatched();
    world.settle(1, "a", Settled::Aborted);
    assert_eq!((world.queue.paused(), world.dispatched()), (2, vec![]));
    world.add(4, "a");
    assert_eq!(world.queue.paused(), 3);
    world.wait(100_000);
    assert_eq!(world.dispatched(), []);
    assert_eq!(world.tell(QueueInput::Resume(session("a"))), Queued::Changed);
    assert_eq!((world.queue.paused(), world.dispatched()), (0, vec![id(2)]));
    assert_eq!(world.tell(QueueInput::Resume(session("a"))), Queued::Unchanged);
}

#[test]
fn d53_a_cancel_of_the_session_takes_back_a_dispatch_under_way() {
    let mut world = World::new();
    world.add(1, "a");
    world.tell(QueueInput::Settled { session: session("a"), turn: None, was: None, how: Settled::Aborted });
    assert_eq!(world.withdrawn(), [id(1)]);
    for late in [QueueInput::Started(id(1)), QueueInput::Ready(id(1))] {
        assert_eq!(world.tell(late), Queued::Late);
    }
    assert_eq!((world.delivered(), world.queue.paused(), world.queue.late()), (vec![], 1, 2));
}

#[test]
fn d54_resuming_a_session_that_may_be_busy_asks_first() {
    let mut world = occupied();
    world.add(1, "a");
    world.tell(QueueInput::Pause(session("a")));
    world.asked();
    world.tell(QueueInput::Resume(session("a")));
    assert_eq!((world.asked(), world.dispatched()), (1, vec![]));
    world.busy("a", false);
    assert_eq!(world.dispatched(), [id(1)]);
}

#[test]
fn d55_after_a_busy_reply_the_next_sign_of_work_is_not_taken_for_ours() {
    let mut world = World::new();
    world.add(1, "a");
    world.dispatched();
    assert_eq!(world.tell(QueueInput::Refused(id(1))), Queued::Changed);
    assert_eq!(world.asked(), 1);
    world.busy("a", true);
    assert_eq!((world.waiting("a"), world.dispatched()), (vec![id(1)], vec![]));
    world.busy("a", false);
    assert_eq!(world.dispatched(), [id(1)]);
    assert_eq!(world.tell(QueueInput::Refused(id(9))), Queued::Late);
}

#[test]
fn d55_the_doubt_outlives_the_retry() {
    let mut world = World::new();
    world.add(1, "a");
    world.tell(QueueInput::Refused(id(1)));
    let line = world.queue.lines.get_mut(&session("a")).unwrap();
    line.hold = None;
    world.add(2, "a");
    world.busy("a", true);
    assert_eq!(world.waiting("a"), [id(1), id(2)], "it spoke of what ran before");
    world.busy("a", true);
    assert_eq!(world.waiting("a"), [id(2)]);
}

#[test]
fn d56_a_free_session_is_given_its_turn_and_a_busy_one_has_begun_it() {
    let mut world = World::new();
    world.add(1, "a");
    world.dispatched();
    world.busy("a", false);
    assert_eq!(world.dispatched(), [id(1)], "nothing runs, so it is given out again");
    world.busy("a", true);
    assert_eq!(world.waiting("a"), [], "that is our turn running");
}

#[test]
fn d57_the_real_name_keeps_its_own_turns_in_front() {
    let mut world = occupied();
    world.busy("new-session-1", true);
    world.add(1, "a");
    world.add(2, "new-session-1");
    world.add(3, "new-session-1");
    let reconcile = |from, to| QueueInput::Reconcile { from: session(from), to: session(to) };
    let before = world.queue.waiting(&session("a")).to_vec();
    for (from, to) in [("a", "a"), ("", "a"), ("a", ""), ("nobody", "a")] {
        assert_eq!(world.tell(reconcile(from, to)), Queued::Unchanged, "{from} to {to}");
    }
    assert_eq!(world.queue.waiting(&session("a")), before);
    assert_eq!(world.tell(reconcile("new-session-1", "a")), Queued::Changed);
    assert_eq!(world.waiting("a"), [id(1), id(2), id(3)]);
    assert!(world.queue.waiting(&session("a")).iter().all(|turn| turn.session == session("a")));
    assert!(!world.queue.lines.contains_key(&session("new-session-1")));
}

#[test]
fn d58_the_end_of_a_session_reconciles_only_a_temporary_name() {
    for (was, moved) in [("new-session-1", true), ("temp-1", true), ("b", false)] {
        let mut world = World::new();
        world.busy(was, true);
        world.add(1, was);
        let was = Some(session(was));
        world.tell(QueueInput::Settled { session: session("a"), turn: None, was, how: Settled::Complete });
        assert_eq!(world.waiting("a") == [id(1)], moved);
        assert_eq!(world.dispatched() == [id(1)], moved);
    }
}

#[test]
fn d59_a_dispatch_under_way_and_its_timer_move_to_the_real_name() {
    let mut world = World::new();
    world.add(1, "new-session-1");
    world.wait(4_000);
    world.dispatched();
    world.tell(QueueInput::Reconcile { from: session("new-session-1"), to: session("a") });
    assert_eq!(world.dispatched(), [], "the lock moved with it");
    world.wait(1_999);
    assert_eq!(world.asked(), 0);
    world.wait(1);
    assert!(world.done.contains(&QueueEffect::AskProcessing(session("a"))));
    assert_eq!(world.tell(QueueInput::Started(id(1))), Queued::Changed);
}

#[test]
fn d59_a_busy_mark_moves_to_the_real_name() {
    let mut world = World::new();
    world.busy("new-session-1", true);
    world.tell(QueueInput::Reconcile { from: session("new-session-1"), to: session("a") });
    world.add(1, "a");
    assert_eq!(world.dispatched(), []);
}
