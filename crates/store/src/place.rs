//! Project, engine and style of a new session: like the owner, a bad one never breaks a dictation.

use quoth_session::{
    scope::EngineId,
    vocabulary::{OwnerId, StyleId},
};
use sqlx::SqliteConnection;

use crate::{Run, StoreError, owner};

/// The project that is always there.
pub const DEFAULT_PROJECT: &str = "default";

/// Something that exists, and what was asked for if that is something else.
pub(crate) struct Resolved<T, R> {
    pub(crate) id: T,
    pub(crate) requested: Option<R>,
}

/// The project asked for, unless there is none such or it lies in the trash: then the default one, made if need be.
pub(crate) async fn project(
    connection: &mut SqliteConnection,
    asked: &str,
    run: &Run,
) -> Result<Resolved<String, String>, StoreError> {
    let usable =
        sqlx::query_scalar!(r#"SELECT id AS "id!" FROM projects WHERE id = ? AND trashed_at IS NULL"#, asked)
            .fetch_optional(&mut *connection)
            .await?;
    if let Some(id) = usable {
        return Ok(Resolved { id, requested: None });
    }
    let owner = owner::resolve(connection, owner::OwnerWishes::default(), run).await?;
    ensure_default_project(connection, owner.id, run).await?;
    let requested = (asked != DEFAULT_PROJECT).then(|| asked.to_owned());
    if requested.is_some() {
        tracing::warn!(requested, "no such project; the session goes to the default one");
    }
    Ok(Resolved { id: DEFAULT_PROJECT.to_owned(), requested })
}

/// Makes the default project if there is none; takes it out of the trash, because something must always be there.
pub(crate) async fn ensure_default_project(
    connection: &mut SqliteConnection,
    owner: OwnerId,
    run: &Run,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO projects (id, owner_id, name, created_at) VALUES (?, ?, 'Default', ?) \
         ON CONFLICT (id) DO UPDATE SET trashed_at = NULL WHERE trashed_at IS NOT NULL",
        DEFAULT_PROJECT,
        owner.0,
        run.at.0
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The engine asked for. One that is not known is added as a remote one, so that the row says what made it.
pub(crate) async fn engine(
    connection: &mut SqliteConnection,
    asked: &EngineId,
) -> Result<String, StoreError> {
    let id = asked.as_str();
    let added = sqlx::query!(
        "INSERT INTO engines (id, kind, display_name) VALUES (?, 'remote', 'unknown') ON CONFLICT (id) DO NOTHING",
        id
    )
    .execute(connection)
    .await?;
    if added.rows_affected() > 0 {
        tracing::warn!(engine = id, "an engine that was not known; added as a remote one");
    }
    Ok(id.to_owned())
}

/// The style asked for, or none.
pub(crate) async fn style(
    connection: &mut SqliteConnection,
    asked: Option<StyleId>,
) -> Result<Resolved<Option<i64>, i64>, StoreError> {
    let Some(StyleId(asked)) = asked else { return Ok(Resolved { id: None, requested: None }) };
    let id = sqlx::query_scalar!(r#"SELECT id AS "id!" FROM styles WHERE id = ?"#, asked)
        .fetch_optional(connection)
        .await?;
    if id.is_none() {
        tracing::warn!(requested = asked, "no such style; the session has none");
    }
    Ok(Resolved { requested: id.is_none().then_some(asked), id })
}
