//! A settings file that breaks while Quoth runs, or lies where nothing can be written: told in the real page, with all
//! that can be kept in force.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Page, Part, wait_until};

fn desktop() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap()
}

/// Waits until all of these words can be read on the page, and answers everything that can.
fn wait_words(page: &Page<'_>, wanted: &[&str]) -> String {
    let mut seen = String::new();
    let found = wait_until(format!("{wanted:?} on the page"), PATIENCE, || {
        seen = page.find("body").ok()?.text().ok()?;
        wanted.iter().all(|words| seen.contains(words)).then_some(())
    });
    found.unwrap_or_else(|late| panic!("{late}; it says: {seen}"));
    seen
}

fn theme(page: &Page<'_>) -> String {
    let theme = page.run("return document.documentElement.dataset.theme ?? 'system'", &[]).unwrap();
    theme.as_str().unwrap().to_owned()
}

/// A folder without the right to write, until it is dropped.
struct Closed(PathBuf);

impl Closed {
    fn over(quoth: &Installation<'_>) -> Self {
        let folder = quoth.settings_file().parent().unwrap().to_owned();
        fs::set_permissions(&folder, Permissions::from_mode(0o500)).unwrap();
        Self(folder)
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        let _ = fs::set_permissions(&self.0, Permissions::from_mode(0o700));
    }
}

#[test]
fn each_way_to_break_the_file_while_quoth_runs_is_named_and_mended() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let good = "[appearance]\ntheme = \"dark\"\n";
    quoth.write_settings(good).unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();
    page.wait_for("#theme-label").unwrap();
    let ways: [(&[u8], &[&str]); 4] = [
        (b"[appearance]\ntheme = \"dark\n", &["cannot be read at the moment (line 2:", "stay in force"]),
        (
            b"[appearance]\ntheme = \"da\xffk\"\n",
            &["cannot be read at the moment (line 2:", "not text in UTF-8"],
        ),
        (
            b"[general]\nstart_at_login = \"maybe\"\n[appearance]\ntheme = \"dark\"\n",
            &[
                "general.start_at_login",
                "line 2",
                "cannot be \"maybe\"",
                "Allowed: true or false.",
                "is in use.",
            ],
        ),
        (
            b"[appearance]\ntheme = \"dark\"\ncolour = 3\n",
            &["appearance.colour", "line 3", "there is no setting \"appearance.colour\"", "is in use."],
        ),
    ];
    for (broken, told) in ways {
        quoth.write_settings(broken).unwrap();
        wait_words(&page, &[&["There is a problem in the settings file"], told].concat());
        assert_eq!(theme(&page), "dark", "what is right stays in force: {told:?}");
        assert_eq!(fs::read(quoth.settings_file()).unwrap(), broken, "somebody is editing: it is left alone");
        quoth.write_settings(good).unwrap();
        wait_until("the problem to go", PATIENCE, || page.find("#settings-problems").is_err().then_some(()))
            .unwrap();
    }
}

#[test]
fn a_broken_file_is_told_on_every_page_and_leads_to_the_settings() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings("theme = = 1\n").unwrap();
    let page = quoth.page(&[]).unwrap();
    wait_words(&page, &["No dictations yet", "The settings file could not be read.", "It was kept as"]);
    page.find_text("See Settings").unwrap().click().unwrap();
    wait_words(&page, &["There is a problem in the settings file", "line 1", "It was kept as"]);
    assert_eq!(quoth.status().unwrap().unwrap()["notices"], 1);
}

#[test]
fn a_file_that_cannot_be_made_is_told_and_the_defaults_hold() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    quoth.write_settings("").unwrap();
    fs::remove_file(quoth.settings_file()).unwrap();
    let closed = Closed::over(&quoth);
    let page = quoth.page(&["open", "settings"]).unwrap();
    let file = quoth.settings_file().display().to_string();
    wait_words(&page, &[&format!("could not be saved to {file}"), "Check that you may read and write"]);
    assert_eq!(theme(&page), "system");
    assert!(!quoth.settings_file().exists());
    drop(closed);
}

#[test]
fn a_broken_file_that_cannot_be_set_aside_is_left_untouched_and_told() {
    let desktop = desktop();
    let quoth = Installation::new(&desktop).unwrap();
    let broken = "[appearance\n";
    quoth.write_settings(broken).unwrap();
    let closed = Closed::over(&quoth);
    let page = quoth.page(&["open", "settings"]).unwrap();
    wait_words(&page, &["could not be read (line 1:", "could not be moved aside either", "It is untouched"]);
    assert_eq!(quoth.settings().unwrap(), broken);
    drop(closed);
}
