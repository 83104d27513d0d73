//! Start at login: what the settings wish, and what the system says of it.

use quoth_app::failure::Failure;
use serde::Serialize;
use specta::Type;
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;

/// Whether Quoth starts when the user logs in, as the system tells it.
#[derive(Debug, Clone, Serialize, Type)]
pub(crate) struct Autostart {
    /// Whether this system has a way to do it that could be asked.
    supported: bool,
    /// Whether it is set up.
    enabled: bool,
    /// Why it could not be asked, in words.
    problem: Option<String>,
}

/// Asks the system.
pub(crate) fn state(app: &AppHandle) -> Autostart {
    match app.autolaunch().is_enabled() {
        Ok(enabled) => Autostart { supported: true, enabled, problem: None },
        Err(problem) => Autostart { supported: false, enabled: false, problem: Some(problem.to_string()) },
    }
}

/// Makes the system do what `wished` says, touching nothing where it already does.
pub(crate) fn follow(app: &AppHandle, wished: bool) -> Result<(), Failure> {
    let launcher = app.autolaunch();
    let done = match launcher.is_enabled() {
        Ok(now) if now == wished => Ok(()),
        _ if wished => launcher.enable(),
        _ => launcher.disable(),
    };
    done.map_err(|problem| {
        Failure::new("autostart", format!("Starting at login could not be changed: {problem}"))
    })
}
