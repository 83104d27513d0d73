//! What can be set, and what each setting may be.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use specta::Type;

/// All settings. The default of each is what `default.toml` shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Settings {
    /// Start and language.
    pub general: General,
    /// How the window looks.
    pub appearance: Appearance,
    /// What is written to the log.
    pub log: Log,
}

/// Start and language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct General {
    /// Language of Quoth's own window and menu.
    pub language: Language,
    /// Start in the background at login.
    pub start_at_login: bool,
    /// Open the window when the user starts Quoth.
    pub open_window_at_start: bool,
}

impl Default for General {
    fn default() -> Self {
        Self { language: Language::System, start_at_login: false, open_window_at_start: true }
    }
}

/// How the window looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Appearance {
    /// Light or dark.
    pub theme: Theme,
}

/// What is written to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Log {
    /// How much.
    pub level: LogLevel,
    /// How large one file may grow.
    pub max_megabytes: WholeNumber<1, 100>,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: LogLevel::Info, max_megabytes: WholeNumber(10) }
    }
}

/// Language of the window and the menu.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// As the computer is set.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the computer is set.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How much goes into the log. Each level includes those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What is not as it should be.
    Warn,
    /// What Quoth does, in broad strokes.
    #[default]
    Info,
    /// Each step, for those who look for a fault.
    Debug,
}

/// A whole number from `MIN` to `MAX`, both included; nothing else can be read into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(transparent)]
pub struct WholeNumber<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> WholeNumber<MIN, MAX> {
    /// The number, if it lies within the bounds.
    pub fn new(number: u32) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for WholeNumber<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounds<const MIN: u32, const MAX: u32>;
        impl<const MIN: u32, const MAX: u32> de::Visitor<'_> for Bounds<MIN, MAX> {
            type Value = WholeNumber<MIN, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "a whole number from {MIN} to {MAX}")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
                let within = u32::try_from(number).ok().and_then(WholeNumber::new);
                within.ok_or_else(|| E::invalid_value(de::Unexpected::Signed(number), &self))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                let within = u32::try_from(number).ok().and_then(WholeNumber::new);
                within.ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(number), &self))
            }
        }
        deserializer.deserialize_u32(Bounds)
    }
}

/// A value on its way from the page into a setting. Whether it suits the key is checked when it is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(untagged)]
pub enum SettingValue {
    /// true or false.
    Bool(bool),
    /// A whole number.
    Number(#[specta(type = i32)] i64),
    /// A word, such as a choice.
    Text(String),
}

impl From<bool> for SettingValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for SettingValue {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for SettingValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<SettingValue> for toml_edit::Value {
    fn from(value: SettingValue) -> Self {
        match value {
            SettingValue::Bool(value) => value.into(),
            SettingValue::Number(value) => value.into(),
            SettingValue::Text(value) => value.into(),
        }
    }
}
