//! The command line: what can be said, what it answers, and with which exit code it ends.
//!
//! Architecture invariant: no dictated text is ever an argument; arguments can be read by every process.

mod client;

pub use client::run_client;

use std::{ffi::OsString, io::Write};

use clap::{Parser, Subcommand, error::ErrorKind};

use crate::control::Page;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// It did not work; the message says why.
    Failed = 1,
    /// There is no such command or option.
    WrongUsage = 2,
    /// Quoth is not running.
    NotRunning = 3,
    /// The running Quoth said no.
    Refused = 4,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What the user wants of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Be the app.
    StartApp {
        /// Show no window.
        background: bool,
        /// Show this page.
        page: Option<Page>,
    },
    /// End.
    Exit(Exit),
}

/// Hold a key, speak, let go: the words stand where the cursor is.
#[derive(Debug, Parser)]
#[command(name = "quoth", version, after_long_help = AFTER, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
struct Line {
    /// Start without a window, only with the tray icon (for a start at login)
    #[arg(long)]
    background: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

/// What can be asked of a running Quoth.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Show whether Quoth runs and what it does
    #[command(long_about = "Show whether Quoth runs and what it does.\n\nEnds with 3 if it does not run.")]
    Status {
        /// Print it as one JSON object, for scripts
        #[arg(long)]
        json: bool,
    },
    /// Open the window; starts Quoth if it does not run
    Open {
        /// The page to show; the one last shown if none is named
        #[arg(value_enum)]
        page: Option<Page>,
    },
    /// Quit the running Quoth and wait until it has ended
    Quit,
}

const AFTER: &str = "\
Without a command, Quoth starts. If it already runs, its window comes to the front instead.

Examples:
  quoth                        start Quoth, or bring its window to the front
  quoth --background           start it with the tray icon alone
  quoth open settings          open the window on its settings
  quoth status --json          ask from a script; needs no window
  quoth quit && quoth          start it anew

Exit codes:
  0  done
  1  it did not work; the message says why
  2  wrong usage
  3  Quoth is not running
  4  the running Quoth refused

Files:
  Settings are in settings.toml, which may be edited while Quoth runs:
    Linux    ~/.config/quoth
    macOS    ~/Library/Application Support/Quoth
    Windows  %APPDATA%\\Quoth\\config
  QUOTH_HOME=<folder> keeps settings, data and logs of a separate Quoth under that folder.
  QUOTH_LOG=<level> (error, warn, info, debug, trace) overrides the level of the log.

Commands reach only a Quoth of the same user with the same QUOTH_HOME.";

/// What the arguments (the program's name first) ask for: a command to run, or what comes next right away.
///
/// Help and version are written to `out`, complaints to `err`.
pub fn parse(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Command, Next> {
    match Line::try_parse_from(args) {
        Ok(Line { command: Some(command), .. }) => Ok(command),
        Ok(Line { command: None, background }) => Err(Next::StartApp { background, page: None }),
        Err(told) if matches!(told.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // Whoever closed the other end does not want the rest.
            let _ = write!(out, "{told}");
            Err(Next::Exit(Exit::Done))
        }
        Err(wrong) => {
            let _ = write!(err, "{wrong}");
            Err(Next::Exit(Exit::WrongUsage))
        }
    }
}

#[cfg(test)]
mod tests;
