//! Versions of a turn's text: made by doing it again, by the user's hand, and chosen.

use quoth_session::{
    ids::{PipelineSeq, TurnSeq},
    scope::ScopeKey,
    text::Text,
    time::Wall,
    vocabulary::OwnerId,
};
use sqlx::SqliteConnection;

use crate::{
    Store, StoreError, VersionId, VersionKind, numbers, whole,
    wording::{self, NewText, TurnRow},
};

/// A turn with its latest run.
struct Latest {
    turn: TurnRow,
    pipeline: PipelineSeq,
}

impl Store {
    /// A stored turn is worked on again: the run that this makes, later than all before. What it brings is told to
    /// [`Store::add_version`].
    pub async fn do_again(
        &self,
        owner: OwnerId,
        session: &ScopeKey,
        turn: TurnSeq,
    ) -> Result<PipelineSeq, StoreError> {
        let mut transaction = self.write().await?;
        let found = find(&mut transaction, owner, session, turn).await?;
        let next = found.pipeline.next();
        let number = numbers::row(next.get());
        sqlx::query!("UPDATE turns SET pipeline_seq = ? WHERE pk = ?", number, found.turn.pk)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(next)
    }

    /// Adds what a run brought forth. It counts from now on, unless the user's own words do, or those of a later run.
    pub async fn add_version(
        &self,
        owner: OwnerId,
        session: &ScopeKey,
        (turn, pipeline): (TurnSeq, PipelineSeq),
        kind: VersionKind,
        text: &Text,
        at: Wall,
    ) -> Result<VersionId, StoreError> {
        let mut transaction = self.write().await?;
        let turn = find(&mut transaction, owner, session, turn).await?.turn;
        let new = NewText { turn, pipeline, kind, text, at };
        let version = match wording::find(&mut transaction, &new).await? {
            Some(version) => version,
            None => wording::add(&mut transaction, &new).await?,
        };
        if kind == VersionKind::Edited {
            wording::choose(&mut transaction, turn.pk, version).await?;
        } else {
            wording::choose_unless_outdone(&mut transaction, &new, version).await?;
        }
        transaction.commit().await?;
        Ok(VersionId(version))
    }

    /// The user writes it otherwise: a version that counts from now on. What was there stays.
    pub async fn edit(
        &self,
        owner: OwnerId,
        session: &ScopeKey,
        turn: TurnSeq,
        text: &Text,
        at: Wall,
    ) -> Result<VersionId, StoreError> {
        let mut transaction = self.write().await?;
        let Latest { turn, pipeline } = find(&mut transaction, owner, session, turn).await?;
        let before = sqlx::query_scalar!(
            r#"SELECT pk AS "pk!" FROM messages WHERE turn_pk = ? AND chosen = 1"#,
            turn.pk
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let new = NewText { turn, pipeline, kind: VersionKind::Edited, text, at };
        let version = wording::add(&mut transaction, &new).await?;
        wording::choose(&mut transaction, turn.pk, version).await?;
        let number = numbers::row(pipeline.get());
        sqlx::query!(
            "INSERT INTO corrections (turn_pk, pipeline_seq, kind, input, output, outcome, created_at) \
             VALUES (?, ?, 'user_edit', ?, ?, 'applied', ?)",
            turn.pk,
            number,
            before,
            version,
            at.0
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(VersionId(version))
    }

    /// The user takes one of a turn's versions: it counts from now on.
    pub async fn choose(
        &self,
        owner: OwnerId,
        session: &ScopeKey,
        turn: TurnSeq,
        version: VersionId,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let turn = find(&mut transaction, owner, session, turn).await?.turn;
        let versions = whole::versions(&mut *transaction, turn.pk).await?;
        if !versions.iter().any(|each| each.id == version) {
            return Err(StoreError::NotFound { what: "version" });
        }
        wording::choose(&mut transaction, turn.pk, version.0).await?;
        transaction.commit().await?;
        Ok(())
    }
}

async fn find(
    connection: &mut SqliteConnection,
    owner: OwnerId,
    session: &ScopeKey,
    seq: TurnSeq,
) -> Result<Latest, StoreError> {
    let session = whole::find(&mut *connection, owner, session).await?;
    let number = numbers::row(seq.get());
    let row = sqlx::query!(
        r#"SELECT pk AS "pk!", pipeline_seq FROM turns WHERE session_pk = ? AND turn_seq = ?"#,
        session,
        number
    )
    .fetch_optional(connection)
    .await?
    .ok_or(StoreError::NotFound { what: "turn" })?;
    let pipeline =
        u64::try_from(row.pipeline_seq).ok().and_then(PipelineSeq::new).unwrap_or(PipelineSeq::FIRST);
    Ok(Latest { turn: TurnRow { session, pk: row.pk, seq }, pipeline })
}
