use super::*;
use crate::limits::{LEVEL_FRAMES, SCREEN_FRAMES};

/// Levels on a made-up microphone.
const MIC: &str = "mic";
const OTHER: &str = "other mic";
const STEP: u64 = LEVEL_FRAMES.interval.0;

fn started() -> FrameRing<Vec<u8>> {
    let mut ring = FrameRing::new(LEVEL_FRAMES);
    ring.start(MIC, Tick(0));
    ring
}

fn data(ring: &FrameRing<Vec<u8>>, now: u64) -> Vec<u8> {
    ring.recent(Tick(now), LEVEL_FRAMES.lifetime).into_iter().flat_map(|frame| frame.data).collect()
}

#[test]
fn c19_a_frame_knows_its_number_source_and_time() {
    let mut ring = started();
    let seq = ring.push(MIC, vec![1], Tick(7)).unwrap();
    assert_eq!(seq, FrameSeq::FIRST);
    let frame = ring.latest(Tick(7), Millis(1)).unwrap();
    assert_eq!(frame, Frame { frame_seq: seq, source: MIC.to_owned(), received_at: Tick(7), data: vec![1] });
    assert_eq!(ring.push(MIC, vec![2], Tick(7 + STEP)), Ok(seq.next()));
}

#[test]
fn c19_a_level_crosses_to_the_page_and_back() {
    let level = Level { rms: 0.25, peak: 0.5, bands: [0.125; LEVEL_BANDS] };
    let text = serde_json::to_string(&level).unwrap();
    assert_eq!(serde_json::from_str::<Level>(&text).unwrap(), level);
}

#[test]
fn c20_starting_another_source_clears_frames_and_clock_and_the_same_keeps_them() {
    let mut ring = started();
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    ring.start(MIC, Tick(1));
    assert_eq!(data(&ring, 1), [1]);
    assert_eq!(ring.push(MIC, vec![2], Tick(2)), Err(Rejected::TooSoon), "the clock goes on");
    ring.start(OTHER, Tick(3));
    assert!(data(&ring, 3).is_empty());
    ring.push(OTHER, vec![3], Tick(3)).expect("the clock began anew");
}

#[test]
fn c21_stop_clears_for_the_active_source_or_none_named_but_not_for_another() {
    for source in [None, Some(MIC)] {
        let mut ring = started();
        ring.push(MIC, vec![1], Tick(0)).unwrap();
        ring.stop(source, Tick(1));
        assert!(data(&ring, 1).is_empty(), "{source:?}");
    }
    let mut ring = started();
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    ring.stop(Some(OTHER), Tick(1));
    assert_eq!(data(&ring, 1), [1]);
    ring.push(MIC, vec![2], Tick(STEP)).expect("it was not stopped");
}

#[test]
fn c21_a_frame_after_stop_is_refused_until_the_next_start() {
    let mut ring = FrameRing::new(LEVEL_FRAMES);
    assert_eq!(ring.push(MIC, vec![0], Tick(0)), Err(Rejected::Stopped), "never started");
    ring.start(MIC, Tick(0));
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    ring.stop(None, Tick(1));
    assert_eq!(ring.push(MIC, vec![2], Tick(1_000)), Err(Rejected::Stopped));
    assert!(data(&ring, 1_000).is_empty());
    ring.start(MIC, Tick(1_001));
    ring.push(MIC, vec![3], Tick(1_001)).unwrap();
    assert_eq!(data(&ring, 1_001), [3]);
}

#[test]
fn c22_a_frame_inside_the_interval_is_refused_and_leaves_no_trace() {
    let mut ring = started();
    let watcher = ring.subscribe();
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    ring.next(watcher);
    assert_eq!(ring.push(MIC, vec![2], Tick(STEP - 1)), Err(Rejected::TooSoon));
    assert_eq!(data(&ring, STEP), [1]);
    assert_eq!(ring.next(watcher), Next::Nothing);
    assert_eq!(ring.last_active(), Some(Tick(0)));
    ring.push(MIC, vec![3], Tick(STEP)).expect("exactly the interval is enough");
}

#[test]
fn c22_the_interval_is_judged_before_a_change_of_source() {
    let mut ring = started();
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    assert_eq!(ring.push(OTHER, vec![2], Tick(STEP - 1)), Err(Rejected::TooSoon));
    assert_eq!(data(&ring, STEP), [1], "the old source's frames are still there");
    ring.push(OTHER, vec![3], Tick(STEP)).unwrap();
    assert_eq!(data(&ring, STEP), [3], "an accepted one drops them");
}

#[test]
fn c22_only_the_newest_are_kept_and_at_least_one() {
    let mut screens = FrameRing::new(SCREEN_FRAMES);
    screens.start("screen", Tick(0));
    for number in 0..4_u64 {
        screens.push("screen", number, Tick(number * SCREEN_FRAMES.interval.0)).unwrap();
    }
    let kept: Vec<_> =
        screens.recent(Tick(3_000), SCREEN_FRAMES.lifetime).into_iter().map(|f| f.data).collect();
    assert_eq!(kept, [2, 3]);

    let mut single = FrameRing::new(FrameLimits { interval: Millis(0), kept: 0, lifetime: Millis(1) });
    single.start(MIC, Tick(0));
    single.push(MIC, 1, Tick(0)).unwrap();
    single.push(MIC, 2, Tick(0)).expect("no interval, no waiting");
    assert_eq!(single.recent(Tick(0), Millis(1)).len(), 1);
    assert_eq!(single.latest(Tick(0), Millis(1)).unwrap().data, 2);
}

#[test]
fn c22_the_numbers_of_the_meter_and_the_screenshots() {
    let level = FrameLimits { interval: Millis(33), kept: 90, lifetime: Millis(3_000) };
    let screen = FrameLimits { interval: Millis(1_000), kept: 2, lifetime: Millis(10_000) };
    assert_eq!((LEVEL_FRAMES, SCREEN_FRAMES), (level, screen));
}

#[test]
fn c23_a_slow_subscriber_gets_the_newest_and_the_others_get_each() {
    let mut ring = started();
    let (quick, slow) = (ring.subscribe(), ring.subscribe());
    for number in 0..3_u8 {
        ring.push(MIC, vec![number], Tick(u64::from(number) * STEP)).unwrap();
        assert!(matches!(ring.next(quick), Next::Frame(frame) if frame.data == [number]));
    }
    assert!(matches!(ring.next(slow), Next::Frame(frame) if frame.data == [2]));
    assert_eq!(ring.next(slow), Next::Nothing);
}

#[test]
fn c23_a_subscriber_sees_nothing_from_before() {
    let mut ring = started();
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    let late = ring.subscribe();
    assert_eq!(ring.next(late), Next::Nothing);
}

#[test]
fn c23_unsubscribing_twice_does_no_harm_and_leaves_the_others() {
    let mut ring = started();
    let (leaves, stays) = (ring.subscribe(), ring.subscribe());
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    ring.unsubscribe(leaves);
    ring.unsubscribe(leaves);
    assert_eq!(ring.next(leaves), Next::Closed);
    assert_eq!(ring.subscriber_count(), 1);
    assert!(matches!(ring.next(stays), Next::Frame(_)));
    assert_ne!(ring.subscribe(), leaves, "no number is used twice");
}

#[test]
fn c23_the_end_of_the_session_closes_each_subscription_after_its_last_frame() {
    let mut ring = started();
    let watcher = ring.subscribe();
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    ring.close();
    assert!(matches!(ring.next(watcher), Next::Frame(_)));
    assert_eq!(ring.next(watcher), Next::Closed);
    assert_eq!(ring.subscriber_count(), 0, "nothing leaks");
    let late = ring.subscribe();
    assert_eq!(ring.next(late), Next::Closed);
    ring.start(MIC, Tick(1));
    assert_eq!(ring.push(MIC, vec![2], Tick(100)), Err(Rejected::Closed));
    assert!(data(&ring, 100).is_empty());
}

#[test]
fn c24_the_latest_counts_up_to_and_including_its_lifetime() {
    let mut ring = started();
    assert_eq!(ring.latest(Tick(0), LEVEL_FRAMES.lifetime), None);
    ring.push(MIC, vec![1], Tick(100)).unwrap();
    let lifetime = LEVEL_FRAMES.lifetime;
    assert!(ring.latest(Tick(100) + lifetime, lifetime).is_some());
    assert_eq!(ring.latest(Tick(101) + lifetime, lifetime), None);
    assert_eq!(ring.latest(Tick(100), Millis(0)), None);
    assert!(ring.latest(Tick(100), lifetime).is_some(), "looking evicts nothing");
}

#[test]
fn c23_c24_c34_everyone_gets_a_copy_of_their_own() {
    let mut ring = started();
    let (one, two) = (ring.subscribe(), ring.subscribe());
    ring.push(MIC, vec![1], Tick(0)).unwrap();
    let Next::Frame(mut first) = ring.next(one) else { panic!("there is a frame") };
    first.data[0] = 99;
    let mut latest = ring.latest(Tick(0), Millis(1)).unwrap();
    latest.data[0] = 99;
    assert!(matches!(ring.next(two), Next::Frame(frame) if frame.data == [1]));
    assert_eq!(data(&ring, 0), [1]);
}

#[test]
fn c6_starts_stops_and_accepted_frames_are_signs_of_life() {
    let mut ring: FrameRing<u8> = FrameRing::new(LEVEL_FRAMES);
    assert_eq!(ring.last_active(), None);
    ring.start(MIC, Tick(1));
    assert_eq!(ring.last_active(), Some(Tick(1)));
    ring.push(MIC, 1, Tick(2)).unwrap();
    assert_eq!(ring.last_active(), Some(Tick(2)));
    assert!(ring.push(MIC, 1, Tick(3)).is_err());
    assert_eq!(ring.last_active(), Some(Tick(2)));
    ring.stop(Some(OTHER), Tick(4));
    assert_eq!(ring.last_active(), Some(Tick(4)));
}
