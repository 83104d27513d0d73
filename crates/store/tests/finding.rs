//! Search as people expect it.

#[cfg(test)]
mod support;

use proptest::{prelude::*, test_runner::TestRunner};
use quoth_session::{effect::Fact, vocabulary::OwnerId};
use quoth_store::{Filter, Store};
use support::{Dictation, Home, work};

const ANN: OwnerId = OwnerId(1);

const SAID: [&str; 6] = [
    "Please move the budget meeting to Tuesday morning",
    "Die Größe der Straße prüfen wir am Dienstag",
    "今天天气很好，我们去公园开会",
    "東京タワーに行きたいです",
    "don't forget the x-ray, it's NEAR the C++ book",
    "budget numbers: meeting notes",
];

async fn filled(home: &Home) -> Store {
    let store = home.open(1).await;
    for (number, text) in (1..).zip(SAID) {
        Dictation::new(number).speak(&store, text).await;
    }
    store
}

#[cfg(test)]
async fn found(store: &Store, typed: &str) -> Vec<usize> {
    let hits = store.search(ANN, typed, &Filter::default()).await.unwrap();
    let number =
        |preview: Option<String>| SAID.iter().position(|said| Some(*said) == preview.as_deref()).unwrap();
    let mut found: Vec<usize> = hits.into_iter().map(|hit| number(hit.card.preview)).collect();
    found.sort_unstable();
    found
}

#[tokio::test]
async fn s7_words_are_found_in_any_order_unfinished_and_without_case_or_accents() {
    let home = Home::new();
    let store = filled(&home).await;
    let expected: [(&str, &[usize]); 13] = [
        ("meeting budget", &[0, 5]),
        ("BUDGET meet", &[0, 5]),
        ("meet budget", &[]),
        ("\"budget meeting\"", &[0]),
        ("\"meeting budget\"", &[]),
        ("\"budget meeting\" tues", &[0]),
        ("größe", &[1]),
        ("prufen dienst", &[1]),
        ("天气", &[2]),
        ("公园 今天", &[2]),
        ("气天", &[]),
        ("タワー", &[3]),
        ("会", &[2]),
    ];
    for (typed, expected) in expected {
        assert_eq!(found(&store, typed).await, expected, "{typed}");
    }
}

#[tokio::test]
async fn s7_operators_typed_by_accident_are_words() {
    let home = Home::new();
    let store = filled(&home).await;
    let expected: [(&str, &[usize]); 12] = [
        ("near", &[4]),
        ("NEAR(budget", &[]),
        ("budget OR straße", &[]),
        ("budget -meeting", &[0, 5]),
        ("x-ray", &[4]),
        ("don't", &[4]),
        ("c++", &[4]),
        ("text:budget", &[]),
        ("\"budget", &[0, 5]),
        ("bud*", &[0, 5]),
        ("\" * - ^ ( ) : ' \"", &[]),
        ("", &[]),
    ];
    for (typed, expected) in expected {
        assert_eq!(found(&store, typed).await, expected, "{typed}");
    }
}

#[tokio::test]
async fn s7_a_hit_shows_where_it_was_found_as_it_was_written() {
    let home = Home::new();
    let store = filled(&home).await;
    for (typed, before, marked) in [("prufen", "Die Größe der Straße ", "prüfen"), ("天气", "今天", "天气")]
    {
        let hits = store.search(ANN, typed, &Filter::default()).await.unwrap();
        let snippet = &hits[0].snippet;
        assert_eq!((snippet[0].text.as_str(), snippet[0].found), (before, false));
        assert_eq!((snippet[1].text.as_str(), snippet[1].found), (marked, true));
        let whole: String = snippet.iter().map(|piece| piece.text.as_str()).collect();
        assert!(SAID.contains(&whole.as_str()), "{whole}");
    }
}

#[tokio::test]
async fn s7_the_better_match_comes_first_and_raw_and_corrected_texts_make_one_hit() {
    let home = Home::new();
    let store = home.open(1).await;
    let long = format!("invoice {}", "and many other words ".repeat(20));
    Dictation::new(1).speak(&store, "invoice invoice").await;
    Dictation::new(2).speak(&store, &long).await;
    let third = Dictation::new(3);
    third.speak(&store, "something else").await;
    store.record(&third.fact(Fact::Corrected(work(1, 1), "Something else, no bill".into()))).await.unwrap();
    let hits = store.search(ANN, "invoice", &Filter::default()).await.unwrap();
    let starts: Vec<i64> = hits.iter().map(|hit| hit.card.started_at).collect();
    assert_eq!(hits.len(), 2);
    assert!(starts[0] < starts[1], "the older one is the better one");
    assert_eq!(store.search(ANN, "something else", &Filter::default()).await.unwrap().len(), 1);
    assert_eq!(store.search(ANN, "bill", &Filter::default()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn s7_the_index_follows_what_is_deleted() {
    let home = Home::new();
    let store = filled(&home).await;
    let mut connection = home.connection(true).await;
    sqlx::query("DELETE FROM sessions WHERE token IN (1, 3)").execute(&mut connection).await.unwrap();
    assert_eq!(found(&store, "budget").await, [5]);
    assert_eq!(found(&store, "天气").await, [0_usize; 0]);
    sqlx::query("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        .execute(&mut connection)
        .await
        .unwrap();
}

#[test]
fn s7_nothing_that_can_be_typed_is_an_error() {
    let home = Home::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime.block_on(filled(&home));
    let typed = prop_oneof![
        ".{0,40}",
        "[\"'*^:(){}+ -]{0,12}(NEAR|AND|OR|NOT|text)?[\"'*^:(){}+ -]{0,12}[a-c天]{0,3}\"?",
        proptest::collection::vec(any::<char>(), 0..30).prop_map(String::from_iter),
    ];
    let mut runner = TestRunner::new(ProptestConfig::with_cases(2_000));
    let checked = runner.run(&typed, |typed| {
        let found = runtime.block_on(store.search(ANN, &typed, &Filter::default()));
        prop_assert!(found.is_ok(), "{:?} {:?}", typed, found);
        let filter = Filter { text: Some(typed), ..Filter::default() };
        prop_assert!(runtime.block_on(store.page(ANN, &filter, None)).is_ok());
        Ok(())
    });
    checked.unwrap();
}
