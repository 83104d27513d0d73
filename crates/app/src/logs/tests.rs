//! The file and its filter. The panic hook belongs to the whole process and is shown in `tests/panics.rs`.

use std::{fs, path::Path};

use super::{Logs, contain, contain_async, rolling::RollingFile};
use crate::{places::Places, settings::Settings};

fn setting(level: &str) -> crate::settings::Log {
    let folder = tempfile::tempdir().unwrap();
    let file = crate::settings::SettingsFile::open(folder.path().join("settings.toml"));
    file.set("log.level", level).unwrap().settings.log
}

/// What is written at one level, as the words of the lines.
fn written(level: &str, overriding: Option<&str>) -> String {
    let home = tempfile::tempdir().unwrap();
    let places = Places::under(home.path());
    let (_logs, subscriber) = Logs::open(&places, &setting(level), overriding).unwrap();
    tracing::subscriber::with_default(subscriber, speak);
    fs::read_to_string(places.log_file()).unwrap()
}

fn speak() {
    tracing::error!(target: "quoth_app::x", "own-error");
    tracing::info!(target: "quoth_app::x", "own-info");
    tracing::debug!(target: "quoth_session", "own-debug");
    tracing::trace!(target: "quoth_session", "own-trace");
    tracing::error!(target: "sqlx", "other-error");
    tracing::warn!(target: "sqlx", "other-warn");
    tracing::info!(target: "sqlx", "other-info");
}

fn words(log: &str) -> Vec<&str> {
    log.lines().map(|line| line.rsplit(' ').next().unwrap()).collect()
}

#[test]
fn our_own_lines_follow_the_level_and_others_speak_only_when_something_is_wrong() {
    assert_eq!(words(&written("error", None)), ["own-error", "other-error"]);
    assert_eq!(words(&written("info", None)), ["own-error", "own-info", "other-error", "other-warn"]);
    assert_eq!(
        words(&written("debug", None)),
        ["own-error", "own-info", "own-debug", "other-error", "other-warn"]
    );
}

#[test]
fn the_variable_overrides_the_setting_and_nonsense_in_it_does_not() {
    assert_eq!(words(&written("error", Some("sqlx=info,off"))), ["other-error", "other-warn", "other-info"]);
    assert_eq!(words(&written("error", Some("sqlx=loud"))), ["own-error", "other-error"]);
    assert_eq!(words(&written("error", Some(" "))), ["own-error", "other-error"]);
}

#[test]
fn the_level_changes_while_it_is_written() {
    let home = tempfile::tempdir().unwrap();
    let places = Places::under(home.path());
    let (logs, subscriber) = Logs::open(&places, &setting("error"), None).unwrap();
    tracing::subscriber::with_default(subscriber, || {
        tracing::debug!(target: "quoth_app", "before");
        logs.adjust(&setting("debug"));
        tracing::debug!(target: "quoth_app", "after");
    });
    assert_eq!(words(&fs::read_to_string(places.log_file()).unwrap()), ["after"]);
}

#[test]
fn a_line_begins_with_the_time_in_utc() {
    let log = written("info", None);
    let stamp = log.split(' ').next().unwrap();
    assert!(stamp.parse::<jiff::Timestamp>().is_ok() && stamp.ends_with('Z'), "{stamp}");
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn three_files_are_kept_none_above_its_limit_and_the_newest_lines_are_there() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quoth.log");
    let mut log = RollingFile::open(&path, 100).unwrap();
    for number in 0..100 {
        // Reopened on the way, as by the next start.
        if number == 50 {
            log = RollingFile::open(&path, 100).unwrap();
        }
        // In one piece, as tracing writes its lines.
        log.write_all(format!("line {number:03} ----------------\n").as_bytes()).unwrap();
    }
    assert_eq!(names(folder.path()), ["quoth.1.log", "quoth.2.log", "quoth.log"]);
    let text = ["quoth.2.log", "quoth.1.log", "quoth.log"]
        .map(|name| fs::read_to_string(folder.path().join(name)).unwrap());
    assert!(text.iter().all(|text| text.len() <= 100 && text.ends_with('\n')), "{text:?}");
    let numbers: Vec<u32> = text.concat().lines().map(|line| line[5..8].parse().unwrap()).collect();
    let first = numbers[0];
    assert_eq!(numbers, (first..100).collect::<Vec<_>>(), "in order, without a gap, up to the last");
}

#[test]
fn a_line_longer_than_the_limit_is_written_whole() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quoth.log");
    let mut log = RollingFile::open(&path, 10).unwrap();
    log.write_all(b"a line that is longer than that\n").unwrap();
    log.set_limit(1000);
    log.write_all(b"short\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a line that is longer than that\nshort\n");
}

#[test]
fn a_log_that_cannot_be_written_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("logs"), "").unwrap();
    let error = Logs::open(&Places::under(folder.path()), &Settings::default().log, None).err().unwrap();
    assert!(error.to_string().contains("quoth.log"), "{error}");
}

#[tokio::test]
async fn a_contained_panic_is_a_failure_and_a_result_passes_through() {
    assert_eq!(contain("adding", || 1 + 1).unwrap(), 2);
    assert_eq!(contain_async("adding", async { 1 + 1 }).await.unwrap(), 2);
    let failed = contain("cutting", || panic!("secret")).unwrap_err();
    assert_eq!(failed.code, "internal");
    assert!(failed.message.contains("cutting") && !failed.message.contains("secret"), "{failed}");
    let failed = contain_async("waiting", async {
        tokio::task::yield_now().await;
        panic!("secret")
    });
    assert_eq!(failed.await.unwrap_err().code, "internal");
}
