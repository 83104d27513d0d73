//! The one main window. It is made when it is wanted and destroyed when it is closed, so that a page nobody looks at
//! costs no memory; its size and place are remembered.
//!
//! Invariant: the page comes out of the binary, leads nowhere else, and opens no further window.

use std::{sync::Arc, time::Duration};

use quoth_app::{
    control::Page,
    failure::Failure,
    settings::{Settings, Theme},
};
use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{Color, NewWindowResponse, PageLoadEvent},
};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};
use tauri_specta::Event;

use crate::{bridge::Navigate, shell::Shell};

/// The main window's label, as `capabilities/main-window.json` names it.
pub(crate) const MAIN: &str = "main";

/// What is remembered of the window. Not whether it was visible: that is decided at each start.
pub(crate) const REMEMBERED: StateFlags =
    StateFlags::SIZE.union(StateFlags::POSITION).union(StateFlags::MAXIMIZED).union(StateFlags::FULLSCREEN);

/// The window shows itself once its page has painted; a page that never says so is shown after this long all the same.
const PAINT_DEADLINE: Duration = Duration::from_millis(1500);

/// Brings the window forward, making it first where there is none, and leads it to `page` if one is named.
pub(crate) async fn open(app: &AppHandle, page: Option<Page>) -> Result<(), Failure> {
    open_or_forward(app, page)
        .await
        .map_err(|problem| Failure::new("window", format!("The window could not be opened: {problem}")))
}

async fn open_or_forward(app: &AppHandle, page: Option<Page>) -> tauri::Result<()> {
    let shell = app.state::<Arc<Shell>>().inner().clone();
    // Two callers at once (a click and a second start) must not make two windows.
    let _making = shell.making_window.lock().await;
    if let Some(window) = app.get_webview_window(MAIN) {
        if let Some(page) = page {
            Navigate(page).emit_to(app, MAIN)?;
        }
        return bring_forward(&window);
    }
    shell.ask_page(page);
    let window = make(app, &shell)?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PAINT_DEADLINE).await;
        if !window.is_visible().unwrap_or(true) {
            tracing::warn!("the page did not paint in time; its window is shown as it is");
            let _ = bring_forward(&window);
        }
    });
    Ok(())
}

/// As [`open`], from where nothing can be awaited. (On Windows a window made inside an event handler would hang it.)
pub(crate) fn open_soon(app: &AppHandle, page: Option<Page>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(failure) = open(&app, page).await {
            app.state::<Arc<Shell>>().tell(&failure);
        }
    });
}

/// Shows a window that may be hidden, minimised or behind others, and gives it the keyboard.
pub(crate) fn bring_forward(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

/// The page's theme, for the parts that the system draws.
pub(crate) fn frame_theme(settings: &Settings) -> Option<tauri::Theme> {
    match settings.appearance.theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// Writes size and place to disk now, so that they outlive a killed process as well as a closed window.
pub(crate) fn remember(app: &AppHandle) {
    if let Err(problem) = app.save_window_state(REMEMBERED) {
        tracing::warn!(%problem, "the window's place could not be remembered");
    }
}

fn make(app: &AppHandle, shell: &Shell) -> tauri::Result<WebviewWindow> {
    let settings = shell.settings.view().settings;
    let theme = frame_theme(&settings);
    let mut builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Quoth")
        .inner_size(1040.0, 720.0)
        .min_inner_size(480.0, 480.0)
        .center()
        .visible(false)
        .theme(theme)
        .data_directory(shell.places.data_dir.join("page"))
        .disable_drag_drop_handler()
        .general_autofill_enabled(false)
        .devtools(cfg!(debug_assertions))
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        // The task bar says which page is shown, in the user's language.
        .on_document_title_changed(|window, title| {
            if let Err(problem) = window.set_title(&title) {
                tracing::debug!(%problem, "the window keeps its title");
            }
        })
        .on_page_load(|window, load| {
            tracing::debug!(
                finished = load.event() == PageLoadEvent::Finished,
                label = window.label(),
                "page load"
            );
        });
    if theme == Some(tauri::Theme::Dark) {
        // The page's own dark ground, so that no white flashes up before it paints.
        builder = builder.background_color(Color(0x14, 0x16, 0x1f, 0xff));
    }
    builder.build()
}

/// Whether `url` is a page out of the binary. Windows serves these under a name of http's, the others under `tauri:`.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => cfg!(target_os = "windows") && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_goes_nowhere_but_to_its_own_page() {
        let allowed = |url: &str| is_own_page(&url.parse().unwrap());
        assert!(allowed("tauri://localhost/index.html"));
        for elsewhere in [
            "https://example.com/",
            "file:///etc/passwd",
            "tauri://example.com/",
            "data:text/html,x",
            "about:srcdoc",
        ] {
            assert!(!allowed(elsewhere), "{elsewhere}");
        }
        assert_eq!(allowed("http://tauri.localhost/"), cfg!(target_os = "windows"));
    }
}
