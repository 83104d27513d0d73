//! The About page: what it says, and that the diagnostics really reach the clipboard.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Part, wait_until};

#[test]
fn diagnostics_reach_the_clipboard_and_name_neither_home_nor_user() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let page = quoth.page(&["open", "about"]).unwrap();
    page.wait_for_text("Copy diagnostics").unwrap().click().unwrap();
    let clipboard = wait_until("the diagnostics on the clipboard", PATIENCE, || {
        let out = quoth.command("xclip").args(["-selection", "clipboard", "-o"]).output().ok()?;
        let text = String::from_utf8(out.stdout).ok()?;
        text.contains(env!("CARGO_PKG_VERSION")).then_some(text)
    });
    let clipboard = clipboard
        .unwrap_or_else(|late| panic!("{late}; the page: {}", page.find("body").unwrap().text().unwrap()));
    assert!(!clipboard.contains(quoth.home().to_str().unwrap()), "{clipboard}");
    assert!(clipboard.contains('~'), "{clipboard}");
}
