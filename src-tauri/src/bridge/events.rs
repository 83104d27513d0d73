//! What the page is told without asking.

use quoth_app::{control::Page, notice::Notice, settings::SettingsView};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

/// The settings are others now, whoever changed them: the page, an editor, another program.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct SettingsChanged(pub(crate) SettingsView);

/// What the user should be told has grown or shrunk; the whole list, newest last.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct NoticesChanged(pub(crate) Vec<Notice>);

/// The tray, a second start or the command line asks for a page.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct Navigate(pub(crate) Page);
