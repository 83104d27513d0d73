//! Throwing sessions away: into the trash, back out of it, and for good.
//!
//! What goes for good goes from the file first; only then are the recordings named, for the caller to remove. A crash in
//! between leaves a recording without a row, never a row without its recording.

use std::path::PathBuf;

use quoth_session::{scope::ScopeKey, time::Wall, vocabulary::OwnerId};
use sqlx::QueryBuilder;

use crate::{Filter, Store, StoreError, page, whole};

/// How many sessions go for good at once: others may write in between.
const STEP: i64 = 200;

impl Store {
    /// Puts a session that has ended into the trash: it is in no list, no search and no sum until it is put back.
    pub async fn trash(&self, owner: OwnerId, session: &ScopeKey, at: Wall) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let pk = whole::find(&mut *transaction, owner, session).await?;
        let done = sqlx::query!(
            "UPDATE sessions SET trashed_at = ? WHERE pk = ? AND ended_at IS NOT NULL",
            at.0,
            pk
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "session that has ended" });
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Puts all that the filter leaves into the trash, and says how many that were: a range, a project, all of an owner.
    /// Sessions that are going on stay.
    pub async fn trash_all(&self, owner: OwnerId, filter: &Filter, at: Wall) -> Result<u64, StoreError> {
        let mut query = QueryBuilder::new("UPDATE sessions SET trashed_at = ");
        query.push_bind(at.0).push(" WHERE pk IN (SELECT s.pk FROM sessions s");
        page::narrow(&mut query, owner, filter);
        query.push(" AND s.ended_at IS NOT NULL)");
        let mut transaction = self.write().await?;
        let done = query.build().execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// Takes back what was thrown away at this moment, and says how many that were.
    pub async fn undo_trash(&self, owner: OwnerId, at: Wall) -> Result<u64, StoreError> {
        let mut transaction = self.write().await?;
        let done = sqlx::query!(
            "UPDATE sessions SET trashed_at = NULL WHERE owner_id = ? AND trashed_at = ?",
            owner.0,
            at.0
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// Deletes for good what was thrown away before this moment, in steps. Answers the recordings to remove: their rows are
    /// gone.
    pub async fn empty_trash(&self, before: Wall) -> Result<Vec<PathBuf>, StoreError> {
        let mut paths = Vec::new();
        loop {
            let mut transaction = self.write().await?;
            let gone = sqlx::query_scalar!(
                r#"SELECT pk AS "pk!" FROM sessions WHERE trashed_at < ? ORDER BY trashed_at LIMIT ?"#,
                before.0,
                STEP
            )
            .fetch_all(&mut *transaction)
            .await?;
            if gone.is_empty() {
                return Ok(paths);
            }
            let mut step = Vec::new();
            for pk in gone {
                let takes = sqlx::query_scalar!(
                    "SELECT r.path FROM recordings r JOIN turns t ON t.pk = r.turn_pk WHERE t.session_pk = ?",
                    pk
                )
                .fetch_all(&mut *transaction)
                .await?;
                step.extend(takes.into_iter().map(PathBuf::from));
                sqlx::query!("DELETE FROM sessions WHERE pk = ?", pk).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            paths.append(&mut step);
        }
    }
}
