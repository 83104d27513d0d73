//! Programs that run on a desktop: where they come from, their environment and their logs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::error::{During, Result};
use crate::guardian::Guardian;
use crate::wait::wait_until;
use crate::{DesktopError, PATIENCE};

/// The Debian package of each program the desktop runs.
const PACKAGES: [(&str, &str); 12] = [
    ("Xvfb", "xvfb"),
    ("dbus-daemon", "dbus"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("xfwm4", "xfwm4"),
    ("tint2", "tint2"),
    ("pulseaudio", "pulseaudio"),
    ("pactl", "pulseaudio-utils"),
    ("pacat", "pulseaudio-utils"),
    ("paplay", "pulseaudio-utils"),
    ("parec", "pulseaudio-utils"),
    ("xterm", "xterm"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
];

/// How much of a log an error quotes.
const TAIL_LINES: usize = 15;

/// Fails with the packages to install if any of these programs is not on the PATH.
pub(crate) fn require(programs: &[&str]) -> Result<()> {
    let missing: Vec<&str> = programs.iter().copied().filter(|program| find(program).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let package = |program: &str| {
        let known = PACKAGES.iter().find(|(name, _)| *name == program);
        known.map_or(program, |(_, package)| package).to_owned()
    };
    let mut packages: Vec<String> = missing.iter().map(|program| package(program)).collect();
    packages.dedup();
    Err(DesktopError::Missing { programs: missing.into_iter().map(str::to_owned).collect(), packages })
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// A program running on a desktop. Ended by its id when dropped.
pub struct Program {
    name: String,
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
    kept: PathBuf,
}

impl Program {
    /// Starts `command` with its output going to files of the folder `logs`, watched by `guardian`. `kept` is where
    /// the logs will be found if the test fails.
    pub(crate) fn start(
        name: &str,
        mut command: Command,
        stdin: Stdio,
        logs: &Path,
        kept: &Path,
        guardian: &Guardian,
    ) -> Result<Self> {
        let (name, stdout) = unused_log(name, logs);
        let stderr = logs.join(format!("{name}.err.log"));
        command.stdin(stdin);
        command.stdout(File::create(&stdout).during(format!("make {}", stdout.display()))?);
        command.stderr(File::create(&stderr).during(format!("make {}", stderr.display()))?);
        let child = command.spawn().during(format!("start {}", command.get_program().to_string_lossy()))?;
        let program = Self { name, child, stdout, stderr, kept: kept.to_owned() };
        guardian.watch(program.pid())?;
        Ok(program)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The file its standard output goes to.
    pub(crate) fn stdout_file(&self) -> PathBuf {
        self.stdout.clone()
    }

    /// Everything it has written to standard output so far.
    pub fn stdout(&self) -> String {
        read_lossy(&self.stdout)
    }

    /// Everything it has written to standard error so far.
    pub fn stderr(&self) -> String {
        read_lossy(&self.stderr)
    }

    /// Its exit status, if it has ended.
    pub fn try_exit(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().during(format!("ask after {}", self.name))
    }

    /// Waits until it has ended by itself.
    pub fn wait_exit(&mut self, deadline: Duration) -> Result<ExitStatus> {
        wait_until(format!("{} to end", self.name), deadline, || self.child.try_wait().ok().flatten())
            .map_err(|error| self.failed(&error.to_string()))
    }

    /// Kills it at once, as a crash would, and waits until it is gone.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        self.child.kill().during(format!("kill {}", self.name))?;
        self.child.wait().during(format!("wait for {}", self.name))
    }

    /// Waits until `look` sees that it is ready. Fails at once when the program has ended instead, and quotes its log.
    pub(crate) fn wait_ready<T>(&mut self, what: &str, mut look: impl FnMut() -> Option<T>) -> Result<T> {
        let seen = wait_until(what, PATIENCE, || match look() {
            Some(seen) => Some(Ok(seen)),
            None => self.child.try_wait().ok().flatten().map(Err),
        });
        match seen {
            Ok(Ok(seen)) => Ok(seen),
            Ok(Err(status)) => Err(self.failed(&format!("it ended ({status}) instead of giving {what}"))),
            Err(error) => Err(self.failed(&error.to_string())),
        }
    }

    /// An error that quotes its log.
    pub(crate) fn failed(&self, why: &str) -> DesktopError {
        DesktopError::Program {
            program: self.name.clone(),
            why: why.to_owned(),
            log_tail: tail(&format!("{}{}", self.stdout(), self.stderr())),
            kept: self.kept.clone(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Already ended is as good; nothing else can go wrong with a child of ours.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next free name for a program of this kind: `editor`, `editor-2`, ... and the file for its standard output.
fn unused_log(name: &str, logs: &Path) -> (String, PathBuf) {
    let mut number = 1;
    loop {
        let name = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
        let file = logs.join(format!("{name}.out.log"));
        if !file.exists() {
            return (name, file);
        }
        number += 1;
    }
}

fn read_lossy(file: &Path) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned()
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or_default().join("\n")
}
