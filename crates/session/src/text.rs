//! The user's words, wrapped so that no log line shows them by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What somebody said. Printing it for debugging tells its length alone; [`Text::as_str`] is the only way to the words.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t17_debugging_output_never_shows_the_words() {
        let text = Text::from("my secret plan");
        assert!(!format!("{text:?}").contains("secret"));
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"my secret plan\"");
    }
}
