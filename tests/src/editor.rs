//! A window to dictate into, whose text a test can read without touching clipboard or focus.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{During, Result};
use crate::programs::{self, Program};
use crate::wait::{PATIENCE, wait_until};
use crate::windows::Window;
use crate::{Desktop, DesktopError};

/// The editor: a GTK text field that writes its content to a file at every change. Run by the system's own Python,
/// which has GTK, whatever other Python comes first on the PATH.
const EDITOR: &str = include_str!("scripts/editor.py");
const PYTHON: &str = "/usr/bin/python3";

/// Which kind of window takes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditorKind {
    /// A GTK text field. Its text is what the user sees.
    Field,
    /// A terminal (xterm). Its text is the bytes that a program in it reads, unprocessed: Return is `\r`.
    Terminal,
}

/// An editor to be opened.
#[derive(Debug, Clone)]
pub struct EditorPlan {
    kind: EditorKind,
    title: String,
    class: String,
    text: String,
}

impl EditorPlan {
    /// A GTK text field in a window with this title.
    pub fn titled(title: impl Into<String>) -> Self {
        let (class, text) = ("QuothEditor".into(), String::new());
        Self { kind: EditorKind::Field, title: title.into(), class, text }
    }

    /// A terminal with this title.
    pub fn terminal(title: impl Into<String>) -> Self {
        Self { kind: EditorKind::Terminal, ..Self::titled(title) }
    }

    /// The class of WM_CLASS, by which programs know one another's windows. Its instance is the same in lower case.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.class = class.into();
        self
    }

    /// What already stands in it, the cursor being behind it. A terminal ignores this.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

/// An open editor. Closed when dropped.
pub struct Editor<'d> {
    desktop: &'d Desktop,
    window: Window,
    text: PathBuf,
    keys: PathBuf,
    program: Program,
}

impl<'d> Editor<'d> {
    /// Opens an editor and waits until its window is there.
    pub fn open(desktop: &'d Desktop, plan: &EditorPlan) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("editor-").tempdir_in(desktop.folder());
        let folder = folder.during("make the editor's folder")?.keep();
        let (text, keys) = (folder.join("text"), folder.join("keys"));
        fs::write(&text, &plan.text).during("write the editor's text")?;
        fs::write(&keys, "").during("write the editor's keys")?;
        let mut command = match plan.kind {
            EditorKind::Field => {
                let mut command = desktop.command(PYTHON);
                command.args(["-c", EDITOR, &plan.title, &plan.class]).arg(&text).arg(&keys);
                command
            }
            EditorKind::Terminal => {
                programs::require(&["xterm"])?;
                let mut command = desktop.command("xterm");
                let names =
                    ["-u8", "-T", &plan.title, "-class", &plan.class, "-name", &plan.class.to_lowercase()];
                command.args(names).args(["-e", "sh", "-c", "stty raw -echo; exec cat >\"$0\""]).arg(&text);
                command
            }
        };
        command.current_dir(&folder);
        let mut program = desktop.start_program("editor", command)?;
        let pid = program.pid();
        let window = program.wait_ready("its window", || {
            let windows = desktop.windows().list().ok()?;
            windows.into_iter().find(|window| window.pid == Some(pid) && window.title == plan.title)
        })?;
        Ok(Self { desktop, window, text, keys, program })
    }

    /// Its window.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// Gives it the keyboard and waits until it has it.
    pub fn focus(&self) -> Result<()> {
        self.desktop.windows().activate(&self.window)
    }

    /// Its text now.
    pub fn text(&self) -> Result<String> {
        let bytes = fs::read(&self.text).during("read the editor's text")?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Waits until its text is exactly this; the error says what it was instead.
    pub fn wait_for_text(&self, expected: &str) -> Result<()> {
        self.wait_for_text_within(expected, PATIENCE)
    }

    /// The same with a deadline of the test's own.
    pub fn wait_for_text_within(&self, expected: &str, deadline: Duration) -> Result<()> {
        let seen = wait_until("the text", deadline, || self.text().ok().filter(|text| text == expected));
        if seen.is_ok() {
            return Ok(());
        }
        let what =
            format!("the text {expected:?} in {:?}, where {:?} stood", self.window.title, self.text()?);
        Err(DesktopError::TimedOut { what, after: deadline })
    }

    /// The keys it has seen go down and up, in order: `press a`, `release a`. A key that repeats while it is held is
    /// pressed again and again. (A terminal keeps no such list.)
    pub fn keys(&self) -> Result<Vec<String>> {
        let keys = fs::read_to_string(&self.keys).during("read the editor's keys")?;
        Ok(keys.split_terminator('\n').map(str::to_owned).collect())
    }

    /// Closes its window as a user would, and waits until its program has ended.
    pub fn close(mut self, deadline: Duration) -> Result<()> {
        self.desktop.windows().close(&self.window)?;
        self.program.wait_exit(deadline).map(|_status| ())
    }
}
