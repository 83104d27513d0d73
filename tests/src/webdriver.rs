//! WebDriver over plain HTTP, as much of it as tests need. <https://www.w3.org/TR/webdriver2/>

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Method;

use crate::error::{During, Result};
use crate::{DesktopError, PATIENCE};

/// The driver of WebKitGTK.
pub(crate) const DRIVER: &str = "WebKitWebDriver";

/// What a driver calls an element in its answers.
pub(crate) const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver at an address of this machine.
pub(crate) struct Driver {
    agent: Agent,
    address: String,
}

/// An open session. Everything that is asked within goes through here.
pub(crate) struct Session {
    driver: Driver,
    id: String,
}

impl Driver {
    pub(crate) fn at(port: u16) -> Self {
        // Longer than anything the driver itself may wait for, so that its own error comes first.
        let within = Some(PATIENCE * 2);
        let agent = Agent::config_builder().http_status_as_error(false).timeout_global(within).build().into();
        Self { agent, address: format!("http://127.0.0.1:{port}") }
    }

    /// Whether the driver takes sessions.
    pub(crate) fn is_ready(&self) -> bool {
        self.ask(Method::GET, "/status", None).is_ok_and(|status| status["ready"] == true)
    }

    /// Starts a program under the driver.
    pub(crate) fn start(self, binary: &str, arguments: &[&str]) -> Result<Session> {
        let program = json!({ "binary": binary, "args": arguments });
        let capabilities =
            json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": program } } });
        let answer = self.ask(Method::POST, "/session", Some(capabilities))?;
        let id = answer["sessionId"]
            .as_str()
            .ok_or("there is no session id")
            .during("start a WebDriver session")?;
        let session = Session { id: id.to_owned(), driver: self };
        let millis = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
        session.post("/timeouts", json!({ "script": millis, "pageLoad": millis, "implicit": 0 }))?;
        Ok(session)
    }

    fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let doing = format!("{method} {path}");
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        let request = request.header("content-type", "application/json");
        let text = body.map(|body| body.to_string()).unwrap_or_default();
        let mut response = self.agent.run(request.body(text).during(&*doing)?).during(&*doing)?;
        let text = response.body_mut().with_config().limit(64 << 20).read_to_string().during(&*doing)?;
        let mut answer: Value = serde_json::from_str(&text).during(&*doing)?;
        let value = answer["value"].take();
        match (response.status().is_success(), value["error"].as_str()) {
            (true, None) => Ok(value),
            (_, code) => Err(DesktopError::WebDriver {
                doing,
                code: code.unwrap_or("no code").to_owned(),
                message: value["message"].as_str().unwrap_or(&text).to_owned(),
            }),
        }
    }
}

impl Session {
    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        self.driver.ask(Method::GET, &self.within(path), None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.driver.ask(Method::POST, &self.within(path), Some(body))
    }

    /// Ends the session, and with it the program.
    pub(crate) fn end(&self) -> Result<()> {
        self.driver.ask(Method::DELETE, &self.within(""), None).map(|_null| ())
    }

    fn within(&self, path: &str) -> String {
        format!("/session/{}{path}", self.id)
    }
}
