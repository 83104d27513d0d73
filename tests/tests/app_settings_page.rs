//! Every kind of control on the Settings page writes what it says into the file.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Part, wait_until};

fn wait_file(quoth: &Installation<'_>, expected: &str) {
    let found =
        wait_until("the change in the file", PATIENCE, || (quoth.settings().ok()? == expected).then_some(()));
    found.unwrap_or_else(|late| panic!("{late}; it holds: {}", quoth.settings().unwrap()));
}

#[test]
fn controls_write_the_file_around_its_comments() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let mut file = "# Mine.\n[general]\nlanguage = \"en\" # for now\nopen_window_at_start = true\n\n\
                    [log]\n# Small disk.\nmax_megabytes = 7\n"
        .to_owned();
    quoth.write_settings(&file).unwrap();
    let page = quoth.page(&["open", "settings"]).unwrap();

    let size = page.wait_for("#log-size-control").unwrap();
    size.clear().unwrap();
    size.type_keys("42\u{e007}").unwrap();
    file = file.replace("= 7", "= 42");
    wait_file(&quoth, &file);

    size.clear().unwrap();
    size.type_keys("500\u{e007}").unwrap();
    page.wait_for_text("Enter a whole number from 1 to 100.").unwrap();

    page.find("#open-window-control").unwrap().click().unwrap();
    file = file.replace("open_window_at_start = true", "open_window_at_start = false");
    wait_file(&quoth, &file);

    page.find("#language-control option[value=de]").unwrap().click().unwrap();
    file = file.replace("\"en\"", "\"de\"");
    wait_file(&quoth, &file);
    page.wait_for_text("Fenster beim Start öffnen").unwrap();
    wait_until("the page to say its language", PATIENCE, || {
        (page.run("return document.documentElement.lang", &[]).ok()? == "de").then_some(())
    })
    .unwrap();
}
