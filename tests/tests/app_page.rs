//! What the page in the real window can reach: its own commands, and nothing else.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use quoth_desktop::{Desktop, DesktopPlan, Installation, Page, Part};
use serde_json::{Value, json};

/// A server that anybody on this machine can reach, counting who comes.
struct Server {
    address: String,
    visits: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let visits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&visits);
        thread::spawn(move || {
            for visitor in listener.incoming() {
                let Ok(mut visitor) = visitor else { return };
                counted.fetch_add(1, Ordering::SeqCst);
                let mut asked = [0; 1024];
                let _ = visitor.read(&mut asked);
                let head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi";
                let _ = visitor.write_all(head.as_bytes());
            }
        });
        Self { address, visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn run(page: &Page<'_>, script: &str, argument: &str) -> Value {
    // What throws has refused, too.
    page.run_async(script, &[json!(argument)]).unwrap_or(json!("refused"))
}

/// One outcome for a promise that is kept, broken, or neither in time.
const OUTCOME: &str = "const outcome = promise => Promise.race([
    promise.then(() => 'reached', () => 'refused'),
    new Promise(done => setTimeout(() => done('nothing'), 3000)),
]);";

#[test]
fn the_page_reaches_neither_the_network_nor_a_file() {
    let server = Server::start();
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let page = quoth.page(&[]).unwrap();
    page.wait_for("nav").unwrap();
    let here = page.url().unwrap();

    let ways = [
        ("fetch", "return outcome(fetch(arguments[0]));"),
        ("no-cors", "return outcome(fetch(arguments[0], { mode: 'no-cors' }));"),
        (
            "xhr",
            "return outcome(new Promise((yes, no) => { const ask = new XMLHttpRequest(); ask.onload = yes;              ask.onerror = no; ask.open('GET', arguments[0]); ask.send(); }));",
        ),
        (
            "image",
            "return outcome(new Promise((yes, no) => { const image = new Image(); image.onload = yes;              image.onerror = no; image.src = arguments[0]; }));",
        ),
        (
            "script",
            "return outcome(new Promise((yes, no) => { const script = document.createElement('script');              script.onload = yes; script.onerror = no; script.src = arguments[0]; document.head.append(script); }));",
        ),
        (
            "style",
            "return outcome(new Promise((yes, no) => { const link = document.createElement('link');              link.rel = 'stylesheet'; link.onload = yes; link.onerror = no; link.href = arguments[0];              document.head.append(link); }));",
        ),
        ("beacon", "return navigator.sendBeacon(arguments[0], 'x') ? 'sent' : 'refused';"),
        (
            "events",
            "return outcome(new Promise((yes, no) => { const events = new EventSource(arguments[0]);              events.onopen = yes; events.onerror = no; }));",
        ),
    ];
    for address in [format!("http://{}/", server.address), "file:///etc/passwd".to_owned()] {
        for (way, script) in ways {
            let came_of_it = run(&page, &format!("{OUTCOME} {script}"), &address);
            assert_ne!(came_of_it, "reached", "{way} to {address}");
        }
        // A frame says that it has loaded even where it was refused: what counts is that nothing was fetched.
        page.run(
            "const frame = document.createElement('iframe'); frame.src = arguments[0]; document.body.append(frame);              window.open(arguments[0]); location.href = arguments[0];",
            &[json!(address)],
        )
        .unwrap();
    }
    let socket = format!("ws://{}/", server.address);
    let script = format!(
        "{OUTCOME} return outcome(new Promise((yes, no) => {{ const socket = new WebSocket(arguments[0]);          socket.onopen = yes; socket.onerror = no; }}));"
    );
    assert_ne!(page.run_async(&script, &[json!(socket)]).unwrap_or(json!("refused")), "reached");

    assert_eq!(page.url().unwrap(), here, "and it leads nowhere else");
    assert_eq!(server.visits(), 0);
    let frames = page.run(
        "return [...document.querySelectorAll('iframe')].map(frame => frame.contentDocument?.body?.innerText ?? '')",
        &[],
    );
    assert!(frames.unwrap().as_array().unwrap().iter().all(|text| text == ""), "no file is shown in a frame");
    let windows = desktop.windows().list().unwrap();
    assert_eq!(windows.len(), 1, "and opens no other window: {windows:?}");
    // The server does count: this test can fail.
    std::net::TcpStream::connect(&server.address).unwrap();
    quoth_desktop::wait_until("the server to count", quoth_desktop::PATIENCE, || {
        (server.visits() == 1).then_some(())
    })
    .unwrap();
}

#[test]
fn no_command_but_its_own_is_open_to_the_page() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let page = quoth.page(&[]).unwrap();
    page.wait_for("nav").unwrap();
    let invoke = "return await window.__TAURI_INTERNALS__.invoke(arguments[0], { url: 'https://example.com',                   path: '/etc/passwd', label: 'main', flags: 1 });";
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
