//! What can go wrong on a virtual desktop, told so that the reader of a failed test knows what to do.

use std::path::PathBuf;
use std::time::Duration;

/// The result of everything the desktop does.
pub type Result<T, E = DesktopError> = std::result::Result<T, E>;

/// Why the desktop could not do what a test asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DesktopError {
    /// Programs the desktop is made of are not installed.
    #[error(
        "the virtual desktop needs {}: run `cargo xtask setup`, or on Debian and Ubuntu: apt-get install {}",
        .programs.join(", "), .packages.join(" ")
    )]
    Missing {
        /// The programs that were not found.
        programs: Vec<String>,
        /// The Debian packages that hold them.
        packages: Vec<String>,
    },
    /// A program ended, or never became ready.
    #[error("{program} failed: {why}\n--- end of its log ---\n{log_tail}\n--- (kept in {}) ---", .kept.display())]
    Program {
        /// The program, by the name it was started under.
        program: String,
        /// What was expected of it.
        why: String,
        /// The last lines it wrote.
        log_tail: String,
        /// Where logs and a screenshot were left.
        kept: PathBuf,
    },
    /// Something was waited for and did not come.
    #[error("waited {after:?} for {what}, in vain")]
    TimedOut {
        /// What was waited for.
        what: String,
        /// For how long.
        after: Duration,
    },
    /// Something the test named is not there.
    #[error("there is no {0}")]
    NotThere(String),
    /// The page or its driver refused.
    #[error("WebDriver: {code} while asked to {doing}: {message}")]
    WebDriver {
        /// The request.
        doing: String,
        /// WebDriver's error code, such as `no such element`.
        code: String,
        /// What the driver says about it.
        message: String,
    },
    /// The system, the X server or the bus refused.
    #[error("could not {doing}: {source}")]
    Failed {
        /// What was being done.
        doing: String,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Names what was being done when a foreign error came up.
pub(crate) trait During<T> {
    /// Turns the error into [`DesktopError::Failed`] with this as what was being done.
    fn during(self, doing: impl Into<String>) -> Result<T>;
}

impl<T, E: Into<Box<dyn std::error::Error + Send + Sync>>> During<T> for std::result::Result<T, E> {
    fn during(self, doing: impl Into<String>) -> Result<T> {
        self.map_err(|error| DesktopError::Failed { doing: doing.into(), source: error.into() })
    }
}
