//! What Quoth writes down about itself, and what happens when something inside it breaks.
//!
//! Architecture invariant: no dictated text and no key is logged, at any level. Log what happened, to which id,
//! how long it took; never content.

mod contain;
mod panics;
mod rolling;

pub use contain::{contain, contain_async};
pub use panics::{PanicPlace, Panics, install_panic_hook};

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Registry,
    filter::Targets,
    fmt::{MakeWriter, format::Writer, time::FormatTime},
    layer::{Layer, SubscriberExt},
    registry::LookupSpan,
    reload,
};

use crate::{
    places::Places,
    settings::{Log, LogLevel},
};
use rolling::RollingFile;

/// Overrides the settings while it is set: a level, or targets with levels (`quoth_app=trace,warn`).
pub const VARIABLE: &str = "QUOTH_LOG";

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be opened.
    #[error("The log {} cannot be written: {source}. Quoth runs without it.", path.display())]
    NotOpened {
        /// The log file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another log was installed before.
    #[error("A log is already being written in this process.")]
    AlreadyInstalled,
}

/// The log of this process. Clones share it; it can be adjusted while it is written.
#[derive(Debug, Clone)]
pub struct Logs {
    file: SharedFile,
    filter: reload::Handle<Targets, Registry>,
    overridden: Option<Targets>,
}

impl Logs {
    /// Opens the log of these places and installs it for the whole process.
    pub fn install(places: &Places, settings: &Log) -> Result<Self, LogError> {
        let (logs, subscriber) = Self::open(places, settings, std::env::var(VARIABLE).ok().as_deref())?;
        tracing_subscriber::util::SubscriberInitExt::try_init(subscriber)
            .map_err(|_| LogError::AlreadyInstalled)?;
        Ok(logs)
    }

    /// Opens the log without installing it. `overriding` is what [`VARIABLE`] holds; nonsense in it is ignored.
    pub fn open(
        places: &Places,
        settings: &Log,
        overriding: Option<&str>,
    ) -> Result<(Self, impl Subscriber + Send + Sync + for<'a> LookupSpan<'a> + use<>), LogError> {
        let path = places.log_file();
        let file = RollingFile::open(&path, bytes(settings))
            .map_err(|source| LogError::NotOpened { path: path.clone(), source })?;
        let file = SharedFile(Arc::new(Mutex::new(file)));
        let overridden = overriding.filter(|text| !text.trim().is_empty()).and_then(|text| text.parse().ok());
        let (filter, handle) =
            reload::Layer::new(overridden.clone().unwrap_or_else(|| targets(settings.level)));
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_timer(Utc)
            .with_thread_names(true)
            .with_writer(file.clone())
            .with_filter(filter);
        Ok((Self { file, filter: handle, overridden }, tracing_subscriber::registry().with(lines)))
    }

    /// Follows changed settings from the next line on.
    pub fn adjust(&self, settings: &Log) {
        self.file.lock().set_limit(bytes(settings));
        if self.overridden.is_none() {
            // Fails only when the subscriber is gone, and then nobody writes.
            let _ = self.filter.reload(targets(settings.level));
        }
    }
}

/// Quoth's own crates at the chosen level; all others only when something is not as it should be.
fn targets(level: LogLevel) -> Targets {
    let own = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    Targets::new().with_default(own.min(LevelFilter::WARN)).with_target("quoth", own)
}

fn bytes(settings: &Log) -> u64 {
    u64::from(settings.max_megabytes.get()) * 1_000_000
}

#[derive(Debug, Clone)]
struct SharedFile(Arc<Mutex<RollingFile>>);

impl SharedFile {
    fn lock(&self) -> std::sync::MutexGuard<'_, RollingFile> {
        // A line cut short by a panic is no reason to write no more lines.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> MakeWriter<'a> for SharedFile {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}

impl io::Write for SharedFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lock().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lock().flush()
    }
}

/// UTC, so that lines from before and after a journey or a clock change stand in order.
struct Utc;

impl FormatTime for Utc {
    fn format_time(&self, to: &mut Writer<'_>) -> std::fmt::Result {
        write!(to, "{}", jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

#[cfg(test)]
mod tests;
