//! The settings file as its user meets it: on disk, edited by hand, broken, protected.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy knows tests only by their attribute, not their helpers"
)]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use quoth_app::settings::{
    Language, LogLevel, ProblemKind, Settings, SettingsError, SettingsFile, TEMPLATE, Theme,
};
use support::wait_until;

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn holding(content: impl AsRef<[u8]>) -> Self {
        let home = Self::new();
        fs::write(home.file(), content).unwrap();
        home
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("settings.toml")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    /// Everything in the folder but the settings file itself.
    fn others(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| *path != self.file()).collect()
    }
}

fn kinds(settings: &SettingsFile) -> Vec<ProblemKind> {
    settings.view().problems.iter().map(|problem| problem.kind).collect()
}

#[test]
fn a_missing_file_and_its_folder_are_made_from_the_template() {
    let home = Home::new();
    let path = home.folder.path().join("a").join("b").join("settings.toml");
    let settings = SettingsFile::open(&path);
    assert_eq!(fs::read_to_string(&path).unwrap(), TEMPLATE);
    assert_eq!(settings.view().settings, Settings::default());
    assert_eq!(kinds(&settings), []);
}

#[test]
fn what_is_set_stands_in_the_file_and_in_the_next_process() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    let view = settings.set("appearance.theme", "dark").unwrap();
    assert_eq!(view.settings.appearance.theme, Theme::Dark);
    settings.set("general.start_at_login", true).unwrap();
    settings.set("log.max_megabytes", 42).unwrap();
    assert_eq!(SettingsFile::open(home.file()).view(), settings.view());
    let expected = TEMPLATE
        .replace("theme = \"system\"", "theme = \"dark\"")
        .replace("start_at_login = false", "start_at_login = true")
        .replace("max_megabytes = 10", "max_megabytes = 42");
    assert_eq!(home.text(), expected);
}

#[test]
fn setting_what_already_is_writes_nothing() {
    let home = Home::holding("[appearance]\ntheme = 'dark'\n");
    let settings = SettingsFile::open(home.file());
    let before = fs::metadata(home.file()).unwrap().modified().unwrap();
    let seen = settings.subscribe();
    settings.set("appearance.theme", "dark").unwrap();
    settings.set("log.level", "info").unwrap();
    assert_eq!(home.text(), "[appearance]\ntheme = 'dark'\n");
    assert_eq!(fs::metadata(home.file()).unwrap().modified().unwrap(), before);
    assert!(!seen.has_changed().unwrap());
}

#[test]
fn setting_the_default_where_a_bad_value_stands_mends_the_file() {
    let home = Home::holding("[appearance]\ntheme = \"blue\" # hm\n");
    let settings = SettingsFile::open(home.file());
    assert_eq!(kinds(&settings), [ProblemKind::WrongValue]);
    settings.set("appearance.theme", "system").unwrap();
    assert_eq!(home.text(), "[appearance]\ntheme = \"system\" # hm\n");
    assert_eq!(kinds(&settings), []);
}

#[test]
fn a_refused_value_changes_neither_file_nor_settings() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    assert!(matches!(settings.set("appearance.theme", "blue"), Err(SettingsError::WrongValue { .. })));
    assert!(matches!(settings.set("appearance.them", "dark"), Err(SettingsError::UnknownKey { .. })));
    assert_eq!(home.text(), TEMPLATE);
    assert_eq!(settings.view().settings, Settings::default());
}

#[test]
fn unknown_keys_stay_in_the_file_when_others_are_set() {
    let home = Home::holding("[future]\nx = [1, 2] # from a newer Quoth\n[log]\nlevle = 1\n");
    let settings = SettingsFile::open(home.file());
    assert_eq!(kinds(&settings), [ProblemKind::UnknownKey, ProblemKind::UnknownKey]);
    settings.set("log.level", "debug").unwrap();
    assert_eq!(
        home.text(),
        "[future]\nx = [1, 2] # from a newer Quoth\n[log]\nlevle = 1\nlevel = \"debug\"\n"
    );
}

/// Opens a file that cannot be read and shows that its content was kept and both paths and the line are named.
fn is_set_aside(content: &[u8], line: u32) {
    let home = Home::holding(content);
    let settings = SettingsFile::open(home.file());
    assert_eq!(settings.view().settings, Settings::default());
    assert_eq!(home.text(), TEMPLATE);
    let [aside] = &home.others()[..] else { panic!("not one file aside: {:?}", home.others()) };
    assert_eq!(fs::read(aside).unwrap(), content);
    let name = aside.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("settings.unreadable-20") && name.ends_with("Z.toml"), "{name}");
    let view = settings.view();
    let [problem] = &view.problems[..] else { panic!("{:?}", view.problems) };
    assert_eq!((problem.kind, problem.line), (ProblemKind::Unreadable, Some(line)));
    for named in [&home.file(), aside] {
        assert!(problem.message.contains(named.to_str().unwrap()), "{}", problem.message);
    }
    assert!(problem.message.contains(&format!("line {line}:")), "{}", problem.message);
}

#[test]
fn a_file_with_a_syntax_error_is_set_aside_with_its_content() {
    is_set_aside(b"[general]\nlanguage = \"de\"\ntheme = = 1\n", 3);
}

#[test]
fn a_file_that_is_not_utf_8_is_set_aside_with_its_content() {
    is_set_aside(b"[general]\nlanguage = \"d\xE9\"\n", 2);
}

#[test]
fn two_files_set_aside_in_one_second_are_both_kept() {
    let home = Home::holding("= 1");
    drop(SettingsFile::open(home.file()));
    fs::write(home.file(), "= 2").unwrap();
    drop(SettingsFile::open(home.file()));
    let mut kept: Vec<_> = home.others().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    kept.sort();
    assert_eq!(kept, ["= 1", "= 2"]);
}

#[test]
fn d67_a_file_from_windows_notepad_is_read_and_can_be_changed() {
    let text = "[appearance]\r\ntheme = \"dark\" # für abends\r\n";
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf8: Vec<u8> = [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat();
    for content in [utf16, utf8] {
        let home = Home::holding(content);
        let settings = SettingsFile::open(home.file());
        assert_eq!(settings.view().settings.appearance.theme, Theme::Dark);
        settings.set("appearance.theme", "light").unwrap();
        assert_eq!(home.text(), text.replace("dark", "light"));
        assert_eq!(kinds(&settings), []);
    }
}

#[test]
fn an_edit_is_followed_without_a_restart() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    settings.watch().unwrap();
    let seen = settings.subscribe();
    fs::write(home.file(), TEMPLATE.replace("language = \"system\"", "language = \"de\"")).unwrap();
    wait_until("the edit is followed", || seen.borrow().settings.general.language == Language::De);
}

#[test]
fn an_edit_by_an_editor_that_replaces_the_file_is_followed_too() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    settings.watch().unwrap();
    for level in ["debug", "warn"] {
        let new = home.folder.path().join("settings.toml~");
        fs::write(&new, format!("[log]\nlevel = \"{level}\"\n")).unwrap();
        fs::rename(&new, home.file()).unwrap();
        wait_until(level, || format!("{:?}", settings.view().settings.log.level).to_lowercase() == level);
    }
}

#[test]
fn a_half_typed_edit_is_named_changes_nothing_and_is_not_touched() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    settings.set("appearance.theme", "dark").unwrap();
    settings.watch().unwrap();
    let typing = "[appearance]\ntheme = \"li";
    fs::write(home.file(), typing).unwrap();
    wait_until("the problem is named", || kinds(&settings) == [ProblemKind::Unreadable]);
    assert_eq!(settings.view().problems[0].line, Some(2));
    assert_eq!(settings.view().settings.appearance.theme, Theme::Dark);
    assert_eq!((home.text(), home.others()), (typing.to_owned(), vec![]));
    fs::write(home.file(), "[appearance]\ntheme = \"light\"\n").unwrap();
    wait_until("the finished edit counts", || settings.view().settings.appearance.theme == Theme::Light);
    assert_eq!(kinds(&settings), []);
}

#[test]
fn setting_while_the_file_is_broken_keeps_the_broken_one_aside() {
    let home = Home::holding("# mine\n[appearance]\ntheme = \"dark\"\n");
    let settings = SettingsFile::open(home.file());
    fs::write(home.file(), "[appearance\n").unwrap();
    let view = settings.set("log.level", "debug").unwrap();
    assert_eq!((view.settings.appearance.theme, view.settings.log.level), (Theme::Dark, LogLevel::Debug));
    assert_eq!(home.text(), "# mine\n[appearance]\ntheme = \"dark\"\n\n[log]\nlevel = \"debug\"\n");
    let [aside] = &home.others()[..] else { panic!("{:?}", home.others()) };
    assert_eq!(fs::read_to_string(aside).unwrap(), "[appearance\n");
    assert!(view.problems[0].message.contains(aside.to_str().unwrap()));
}

#[test]
fn an_edit_nobody_told_us_of_is_kept_when_something_is_set() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    fs::write(home.file(), "# by hand\n[appearance]\ntheme = \"dark\"\n").unwrap();
    let view = settings.set("log.level", "debug").unwrap();
    assert_eq!((view.settings.appearance.theme, view.settings.log.level), (Theme::Dark, LogLevel::Debug));
    assert!(home.text().starts_with("# by hand\n"));
}

#[test]
fn a_deleted_file_leaves_the_settings_and_comes_back_with_the_next_change() {
    let home = Home::holding("# mine\n[appearance]\ntheme = \"dark\"\n");
    let settings = SettingsFile::open(home.file());
    fs::remove_file(home.file()).unwrap();
    assert_eq!(settings.reload().settings.appearance.theme, Theme::Dark);
    assert!(!home.file().exists());
    settings.set("appearance.theme", "dark").unwrap();
    assert_eq!(home.text(), "# mine\n[appearance]\ntheme = \"dark\"\n");
}

#[test]
fn our_own_writing_is_not_taken_for_an_edit() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    settings.watch().unwrap();
    let mut seen = settings.subscribe();
    settings.set("appearance.theme", "dark").unwrap();
    assert!(seen.has_changed().unwrap());
    seen.borrow_and_update();
    // An edit after ours, once it is followed, shows that the watch has passed our own.
    let before = settings.view();
    fs::write(home.file(), home.text() + "# a comment alone changes nothing\n").unwrap();
    fs::write(home.folder.path().join("settings.toml~"), "").unwrap();
    fs::write(home.file(), home.text().replace("level = \"info\"", "level = \"warn\"")).unwrap();
    wait_until("the edit is followed", || seen.has_changed().unwrap());
    let after = seen.borrow_and_update().clone();
    assert_eq!((before.settings.log.level, after.settings.log.level), (LogLevel::Info, LogLevel::Warn));
    assert_eq!(after.settings.appearance.theme, Theme::Dark);
}

#[test]
fn many_threads_that_set_at_once_lose_nothing() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    thread::scope(|scope| {
        for turn in 1..=8_i64 {
            let settings = settings.clone();
            scope.spawn(move || {
                settings.set("log.max_megabytes", turn).unwrap();
                match turn % 4 {
                    0 => settings.set("appearance.theme", "dark"),
                    1 => settings.set("general.language", "de"),
                    2 => settings.set("general.start_at_login", true),
                    _ => settings.set("log.level", "debug"),
                }
                .unwrap();
            });
        }
    });
    let view = SettingsFile::open(home.file()).view();
    assert_eq!(view, settings.view());
    let Settings { general, appearance, log } = view.settings;
    assert_eq!((general.language, general.start_at_login), (Language::De, true));
    assert_eq!((appearance.theme, log.level), (Theme::Dark, LogLevel::Debug));
    assert!((1..=8).contains(&log.max_megabytes.get()));
    assert_eq!(home.text().lines().count(), TEMPLATE.lines().count());
    assert_eq!(home.others(), [] as [PathBuf; 0]);
}

#[test]
fn readers_never_see_half_a_file() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for turn in 0..100_i64 {
                settings.set("log.max_megabytes", 1 + turn % 2).unwrap();
            }
        });
        while !writer.is_finished() {
            // On Windows a file that is being replaced may be closed for a moment; it is never cut short.
            if let Ok(text) = fs::read_to_string(home.file()) {
                assert_eq!(text.lines().count(), TEMPLATE.lines().count());
            }
            if cfg!(windows) {
                // Older Windows and Wine replace no file that somebody has open; a reader who never lets go of it is
                // not what is tested here.
                thread::sleep(std::time::Duration::from_millis(2));
            }
        }
    });
}

/// Sets something, sees it refused with this file named, and sees that nothing changed.
fn refuses_to_save(settings: &SettingsFile, path: &Path) {
    let before = (settings.view(), fs::read(path).ok());
    let error = settings.set("appearance.theme", "dark").unwrap_err();
    assert!(matches!(error, SettingsError::NotSaved { .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.contains(path.to_str().unwrap()) && message.contains("Check"), "{message}");
    assert_eq!((settings.view(), fs::read(path).ok()), before);
}

#[test]
fn a_write_protected_file_is_respected_and_the_error_says_what_to_do() {
    let home = Home::new();
    let settings = SettingsFile::open(home.file());
    let protect = |yes| {
        let mut rights = fs::metadata(home.file()).unwrap().permissions();
        rights.set_readonly(yes);
        fs::set_permissions(home.file(), rights).unwrap();
    };
    protect(true);
    refuses_to_save(&settings, &home.file());
    protect(false);
    settings.set("appearance.theme", "dark").unwrap();
}

#[test]
fn a_folder_that_is_a_file_gives_defaults_and_a_problem() {
    let home = Home::new();
    let not_a_folder = home.folder.path().join("config");
    fs::write(&not_a_folder, "").unwrap();
    let path = not_a_folder.join("settings.toml");
    let settings = SettingsFile::open(&path);
    assert_eq!(settings.view().settings, Settings::default());
    assert_eq!(kinds(&settings), [ProblemKind::NotSaved]);
    refuses_to_save(&settings, &path);
}

#[test]
fn a_folder_in_place_of_the_file_is_left_alone() {
    let home = Home::new();
    fs::create_dir(home.file()).unwrap();
    let settings = SettingsFile::open(home.file());
    assert_eq!(kinds(&settings), [ProblemKind::Unreadable]);
    assert!(matches!(settings.set("appearance.theme", "dark"), Err(SettingsError::Unreadable { .. })));
    assert!(home.file().is_dir());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::{fs::PermissionsExt, fs::symlink, process::CommandExt};

    use super::*;
    use crate::support::{NOBODY, again, is_superuser, program_for_everybody};

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_linked_file_is_written_where_it_is_and_stays_linked() {
        let home = Home::new();
        let dotfiles = tempfile::tempdir().unwrap();
        let real = dotfiles.path().join("quoth.toml");
        fs::write(&real, "# dotfiles\n").unwrap();
        symlink(&real, home.file()).unwrap();
        let settings = SettingsFile::open(home.file());
        settings.set("appearance.theme", "dark").unwrap();
        assert!(fs::symlink_metadata(home.file()).unwrap().is_symlink());
        assert!(fs::read_to_string(&real).unwrap().starts_with("# dotfiles\n"));
        assert_eq!(settings.view().settings.appearance.theme, Theme::Dark);
        settings.watch().unwrap();
        fs::write(&real, "[appearance]\ntheme = \"light\"\n").unwrap();
        wait_until("an edit behind the link", || settings.view().settings.appearance.theme == Theme::Light);
    }

    #[test]
    fn a_link_to_a_file_that_is_not_there_yet_is_written_through() {
        let home = Home::new();
        let real = home.folder.path().join("elsewhere.toml");
        symlink("elsewhere.toml", home.file()).unwrap();
        drop(SettingsFile::open(home.file()));
        assert_eq!(fs::read_to_string(real).unwrap(), TEMPLATE);
        assert!(fs::symlink_metadata(home.file()).unwrap().is_symlink());
    }

    #[test]
    fn writing_keeps_the_rights_of_the_file() {
        let home = Home::holding("");
        chmod(&home.file(), 0o640);
        SettingsFile::open(home.file()).set("appearance.theme", "dark").unwrap();
        assert_eq!(fs::metadata(home.file()).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_write_protected_folder_gives_defaults_and_problems_and_loses_nothing() {
        let home = Home::new();
        chmod(home.folder.path(), 0o555);
        let settings = SettingsFile::open(home.file());
        assert_eq!(kinds(&settings), [ProblemKind::NotSaved]);
        refuses_to_save(&settings, &home.file());
        chmod(home.folder.path(), 0o755);
        settings.set("appearance.theme", "dark").unwrap();
        assert_eq!(kinds(&settings), []);
    }

    #[test]
    fn a_broken_file_in_a_write_protected_folder_stays_where_it_is() {
        let home = Home::holding("broken =");
        chmod(home.folder.path(), 0o555);
        let settings = SettingsFile::open(home.file());
        assert_eq!(settings.view().settings, Settings::default());
        assert_eq!(kinds(&settings), [ProblemKind::Unreadable]);
        refuses_to_save(&settings, &home.file());
        assert_eq!(home.text(), "broken =");
        chmod(home.folder.path(), 0o755);
    }

    const AS_NOBODY: &str = "QUOTH_TEST_FOLDER";

    /// The superuser reads everything, so this one runs again as nobody.
    #[test]
    fn a_file_we_may_not_read_is_named_and_not_overwritten() {
        let name = "unix::a_file_we_may_not_read_is_named_and_not_overwritten";
        if is_superuser() {
            let home = Home::holding("secret = 1");
            chmod(home.folder.path(), 0o777);
            chmod(&home.file(), 0o000);
            let (_folder, program) = program_for_everybody();
            let mut child = std::process::Command::new(program);
            child.args(again(name, &[]).get_args()).env(AS_NOBODY, home.folder.path());
            let output = child.uid(NOBODY).gid(NOBODY).current_dir("/").output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
            assert_eq!(home.text(), "secret = 1");
            return;
        }
        let path = match std::env::var_os(AS_NOBODY) {
            Some(folder) => Path::new(&folder).join("settings.toml"),
            None => {
                let path = tempfile::tempdir().unwrap().keep().join("settings.toml");
                fs::write(&path, "secret = 1").unwrap();
                chmod(&path, 0o000);
                path
            }
        };
        let settings = SettingsFile::open(&path);
        assert_eq!(kinds(&settings), [ProblemKind::Unreadable]);
        assert_eq!(settings.view().settings, Settings::default());
        let error = settings.set("appearance.theme", "dark").unwrap_err();
        assert!(matches!(error, SettingsError::Unreadable { .. }), "{error:?}");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}
