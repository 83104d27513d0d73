//! Subscribers, replay, heartbeat, leases and the reaper.

use super::*;
use crate::{limits, time::Wall};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fake {
    pub(super) class: Class,
    pub(super) seq: u64,
    pub(super) confidence: Option<f32>,
}

impl FeedEvent for Fake {
    fn class(&self) -> Class {
        self.class
    }

    fn seq(&self) -> Option<EventSeq> {
        EventSeq::new(self.seq)
    }

    fn confidence(&self) -> Option<f32> {
        self.confidence
    }
}

pub(super) const T0: Tick = Tick(0);

pub(super) fn session(number: u8) -> SessionId {
    SessionId::mint(Wall(0), [number; 10])
}

pub(super) fn words(seq: u64) -> Fake {
    Fake { class: Class::Transcript, seq, confidence: None }
}

fn seq(number: u64) -> Option<EventSeq> {
    EventSeq::new(number)
}

fn opened(begun: Begun) -> Feeds<Fake> {
    let mut feeds = Feeds::default();
    feeds.open(session(1), begun, T0).unwrap();
    feeds
}

fn say(feeds: &mut Feeds<Fake>, events: impl IntoIterator<Item = u64>) {
    for number in events {
        feeds.publish(session(1), &words(number), T0).unwrap();
    }
}

fn join(feeds: &mut Feeds<Fake>, now: u64) -> FeedId {
    feeds.subscribe(Some(session(1)), None, Tick(now)).unwrap().feed
}

fn read(feeds: &mut Feeds<Fake>, feed: FeedId) -> Vec<Item<Fake>> {
    std::iter::from_fn(|| feeds.poll(feed)).collect()
}

fn alone_since(feeds: &Feeds<Fake>) -> Option<Tick> {
    feeds.presence(session(1)).unwrap().alone_since()
}

fn reap(feeds: &Feeds<Fake>, now: u64) -> Vec<SessionId> {
    feeds.reap_once(limits::REAPER_TTL, |_| true, Tick(now))
}

#[test]
fn l6_only_the_last_fifty_transcript_events_are_kept() {
    let mut feeds = opened(Begun::InWindow);
    say(&mut feeds, 1..=51);
    for class in [Class::Interim, Class::Control, Class::EngineStatus] {
        feeds.publish(session(1), &Fake { class, ..words(52) }, T0).unwrap();
    }
    let opening = feeds.subscribe(Some(session(1)), None, T0).unwrap();
    let kept: Vec<u64> = opening.replay.iter().map(|event| event.seq).collect();
    assert_eq!(kept, (2..=51).collect::<Vec<_>>());
    assert!(!opening.complete, "the first has gone");
    assert_eq!(opening.last_seq, seq(52));
}

#[test]
fn l7_history_is_filtered_then_limited_and_in_order() {
    let mut feeds = opened(Begun::InWindow);
    for (number, confidence) in [(1, Some(0.9)), (2, Some(0.2)), (3, None), (4, Some(0.5)), (5, Some(0.8))] {
        feeds.publish(session(1), &Fake { confidence, ..words(number) }, T0).unwrap();
    }
    let find = |min_confidence, limit| {
        let found = feeds.history(session(1), Query { min_confidence, limit }).unwrap();
        found.iter().map(|event| event.seq).collect::<Vec<_>>()
    };
    assert_eq!(find(0.5, 50), [1, 4, 5]);
    assert_eq!(find(0.5, 2), [4, 5]);
    assert_eq!(find(0.0, 50), [1, 2, 3, 4, 5]);
    assert_eq!(Query::default(), Query { min_confidence: 0.0, limit: 50 });
    assert_eq!(feeds.history(session(9), Query::default()), Err(FeedError::NoSession(session(9))));
}

#[test]
fn l9_l12_tl12_the_hundred_and_first_event_drops_a_slow_window_and_tells_it() {
    let mut feeds = opened(Begun::InWindow);
    let (slow, quick) = (join(&mut feeds, 0), join(&mut feeds, 0));
    let mut quick_saw = Vec::new();
    for number in 1..=101 {
        say(&mut feeds, [number]);
        quick_saw.extend(read(&mut feeds, quick));
    }
    assert_eq!(quick_saw, (1..=101).map(|number| Item::Event(words(number))).collect::<Vec<_>>());
    assert_eq!(feeds.presence(session(1)).unwrap().count(), 1);
    let saw = read(&mut feeds, slow);
    assert_eq!(saw.len(), 101);
    assert_eq!(saw[99], Item::Event(words(100)));
    assert_eq!(saw[100], Item::Dropped { last_seq: seq(100) });
    assert_eq!(feeds.poll(slow), None, "that was its last item");
    assert_eq!(feeds.resync(slow, None, T0), Err(FeedError::NoFeed(slow)));
    let again = feeds.subscribe(Some(session(1)), None, T0).unwrap();
    assert_eq!(again.replay, (52..=101).map(words).collect::<Vec<_>>());
    let on = feeds.subscribe(Some(session(1)), seq(100), T0).unwrap();
    assert_eq!((on.replay, on.complete), (vec![words(101)], true));
}

#[test]
fn l12_dropping_the_last_window_starts_the_idle_clock() {
    let mut feeds = opened(Begun::InWindow);
    join(&mut feeds, 0);
    say(&mut feeds, 1..=100);
    assert_eq!(alone_since(&feeds), None);
    feeds.publish(session(1), &words(101), Tick(700)).unwrap();
    assert_eq!(alone_since(&feeds), Some(Tick(700)));
    feeds.publish(session(1), &words(102), Tick(900)).unwrap();
    assert_eq!(alone_since(&feeds), Some(Tick(700)), "it left once");
}

#[test]
fn l11_nobody_has_left_at_the_start() {
    assert_eq!(alone_since(&opened(Begun::ByHand)), None);
}

#[test]
fn l11_the_clock_is_set_when_the_last_one_leaves() {
    let mut feeds = opened(Begun::InWindow);
    let (one, two) = (join(&mut feeds, 1), join(&mut feeds, 2));
    feeds.unsubscribe(one, Tick(3));
    assert_eq!(alone_since(&feeds), None);
    feeds.unsubscribe(two, Tick(4));
    assert_eq!(alone_since(&feeds), Some(Tick(4)));
}

#[test]
fn l11_l9_the_clock_is_cleared_when_someone_comes_back() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 1);
    feeds.unsubscribe(feed, Tick(4));
    join(&mut feeds, 5);
    assert_eq!(alone_since(&feeds), None);
}

#[test]
fn l9_subscribers_are_counted() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 0);
    join(&mut feeds, 0);
    let count = |feeds: &Feeds<Fake>| feeds.presence(session(1)).unwrap().count();
    assert_eq!(count(&feeds), 2);
    feeds.unsubscribe(feed, T0);
    assert_eq!(count(&feeds), 1);
}

#[test]
fn l10_leaving_twice_does_not_move_the_clock() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 0);
    feeds.unsubscribe(feed, Tick(10));
    feeds.unsubscribe(feed, Tick(20));
    feeds.unsubscribe(FeedId::FIRST.next().next(), Tick(30));
    feeds.lease(session(1), Lease::Hold, false, Tick(40)).unwrap();
    assert_eq!(alone_since(&feeds), Some(Tick(10)));
}

#[test]
fn l14_ninety_seconds_is_not_longer_than_ninety_seconds() {
    let feeds = opened(Begun::InWindow);
    assert_eq!(reap(&feeds, 90_000), []);
    assert_eq!(reap(&feeds, 90_001), [session(1)]);
}

#[test]
fn l15_a_window_that_never_came_has_its_time_from_the_start() {
    assert_eq!(alone_since(&opened(Begun::InWindow)), Some(T0));
    assert_eq!(reap(&opened(Begun::InWindow), 135_000), [session(1)]);
}

#[test]
fn l16_l17_the_reaper_looks_every_half_time_to_live_within_bounds() {
    for (ttl, period) in [(90, 45_000), (10, 15_000), (600, 60_000)] {
        let mut reaper = Reaper::new(Millis::seconds(ttl));
        assert_eq!(reaper.poll_timeout(), None);
        reaper.start(T0);
        reaper.start(Tick(5));
        assert_eq!(reaper.poll_timeout(), Some(Tick(period)), "a second start changes nothing");
        assert!(!reaper.handle_timeout(Tick(period - 1)));
        assert!(reaper.handle_timeout(Tick(period)));
        assert_eq!(reaper.poll_timeout(), Some(Tick(period * 2)));
        reaper.stop();
        reaper.stop();
        assert!(!reaper.handle_timeout(Tick(period * 9)));
    }
    assert_eq!(Reaper::default().ttl(), limits::REAPER_TTL);
}

/// The passes of a reaper over a recording, and the one at which it was ended.
fn expired(feeds: &mut Feeds<Fake>, until: u64, mut at: impl FnMut(&mut Feeds<Fake>, Tick)) -> Option<Tick> {
    let mut reaper = Reaper::default();
    reaper.start(T0);
    while let Some(now) = reaper.poll_timeout().filter(|now| now.0 <= until) {
        at(feeds, now);
        if reaper.handle_timeout(now) && !feeds.reap_once(reaper.ttl(), |_| true, now).is_empty() {
            return Some(now);
        }
    }
    None
}

#[test]
fn l18_tl11_an_abandoned_recording_of_a_window_ends_at_the_third_pass() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 0);
    feeds.unsubscribe(feed, T0);
    assert_eq!(expired(&mut feeds, 600_000, |_, _| {}), Some(Tick(135_000)));
}

#[test]
fn l18_tl11_one_whose_window_comes_back_never_ends() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 0);
    feeds.unsubscribe(feed, T0);
    let back = |feeds: &mut Feeds<Fake>, now: Tick| {
        if now == Tick(90_000) {
            join(feeds, 80_000);
        }
    };
    assert_eq!(expired(&mut feeds, 600_000, back), None);
}

#[test]
fn l18_tl11_one_begun_by_hotkey_never_ends_however_long_no_window_is_there() {
    let mut feeds = opened(Begun::ByHand);
    assert_eq!(expired(&mut feeds, 600_000, |_, _| {}), None);
    feeds.lease(session(1), Lease::Capture, false, Tick(600_000)).unwrap();
    assert_eq!(alone_since(&feeds), Some(Tick(600_000)));
}

#[test]
fn l18_a_held_key_keeps_a_windows_recording_alive() {
    let mut feeds = opened(Begun::InWindow);
    feeds.lease(session(1), Lease::Hold, true, T0).unwrap();
    feeds.lease(session(1), Lease::Hold, true, T0).unwrap();
    assert_eq!(reap(&feeds, 900_000), []);
    feeds.lease(session(1), Lease::Hold, false, Tick(900_000)).unwrap();
    assert_eq!(reap(&feeds, 990_001), [session(1)]);
}

#[test]
fn l19_the_reaper_spares_who_is_listened_to_starts_or_has_stopped() {
    let mut feeds = opened(Begun::InWindow);
    assert_eq!(feeds.reap_once(limits::REAPER_TTL, |_| false, Tick(900_000)), [], "not running");
    let feed = join(&mut feeds, 0);
    assert_eq!(reap(&feeds, 900_000), [], "listened to");
    feeds.unsubscribe(feed, Tick(900_000));
    assert_eq!(reap(&feeds, 990_000), [], "within its time");
    feeds.close(session(1), Tick(990_000));
    assert_eq!(reap(&feeds, 9_000_000), [], "closed");
}

#[test]
fn l20_a_silent_feed_says_every_fifteen_seconds_that_it_lives() {
    let mut feeds = opened(Begun::InWindow);
    say(&mut feeds, 1..=3);
    let feed = join(&mut feeds, 1_000);
    assert_eq!(feeds.poll_timeout(), Some(Tick(16_000)));
    feeds.handle_timeout(Tick(15_999));
    assert_eq!(feeds.poll(feed), None);
    for now in [16_000, 31_000] {
        feeds.handle_timeout(Tick(now));
        assert_eq!(read(&mut feeds, feed), [Item::Heartbeat { last_seq: seq(3) }]);
    }
    feeds.publish(session(1), &words(4), Tick(40_000)).unwrap();
    feeds.handle_timeout(Tick(46_000));
    assert_eq!(read(&mut feeds, feed), [Item::Event(words(4))], "it was not silent");
    assert_eq!(feeds.poll_timeout(), Some(Tick(55_000)));
}

#[test]
fn l20_a_window_that_does_not_read_is_not_buried_in_signs_of_life() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 0);
    say(&mut feeds, [1]);
    for beat in 1..200 {
        feeds.handle_timeout(Tick(beat * 15_000));
    }
    assert_eq!(read(&mut feeds, feed), [Item::Event(words(1))]);
}

#[test]
fn l20_a_feed_ends_with_its_session_after_what_waits() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 0);
    say(&mut feeds, [1]);
    feeds.close(session(1), T0);
    feeds.close(session(1), T0);
    assert_eq!(feeds.publish(session(1), &words(2), T0), Err(FeedError::NoSession(session(1))));
    assert_eq!(read(&mut feeds, feed), [Item::Event(words(1)), Item::Closed { last_seq: seq(1) }]);
    assert_eq!(feeds.history(session(1), Query::default()).map(|found| found.len()), Ok(1));
    assert_eq!(feeds.poll_timeout(), None);
}

#[test]
fn l20_l23_an_unknown_session_or_feed_is_an_error_and_a_forgotten_one_leaves_nothing() {
    let mut feeds = opened(Begun::InWindow);
    let unknown = FeedError::NoSession(session(2));
    assert_eq!(feeds.subscribe(Some(session(2)), None, T0), Err(unknown));
    assert_eq!(feeds.publish(session(2), &words(1), T0), Err(unknown));
    assert_eq!(feeds.lease(session(2), Lease::Hold, true, T0), Err(unknown));
    assert_eq!(feeds.open(session(1), Begun::ByHand, T0), Err(FeedError::SessionExists(session(1))));
    join(&mut feeds, 0);
    feeds.close(session(1), T0);
    feeds.forget(session(1));
    assert!(feeds.sessions.is_empty() && feeds.subscribers.is_empty());
}

#[test]
fn l23_tl16_a_page_that_comes_back_goes_on_from_what_it_saw() {
    let mut feeds = opened(Begun::ByHand);
    let feed = join(&mut feeds, 0);
    say(&mut feeds, 1..=10);
    feeds.unsubscribe(feed, T0);
    say(&mut feeds, 11..=12);
    let opening = feeds.subscribe(Some(session(1)), seq(10), T0).unwrap();
    assert_eq!(opening.replay, [words(11), words(12)]);
    assert_eq!((opening.complete, opening.last_seq), (true, seq(12)));
    say(&mut feeds, [13]);
    assert_eq!(read(&mut feeds, opening.feed), [Item::Event(words(13))]);
}

#[test]
fn l20_a_resync_replaces_what_waits() {
    let mut feeds = opened(Begun::InWindow);
    let feed = join(&mut feeds, 0);
    say(&mut feeds, 1..=5);
    let opening = feeds.resync(feed, seq(3), T0).unwrap();
    assert_eq!((opening.feed, opening.replay, opening.last_seq), (feed, vec![words(4), words(5)], seq(5)));
    say(&mut feeds, [6]);
    assert_eq!(read(&mut feeds, feed), [Item::Event(words(6))]);
}

#[test]
fn l30_the_engines_last_status_is_told_to_everyone_who_comes() {
    let mut feeds = opened(Begun::InWindow);
    let early = join(&mut feeds, 0);
    let app = feeds.subscribe(None, None, T0).unwrap().feed;
    let status = |confidence| Fake { class: Class::EngineStatus, seq: 0, confidence };
    feeds.announce(&status(Some(0.1)), T0);
    feeds.announce(&status(Some(1.0)), T0);
    assert_eq!(read(&mut feeds, early).len(), 2);
    assert_eq!(read(&mut feeds, app).len(), 2);
    for of in [None, Some(session(1))] {
        assert_eq!(feeds.subscribe(of, None, T0).unwrap().engine_status, Some(status(Some(1.0))));
    }
}

#[test]
fn l22_a_window_of_the_app_hears_no_session_and_keeps_none_alive() {
    let mut feeds = opened(Begun::InWindow);
    let app = feeds.subscribe(None, None, T0).unwrap().feed;
    say(&mut feeds, [1]);
    assert_eq!(read(&mut feeds, app), []);
    assert_eq!(alone_since(&feeds), Some(T0));
}
