//! The connections themselves.

use super::*;

#[tokio::test]
async fn s7_all_five_connections_enforce_foreign_keys_and_write_ahead() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run { boot: BootId(uuid::Uuid::from_u128(1)), person: "ann".into(), at: Wall(0) };
    let store = Store::open(&folder.path().join("history.db"), run).await.unwrap();
    let mut held = vec![store.writer.acquire().await.unwrap()];
    for _ in 0..READERS {
        held.push(store.readers.acquire().await.unwrap());
    }
    assert_eq!(held.len(), 5);
    for connection in &mut held {
        let on: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut **connection).await.unwrap();
        let journal: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut **connection).await.unwrap();
        let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut **connection).await.unwrap();
        assert_eq!((on, journal.as_str(), busy), (1, "wal", 5_000));
    }
}

#[tokio::test]
async fn s7_a_connection_without_foreign_keys_is_not_used() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut connection).await.unwrap();
    assert!(assert_foreign_keys(&mut connection).await.is_err());
}
