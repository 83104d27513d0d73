//! What can be wrong with the settings file, in words for its user.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Settings;

/// The settings in force, and what the file holds that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SettingsView {
    /// What is in force.
    pub settings: Settings,
    /// What could not be used, in the order of the file.
    pub problems: Vec<SettingsProblem>,
    /// Where the file is.
    pub path: String,
}

/// One thing in or about the file that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SettingsProblem {
    /// What sort of problem.
    pub kind: ProblemKind,
    /// The dotted key, if it is about one.
    pub key: Option<String>,
    /// The line in the file, from 1, if it is about one.
    pub line: Option<u32>,
    /// What was found, what is in force instead, what is allowed.
    pub message: String,
}

/// What sort of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The file as a whole could not be read.
    Unreadable,
    /// One value is not allowed; its default is in force.
    WrongValue,
    /// A key that Quoth does not know; it is left in the file.
    UnknownKey,
    /// The file could not be written.
    NotSaved,
}

impl ProblemKind {
    /// The code of the notice and of the error about it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "settings_unreadable",
            Self::WrongValue => "settings_wrong_value",
            Self::UnknownKey => "settings_unknown_key",
            Self::NotSaved => "settings_not_saved",
        }
    }
}

/// Why a setting was not changed. After any of these, file and settings are as they were.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no such setting.
    #[error("There is no setting \"{key}\".{}", did_you_mean(suggestion.as_deref()))]
    UnknownKey {
        /// What was asked for.
        key: String,
        /// The key that was probably meant.
        suggestion: Option<String>,
    },
    /// The setting cannot take this value.
    #[error("{key} cannot be {found}. Allowed: {allowed}.")]
    WrongValue {
        /// The dotted key.
        key: String,
        /// The value that was offered.
        found: String,
        /// What the setting takes.
        allowed: String,
    },
    /// In the file, something else stands where the group of the setting belongs.
    #[error(
        "{key} cannot be saved: in {} the name \"{group}\" is used for a single value, not for a group. \
         Open the file and remove that line.", path.display()
    )]
    NoGroup {
        /// The dotted key.
        key: String,
        /// The name that is taken.
        group: String,
        /// The file.
        path: PathBuf,
    },
    /// The file could not be written.
    #[error("The settings could not be saved to {}: {reason}. {advice}", path.display())]
    NotSaved {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// The file is there but cannot be read, so it is not overwritten either.
    #[error("The settings file {} cannot be read: {reason}. {advice}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// Edits of the file cannot be followed; they count at the next start.
    #[error("Edits of {} cannot be followed: {source}. They count at the next start.", path.display())]
    NotWatched {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: notify::Error,
    },
}

impl SettingsError {
    /// The code by which page and command line know it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => ProblemKind::UnknownKey.code(),
            Self::WrongValue { .. } => ProblemKind::WrongValue.code(),
            Self::NoGroup { .. } | Self::NotSaved { .. } => ProblemKind::NotSaved.code(),
            Self::Unreadable { .. } => ProblemKind::Unreadable.code(),
            Self::NotWatched { .. } => "settings_not_watched",
        }
    }

    pub(super) fn not_saved(path: &Path, error: &io::Error) -> Self {
        Self::NotSaved { path: path.to_owned(), reason: error.to_string(), advice: advice(error.kind()) }
    }

    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.to_string(), advice: advice(error.kind()) }
    }
}

/// A failure to read or write, as a problem of the file as a whole.
impl From<&SettingsError> for SettingsProblem {
    fn from(error: &SettingsError) -> Self {
        let kind = match error {
            SettingsError::Unreadable { .. } => ProblemKind::Unreadable,
            SettingsError::UnknownKey { .. } => ProblemKind::UnknownKey,
            SettingsError::WrongValue { .. } => ProblemKind::WrongValue,
            _ => ProblemKind::NotSaved,
        };
        Self { kind, key: None, line: None, message: error.to_string() }
    }
}

pub(super) fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|key| format!(" Did you mean \"{key}\"?")).unwrap_or_default()
}

fn advice(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "Check that you may read and write this file and its folder, then try again."
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free some space on this disk, then try again."
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "Check that the folder exists and is a folder, then try again."
        }
        _ => "Check the file and its folder, then try again.",
    }
}
