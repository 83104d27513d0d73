//! Pages and single sessions.

#[cfg(test)]
mod support;

use quoth_session::{scope::ProjectId, scope::ScopeKey, time::Wall, vocabulary::OwnerId};
use quoth_store::{Filter, StoreError};
use support::{Dictation, Home};

const ANN: OwnerId = OwnerId(1);

#[tokio::test]
async fn d25_pages_of_twenty_go_on_behind_the_last_row_whatever_comes_in_above() {
    let home = Home::new();
    let store = home.open(1).await;
    // Two of a kind: the same moment is no reason to lose or repeat one.
    for number in 1..=45 {
        store.record(&Dictation::new(number).began()).await.unwrap();
    }
    home.force("UPDATE sessions SET started_at = started_at - started_at % 300000").await;
    let (mut seen, mut after, mut sizes) = (Vec::new(), None, Vec::new());
    loop {
        let page = store.page(ANN, &Filter::default(), after).await.unwrap();
        sizes.push(page.sessions.len());
        seen.extend(page.sessions.into_iter().map(|card| (card.started_at, card.session_id)));
        if sizes.len() == 1 {
            store.record(&Dictation::new(100).began()).await.unwrap();
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [20, 20, 5]);
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "the latest first, each once");
    assert_eq!(store.count(ANN, &Filter::default()).await.unwrap(), 46);
}

#[tokio::test]
async fn d25_each_filter_narrows_the_page_and_the_count() {
    let home = Home::new();
    let store = home.open(1).await;
    Dictation::new(1).speak(&store, "the budget for spring").await;
    home.force("INSERT INTO projects (id, owner_id, name, created_at) VALUES ('mail', 1, 'Mail', 0)").await;
    let mut mail = Dictation::new(2);
    mail.scope.project_id = ProjectId("mail".into());
    mail.app = "thunderbird".into();
    store.record(&mail.began()).await.unwrap();
    let text = |text: &str| Some(text.to_owned());
    let began = |number| Dictation::new(number).began().at;
    let filters = [
        (Filter { project: text("mail"), ..Filter::default() }, 1),
        (Filter { app: text("thunderbird"), ..Filter::default() }, 1),
        (Filter { engine: text("whisper-local"), ..Filter::default() }, 2),
        (Filter { engine: text("other"), ..Filter::default() }, 0),
        (Filter { outcome: text("delivered"), ..Filter::default() }, 1),
        (Filter { outcome: text("starting"), ..Filter::default() }, 1),
        (Filter { from: Some(began(2)), ..Filter::default() }, 1),
        (Filter { until: Some(began(2)), ..Filter::default() }, 1),
        (Filter { from: Some(began(1)), until: Some(Wall(began(2).0 + 1)), ..Filter::default() }, 2),
        (Filter { text: text("spring budg"), ..Filter::default() }, 1),
        (Filter { text: text("winter"), ..Filter::default() }, 0),
    ];
    for (filter, expected) in filters {
        assert_eq!(store.page(ANN, &filter, None).await.unwrap().sessions.len(), expected, "{filter:?}");
        assert_eq!(store.count(ANN, &filter).await.unwrap(), i64::try_from(expected).unwrap());
    }
}

#[tokio::test]
async fn c7_a_session_of_another_owner_is_not_found_exactly_as_one_that_does_not_exist() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    spoken.speak(&store, "mine alone").await;
    home.force("INSERT INTO owners (id, name, created_at) VALUES (2, 'bob', 0)").await;
    let bob = OwnerId(2);
    let nowhere = Dictation::new(2).key();
    let foreign = store.session(bob, &spoken.key()).await.unwrap_err();
    let missing = store.session(ANN, &nowhere).await.unwrap_err();
    assert!(matches!(foreign, StoreError::NotFound { what: "session" }));
    assert_eq!(foreign.to_string(), missing.to_string());
    assert!(store.messages(bob, &spoken.key()).await.is_err());
    assert!(store.page(bob, &Filter::default(), None).await.unwrap().sessions.is_empty());
    assert!(store.search(bob, "alone", &Filter::default()).await.unwrap().is_empty());
    assert_eq!(store.count(bob, &Filter::default()).await.unwrap(), 0);
}

#[tokio::test]
async fn d18_a_session_with_a_temporary_name_has_no_messages_and_that_is_no_error() {
    let home = Home::new();
    let store = home.open(1).await;
    for name in ["new-session-17", "temp-1"] {
        let key =
            ScopeKey { project: "default".into(), engine: "whisper-local".into(), session: name.into() };
        assert_eq!(store.messages(ANN, &key).await.unwrap(), []);
    }
    let mut connection = home.connection(true).await;
    let insert = "INSERT INTO sessions (session_id, project_id, engine_id, owner_id, boot_id, token, trigger, mode, state, \
                  started_at, last_active_at) VALUES ('temp-1', 'p', 'e', 1, 'b', 1, 'hold', 'direct', 'starting', 0, 0)";
    let refused = sqlx::query(insert).execute(&mut connection).await.unwrap_err();
    assert!(refused.as_database_error().unwrap().is_check_violation());
}

#[tokio::test]
async fn c3_neither_owner_nor_run_nor_process_leaves_the_store_with_a_session() {
    let home = Home::new();
    let store = home.open(0xb007).await;
    let spoken = Dictation::new(1);
    spoken.speak(&store, "hello").await;
    let whole = serde_json::to_value(store.session(ANN, &spoken.key()).await.unwrap()).unwrap();
    let page = serde_json::to_value(store.page(ANN, &Filter::default(), None).await.unwrap()).unwrap();
    for json in [whole["card"].clone(), page["sessions"][0].clone()] {
        let mut fields: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        let shown = [
            "audio_ms",
            "ended_at",
            "engine_id",
            "has_take",
            "llm_applied",
            "preview",
            "project_id",
            "reason",
            "session_id",
            "started_at",
            "state",
            "target_app",
            "title",
            "trigger",
            "turns",
        ];
        assert_eq!(fields, shown);
    }
    for hidden in ["owner", "boot", "token", "4711"] {
        assert!(!whole.to_string().contains(hidden), "{hidden}");
    }
}
