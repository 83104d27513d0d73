use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const BOOT: BootId = BootId(Uuid::from_u128(1));

fn scope(project: &str, engine: &str, session: &str) -> ScopeKey {
    ScopeKey { project: project.to_owned(), engine: engine.to_owned(), session: session.to_owned() }
}

fn mark(token: u64, seq: u64, reach: Reach) -> Mark {
    let session = format!("s{token}");
    let scope = scope("mail", "whisper-local", &session);
    Mark { boot: BOOT, token: Token::new(token), seq: EventSeq::new(seq), scope, reach }
}

fn current(token: u64) -> Filter {
    Filter::new(BOOT, Surface::Current(Token::new(token)))
}

fn view(token: u64) -> Filter {
    Filter::new(BOOT, Surface::View(Some(mark(token, 1, Reach::Own).scope)))
}

#[test]
fn k4_k36_an_older_sessions_event_does_not_reach_the_current_surface() {
    let mut overlay = current(1);
    assert_eq!(overlay.judge(&mark(1, 1, Reach::Own)), Verdict::Accept);
    overlay.show(Surface::Current(Token::new(2)));
    assert_eq!(overlay.judge(&mark(1, 2, Reach::Own)), Verdict::Drop(Dropped::TokenMismatch));
    assert_eq!(overlay.judge(&mark(1, 3, Reach::Ending)), Verdict::Background(Dropped::TokenMismatch));
    assert_eq!(overlay.judge(&mark(2, 1, Reach::Own)), Verdict::Accept);
}

#[test]
fn d31_an_event_of_another_run_of_the_app_is_dropped_even_for_lists() {
    let stale = Mark { boot: BootId(Uuid::from_u128(2)), ..mark(1, 1, Reach::Lifecycle) };
    for mut filter in [current(1), view(1), Filter::new(BOOT, Surface::Lists)] {
        assert_eq!(filter.judge(&stale), Verdict::Drop(Dropped::BootMismatch));
    }
}

#[test]
fn d32_an_event_is_taken_in_once_by_token_and_number() {
    for mut filter in [current(1), view(1), Filter::new(BOOT, Surface::Lists)] {
        let event = mark(1, 1, Reach::Lifecycle);
        assert_eq!(filter.judge(&event), Verdict::Accept);
        assert_eq!(filter.judge(&event), Verdict::Drop(Dropped::DuplicateMessageReference));
    }
    let mut lists = Filter::new(BOOT, Surface::Lists);
    assert_eq!(lists.judge(&mark(1, 1, Reach::Lifecycle)), Verdict::Accept);
    assert_eq!(lists.judge(&mark(2, 1, Reach::Lifecycle)), Verdict::Accept, "another session's own number");
}

#[test]
fn l20_a_gap_calls_for_a_resync_and_the_event_is_not_taken_in() {
    let mut overlay = current(1);
    assert_eq!(overlay.judge(&mark(1, 2, Reach::Own)), Verdict::Resync { after: None });
    assert_eq!(overlay.judge(&mark(1, 1, Reach::Own)), Verdict::Accept);
    assert_eq!(overlay.judge(&mark(1, 4, Reach::Own)), Verdict::Resync { after: EventSeq::new(1) });
    let token = Token::FIRST;
    overlay.resynced(token, EventSeq::new(4));
    assert_eq!(overlay.judge(&mark(1, 4, Reach::Own)), Verdict::Drop(Dropped::DuplicateMessageReference));
    assert_eq!(overlay.judge(&mark(1, 5, Reach::Own)), Verdict::Accept);
    overlay.forget(token);
    assert!(overlay.last.is_empty());
}

#[test]
fn d30_lifecycle_events_of_all_sessions_reach_the_lists_and_others_do_not() {
    let mut lists = Filter::new(BOOT, Surface::Lists);
    for token in 1..4 {
        assert_eq!(lists.judge(&mark(token, 1, Reach::Lifecycle)), Verdict::Accept);
        assert_eq!(lists.judge(&mark(token, 2, Reach::Own)), Verdict::Drop(Dropped::NotForLists));
        assert_eq!(lists.judge(&mark(token, 7, Reach::Ending)), Verdict::Accept, "its gaps are no gaps");
    }
}

#[test]
fn d31_another_sessions_end_finishes_its_row_but_not_the_view() {
    let mut pane = view(1);
    assert_eq!(pane.judge(&mark(2, 1, Reach::Own)), Verdict::Drop(Dropped::SessionIdMismatch));
    assert_eq!(pane.judge(&mark(2, 2, Reach::Ending)), Verdict::Background(Dropped::SessionIdMismatch));
    assert_eq!(pane.judge(&mark(2, 3, Reach::Lifecycle)), Verdict::Background(Dropped::SessionIdMismatch));
}

#[test]
fn d28_every_reason_has_its_code() {
    let of = |scope: ScopeKey| Mark { scope, ..mark(1, 1, Reach::Own) };
    let cases = [
        (view(1), of(scope("mail", "whisper-local", "")), "missing-session-id"),
        (view(1), of(scope("mail", "whisper-local", "s2")), "session-id-mismatch"),
        (view(1), of(scope("mail", "remote", "s1")), "provider-mismatch"),
        (view(1), of(scope("code", "whisper-local", "s1")), "project-mismatch"),
        (Filter::new(BOOT, Surface::View(None)), mark(1, 1, Reach::Own), "no-active-view-session"),
    ];
    for (mut filter, mark, code) in cases {
        let Verdict::Drop(why) = filter.judge(&mark) else { panic!("{code}: {mark:?} was not dropped") };
        assert_eq!(serde_json::to_value(why).unwrap(), code);
    }
    let duplicate = serde_json::to_value(Dropped::DuplicateMessageReference).unwrap();
    assert_eq!(duplicate, "duplicate-message-reference");
}

#[test]
fn d72_what_belongs_to_no_session_reaches_everyone() {
    let status = Mark { token: None, seq: None, scope: scope("", "", ""), ..mark(1, 1, Reach::Own) };
    for mut filter in [current(1), view(1), Filter::new(BOOT, Surface::Lists)] {
        assert_eq!(filter.judge(&status), Verdict::Accept);
        assert_eq!(filter.judge(&status), Verdict::Accept);
    }
}

#[test]
fn d36_states_are_processing_terminal_or_ignored() {
    for state in ["running", "queued", "in_progress", "waiting_user"] {
        assert_eq!(activity(state), Some(Activity::Processing), "{state}");
    }
    for state in ["completed", "failed", "aborted", "error", "idle"] {
        assert_eq!(activity(state), Some(Activity::Terminal), "{state}");
    }
    assert_eq!(activity("unknown"), None);
    assert_eq!(activity(""), None);
}

proptest! {
    #[test]
    fn k4_what_the_current_surface_takes_in_is_one_session_without_gap_or_repeat(
        events in prop::collection::vec((1_u64..4, 1_u64..8), 0..200),
    ) {
        let mut overlay = current(2);
        let mut taken = Vec::new();
        for (token, seq) in events {
            if overlay.judge(&mark(token, seq, Reach::Own)) == Verdict::Accept {
                prop_assert_eq!(token, 2);
                taken.push(seq);
            }
        }
        let expected: Vec<u64> = (1..).take(taken.len()).collect();
        prop_assert_eq!(taken, expected);
    }
}
