//! Facts, each on disk when it was answered for.

#[cfg(test)]
mod support;

use quoth_session::{
    effect::Fact,
    history::{History, NewMessage, Role},
    ids::TurnSeq,
    scope::{EngineId, ProjectId},
    state::{Cancel, Delivery, Outcome, State},
    time::{Millis, Now, Tick, Wall},
    vocabulary::{OwnerId, StyleId},
};
use quoth_store::{Recorded, StoreError, VersionKind};
use support::{DAWN, Dictation, Home, work};

const ANN: OwnerId = OwnerId(1);

#[tokio::test]
async fn c15_every_fact_is_on_disk_when_it_was_answered_for() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    let steps = [
        (spoken.began(), "SELECT count(*) FROM sessions WHERE state = 'starting'"),
        (spoken.fact(Fact::TurnBegan(work(1, 1))), "SELECT count(*) FROM turns"),
        (
            spoken.fact(Fact::State(State::Recording)),
            "SELECT count(*) FROM sessions WHERE state = 'recording'",
        ),
        (
            spoken.fact(Fact::TakeEnded(work(1, 1), Millis(1_500))),
            "SELECT count(*) FROM sessions WHERE audio_ms = 1500",
        ),
        (spoken.fact(Fact::Raw(work(1, 1), "helo".into())), "SELECT count(*) FROM messages WHERE chosen = 1"),
        (
            spoken.fact(Fact::Corrected(work(1, 1), "Hello.".into())),
            "SELECT count(*) FROM messages WHERE chosen = 1 AND text = 'Hello.'",
        ),
        (spoken.fact(Fact::Injected(work(1, 1))), "SELECT count(*) FROM turns WHERE injected_at IS NOT NULL"),
        (
            spoken.fact(Fact::Delivered(work(1, 1), Delivery::Pasted)),
            "SELECT count(*) FROM turns WHERE delivered = 'pasted' AND delivered_at IS NOT NULL",
        ),
        (
            spoken.fact(Fact::State(State::Ended(Outcome::Delivered(Delivery::Pasted)))),
            "SELECT count(*) FROM sessions WHERE state = 'delivered' AND reason = 'pasted' AND ended_at IS NOT NULL \
             AND title = 'Hello.' AND llm_applied = 1",
        ),
    ];
    for (record, seen) in steps {
        assert_eq!(home.number(seen).await, 0, "{seen}");
        assert_eq!(store.record(&record).await.unwrap(), Recorded::Written);
        // Another connection sees it: it is committed.
        assert_eq!(home.number(seen).await, 1, "{seen}");
    }
}

#[tokio::test]
async fn s7_a_fact_told_twice_is_written_once_and_an_ended_session_never_moves() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    let ended = Fact::State(State::Ended(Outcome::Cancelled(Cancel::User)));
    let facts = [
        spoken.began(),
        spoken.fact(Fact::Raw(work(1, 1), "hello".into())),
        spoken.fact(Fact::CorrectionLeftOut(work(1, 1), "timeout".into())),
        spoken.fact(Fact::Corrected(work(1, 1), "Hello.".into())),
        spoken.fact(Fact::Injected(work(1, 1))),
        spoken.fact(Fact::Delivered(work(1, 1), Delivery::Copied)),
        spoken.fact(ended),
    ];
    for fact in &facts {
        assert_eq!(store.record(fact).await.unwrap(), Recorded::Written);
        assert_eq!(store.record(fact).await.unwrap(), Recorded::Repeated, "{fact:?}");
    }
    let moved = spoken.fact(Fact::State(State::Recording));
    assert_eq!(store.record(&moved).await.unwrap(), Recorded::Repeated);
    assert_eq!(home.text("SELECT state FROM sessions").await, "cancelled");
    assert_eq!(home.number("SELECT count(*) FROM messages").await, 2);
}

#[tokio::test]
async fn s7_a_fact_of_a_session_that_is_not_there_is_told_so_and_a_missing_turn_is_made() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    let raw = spoken.fact(Fact::Raw(work(2, 1), "words".into()));
    assert!(matches!(store.record(&raw).await, Err(StoreError::NotFound { what: "session" })));
    store.record(&spoken.began()).await.unwrap();
    store.record(&raw).await.unwrap();
    assert_eq!(home.number("SELECT turn_seq FROM turns").await, 2);
}

#[tokio::test]
async fn d65_a_bad_owner_project_engine_and_style_are_resolved_and_what_was_asked_for_is_kept() {
    let home = Home::new();
    let store = home.open(1).await;
    let current = store.current_owner().await.unwrap();
    store.use_owner(current, Wall(DAWN)).await.unwrap();
    let mut spoken = Dictation::new(1);
    spoken.owner = OwnerId(9999);
    spoken.scope.project_id = ProjectId("gone".into());
    spoken.scope.engine = EngineId::named(Some("Parakeet"));
    let mut began = spoken.began();
    if let Fact::Began { style, .. } = &mut began.what {
        *style = Some(StyleId(77));
    }
    assert_eq!(store.record(&began).await.unwrap(), Recorded::Written);
    let row = "SELECT owner_id || ' ' || owner_source || ' ' || requested_owner || ' ' || project_id || ' ' || \
               requested_project || ' ' || engine_id || ' ' || ifnull(style_id, 'none') || ' ' || requested_style FROM sessions";
    assert_eq!(home.text(row).await, "1 fallback_user 9999 default gone parakeet none 77");
    let engine = "SELECT kind || ' ' || display_name FROM engines WHERE id = 'parakeet'";
    assert_eq!(home.text(engine).await, "remote unknown");
    // It is found by the identity that the app knows it by, too.
    assert_eq!(store.session(ANN, &spoken.key()).await.unwrap().card.project_id, "default");
}

#[tokio::test]
async fn d65_an_inactive_owner_gives_way_and_without_owners_one_is_made_with_the_session() {
    let home = Home::new();
    let store = home.open(1).await;
    store.record(&Dictation::new(1).began()).await.unwrap();
    assert_eq!(home.text("SELECT name FROM owners").await, "ann");
    home.force("INSERT INTO owners (id, name, is_active, created_at) VALUES (2, 'bob', 0, 0)").await;
    let mut spoken = Dictation::new(2);
    spoken.owner = OwnerId(2);
    store.record(&spoken.began()).await.unwrap();
    let row = "SELECT owner_id || owner_source || requested_owner FROM sessions WHERE token = 2";
    assert_eq!(home.text(row).await, "1first_active2");
}

#[tokio::test]
async fn s7_a_reference_that_breaks_again_is_a_typed_error_and_nothing_is_half_written() {
    let home = Home::new();
    let store = home.open(1).await;
    store.record(&Dictation::new(1).began()).await.unwrap();
    home.force(
        "CREATE TRIGGER sabotage BEFORE INSERT ON sessions WHEN new.token = 2 \
         BEGIN UPDATE engines SET id = 'elsewhere' WHERE id = new.engine_id; END",
    )
    .await;
    let mut spoken = Dictation::new(2);
    spoken.scope.engine = EngineId::named(Some("other"));
    let refused = store.record(&spoken.began()).await;
    assert!(matches!(refused, Err(StoreError::ForeignKey { table: "sessions", .. })), "{refused:?}");
    assert_eq!(home.number("SELECT count(*) FROM engines WHERE id = 'other'").await, 0);
    // The memory goes on.
    store.record(&Dictation::new(3).began()).await.unwrap();
}

#[tokio::test]
async fn d66_an_owner_with_history_cannot_be_deleted() {
    let home = Home::new();
    home.open(1).await.record(&Dictation::new(1).began()).await.unwrap();
    let mut connection = home.connection(true).await;
    let refused = sqlx::query("DELETE FROM owners").execute(&mut connection).await.unwrap_err();
    assert!(refused.to_string().contains("FOREIGN KEY"), "{refused}");
    assert_eq!(home.number("SELECT count(*) FROM owners").await, 1);
}

#[tokio::test]
async fn d4_the_same_session_id_under_another_engine_or_project_is_another_row() {
    let home = Home::new();
    let store = home.open(1).await;
    let first = Dictation::new(1);
    store.record(&first.began()).await.unwrap();
    home.force("INSERT INTO projects (id, owner_id, name, created_at) VALUES ('mail', 1, 'Mail', 0)").await;
    for (token, project, engine) in [(2, "default", "remote"), (3, "mail", "whisper-local")] {
        let mut other = Dictation::new(token);
        other.scope.session = first.scope.session;
        other.scope.project_id = ProjectId(project.into());
        other.scope.engine = EngineId::named(Some(engine));
        store.record(&other.began()).await.unwrap();
        assert_eq!(store.session(ANN, &other.key()).await.unwrap().card.engine_id, engine);
    }
    assert_eq!(home.number("SELECT count(*) FROM sessions").await, 3);
}

#[tokio::test]
async fn c13_a_late_correction_stands_under_its_words_and_a_reload_has_the_order_of_memory() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    store.record(&spoken.began()).await.unwrap();
    let mut memory = History::default();
    // So many into the same gap that the places run out and all are given anew.
    let mut said = vec![(Role::User, 1, "u1".to_owned()), (Role::User, 2, "u2".to_owned())];
    said.extend((0..14).map(|number| (Role::Assistant, 1, format!("a1 {number}"))));
    said.extend([(Role::User, 3, "u3".to_owned()), (Role::Assistant, 2, "a2".to_owned())]);
    let mut renumbered = 0;
    for (role, turn, text) in said {
        let id = work(turn, 1);
        let fact = if role == Role::User {
            Fact::Raw(id, text.as_str().into())
        } else {
            Fact::Corrected(id, text.as_str().into())
        };
        let record = spoken.fact(fact);
        store.record(&record).await.unwrap();
        let message = NewMessage { role, turn: TurnSeq::new(turn), text: text.into(), at: None };
        let added = memory.add(message, Now { tick: Tick(0), wall: record.at });
        renumbered += usize::from(added.renumbered);
        assert_eq!(store.messages(ANN, &spoken.key()).await.unwrap(), memory.snapshot());
    }
    assert!(renumbered > 0);
    let again = home.open(2).await.messages(ANN, &spoken.key()).await.unwrap();
    assert_eq!(History::load(again), memory);
}

#[tokio::test]
async fn d50_a_text_is_given_away_once_whoever_asks() {
    let home = Home::new();
    let stores = [home.open(1).await, home.open(1).await, home.open(1).await];
    let spoken = Dictation::new(1);
    stores[0].record(&spoken.began()).await.unwrap();
    let asked = (0..12).map(|number| {
        let (store, token) = (stores[number % 3].clone(), spoken.token());
        tokio::spawn(async move { store.claim_injection(token, TurnSeq::FIRST, Wall(DAWN)).await.unwrap() })
    });
    let asked: Vec<_> = asked.collect();
    let mut given = 0;
    for answer in asked {
        given += usize::from(answer.await.unwrap());
    }
    assert_eq!(given, 1);
    let told = stores[1].record(&spoken.fact(Fact::Injected(work(1, 1)))).await.unwrap();
    assert_eq!(told, Recorded::Repeated);
}

#[tokio::test]
async fn s7_doing_it_again_adds_a_version_and_a_correction_after_the_raw_text_went_out_is_kept_beside_it() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    let facts = [
        Fact::Raw(work(1, 1), "first".into()),
        Fact::CorrectionLeftOut(work(1, 1), "timeout".into()),
        Fact::Corrected(work(1, 1), "First.".into()),
        Fact::Raw(work(1, 2), "second".into()),
        Fact::Raw(work(1, 1), "late first".into()),
    ];
    store.record(&spoken.began()).await.unwrap();
    let mut chosen = Vec::new();
    for fact in facts {
        store.record(&spoken.fact(fact)).await.unwrap();
        let whole = store.session(ANN, &spoken.key()).await.unwrap();
        let version = whole.turns[0].versions.iter().find(|version| version.chosen).unwrap();
        chosen.push(version.text.as_str().to_owned());
    }
    assert_eq!(chosen, ["first", "first", "first", "second", "second"]);
    let whole = store.session(ANN, &spoken.key()).await.unwrap();
    let texts: Vec<_> = whole.turns[0].versions.iter().map(|version| version.text.as_str()).collect();
    assert_eq!(texts, ["first", "First.", "second", "late first"]);
    assert_eq!(whole.turns[0].versions[1].kind, VersionKind::Corrected);
    let attempts: Vec<_> = whole.turns[0].attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
    assert_eq!(attempts, ["left_out", "late"]);
}
