//! Writing down what the sessions say, as it happens.
//!
//! Each fact is a transaction of its own: what [`Store::record`] answered for is on disk. The same fact told twice is
//! written once, so that whoever is unsure may tell it again.

use quoth_session::{
    effect::{Fact, Record, WorkId},
    ids::{BootId, PipelineSeq, Token, TurnSeq},
    state::{Delivery, Outcome, State},
    time::{Millis, Wall},
};
use sqlx::SqliteConnection;

use crate::{
    Run, Store, StoreError,
    begin::{self, Beginning},
    numbers, record_text,
    wording::TurnRow,
};

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is on disk.
    Written,
    /// It was so already; nothing changed.
    Repeated,
}

/// A session's row, as a fact finds it.
pub(crate) struct SessionRow {
    pub(crate) pk: i64,
    started_at: i64,
    ended: bool,
}

impl Store {
    /// Writes down a fact of this run.
    pub async fn record(&self, record: &Record) -> Result<Recorded, StoreError> {
        self.record_of(self.run.boot, record).await
    }

    /// Writes down a fact of another run, one that could not be written when it happened.
    pub async fn record_of(&self, boot: BootId, record: &Record) -> Result<Recorded, StoreError> {
        let mut transaction = self.write().await?;
        let recorded = write(&mut transaction, &self.run, boot, record).await?;
        transaction.commit().await?;
        Ok(recorded)
    }

    /// Takes the right to give a turn's words away: true for exactly one of all that ask, whichever connection, process or
    /// run of the app they ask from. Ask before the words go out, and not at all is better than twice.
    pub async fn claim_injection(&self, token: Token, turn: TurnSeq, at: Wall) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let session = find(&mut transaction, self.run.boot, token).await?;
        let turn = ensure_turn(&mut transaction, &session, (turn, PipelineSeq::FIRST), at).await?;
        let claimed = inject(&mut transaction, turn, at).await?;
        transaction.commit().await?;
        Ok(claimed == Recorded::Written)
    }
}

async fn write(
    connection: &mut SqliteConnection,
    run: &Run,
    boot: BootId,
    record: &Record,
) -> Result<Recorded, StoreError> {
    let Record { token, at, what, .. } = record;
    if let Fact::Began { scope, owner, trigger, mode, style, target } = what {
        let beginning = Beginning {
            boot,
            token: token.get(),
            at: at.0,
            scope,
            owner: *owner,
            trigger: *trigger,
            mode: *mode,
            style: *style,
            target,
        };
        return began(connection, run, &beginning, *token).await;
    }
    let session = find(connection, boot, *token).await?;
    let recorded = match what {
        Fact::Began { .. } => Recorded::Repeated,
        Fact::TurnBegan(work) => {
            let turn = ensure_turn(connection, &session, *work, *at).await?;
            note(connection, &session, Some(turn.pk), *at, ("turn", None)).await?;
            Recorded::Written
        }
        Fact::State(state) => stands(connection, &session, *state, *at).await?,
        Fact::TakeEnded(work, spoken) => take_ended(connection, &session, *work, *spoken, *at).await?,
        Fact::Raw(work, text) => record_text::raw(connection, &session, *work, text, *at).await?,
        Fact::Corrected(work, text) => record_text::corrected(connection, &session, *work, text, *at).await?,
        Fact::CorrectionLeftOut(work, why) => {
            record_text::left_out(connection, &session, *work, why, *at).await?
        }
        Fact::Injected(work) => {
            let turn = ensure_turn(connection, &session, *work, *at).await?;
            inject(connection, turn, *at).await?
        }
        Fact::Delivered(work, how) => delivered(connection, &session, *work, *how, *at).await?,
        Fact::Kept(work) => {
            let turn = ensure_turn(connection, &session, *work, *at).await?;
            note(connection, &session, Some(turn.pk), *at, ("kept", None)).await?;
            Recorded::Written
        }
    };
    sqlx::query!(
        "UPDATE sessions SET last_active_at = max(last_active_at, ?) WHERE pk = ?",
        at.0,
        session.pk
    )
    .execute(connection)
    .await?;
    Ok(recorded)
}

async fn began(
    connection: &mut SqliteConnection,
    run: &Run,
    beginning: &Beginning<'_>,
    token: Token,
) -> Result<Recorded, StoreError> {
    match find(connection, beginning.boot, token).await {
        Ok(_) => return Ok(Recorded::Repeated),
        Err(StoreError::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    begin::insert(connection, run, beginning).await?;
    let session = find(connection, beginning.boot, token).await?;
    note(connection, &session, None, Wall(beginning.at), (State::Starting.name(), None)).await?;
    Ok(Recorded::Written)
}

pub(crate) async fn find(
    connection: &mut SqliteConnection,
    boot: BootId,
    token: Token,
) -> Result<SessionRow, StoreError> {
    let (boot, token) = (boot.0.to_string(), numbers::row(token.get()));
    let row = sqlx::query!(
        r#"SELECT pk AS "pk!", started_at, ended_at FROM sessions WHERE boot_id = ? AND token = ?"#,
        boot,
        token
    )
    .fetch_optional(connection)
    .await?
    .ok_or(StoreError::NotFound { what: "session" })?;
    Ok(SessionRow { pk: row.pk, started_at: row.started_at, ended: row.ended_at.is_some() })
}

/// The row of a turn; made if the fact that it began is missing, because words matter more than order.
pub(crate) async fn ensure_turn(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    (turn, pipeline): WorkId,
    at: Wall,
) -> Result<TurnRow, StoreError> {
    let (seq, run) = (numbers::row(turn.get()), numbers::row(pipeline.get()));
    let pk = sqlx::query_scalar!(
        r#"INSERT INTO turns (session_pk, turn_seq, pipeline_seq, started_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (session_pk, turn_seq) DO UPDATE SET pipeline_seq = max(pipeline_seq, excluded.pipeline_seq)
           RETURNING pk AS "pk!""#,
        session.pk,
        seq,
        run,
        at.0
    )
    .fetch_one(connection)
    .await?;
    Ok(TurnRow { session: session.pk, pk, seq: turn })
}

/// A line of the timeline: a stage, and why.
pub(crate) async fn note(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    turn: Option<i64>,
    at: Wall,
    (stage, reason): (&str, Option<&str>),
) -> Result<(), StoreError> {
    let ms = at.0.saturating_sub(session.started_at);
    sqlx::query!(
        "INSERT INTO timeline (session_pk, turn_pk, stage, ms, reason) VALUES (?, ?, ?, ?, ?)",
        session.pk,
        turn,
        stage,
        ms,
        reason
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A session that has ended never moves again.
async fn stands(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    state: State,
    at: Wall,
) -> Result<Recorded, StoreError> {
    if session.ended {
        return Ok(Recorded::Repeated);
    }
    let reason = match state {
        State::Ended(outcome) => outcome.reason(),
        _ => None,
    };
    let (name, ended_at) = (state.name(), state.is_ended().then_some(at.0));
    sqlx::query!(
        "UPDATE sessions SET state = ?, reason = ?, ended_at = ? WHERE pk = ?",
        name,
        reason,
        ended_at,
        session.pk
    )
    .execute(&mut *connection)
    .await?;
    let turn = sqlx::query_scalar!(
        r#"SELECT pk AS "pk!" FROM turns WHERE session_pk = ? ORDER BY turn_seq DESC LIMIT 1"#,
        session.pk
    )
    .fetch_optional(&mut *connection)
    .await?;
    note(connection, session, turn, at, (name, reason)).await?;
    Ok(Recorded::Written)
}

async fn take_ended(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    work: WorkId,
    spoken: Millis,
    at: Wall,
) -> Result<Recorded, StoreError> {
    let turn = ensure_turn(connection, session, work, at).await?;
    let spoken = numbers::row(spoken.0);
    sqlx::query!(
        "UPDATE turns SET audio_ms = ?, ended_at = coalesce(ended_at, ?) WHERE pk = ?",
        spoken,
        at.0,
        turn.pk
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE recordings SET status = 'ok', ms = ? WHERE turn_pk = ? AND status = 'partial'",
        spoken,
        turn.pk
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE sessions SET audio_ms = (SELECT sum(audio_ms) FROM turns WHERE session_pk = ?1) WHERE pk = ?1",
        session.pk
    )
    .execute(&mut *connection)
    .await?;
    note(connection, session, Some(turn.pk), at, ("take_ended", None)).await?;
    Ok(Recorded::Written)
}

async fn inject(connection: &mut SqliteConnection, turn: TurnRow, at: Wall) -> Result<Recorded, StoreError> {
    let done =
        sqlx::query!("UPDATE turns SET injected_at = ? WHERE pk = ? AND injected_at IS NULL", at.0, turn.pk)
            .execute(connection)
            .await?;
    Ok(if done.rows_affected() > 0 { Recorded::Written } else { Recorded::Repeated })
}

/// The first delivery gives the time; a later one, of a run that did it again, only says where the words are now.
async fn delivered(
    connection: &mut SqliteConnection,
    session: &SessionRow,
    work: WorkId,
    how: Delivery,
    at: Wall,
) -> Result<Recorded, StoreError> {
    let turn = ensure_turn(connection, session, work, at).await?;
    let how = Outcome::Delivered(how).reason();
    let done = sqlx::query!(
        "UPDATE turns SET delivered_at = coalesce(delivered_at, ?1), delivered = ?2 WHERE pk = ?3 \
         AND (delivered_at IS NULL OR delivered IS NOT ?2)",
        at.0,
        how,
        turn.pk
    )
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(Recorded::Repeated);
    }
    note(connection, session, Some(turn.pk), at, ("delivered", how)).await?;
    Ok(Recorded::Written)
}
