//! What an earlier run left behind: broken references, sessions in the middle, takes without words.

#[cfg(test)]
mod support;

use std::path::PathBuf;

use quoth_session::{
    effect::Fact,
    ids::TurnSeq,
    queue::{Queue, RecordingId},
    state::{Outcome, State},
    time::{Millis, Now, Wall},
    vocabulary::OwnerId,
};
use quoth_store::{Filter, NewTake, Store, StoreError};
use sqlx::Connection;
use support::{DAWN, Dictation, Home, work};
use uuid::Uuid;

const ANN: OwnerId = OwnerId(1);

fn new_take(number: u128, path: PathBuf) -> NewTake {
    NewTake { id: RecordingId(Uuid::from_u128(number)), path, sample_rate: 16_000, at: Wall(DAWN) }
}

#[cfg(test)]
async fn record_a_take(store: &Store, spoken: &Dictation, number: u128) {
    store.record(&spoken.began()).await.unwrap();
    store.record(&spoken.fact(Fact::TurnBegan(work(1, 1)))).await.unwrap();
    let take = new_take(number, format!("/takes/{number}.wav").into());
    store.add_take(spoken.token(), TurnSeq::FIRST, &take).await.unwrap();
    store.record(&spoken.fact(Fact::State(State::Recording))).await.unwrap();
}

#[tokio::test]
async fn d26_sessions_of_an_earlier_run_in_the_middle_have_failed_and_their_takes_wait_paused() {
    let home = Home::new();
    let store = home.open(1).await;
    let ended = State::Ended(Outcome::NoSpeech);
    let [silent, worded, pasted, over] = [1, 2, 3, 4].map(Dictation::new);
    for (spoken, number) in [(&silent, 1), (&worded, 2), (&pasted, 3), (&over, 4)] {
        record_a_take(&store, spoken, number).await;
    }
    store.record(&silent.fact(Fact::TakeEnded(work(1, 1), Millis(900)))).await.unwrap();
    store.record(&worded.fact(Fact::Raw(work(1, 1), "words".into()))).await.unwrap();
    store.record(&pasted.fact(Fact::Injected(work(1, 1)))).await.unwrap();
    store.record(&over.fact(Fact::State(ended))).await.unwrap();
    store.close().await;

    let next = home.open(2).await;
    let mine = Dictation::new(9);
    next.record(&mine.began()).await.unwrap();
    let found = next.recover().await.unwrap();
    assert_eq!((found.interrupted, found.queued.len(), found.repaired.len()), (3, 1, 0));
    let interrupted = Filter { outcome: Some("failed".into()), ..Filter::default() };
    let page = next.page(ANN, &interrupted, None).await.unwrap();
    assert!(
        page.sessions
            .iter()
            .all(|card| card.reason.as_deref() == Some("interrupted") && card.ended_at.is_some())
    );
    assert_eq!(home.text("SELECT state FROM sessions WHERE token = 4").await, "no_speech");
    assert_eq!(home.text("SELECT state FROM sessions WHERE token = 9").await, "starting");

    let saved = next.saved_queue().await.unwrap();
    assert_eq!(saved.len(), 1);
    assert_eq!((saved[0].status.as_str(), saved[0].session.clone()), ("paused", silent.key().to_string()));
    assert_eq!(saved[0].recording, Some(Uuid::from_u128(1).to_string()));
    let (queue, loaded) = Queue::load(saved, Now::default());
    assert_eq!((queue.paused(), loaded.dropped), (1, vec![]));

    let again = next.recover().await.unwrap();
    assert_eq!((again.interrupted, again.queued.len()), (0, 0));
}

#[tokio::test]
async fn d66_references_that_do_not_hold_are_resolved_and_reported_and_nothing_said_is_lost() {
    let home = Home::new();
    let store = home.open(1).await;
    for number in 1..=4 {
        Dictation::new(number).speak(&store, &format!("words {number}")).await;
    }
    store.close().await;
    home.force(
        "INSERT INTO owners (id, name, created_at) VALUES (7, 'bob', 0); \
         UPDATE sessions SET owner_id = 99, project_id = 'gone', engine_id = 'lost', style_id = 5 WHERE token = 1; \
         UPDATE projects SET owner_id = 98; \
         DELETE FROM sessions WHERE token = 2; \
         DELETE FROM turns WHERE session_pk = (SELECT pk FROM sessions WHERE token = 3); \
         INSERT INTO recordings (id, turn_pk, path, sample_rate, created_at) VALUES ('r', 4000, '/r.wav', 16000, 0); \
         INSERT INTO dictionary (owner_id, project_id, heard, written, created_at) VALUES (97, 'gone', 'koth', 'Quoth', 0);",
    )
    .await;
    let store = home.open(2).await;
    let found = store.recover().await.unwrap();
    assert!(found.repaired.len() >= 9, "{found:?}");
    let mut connection = home.connection(true).await;
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.unwrap();
    assert!(broken.is_empty());
    connection.close().await.unwrap();
    let row = "SELECT owner_id || ' ' || owner_source || ' ' || requested_owner || ' ' || project_id || ' ' || \
               requested_project || ' ' || engine_id || ' ' || ifnull(style_id, 'none') FROM sessions WHERE started_at = 1700000060000";
    assert_eq!(home.text(row).await, "1 first_active 99 default gone lost none");
    for number in 1..=4 {
        let hits = store.search(ANN, &format!("\"words {number}\""), &Filter::default()).await.unwrap();
        assert_eq!(hits.len(), 1, "words {number}");
    }
    assert_eq!(home.number("SELECT count(*) FROM recordings JOIN turns ON turns.pk = turn_pk").await, 1);
    assert_eq!(store.recover().await.unwrap().repaired, []);
}

#[tokio::test]
async fn d62_a_take_is_looked_at_when_it_is_opened_and_a_missing_one_is_marked_and_comes_back() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    store.record(&spoken.began()).await.unwrap();
    let path = home.file().with_file_name("take.wav");
    let take = new_take(1, path.clone());
    store.add_take(spoken.token(), TurnSeq::FIRST, &take).await.unwrap();
    let status = "SELECT status FROM recordings";
    assert!(matches!(store.take(ANN, take.id).await, Err(StoreError::NotFound { what: "take" })));
    assert_eq!(home.text(status).await, "missing");
    std::fs::write(&path, "sound").unwrap();
    assert_eq!(store.take(ANN, take.id).await.unwrap(), path);
    assert_eq!(home.text(status).await, "partial");
    store.record(&spoken.fact(Fact::TakeEnded(work(1, 1), Millis(700)))).await.unwrap();
    let whole = store.session(ANN, &spoken.key()).await.unwrap();
    assert_eq!((whole.turns[0].takes[0].status.as_str(), whole.turns[0].takes[0].ms), ("ok", 700));
    assert!(store.take(OwnerId(2), take.id).await.is_err());
}
