//! The desktop itself: started whole, ended whole.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::bus::Bus;
use crate::display::Display;
use crate::error::{During, Result};
use crate::evidence::Evidence;
use crate::guardian::{Guardian, MARK};
use crate::keyboard::Keyboard;
use crate::microphone::Microphone;
use crate::picture::Picture;
use crate::pointer::Pointer;
use crate::programs::{self, Program};
use crate::tray::Tray;
use crate::windows::Windows;
use crate::{DesktopError, DesktopPlan, parts};

/// What programs on a desktop keep of the environment of the test. All else is the desktop's own.
const KEPT: [&str; 9] = [
    "PATH",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "LLVM_PROFILE_FILE",
    "RUST_BACKTRACE",
    "RUST_LOG",
    "SHELL",
];

/// A running desktop with a display, a session bus and a sound server of its own, and a folder that holds its homes,
/// sockets and logs.
///
/// Dropped, it ends every process that was started on it and all they started, and removes its folder. The same happens
/// when the test panics or its process is killed. Dropped by a panic, it first leaves a screenshot and all logs in
/// `target/e2e/<test>/`.
pub struct Desktop {
    folder: PathBuf,
    environment: BTreeMap<OsString, OsString>,
    evidence: Evidence,
    guardian: Guardian,
    display: Display,
    bus: Option<Bus>,
    programs: Vec<Program>,
    ready_after: Duration,
}

/// A desktop on its way up: folder, environment and guardian are there, its parts are being started.
pub(crate) struct Ground {
    pub(crate) folder: PathBuf,
    pub(crate) environment: BTreeMap<OsString, OsString>,
    pub(crate) evidence: Evidence,
    pub(crate) guardian: Guardian,
}

impl Desktop {
    /// Starts the parts of the plan and returns when each of them has answered. An error names the part that did not
    /// become ready and quotes its log, or names the packages to install.
    pub fn start(plan: &DesktopPlan) -> Result<Self> {
        let begin = Instant::now();
        programs::require(&parts::programs(plan))?;
        let evidence = Evidence::of(plan.name.clone());
        let ground = Ground::prepare(evidence)?;
        match parts::start(plan, &ground) {
            Ok(started) => {
                let Ground { folder, environment, evidence, guardian } = ground;
                let environment = environment.into_iter().chain(started.environment).collect();
                let (display, bus, programs) = (started.display, started.bus, started.programs);
                let ready_after = begin.elapsed();
                Ok(Self { folder, environment, evidence, guardian, display, bus, programs, ready_after })
            }
            Err(error) => {
                ground.evidence.keep_logs(&ground.folder);
                ground.guardian.end_all()?;
                Err(error)
            }
        }
    }

    /// How long it took until every part was ready.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// The desktop's own folder, gone with it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a failing test leaves its screenshot and logs.
    pub fn evidence_folder(&self) -> &Path {
        self.evidence.folder()
    }

    /// The X server's name, such as `:3`.
    pub fn display_name(&self) -> &str {
        self.display.name()
    }

    /// The ids of the programs that make up the desktop.
    pub fn part_pids(&self) -> Vec<u32> {
        self.programs.iter().map(Program::pid).collect()
    }

    /// All processes of this desktop: its parts, what tests started on it, and what those started.
    pub fn processes(&self) -> Vec<crate::ProcessInfo> {
        crate::with_environment(MARK, &self.folder.to_string_lossy())
    }

    /// A command whose environment is this desktop and nothing of the test's own beyond PATH and the like.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        command(&self.environment, program)
    }

    /// Starts a command of [`command`](Self::command) as a program of this desktop, with logs under `name`.
    pub fn start_program(&self, name: &str, command: Command) -> Result<Program> {
        let logs = self.folder.join("logs");
        Program::start(name, command, Stdio::null(), &logs, self.evidence.folder(), &self.guardian)
    }

    /// The session bus.
    pub fn bus(&self) -> Result<&Bus> {
        self.bus.as_ref().ok_or_else(|| DesktopError::NotThere("session bus in this desktop's plan".into()))
    }

    /// The keyboard at the X server.
    pub fn keys(&self) -> Keyboard<'_> {
        Keyboard::of(&self.display)
    }

    /// The mouse at the X server.
    pub fn pointer(&self) -> Pointer<'_> {
        Pointer::of(&self.display)
    }

    /// The windows and the focus.
    pub fn windows(&self) -> Windows<'_> {
        Windows::of(&self.display)
    }

    /// The tray and its icons.
    pub fn tray(&self) -> Tray<'_> {
        Tray::of(self, &self.display)
    }

    /// The virtual microphone.
    pub fn microphone(&self) -> Microphone<'_> {
        Microphone::of(self)
    }

    /// What is to be seen on the screen now.
    pub fn picture(&self) -> Result<Picture> {
        Picture::of_screen(&self.display)
    }

    /// Writes a screenshot as PNG, making the folders it needs.
    pub fn screenshot(&self, file: &Path) -> Result<()> {
        self.picture()?.save(file)
    }

    /// Leaves a screenshot and all logs in [`evidence_folder`](Self::evidence_folder) now. A panic does so by itself.
    pub fn keep_evidence(&self) -> Result<()> {
        self.evidence.keep_logs(&self.folder);
        self.screenshot(&self.evidence.folder().join("screenshot.png"))?;
        let windows: String = self.windows().list()?.iter().map(|window| format!("{window:?}\n")).collect();
        fs::write(self.evidence.folder().join("windows.txt"), windows).during("write the list of windows")
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The test's own failure is the one to report; a missing screenshot must not hide it.
            let _ = self.keep_evidence();
        }
        // If the guardian is late it still does its work; the children below are ours to reap in any case.
        let _ = self.guardian.end_all();
        self.programs.clear();
    }
}

impl Ground {
    fn prepare(evidence: Evidence) -> Result<Self> {
        let folder =
            tempfile::Builder::new().prefix("quoth-").tempdir().during("make the desktop's folder")?.keep();
        let guardian = Guardian::over(&folder)?;
        for name in ["home", "logs", "run", "data", "config", "cache", "state"] {
            let path = folder.join(name);
            fs::create_dir(&path).during(format!("make {}", path.display()))?;
            fs::set_permissions(&path, Permissions::from_mode(0o700))
                .during(format!("close {}", path.display()))?;
        }
        let kept = KEPT.iter().filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
        let mut environment: BTreeMap<OsString, OsString> = kept.collect();
        for (name, within) in [
            (MARK, ""),
            ("HOME", "home"),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
        ] {
            let path = if within.is_empty() { folder.clone() } else { folder.join(within) };
            environment.insert(name.into(), path.into());
        }
        for (name, value) in [
            ("LANG", "C.UTF-8"),
            ("XDG_SESSION_TYPE", "x11"),
            ("XDG_CURRENT_DESKTOP", "XFCE"),
            ("GDK_BACKEND", "x11"),
            // There is no graphics card, and accessibility would start a second bus.
            ("LIBGL_ALWAYS_SOFTWARE", "1"),
            ("NO_AT_BRIDGE", "1"),
        ] {
            environment.insert(name.into(), value.into());
        }
        Ok(Self { folder, environment, evidence, guardian })
    }

    /// Starts a part of the desktop with `more` in its environment.
    pub(crate) fn start(
        &self,
        program: &str,
        arguments: &[&OsStr],
        more: &BTreeMap<OsString, OsString>,
        stdin: Stdio,
    ) -> Result<Program> {
        let mut command = command(&self.environment, program);
        command.envs(more).args(arguments);
        Program::start(
            program,
            command,
            stdin,
            &self.folder.join("logs"),
            self.evidence.folder(),
            &self.guardian,
        )
    }
}

fn command(environment: &BTreeMap<OsString, OsString>, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(environment).stdin(Stdio::null());
    command
}
