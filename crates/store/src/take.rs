//! Recordings: where they are, and whether they still are.

use std::path::PathBuf;

use quoth_session::{
    ids::{PipelineSeq, Token, TurnSeq},
    queue::RecordingId,
    time::Wall,
    vocabulary::OwnerId,
};

use crate::{Recorded, Store, StoreError, record};

/// A recording that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTake {
    /// Which one.
    pub id: RecordingId,
    /// Where it is.
    pub path: PathBuf,
    /// How many samples a second.
    pub sample_rate: u32,
    /// When it began.
    pub at: Wall,
}

impl Store {
    /// A take begins: it counts as partial until [`quoth_session::effect::Fact::TakeEnded`] says that it is whole. A path is
    /// kept as text; one that is none is kept as far as it is.
    pub async fn add_take(
        &self,
        token: Token,
        turn: TurnSeq,
        take: &NewTake,
    ) -> Result<Recorded, StoreError> {
        let mut transaction = self.write().await?;
        let session = record::find(&mut transaction, self.run.boot, token).await?;
        let work = (turn, PipelineSeq::FIRST);
        let turn = record::ensure_turn(&mut transaction, &session, work, take.at).await?;
        let (id, path) = (take.id.0.to_string(), take.path.to_string_lossy().into_owned());
        let added = sqlx::query!(
            "INSERT INTO recordings (id, turn_pk, path, sample_rate, created_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO NOTHING",
            id,
            turn.pk,
            path,
            take.sample_rate,
            take.at.0
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(if added.rows_affected() > 0 { Recorded::Written } else { Recorded::Repeated })
    }

    /// Where a take is, looked at now. One whose file is gone is marked as missing and not found; one whose file has come
    /// back is partial, because nobody knows how much of it there is.
    pub async fn take(&self, owner: OwnerId, id: RecordingId) -> Result<PathBuf, StoreError> {
        let name = id.0.to_string();
        let row = sqlx::query!(
            "SELECT r.path, r.status FROM recordings r JOIN turns t ON t.pk = r.turn_pk \
             JOIN sessions s ON s.pk = t.session_pk WHERE r.id = ? AND s.owner_id = ? AND s.trashed_at IS NULL",
            name,
            owner.0
        )
        .fetch_optional(&self.readers)
        .await?
        .ok_or(StoreError::NotFound { what: "take" })?;
        let path = PathBuf::from(row.path);
        let status = match (path.is_file(), row.status.as_str()) {
            (true, "missing") => Some("partial"),
            (false, "ok" | "partial") => Some("missing"),
            _ => None,
        };
        if let Some(status) = status {
            let mut transaction = self.write().await?;
            sqlx::query!("UPDATE recordings SET status = ? WHERE id = ?", status, name)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
        }
        if path.is_file() { Ok(path) } else { Err(StoreError::NotFound { what: "take" }) }
    }
}
