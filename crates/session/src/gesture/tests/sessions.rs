//! Sessions, menus, other ways to start, and the app's end.

use super::*;
use crate::{
    state::{Cancel as Why, Delivery, Outcome},
    time::Millis,
    vocabulary::Trigger::{Cli, Gui, Hold, Toggle, Tray},
};

/// A machine whose begin with `trigger` was answered and whose key is up again, in `mode`.
fn toggled(mode: PressMode) -> Gestures {
    let mut m = machine(mode);
    m.handle(In::Pressed, Tick(0));
    m.handle(In::Released, Tick(50));
    if mode == PressMode::DoubleTap {
        m.handle(In::Pressed, Tick(100));
        m.handle(In::Released, Tick(150));
    }
    expect(&mut m, 150, In::Begun(token(1)), &[]);
    expect(&mut m, 160, In::Session(token(1), State::Recording), &[]);
    assert!(m.is_recording());
    m
}

/// A machine whose first session is in its tail since 2000.
fn in_tail(mode: PressMode) -> Gestures {
    let mut m = machine(mode);
    m.handle(In::Pressed, Tick(0));
    m.handle_timeout(Tick(THRESHOLD));
    m.handle(In::Begun(token(1)), Tick(THRESHOLD));
    m.handle(In::Session(token(1), State::Recording), Tick(THRESHOLD));
    expect(&mut m, 2_000, In::Released, &[Stop]);
    expect(&mut m, 2_000, In::Session(token(1), State::Tail), &[]);
    m
}

#[test]
fn t12_a_press_in_the_tail_holds_the_tail_until_it_is_decided() {
    let mut m = in_tail(PressMode::Hold);
    expect(&mut m, 2_150, In::Pressed, &[Prepare { interrupts_tail: true }]);
    silence(&mut m, 2_150 + THRESHOLD, &[Begin(Hold)]);
    expect(&mut m, 2_400, In::Begun(token(2)), &[]);
    expect(&mut m, 2_401, In::Session(token(1), State::Recognising), &[]);
    assert!(m.is_recording(), "what becomes of the old session stops nothing");
    expect(&mut m, 4_000, In::Released, &[Stop]);
}

#[test]
fn t12_a_discarded_press_that_held_up_a_tail_ends_the_old_session_at_once() {
    let mut m = in_tail(PressMode::Hold);
    expect(&mut m, 2_150, In::Pressed, &[Prepare { interrupts_tail: true }]);
    expect(&mut m, 2_200, In::Released, &[Discard { ends_tail: true }]);

    let mut m = in_tail(PressMode::Hybrid);
    expect(&mut m, 2_150, In::Pressed, &[Prepare { interrupts_tail: true }]);
    expect(&mut m, 2_200, In::MenuOpened, &[Discard { ends_tail: true }]);
}

#[test]
fn t12_a_tail_that_ended_by_itself_is_not_ended_again() {
    let mut m = in_tail(PressMode::Hold);
    expect(&mut m, 2_150, In::Pressed, &[Prepare { interrupts_tail: true }]);
    expect(&mut m, 2_160, In::Session(token(1), State::Recognising), &[]);
    expect(&mut m, 2_200, In::Released, &[DISCARD]);
}

#[test]
fn t12_a_resumed_tail_is_a_recording_again() {
    let mut m = in_tail(PressMode::Hybrid);
    expect(&mut m, 2_100, In::Pressed, &[Prepare { interrupts_tail: true }]);
    expect(&mut m, 2_150, In::Released, &[Begin(Toggle)]);
    expect(&mut m, 2_151, In::Session(token(1), State::Tail), &[]);
    expect(&mut m, 2_152, In::Begun(token(1)), &[]);
    expect(&mut m, 2_153, In::Session(token(1), State::Recording), &[]);
    assert!(m.is_recording());
    expect(&mut m, 4_000, In::Pressed, &[Stop]);
}

#[test]
fn k30_the_cancel_key_calls_off_what_records_or_is_worked_on() {
    let mut m = toggled(PressMode::Toggle);
    assert!(m.wants_cancel_key());
    expect(&mut m, 1_000, In::Cancel, &[Cancel]);
    assert!(!m.is_recording());

    for state in [State::Tail, State::Recognising, State::Correcting, State::Queued, State::Delivering] {
        let mut m = toggled(PressMode::Toggle);
        expect(&mut m, 1_000, In::Pressed, &[Stop]);
        expect(&mut m, 1_100, In::Session(token(1), state), &[]);
        assert!(m.wants_cancel_key(), "{state:?}");
        expect(&mut m, 1_200, In::Cancel, &[Cancel]);
    }
}

#[test]
fn k30_the_cancel_key_is_left_to_others_when_there_is_nothing_to_cancel() {
    let mut m = machine(PressMode::Hybrid);
    assert!(!m.wants_cancel_key());
    expect(&mut m, 0, In::Cancel, &[]);
    for rest in [State::Waiting, State::Ended(Outcome::Delivered(Delivery::Pasted))] {
        let mut m = toggled(PressMode::Toggle);
        expect(&mut m, 1_000, In::Session(token(1), rest), &[]);
        assert!(!m.wants_cancel_key(), "{rest:?}");
        expect(&mut m, 1_001, In::Cancel, &[]);
    }
}

#[test]
fn k30_the_first_cancel_takes_back_the_undecided_press_and_nothing_else() {
    let mut m = in_tail(PressMode::Hybrid);
    expect(&mut m, 2_100, In::Pressed, &[Prepare { interrupts_tail: true }]);
    expect(&mut m, 2_120, In::Cancel, &[Discard { ends_tail: true }]);
    expect(&mut m, 2_130, In::Cancel, &[Cancel]);
    expect(&mut m, 2_140, In::Released, &[]);
}

#[test]
fn t9_accept_works_while_correcting_and_is_refused_otherwise() {
    let mut m = toggled(PressMode::Toggle);
    let nothing = Refuse(Refusal::NothingToAccept);
    assert!(!m.wants_accept_key());
    expect(&mut m, 500, In::Accept, &[nothing]);
    m.handle(In::Pressed, Tick(1_000));
    expect(&mut m, 1_200, In::Session(token(1), State::Correcting), &[]);
    assert!(m.wants_accept_key());
    expect(&mut m, 1_300, In::Accept, &[AcceptRaw]);
    expect(&mut m, 1_400, In::Session(token(1), State::Queued), &[]);
    expect(&mut m, 1_500, In::Accept, &[nothing]);
}

#[test]
fn t15_what_tray_window_or_command_line_start_the_hotkey_stops() {
    for trigger in [Tray, Gui, Cli] {
        for mode in [PressMode::Hold, PressMode::Toggle, PressMode::Hybrid, PressMode::DoubleTap] {
            let mut m = machine(mode);
            expect(&mut m, 0, In::Ask(Ask::Start, trigger), &[Begin(trigger)]);
            expect(&mut m, 1, In::Begun(token(1)), &[]);
            expect(&mut m, 900, In::Pressed, &[Stop]);
            expect(&mut m, 950, In::Released, &[]);
        }
    }
}

#[test]
fn t15_what_the_hotkey_started_tray_window_or_command_line_stop() {
    for trigger in [Tray, Gui, Cli] {
        for ask in [Ask::Stop, Ask::Toggle] {
            let mut m = machine(PressMode::Hold);
            m.handle(In::Pressed, Tick(0));
            m.handle_timeout(Tick(THRESHOLD));
            expect(&mut m, 900, In::Ask(ask, trigger), &[Stop]);
            expect(&mut m, 950, In::Released, &[]);
            expect(&mut m, 960, In::Ask(Ask::Stop, trigger), &[Refuse(Refusal::NothingToStop)]);
        }
    }
}

#[test]
fn t15_a_session_begun_behind_the_machines_back_arms_it_too() {
    let mut m = machine(PressMode::Hybrid);
    expect(&mut m, 0, In::Begun(token(7)), &[]);
    assert!(m.is_recording());
    expect(&mut m, 900, In::Pressed, &[Stop]);

    let mut pressed = machine(PressMode::Hybrid);
    expect(&mut pressed, 0, In::Pressed, &[PREPARE]);
    expect(&mut pressed, 20, In::Begun(token(7)), &[DISCARD]);
    expect(&mut pressed, 60, In::Released, &[]);
    assert!(pressed.is_recording());
}

#[test]
fn t15_a_start_while_recording_is_refused() {
    let mut m = toggled(PressMode::Toggle);
    expect(&mut m, 500, In::Ask(Ask::Start, Gui), &[Refuse(Refusal::AlreadyRecording)]);
    assert!(m.is_recording());
}

#[test]
fn t15_k2_a_begin_that_fails_leaves_the_machine_idle() {
    let mut m = machine(PressMode::Toggle);
    expect(&mut m, 0, In::Pressed, &[Begin(Toggle)]);
    expect(&mut m, 1, In::BeginRefused, &[]);
    assert!(!m.is_recording());
    assert!(!m.is_busy());
    expect(&mut m, 100, In::Released, &[]);
    expect(&mut m, 900, In::Pressed, &[Begin(Toggle)]);
}

#[test]
fn t15_a_begin_that_fails_after_the_microphone_was_opened_closes_it() {
    let mut m = in_tail(PressMode::Hold);
    m.handle(In::Pressed, Tick(2_100));
    silence(&mut m, 2_100 + THRESHOLD, &[Begin(Hold)]);
    expect(&mut m, 2_300, In::BeginRefused, &[Discard { ends_tail: true }]);
    expect(&mut m, 2_400, In::Released, &[]);
}

#[test]
fn t15_only_the_answer_to_the_last_begin_decides() {
    let mut m = machine(PressMode::Toggle);
    expect(&mut m, 0, In::Pressed, &[Begin(Toggle)]);
    m.handle(In::Released, Tick(50));
    expect(&mut m, 1_000, In::Pressed, &[Stop]);
    m.handle(In::Released, Tick(1_050));
    expect(&mut m, 2_000, In::Pressed, &[Begin(Toggle)]);
    expect(&mut m, 2_001, In::BeginRefused, &[]);
    assert!(m.is_recording(), "that was the answer to the first");
    expect(&mut m, 2_002, In::Begun(token(1)), &[]);
    assert!(m.is_recording());
}

#[test]
fn k4_a_recording_that_ends_by_itself_disarms_the_hotkey_but_an_older_sessions_end_does_not() {
    let mut m = toggled(PressMode::Toggle);
    expect(&mut m, 1_000, In::Session(token(1), State::Recognising), &[]);
    assert!(!m.is_recording());
    expect(&mut m, 2_000, In::Pressed, &[Begin(Toggle)]);
    let over = State::Ended(Outcome::Cancelled(Why::User));
    expect(&mut m, 2_001, In::Session(token(1), over), &[]);
    assert!(m.is_recording(), "told before the answer, so of the older one");
    expect(&mut m, 2_002, In::Begun(token(2)), &[]);
    expect(&mut m, 2_003, In::Session(token(1), State::Recording), &[]);
    expect(&mut m, 3_000, In::Pressed, &[]);
    m.handle(In::Released, Tick(3_050));
    expect(&mut m, 3_100, In::Pressed, &[Stop]);
}

#[test]
fn t16_an_open_tray_menu_suspends_the_hotkeys() {
    let mut m = machine(PressMode::Toggle);
    expect(&mut m, 0, In::MenuOpened, &[]);
    expect(&mut m, 10, In::Pressed, &[]);
    expect(&mut m, 60, In::Released, &[]);
    expect(&mut m, 100, In::Ask(Ask::Start, Tray), &[Begin(Tray)]);
    expect(&mut m, 101, In::Begun(token(1)), &[]);
    expect(&mut m, 110, In::Cancel, &[]);
    expect(&mut m, 120, In::Accept, &[]);
    assert!(m.is_recording(), "the escape that closes the menu is the menu's");
    expect(&mut m, 200, In::MenuClosed, &[]);
    expect(&mut m, 900, In::Pressed, &[Stop]);
}

#[test]
fn t16_a_release_that_the_menu_swallowed_is_looked_for_when_it_closes() {
    let reports = KeyReports::ReleasesAndState;
    let mut m = Gestures::new(Binding { mode: PressMode::Hold, kind: KeyKind::Chord, reports });
    m.handle(In::Pressed, Tick(0));
    m.handle_timeout(Tick(THRESHOLD));
    expect(&mut m, 400, In::MenuOpened, &[]);
    expect(&mut m, 800, In::MenuClosed, &[Probe]);
    expect(&mut m, 801, In::Physical(false), &[Stop]);
}

#[test]
fn t16_an_undecided_press_does_not_survive_the_menu() {
    let mut m = machine(PressMode::Hybrid);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, 50, In::MenuOpened, &[DISCARD]);
    expect(&mut m, 90, In::Released, &[]);
    silence(&mut m, 10_000, &[]);
}

#[test]
fn t16_after_quit_no_key_means_anything() {
    let mut m = machine(PressMode::Hybrid);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, 50, In::Quit, &[DISCARD]);
    for input in [In::Released, In::Pressed, In::Cancel, In::Accept, In::Begun(token(1)), In::MenuClosed] {
        expect(&mut m, 5_000, input, &[]);
    }
    expect(&mut m, 6_000, In::Ask(Ask::Start, Cli), &[Refuse(Refusal::Quitting)]);
    assert_eq!(m.poll_timeout(), None);
}

#[test]
fn t11_a_new_hotkey_waits_until_nothing_is_under_way() {
    let new = Binding { mode: PressMode::Toggle, kind: KeyKind::Chord, reports: KeyReports::Releases };
    let mut m = machine(PressMode::Hold);
    expect(&mut m, 0, In::Rebind(new), &[Rebind(new)]);

    let mut m = toggled(PressMode::Hybrid);
    let newer = Binding { mode: PressMode::DoubleTap, ..new };
    expect(&mut m, 500, In::Rebind(new), &[]);
    expect(&mut m, 501, In::Rebind(newer), &[]);
    expect(&mut m, 1_000, In::Pressed, &[Stop]);
    for state in [State::Tail, State::Recognising, State::Correcting, State::Queued, State::Delivering] {
        expect(&mut m, 1_100, In::Session(token(1), state), &[]);
        assert!(m.is_busy(), "{state:?}");
    }
    let done = State::Ended(Outcome::Delivered(Delivery::Pasted));
    expect(&mut m, 2_000, In::Session(token(1), done), &[Rebind(newer)]);
    expect(&mut m, 2_001, In::Session(token(1), done), &[]);
}

#[test]
fn t11_a_press_that_comes_to_nothing_lets_the_new_hotkey_in() {
    let new = Binding { mode: PressMode::Toggle, kind: KeyKind::Chord, reports: KeyReports::Releases };
    let mut m = machine(PressMode::Hold);
    expect(&mut m, 0, In::Pressed, &[PREPARE]);
    expect(&mut m, 10, In::Rebind(new), &[]);
    expect(&mut m, 20, In::Released, &[DISCARD, Rebind(new)]);

    let mut double = machine(PressMode::DoubleTap);
    expect(&mut double, 0, In::Pressed, &[]);
    expect(&mut double, 10, In::Rebind(new), &[]);
    silence(&mut double, Millis::seconds(1).0, &[Rebind(new)]);
}
