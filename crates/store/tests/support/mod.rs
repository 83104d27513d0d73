//! What several of these tests need: a memory on a real file, and a way past it.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::path::PathBuf;

use quoth_session::{
    effect::{Fact, Record, WorkId},
    guard::{Target, WindowRef},
    ids::{BootId, PipelineSeq, SessionId, Token, TurnSeq},
    scope::{EngineId, ProjectId, Scope, ScopeKey},
    state::{Delivery, Outcome, State},
    time::Wall,
    vocabulary::{Mode, OwnerId, Trigger},
};
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

/// The dictation of this number: its identity and the facts of it, each a second after the one before.
pub(crate) struct Dictation {
    number: u64,
    pub(crate) scope: Scope,
    pub(crate) owner: OwnerId,
    pub(crate) app: String,
    clock: std::cell::Cell<i64>,
}

impl Dictation {
    pub(crate) fn new(number: u64) -> Self {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number.to_be_bytes());
        let at = DAWN + i64::try_from(number).unwrap() * 60_000;
        let scope = Scope {
            project_id: ProjectId("default".into()),
            project_name: "Default".into(),
            engine: EngineId::named(None),
            session: SessionId::mint(Wall(at), random),
        };
        Self { number, scope, owner: OwnerId(1), app: "editor".into(), clock: std::cell::Cell::new(at) }
    }

    pub(crate) fn key(&self) -> ScopeKey {
        self.scope.key()
    }

    pub(crate) fn token(&self) -> Token {
        Token::new(self.number).unwrap()
    }

    pub(crate) fn fact(&self, what: Fact) -> Record {
        let at = self.clock.get();
        self.clock.set(at + 1_000);
        Record { session: self.scope.session, token: self.token(), at: Wall(at), what }
    }

    pub(crate) fn began(&self) -> Record {
        let window = WindowRef { app: self.app.clone(), pid: 4711, window: Some(1) };
        self.fact(Fact::Began {
            scope: self.scope.clone(),
            owner: self.owner,
            trigger: Trigger::Hold,
            mode: Mode::Corrected,
            style: None,
            target: Target::Bound(window),
        })
    }

    /// A whole dictation of one turn, pasted.
    pub(crate) async fn speak(&self, store: &Store, raw: &str) {
        let work = work(1, 1);
        let pasted = Delivery::Pasted;
        let facts = [
            Fact::State(State::Recording),
            Fact::TurnBegan(work),
            Fact::Raw(work, raw.into()),
            Fact::Injected(work),
            Fact::Delivered(work, pasted),
            Fact::State(State::Ended(Outcome::Delivered(pasted))),
        ];
        store.record(&self.began()).await.unwrap();
        for fact in facts {
            store.record(&self.fact(fact)).await.unwrap();
        }
    }
}

pub(crate) fn work(turn: u64, pipeline: u64) -> WorkId {
    (TurnSeq::new(turn).unwrap(), PipelineSeq::new(pipeline).unwrap())
}
