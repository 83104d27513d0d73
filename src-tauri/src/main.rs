//! Quoth, the program: a command for the running app, or the app itself.

// A program with a window, not one that opens a console beside it.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod answers;
mod bridge;
mod clipboard;
mod login;
mod shell;
mod system;
mod test_switch;
mod tray;
mod window;
mod words;

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use quoth_app::{
    command_line::{self, Exit, Next},
    control,
    failure::Failure,
    logs::{Logs, Panics, install_panic_hook},
    notice::Notices,
    places::Places,
    settings::SettingsFile,
};

use crate::shell::{FirstSight, Shell};

/// How long a second start waits for the first to answer.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    system::attach_console();
    let (mut out, mut err) = (io::stdout(), io::stderr());
    match ran(&mut out, &mut err) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            // Whoever closed the other end does not want to read it.
            let _ = writeln!(err, "quoth: {failure}");
            Exit::Failed.into()
        }
    }
}

fn ran(out: &mut impl Write, err: &mut impl Write) -> Result<Exit, Failure> {
    let command = command_line::parse(std::env::args_os(), out, err);
    if let Err(Next::Exit(exit)) = command {
        return Ok(exit);
    }
    let places = Places::of_this_user()?;
    let next =
        command.map_or_else(|next| next, |command| command_line::run_client(&command, &places, out, err));
    match next {
        Next::Exit(exit) => Ok(exit),
        Next::StartApp { background: true, .. } => start(places, FirstSight::Tray),
        Next::StartApp { page: None, .. } => start(places, FirstSight::Window),
        Next::StartApp { page, .. } => start(places, FirstSight::Asked(page)),
    }
}

fn start(places: Places, sight: FirstSight) -> Result<Exit, Failure> {
    let Some(seat) = control::start(&places, sight.page(), PATIENCE)? else { return Ok(Exit::Done) };
    let settings = SettingsFile::open(places.settings_file());
    let notices = Notices::new();
    let panics = Panics::new();
    install_panic_hook(panics.clone(), notices.clone());
    let logs = Logs::install(&places, &settings.view().settings.log)?;
    let shell = Shell::new(places, settings, notices, panics, logs);
    shell::run(shell, seat, sight)?;
    Ok(Exit::Done)
}
