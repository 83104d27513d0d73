//! A panic inside Quoth: contained, noted without its words, told calmly, and the rest goes on.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Part, wait_until};

#[test]
fn a_panic_in_the_tray_or_on_the_control_line_takes_nothing_with_it() {
    for (place, provoke) in [("open", None), ("tray", Some("Settings"))] {
        let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
        let quoth = Installation::new(&desktop).unwrap().with_env("QUOTH_TEST_PANIC", place);
        let app = quoth.start_in_tray().unwrap();
        match provoke {
            Some(entry) => app.choose_in_tray(entry).unwrap(),
            None => {
                let answer = quoth.cli(&["open"]).unwrap();
                assert_eq!(answer.code, Some(4), "{}", answer.stderr);
                assert!(!answer.stderr.contains("dictated"), "{}", answer.stderr);
            }
        }
        let line = quoth.wait_logged("panicked").unwrap();
        assert!(line.contains("test_switch.rs"), "where it happened: {line}");
        assert!(!quoth.log().contains("dictated"), "not what was being handled: {line}");
        wait_until("the notice to be counted", PATIENCE, || {
            (quoth.status().ok()??["notices"].as_u64()? >= 1).then_some(())
        })
        .unwrap();
        assert_eq!(quoth.status().unwrap().unwrap()["pid"], app.pid(), "{place}");
    }
}

#[test]
fn a_panic_is_told_in_the_page_until_it_is_dismissed() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap().with_env("QUOTH_TEST_PANIC", "open");
    let page = quoth.page(&[]).unwrap();
    page.wait_for("nav").unwrap();
    assert_eq!(quoth.cli(&["open", "about"]).unwrap().code, Some(4));
    let told = "Something inside Quoth failed. It was contained and Quoth goes on.";
    wait_until("the notice on the page", PATIENCE, || {
        page.find("article.error").ok()?.text().ok()?.contains(told).then_some(())
    })
    .unwrap();
    assert!(!page.find("body").unwrap().text().unwrap().contains("dictated"));
    page.find("article.error .dismiss").unwrap().click().unwrap();
    wait_until("the notice to go", PATIENCE, || page.find("article").is_err().then_some(())).unwrap();
    wait_until("the notice to be forgotten", PATIENCE, || {
        (quoth.status().ok()??["notices"] == 0).then_some(())
    })
    .unwrap();
}
