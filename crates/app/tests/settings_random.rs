//! Whatever stands in the file and whatever is set, nothing the user wrote is lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy knows tests only by their attribute, not their helpers"
)]

use std::{collections::BTreeMap, fs};

use proptest::prelude::*;
use quoth_app::settings::{ProblemKind, SettingValue, Settings, SettingsFile, TEMPLATE};

/// A setting and a value it takes.
fn change() -> impl Strategy<Value = (&'static str, SettingValue)> {
    let word = |words: &'static [&'static str]| prop::sample::select(words).prop_map(SettingValue::from);
    prop_oneof![
        (Just("general.language"), word(&["system", "en", "de"])),
        (Just("general.start_at_login"), any::<bool>().prop_map(SettingValue::from)),
        (Just("general.open_window_at_start"), any::<bool>().prop_map(SettingValue::from)),
        (Just("appearance.theme"), word(&["system", "light", "dark"])),
        (Just("log.level"), word(&["error", "warn", "info", "debug"])),
        (Just("log.max_megabytes"), (1..=100_i64).prop_map(SettingValue::from)),
    ]
}

/// A file as a person may have written it: some of the keys, some unknown ones, comments everywhere, and groups
/// in any order. Each comment has a number of its own, so that it can be found again.
fn file() -> impl Strategy<Value = String> {
    let groups = [
        ("general", ["language = \"de\"", "start_at_login=true", "own = { a = 1, b = [ 2 ] }"]),
        ("appearance", ["theme   = 'dark'", "colour = \"blue\"", "\"odd key\" = 1"]),
        ("log", ["level = \"\"\"warn\"\"\"", "max_megabytes = 0x20", "when = 2026-11-21T00:00:00Z"]),
        ("mine", ["x = 1.5", "y = 'z'", "list = [\n  1, # one\n  2,\n]"]),
    ];
    let order = Just(vec![0, 1, 2, 3]).prop_shuffle();
    (order, prop::collection::vec(any::<bool>(), 16), any::<bool>()).prop_map(move |(order, wanted, crlf)| {
        let mut number = 0;
        let mut comment = || {
            number += 1;
            format!("# comment {number}!")
        };
        let mut text = comment() + "\n\n";
        for group in order {
            let (name, lines) = groups[group];
            if !wanted[group * 4] {
                continue;
            }
            text += &format!("{}\n[{name}] {}\n", comment(), comment());
            for (nth, line) in lines.iter().enumerate() {
                if wanted[group * 4 + nth + 1] {
                    text += &format!("  {}\n{line}   {}\n\n", comment(), comment());
                }
            }
        }
        text += &comment();
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

/// All comments in the order of the file; all keys with their values.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.find('#').map(|at| line[at..].trim_end())).collect()
}

fn keys(text: &str) -> BTreeMap<String, String> {
    fn collect(table: &dyn toml_edit::TableLike, above: &str, into: &mut BTreeMap<String, String>) {
        for (name, item) in table.iter() {
            let key = format!("{above}{name}");
            match item.as_table_like() {
                Some(inner) => collect(inner, &format!("{key}."), into),
                None => drop(into.insert(key, item.to_string().trim().to_owned())),
            }
        }
    }
    let mut all = BTreeMap::new();
    collect(text.parse::<toml_edit::DocumentMut>().unwrap().as_table(), "", &mut all);
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_lose_no_comment_and_no_other_key(text in file(), changes in prop::collection::vec(change(), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        fs::write(&path, &text).unwrap();
        let settings = SettingsFile::open(&path);
        for (key, value) in &changes {
            settings.set(key, value.clone()).unwrap();
        }
        let after = fs::read_to_string(&path).unwrap();
        prop_assert_eq!(comments(&after), comments(&text), "\n{}\n->\n{}", text, after);
        prop_assert_eq!(after.contains("\r\n"), text.contains("\r\n"));
        let set = |key: &String| changes.iter().any(|(changed, _)| changed == key);
        let others = |text: &str| -> BTreeMap<_, _> { keys(text).into_iter().filter(|(key, _)| !set(key)).collect() };
        prop_assert_eq!(others(&after), others(&text));
        // What was set last is what a fresh look finds, and setting it again writes nothing.
        prop_assert_eq!(SettingsFile::open(&path).view(), settings.view());
        let last: BTreeMap<_, _> = changes.iter().map(|(key, value)| (*key, value.clone())).collect();
        for (key, value) in last {
            settings.set(key, value).unwrap();
        }
        prop_assert_eq!(fs::read_to_string(&path).unwrap(), after);
    }

    #[test]
    fn any_bytes_as_a_file_are_kept_and_quoth_goes_on(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        opens_whatever_it_is(&bytes)?;
    }

    #[test]
    fn a_template_with_random_damage_is_kept_and_quoth_goes_on(
        damage in prop::collection::vec((0..TEMPLATE.len(), any::<u8>()), 1..5)
    ) {
        let mut bytes = TEMPLATE.as_bytes().to_vec();
        for (at, byte) in damage {
            bytes[at] = byte;
        }
        opens_whatever_it_is(&bytes)?;
    }
}

fn opens_whatever_it_is(bytes: &[u8]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    fs::write(&path, bytes).unwrap();
    let settings = SettingsFile::open(&path);
    let entries: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let kept = entries.iter().any(|path| fs::read(path).unwrap() == bytes);
    prop_assert!(kept, "the content is gone");
    let set_aside = settings.view().problems.iter().any(|problem| problem.kind == ProblemKind::Unreadable);
    prop_assert_eq!(set_aside, entries.len() == 2);
    if set_aside {
        prop_assert_eq!(settings.view().settings, Settings::default());
    }
    Ok(())
}
