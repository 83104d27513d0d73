//! Rows that refer to what is not there: from a file that was changed by other hands, or by a Quoth with a mistake in it.
//!
//! Nothing the user said is thrown away for it. What a session refers to is resolved as for a new one; what lost its session or
//! turn gets a new one of the same number. Only a queued turn goes whose take is gone, because nothing of it is left.

use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use crate::{
    DEFAULT_PROJECT, Run, Store, StoreError,
    owner::{self, OwnerWishes},
    place,
};

/// A reference that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The table it stood in.
    pub table: String,
    /// The row.
    pub row: i64,
    /// The table it went to.
    pub parent: String,
}

/// Each round may uncover what the one before has put in place; more than this many is no repair.
const ROUNDS: usize = 5;

/// Repairs all that is broken, and says what it was.
pub(crate) async fn all(store: &Store) -> Result<Vec<Repair>, StoreError> {
    let mut repaired = Vec::new();
    let mut transaction = store.write().await?;
    for _ in 0..ROUNDS {
        let broken = broken(&mut transaction).await?;
        if broken.is_empty() {
            break;
        }
        for repair in broken {
            mend(&mut transaction, &store.run, &repair).await?;
            tracing::warn!(
                table = repair.table,
                row = repair.row,
                parent = repair.parent,
                "a reference was repaired"
            );
            repaired.push(repair);
        }
    }
    transaction.commit().await?;
    Ok(repaired)
}

async fn broken(connection: &mut SqliteConnection) -> Result<Vec<Repair>, StoreError> {
    let rows = sqlx::query("PRAGMA foreign_key_check").fetch_all(connection).await?;
    rows.iter()
        .map(|row| Ok(Repair { table: row.try_get(0)?, row: row.try_get(1)?, parent: row.try_get(2)? }))
        .collect()
}

async fn mend(connection: &mut SqliteConnection, run: &Run, repair: &Repair) -> Result<(), StoreError> {
    let row = repair.row;
    match (repair.table.as_str(), repair.parent.as_str()) {
        (table, "owners") => owner_of(connection, run, table, row).await,
        ("sessions", "projects") => {
            let owner = owner::resolve(connection, OwnerWishes::default(), run).await?;
            place::ensure_default_project(connection, owner.id, run).await?;
            change(
                connection,
                "UPDATE OR IGNORE sessions SET requested_project = project_id, project_id = ?2 WHERE pk = ?1",
                row,
                DEFAULT_PROJECT,
            )
            .await
        }
        ("sessions", "engines") => {
            let add = "INSERT INTO engines (id, kind, display_name) \
                       SELECT engine_id, 'remote', 'unknown' FROM sessions WHERE pk = ?1 AND ?2 = '' ON CONFLICT (id) DO NOTHING";
            change(connection, add, row, "").await
        }
        (_, "sessions") => session_of(connection, run, &repair.table, row).await,
        (_, "turns") => turn_of(connection, run, &repair.table, row).await,
        ("queued_turns", "recordings") => {
            let words = "UPDATE queued_turns SET recording_id = NULL WHERE rowid = ?1 AND trim(ifnull(text, '')) <> ?2";
            change(connection, words, row, "").await?;
            let nothing =
                "DELETE FROM queued_turns WHERE rowid = ?1 AND recording_id IS NOT NULL AND ?2 = ''";
            change(connection, nothing, row, "").await
        }
        (table, parent) => unset(connection, table, parent, row).await,
    }
}

/// Runs a statement with the row and one text.
async fn change(
    connection: &mut SqliteConnection,
    statement: &'static str,
    row: i64,
    text: &str,
) -> Result<(), StoreError> {
    sqlx::query(statement).bind(row).bind(text).execute(connection).await?;
    Ok(())
}

async fn owner_of(
    connection: &mut SqliteConnection,
    run: &Run,
    table: &str,
    row: i64,
) -> Result<(), StoreError> {
    let owner = owner::resolve(connection, OwnerWishes::default(), run).await?;
    let statement = match table {
        "sessions" | "projects" => format!(
            "UPDATE {table} SET requested_owner = owner_id, owner_id = ?2, owner_source = ?3 WHERE rowid = ?1"
        ),
        // An entry that the owner has already is not wanted twice.
        _ => "UPDATE OR REPLACE dictionary SET owner_id = ?2 WHERE rowid = ?1 AND ?3 <> ''".to_owned(),
    };
    sqlx::query(&statement).bind(row).bind(owner.id.0).bind(owner.source.name()).execute(connection).await?;
    Ok(())
}

/// A session in place of one that is gone, so that what belonged to it is seen again.
async fn session_of(
    connection: &mut SqliteConnection,
    run: &Run,
    table: &str,
    row: i64,
) -> Result<(), StoreError> {
    let missing: i64 = sqlx::query_scalar(&format!("SELECT session_pk FROM {table} WHERE rowid = ?"))
        .bind(row)
        .fetch_one(&mut *connection)
        .await?;
    put_session(connection, run, Some(missing)).await?;
    Ok(())
}

/// A turn in place of one that is gone; a message still knows its session, anything else gets a new one.
async fn turn_of(
    connection: &mut SqliteConnection,
    run: &Run,
    table: &str,
    row: i64,
) -> Result<(), StoreError> {
    let missing: i64 = sqlx::query_scalar(&format!("SELECT turn_pk FROM {table} WHERE rowid = ?"))
        .bind(row)
        .fetch_one(&mut *connection)
        .await?;
    let known = match table {
        "messages" | "timeline" => {
            sqlx::query_scalar(&format!("SELECT session_pk FROM {table} WHERE rowid = ?"))
                .bind(row)
                .fetch_optional(&mut *connection)
                .await?
        }
        _ => None,
    };
    let session = put_session(connection, run, known).await?;
    sqlx::query(
        "INSERT INTO turns (pk, session_pk, turn_seq, started_at) \
         SELECT ?1, ?2, 1 + ifnull(max(turn_seq), 0), ?3 FROM turns WHERE session_pk = ?2 ON CONFLICT (pk) DO NOTHING",
    )
    .bind(missing)
    .bind(session)
    .bind(run.at.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// The session of this number, put there if it is not.
async fn put_session(
    connection: &mut SqliteConnection,
    run: &Run,
    pk: Option<i64>,
) -> Result<i64, StoreError> {
    let there: Option<i64> = sqlx::query_scalar("SELECT pk FROM sessions WHERE pk = ?")
        .bind(pk)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(pk) = there {
        return Ok(pk);
    }
    let owner = owner::resolve(connection, OwnerWishes::default(), run).await?;
    place::ensure_default_project(connection, owner.id, run).await?;
    let id = Uuid::new_v4().to_string();
    // A run of its own, so that its token is nobody else's.
    let put = sqlx::query(
        "INSERT INTO sessions (pk, session_id, project_id, engine_id, owner_id, owner_source, boot_id, token, trigger, mode, \
         state, reason, started_at, last_active_at, ended_at) \
         VALUES (?1, ?2, ?3, 'whisper-local', ?4, ?5, ?2, 1, 'cli', 'direct', 'failed', 'interrupted', ?6, ?6, ?6)",
    )
    .bind(pk)
    .bind(id)
    .bind(DEFAULT_PROJECT)
    .bind(owner.id.0)
    .bind(owner.source.name())
    .bind(run.at.0)
    .execute(connection)
    .await?;
    Ok(put.last_insert_rowid())
}

/// What may be missing is left out.
async fn unset(
    connection: &mut SqliteConnection,
    table: &str,
    parent: &str,
    row: i64,
) -> Result<(), StoreError> {
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT \"from\" FROM pragma_foreign_key_list(?1) WHERE \"table\" = ?2 ORDER BY id",
    )
    .bind(table)
    .bind(parent)
    .fetch_all(&mut *connection)
    .await?;
    for column in columns {
        let missing = format!(
            "UPDATE OR REPLACE {table} SET {column} = NULL WHERE rowid = ?1 AND {column} IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM {parent} WHERE {parent}.{key} = {table}.{column})",
            key = if parent == "messages" { "pk" } else { "id" }
        );
        sqlx::query(&missing).bind(row).execute(&mut *connection).await?;
    }
    Ok(())
}
