//! The app's page, driven from inside its own web view: found, read, clicked and typed into.
//!
//! WebKit's own driver starts the app and speaks to its web view. Tauri's `tauri-driver` would stand between and change
//! nothing but the names of the capabilities.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::app::Installation;
use crate::error::{During, Result};
use crate::programs::{self, Program};
use crate::wait::{PATIENCE, wait_until};
use crate::webdriver::{DRIVER, Driver, ELEMENT, Session};
use crate::{Desktop, DesktopError};

/// A program without any process for so long has not begun to start, but ended.
const GONE_AFTER: Duration = Duration::from_secs(10);

/// A page in the web view of a program that the driver has started. Dropped, the program is ended.
pub struct Page<'i> {
    installation: &'i Installation<'i>,
    session: Session,
    ended: bool,
    _driver: Program,
}

/// An element of a page.
pub struct Element<'p> {
    session: &'p Session,
    id: String,
}

impl<'i> Page<'i> {
    pub(crate) fn open(installation: &'i Installation<'i>, arguments: &[&str]) -> Result<Self> {
        programs::require(&[DRIVER])?;
        let (mut driver, port) = start_driver(installation)?;
        let session = start_session(installation, arguments, &mut driver, port)?;
        Ok(Self { installation, session, ended: false, _driver: driver })
    }

    /// The installation whose page this is.
    pub fn installation(&self) -> &'i Installation<'i> {
        self.installation
    }

    /// The desktop it is shown on.
    pub fn desktop(&self) -> &'i Desktop {
        self.installation.desktop()
    }

    /// The page's title.
    pub fn title(&self) -> Result<String> {
        self.session.get("/title").map(|title| text(&title))
    }

    /// The page's address.
    pub fn url(&self) -> Result<String> {
        self.session.get("/url").map(|url| text(&url))
    }

    /// Goes to an address and waits until it is loaded.
    pub fn go_to(&self, url: &str) -> Result<()> {
        self.session.post("/url", json!({ "url": url })).map(|_null| ())
    }

    /// The first element that a CSS selector matches now.
    pub fn find(&self, css: &str) -> Result<Element<'_>> {
        self.locate("css selector", css)
    }

    /// All elements that a CSS selector matches now.
    pub fn find_all(&self, css: &str) -> Result<Vec<Element<'_>>> {
        let found = self.session.post("/elements", json!({ "using": "css selector", "value": css }))?;
        found.as_array().into_iter().flatten().map(|element| self.element(element)).collect()
    }

    /// The innermost element now on the page whose text is exactly this, but for spaces around it.
    pub fn find_text(&self, text: &str) -> Result<Element<'_>> {
        let literal = xpath_literal(text);
        let itself = format!("normalize-space(.)={literal}");
        self.locate("xpath", &format!("//body//*[{itself} and not(.//*[{itself}])]"))
    }

    /// Waits for an element that a CSS selector matches.
    pub fn wait_for(&self, css: &str) -> Result<Element<'_>> {
        wait_until(format!("the element {css} on the page"), PATIENCE, || self.find(css).ok())
    }

    /// Waits for an element with exactly this text.
    pub fn wait_for_text(&self, text: &str) -> Result<Element<'_>> {
        wait_until(format!("the text {text:?} on the page"), PATIENCE, || self.find_text(text).ok())
    }

    /// Runs JavaScript as the body of a function and answers what it returns. Its arguments are `arguments[0]`, ...
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.session.post("/execute/sync", json!({ "script": script, "args": arguments }))
    }

    /// Runs JavaScript as the body of an async function and waits for what it returns; what it throws is an error.
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        // A rejected promise says nothing useful through the driver, so both ends are answered as values.
        let wrapped = format!(
            "const done = arguments[arguments.length - 1];\
             const given = Array.prototype.slice.call(arguments, 0, -1);\
             (async function () {{ {script} }}).apply(null, given)\
             .then(value => done({{ value: value === undefined ? null : value }}), error => done({{ error: String(error) }}));"
        );
        let mut answer =
            self.session.post("/execute/async", json!({ "script": wrapped, "args": arguments }))?;
        match answer["error"].as_str() {
            None => Ok(answer["value"].take()),
            Some(thrown) => Err(DesktopError::WebDriver {
                doing: "run a script".into(),
                code: "javascript error".into(),
                message: thrown.to_owned(),
            }),
        }
    }

    /// The page as a PNG file's content, without what is around it on the screen.
    pub fn screenshot_base64(&self) -> Result<String> {
        self.session.get("/screenshot").map(|image| text(&image))
    }

    /// Ends the program by the driver, and waits until none of its processes is left.
    pub fn close(mut self) -> Result<()> {
        self.ended = true;
        self.session.end()?;
        self.installation.wait_all_gone()
    }

    fn locate(&self, using: &str, value: &str) -> Result<Element<'_>> {
        let found = self.session.post("/element", json!({ "using": using, "value": value }))?;
        self.element(&found)
    }

    fn element(&self, found: &Value) -> Result<Element<'_>> {
        let id = found[ELEMENT].as_str().ok_or("the driver named no element").during("find an element")?;
        Ok(Element { session: &self.session, id: id.to_owned() })
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        if !self.ended {
            // What does not end by this is ended with the desktop.
            let _ = self.session.end();
        }
    }
}

impl Element<'_> {
    /// Clicks into its middle, as the user would, once it is there to be clicked; an error if something else is in the way.
    pub fn click(&self) -> Result<()> {
        wait_until("an element to stand where it can be clicked", PATIENCE, || {
            match self.post("/click", json!({})) {
                // Drawn, but not yet laid out: the user would not see it either.
                Err(DesktopError::WebDriver { code, .. }) if code == "element not interactable" => None,
                clicked => Some(clicked),
            }
        })?
    }

    /// Types a text into it. Keys without a character are written as WebDriver does (`\u{e007}` is Enter).
    pub fn type_keys(&self, keys: &str) -> Result<()> {
        self.post("/value", json!({ "text": keys }))
    }

    /// Empties a field.
    pub fn clear(&self) -> Result<()> {
        self.post("/clear", json!({}))
    }

    /// Its text as the user sees it.
    pub fn text(&self) -> Result<String> {
        self.get("/text").map(|value| text(&value))
    }

    /// An attribute as it stands in the page, such as `aria-label`; none if it is not set.
    pub fn attribute(&self, name: &str) -> Result<Option<String>> {
        self.get(&format!("/attribute/{name}")).map(|value| value.as_str().map(str::to_owned))
    }

    /// A property of its object in JavaScript, such as `value` or `checked`.
    pub fn property(&self, name: &str) -> Result<Value> {
        self.get(&format!("/property/{name}"))
    }

    /// Whether it can be used.
    pub fn is_enabled(&self) -> Result<bool> {
        self.get("/enabled").map(|value| value == true)
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.session.get(&format!("/element/{}{path}", self.id))
    }

    fn post(&self, path: &str, body: Value) -> Result<()> {
        self.session.post(&format!("/element/{}{path}", self.id), body).map(|_null| ())
    }
}

/// Starts a driver on a port that was free a moment ago; if another was faster, it is tried once more.
fn start_driver(installation: &Installation<'_>) -> Result<(Program, u16)> {
    let mut tries_left = 3;
    loop {
        tries_left -= 1;
        let doing = "find a free port";
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).during(doing)?.local_addr().during(doing)?.port();
        let mut command = installation.command(DRIVER);
        command.arg(format!("--port={port}"));
        // Tauri gives its web view to a driver only when told so.
        command.envs([("TAURI_AUTOMATION", "true"), ("TAURI_WEBVIEW_AUTOMATION", "true")]);
        let mut program = installation.desktop().start_program("webdriver", command)?;
        match program.wait_ready("a driver that takes sessions", || Driver::at(port).is_ready().then_some(()))
        {
            Ok(()) => return Ok((program, port)),
            Err(_) if tries_left > 0 => {}
            Err(error) => return Err(error),
        }
    }
}

/// Asks the driver to start the program. The driver would wait for ever for one that ends before its page is there,
/// so it is looked after meanwhile.
fn start_session(
    installation: &Installation<'_>,
    arguments: &[&str],
    driver: &mut Program,
    port: u16,
) -> Result<Session> {
    let binary = installation.binary().to_string_lossy();
    let outcome = std::thread::scope(|scope| {
        let asked = scope.spawn(|| Driver::at(port).start(&binary, arguments));
        let mut last_seen = Instant::now();
        let answered = wait_until("the page", PATIENCE * 2, || {
            if !installation.processes().is_empty() {
                last_seen = Instant::now();
            }
            let ended = last_seen.elapsed() > GONE_AFTER;
            (asked.is_finished() || ended).then_some(!ended)
        });
        if !matches!(answered, Ok(true)) {
            // Its end is what lets go of the request.
            let _ = driver.kill();
        }
        asked.join()
    });
    match outcome {
        Ok(Ok(session)) => Ok(session),
        Ok(Err(error)) => Err(driver.failed(&format!("the page did not open: {error}"))),
        Err(_panic) => Err(driver.failed("the request for the page panicked")),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// XPath knows no escapes: a text with both kinds of quotes has to be put together.
fn xpath_literal(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    format!("concat({})", parts.join(", \"'\", "))
}

#[cfg(test)]
mod tests {
    use super::xpath_literal;

    #[test]
    fn quotes_survive_xpath() {
        assert_eq!(xpath_literal("Start"), "'Start'");
        assert_eq!(xpath_literal("it's"), "concat('it', \"'\", 's')");
    }
}
