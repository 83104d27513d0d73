use super::*;
use crate::limits::{CLIPBOARD_RESTORE_MAX, clipboard_restore};

type Ledger = ClipboardLedger<&'static str, u32>;

/// What the user copied before all this.
const USERS: u32 = 1;
const OURS: u32 = 101;
const OURS_TOO: u32 = 102;
/// What the user copies meanwhile.
const NEWER: u32 = 2;

fn whole(backup: &'static str, content: u32) -> Found<&'static str, u32> {
    Found::Whole { backup, content }
}

/// A ledger whose delivery has just been pasted at `at`, over the user's own content.
fn pasted(delay: Millis, at: u64) -> (Ledger, Generation) {
    let mut ledger = Ledger::default();
    let generation = written(&mut ledger, at - 150);
    assert!(ledger.pasted(generation, delay, Tick(at)));
    (ledger, generation)
}

fn written(ledger: &mut Ledger, at: u64) -> Generation {
    let (generation, need) = ledger.begin(&Seen::Content(USERS), Tick(at));
    assert_eq!(need, Need::Backup);
    assert_eq!(ledger.backed_up(generation, whole("users", USERS), true, Tick(at)), Some(Plan::Paste));
    assert!(ledger.wrote(generation, OURS, Tick(at)));
    generation
}

/// Runs to the timer, which must be at `at`, and looks.
fn settle_at(ledger: &mut Ledger, at: u64, seen: Seen<u32>) -> Option<Settlement<&'static str>> {
    assert_eq!(ledger.poll_timeout(), Some(Tick(at)));
    assert_eq!(ledger.handle_timeout(Tick(at - 1)), None, "too early");
    let generation = ledger.handle_timeout(Tick(at)).expect("it is due");
    ledger.looked(generation, &seen)
}

const RESTORE: Option<Settlement<&str>> = Some(Settlement::Restore(Saved::Backup("users")));

#[test]
fn k31_t8_the_clipboard_goes_back_when_the_sessions_own_delay_is_over() {
    let (mut ledger, generation) = pasted(Millis(250), 1_000);
    assert_eq!(settle_at(&mut ledger, 1_250, Seen::Content(OURS)), RESTORE);
    assert!(ledger.owes());
    assert!(ledger.restored(generation));
    assert!(!ledger.owes());
    assert_eq!(ledger.poll_timeout(), None);
    assert_eq!(ledger.poll_forgotten(), Some("users"));
}

#[test]
fn t8_a_session_that_set_no_delay_waits_the_usual_time() {
    let (mut ledger, _) = pasted(clipboard_restore(None).unwrap(), 1_000);
    assert_eq!(settle_at(&mut ledger, 2_500, Seen::Content(OURS)), RESTORE);
}

#[test]
fn t8_k31_the_usual_delay_is_what_it_always_was_and_nonsense_becomes_it() {
    assert_eq!(clipboard_restore(None), Ok(Millis(1_500)));
    assert_eq!(clipboard_restore(Some(0)), Ok(Millis(0)));
    assert_eq!(clipboard_restore(Some(60_000)), Ok(CLIPBOARD_RESTORE_MAX));
    for nonsense in [-1, 60_001, i64::MIN, i64::MAX] {
        assert_eq!(
            clipboard_restore(Some(nonsense)),
            Err(Millis(1_500)),
            "{nonsense}: the default, and a warning"
        );
    }
}

#[test]
fn t8_a_delay_of_nothing_is_scheduled_and_not_skipped() {
    let (mut ledger, _) = pasted(Millis(0), 1_000);
    assert_eq!(settle_at(&mut ledger, 1_000, Seen::Content(OURS)), RESTORE);
}

#[test]
fn t8_each_delivery_goes_by_its_own_sessions_delay() {
    let (mut ledger, first) = pasted(Millis(250), 1_000);
    assert_eq!(settle_at(&mut ledger, 1_250, Seen::Content(OURS)), RESTORE);
    assert!(ledger.restored(first));
    let second = written(&mut ledger, 5_000);
    assert!(ledger.pasted(second, Millis(3_000), Tick(5_150)));
    assert_eq!(settle_at(&mut ledger, 8_150, Seen::Content(OURS)), RESTORE);
}

#[test]
fn t8_k31_text_that_is_left_on_the_clipboard_schedules_nothing() {
    let mut ledger = Ledger::default();
    let generation = written(&mut ledger, 1_000);
    assert!(ledger.left_to_user(generation));
    assert_eq!(ledger.poll_timeout(), None);
    assert!(!ledger.owes());
    assert_eq!(ledger.poll_forgotten(), Some("users"));
}

#[test]
fn k31_without_permission_to_inject_nothing_is_backed_up_or_put_back() {
    let mut ledger = Ledger::default();
    let (generation, _) = ledger.begin(&Seen::Content(USERS), Tick(0));
    assert!(ledger.wrote(generation, OURS, Tick(0)));
    assert!(ledger.left_to_user(generation));
    assert_eq!(ledger.poll_timeout(), None);
}

#[test]
fn tl7_t8_the_earliest_backup_returns_after_overlapping_deliveries() {
    let (mut ledger, first) = pasted(Millis(1_500), 1_000);
    let (second, need) = ledger.begin(&Seen::Content(OURS), Tick(1_200));
    assert_eq!(need, Need::Nothing, "our own text is not backed up");
    assert_eq!(ledger.handle_timeout(Tick(2_500)), None, "the first timer is void");
    assert_eq!(ledger.looked(first, &Seen::Content(OURS)), None);
    assert!(ledger.wrote(second, OURS_TOO, Tick(2_500)));
    assert!(ledger.pasted(second, Millis(1_500), Tick(2_650)));
    assert_eq!(settle_at(&mut ledger, 4_150, Seen::Content(OURS_TOO)), RESTORE);
}

#[test]
fn k34_tl7_a_completion_that_comes_after_the_next_begin_does_nothing() {
    let mut ledger = Ledger::default();
    let first = written(&mut ledger, 1_000);
    let (second, need) = ledger.begin(&Seen::Content(OURS), Tick(1_060));
    assert_eq!(need, Need::Nothing);
    let before = ledger.poll_timeout();
    assert!(!ledger.pasted(first, Millis(0), Tick(1_100)));
    assert!(!ledger.left_to_user(first));
    assert!(!ledger.withdrawn(first, Tick(1_100)));
    assert_eq!(ledger.poll_timeout(), before);
    assert!(ledger.owes());
    assert!(ledger.wrote(second, OURS_TOO, Tick(1_200)));
    assert!(ledger.pasted(second, Millis(1_500), Tick(1_350)));
    assert_eq!(settle_at(&mut ledger, 2_850, Seen::Content(OURS_TOO)), RESTORE);
}

#[test]
fn k33_what_the_user_copied_meanwhile_is_kept() {
    for meanwhile in [Seen::Content(NEWER), Seen::Empty, Seen::Unreadable] {
        let (mut ledger, _) = pasted(Millis(1_500), 1_000);
        assert_eq!(settle_at(&mut ledger, 2_500, meanwhile), Some(Settlement::Leave), "{meanwhile:?}");
        assert!(!ledger.owes());
        assert_eq!(ledger.poll_timeout(), None);
        assert_eq!(ledger.poll_forgotten(), Some("users"));
    }
}

#[test]
fn k33_t8_what_the_user_copied_between_two_deliveries_replaces_the_earliest_backup() {
    let (mut ledger, _) = pasted(Millis(1_500), 1_000);
    let (second, need) = ledger.begin(&Seen::Content(NEWER), Tick(1_200));
    assert_eq!(need, Need::Backup);
    assert_eq!(ledger.poll_forgotten(), Some("users"));
    assert_eq!(ledger.backed_up(second, whole("newer", NEWER), true, Tick(1_200)), Some(Plan::Paste));
    assert!(ledger.wrote(second, OURS_TOO, Tick(1_200)));
    assert!(ledger.pasted(second, Millis(100), Tick(1_400)));
    let newer = Some(Settlement::Restore(Saved::Backup("newer")));
    assert_eq!(settle_at(&mut ledger, 1_500, Seen::Content(OURS_TOO)), newer);
}

#[test]
fn k33_what_the_user_copies_between_the_backup_and_the_writing_is_seen() {
    let mut ledger = Ledger::default();
    let (generation, _) = ledger.begin(&Seen::Content(USERS), Tick(0));
    ledger.backed_up(generation, whole("users", USERS), true, Tick(0));
    assert!(ledger.may_write(generation, &Seen::Content(USERS)));
    assert!(!ledger.may_write(generation, &Seen::Content(NEWER)));
    assert!(!ledger.may_write(generation, &Seen::Empty));
    let (again, need) = ledger.begin(&Seen::Content(NEWER), Tick(1));
    assert_eq!(need, Need::Backup);
    assert!(!ledger.may_write(generation, &Seen::Content(USERS)), "overtaken");
    assert_eq!(ledger.poll_forgotten(), Some("users"));
    assert_eq!(ledger.backed_up(again, whole("newer", NEWER), true, Tick(1)), Some(Plan::Paste));
    assert!(ledger.may_write(again, &Seen::Content(NEWER)));
}

#[test]
fn t8_an_empty_clipboard_is_empty_again() {
    let mut ledger = Ledger::default();
    let (generation, need) = ledger.begin(&Seen::Empty, Tick(0));
    assert_eq!(need, Need::Backup);
    assert_eq!(ledger.backed_up(generation, Found::Empty, true, Tick(0)), Some(Plan::Paste));
    assert!(ledger.wrote(generation, OURS, Tick(0)));
    assert!(ledger.pasted(generation, Millis(1_500), Tick(150)));
    let empty = Some(Settlement::Restore(Saved::Empty));
    assert_eq!(settle_at(&mut ledger, 1_650, Seen::Content(OURS)), empty);
}

#[test]
fn k31_what_cannot_be_copied_is_typed_around() {
    for found in [Found::Partial, Found::Unreadable] {
        let mut ledger = Ledger::default();
        let (generation, _) = ledger.begin(&Seen::Content(USERS), Tick(0));
        assert_eq!(ledger.backed_up(generation, found, true, Tick(0)), Some(Plan::Type));
        assert!(
            !ledger.wrote(generation, OURS, Tick(1)),
            "the delivery does not touch the clipboard any more"
        );
        assert_eq!(ledger.poll_timeout(), None);
    }
}

#[test]
fn k31_what_can_neither_be_copied_nor_typed_around_is_pasted_with_a_notice_and_not_put_back() {
    for (found, loss) in [(Found::Partial, Loss::Partial), (Found::Unreadable, Loss::Unreadable)] {
        let mut ledger = Ledger::default();
        let (generation, _) = ledger.begin(&Seen::Content(USERS), Tick(0));
        let plan = ledger.backed_up(generation, found, false, Tick(0));
        assert_eq!(plan, Some(Plan::PasteForGood(loss)));
        assert!(ledger.wrote(generation, OURS, Tick(0)));
        assert!(ledger.pasted(generation, Millis(1_500), Tick(150)));
        assert_eq!(ledger.poll_timeout(), None);
    }
}

#[test]
fn t8_typing_around_something_keeps_an_earlier_debt() {
    let (mut ledger, _) = pasted(Millis(1_500), 1_000);
    let (second, _) = ledger.begin(&Seen::Unreadable, Tick(1_200));
    assert_eq!(ledger.backed_up(second, Found::Unreadable, true, Tick(1_200)), Some(Plan::Type));
    assert_eq!(settle_at(&mut ledger, 2_500, Seen::Content(OURS)), RESTORE);
}

#[test]
fn t8_a_backup_that_turns_out_to_be_our_own_text_does_not_count() {
    let (mut ledger, _) = pasted(Millis(1_500), 1_000);
    let (second, need) = ledger.begin(&Seen::Unreadable, Tick(1_200));
    assert_eq!(need, Need::Backup);
    assert_eq!(ledger.backed_up(second, whole("ours", OURS), true, Tick(1_200)), Some(Plan::Paste));
    assert_eq!(ledger.poll_forgotten(), Some("ours"));
    assert!(ledger.wrote(second, OURS_TOO, Tick(1_200)));
    assert!(ledger.pasted(second, Millis(100), Tick(1_300)));
    assert_eq!(settle_at(&mut ledger, 1_400, Seen::Content(OURS_TOO)), RESTORE);
}

#[test]
fn t8_a_delivery_called_off_before_it_wrote_leaves_the_earlier_timer_as_it_was() {
    let (mut ledger, _) = pasted(Millis(1_500), 1_000);
    let (second, _) = ledger.begin(&Seen::Content(OURS), Tick(1_200));
    assert!(ledger.withdrawn(second, Tick(1_300)));
    assert_eq!(settle_at(&mut ledger, 2_500, Seen::Content(OURS)), RESTORE);
}

#[test]
fn t8_tl3_a_delivery_called_off_after_it_wrote_puts_the_clipboard_back_at_once() {
    let mut ledger = Ledger::default();
    let generation = written(&mut ledger, 1_000);
    assert!(ledger.withdrawn(generation, Tick(1_040)));
    assert_eq!(settle_at(&mut ledger, 1_040, Seen::Content(OURS)), RESTORE);
}

#[test]
fn t8_a_delivery_that_never_reports_does_not_keep_the_users_clipboard() {
    let mut ledger = Ledger::default();
    written(&mut ledger, 1_000);
    assert_eq!(settle_at(&mut ledger, 1_000 + DELIVERY.0, Seen::Content(OURS)), RESTORE);
}

#[test]
fn t8_a_restore_that_did_not_happen_is_tried_again() {
    let (mut ledger, generation) = pasted(Millis(500), 1_000);
    assert_eq!(settle_at(&mut ledger, 1_500, Seen::Content(OURS)), RESTORE);
    assert_eq!(settle_at(&mut ledger, 1_500 + DELIVERY.0, Seen::Content(OURS)), RESTORE);
    assert!(ledger.restored(generation));
    assert!(!ledger.restored(generation));
    assert_eq!(ledger.poll_timeout(), None);
}

#[test]
fn t8_a_delivery_that_begins_while_the_restore_runs_does_not_take_our_text_for_the_users() {
    let (mut ledger, first) = pasted(Millis(500), 1_000);
    assert_eq!(settle_at(&mut ledger, 1_500, Seen::Content(OURS)), RESTORE);
    let (second, need) = ledger.begin(&Seen::Content(OURS), Tick(1_501));
    assert_eq!(need, Need::Nothing);
    assert!(!ledger.restored(first));
    assert!(ledger.wrote(second, OURS_TOO, Tick(1_502)));
    assert!(ledger.pasted(second, Millis(0), Tick(1_600)));
    assert_eq!(settle_at(&mut ledger, 1_600, Seen::Content(OURS_TOO)), RESTORE);
}

#[test]
fn t7_t16_when_the_app_ends_the_users_clipboard_does_not_wait_for_its_delay() {
    let (mut ledger, _) = pasted(CLIPBOARD_RESTORE_MAX, 1_000);
    ledger.settle(Tick(2_000));
    assert_eq!(settle_at(&mut ledger, 2_000 + AFTER_PASTE.0, Seen::Content(OURS)), RESTORE);

    let mut writing = Ledger::default();
    written(&mut writing, 1_000);
    writing.settle(Tick(1_010));
    assert_eq!(settle_at(&mut writing, 1_010 + AFTER_PASTE.0, Seen::Content(OURS)), RESTORE);

    let (mut soon, _) = pasted(Millis(10), 1_000);
    soon.settle(Tick(1_005));
    assert_eq!(settle_at(&mut soon, 1_010, Seen::Content(OURS)), RESTORE);
}
