//! The order of delivery, and random orders of everything.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{
    tests::{World, id, session, turn},
    *,
};

/// Begins a turn and has its words ready.
fn finish(world: &mut World, number: u128) {
    world.tell(QueueInput::Started(id(number)));
    world.tell(QueueInput::Ready(id(number)));
}

#[test]
fn d61_tl8_sessions_are_worked_on_side_by_side_and_delivered_in_the_order_spoken() {
    let mut world = World::new();
    world.add(1, "a");
    world.add(2, "b");
    assert_eq!(world.dispatched(), [id(1), id(2)]);
    finish(&mut world, 2);
    assert_eq!(world.delivered(), [], "1 was spoken first");
    finish(&mut world, 1);
    assert_eq!(world.delivered(), [id(1)]);
    world.settle(1, "a", Settled::Complete);
    world.wait(10_000);
    assert_eq!(world.delivered(), [id(2)]);
}

#[test]
fn d61_an_end_or_pause_in_one_session_lets_the_other_go() {
    for how in [Settled::Error, Settled::Aborted] {
        let mut world = World::new();
        world.add(1, "a");
        world.add(2, "a");
        world.add(3, "b");
        finish(&mut world, 3);
        world.settle(1, "a", how);
        let expected = if how == Settled::Aborted { vec![id(3)] } else { vec![] };
        assert_eq!(world.delivered(), expected, "paused turns are not waited for, queued ones are");
    }
}

#[test]
fn d61_an_urgent_turn_takes_the_place_of_the_older_one_it_was_put_before() {
    let mut world = World::new();
    world.busy("a", true);
    world.add(1, "a");
    world.add(2, "b");
    world.steer(3, "a");
    world.busy("a", false);
    finish(&mut world, 2);
    finish(&mut world, 3);
    assert_eq!(world.delivered(), [id(3)]);
    world.settle(3, "a", Settled::Complete);
    finish(&mut world, 1);
    world.wait(10_000);
    assert_eq!(world.delivered(), [id(1)]);
}

#[test]
fn d52_two_deliveries_never_interleave() {
    let mut world = World::new();
    world.add(1, "a");
    world.add(2, "b");
    finish(&mut world, 1);
    finish(&mut world, 2);
    assert_eq!(world.delivered(), [id(1)]);
    world.wait(150);
    world.settle(1, "a", Settled::Complete);
    world.wait(1_499);
    assert_eq!(world.delivered(), [], "the clipboard is not back yet");
    world.wait(1);
    assert_eq!(world.delivered(), [id(2)]);
}

#[test]
fn d50_the_mark_comes_right_before_the_words_and_both_only_once() {
    let mut world = World::new();
    world.add(1, "a");
    finish(&mut world, 1);
    assert_eq!(world.tell(QueueInput::Ready(id(1))), Queued::Late);
    let marks =
        |effect: &&QueueEffect| matches!(effect, QueueEffect::MarkDelivered(..) | QueueEffect::Deliver(_));
    let out: Vec<_> = world.done.iter().filter(marks).cloned().collect();
    assert_eq!(out, [QueueEffect::MarkDelivered(id(1), Wall(0)), QueueEffect::Deliver(id(1))]);
}

#[test]
fn d52_a_delivery_that_never_reports_is_given_up_and_not_repeated() {
    let mut world = World::new();
    world.add(1, "a");
    world.add(2, "b");
    finish(&mut world, 1);
    finish(&mut world, 2);
    world.wait(19_999);
    assert_eq!(world.delivered(), [id(1)]);
    world.wait(1);
    assert!(world.done.contains(&QueueEffect::GaveUp(id(1))));
    assert_eq!(world.delivered(), [id(2)]);
    assert_eq!(world.settle(1, "a", Settled::Complete), Queued::Late);
}

const NAMES: [&str; 3] = ["a", "b", "new-session-1"];

#[derive(Debug, Clone, Copy)]
enum Step {
    Add { name: usize, steer: bool },
    Tell { what: u8, turn: u128 },
    Session { what: u8, name: usize },
    Reconcile { from: usize, to: usize },
    Wait(u64),
    Restart,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3_usize, any::<bool>()).prop_map(|(name, steer)| Step::Add { name, steer }),
        12 => (0..8_u8, 1..12_u128).prop_map(|(what, turn)| Step::Tell { what, turn }),
        3 => (0..5_u8, 0..3_usize).prop_map(|(what, name)| Step::Session { what, name }),
        1 => (0..3_usize, 0..3_usize).prop_map(|(from, to)| Step::Reconcile { from, to }),
        3 => (0..9_000_u64).prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ]
}

/// What the world outside knows: which turns should still be somewhere, and which words went out.
#[derive(Default)]
struct Ledger {
    added: u128,
    expected: BTreeSet<TurnId>,
    out: BTreeSet<TurnId>,
    removed: BTreeSet<TurnId>,
    names: BTreeMap<TurnId, usize>,
}

impl Ledger {
    fn step(&mut self, world: &mut World, step: Step) {
        match step {
            Step::Add { name, steer } => {
                self.added += 1;
                let kind = if steer { Kind::Steer } else { Kind::Normal };
                world.tell(QueueInput::Enqueue(turn(self.added, NAMES[name], kind)));
                self.expected.insert(id(self.added));
                self.names.insert(id(self.added), name);
            }
            Step::Tell { what, turn } => self.tell(world, what, id(turn)),
            Step::Session { what, name } => {
                let name = session(NAMES[name]);
                world.tell(match what {
                    0 => QueueInput::Pause(name),
                    1 => QueueInput::Resume(name),
                    2 => QueueInput::Processing { session: name, processing: true },
                    3 => QueueInput::Processing { session: name, processing: false },
                    _ => QueueInput::Settled { session: name, turn: None, was: None, how: Settled::Aborted },
                });
            }
            Step::Reconcile { from, to } => {
                world.tell(QueueInput::Reconcile { from: session(NAMES[from]), to: session(NAMES[to]) });
            }
            Step::Wait(millis) => world.wait(millis),
            Step::Restart => self.restart(world),
        }
        self.check(world);
    }

    fn tell(&mut self, world: &mut World, what: u8, id: TurnId) {
        let input = match what {
            0 | 1 => QueueInput::Started(id),
            2 | 3 => QueueInput::Ready(id),
            4 => QueueInput::Refused(id),
            5 => QueueInput::Promote(id),
            6 => QueueInput::Remove(id),
            _ => {
                let name = session(NAMES[self.names.get(&id).copied().unwrap_or_default()]);
                QueueInput::Settled { session: name, turn: Some(id), was: None, how: Settled::Complete }
            }
        };
        let ends = matches!(input, QueueInput::Remove(_) | QueueInput::Settled { .. });
        if world.tell(input) == Queued::Changed && ends {
            self.expected.remove(&id);
            self.removed.insert(id);
        }
    }

    fn restart(&mut self, world: &mut World) {
        let (queue, _) = Queue::load(world.queue.saved(), world.now);
        let lost = queue.lines.values().flat_map(|line| &line.waiting).map(|turn| turn.id).collect();
        let gone: Vec<TurnId> = self.expected.difference(&lost).copied().collect();
        for id in gone {
            let temporary = world.queue.waiting(&session(NAMES[2])).iter().any(|turn| turn.id == id);
            let was_temporary = temporary
                || world
                    .queue
                    .lines
                    .get(&session(NAMES[2]))
                    .is_some_and(|line| line.work.iter().any(|work| work.turn.id == id));
            assert!(was_temporary || self.out.contains(&id), "{id:?} was lost by the restart");
            self.expected.remove(&id);
        }
        world.queue = queue;
        assert!(
            world
                .queue
                .lines
                .values()
                .flat_map(|line| &line.waiting)
                .all(|turn| turn.status == Status::Paused)
        );
    }

    fn check(&mut self, world: &mut World) {
        for pair in world.done.windows(2) {
            if let QueueEffect::Deliver(id) = pair[1] {
                assert!(matches!(pair[0], QueueEffect::MarkDelivered(marked, _) if marked == id));
            }
        }
        for effect in &world.done {
            if let QueueEffect::GaveUp(id) = effect {
                self.expected.remove(id);
            }
        }
        for id in world.delivered() {
            assert!(self.out.insert(id), "{id:?} went out twice");
            assert!(!self.removed.contains(&id), "{id:?} went out after its end");
        }
        world.done.clear();
        let mut held = Vec::new();
        let mut delivering = 0;
        for line in world.queue.lines.values() {
            held.extend(line.waiting.iter().map(|turn| turn.id));
            held.extend(line.work.iter().map(|work| work.turn.id));
            delivering += line.work.iter().filter(|work| work.phase == line::Phase::Delivering).count();
        }
        assert!(delivering <= 1, "two deliveries at once");
        let count = held.len();
        let held: BTreeSet<TurnId> = held.into_iter().collect();
        assert_eq!(held.len(), count, "a turn stands in two places");
        assert_eq!(held, self.expected, "a turn was lost, or came back");
    }

    /// From here on every worker does its work and every session is resumed: all that is left must go out.
    fn run_dry(&mut self, world: &mut World) {
        for _ in 0..self.added * 3 + 3 {
            for name in NAMES {
                world.busy(name, false);
                world.tell(QueueInput::Resume(session(name)));
            }
            for number in 1..=self.added {
                world.tell(QueueInput::Ready(id(number)));
            }
            self.check(world);
            for id in self.expected.clone() {
                if self.out.contains(&id) {
                    self.tell(world, 7, id);
                }
            }
            world.wait(2_000);
            self.check(world);
        }
        assert!(self.expected.is_empty(), "{:?} never went out", self.expected);
        assert!(world.queue.lines.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn d50_d61_nothing_is_lost_nothing_goes_out_twice_and_all_goes_out_in_the_end(
        steps in prop::collection::vec(any_step(), 1..60),
    ) {
        let mut world = World::new();
        let mut ledger = Ledger::default();
        for step in steps {
            ledger.step(&mut world, step);
        }
        ledger.run_dry(&mut world);
    }

    #[test]
    fn d61_whatever_finishes_first_words_go_out_in_the_order_spoken(
        homes in prop::collection::vec(0..2_usize, 1..10), picks in prop::collection::vec(any::<prop::sample::Index>(), 60),
    ) {
        let mut world = World::new();
        for (number, home) in (1..).zip(&homes) {
            world.add(number, NAMES[*home]);
        }
        let mut out = Vec::new();
        let mut running = Vec::new();
        for pick in picks {
            running.extend(world.dispatched());
            if !running.is_empty() {
                let done = running.swap_remove(pick.index(running.len()));
                world.tell(QueueInput::Ready(done));
            }
            for id in world.delivered() {
                out.push(id);
                world.tell(QueueInput::Settled { session: session("a"), turn: Some(id), was: None, how: Settled::Complete });
            }
            world.wait(2_000);
        }
        out.extend(world.delivered());
        let spoken: Vec<TurnId> = (1..).map(id).take(homes.len()).collect();
        prop_assert_eq!(out, spoken);
    }
}
