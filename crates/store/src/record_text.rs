//! Facts that bring words, or say why there are none.

use quoth_session::{effect::WorkId, ids::PipelineSeq, text::Text, time::Wall, title};
use sqlx::SqliteConnection;

use crate::{
    StoreError, numbers,
    record::{Recorded, SessionRow, ensure_turn, note},
    wording::{self, NewText, TurnRow, VersionKind},
};

pub(crate) async fn raw(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    work: WorkId,
    text: &Text,
    at: Wall,
) -> Result<Recorded, StoreError> {
    let turn = ensure_turn(connection, session, work, at).await?;
    let new = NewText { turn, pipeline: work.1, kind: VersionKind::Raw, text, at };
    if wording::find(connection, &new).await?.is_some() {
        return Ok(Recorded::Repeated);
    }
    let version = wording::add(connection, &new).await?;
    wording::choose_unless_outdone(connection, &new, version).await?;
    let title = title::of_text(text.as_str());
    sqlx::query!("UPDATE sessions SET title = ? WHERE pk = ? AND title IS NULL", title, session.pk)
        .execute(&mut *connection)
        .await?;
    note(connection, session, Some(turn.pk), at, ("raw", None)).await?;
    Ok(Recorded::Written)
}

pub(crate) async fn corrected(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    work: WorkId,
    text: &Text,
    at: Wall,
) -> Result<Recorded, StoreError> {
    let turn = ensure_turn(connection, session, work, at).await?;
    let new = NewText { turn, pipeline: work.1, kind: VersionKind::Corrected, text, at };
    if wording::find(connection, &new).await?.is_some() {
        return Ok(Recorded::Repeated);
    }
    let input = input_of(connection, turn, work.1).await?;
    let pipeline = numbers::row(work.1.get());
    let late = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM corrections WHERE turn_pk = ? AND pipeline_seq = ? AND outcome = 'left_out')
           AS "late!: bool""#,
        turn.pk,
        pipeline
    )
    .fetch_one(&mut *connection)
    .await?;
    let version = wording::add(connection, &new).await?;
    // The raw text went out in place of a late one: that is what the user has.
    if !late {
        wording::choose_unless_outdone(connection, &new, version).await?;
        retitle(connection, session, input, text).await?;
    }
    let outcome = if late { "late" } else { "applied" };
    sqlx::query!(
        "INSERT INTO corrections (turn_pk, pipeline_seq, kind, input, output, outcome, created_at) \
         VALUES (?, ?, 'llm', ?, ?, ?, ?)",
        turn.pk,
        pipeline,
        input,
        version,
        outcome,
        at.0
    )
    .execute(&mut *connection)
    .await?;
    note(connection, session, Some(turn.pk), at, ("corrected", late.then_some("late"))).await?;
    Ok(Recorded::Written)
}

/// The raw text of a run.
async fn input_of(
    connection: &mut SqliteConnection,
    turn: TurnRow,
    pipeline: PipelineSeq,
) -> Result<Option<i64>, StoreError> {
    let pipeline = numbers::row(pipeline.get());
    Ok(sqlx::query_scalar!(
        r#"SELECT pk AS "pk!" FROM messages WHERE turn_pk = ? AND pipeline_seq = ? AND kind = 'raw' ORDER BY pk DESC"#,
        turn.pk,
        pipeline
    )
    .fetch_optional(connection)
    .await?)
}

/// A title that was made of the raw text is made of the corrected one.
async fn retitle(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    input: Option<i64>,
    text: &Text,
) -> Result<(), StoreError> {
    let raw = sqlx::query_scalar!("SELECT text FROM messages WHERE pk = ?", input)
        .fetch_optional(&mut *connection)
        .await?;
    let (old, new) = (raw.as_deref().and_then(title::of_text), title::of_text(text.as_str()));
    sqlx::query!(
        "UPDATE sessions SET title = coalesce(?2, title) WHERE pk = ?1 AND (title IS NULL OR title = ?3)",
        session.pk,
        new,
        old
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("UPDATE sessions SET llm_applied = 1 WHERE pk = ?", session.pk).execute(connection).await?;
    Ok(())
}

pub(crate) async fn left_out(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    work: WorkId,
    why: &str,
    at: Wall,
) -> Result<Recorded, StoreError> {
    let turn = ensure_turn(connection, session, work, at).await?;
    let input = input_of(connection, turn, work.1).await?;
    let pipeline = numbers::row(work.1.get());
    let added = sqlx::query!(
        "INSERT INTO corrections (turn_pk, pipeline_seq, kind, input, outcome, reason, created_at) \
         SELECT ?1, ?2, 'llm', ?3, 'left_out', ?4, ?5 WHERE NOT EXISTS \
         (SELECT 1 FROM corrections WHERE turn_pk = ?1 AND pipeline_seq = ?2 AND outcome = 'left_out' AND reason = ?4)",
        turn.pk,
        pipeline,
        input,
        why,
        at.0
    )
    .execute(&mut *connection)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(Recorded::Repeated);
    }
    note(connection, session, Some(turn.pk), at, ("correction_left_out", Some(why))).await?;
    Ok(Recorded::Written)
}
