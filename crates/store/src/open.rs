//! The open file: how it is opened, and the connections to it.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

use quoth_session::{ids::BootId, time::Wall};
use sqlx::{
    Connection, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{OpenError, StoreError, files};

/// All versions of the schema, the oldest first.
static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// How long a connection waits for another one's lock.
const BUSY: Duration = Duration::from_secs(5);
/// Connections that read. One more writes: SQLite has one writer at a time, and a queue in memory is fairer and faster than
/// its busy handler.
const READERS: u32 = 4;

/// This run of the app.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which run: its sessions are told from those of earlier ones by it.
    pub boot: BootId,
    /// The user's name with the system: what the first owner is called.
    pub person: String,
    /// Now.
    pub at: Wall,
}

/// The memory. Cheap to clone; all clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) path: PathBuf,
    pub(crate) run: Run,
    pub(crate) readers: SqlitePool,
    writer: SqlitePool,
}

impl Store {
    /// Opens the memory at `path`, made if need be, in a folder closed to everybody else, and brings its schema up to date.
    /// A file of a newer Quoth is refused and not touched.
    pub async fn open(path: &Path, run: Run) -> Result<Self, OpenError> {
        refuse_newer(path).await?;
        let of_files = |source| OpenError::Files { path: path.to_owned(), source };
        files::prepare(path).map_err(of_files)?;
        let _migrating = lock_beside(path).await.map_err(of_files)?;
        let writer = pool(path, 1).await?;
        // Another process may have changed it since it was looked at.
        refuse_newer(path).await?;
        MIGRATIONS
            .run(&writer)
            .await
            .map_err(|source| OpenError::Migration { path: path.to_owned(), source })?;
        let readers = pool(path, READERS).await?;
        Ok(Self { path: path.to_owned(), run, readers, writer })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes all connections; what was written is in the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Begins to write. The lock is taken at once: a transaction that reads first and locks later fails without waiting
    /// when another process wrote in between.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        // A turn that was reported as stored, or as pasted, is so after a power cut, too. A dictation writes some ten times.
        .synchronous(SqliteSynchronous::Full)
        .optimize_on_close(true, None)
}

async fn pool(path: &Path, connections: u32) -> Result<SqlitePool, OpenError> {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .after_connect(|connection, _| Box::pin(assert_foreign_keys(connection)))
        .connect_with(options(path))
        .await
        .map_err(|source| OpenError::Database { path: path.to_owned(), source })
}

/// A connection that does not enforce foreign keys is not used: SQLite ignores the pragma where it was built without them.
async fn assert_foreign_keys(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let enforced: bool = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(connection).await?;
    if enforced {
        Ok(())
    } else {
        Err(sqlx::Error::Configuration("this SQLite does not enforce foreign keys".into()))
    }
}

/// Looks at the file without writing to it.
async fn refuse_newer(path: &Path) -> Result<(), OpenError> {
    let of_database = |source| OpenError::Database { path: path.to_owned(), source };
    if std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok(());
    }
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    let looking = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY);
    let mut connection = SqliteConnection::connect_with(&looking).await.map_err(of_database)?;
    let found = newest_migration(&mut connection).await.map_err(of_database)?;
    connection.close().await.map_err(of_database)?;
    match found {
        Some(found) if found > known => Err(OpenError::Newer { path: path.to_owned(), found, known }),
        _ => Ok(()),
    }
}

async fn newest_migration(connection: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    let table: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_optional(&mut *connection)
            .await?;
    match table {
        Some(_) => {
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(connection).await
        }
        None => Ok(None),
    }
}

/// Two processes that start together must not both make the tables. Let go of when the file is dropped, or its process ends.
async fn lock_beside(path: &Path) -> std::io::Result<File> {
    let lock = File::options().create(true).append(true).open(path.with_extension("lock"))?;
    // Waiting for it would keep a thread from those who hold it.
    let waiting = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock));
    waiting.await.map_err(std::io::Error::other)?
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
