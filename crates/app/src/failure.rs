//! How an error crosses to the page and to the command line: a code to match, a sentence to read.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{control::ControlError, logs::LogError, places::PlacesError, settings::SettingsError};

/// An error as the page and the command line see it.
///
/// The code is stable and may be matched; the message is for people and says what failed and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Stable, in snake case: `internal`, `settings_wrong_value`, ...
    pub code: String,
    /// What failed and what to do about it.
    pub message: String,
}

impl Failure {
    /// A failure with this code and message.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    /// Something inside Quoth broke that the user cannot mend; `what` names the task, never its content.
    pub fn internal(what: &str) -> Self {
        Self::new(
            "internal",
            format!("Something inside Quoth failed ({what}). Quoth goes on; the log says where it happened."),
        )
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Refused(failure) => failure,
            other => Self::new(other.code(), other.to_string()),
        }
    }
}

impl From<PlacesError> for Failure {
    fn from(error: PlacesError) -> Self {
        Self::new("places", error.to_string())
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Self::new("log", error.to_string())
    }
}
