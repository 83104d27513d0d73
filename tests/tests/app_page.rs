//! What the page in the real window can reach: its own commands, and nothing else.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
#[path = "common/browser.rs"]
mod browser;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use browser::browser;
use quoth_desktop::{Desktop, DesktopPlan, Installation, PATIENCE, Page, Part, wait_until};
use serde_json::{Value, json};

/// A server that anybody on this machine can reach, noting what is asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for visitor in listener.incoming() {
                let Ok(mut visitor) = visitor else { return };
                let mut request = [0; 1024];
                let length = visitor.read(&mut request).unwrap_or(0);
                noted.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
                let head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi";
                let _ = visitor.write_all(head.as_bytes());
            }
        });
        Self { address, asked }
    }

    /// What was asked so far. A connection without a question counts as well.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// One outcome for a promise that is kept, broken, or neither in time.
const OUTCOME: &str = "
    const outcome = promise => Promise.race([
        promise.then(() => 'reached', () => 'refused'),
        new Promise(done => setTimeout(() => done('nothing'), 3000)),
    ]);
    const loaded = (thing, attribute) => outcome(new Promise((yes, no) => {
        thing.onload = thing.onopen = yes;
        thing.onerror = no;
        if (attribute) thing[attribute] = arguments[0];
        if (thing instanceof Element) document.head.append(thing);
    }));";

/// The ways of a page to a foreign address that say what came of them.
const WAYS: [(&str, &str); 8] = [
    ("fetch", "return outcome(fetch(arguments[0]));"),
    ("fetch without CORS", "return outcome(fetch(arguments[0], { mode: 'no-cors' }));"),
    (
        "XMLHttpRequest",
        "const ask = new XMLHttpRequest(); ask.open('GET', arguments[0]);
         const asked = loaded(ask); ask.send(); return asked;",
    ),
    ("image", "return loaded(new Image(), 'src');"),
    ("script", "return loaded(document.createElement('script'), 'src');"),
    (
        "style",
        "const link = document.createElement('link'); link.rel = 'stylesheet'; return loaded(link, 'href');",
    ),
    ("events", "return loaded(new EventSource(arguments[0]));"),
    ("socket", "return loaded(new WebSocket(arguments[0].replace(/^http/, 'ws')));"),
];

/// The ways that say nothing of what came of them.
const SILENT_WAYS: [(&str, &str); 4] = [
    (
        "frame",
        "const frame = document.createElement('iframe'); frame.src = arguments[0]; document.body.append(frame);",
    ),
    (
        "form",
        "const form = document.createElement('form'); form.action = arguments[0]; document.body.append(form);
         form.submit();",
    ),
    ("beacon", "navigator.sendBeacon(arguments[0], 'x');"),
    ("address", "location.href = arguments[0] + '?';"),
];

/// Clicks on a link that leads to an address in a window of its own: what no click has asked for opens none anywhere.
fn click_link(page: &Page<'_>, address: &str) {
    let link = "const link = document.createElement('a'); link.id = 'away'; link.textContent = 'away';
        link.target = '_blank'; link.href = arguments[0]; document.body.prepend(link);
        Object.assign(link.style, { position: 'fixed', top: 0, left: 0, zIndex: 9, background: 'red' });";
    page.run(link, &[json!(address)]).unwrap();
    page.find("#away").unwrap().click().unwrap();
    page.run("document.querySelector('#away').remove()", &[]).unwrap();
}

/// What came of a way to an address; what throws has refused.
fn outcome(page: &Page<'_>, script: &str, address: &str) -> Value {
    page.run_async(&format!("{OUTCOME} {script}"), &[json!(address)]).unwrap_or(json!("refused"))
}

#[test]
fn the_page_reaches_neither_the_network_nor_a_file() {
    let server = Server::start();
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let page = quoth.page(&[]).unwrap();
    page.wait_for("nav").unwrap();
    let here = page.url().unwrap();

    for address in [format!("http://{}/", server.address), "file:///etc/passwd".to_owned()] {
        for (way, script) in WAYS {
            assert_ne!(outcome(&page, script, &address), "reached", "{way} to {address}");
        }
        for (_way, script) in SILENT_WAYS {
            outcome(&page, script, &address);
        }
        click_link(&page, &address);
        // These say nothing when they are refused. Whatever they did would have begun by now.
        page.run_async("await new Promise(done => setTimeout(done, 700));", &[]).unwrap();
        assert_eq!(page.url().unwrap(), here, "it leads nowhere else");
    }
    page.find("nav").unwrap();
    let frames = page.run(
        "return [...document.querySelectorAll('iframe')].map(frame => frame.contentDocument?.body?.innerText ?? '')",
        &[],
    );
    assert!(frames.unwrap().as_array().unwrap().iter().all(|text| text == ""), "no file is shown in a frame");
    let windows = desktop.windows().list().unwrap();
    assert_eq!(windows.len(), 1, "and opens no other window: {windows:?}");
    assert_eq!(server.asked(), [""; 0]);
}

#[test]
fn each_of_these_ways_reaches_the_network_where_nothing_forbids_it() {
    let server = Server::start();
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let browser = browser(&desktop);
    let page = browser.page(&["--automation"]).unwrap();
    let wait_asked = |way: &str, path: &str| {
        wait_until(format!("a visit by {way}"), PATIENCE, || {
            server.asked().iter().any(|request| request.contains(path)).then_some(())
        })
        .unwrap();
    };
    for (number, (way, script)) in WAYS.into_iter().chain(SILENT_WAYS).enumerate() {
        page.go_to(&format!("http://{}/", server.address)).unwrap();
        let path = format!("/way-{number}");
        outcome(&page, script, &format!("http://{}{path}", server.address));
        wait_asked(way, &path);
    }
    page.go_to(&format!("http://{}/", server.address)).unwrap();
    click_link(&page, &format!("http://{}/clicked", server.address));
    wait_asked("link", "/clicked");
}

#[test]
fn no_command_but_its_own_is_open_to_the_page() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let page = quoth.page(&[]).unwrap();
    page.wait_for("nav").unwrap();
    let invoke = "return await window.__TAURI_INTERNALS__.invoke(arguments[0],
        { url: 'https://example.com', path: '/etc/passwd', label: 'main', flags: 1 });";
    for command in [
        "plugin:opener|open_url",
        "plugin:opener|open_path",
        "plugin:opener|reveal_item_in_dir",
        "plugin:autostart|enable",
        "plugin:autostart|disable",
        "plugin:window-state|save_window_state",
        "plugin:webview|create_webview_window",
        "plugin:window|close",
        "plugin:event|emit",
        "plugin:path|resolve_directory",
        "no_such_command",
    ] {
        let refused = page.run_async(invoke, &[json!(command)]).unwrap_err().to_string();
        let denied = ["not allowed", "not found", "denied"].iter().any(|word| refused.contains(word));
        assert!(denied, "{command}: {refused}");
    }
    let own = page.run_async(invoke, &[json!("status")]).unwrap();
    assert_eq!(own["version"], env!("CARGO_PKG_VERSION"), "its own it can call");
}
