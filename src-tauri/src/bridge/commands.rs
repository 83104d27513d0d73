//! What the page can ask for. Each command only fetches from, or hands to, the part that knows.

use std::sync::Arc;

use quoth_app::{
    about::{About, PlaceName},
    control::{Page, Status},
    failure::Failure,
    logs::contain_async,
    notice::Notice,
    settings::{SettingValue, SettingsView},
};
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_opener::OpenerExt;

use crate::{
    login::{self, Autostart},
    shell::Shell,
    window,
};

type Shelled<'a> = State<'a, Arc<Shell>>;

/// The settings as they are, with whatever is wrong in their file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_get(shell: Shelled<'_>) -> Result<SettingsView, Failure> {
    Ok(shell.settings.view())
}

/// Changes one setting, named by its dotted key, and writes it to the file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set(
    shell: Shelled<'_>,
    key: String,
    value: SettingValue,
) -> Result<SettingsView, Failure> {
    let shell = shell.inner().clone();
    contain_async("settings_set", async move { Ok(shell.settings.set(&key, value)?) }).await?
}

/// Whether the system starts Quoth at login.
#[tauri::command]
#[specta::specta]
pub(crate) async fn autostart_state(app: AppHandle) -> Result<Autostart, Failure> {
    Ok(login::state(&app))
}

/// What the About page shows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn about(shell: Shelled<'_>) -> Result<About, Failure> {
    Ok(shell.about())
}

/// A text for a bug report, with nothing personal in it.
#[derive(Debug, Clone, Serialize, Type)]
pub(crate) struct Diagnostics {
    /// The text.
    text: String,
    /// Whether it is on the clipboard now.
    copied: bool,
}

/// Puts the diagnostics onto the clipboard. The web view would not: WebKit takes an answer that came by way of Rust for no
/// wish of the user's.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnostics_copy(shell: Shelled<'_>) -> Result<Diagnostics, Failure> {
    let text = shell.diagnostics();
    let copied = shell.clipboard.put(&text);
    Ok(Diagnostics { text, copied })
}

/// Opens one of Quoth's folders in the system's file browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn place_open(app: AppHandle, shell: Shelled<'_>, name: PlaceName) -> Result<(), Failure> {
    let folder = name.folder(&shell.places);
    app.opener().open_path(folder.to_string_lossy(), None::<&str>).map_err(|problem| {
        Failure::new("place_open", format!("{} could not be opened: {problem}", folder.display()))
    })
}

/// What Quoth is doing now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn status(app: AppHandle, shell: Shelled<'_>) -> Result<Status, Failure> {
    Ok(shell.status(&app))
}

/// What the user should know and has not dismissed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn notices(shell: Shelled<'_>) -> Result<Vec<Notice>, Failure> {
    Ok(shell.notices.list())
}

/// The user has read a notice; what is left is answered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn notice_dismiss(shell: Shelled<'_>, id: u32) -> Result<Vec<Notice>, Failure> {
    Ok(shell.notices.dismiss(u64::from(id)))
}

/// The page has painted: its window may be seen now. Answers where the page was asked to go.
#[tauri::command]
#[specta::specta]
pub(crate) async fn page_ready(window: WebviewWindow, shell: Shelled<'_>) -> Result<Option<Page>, Failure> {
    window::bring_forward(&window)
        .map_err(|problem| Failure::new("window", format!("The window could not be shown: {problem}")))?;
    Ok(shell.take_asked_page())
}
