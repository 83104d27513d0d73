//! The real app on a desktop: installed into a home of its own, started, measured, called from the command line.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use crate::error::{During, Result};
use crate::page::Page;
use crate::processes::{self, Memory, ProcessInfo};
use crate::programs::Program;
use crate::webdriver::DRIVER;
use crate::{Desktop, DesktopError, PATIENCE, evidence};

/// The variable by which Quoth keeps all its files under one folder. It also marks all processes of an installation.
const HOME: &str = "QUOTH_HOME";

/// Quoth as one user has it: a binary and a home, which several starts share.
pub struct Installation<'d> {
    desktop: &'d Desktop,
    binary: PathBuf,
    home: PathBuf,
    environment: BTreeMap<OsString, OsString>,
}

impl<'d> Installation<'d> {
    /// Quoth with an empty home. The binary is that of the variable `QUOTH_BIN`, or else `quoth` beside this test in
    /// Cargo's target folder.
    pub fn new(desktop: &'d Desktop) -> Result<Self> {
        let built = || evidence::profile_folder().join("quoth");
        let binary = std::env::var_os("QUOTH_BIN").map_or_else(built, PathBuf::from);
        // It is started elsewhere than the variable was written.
        let binary = std::path::absolute(&binary).unwrap_or(binary);
        if !binary.is_file() {
            let missing =
                format!("{} (build it with `cargo build -p quoth`, or set QUOTH_BIN)", binary.display());
            return Err(DesktopError::NotThere(missing));
        }
        Self::of_binary(desktop, binary)
    }

    /// Another program, installed in the same way.
    pub fn of_binary(desktop: &'d Desktop, binary: impl Into<PathBuf>) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("home-").tempdir_in(desktop.folder());
        let home = home.during("make a home")?.keep();
        let mut environment =
            BTreeMap::from([(HOME.into(), home.clone().into()), ("HOME".into(), home.clone().into())]);
        for (name, within) in [
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_STATE_HOME", ".local/state"),
        ] {
            let path = home.join(within);
            fs::create_dir_all(&path).during(format!("make {}", path.display()))?;
            environment.insert(name.into(), path.into());
        }
        Ok(Self { desktop, binary: binary.into(), home, environment })
    }

    /// Sets a variable for every start from now on.
    #[must_use]
    pub fn with_env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// The folder that stands for the user's home and for Quoth's own folders.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The program.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// The desktop it is installed on.
    pub fn desktop(&self) -> &'d Desktop {
        self.desktop
    }

    /// A command in this installation's environment.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.desktop.command(program);
        command.envs(&self.environment).current_dir(&self.home);
        command
    }

    /// Starts it. Does not wait: what to wait for is the test's to say.
    pub fn start(&self, arguments: &[&str]) -> Result<App<'_>> {
        let mut command = self.command(&self.binary);
        command.args(arguments);
        Ok(App { installation: self, program: self.desktop.start_program("app", command)? })
    }

    /// Runs it as a client (`status`, `quit`, ...) and answers what came of it.
    pub fn cli(&self, arguments: &[&str]) -> Result<Answer> {
        let mut command = self.command(&self.binary);
        command.args(arguments);
        let mut client = self.desktop.start_program("cli", command)?;
        let status = client.wait_exit(PATIENCE)?;
        Ok(Answer { code: status.code(), stdout: client.stdout(), stderr: client.stderr() })
    }

    /// Starts it under WebDriver and answers its page. The driver starts the program and ends it.
    pub fn page(&self, arguments: &[&str]) -> Result<Page<'_>> {
        Page::open(self, arguments)
    }

    /// All its processes, also those of its web view and those whose parent has ended.
    pub fn processes(&self) -> Vec<ProcessInfo> {
        let mut processes = processes::with_environment(HOME, &self.home.to_string_lossy());
        // The driver has to share the environment of what it starts.
        processes.retain(|process| process.name != DRIVER);
        processes
    }

    /// The process of the program itself, whoever has started it.
    pub fn main_process(&self) -> Option<ProcessInfo> {
        let binary = fs::canonicalize(&self.binary).ok()?;
        let runs_it = |process: &ProcessInfo| {
            fs::read_link(format!("/proc/{}/exe", process.pid)).is_ok_and(|program| program == binary)
        };
        self.processes().into_iter().find(runs_it)
    }

    /// Memory of all its processes now.
    pub fn memory(&self) -> Result<Memory> {
        processes::memory(&self.processes())
    }

    /// Processor time used by all its running processes since they began.
    pub fn cpu_time(&self) -> Duration {
        processes::cpu_time(&self.processes())
    }

    /// Waits until none of its processes is left.
    pub fn wait_all_gone(&self) -> Result<()> {
        crate::wait_until(format!("all processes of {} to end", self.binary.display()), PATIENCE, || {
            self.processes().is_empty().then_some(())
        })
        .map_err(|error| {
            DesktopError::NotThere(format!("end of all processes ({error}): {:?}", self.processes()))
        })
    }
}

/// A running app. Killed when dropped.
pub struct App<'i> {
    installation: &'i Installation<'i>,
    program: Program,
}

impl<'i> App<'i> {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// What it was started from.
    pub fn installation(&self) -> &'i Installation<'i> {
        self.installation
    }

    /// What it wrote to standard output so far.
    pub fn stdout(&self) -> String {
        self.program.stdout()
    }

    /// What it wrote to standard error so far.
    pub fn stderr(&self) -> String {
        self.program.stderr()
    }

    /// Its exit status, if it has ended.
    pub fn try_exit(&mut self) -> Result<Option<ExitStatus>> {
        self.program.try_exit()
    }

    /// Waits until it ends by itself.
    pub fn wait_exit(&mut self, deadline: Duration) -> Result<ExitStatus> {
        self.program.wait_exit(deadline)
    }

    /// Kills it at once, as a crash would.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        self.program.kill()
    }
}

/// What a command said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}
