//! The queue of turns that wait for work, as [`quoth_session::queue`] wants it stored.

use std::collections::HashSet;

use quoth_session::{
    queue::{SavedTurn, TurnId},
    scope::ScopeKey,
    text::Text,
    time::Wall,
};
use sqlx::SqliteConnection;

use crate::{Store, StoreError};

impl Store {
    /// Stores the queue as [`quoth_session::queue::Queue::saved`] gives it, in place of what was stored; one that was marked
    /// as delivered stays so. Answers the ids of those that could not be stored: their session or recording is not there,
    /// or there is nothing in them to work on.
    pub async fn save_queue(&self, turns: &[SavedTurn]) -> Result<Vec<String>, StoreError> {
        let mut transaction = self.write().await?;
        let kept: HashSet<&str> = turns.iter().map(|turn| turn.id.as_str()).collect();
        let stored = sqlx::query_scalar!(r#"SELECT id AS "id!" FROM queued_turns"#)
            .fetch_all(&mut *transaction)
            .await?;
        for gone in stored.iter().filter(|id| !kept.contains(id.as_str())) {
            sqlx::query!("DELETE FROM queued_turns WHERE id = ?", gone).execute(&mut *transaction).await?;
        }
        let mut refused = Vec::new();
        for turn in turns {
            if !save(&mut transaction, turn).await? {
                refused.push(turn.id.clone());
            }
        }
        transaction.commit().await?;
        Ok(refused)
    }

    /// The queue as it is stored, session by session in its order; [`quoth_session::Sessions::load_queue`] makes of it what is
    /// to be made.
    pub async fn saved_queue(&self) -> Result<Vec<SavedTurn>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT q.id AS "id!", s.project_id, s.engine_id, s.session_id, q.recording_id, q.text, q.job, q.kind,
               q.status, q.pos, q.created_at, q.dispatched_at, q.delivered_at
               FROM queued_turns q JOIN sessions s ON s.pk = q.session_pk ORDER BY q.session_pk, q.pos, q.created_at"#
        )
        .fetch_all(&self.readers)
        .await?;
        let turn = rows.into_iter().map(|row| {
            let session =
                ScopeKey { project: row.project_id, engine: row.engine_id, session: row.session_id };
            SavedTurn {
                id: row.id,
                session: session.to_string(),
                recording: row.recording_id,
                text: row.text.map(Text::from),
                job: row.job,
                kind: row.kind,
                status: row.status,
                pos: row.pos,
                created_at: row.created_at,
                dispatched_at: row.dispatched_at,
                delivered_at: row.delivered_at,
            }
        });
        Ok(turn.collect())
    }

    /// Marks that a queued turn's words go out now: true for exactly one of all that ask.
    pub async fn mark_delivered(&self, turn: TurnId, at: Wall) -> Result<bool, StoreError> {
        let id = turn.0.to_string();
        let mut transaction = self.write().await?;
        let done = sqlx::query!(
            "UPDATE queued_turns SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL",
            at.0,
            id
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}

/// Whether the turn could be stored.
async fn save(connection: &mut SqliteConnection, turn: &SavedTurn) -> Result<bool, StoreError> {
    let Some(key) = ScopeKey::parse(&turn.session) else { return Ok(false) };
    let session = sqlx::query_scalar!(
        r#"SELECT pk AS "pk!" FROM sessions WHERE session_id = ?1 AND engine_id = ?2
           AND (project_id = ?3 OR requested_project = ?3) ORDER BY project_id = ?3 DESC LIMIT 1"#,
        key.session,
        key.engine,
        key.project
    )
    .fetch_optional(&mut *connection)
    .await?;
    let recording = match &turn.recording {
        Some(recording) => {
            sqlx::query_scalar!(r#"SELECT id AS "id!" FROM recordings WHERE id = ?"#, recording)
                .fetch_optional(&mut *connection)
                .await?
        }
        None => None,
    };
    let text = turn.text.as_ref().filter(|text| !text.is_blank()).map(Text::as_str);
    let (Some(session), true) = (session, recording.is_some() || text.is_some()) else { return Ok(false) };
    let (job, kind, status) = (known_job(&turn.job), known_kind(&turn.kind), known_status(&turn.status));
    sqlx::query!(
        "INSERT INTO queued_turns (id, session_pk, recording_id, text, job, kind, status, pos, created_at, dispatched_at, \
         delivered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO UPDATE SET session_pk = excluded.session_pk, recording_id = excluded.recording_id, \
         text = excluded.text, job = excluded.job, kind = excluded.kind, status = excluded.status, pos = excluded.pos, \
         dispatched_at = excluded.dispatched_at, delivered_at = coalesce(delivered_at, excluded.delivered_at)",
        turn.id,
        session,
        recording,
        text,
        job,
        kind,
        status,
        turn.pos,
        turn.created_at,
        turn.dispatched_at,
        turn.delivered_at
    )
    .execute(connection)
    .await?;
    Ok(true)
}

// What is not known becomes the usual, as when it is read.

fn known_job(job: &str) -> &'static str {
    match job {
        "correct" => "correct",
        "template" => "template",
        _ => "transcribe",
    }
}

fn known_kind(kind: &str) -> &'static str {
    if kind == "steer" { "steer" } else { "normal" }
}

fn known_status(status: &str) -> &'static str {
    if status == "queued" { "queued" } else { "paused" }
}
