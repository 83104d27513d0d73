//! Texts: each a message in its session's order and a version of its turn.

use quoth_session::{
    history::{History, Message, NewMessage, Pos, Role},
    ids::{PipelineSeq, TurnSeq},
    text::Text,
    time::{Now, Tick, Wall},
};
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::{StoreError, numbers, script};

/// How a text came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionKind {
    /// As recognised.
    Raw,
    /// By a language model.
    Corrected,
    /// Through a template.
    Template,
    /// By the user's own hand.
    Edited,
}

impl VersionKind {
    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Corrected => "corrected",
            Self::Template => "template",
            Self::Edited => "edited",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Raw, Self::Corrected, Self::Template, Self::Edited]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    const fn role(self) -> Role {
        match self {
            Self::Raw => Role::User,
            Self::Corrected | Self::Template | Self::Edited => Role::Assistant,
        }
    }
}

/// A turn as a row knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TurnRow {
    pub(crate) session: i64,
    pub(crate) pk: i64,
    pub(crate) seq: TurnSeq,
}

/// A text on its way into the history.
pub(crate) struct NewText<'a> {
    pub(crate) turn: TurnRow,
    pub(crate) pipeline: PipelineSeq,
    pub(crate) kind: VersionKind,
    pub(crate) text: &'a Text,
    pub(crate) at: Wall,
}

/// The row of a text that its run brought forth already: the same fact told twice is written once.
pub(crate) async fn find(
    connection: &mut SqliteConnection,
    new: &NewText<'_>,
) -> Result<Option<i64>, StoreError> {
    let (pipeline, kind, text) = (numbers::row(new.pipeline.get()), new.kind.name(), new.text.as_str());
    let found = sqlx::query_scalar!(
        r#"SELECT pk AS "pk!" FROM messages WHERE turn_pk = ? AND pipeline_seq = ? AND kind = ? AND text = ?"#,
        new.turn.pk,
        pipeline,
        kind,
        text
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Adds a text where [`History::add`] puts it. It is not chosen by that.
pub(crate) async fn add(connection: &mut SqliteConnection, new: &NewText<'_>) -> Result<i64, StoreError> {
    let pos = place(connection, new).await?;
    let (pipeline, kind, text) = (numbers::row(new.pipeline.get()), new.kind.name(), new.text.as_str());
    let (role, indexed) = (role_name(new.kind.role()), script::spread(text));
    let words = script::words(text);
    let added = sqlx::query!(
        "INSERT INTO messages (session_pk, turn_pk, pipeline_seq, role, kind, pos, text, words, indexed, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        new.turn.session,
        new.turn.pk,
        pipeline,
        role,
        kind,
        pos.0,
        text,
        words,
        indexed,
        new.at.0
    )
    .execute(connection)
    .await?;
    Ok(added.last_insert_rowid())
}

/// A place for the text. Where the gap it belongs into is used up, all messages get new places.
async fn place(connection: &mut SqliteConnection, new: &NewText<'_>) -> Result<Pos, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT m.pk AS "pk!", m.pos, m.role, t.turn_seq AS "turn_seq?" FROM messages m LEFT JOIN turns t ON t.pk = m.turn_pk
           WHERE m.session_pk = ? ORDER BY m.pos"#,
        new.turn.session
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut pks: Vec<i64> = rows.iter().map(|row| row.pk).collect();
    let messages = rows.iter().map(|row| Message {
        pos: Pos(row.pos),
        role: role_named(&row.role),
        turn: row.turn_seq.map(numbers::turn),
        text: Text::default(),
        at: new.at,
    });
    let mut history = History::load(messages.collect());
    let message = NewMessage {
        role: new.kind.role(),
        turn: Some(new.turn.seq),
        text: Text::default(),
        at: Some(new.at),
    };
    let added = history.add(message, Now { tick: Tick(0), wall: new.at });
    let places: Vec<Pos> = history.snapshot().iter().map(|message| message.pos).collect();
    let pos = places.get(added.index).copied().unwrap_or(Pos(1.0));
    if added.renumbered {
        // Two rows never share a place, not even on the way to their new ones.
        sqlx::query!("UPDATE messages SET pos = -pk WHERE session_pk = ?", new.turn.session)
            .execute(&mut *connection)
            .await?;
        pks.insert(added.index, 0);
        for (pk, pos) in pks.into_iter().zip(places).filter(|(pk, _)| *pk != 0) {
            sqlx::query!("UPDATE messages SET pos = ? WHERE pk = ?", pos.0, pk)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(pos)
}

/// Marks a version as the one that counts for its turn.
pub(crate) async fn choose(
    connection: &mut SqliteConnection,
    turn: i64,
    version: i64,
) -> Result<(), StoreError> {
    sqlx::query!("UPDATE messages SET chosen = 0 WHERE turn_pk = ? AND chosen = 1", turn)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("UPDATE messages SET chosen = 1 WHERE turn_pk = ? AND pk = ?", turn, version)
        .execute(connection)
        .await?;
    Ok(())
}

/// Marks a machine's version, unless the user's own words or a later run's count already.
pub(crate) async fn choose_unless_outdone(
    connection: &mut SqliteConnection,
    new: &NewText<'_>,
    version: i64,
) -> Result<(), StoreError> {
    let chosen =
        sqlx::query!("SELECT kind, pipeline_seq FROM messages WHERE turn_pk = ? AND chosen = 1", new.turn.pk)
            .fetch_optional(&mut *connection)
            .await?;
    let outdone = chosen.is_some_and(|chosen| {
        let later = chosen.pipeline_seq.unwrap_or(0) > numbers::row(new.pipeline.get());
        let better = new.kind == VersionKind::Raw
            && chosen.kind != VersionKind::Raw.name()
            && chosen.pipeline_seq == Some(numbers::row(new.pipeline.get()));
        chosen.kind == VersionKind::Edited.name() || later || better
    });
    if outdone { Ok(()) } else { choose(connection, new.turn.pk, version).await }
}

pub(crate) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::System => "system",
    }
}

pub(crate) fn role_named(name: &str) -> Role {
    match name {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => Role::System,
    }
}
