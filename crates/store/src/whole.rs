//! One session with all there is of it: the one way to it, for whoever looks, listens or exports.

use quoth_session::{
    history::{Message, Pos},
    scope::ScopeKey,
    text::Text,
    time::Wall,
    vocabulary::OwnerId,
};
use serde::{Deserialize, Serialize};
use sqlx::SqliteExecutor;

use crate::{Card, Store, StoreError, VersionKind, numbers, page, wording};

/// Which version of a turn's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionId(pub i64);

/// A session with all there is of it. Whose it is, and how it was run, is not in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WholeSession {
    /// As the list shows it.
    pub card: Card,
    /// What was said, in the order spoken.
    pub turns: Vec<Turn>,
    /// The messages in the order people read them.
    pub messages: Vec<Message>,
    /// Where the time went.
    pub timeline: Vec<Stage>,
}

/// An utterance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turn {
    /// Which one.
    pub turn_seq: i64,
    /// When it began.
    pub started_at: i64,
    /// How long was spoken.
    pub audio_ms: i64,
    /// When its words went out.
    pub delivered_at: Option<i64>,
    /// Where they went.
    pub delivered: Option<String>,
    /// Its texts, the oldest first.
    pub versions: Vec<Version>,
    /// What was tried to make them better.
    pub attempts: Vec<Attempt>,
    /// What there is to listen to.
    pub takes: Vec<TakeCard>,
}

/// A text of a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Which one.
    pub id: VersionId,
    /// By which run.
    pub pipeline_seq: i64,
    /// How it came to be.
    pub kind: VersionKind,
    /// Whether it is the one that counts.
    pub chosen: bool,
    /// The words.
    pub text: Text,
    /// When it was made.
    pub at: i64,
}

/// A correction that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// In which run.
    pub pipeline_seq: i64,
    /// By a language model, a template or the user.
    pub kind: String,
    /// Applied, late or left out.
    pub outcome: String,
    /// Why it was left out.
    pub reason: Option<String>,
}

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakeCard {
    /// Which one.
    pub id: String,
    /// How long it is.
    pub ms: i64,
    /// ok, partial or missing.
    pub status: String,
}

/// A step on a session's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// In which utterance.
    pub turn_seq: Option<i64>,
    /// Which step.
    pub stage: String,
    /// Milliseconds since the session began.
    pub ms: i64,
    /// Why.
    pub reason: Option<String>,
}

impl Store {
    /// A session of this owner. One of another owner is not found, exactly as one that does not exist.
    pub async fn session(&self, owner: OwnerId, key: &ScopeKey) -> Result<WholeSession, StoreError> {
        // One transaction, so that all of it is of the same moment.
        let mut reading = self.readers.begin().await?;
        let pk = find(&mut *reading, owner, key).await?;
        let mut query = sqlx::QueryBuilder::new(page::CARD);
        query.push(" WHERE s.pk = ").push_bind(pk);
        let card: Card = query.build_query_as().fetch_one(&mut *reading).await?;
        let mut turns = turns(&mut *reading, pk).await?;
        for (turn_pk, turn) in &mut turns {
            turn.versions = versions(&mut *reading, *turn_pk).await?;
            turn.attempts = attempts(&mut *reading, *turn_pk).await?;
            turn.takes = takes(&mut *reading, *turn_pk).await?;
        }
        let messages = messages(&mut *reading, pk).await?;
        let timeline = timeline(&mut *reading, pk).await?;
        let turns = turns.into_iter().map(|(_, turn)| turn).collect();
        Ok(WholeSession { card, turns, messages, timeline })
    }

    /// The messages of a session, in the order they have in memory. A session that only has a temporary name has none.
    pub async fn messages(&self, owner: OwnerId, key: &ScopeKey) -> Result<Vec<Message>, StoreError> {
        if key.is_temporary() {
            return Ok(Vec::new());
        }
        let pk = find(&self.readers, owner, key).await?;
        messages(&self.readers, pk).await
    }
}

/// The row of a session by its identity: also by the project it was asked for in, where it went to another.
pub(crate) async fn find(
    executor: impl SqliteExecutor<'_>,
    owner: OwnerId,
    key: &ScopeKey,
) -> Result<i64, StoreError> {
    let found = sqlx::query_scalar!(
        r#"SELECT pk AS "pk!" FROM sessions WHERE session_id = ? AND engine_id = ?
           AND (project_id = ?3 OR requested_project = ?3) AND owner_id = ?4 AND trashed_at IS NULL
           ORDER BY project_id = ?3 DESC LIMIT 1"#,
        key.session,
        key.engine,
        key.project,
        owner.0
    )
    .fetch_optional(executor)
    .await?;
    found.ok_or(StoreError::NotFound { what: "session" })
}

async fn turns(executor: impl SqliteExecutor<'_>, session: i64) -> Result<Vec<(i64, Turn)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT pk AS "pk!", turn_seq, started_at, audio_ms, delivered_at, delivered FROM turns
           WHERE session_pk = ? ORDER BY turn_seq"#,
        session
    )
    .fetch_all(executor)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let turn = Turn {
                turn_seq: row.turn_seq,
                started_at: row.started_at,
                audio_ms: row.audio_ms,
                delivered_at: row.delivered_at,
                delivered: row.delivered,
                versions: Vec::new(),
                attempts: Vec::new(),
                takes: Vec::new(),
            };
            (row.pk, turn)
        })
        .collect())
}

pub(crate) async fn versions(
    executor: impl SqliteExecutor<'_>,
    turn: i64,
) -> Result<Vec<Version>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT pk AS "pk!", pipeline_seq, kind, chosen AS "chosen: bool", text, created_at FROM messages
           WHERE turn_pk = ? AND kind <> 'remark' ORDER BY pk"#,
        turn
    )
    .fetch_all(executor)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unreadable =
                || StoreError::Unreadable { table: "messages", column: "kind", value: row.kind.clone() };
            Ok(Version {
                id: VersionId(row.pk),
                pipeline_seq: row.pipeline_seq.unwrap_or(1),
                kind: VersionKind::named(&row.kind).ok_or_else(unreadable)?,
                chosen: row.chosen,
                text: row.text.into(),
                at: row.created_at,
            })
        })
        .collect()
}

async fn attempts(executor: impl SqliteExecutor<'_>, turn: i64) -> Result<Vec<Attempt>, StoreError> {
    Ok(sqlx::query_as!(
        Attempt,
        "SELECT pipeline_seq, kind, outcome, reason FROM corrections WHERE turn_pk = ? ORDER BY pk",
        turn
    )
    .fetch_all(executor)
    .await?)
}

async fn takes(executor: impl SqliteExecutor<'_>, turn: i64) -> Result<Vec<TakeCard>, StoreError> {
    Ok(sqlx::query_as!(
        TakeCard,
        r#"SELECT id AS "id!", ms, status FROM recordings WHERE turn_pk = ? ORDER BY created_at, id"#,
        turn
    )
    .fetch_all(executor)
    .await?)
}

async fn messages(executor: impl SqliteExecutor<'_>, session: i64) -> Result<Vec<Message>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT m.pos, m.role, t.turn_seq AS "turn_seq?", m.text, m.created_at FROM messages m
           LEFT JOIN turns t ON t.pk = m.turn_pk WHERE m.session_pk = ? ORDER BY m.pos"#,
        session
    )
    .fetch_all(executor)
    .await?;
    let message = rows.into_iter().map(|row| Message {
        pos: Pos(row.pos),
        role: wording::role_named(&row.role),
        turn: row.turn_seq.map(numbers::turn),
        text: row.text.into(),
        at: Wall(row.created_at),
    });
    Ok(message.collect())
}

async fn timeline(executor: impl SqliteExecutor<'_>, session: i64) -> Result<Vec<Stage>, StoreError> {
    Ok(sqlx::query_as!(
        Stage,
        r#"SELECT t.turn_seq AS "turn_seq?", l.stage, l.ms, l.reason FROM timeline l LEFT JOIN turns t ON t.pk = l.turn_pk
           WHERE l.session_pk = ? ORDER BY l.pk"#,
        session
    )
    .fetch_all(executor)
    .await?)
}
