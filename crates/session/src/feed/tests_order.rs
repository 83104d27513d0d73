//! Frames, and random orders of everything.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    tests::{Fake, T0, session, words},
    *,
};

#[test]
fn c23_the_latest_frames_win_and_nobody_else_notices() {
    let mut feed = FrameFeed::default();
    let (one, three) = (feed.subscribe(0), feed.subscribe(3));
    for frame in 1..=4 {
        feed.publish(&frame);
    }
    assert_eq!((feed.poll(one), feed.poll(one)), (NextFrame::Frame(4), NextFrame::None));
    assert_eq!((feed.poll(three), feed.poll(three)), (NextFrame::Frame(2), NextFrame::Frame(3)));
}

#[test]
fn c23_no_replay_and_an_end_with_unsubscribe_or_session() {
    let mut feed = FrameFeed::default();
    feed.publish(&1);
    let (one, two) = (feed.subscribe(2), feed.subscribe(2));
    assert_eq!(feed.poll(one), NextFrame::None);
    feed.unsubscribe(one);
    feed.unsubscribe(one);
    assert_eq!(feed.poll(one), NextFrame::Ended);
    assert_eq!(feed.poll(two), NextFrame::None);
    feed.close();
    assert_eq!(feed.poll(two), NextFrame::Ended);
}

#[test]
fn c23_every_subscriber_has_its_own_copy() {
    let mut feed = FrameFeed::default();
    let (one, two) = (feed.subscribe(1), feed.subscribe(1));
    feed.publish(&vec![1]);
    let NextFrame::Frame(mut mine) = feed.poll(one) else { panic!("no frame") };
    mine.clear();
    assert_eq!(feed.poll(two), NextFrame::Frame(vec![1]));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Say { times: u8, class: Class },
    Join,
    Leave(usize),
    Read(usize),
    Resync(usize),
    Lease(bool),
    Wait(u64),
    Close,
}

fn any_step() -> impl Strategy<Value = Step> {
    let class = prop::sample::select(vec![Class::Transcript, Class::Interim, Class::Control]);
    prop_oneof![
        8 => (1..60_u8, class).prop_map(|(times, class)| Step::Say { times, class }),
        3 => Just(Step::Join),
        2 => (0..6_usize).prop_map(Step::Leave),
        6 => (0..6_usize).prop_map(Step::Read),
        1 => (0..6_usize).prop_map(Step::Resync),
        1 => any::<bool>().prop_map(Step::Lease),
        2 => (0..40_000_u64).prop_map(Step::Wait),
        1 => Just(Step::Close),
    ]
}

/// What a window makes of its feed: the last number it holds, and whether it was told of an end.
struct Window {
    feed: FeedId,
    last: u64,
    ended: bool,
}

impl Window {
    fn opened(opening: &Opening<Fake>) -> Self {
        Self { feed: opening.feed, last: opening.last_seq.map_or(0, EventSeq::get), ended: false }
    }

    fn read(&mut self, feeds: &mut Feeds<Fake>) {
        while let Some(item) = feeds.poll(self.feed) {
            assert!(!self.ended, "something came after the end");
            match item {
                Item::Event(event) => {
                    assert_eq!(event.seq, self.last + 1, "a gap, or a repeat");
                    self.last = event.seq;
                }
                Item::Heartbeat { last_seq } => {
                    assert!(
                        last_seq.map_or(0, EventSeq::get) <= self.last,
                        "it speaks of an event not given"
                    );
                }
                Item::Dropped { last_seq } | Item::Closed { last_seq } => {
                    assert_eq!(last_seq.map_or(0, EventSeq::get), self.last);
                    self.ended = true;
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn l12_l20_every_window_sees_all_without_a_gap_or_is_told(steps in prop::collection::vec(any_step(), 1..60)) {
        let of = session(1);
        let mut feeds: Feeds<Fake> = Feeds::default();
        feeds.open(of, Begun::InWindow, T0).unwrap();
        let mut now = T0;
        let mut windows: BTreeMap<usize, Window> = BTreeMap::new();
        let (mut said, mut joined, mut leased, mut closed) = (0_u64, 0_usize, false, false);
        for step in steps {
            match step {
                Step::Say { times, class } if !closed => for _ in 0..times {
                    said += 1;
                    feeds.publish(of, &Fake { class, ..words(said) }, now).unwrap();
                },
                Step::Join if !closed => {
                    let opening = feeds.subscribe(Some(of), None, now).unwrap();
                    prop_assert_eq!(opening.last_seq.map_or(0, EventSeq::get), said);
                    prop_assert!(opening.replay.len() <= 50);
                    windows.insert(joined, Window::opened(&opening));
                    joined += 1;
                }
                Step::Leave(which) => if let Some(window) = windows.remove(&which) {
                    feeds.unsubscribe(window.feed, now);
                    prop_assert_eq!(feeds.poll(window.feed), None);
                },
                Step::Read(which) => if let Some(window) = windows.get_mut(&which) {
                    window.read(&mut feeds);
                },
                Step::Resync(which) => if let Some(window) = windows.get_mut(&which) {
                    match feeds.resync(window.feed, EventSeq::new(window.last), now) {
                        Ok(opening) => *window = Window::opened(&opening),
                        Err(why) => prop_assert_eq!(why, FeedError::NoFeed(window.feed)),
                    }
                },
                Step::Lease(held) if !closed => {
                    feeds.lease(of, Lease::Hold, held, now).unwrap();
                    leased = held;
                }
                Step::Wait(span) => {
                    now = now + Millis(span);
                    feeds.handle_timeout(now);
                    prop_assert!(feeds.poll_timeout().is_none_or(|next| next > now));
                }
                Step::Close => {
                    feeds.close(of, now);
                    closed = true;
                }
                Step::Say { .. } | Step::Join | Step::Lease(_) => {}
            }
            let presence = feeds.presence(of).unwrap();
            prop_assert_eq!(presence.count() == 0, presence.alone_since().is_some());
            prop_assert!(presence.count() <= windows.len() + usize::from(leased));
        }
        for window in windows.values_mut() {
            window.read(&mut feeds);
            prop_assert!(window.ended || window.last == said, "neither all nor told");
            prop_assert!(window.ended || !closed);
        }
    }
}
