//! The running app: what it holds, how it starts, what it follows, how it ends.

use std::{sync::Arc, time::Instant};

use parking_lot::Mutex;
use quoth_app::{
    about::About,
    control::{Answers, Claim, Page, Status},
    failure::Failure,
    logs::Logs,
    notice::Notices,
    places::Places,
    settings::SettingsFile,
};
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use tauri_specta::Event;

use crate::{
    bridge::{self, NoticesChanged, SettingsChanged},
    login, system, tray,
    window::{self, MAIN},
    words::{Words, words},
};

/// What the parts of the shell share. One a process, made before the first window.
pub(crate) struct Shell {
    pub(crate) places: Places,
    pub(crate) settings: SettingsFile,
    pub(crate) notices: Notices,
    pub(crate) logs: Logs,
    /// Where the page shall go once it is there.
    pub(crate) asked_page: Mutex<Option<Page>>,
    /// Held while a window is being made.
    pub(crate) making_window: tokio::sync::Mutex<()>,
    started: Instant,
}
