//! The queue across restarts, and versions of a text.

#[cfg(test)]
mod support;

use quoth_session::{
    effect::Fact,
    ids::TurnSeq,
    queue::{SavedTurn, TurnId},
    time::Wall,
    vocabulary::OwnerId,
};
use quoth_store::{Store, StoreError, VersionId, VersionKind};
use support::{DAWN, Dictation, Home, work};
use uuid::Uuid;

const ANN: OwnerId = OwnerId(1);

fn saved(number: u128, session: &str, pos: i64) -> SavedTurn {
    SavedTurn {
        id: Uuid::from_u128(number).to_string(),
        session: session.into(),
        text: Some("words".into()),
        job: "correct".into(),
        kind: "steer".into(),
        status: "queued".into(),
        pos,
        created_at: DAWN,
        ..SavedTurn::default()
    }
}

#[tokio::test]
async fn d60_the_queue_comes_back_as_it_was_saved_and_what_went_out_stays_marked() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    spoken.speak(&store, "hello").await;
    let session = spoken.key().to_string();
    let turns = vec![saved(2, &session, 0), saved(1, &session, 1)];
    assert_eq!(store.save_queue(&turns).await.unwrap(), Vec::<String>::new());
    let store = home.open(2).await;
    assert_eq!(store.saved_queue().await.unwrap(), turns);

    let first = TurnId(Uuid::from_u128(2));
    assert!(store.mark_delivered(first, Wall(DAWN + 5)).await.unwrap());
    assert!(!store.mark_delivered(first, Wall(DAWN + 6)).await.unwrap());
    store.save_queue(&turns).await.unwrap();
    let again = store.saved_queue().await.unwrap();
    assert_eq!(again[0].delivered_at, Some(DAWN + 5));
    store.save_queue(&turns[1..]).await.unwrap();
    assert_eq!(store.saved_queue().await.unwrap(), turns[1..]);
}

#[tokio::test]
async fn d60_what_cannot_be_queued_is_named_and_the_rest_is_saved() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    spoken.speak(&store, "hello").await;
    let session = spoken.key().to_string();
    let blank = SavedTurn { text: Some("  ".into()), ..saved(2, &session, 1) };
    let lost = SavedTurn { text: None, recording: Some(Uuid::nil().to_string()), ..saved(3, &session, 2) };
    let odd = SavedTurn { job: "?".into(), kind: "?".into(), status: "?".into(), ..saved(4, &session, 3) };
    let nowhere = saved(5, &Dictation::new(7).key().to_string(), 0);
    let turns = [saved(1, &session, 0), blank, lost, odd, nowhere, saved(6, "nonsense", 0)];
    let refused: Vec<String> = [2, 3, 5, 6].map(|number| Uuid::from_u128(number).to_string()).into();
    assert_eq!(store.save_queue(&turns).await.unwrap(), refused);
    let kept = store.saved_queue().await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(
        (kept[1].job.as_str(), kept[1].kind.as_str(), kept[1].status.as_str()),
        ("transcribe", "normal", "paused")
    );
}

#[cfg(test)]
async fn chosen(store: &Store, spoken: &Dictation) -> (String, usize) {
    let whole = store.session(ANN, &spoken.key()).await.unwrap();
    let versions = &whole.turns[0].versions;
    let chosen: Vec<_> = versions.iter().filter(|version| version.chosen).collect();
    assert_eq!(chosen.len(), 1, "one counts");
    (chosen[0].text.as_str().to_owned(), versions.len())
}

#[tokio::test]
async fn s7_editing_and_doing_again_add_versions_and_the_users_words_count_until_the_user_takes_others() {
    let home = Home::new();
    let store = home.open(1).await;
    let spoken = Dictation::new(1);
    spoken.speak(&store, "first").await;
    let (key, turn, at) = (spoken.key(), TurnSeq::FIRST, Wall(DAWN));

    let run = store.do_again(ANN, &key, turn).await.unwrap();
    assert_eq!(run.get(), 2);
    let again =
        store.add_version(ANN, &key, (turn, run), VersionKind::Raw, &"second".into(), at).await.unwrap();
    assert_eq!(chosen(&store, &spoken).await, ("second".into(), 2));
    let told_twice = store.add_version(ANN, &key, (turn, run), VersionKind::Raw, &"second".into(), at).await;
    assert_eq!(told_twice.unwrap(), again);

    store.edit(ANN, &key, turn, &"mine".into(), at).await.unwrap();
    assert_eq!(chosen(&store, &spoken).await, ("mine".into(), 3));
    let run = store.do_again(ANN, &key, turn).await.unwrap();
    store.add_version(ANN, &key, (turn, run), VersionKind::Corrected, &"Third.".into(), at).await.unwrap();
    store.record(&spoken.fact(Fact::Raw(work(1, 1), "late".into()))).await.unwrap();
    assert_eq!(chosen(&store, &spoken).await, ("mine".into(), 5));

    store.choose(ANN, &key, turn, again).await.unwrap();
    assert_eq!(chosen(&store, &spoken).await, ("second".into(), 5));
    let missing = store.choose(ANN, &key, turn, VersionId(999)).await;
    assert!(matches!(missing, Err(StoreError::NotFound { what: "version" })));
    let foreign = store.edit(OwnerId(2), &key, turn, &"theirs".into(), at).await;
    assert!(matches!(foreign, Err(StoreError::NotFound { what: "session" })));
    assert_eq!(chosen(&store, &spoken).await, ("second".into(), 5));
    // Edited words are found, too.
    assert_eq!(store.search(ANN, "mine", &quoth_store::Filter::default()).await.unwrap().len(), 1);
}
