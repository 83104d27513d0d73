use proptest::prelude::*;

use super::*;

fn new(role: Role, turn: u64, text: &str) -> NewMessage {
    NewMessage { role, turn: TurnSeq::new(turn), text: text.into(), at: None }
}

fn texts(history: &History) -> Vec<&str> {
    history.messages.iter().map(|message| message.text.as_str()).collect()
}

fn of(messages: &[(Role, u64, &str)]) -> History {
    let mut history = History::default();
    for (role, turn, text) in messages {
        history.add(new(*role, *turn, text), Now::default());
    }
    history
}

/// What a reload makes of the stored rows, which come in no order.
fn reloaded(history: &History) -> History {
    let mut rows = history.snapshot();
    rows.reverse();
    History::load(rows)
}

use Role::{Assistant, System, User};

#[test]
fn c13_a_late_correction_lands_under_its_utterance() {
    let history = of(&[(User, 1, "u1"), (User, 2, "u2"), (Assistant, 1, "a1"), (Assistant, 2, "a2")]);
    assert_eq!(texts(&history), ["u1", "a1", "u2", "a2"]);
    assert_eq!(texts(&reloaded(&history)), ["u1", "a1", "u2", "a2"]);
}

#[test]
fn c13_what_has_no_turn_or_is_no_correction_goes_to_the_end() {
    let history = of(&[
        (User, 1, "u1"),
        (User, 2, "u2"),
        (Assistant, 0, "no turn"),
        (Assistant, 9, "unknown turn"),
        (System, 1, "remark"),
        (User, 1, "u1 again"),
    ]);
    assert_eq!(texts(&history), ["u1", "u2", "no turn", "unknown turn", "remark", "u1 again"]);
}

#[test]
fn c13_a_second_correction_stands_behind_the_first() {
    let history = of(&[(User, 1, "u1"), (User, 2, "u2"), (Assistant, 1, "a1"), (Assistant, 1, "a1b")]);
    assert_eq!(texts(&history), ["u1", "a1", "a1b", "u2"]);
}

#[test]
fn c13_a_given_time_is_kept_and_a_missing_one_is_now() {
    let mut history = History::default();
    let now = Now { wall: Wall(50), ..Now::default() };
    history.add(NewMessage { at: Some(Wall(7)), ..new(User, 1, "given") }, now);
    history.add(new(User, 2, "missing"), now);
    assert_eq!((history.messages[0].at, history.messages[1].at), (Wall(7), Wall(50)));
}

#[test]
fn c13_places_are_numbered_anew_when_the_gap_is_used_up() {
    let mut history = of(&[(User, 1, "u1"), (User, 2, "u2")]);
    let mut expected = vec!["u1".to_owned()];
    let mut renumbered = 0;
    for number in 0..120 {
        let text = format!("a{number}");
        renumbered += usize::from(history.add(new(Assistant, 1, &text), Now::default()).renumbered);
        expected.push(text);
    }
    expected.push("u2".to_owned());
    assert_eq!(texts(&history), expected);
    assert_eq!(renumbered, 120 / 11, "ten halvings, then the next one numbers all anew");
    assert_eq!(reloaded(&history), history);
}

#[test]
fn c14_a_snapshot_is_a_copy() {
    let history = of(&[(User, 1, "u1")]);
    let mut snapshot = history.snapshot();
    snapshot[0].text = "changed".into();
    snapshot.clear();
    assert_eq!(texts(&history), ["u1"]);
    assert_eq!((history.len(), history.is_empty()), (1, false));
    assert_eq!(history.get(0).map(|message| message.text.as_str()), Some("u1"));
}

fn any_message() -> impl Strategy<Value = (Role, u64)> {
    (prop_oneof![3 => Just(User), 5 => Just(Assistant), 1 => Just(System)], 0_u64..4)
}

proptest! {
    #[test]
    fn c13_a_reload_equals_memory_and_no_two_share_a_place(messages in prop::collection::vec(any_message(), 0..160)) {
        let mut history = History::default();
        for (number, (role, turn)) in messages.iter().enumerate() {
            let before = history.snapshot();
            let added = history.add(new(*role, *turn, &number.to_string()), Now::default());
            let mut rest = history.snapshot();
            rest.remove(added.index);
            let words = |messages: &[Message]| messages.iter().map(|m| m.text.clone()).collect::<Vec<_>>();
            prop_assert_eq!(words(&rest), words(&before), "nobody else moved");
            prop_assert!(added.renumbered || rest == before, "places changed only where it said so");
        }
        prop_assert_eq!(history.len(), messages.len());
        prop_assert!(history.messages.windows(2).all(|pair| pair[0].pos < pair[1].pos));
        prop_assert_eq!(&reloaded(&history), &history);
        let stored = serde_json::to_string(&history.messages).unwrap();
        prop_assert_eq!(History::load(serde_json::from_str(&stored).unwrap()), history);
    }
}
