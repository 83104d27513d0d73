//! Fingers and keyboards: no session says anything here.

use super::*;
use crate::{
    limits::{DOUBLE_TAP, KEY_PROBE, KEY_REPEAT_GAP, STUCK_KEY},
    vocabulary::Trigger::{Hold, Toggle},
};

#[test]
fn t12_the_microphone_opens_at_key_down_and_a_long_press_is_a_hold() {
    for mode in [PressMode::Hold, PressMode::Hybrid] {
        let mut m = machine(mode);
        expect(&mut m, 1_000, In::Pressed, &[PREPARE]);
        assert_eq!(m.poll_timeout(), Some(Tick(1_000) + HOLD_THRESHOLD));
        silence(&mut m, 1_000 + THRESHOLD - 1, &[]);
        silence(&mut m, 1_000 + THRESHOLD, &[Begin(Hold)]);
        assert!(m.is_recording());
        expect(&mut m, 3_000, In::Released, &[Stop]);
        assert!(!m.is_recording());
    }
}

#[test]
fn t12_hold_threshold_counts_even_if_the_timer_was_late() {
    let mut m = machine(PressMode::Hybrid);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, 500, In::Released, &[Begin(Hold), Stop]);
}

#[test]
fn t12_in_hold_mode_a_short_press_is_nothing() {
    let mut m = machine(PressMode::Hold);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, THRESHOLD - 1, In::Released, &[DISCARD]);
    assert_eq!(m.poll_timeout(), None);
    assert!(!m.is_busy());
}

#[test]
fn t12_in_hybrid_mode_a_short_press_toggles() {
    let mut m = machine(PressMode::Hybrid);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, THRESHOLD - 1, In::Released, &[Begin(Toggle)]);
    expect(&mut m, 5_000, In::Pressed, &[Stop]);
    expect(&mut m, 5_050, In::Released, &[]);
}

#[test]
fn t12_in_toggle_mode_the_press_starts_the_next_stops_and_key_ups_are_consumed() {
    let mut m = machine(PressMode::Toggle);
    expect(&mut m, 0, In::Pressed, &[Begin(Toggle)]);
    expect(&mut m, 900, In::Released, &[]);
    assert_eq!(m.poll_timeout(), None, "a toggled recording has no timer here");
    expect(&mut m, 5_000, In::Pressed, &[Stop]);
    expect(&mut m, 5_900, In::Released, &[]);
    expect(&mut m, 6_000, In::Pressed, &[Begin(Toggle)]);
}

#[test]
fn t12_two_taps_in_time_start_and_one_press_stops() {
    let mut m = machine(PressMode::DoubleTap);
    expect(&mut m, 0, In::Pressed, &[]);
    expect(&mut m, 60, In::Released, &[]);
    expect(&mut m, DOUBLE_TAP.0 - 1, In::Pressed, &[Begin(Toggle)]);
    expect(&mut m, DOUBLE_TAP.0 + 50, In::Released, &[]);
    expect(&mut m, 4_000, In::Pressed, &[Stop]);
}

#[test]
fn t12_taps_too_far_apart_or_too_long_are_no_double_tap() {
    let mut m = machine(PressMode::DoubleTap);
    expect(&mut m, 0, In::Pressed, &[]);
    expect(&mut m, 60, In::Released, &[]);
    expect(&mut m, DOUBLE_TAP.0, In::Pressed, &[]);
    expect(&mut m, DOUBLE_TAP.0 + THRESHOLD, In::Released, &[]);
    expect(&mut m, DOUBLE_TAP.0 + THRESHOLD + 20, In::Pressed, &[]);
    assert!(!m.is_recording());
}

#[test]
fn t12_a_bare_modifier_can_be_double_tapped_faster_than_it_bounces() {
    let mut m = modifier(PressMode::DoubleTap);
    expect(&mut m, 0, In::Pressed, &[]);
    expect(&mut m, 60, In::Released, &[]);
    expect(&mut m, 160, In::Pressed, &[Begin(Toggle)]);
    expect(&mut m, 220, In::Released, &[]);
    expect(&mut m, 230, In::Pressed, &[]);
    assert!(m.is_recording(), "the bounce after the second tap stops nothing");
}

#[test]
fn t12_auto_repeat_is_ignored_in_every_mode() {
    for mode in [PressMode::Hold, PressMode::Toggle, PressMode::Hybrid, PressMode::DoubleTap] {
        let mut m = machine(mode);
        let first = m.handle(In::Pressed, Tick(0));
        let mut all = first;
        for repeat in 0..100 {
            all.extend(m.handle(In::Pressed, Tick(500 + 33 * repeat)));
        }
        assert!(!all.contains(&Stop), "{mode:?}: {all:?}");
        assert!(all.iter().filter(|gesture| matches!(gesture, Begin(_))).count() <= 1, "{mode:?}: {all:?}");
    }
}

#[test]
fn t12_a_key_still_held_after_a_cancel_does_not_begin_again_by_repeating() {
    let mut m = machine(PressMode::Toggle);
    expect(&mut m, 0, In::Pressed, &[Begin(Toggle)]);
    expect(&mut m, 400, In::Cancel, &[Cancel]);
    for repeat in 0..50 {
        expect(&mut m, 500 + 33 * repeat, In::Pressed, &[]);
    }
    expect(&mut m, 2_200, In::Released, &[]);
    expect(&mut m, 2_300, In::Pressed, &[Begin(Toggle)]);
}

#[test]
fn t12_a_second_release_means_nothing() {
    let mut m = machine(PressMode::Hold);
    expect(&mut m, 0, In::Released, &[]);
    expect(&mut m, 10, In::Pressed, &[PREPARE]);
    silence(&mut m, 10 + THRESHOLD, &[Begin(Hold)]);
    expect(&mut m, 900, In::Released, &[Stop]);
    expect(&mut m, 901, In::Released, &[]);
    expect(&mut m, 902, In::Released, &[]);
}

#[test]
fn t12_a_lost_release_ends_at_the_watchdog() {
    let mut m = machine(PressMode::Hold);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    silence(&mut m, THRESHOLD, &[Begin(Hold)]);
    assert_eq!(m.poll_timeout(), Some(Tick(0) + STUCK_KEY));
    silence(&mut m, STUCK_KEY.0 - 1, &[]);
    silence(&mut m, STUCK_KEY.0, &[Stop]);
    expect(&mut m, STUCK_KEY.0 + 1, In::Pressed, &[PREPARE]);
}

#[test]
fn t12_a_lost_release_is_found_by_looking_at_the_key() {
    let reports = KeyReports::ReleasesAndState;
    let mut m = Gestures::new(Binding { mode: PressMode::Hybrid, kind: KeyKind::Chord, reports });
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    silence(&mut m, THRESHOLD, &[Begin(Hold)]);
    let first = THRESHOLD + KEY_PROBE.0;
    assert_eq!(m.poll_timeout(), Some(Tick(first)));
    silence(&mut m, first, &[Probe]);
    expect(&mut m, first + 1, In::Physical(true), &[]);
    silence(&mut m, first + KEY_PROBE.0, &[Probe]);
    expect(&mut m, first + KEY_PROBE.0 + 1, In::Physical(false), &[Stop]);
}

#[test]
fn t12_a_key_seen_down_is_alive_beyond_the_watchdog() {
    let reports = KeyReports::ReleasesAndState;
    let mut m = Gestures::new(Binding { mode: PressMode::Hold, kind: KeyKind::Chord, reports });
    m.handle(In::Pressed, Tick(0));
    m.handle_timeout(Tick(THRESHOLD));
    expect(&mut m, STUCK_KEY.0 - 1, In::Physical(true), &[Probe]);
    let later = m.handle_timeout(Tick(STUCK_KEY.0 + 5));
    assert!(!later.contains(&Stop), "{later:?}");
    assert!(m.is_recording());
}

#[test]
fn t12_after_a_lost_release_the_next_press_stops() {
    let mut m = machine(PressMode::Hold);
    m.handle(In::Pressed, Tick(0));
    m.handle_timeout(Tick(THRESHOLD));
    let again = THRESHOLD + KEY_REPEAT_GAP.0;
    expect(&mut m, again, In::Pressed, &[Stop]);
    expect(&mut m, again + 50, In::Released, &[]);
    expect(&mut m, again + 100, In::Pressed, &[PREPARE]);
}

#[test]
fn t12_a_bouncing_modifier_was_never_released() {
    let mut m = modifier(PressMode::Hold);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    silence(&mut m, THRESHOLD, &[Begin(Hold)]);
    expect(&mut m, 1_000, In::Released, &[]);
    assert_eq!(m.poll_timeout(), Some(Tick(1_000) + MODIFIER_DEBOUNCE));
    expect(&mut m, 1_000 + DEBOUNCE - 1, In::Pressed, &[]);
    expect(&mut m, 2_000, In::Released, &[]);
    silence(&mut m, 2_000 + DEBOUNCE - 1, &[]);
    silence(&mut m, 2_000 + DEBOUNCE, &[Stop]);
}

#[test]
fn t12_a_modifier_that_bounces_at_once_is_a_hold_after_all() {
    let mut m = modifier(PressMode::Hybrid);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, 50, In::Released, &[Begin(Toggle)]);
    expect(&mut m, 55, In::Pressed, &[]);
    expect(&mut m, 2_000, In::Released, &[]);
    silence(&mut m, 2_000 + DEBOUNCE, &[Stop]);
}

#[test]
fn t12_a_tap_that_bounces_stays_a_tap() {
    let mut m = modifier(PressMode::Hybrid);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, 50, In::Released, &[Begin(Toggle)]);
    expect(&mut m, 55, In::Pressed, &[]);
    expect(&mut m, 90, In::Released, &[]);
    silence(&mut m, 60_000, &[]);
    assert!(m.is_recording());
    expect(&mut m, 60_000, In::Pressed, &[Stop]);
}

#[test]
fn t12_in_toggle_mode_a_modifier_that_bounces_late_does_not_stop() {
    let mut m = modifier(PressMode::Toggle);
    expect(&mut m, 0, In::Pressed, &[Begin(Toggle)]);
    expect(&mut m, 1_000, In::Released, &[]);
    expect(&mut m, 1_010, In::Pressed, &[]);
    expect(&mut m, 1_020, In::Released, &[]);
    expect(&mut m, 1_020 + DEBOUNCE, In::Pressed, &[Stop]);
}

#[test]
fn t12_a_modifier_with_another_key_is_somebody_elses_shortcut() {
    let mut m = modifier(PressMode::Hybrid);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, 100, In::OtherKey, &[DISCARD]);
    expect(&mut m, 150, In::Released, &[]);
    assert!(!m.is_recording());

    let mut double = modifier(PressMode::DoubleTap);
    expect(&mut double, 0, In::Pressed, &[]);
    expect(&mut double, 40, In::OtherKey, &[]);
    expect(&mut double, 60, In::Released, &[]);
    expect(&mut double, 200, In::Pressed, &[]);
    assert!(!double.is_recording());

    let mut chord = machine(PressMode::Hybrid);
    expect(&mut chord, 0, In::Pressed, &[PREPARE]);
    expect(&mut chord, 100, In::OtherKey, &[]);
    silence(&mut chord, THRESHOLD, &[Begin(Hold)]);
}

#[test]
fn t12_a_chord_whose_modifier_comes_up_first_is_released() {
    let mut m = machine(PressMode::Hold);
    m.handle(In::Pressed, Tick(0));
    m.handle_timeout(Tick(THRESHOLD));
    expect(&mut m, 1_000, In::PartReleased, &[]);
    expect(&mut m, 1_040, In::Released, &[Stop]);

    // The main key stays down for long: the modifier's release is enough.
    m.handle(In::Pressed, Tick(5_000));
    m.handle_timeout(Tick(5_000 + THRESHOLD));
    expect(&mut m, 6_000, In::PartReleased, &[]);
    silence(&mut m, 6_000 + DEBOUNCE, &[Stop]);
    expect(&mut m, 9_000, In::Released, &[]);
}

#[test]
fn t12_where_no_release_is_told_every_mode_toggles() {
    for mode in [PressMode::Hold, PressMode::Toggle, PressMode::Hybrid, PressMode::DoubleTap] {
        let binding = Binding { mode, kind: KeyKind::Chord, reports: KeyReports::Presses };
        assert_eq!(binding.plan(), Plan::ToggleOnly);
        let mut m = Gestures::new(binding);
        expect(&mut m, 0, In::Pressed, &[Begin(Toggle)]);
        assert_eq!(m.poll_timeout(), None);
        expect(&mut m, THRESHOLD - 1, In::Pressed, &[]);
        expect(&mut m, 700, In::Pressed, &[Stop]);
        expect(&mut m, 1_400, In::Pressed, &[Begin(Toggle)]);
    }
    let told = Binding { mode: PressMode::Hold, kind: KeyKind::Chord, reports: KeyReports::Releases };
    assert_eq!(told.plan(), Plan::AsWished(PressMode::Hold));
}
