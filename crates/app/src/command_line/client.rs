//! Asking the running Quoth on behalf of somebody at a terminal.

use std::{io::Write, time::Duration};

use super::{Command, Exit, Next};
use crate::{
    control::{self, Activity, Answer, Blocked, ControlError, Request, Status},
    places::Places,
};

/// For a line and an answer. A Quoth that is just starting needs the most of it.
const ANSWER: Duration = Duration::from_secs(10);

/// For the process to end after it said it would: by then recordings are safe on disk.
const END: Duration = Duration::from_secs(20);

/// Runs a command against the Quoth with these places: answers go to `out`, complaints to `err`. Blocks, with
/// deadlines.
pub fn run_client(command: &Command, places: &Places, out: &mut impl Write, err: &mut impl Write) -> Next {
    let done = match command {
        Command::Status { json } => status(places, *json, out),
        Command::Open { page } => match control::ask(places, &Request::Open { page: *page }, ANSWER) {
            Err(ControlError::NotRunning) => return Next::StartApp { background: false, page: *page },
            answer => answer.map(|_| ()),
        },
        Command::Quit => {
            control::ask(places, &Request::Quit, ANSWER).and_then(|_| control::wait_until_gone(places, END))
        }
    };
    let Err(error) = done else { return Next::Exit(Exit::Done) };
    // Whoever closed the other end does not want to read it.
    let _ = writeln!(err, "quoth: {error}");
    Next::Exit(match error {
        ControlError::NotRunning => Exit::NotRunning,
        ControlError::Refused(_) => Exit::Refused,
        _ => Exit::Failed,
    })
}

fn status(places: &Places, json: bool, out: &mut impl Write) -> Result<(), ControlError> {
    let Answer::Status(status) = control::ask(places, &Request::Status, ANSWER)? else {
        return Err(ControlError::NotUnderstood("an answer to another question".into()));
    };
    let text = if json { serde_json::to_string(&status).map(|json| json + "\n") } else { Ok(shown(&status)) };
    let text = text.map_err(|error| ControlError::NotUnderstood(error.to_string()))?;
    // Whoever closed the other end does not want to read it.
    let _ = out.write_all(text.as_bytes());
    Ok(())
}

fn shown(status: &Status) -> String {
    let does = match status.activity {
        Activity::Idle => "idle",
    };
    let dictation = match status.blocked_by {
        None => "ready",
        Some(Blocked::NoEngine) => "not possible yet: there is no recogniser",
    };
    let settings = match status.settings_problems {
        0 => "in order".to_owned(),
        1 => "1 problem (see: quoth open settings)".to_owned(),
        many => format!("{many} problems (see: quoth open settings)"),
    };
    let rows = [
        ("Quoth", format!("{}, process {}", status.version, status.pid)),
        ("Running for", duration(Duration::from_millis(status.uptime_ms))),
        ("Window", if status.window_open { "open" } else { "closed, in the tray" }.to_owned()),
        ("Now", does.to_owned()),
        ("Dictation", dictation.to_owned()),
        ("Settings", settings),
        ("Notices", if status.notices == 0 { "none".to_owned() } else { status.notices.to_string() }),
    ];
    rows.iter().map(|(name, value)| format!("{name:<13}{value}\n")).collect()
}

/// The two largest units that say something: "3 h 2 min".
fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, hours, _) => format!("{days} days {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_shows_its_two_largest_units() {
        let shown = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(shown(5), "5 s");
        assert_eq!(shown(182), "3 min 2 s");
        assert_eq!(shown(3_600 * 3 + 120), "3 h 2 min");
        assert_eq!(shown(86_400 + 3_600), "1 day 1 h");
        assert_eq!(shown(86_400 * 9), "9 days 0 h");
    }
}
