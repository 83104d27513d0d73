//! One Quoth per user, and the private line by which others of the same user talk to it.
//!
//! Who runs is decided by an exclusive lock on a file ([`Seat`]), which the system lets go however its holder
//! ends. The holder listens on a socket (a named pipe on Windows) that only this user can open ([`Listening`]);
//! a second start and the command line call it ([`ask`]). They exchange one line of JSON each way ([`Request`],
//! [`Answer`]).

mod address;
mod caller;
mod listener;
mod seat;
mod wire;

pub use caller::{Caller, ask, start, wait_until_gone};
pub use listener::{Answers, Listening};
pub use seat::{Claim, Seat, claim};
pub use wire::{Activity, Answer, Blocked, LINE_LIMIT, Page, Request, Status, VERSION};

use std::{io, path::PathBuf};

use crate::{failure::Failure, places::PlacesError};

/// Why Quoth could not be reached, or could not listen.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No Quoth of this user runs.
    #[error("Quoth is not running.")]
    NotRunning,
    /// One runs, but does not answer.
    #[error(
        "Quoth is running but does not answer ({0}). Wait a moment and try again; if it stays so, end the \
         process \"quoth\" and start it anew."
    )]
    NotAnswering(String),
    /// It answered that it will not.
    #[error("{0}")]
    Refused(Failure),
    /// It answered something that this version does not understand.
    #[error(
        "The running Quoth answered in a way this version does not understand ({0}). They are probably of \
         different versions: quit the running one and start this one."
    )]
    NotUnderstood(String),
    /// It said it would quit and did not within the time given.
    #[error("Quoth has been asked to quit but is still busy. Try again in a moment.")]
    StillRunning,
    /// The folders are not usable.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// The socket or the lock cannot be made.
    #[error("Quoth cannot open its private line {}: {source}. Check that this folder can be written.", path.display())]
    NotOpened {
        /// The socket, pipe or lock file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl ControlError {
    /// The code by which page and command line know it.
    pub fn code(&self) -> &str {
        match self {
            Self::NotRunning => "not_running",
            Self::NotAnswering(_) => "not_answering",
            Self::Refused(failure) => &failure.code,
            Self::NotUnderstood(_) => "not_understood",
            Self::StillRunning => "still_running",
            Self::Places(_) => "places",
            Self::NotOpened { .. } => "control_not_opened",
        }
    }
}

#[cfg(test)]
mod tests;
