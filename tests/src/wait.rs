//! The one way to wait: look again and again until it is there or the deadline is over.

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::{DesktopError, Result};

/// How long a test waits for what should come at once, on a machine with two busy cores.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks: short against anything a person notices, long against the cost of looking.
const PAUSE: Duration = Duration::from_millis(20);

/// Calls `look` until it sees something, and answers that. When `deadline` is over first, the error says `what` was
/// waited for. It looks at least once, and once more after the deadline, so a slow machine never fails a fact that holds.
pub fn wait_until<T>(
    what: impl Display,
    deadline: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> Result<T> {
    let begin = Instant::now();
    loop {
        let over = begin.elapsed() >= deadline;
        if let Some(seen) = look() {
            return Ok(seen);
        }
        if over {
            return Err(DesktopError::TimedOut { what: what.to_string(), after: deadline });
        }
        std::thread::sleep(PAUSE);
    }
}
