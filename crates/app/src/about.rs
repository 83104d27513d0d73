//! What this Quoth is and where it runs, and a text about it that can be shown to strangers.

use std::{fmt::Write, path::Path};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{
    logs::PanicPlace,
    places::Places,
    settings::{self, SettingsView},
};

/// Version, system and folders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct About {
    /// Version of the program.
    pub version: String,
    /// The commit it was built from, if the build was told (`QUOTH_COMMIT`).
    pub commit: Option<String>,
    /// How it was built.
    pub build: Build,
    /// The system with its version.
    pub os: String,
    /// The processor.
    pub arch: String,
    /// The desktop (`GNOME`, `KDE`) and how it draws, where the system says.
    pub desktop: Option<String>,
    /// What shows the page, with its version, where the shell knows it.
    pub webview: Option<String>,
    /// Where the files are.
    pub places: Vec<NamedPlace>,
}

/// How the program was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Build {
    /// For those who work on Quoth.
    Debug,
    /// For those who work with it.
    Release,
}

/// A folder the user may open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NamedPlace {
    /// Which.
    pub name: PlaceName,
    /// Its full path.
    pub path: String,
}

/// The folders a user may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PlaceName {
    /// Where `settings.toml` is.
    Settings,
    /// Recordings, history, models.
    Data,
    /// The logs.
    Logs,
}

impl PlaceName {
    /// The folder of that name.
    pub fn folder(self, places: &Places) -> &Path {
        match self {
            Self::Settings => &places.config_dir,
            Self::Data => &places.data_dir,
            Self::Logs => &places.log_dir,
        }
    }
}

/// Looks at the program and the system. `webview` is what the shell knows about its page.
pub fn about(places: &Places, webview: Option<String>) -> About {
    let named = |name: PlaceName| NamedPlace { name, path: name.folder(places).display().to_string() };
    About {
        version: env!("CARGO_PKG_VERSION").into(),
        commit: option_env!("QUOTH_COMMIT").filter(|commit| !commit.is_empty()).map(Into::into),
        build: if cfg!(debug_assertions) { Build::Debug } else { Build::Release },
        os: sysinfo::System::long_os_version().unwrap_or_else(|_| std::env::consts::OS.into()),
        arch: std::env::consts::ARCH.into(),
        desktop: desktop(),
        webview,
        places: [PlaceName::Settings, PlaceName::Data, PlaceName::Logs].map(named).into(),
    }
}

fn desktop() -> Option<String> {
    let said = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (said("XDG_CURRENT_DESKTOP"), said("XDG_SESSION_TYPE")) {
        (Some(desktop), Some(session)) => Some(format!("{desktop} ({session})")),
        (one, other) => one.or(other),
    }
}

/// What helps to find a fault, fit to be posted in public: home folder and user name are taken out, and no line
/// of the log is in it.
pub fn diagnostics(about: &About, settings: &SettingsView, panics: &[PanicPlace]) -> String {
    Redaction::of_this_user().apply(&report(about, settings, panics))
}

fn report(about: &About, view: &SettingsView, panics: &[PanicPlace]) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<12}{value}");
    };
    let commit = about.commit.as_deref().unwrap_or("unknown commit");
    let build = if about.build == Build::Debug { "debug" } else { "release" };
    line("Quoth", &format!("{} ({commit}, {build})", about.version));
    line("System", &format!("{} on {}", about.os, about.arch));
    line("Desktop", about.desktop.as_deref().unwrap_or("unknown"));
    line("Page", about.webview.as_deref().unwrap_or("unknown"));
    for place in &about.places {
        line(
            match place.name {
                PlaceName::Settings => "Settings in",
                PlaceName::Data => "Data in",
                PlaceName::Logs => "Logs in",
            },
            &place.path,
        );
    }
    let differing = settings::differing(&view.settings);
    line(
        "Settings",
        if differing.is_empty() { "all as by default" } else { "these differ from the default" },
    );
    for (key, value) in differing {
        line("", &format!("{key} = {value}"));
    }
    line("Problems", &if view.problems.is_empty() { "none".into() } else { view.problems.len().to_string() });
    for problem in &view.problems {
        // Not the message: it shows what somebody wrote into the file.
        let at = problem.line.map(|line| format!(" in line {line}")).unwrap_or_default();
        line("", &format!("{}{at}", problem.kind.code()));
    }
    line("Panics", &if panics.is_empty() { "none".into() } else { panics.len().to_string() });
    for panic in panics {
        line("", &format!("{} in thread {}", panic.location, panic.thread));
    }
    text
}

/// What must not leave this machine.
#[derive(Debug)]
struct Redaction {
    home: Option<String>,
    user: Option<String>,
}

impl Redaction {
    fn of_this_user() -> Self {
        let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
        let named = home.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
        Self { home: home.map(|home| home.display().to_string()), user: user.or(named) }
    }

    fn apply(&self, text: &str) -> String {
        let text = replace_words(text, self.home.as_deref(), "~");
        replace_words(&text, self.user.as_deref(), "<user>")
    }
}

/// Replaces `word` where it stands alone, not as a part of a longer name.
fn replace_words(text: &str, word: Option<&str>, by: &str) -> String {
    // A home of "/" is a container's; taking it out would leave no path readable and hide nobody.
    let Some(word) = word.filter(|word| word.chars().any(char::is_alphanumeric)) else { return text.into() };
    let part_of_name = |c: char| c.is_alphanumeric();
    let (mut redacted, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let alone = !before.ends_with(part_of_name) && !after.starts_with(part_of_name);
        redacted.push_str(before);
        redacted.push_str(if alone { by } else { word });
        rest = after;
    }
    redacted.push_str(rest);
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{ProblemKind, Settings, SettingsProblem, Theme};

    fn view() -> SettingsView {
        SettingsView { settings: Settings::default(), problems: Vec::new(), path: "/home/ada/s.toml".into() }
    }

    #[test]
    fn home_and_user_name_are_taken_out_wherever_they_stand() {
        let redaction = Redaction { home: Some("/home/ada".into()), user: Some("ada".into()) };
        let text = "/home/ada/.config /home/adam/x /srv/ada/y C:\\Users\\ada\\z canada";
        assert_eq!(redaction.apply(text), "~/.config /home/adam/x /srv/<user>/y C:\\Users\\<user>\\z canada");
    }

    #[test]
    fn a_home_that_is_the_root_takes_nothing_apart() {
        let redaction = Redaction { home: Some("/".into()), user: None };
        assert_eq!(redaction.apply("/a/b"), "/a/b");
    }

    #[test]
    fn a_diagnosis_names_what_differs_and_no_word_of_the_file() {
        let mut view = view();
        view.settings.appearance.theme = Theme::Dark;
        view.problems.push(SettingsProblem {
            kind: ProblemKind::WrongValue,
            key: Some("my secret key".into()),
            line: Some(7),
            message: "a secret in a message".into(),
        });
        let places = Places::under(Path::new("/srv/q"));
        let panic = PanicPlace { thread: "main".into(), location: "src/x.rs:1:2".into(), message: None };
        let text = diagnostics(&about(&places, Some("WebKit 2".into())), &view, &[panic]);
        for expected in
            ["appearance.theme = \"dark\"", "settings_wrong_value in line 7", "src/x.rs:1:2", "WebKit 2"]
        {
            assert!(text.contains(expected), "{expected} is missing in\n{text}");
        }
        assert!(!text.contains("secret"), "{text}");
        assert!(!text.contains("general.language"), "{text}");
    }

    #[test]
    fn about_knows_version_system_and_the_three_folders() {
        let places = Places::under(Path::new("/srv/q"));
        let about = about(&places, None);
        assert_eq!(about.version, env!("CARGO_PKG_VERSION"));
        assert!(!about.os.is_empty());
        let paths: Vec<_> = about.places.iter().map(|place| Path::new(&place.path)).collect();
        assert_eq!(paths, [&places.config_dir, &places.data_dir, &places.log_dir]);
    }
}
