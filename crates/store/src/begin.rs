//! The row of a session, written when its recording begins.

use quoth_session::{
    guard::Target,
    ids::BootId,
    scope::Scope,
    state::State,
    vocabulary::{Mode, OwnerId, StyleId, Trigger},
};
use sqlx::SqliteConnection;

use crate::{
    Run, StoreError, numbers,
    owner::{self, OwnerWishes},
    place,
};

/// What a session begins with: [`quoth_session::effect::Fact::Began`] and where it comes from.
pub(crate) struct Beginning<'a> {
    pub(crate) boot: BootId,
    pub(crate) token: u64,
    pub(crate) at: i64,
    pub(crate) scope: &'a Scope,
    pub(crate) owner: OwnerId,
    pub(crate) trigger: Trigger,
    pub(crate) mode: Mode,
    pub(crate) style: Option<StyleId>,
    pub(crate) target: &'a Target,
}

/// Inserts the row. A reference that broke between being resolved and being written is resolved once more.
pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    run: &Run,
    beginning: &Beginning<'_>,
) -> Result<(), StoreError> {
    match insert_resolved(connection, run, beginning).await {
        Err(StoreError::ForeignKey { .. }) => insert_resolved(connection, run, beginning).await,
        done => done,
    }
}

async fn insert_resolved(
    connection: &mut SqliteConnection,
    run: &Run,
    beginning: &Beginning<'_>,
) -> Result<(), StoreError> {
    let asked = beginning.owner.0.to_string();
    let wishes = OwnerWishes { row: Some(&asked), ..OwnerWishes::default() };
    let owner = owner::resolve(connection, wishes, run).await?;
    let project = place::project(connection, &beginning.scope.project_id.0, run).await?;
    let engine = place::engine(connection, &beginning.scope.engine).await?;
    let style = place::style(connection, beginning.style).await?;
    let session = beginning.scope.session.to_string();
    let boot = beginning.boot.0.to_string();
    let token = numbers::row(beginning.token);
    let (source, state) = (owner.source.name(), State::Starting.name());
    let (trigger, mode) = (trigger_name(beginning.trigger), mode_name(beginning.mode));
    let target = TargetColumns::of(beginning.target);
    let inserted = sqlx::query!(
        "INSERT INTO sessions (session_id, project_id, engine_id, owner_id, style_id, owner_source, requested_owner, \
         requested_project, requested_style, boot_id, token, trigger, mode, target, target_app, target_pid, \
         target_window, state, started_at, last_active_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        session,
        project.id,
        engine,
        owner.id.0,
        style.id,
        source,
        owner.requested,
        project.requested,
        style.requested,
        boot,
        token,
        trigger,
        mode,
        target.kind,
        target.app,
        target.pid,
        target.window,
        state,
        beginning.at,
        beginning.at
    )
    .execute(&mut *connection)
    .await;
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if is_foreign_key(&error) => {
            let column = broken(connection, owner.id.0, &project.id, &engine).await?;
            Err(StoreError::ForeignKey { table: "sessions", column })
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether SQLite refused a row because it refers to one that is not there.
fn is_foreign_key(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
}

/// Which reference does not hold: SQLite does not say.
async fn broken(
    connection: &mut SqliteConnection,
    owner: i64,
    project: &str,
    engine: &str,
) -> Result<&'static str, StoreError> {
    let there = sqlx::query!(
        r#"SELECT EXISTS (SELECT 1 FROM owners WHERE id = ?) AS "owner!: bool",
                  EXISTS (SELECT 1 FROM projects WHERE id = ?) AS "project!: bool",
                  EXISTS (SELECT 1 FROM engines WHERE id = ?) AS "engine!: bool""#,
        owner,
        project,
        engine
    )
    .fetch_one(connection)
    .await?;
    Ok(match (there.owner, there.project, there.engine) {
        (false, _, _) => "owner_id",
        (_, false, _) => "project_id",
        (_, _, false) => "engine_id",
        // Rolled back with the statement that did it, so that the references hold again.
        _ => "reference",
    })
}

struct TargetColumns<'a> {
    kind: &'static str,
    app: Option<&'a str>,
    pid: Option<i64>,
    window: Option<i64>,
}

impl<'a> TargetColumns<'a> {
    fn of(target: &'a Target) -> Self {
        match target {
            Target::Bound(window) => Self {
                kind: "bound",
                app: Some(&window.app),
                pid: Some(i64::from(window.pid)),
                window: window.window.map(numbers::row),
            },
            Target::Unknown => Self { kind: "unknown", app: None, pid: None, window: None },
            Target::Unbound => Self { kind: "unbound", app: None, pid: None, window: None },
        }
    }
}

const fn trigger_name(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Hold => "hold",
        Trigger::Toggle => "toggle",
        Trigger::Tray => "tray",
        Trigger::Gui => "gui",
        Trigger::Cli => "cli",
    }
}

const fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Direct => "direct",
        Mode::Corrected => "corrected",
    }
}
