//! The list of sessions, twenty at a time, the latest first.
//!
//! Pages go on from the last row seen, not from a count of rows: what comes in above or goes away moves nothing. What is in a
//! page is put together here from the filter, so these queries are checked when they run; a test looks at their plans.

use quoth_session::{limits, time::Wall, vocabulary::OwnerId};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite};

use crate::{Store, StoreError, search};

/// Which sessions. What is not given does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Of this project.
    pub project: Option<String>,
    /// Made by this engine.
    pub engine: Option<String>,
    /// Meant for this program.
    pub app: Option<String>,
    /// Begun at this moment or later.
    pub from: Option<Wall>,
    /// Begun before this moment.
    pub until: Option<Wall>,
    /// Standing at this state or ended like this, by [`quoth_session::state::State::name`].
    pub outcome: Option<String>,
    /// With these words, as in a search.
    pub text: Option<String>,
}

/// Where a page ends: the next one goes on behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// When the last session began.
    pub started_at: i64,
    /// Which of those that began then.
    pub pk: i64,
}

/// A session as the list shows it. Whose it is, and how it was run, is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Card {
    #[serde(skip)]
    pub(crate) pk: i64,
    /// Its project.
    pub project_id: String,
    /// What made it.
    pub engine_id: String,
    /// Its id.
    pub session_id: String,
    /// What it is called; nothing until there is text.
    pub title: Option<String>,
    /// Where it stands or how it ended.
    pub state: String,
    /// Why, more finely.
    pub reason: Option<String>,
    /// What started it.
    pub trigger: String,
    /// The program it was meant for.
    pub target_app: Option<String>,
    /// Whether a language model had its way.
    pub llm_applied: bool,
    /// How long was spoken.
    pub audio_ms: i64,
    /// When it began.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// How many utterances it has.
    pub turns: i64,
    /// Whether there is anything to listen to.
    pub has_take: bool,
    /// The beginning of the text that counts.
    pub preview: Option<String>,
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The latest first.
    pub sessions: Vec<Card>,
    /// Where to go on; nothing at the end.
    pub next: Option<Cursor>,
}

/// What a card is made of.
pub(crate) const CARD: &str = "SELECT s.pk, s.project_id, s.engine_id, s.session_id, s.title, s.state, s.reason, s.trigger, \
    s.target_app, s.llm_applied, s.audio_ms, s.started_at, s.ended_at, \
    (SELECT count(*) FROM turns t WHERE t.session_pk = s.pk) AS turns, \
    EXISTS (SELECT 1 FROM turns t JOIN recordings r ON r.turn_pk = t.pk WHERE t.session_pk = s.pk AND r.status <> 'missing') \
      AS has_take, \
    (SELECT substr(m.text, 1, 240) FROM messages m WHERE m.session_pk = s.pk AND m.chosen = 1 ORDER BY m.pos LIMIT 1) \
      AS preview \
    FROM sessions s";

impl Store {
    /// The latest of an owner's sessions that the filter leaves, or those behind `after`.
    pub async fn page(
        &self,
        owner: OwnerId,
        filter: &Filter,
        after: Option<Cursor>,
    ) -> Result<Page, StoreError> {
        let mut query = page_query(owner, filter, after);
        let mut sessions: Vec<Card> = query.build_query_as().fetch_all(&self.readers).await?;
        let more = sessions.len() > limits::PAGE_ROWS;
        sessions.truncate(limits::PAGE_ROWS);
        let last = sessions.last().filter(|_| more);
        let next = last.map(|card| Cursor { started_at: card.started_at, pk: card.pk });
        Ok(Page { sessions, next })
    }

    /// How many of an owner's sessions the filter leaves.
    pub async fn count(&self, owner: OwnerId, filter: &Filter) -> Result<i64, StoreError> {
        let mut query = QueryBuilder::new("SELECT count(*) FROM sessions s");
        narrow(&mut query, owner, filter);
        Ok(query.build_query_scalar().fetch_one(&self.readers).await?)
    }
}

fn page_query(owner: OwnerId, filter: &Filter, after: Option<Cursor>) -> QueryBuilder<'static, Sqlite> {
    let mut query = QueryBuilder::new(CARD);
    narrow(&mut query, owner, filter);
    if let Some(Cursor { started_at, pk }) = after {
        query.push(" AND (s.started_at, s.pk) < (").push_bind(started_at).push(", ").push_bind(pk).push(")");
    }
    query.push(" ORDER BY s.started_at DESC, s.pk DESC LIMIT ");
    // One more than is shown says whether there is a next page.
    query.push_bind(i64::try_from(limits::PAGE_ROWS).unwrap_or(i64::MAX).saturating_add(1));
    query
}

/// Leaves the owner's sessions that are not in the trash, and of these what the filter says.
pub(crate) fn narrow(query: &mut QueryBuilder<'static, Sqlite>, owner: OwnerId, filter: &Filter) {
    query.push(" WHERE s.trashed_at IS NULL AND s.owner_id = ").push_bind(owner.0);
    let Filter { project, engine, app, from, until, outcome, text } = filter;
    let equal = [("project_id", project), ("engine_id", engine), ("target_app", app), ("state", outcome)];
    for (column, value) in equal {
        if let Some(value) = value {
            query.push(format!(" AND s.{column} = ")).push_bind(value.clone());
        }
    }
    if let Some(from) = from {
        query.push(" AND s.started_at >= ").push_bind(from.0);
    }
    if let Some(until) = until {
        query.push(" AND s.started_at < ").push_bind(until.0);
    }
    if let Some(words) = text.as_deref().and_then(search::expression) {
        query
            .push(" AND s.pk IN (SELECT m.session_pk FROM search JOIN messages m ON m.pk = search.rowid WHERE search MATCH ")
            .push_bind(words)
            .push(")");
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
