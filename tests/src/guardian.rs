//! The one place that ends what a desktop has started, however its owner ends: dropped, panicked or killed.
//!
//! A small shell process reads from a pipe whose other end only the owner holds. The owner writes each process it
//! starts into it; when the pipe closes, for whatever reason, the guardian ends those processes by their ids, and also
//! everything they started, which it knows by a mark in their environment, and then removes the desktop's folder.
//! (A parent-death signal would not do: it reaches neither grandchildren nor programs with file capabilities, and it
//! fires when the starting *thread* ends.) It runs in a process group of its own, so that Ctrl-C or a test runner that
//! kills the owner's group leaves it to do its work.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::error::{During, Result};
use crate::processes;
use crate::wait::wait_until;

/// The variable that marks every process of a desktop; its value is the desktop's folder.
pub(crate) const MARK: &str = "QUOTH_DESKTOP";

/// The guardian gives a process two seconds to end by itself and then kills it; this is far beyond.
const ENDS_WITHIN: Duration = Duration::from_secs(20);

pub(crate) struct Guardian {
    pipe: Mutex<Option<ChildStdin>>,
    shell: Mutex<Child>,
}

impl Guardian {
    /// Sets a guardian over all processes whose environment has `MARK=folder`.
    pub(crate) fn over(folder: &Path) -> Result<Self> {
        let mut mark = std::ffi::OsString::from(format!("{MARK}="));
        mark.push(folder);
        let mut shell = Command::new("/bin/sh")
            .arg("-c")
            .arg(include_str!("scripts/guardian.sh"))
            .arg("quoth-desktop-guardian")
            .arg(mark)
            .arg(folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .during("start the desktop's guardian (/bin/sh)")?;
        Ok(Self { pipe: Mutex::new(shell.stdin.take()), shell: Mutex::new(shell) })
    }

    /// Tells the guardian of a process. Its time of birth goes along, so that a reused id is never mistaken for it.
    pub(crate) fn watch(&self, pid: u32) -> Result<()> {
        let Some(born) = processes::birth(pid) else { return Ok(()) };
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        match pipe.as_mut() {
            Some(pipe) => writeln!(pipe, "{pid} {born}").during("reach the desktop's guardian"),
            None => Ok(()),
        }
    }

    /// Lets the guardian end everything, and returns when it has.
    pub(crate) fn end_all(&self) -> Result<()> {
        drop(self.pipe.lock().unwrap_or_else(PoisonError::into_inner).take());
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        wait_until("the desktop's processes to end", ENDS_WITHIN, || {
            shell.try_wait().ok().flatten().map(|_status| ())
        })
    }
}
