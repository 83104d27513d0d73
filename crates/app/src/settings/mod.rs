//! The settings: one TOML file that people may edit by hand, and its one owner in the process.
//!
//! Architecture invariant: nothing but [`SettingsFile`] reads or writes the file. Whoever needs a setting is
//! handed its value, or subscribes.
//!
//! The file is the user's. Whatever stands in it, Quoth starts: a bad value falls back to its default alone, an
//! unreadable file is set aside byte for byte, and each such thing is named in [`SettingsView::problems`].

mod disk;
mod editing;
mod file;
mod model;
mod problem;
mod reading;
mod watching;

pub use file::SettingsFile;
pub use model::{Appearance, General, Language, Log, LogLevel, SettingValue, Settings, Theme, WholeNumber};
pub use problem::{ProblemKind, SettingsError, SettingsProblem, SettingsView};

/// The file as it is written where there is none: every key, its default, and what it means.
pub const TEMPLATE: &str = include_str!("default.toml");

/// The settings that differ from their defaults, as dotted key and value in TOML.
pub fn differing(settings: &Settings) -> Vec<(String, String)> {
    let defaults = reading::leaves(&Settings::default());
    reading::leaves(settings).into_iter().filter(|leaf| !defaults.contains(leaf)).collect()
}

#[cfg(test)]
mod tests;
