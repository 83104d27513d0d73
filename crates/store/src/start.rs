//! What an earlier run left behind, put in order when the app starts.

use quoth_session::{
    queue::TurnId,
    state::{Failure, Outcome, State},
    time::Wall,
};
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::{
    Repair, Run, Store, StoreError,
    owner::{self, OwnerWishes},
    place, repair,
};

/// What was found and done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// References that did not hold, and what became of them.
    pub repaired: Vec<Repair>,
    /// Sessions that an earlier run left in the middle; they count as failed now.
    pub interrupted: u64,
    /// Turns of these whose takes wait in the queue, paused.
    pub queued: Vec<TurnId>,
}

impl Store {
    /// Puts in order what earlier runs left: references that don't hold are resolved, sessions left in the middle have
    /// failed, and their takes that never became text wait in the queue, paused. Makes an owner and the default project where
    /// there is none. Once, when the app starts and before its first session; doing it again finds nothing.
    pub async fn recover(&self) -> Result<Recovery, StoreError> {
        let repaired = repair::all(self).await?;
        let mut transaction = self.write().await?;
        let owner = owner::resolve(&mut transaction, OwnerWishes::default(), &self.run).await?;
        place::ensure_default_project(&mut transaction, owner.id, &self.run).await?;
        let queued = queue_takes(&mut transaction, &self.run).await?;
        let interrupted = interrupt(&mut transaction, &self.run).await?;
        transaction.commit().await?;
        Ok(Recovery { repaired, interrupted, queued })
    }
}

/// Sessions of other runs that have not ended were interrupted when they were last heard of.
async fn interrupt(connection: &mut SqliteConnection, run: &Run) -> Result<u64, StoreError> {
    let boot = run.boot.0.to_string();
    let failed = Outcome::Failed(Failure::Interrupted);
    let (state, reason) = (State::Ended(failed).name(), failed.reason());
    sqlx::query!(
        "INSERT INTO timeline (session_pk, stage, ms, reason) \
         SELECT pk, ?1, last_active_at - started_at, ?2 FROM sessions WHERE ended_at IS NULL AND boot_id <> ?3",
        state,
        reason,
        boot
    )
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query!(
        "UPDATE sessions SET state = ?, reason = ?, ended_at = last_active_at WHERE ended_at IS NULL AND boot_id <> ?",
        state,
        reason,
        boot
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Takes of such sessions that nobody has made words of, and whose words did not go out, wait for the user.
async fn queue_takes(connection: &mut SqliteConnection, run: &Run) -> Result<Vec<TurnId>, StoreError> {
    let boot = run.boot.0.to_string();
    let takes = sqlx::query!(
        r#"SELECT r.id AS "recording!", t.session_pk FROM recordings r
           JOIN turns t ON t.pk = r.turn_pk JOIN sessions s ON s.pk = t.session_pk
           WHERE s.ended_at IS NULL AND s.boot_id <> ? AND r.status <> 'missing' AND t.injected_at IS NULL
           AND t.delivered_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.turn_pk = t.pk)
           AND NOT EXISTS (SELECT 1 FROM queued_turns q WHERE q.recording_id = r.id)
           ORDER BY s.started_at, t.turn_seq"#,
        boot
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut queued = Vec::with_capacity(takes.len());
    for take in takes {
        let id = Uuid::new_v4();
        let name = id.to_string();
        let Wall(now) = run.at;
        sqlx::query!(
            "INSERT INTO queued_turns (id, session_pk, recording_id, kind, status, pos, created_at) \
             SELECT ?1, ?2, ?3, 'normal', 'paused', 1 + ifnull(max(pos), -1), ?4 FROM queued_turns WHERE session_pk = ?2",
            name,
            take.session_pk,
            take.recording,
            now
        )
        .execute(&mut *connection)
        .await?;
        queued.push(TurnId(id));
    }
    Ok(queued)
}
