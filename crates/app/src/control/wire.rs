//! What goes over the line: one JSON object a line, each with the version of this format.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use specta::Type;

use crate::failure::Failure;

/// Version of the format. A listener answers another version with a refusal that names both.
pub const VERSION: u32 = 1;

/// A longer line is refused; the longest honest one is far below a kilobyte.
pub const LINE_LIMIT: usize = 64 * 1024;

/// A page of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// What was dictated.
    History,
    /// Places of work.
    Projects,
    /// Words to know.
    Dictionary,
    /// Recognisers.
    Models,
    /// How Quoth behaves.
    Settings,
    /// Version and system.
    About,
}

/// What one can ask of the running Quoth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// How are you?
    Status,
    /// Bring the window forward, on this page if one is named.
    Open {
        /// The page; the one last shown if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<Page>,
    },
    /// End.
    Quit,
}

/// What the running Quoth answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// To [`Request::Status`].
    Status(Status),
    /// To [`Request::Open`]: it is being done.
    Opening,
    /// To [`Request::Quit`]: the process ends right after this line.
    Quitting,
    /// To anything: no, and why.
    Refused(Failure),
}

/// How the running Quoth is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Status {
    /// Of the running program.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// Since it started, in milliseconds. Exact in a JavaScript number for 285,000 years.
    #[specta(type = u32)]
    pub uptime_ms: u64,
    /// Whether the window is there; without it Quoth lives in the tray.
    pub window_open: bool,
    /// What it does now.
    pub activity: Activity,
    /// Why a dictation cannot be started, if it cannot.
    pub blocked_by: Option<Blocked>,
    /// How many problems the settings file has.
    pub settings_problems: u32,
    /// How many notices stand.
    pub notices: u32,
}

/// What Quoth does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// It waits.
    Idle,
}

/// Why a dictation cannot be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Blocked {
    /// There is no recogniser yet.
    NoEngine,
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    v: u32,
    #[serde(flatten)]
    body: T,
}

/// As a line, with its line end.
pub(super) fn line<T: Serialize>(body: T) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(&Envelope { v: VERSION, body })?;
    line.push(b'\n');
    Ok(line)
}

/// From a line; the failure says what is wrong with it and never repeats what it held.
pub(super) fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, Failure> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u32,
    }
    let malformed = |error: serde_json::Error| {
        let what = format!("not understood: column {} ({:?} error)", error.column(), error.classify());
        Failure::new("malformed", what)
    };
    let Versioned { v } = serde_json::from_slice(line).map_err(malformed)?;
    if v != VERSION {
        let message = format!("the line speaks version {v}, this Quoth speaks version {VERSION}");
        return Err(Failure::new("version", message));
    }
    serde_json::from_slice::<Envelope<T>>(line).map(|envelope| envelope.body).map_err(malformed)
}
