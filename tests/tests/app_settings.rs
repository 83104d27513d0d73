//! The settings file, right and wrong, as the user sees it in the real page.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use std::fs;
use std::os::unix::fs::PermissionsExt;

use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Page, Part, wait_until};

fn desktop() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap()
}

/// Everything that can be read on the page now.
fn words(page: &Page<'_>) -> String {
    page.find("body").unwrap().text().unwrap()
}

fn wait_words(page: &Page<'_>, wanted: &[&str]) {
    let seen = wait_until(format!("{wanted:?} on the page"), PATIENCE, || {
        let words = words(page);
        wanted.iter().all(|word| words.contains(word)).then_some(())
    });
    assert!(seen.is_ok(), "{wanted:?} not in: {}", words(page));
}

fn theme(page: &Page<'_>) -> String {
    page.run("return document.documentElement.dataset.theme ?? ''", &[]).unwrap().as_str().unwrap().to_owned()
}

fn wait_theme(page: &Page<'_>, wanted: &str) {
    wait_until(format!("the theme {wanted}"), PATIENCE, || (theme(page) == wanted).then_some(())).unwrap();
}

fn set_aside(quoth: &Installation<'_>) -> Vec<Vec<u8>> {
    let folder = fs::read_dir(quoth.settings_file().parent().unwrap()).unwrap();
    let aside = folder.flatten().filter(|entry| entry.file_name().to_string_lossy().contains(".unreadable-"));
    aside.map(|entry| fs::read(entry.path()).unwrap()).collect()
}

#[test]
fn a_wrong_value_costs_itself_and_is_named_with_its_line() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings("[appearance]\ntheme = \"dark\"\n\n[log]\nmax_megabytes = \"many\"\n").unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    wait_words(&page, &["log.max_megabytes", "line 5", "cannot be \"many\"", "10 is used instead"]);
    wait_theme(&page, "dark");
    assert_eq!(quoth.status().unwrap().unwrap()["settings_problems"], 1);
    assert!(quoth.settings().unwrap().contains("max_megabytes = \"many\""), "the file is the user's");
}

#[test]
fn an_unknown_key_is_named_and_what_was_meant_is_offered() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings("[appearance]\nthem = \"dark\"\n").unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    wait_words(&page, &["appearance.them", "theme"]);
}

#[test]
fn a_file_that_is_no_toml_is_set_aside_whole_and_both_places_are_named() {
    let broken = "[appearance]\ntheme = = \"dark\"\n# mine\n";
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings(broken).unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    wait_words(&page, &["settings.toml", "unreadable-"]);
    assert_eq!(set_aside(&quoth), [broken.as_bytes()]);
    assert!(quoth.settings().unwrap().contains("theme = \"system\""), "defaults are written anew");
}

#[test]
fn a_file_that_is_no_text_is_set_aside_byte_for_byte() {
    let broken = b"theme = \"\xff\xfe\x00 not text\"\n";
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings(broken).unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    wait_words(&page, &["unreadable-"]);
    assert_eq!(set_aside(&quoth), [broken.as_slice()]);
}

#[test]
fn in_a_folder_that_cannot_be_written_a_change_is_refused_in_words_and_rolled_back() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings("[appearance]\ntheme = \"light\"\n").unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    page.wait_for_text("Dark").unwrap();
    let folder = quoth.settings_file().parent().unwrap().to_owned();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    page.find_text("Dark").unwrap().click().unwrap();
    wait_words(&page, &["settings.toml", "Check"]);
    wait_theme(&page, "light");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(quoth.settings().unwrap(), "[appearance]\ntheme = \"light\"\n");
}

#[test]
fn an_edit_of_the_file_counts_as_soon_as_it_is_saved_and_half_an_edit_costs_nothing() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings("[appearance]\ntheme = \"light\"\n").unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    wait_theme(&page, "light");
    quoth.write_settings("[appearance]\ntheme = \"dark\"\n").unwrap();
    wait_theme(&page, "dark");
    let half = "[appearance]\ntheme = \"li";
    quoth.write_settings(half).unwrap();
    wait_until("the problem to be counted", PATIENCE, || {
        (quoth.status().ok()??["settings_problems"] == 1).then_some(())
    })
    .unwrap();
    assert_eq!(theme(&page), "dark");
    assert_eq!(quoth.settings().unwrap(), half, "somebody is typing: the file is left alone");
    quoth.write_settings("[appearance]\ntheme = \"light\"\n").unwrap();
    wait_theme(&page, "light");
    assert_eq!(quoth.status().unwrap().unwrap()["settings_problems"], 0);
}

#[test]
fn a_change_in_the_page_is_written_and_keeps_what_the_user_wrote() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let mine = "# mine, and it stays\n[appearance]\ntheme = \"light\" # for the day\n";
    quoth.write_settings(mine).unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    page.wait_for_text("Dark").unwrap().click().unwrap();
    wait_theme(&page, "dark");
    wait_until("the file to say so", PATIENCE, || {
        quoth.settings().ok()?.contains("theme = \"dark\"").then_some(())
    })
    .unwrap();
    let now = quoth.settings().unwrap();
    assert_eq!(now, mine.replace("\"light\"", "\"dark\""));
}

#[test]
fn german_is_spoken_as_soon_as_it_is_chosen() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    page.wait_for("select").unwrap();
    quoth.write_settings("[general]\nlanguage = \"de\"\n").unwrap();
    wait_words(&page, &["Einstellungen", "Verlauf"]);
    assert_eq!(page.run("return document.documentElement.lang", &[]).unwrap(), "de");
}
