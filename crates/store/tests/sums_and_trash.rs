//! Statistics, and throwing away.

#[cfg(test)]
mod support;

use quoth_session::{
    effect::Fact,
    ids::TurnSeq,
    queue::RecordingId,
    time::{Millis, Wall},
    vocabulary::OwnerId,
};
use quoth_store::{Calendar, Filter, NewTake, Tally};
use support::{DAWN, Dictation, Home, work};

const ANN: OwnerId = OwnerId(1);
const DAY: i64 = 86_400_000;

#[tokio::test]
async fn s7_words_time_and_days_are_summed_over_the_texts_that_count() {
    let home = Home::new();
    let store = home.open(1).await;
    for (number, text) in [(1, "one two three four"), (2, "one two"), (3, "今天天气")] {
        let spoken = Dictation::new(number);
        spoken.speak(&store, text).await;
        store.record(&spoken.fact(Fact::TakeEnded(work(1, 1), Millis(2_000)))).await.unwrap();
    }
    let second = Dictation::new(2);
    store.record(&second.fact(Fact::Corrected(work(1, 1), "One, two, three.".into()))).await.unwrap();
    home.force(&format!("UPDATE sessions SET started_at = started_at + {DAY} WHERE token = 3")).await;
    let calendar = Calendar { now: Wall(DAWN + 2 * DAY), offset_minutes: 0 };
    let sums = store.statistics(ANN, None, calendar).await.unwrap();
    let total = Tally { sessions: 3, words: 9, audio_ms: 6_000, corrections_applied: 1 };
    assert_eq!(sums.total, total);
    assert_eq!(sums.words_per_minute, Some(90));
    assert_eq!(sums.saved_ms, 9 * 1_500 - 6_000);
    assert_eq!((sums.streak, sums.longest_streak, sums.by_day.len()), (2, 2, 2));
    assert_eq!(sums.by_project["default"], total);
    assert_eq!(sums.by_app["editor"], total);
    // The same evening is another day further east.
    let east = Calendar { offset_minutes: 12 * 60, ..calendar };
    let days = |sums: &quoth_store::Statistics| sums.by_day.keys().copied().collect::<Vec<_>>();
    let moved = store.statistics(ANN, None, east).await.unwrap();
    assert_eq!(days(&moved)[0], days(&sums)[0] + 1);
    assert_eq!(store.statistics(ANN, Some(Wall(DAWN + DAY)), calendar).await.unwrap().total.sessions, 1);
    assert_eq!(store.statistics(OwnerId(2), None, calendar).await.unwrap().total, Tally::default());
}

#[tokio::test]
async fn s7_what_is_thrown_away_is_nowhere_comes_back_whole_and_goes_for_good_rows_first() {
    let home = Home::new();
    let store = home.open(1).await;
    for number in 1..=3 {
        let spoken = Dictation::new(number);
        spoken.speak(&store, "some words").await;
        let take = NewTake {
            id: RecordingId(uuid::Uuid::from_u128(number.into())),
            path: format!("/takes/{number}.wav").into(),
            sample_rate: 16_000,
            at: Wall(DAWN),
        };
        store.add_take(spoken.token(), TurnSeq::FIRST, &take).await.unwrap();
    }
    // This one is going on.
    store.record(&Dictation::new(4).began()).await.unwrap();
    let (first, all) = (Dictation::new(1).key(), Filter::default());
    let (early, late) = (Wall(DAWN + 10), Wall(DAWN + 20));
    assert!(store.trash(OwnerId(2), &first, early).await.is_err());
    assert!(store.trash(ANN, &Dictation::new(4).key(), early).await.is_err());
    store.trash(ANN, &first, early).await.unwrap();
    assert_eq!(store.count(ANN, &all).await.unwrap(), 3);
    assert_eq!(store.search(ANN, "words", &all).await.unwrap().len(), 2);
    assert!(store.session(ANN, &first).await.is_err());
    assert_eq!(store.trash_all(ANN, &all, late).await.unwrap(), 2);
    assert_eq!(store.count(ANN, &all).await.unwrap(), 1);
    assert_eq!(store.undo_trash(ANN, late).await.unwrap(), 2);
    assert_eq!(store.search(ANN, "words", &all).await.unwrap().len(), 2);

    assert_eq!(store.empty_trash(early).await.unwrap(), Vec::<std::path::PathBuf>::new());
    assert_eq!(store.empty_trash(late).await.unwrap(), [std::path::PathBuf::from("/takes/1.wav")]);
    for (table, rows) in [("sessions", 3), ("turns", 2), ("messages", 2), ("recordings", 2)] {
        assert_eq!(home.number(&format!("SELECT count(*) FROM {table}")).await, rows, "{table}");
    }
}
