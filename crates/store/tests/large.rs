//! A memory of some years.

#[cfg(test)]
mod support;

use std::time::{Duration, Instant};

use quoth_session::{scope::ScopeKey, vocabulary::OwnerId};
use quoth_store::{Filter, Store};
use support::Home;

const ANN: OwnerId = OwnerId(1);

/// So many sessions of one turn, in three languages, each with a word that no other has.
fn grown(sessions: u32) -> String {
    format!(
        "BEGIN; \
         CREATE TEMP TABLE n AS WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {sessions}) SELECT n FROM n; \
         INSERT INTO sessions (pk, session_id, project_id, engine_id, owner_id, boot_id, token, trigger, mode, target_app, state, \
           reason, started_at, last_active_at, ended_at) \
         SELECT n, 's' || n, 'default', 'whisper-local', 1, 'b', n, 'hold', 'corrected', 'app' || (n % 7), 'delivered', 'pasted', \
           1700000000000 + n * 60000, 1700000000000 + n * 60000, 1700000000000 + n * 60000 FROM n; \
         INSERT INTO turns (pk, session_pk, turn_seq, started_at) SELECT n, n, 1, 1700000000000 + n * 60000 FROM n; \
         INSERT INTO messages (session_pk, turn_pk, pipeline_seq, role, kind, chosen, pos, text, indexed, created_at) \
         SELECT n, n, 1, 'user', 'raw', 1, 1, t, CASE n % 3 WHEN 2 THEN t END, 0 FROM (SELECT n, CASE n % 3 \
           WHEN 0 THEN 'please send the report about the meeting in room ' || (n % 400) || ' to everybody who was there, word' || n \
           WHEN 1 THEN 'bitte schicke den Bericht über die Sitzung in Raum ' || (n % 400) || ' an alle, die dabei waren, word' || n \
           ELSE '今\u{200B}天\u{200B}天\u{200B}气\u{200B}很\u{200B}好\u{200B}我\u{200B}们\u{200B}去\u{200B}公\u{200B}园 word' || n END AS t FROM n); \
         COMMIT;"
    )
}

#[cfg(test)]
async fn memory_of(home: &Home, sessions: u32) -> Store {
    let store = home.open(1).await;
    store.recover().await.unwrap();
    home.force(&grown(sessions)).await;
    store
}

#[tokio::test]
async fn d69_a_session_opens_as_quickly_among_ten_thousand_as_among_a_hundred() {
    let (few, many) = (opening(100).await, opening(10_000).await);
    println!("open, p50: {few:?} among 100, {many:?} among 10,000");
    // Reading them all would take a hundred times as long; a busy machine is busy for both.
    assert!(many < few * 10, "{few:?} among 100, {many:?} among 10,000");
}

#[tokio::test]
async fn a_word_said_once_is_found_among_ten_thousand_sessions() {
    let home = Home::new();
    let store = memory_of(&home, 10_000).await;
    assert_eq!(store.search(ANN, "word7777", &Filter::default()).await.unwrap().len(), 1);
}

/// How long it takes to open a session among so many: the middle one of thirty.
#[cfg(test)]
async fn opening(sessions: u32) -> Duration {
    let home = Home::new();
    let store = memory_of(&home, sessions).await;
    let mut took = Vec::new();
    for number in (0..30).map(|step| 1 + step * (sessions - 1) / 30) {
        let key = ScopeKey {
            project: "default".into(),
            engine: "whisper-local".into(),
            session: format!("s{number}"),
        };
        let began = Instant::now();
        let whole = store.session(ANN, &key).await.unwrap();
        took.push(began.elapsed());
        assert_eq!(whole.turns.len(), 1);
    }
    took.sort_unstable();
    took[took.len() / 2]
}
