//! The few words said outside the page (tray menu, window title), from the page's own translations.

use std::{collections::HashMap, sync::LazyLock};

use quoth_app::settings::Language;

/// The words of one language, by key; English where a language lacks one, the key itself where English does.
#[derive(Debug)]
pub(crate) struct Words {
    own: HashMap<String, String>,
}

static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| Words::parse(include_str!("../../ui/src/locales/en.json")));
static GERMAN: LazyLock<Words> = LazyLock::new(|| Words::parse(include_str!("../../ui/src/locales/de.json")));

/// The words of the language that the settings name; `system` follows the system's first language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::De => &GERMAN,
        Language::System => of_locale(sys_locale::get_locale().as_deref()),
    }
}

fn of_locale(locale: Option<&str>) -> &'static Words {
    match locale.and_then(|locale| locale.split(['-', '_']).next()) {
        Some(first) if first.eq_ignore_ascii_case("de") => &GERMAN,
        _ => &ENGLISH,
    }
}

impl Words {
    fn parse(json: &str) -> Self {
        // Proven by the test below: the files are part of the binary.
        Self { own: serde_json::from_str(json).unwrap_or_default() }
    }

    /// The text for `key`.
    pub(crate) fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.own.get(key).or_else(|| ENGLISH.own.get(key)).map_or(key, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_tray_is_there_in_every_language() {
        for words in [&*ENGLISH, &*GERMAN] {
            for key in crate::tray::WORDS {
                assert!(words.own.contains_key(*key), "{key} is missing");
            }
        }
    }

    #[test]
    fn the_system_language_is_followed_and_english_is_the_rest() {
        assert!(std::ptr::eq(of_locale(Some("de-AT")), &*GERMAN));
        assert!(std::ptr::eq(of_locale(Some("de_DE.UTF-8")), &*GERMAN));
        assert!(std::ptr::eq(of_locale(Some("fr-FR")), &*ENGLISH));
        assert!(std::ptr::eq(of_locale(None), &*ENGLISH));
    }
}
