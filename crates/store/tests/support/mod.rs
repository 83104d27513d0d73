//! What several of these tests need: a memory on a real file, and a way past it.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::path::PathBuf;

use quoth_session::{ids::BootId, time::Wall};
use quoth_store::{Run, Store};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// When the tests' day begins.
pub(crate) const DAWN: i64 = 1_700_000_000_000;

/// A folder with a memory in it, gone when dropped.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("memory").join("history.db")
    }

    /// Opens the memory as the app's run of this number does.
    pub(crate) async fn open(&self, boot: u128) -> Store {
        Store::open(&self.file(), run(boot)).await.unwrap()
    }

    /// A connection past the store, that enforces foreign keys or does not.
    pub(crate) async fn connection(&self, foreign_keys: bool) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.file()).foreign_keys(foreign_keys);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Does what the text says, past the store, without foreign keys.
    pub(crate) async fn force(&self, sql: &str) {
        let mut connection = self.connection(false).await;
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The one number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let mut connection = self.connection(true).await;
        let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        number
    }

    /// The one text that a query gives.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let mut connection = self.connection(true).await;
        let text = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        text
    }
}

pub(crate) fn run(boot: u128) -> Run {
    Run { boot: BootId(uuid::Uuid::from_u128(boot)), person: "ann".into(), at: Wall(DAWN) }
}
