//! A page in WebKit is driven, shown with WebKitGTK's own small browser, which takes orders just as the app does.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

#[path = "common/browser.rs"]
mod browser;

use browser::browser;
use quoth_desktop::{Desktop, DesktopError, DesktopPlan, Installation, PATIENCE, Page, Part, wait_until};
use serde_json::json;

const PAGE: &str = r#"<!doctype html><title>Greeting</title>
<h1>It's a page</h1>
<label>Name <input id="name" aria-label="Your name"></label>
<button id="greet" onclick="document.querySelector('#said').textContent = 'Hello, ' + document.querySelector('#name').value">
Greet</button>
<button id="never" disabled>Never</button>
<p id="said"></p>"#;

fn desktop() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap()
}

fn page<'i>(browser: &'i Installation<'i>) -> Page<'i> {
    let file = browser.home().join("page.html");
    std::fs::write(&file, PAGE).unwrap();
    let page = browser.page(&["--automation"]).unwrap();
    page.go_to(&format!("file://{}", file.display())).unwrap();
    page
}

#[test]
fn a_page_is_read_typed_into_and_clicked() {
    let desktop = desktop();
    let browser = browser(&desktop);
    let page = page(&browser);
    assert_eq!(page.title().unwrap(), "Greeting");
    assert!(page.url().unwrap().ends_with("/page.html"));
    let name = page.find("#name").unwrap();
    name.type_keys("Jörg 語").unwrap();
    assert_eq!(name.property("value").unwrap(), "Jörg 語");
    assert_eq!(name.attribute("aria-label").unwrap().as_deref(), Some("Your name"));
    assert_eq!(name.attribute("data-missing").unwrap(), None);
    page.find_text("Greet").unwrap().click().unwrap();
    assert_eq!(
        page.wait_for_text("Hello, Jörg 語").unwrap().attribute("id").unwrap().as_deref(),
        Some("said")
    );
    name.clear().unwrap();
    assert_eq!(name.property("value").unwrap(), "");
    assert_eq!(page.wait_for_text("It's a page").unwrap().text().unwrap(), "It's a page");
    assert!(!page.find("#never").unwrap().is_enabled().unwrap());
    assert_eq!(page.find_all("button").unwrap().len(), 2);
    let missing = page.find("#missing").err().unwrap();
    assert!(
        matches!(&missing, DesktopError::WebDriver { code, .. } if code == "no such element"),
        "{missing}"
    );
    page.close().unwrap();
}

#[test]
fn scripts_run_in_the_page_and_their_errors_come_back() {
    let desktop = desktop();
    let browser = browser(&desktop);
    let page = page(&browser);
    assert_eq!(page.run("return arguments[0] + 1", &[json!(41)]).unwrap(), 42);
    let waited = "await new Promise(done => setTimeout(done, 10)); return [arguments[0], 'later']";
    assert_eq!(page.run_async(waited, &[json!(true)]).unwrap(), json!([true, "later"]));
    assert_eq!(page.run_async("await null", &[]).unwrap(), json!(null));
    let thrown = page.run_async("throw new Error('on purpose')", &[]).unwrap_err().to_string();
    assert!(thrown.contains("on purpose"), "{thrown}");
    assert!(page.run("return nothing.there", &[]).is_err());
    assert!(page.screenshot_base64().unwrap().starts_with("iVBORw0KGgo"), "a PNG");
}

#[test]
fn a_closed_page_leaves_no_process_of_its_web_view() {
    let desktop = desktop();
    let browser = browser(&desktop);
    let page = page(&browser);
    let main = browser.main_process().unwrap();
    desktop.windows().wait_for_process(main.pid).unwrap();
    let names: Vec<String> = browser.processes().into_iter().map(|process| process.name).collect();
    assert!(names.iter().any(|name| name.starts_with("WebKitWebProces")), "{names:?}");
    let memory = browser.memory().unwrap();
    assert!(memory.pss_kib > 20_000 && memory.rss_kib > memory.pss_kib, "{memory:?}");
    assert!(!browser.cpu_time().is_zero());
    page.close().unwrap();
    assert_eq!(browser.processes(), []);
    assert!(!quoth_desktop::is_running(main.pid));
}

#[test]
fn a_page_of_a_program_that_is_no_browser_is_an_error() {
    let desktop = desktop();
    let program = Installation::of_binary(&desktop, "/bin/false").unwrap();
    let error = program.page(&[]).err().unwrap();
    assert!(matches!(&error, DesktopError::Program { program, .. } if program == "webdriver"), "{error}");
}

#[test]
fn a_browser_started_without_driver_shows_its_window() {
    let desktop = desktop();
    let browser = browser(&desktop);
    let mut app = browser.start(&["about:blank"]).unwrap();
    desktop.windows().wait_for_process(app.pid()).unwrap();
    wait_until("the web view's own process", PATIENCE, || (browser.processes().len() >= 2).then_some(()))
        .unwrap();
    assert!(quoth_desktop::descendants(app.pid()).len() >= 2);
    app.kill().unwrap();
    browser.wait_all_gone().unwrap();
}
