//! Words that every part of Quoth uses in the same sense.

use serde::{Deserialize, Serialize};

/// Who started a session, and with that what ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A key that is held while speaking.
    Hold,
    /// A key pressed once to start and once to stop.
    Toggle,
    /// The tray menu.
    Tray,
    /// A button in the window.
    Gui,
    /// The command line.
    Cli,
}

impl Trigger {
    /// Whether only a window watches over the recording, so that it must end when no window is left to see it.
    pub fn needs_a_window(self) -> bool {
        matches!(self, Self::Gui)
    }
}

/// How audio becomes the final text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One model from sound to final text.
    #[serde(alias = "omni", alias = "voice_llm")]
    Direct,
    /// Recognised, then corrected by a language model.
    #[default]
    #[serde(alias = "standard")]
    Corrected,
}

/// What a new dictation does to earlier ones that are not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// The earlier ones finish and are delivered in spoken order.
    #[default]
    Queue,
    /// The earlier ones are dropped from delivery and kept in the history.
    Supersede,
    /// The new one is refused.
    Refuse,
}

/// What a press during the tail does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TailRepress {
    /// A new session, after the overlap rule.
    #[default]
    Begin,
    /// The same session goes on.
    Continue,
}

/// What becomes of a text whose window is not in front when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostTarget {
    /// It waits for the user to say where.
    #[default]
    Wait,
    /// It goes to the clipboard.
    Copy,
}

/// Whose words these are, by the row's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnerId(pub i64);

/// Which style corrects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StyleId(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_the_old_names_of_the_modes_are_understood_and_the_new_ones_written() {
        for (name, mode) in [
            ("\"omni\"", Mode::Direct),
            ("\"voice_llm\"", Mode::Direct),
            ("\"direct\"", Mode::Direct),
            ("\"standard\"", Mode::Corrected),
            ("\"corrected\"", Mode::Corrected),
        ] {
            assert_eq!(serde_json::from_str::<Mode>(name).unwrap(), mode, "{name}");
        }
        assert_eq!(serde_json::to_string(&Mode::Direct).unwrap(), "\"direct\"");
        assert!(serde_json::from_str::<Mode>("\"other\"").is_err());
    }
}
