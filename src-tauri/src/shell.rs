//! The running app: what it holds, how it starts, what it follows, how it ends.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use quoth_app::{
    about::{self, About},
    control::{Activity, Blocked, Listening, Page, Seat, Status},
    failure::Failure,
    logs::{Logs, Panics, contain, contain_async},
    notice::{NoticeLevel, Notices},
    places::Places,
    settings::{Settings, SettingsFile},
};
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use tauri_specta::Event;

use crate::{
    answers::AppAnswers,
    bridge::{self, NoticesChanged, SettingsChanged},
    clipboard::Clipboard,
    login, system, tray,
    window::{self, MAIN},
    words::{Words, words},
};

/// What the parts of the shell share. One a process, made before the first window.
pub(crate) struct Shell {
    pub(crate) places: Places,
    pub(crate) settings: SettingsFile,
    pub(crate) notices: Notices,
    pub(crate) clipboard: Clipboard,
    /// Held while a window is being made.
    pub(crate) making_window: tokio::sync::Mutex<()>,
    panics: Panics,
    logs: Logs,
    asked_page: Mutex<Option<Page>>,
    started: Instant,
}

/// What is seen of a fresh start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstSight {
    /// The tray alone.
    Tray,
    /// The window as well, unless the settings say otherwise.
    Window,
    /// The window in any case, at this page if one is named.
    Asked(Option<Page>),
}

impl FirstSight {
    /// The page asked for, if one is.
    pub(crate) fn page(self) -> Option<Page> {
        match self {
            Self::Asked(page) => page,
            Self::Tray | Self::Window => None,
        }
    }
}

impl Shell {
    pub(crate) fn new(
        places: Places,
        settings: SettingsFile,
        notices: Notices,
        panics: Panics,
        logs: Logs,
    ) -> Self {
        Self {
            places,
            settings,
            notices,
            clipboard: Clipboard::default(),
            making_window: tokio::sync::Mutex::default(),
            panics,
            logs,
            asked_page: Mutex::default(),
            started: Instant::now(),
        }
    }

    /// The words of the language that the settings name now.
    pub(crate) fn words(&self) -> &'static Words {
        words(self.settings.view().settings.general.language)
    }

    /// What the About page shows.
    pub(crate) fn about(&self) -> About {
        about::about(&self.places, tauri::webview_version().ok())
    }

    /// A text for a bug report.
    pub(crate) fn diagnostics(&self) -> String {
        about::diagnostics(&self.about(), &self.settings.view(), &self.panics.list())
    }

    /// What `quoth status` and the page are told.
    pub(crate) fn status(&self, app: &AppHandle) -> Status {
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            uptime_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            window_open: app.get_webview_window(MAIN).is_some(),
            activity: Activity::Idle,
            blocked_by: blocked_by(),
            settings_problems: count(self.settings.view().problems.len()),
            notices: count(self.notices.list().len()),
        }
    }

    /// Notes where a page that is not there yet shall go.
    pub(crate) fn ask_page(&self, page: Option<Page>) {
        *self.asked_page.lock().unwrap_or_else(PoisonError::into_inner) = page;
    }

    /// Where the page shall go; asked once.
    pub(crate) fn take_asked_page(&self) -> Option<Page> {
        self.asked_page.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Tells the user of a failure that no command of theirs answers.
    pub(crate) fn tell(&self, failure: &Failure) {
        tracing::warn!(code = failure.code, "told the user of a failure");
        self.notices.tell(&failure.code, NoticeLevel::Warning, failure.message.clone());
    }
}

/// Why no dictation can begin. Nothing hears yet: the engine comes with its part.
pub(crate) fn blocked_by() -> Option<Blocked> {
    Some(Blocked::NoEngine)
}

/// Runs the app until it is told to quit. `seat` is what makes this process the only one; it is let go of at the end.
pub(crate) fn run(shell: Shell, seat: Seat, sight: FirstSight) -> Result<(), Failure> {
    let shell = Arc::new(shell);
    let bridge = bridge::bridge();
    let invoked = bridge.invoke_handler();
    let window_file = shell.places.data_dir.join("window.json");
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_autostart::Builder::new().app_name("Quoth").args(["--background"]).build())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                // An absolute path keeps the file beside Quoth's others rather than in a folder of Tauri's.
                .with_filename(window_file.to_string_lossy())
                .with_state_flags(window::REMEMBERED)
                .build(),
        )
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .invoke_handler(invoked)
        .manage(shell.clone())
        .build(tauri::generate_context!())
        .map_err(|problem| could_not_start(&problem))?;
    bridge.mount_events(&app);

    let handle = app.handle().clone();
    tray::show(&handle, &shell).map_err(|problem| could_not_start(&problem))?;
    let line = listen(seat, &handle, &shell)?;
    follow_settings(handle.clone(), shell.clone());
    follow_notices(handle.clone(), &shell);
    system::quit_on_signals(&handle);
    match sight {
        FirstSight::Tray => {}
        FirstSight::Window if !shell.settings.view().settings.general.open_window_at_start => {}
        FirstSight::Window => window::open_soon(&handle, None),
        FirstSight::Asked(page) => window::open_soon(&handle, page),
    }
    let tray_ready_ms = u64::try_from(shell.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(tray_ready_ms, version = env!("CARGO_PKG_VERSION"), "started");

    app.run_return(|app, event| {
        // A panic here would unwind through the event loop and end the app.
        if let Err(failure) = contain("event loop", || observe(app, event)) {
            app.state::<Arc<Shell>>().tell(&failure);
        }
    });
    // Last of all, so that whoever waits for the line to close finds everything else let go of.
    tauri::async_runtime::block_on(line.close());
    tracing::info!("ended");
    Ok(())
}

fn could_not_start(problem: &tauri::Error) -> Failure {
    Failure::new("start", format!("Quoth could not start: {problem}. Is there a display to show it on?"))
}

fn listen(seat: Seat, app: &AppHandle, shell: &Arc<Shell>) -> Result<Listening, Failure> {
    let answers = AppAnswers::new(app.clone(), shell.clone());
    Ok(seat.listen(answers, tauri::async_runtime::handle().inner())?)
}

fn observe(app: &AppHandle, event: RunEvent) {
    match event {
        // The last window closing is no reason to end: the tray stays. Only a quit carries a code.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::WindowEvent { label, event: WindowEvent::CloseRequested { .. }, .. } if label == MAIN => {
            window::remember(app);
        }
        RunEvent::WindowEvent { label, event: WindowEvent::Destroyed, .. } if label == MAIN => {
            system::release_page_processes();
        }
        // A click on the dock icon while no window is open.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::open_soon(app, None),
        _ => {}
    }
}

/// Lets every part follow the settings, whoever changes them, from now until the app ends.
fn follow_settings(app: AppHandle, shell: Arc<Shell>) {
    if let Err(problem) = shell.settings.watch() {
        shell.tell(&problem.into());
    }
    let mut changes = shell.settings.subscribe();
    tauri::async_runtime::spawn(async move {
        let mut before: Option<Settings> = None;
        loop {
            let view = changes.borrow_and_update().clone();
            let applied = contain_async("settings", async {
                shell.notices.reflect_settings(&view.problems);
                apply(&app, &shell, before.as_ref(), &view.settings);
            });
            if let Err(failure) = applied.await {
                shell.tell(&failure);
            }
            before = Some(view.settings.clone());
            // Nobody listens while no window is open.
            let _ = SettingsChanged(view).emit(&app);
            if changes.changed().await.is_err() {
                return;
            }
        }
    });
}

fn apply(app: &AppHandle, shell: &Shell, before: Option<&Settings>, now: &Settings) {
    shell.logs.adjust(&now.log);
    if before.is_none_or(|before| before.general.start_at_login != now.general.start_at_login)
        && let Err(failure) = login::follow(app, now.general.start_at_login)
    {
        // At a start nobody asked for a change, and the settings page shows the system's answer anyway.
        if before.is_some() {
            shell.tell(&failure);
        }
    }
    let Some(before) = before else { return };
    if before.general.language != now.general.language
        && let Err(problem) = tray::say_again(app, words(now.general.language))
    {
        tracing::warn!(%problem, "the tray menu could not be said anew");
    }
    if before.appearance.theme != now.appearance.theme
        && let Some(window) = app.get_webview_window(MAIN)
        && let Err(problem) = window.set_theme(window::frame_theme(now))
    {
        tracing::warn!(%problem, "the window's frame keeps its theme");
    }
}

fn follow_notices(app: AppHandle, shell: &Shell) {
    let mut changes = shell.notices.subscribe();
    tauri::async_runtime::spawn(async move {
        while changes.changed().await.is_ok() {
            let standing = changes.borrow_and_update().notices().to_vec();
            // Nobody listens while no window is open.
            let _ = NoticesChanged(standing).emit(&app);
        }
    });
}
