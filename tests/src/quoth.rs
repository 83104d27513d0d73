//! Quoth itself as seen from outside: its files, its log, its status, its window and tray. What every test of the real
//! app, the demo and the measurements share; the rest of this crate would drive any program.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use serde_json::Value;

use crate::app::{App, Installation};
use crate::error::{During, Result};
use crate::processes::ProcessInfo;
use crate::wait::{PATIENCE, wait_until};
use crate::windows::{Place, Window};

impl Installation<'_> {
    /// The one settings file.
    pub fn settings_file(&self) -> PathBuf {
        self.home().join("config/settings.toml")
    }

    /// Writes the settings file as an editor would, before a start or while Quoth runs.
    pub fn write_settings(&self, content: impl AsRef<[u8]>) -> Result<()> {
        let file = self.settings_file();
        if let Some(folder) = file.parent() {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.during(format!("make {}", folder.display()))?;
        }
        fs::write(&file, content).during(format!("write {}", file.display()))
    }

    /// The settings file as it is now.
    pub fn settings(&self) -> Result<String> {
        let file = self.settings_file();
        fs::read_to_string(&file).during(format!("read {}", file.display()))
    }

    /// The log that is being written.
    pub fn log_file(&self) -> PathBuf {
        self.home().join("logs/quoth.log")
    }

    /// The log as it is now; empty where there is none.
    pub fn log(&self) -> String {
        fs::read(self.log_file())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// The first line of the log that holds `words`, waited for.
    pub fn wait_logged(&self, words: &str) -> Result<String> {
        wait_until(format!("{words:?} in the log"), PATIENCE, || {
            self.log().lines().find(|line| line.contains(words)).map(str::to_owned)
        })
    }

    /// The socket by which the command line reaches the running Quoth.
    pub fn socket(&self) -> PathBuf {
        self.home().join("run/control.sock")
    }

    /// What `quoth status --json` says; none while Quoth does not run.
    pub fn status(&self) -> Result<Option<Value>> {
        let answer = self.cli(&["status", "--json"])?;
        match answer.code {
            Some(0) => serde_json::from_str(&answer.stdout).map(Some).during("read `quoth status --json`"),
            Some(3) => Ok(None),
            _ => Err(answer.stderr).during("ask for the status"),
        }
    }

    /// Waits until the running Quoth says so of its window.
    pub fn wait_window_open(&self, open: bool) -> Result<()> {
        let what = if open { "Quoth to have a window" } else { "Quoth to have no window" };
        wait_until(what, PATIENCE, || (self.status().ok()??["window_open"] == open).then_some(()))
    }

    /// The processes that WebKit runs for the page.
    pub fn page_processes(&self) -> Vec<ProcessInfo> {
        self.processes().into_iter().filter(|process| process.name.starts_with("WebKit")).collect()
    }

    /// Waits until no process is left that served the page.
    pub fn wait_page_processes_gone(&self) -> Result<()> {
        wait_until("the page's processes to end", PATIENCE, || self.page_processes().is_empty().then_some(()))
    }

    /// Starts Quoth without its window and waits for its icon in the tray.
    pub fn start_in_tray(&self) -> Result<App<'_>> {
        let app = self.start(&["--background"])?;
        app.wait_icon()?;
        Ok(app)
    }
}

impl App<'_> {
    /// Waits for its icon in the tray.
    pub fn wait_icon(&self) -> Result<Place> {
        self.installation().desktop().tray().wait_for_icon(self.pid())
    }

    /// Waits for its window.
    pub fn wait_window(&self) -> Result<Window> {
        self.installation().desktop().windows().wait_for_process(self.pid())
    }

    /// Waits for its window with this title, which names the page that is shown.
    pub fn wait_title(&self, title: &str) -> Result<Window> {
        let ours = |window: &Window| window.pid == Some(self.pid()) && window.title == title;
        let windows = self.installation().desktop().windows();
        windows.wait_for(&format!("Quoth's window titled {title:?}"), PATIENCE, ours)
    }

    /// Its windows now.
    pub fn windows(&self) -> Result<Vec<Window>> {
        let all = self.installation().desktop().windows().list()?;
        Ok(all.into_iter().filter(|window| window.pid == Some(self.pid())).collect())
    }

    /// Chooses an entry of the tray's menu.
    pub fn choose_in_tray(&self, label: &str) -> Result<()> {
        self.installation().desktop().tray().open_menu(self.pid())?.choose(label)
    }

    /// Closes its window by the cross in the corner, and waits until it is gone.
    pub fn close_window(&self) -> Result<()> {
        let window = self.wait_window()?;
        self.installation().desktop().windows().close(&window)?;
        self.installation().desktop().windows().wait_gone(&window)
    }
}
