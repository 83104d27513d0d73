//! What each system wants done its own way, one file a system.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use linux::{attach_console, release_page_processes};
#[cfg(target_os = "macos")]
pub(crate) use macos::{attach_console, release_page_processes};
#[cfg(windows)]
pub(crate) use windows::{attach_console, release_page_processes};

use tauri::AppHandle;

/// Ends the app in order when the session ends or somebody presses Ctrl-C in the terminal that started it.
pub(crate) fn quit_on_signals(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(problem) = told_to_end().await {
            tracing::warn!(%problem, "signals can't be heard; Quoth ends by its menu or `quoth quit`");
            return;
        }
        app.exit(0);
    });
}

#[cfg(unix)]
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        heard = tokio::signal::ctrl_c() => heard,
        _ = terminate.recv() => Ok(()),
        _ = hangup.recv() => Ok(()),
    }
}

#[cfg(windows)]
async fn told_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
