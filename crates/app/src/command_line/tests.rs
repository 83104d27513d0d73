//! What can be said on the command line. Commands against a running Quoth are in `tests/control_line.rs`.

use super::{Command, Exit, Next, parse};
use crate::control::Page;

fn said(args: &[&str]) -> (Result<Command, Next>, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let parsed = parse(["quoth"].iter().chain(args), &mut out, &mut err);
    (parsed, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn each_command_is_understood() {
    let start = |background| Err(Next::StartApp { background, page: None });
    let open = |page| Ok(Command::Open { page });
    for (args, expected) in [
        (&[][..], start(false)),
        (&["--background"], start(true)),
        (&["status"], Ok(Command::Status { json: false })),
        (&["status", "--json"], Ok(Command::Status { json: true })),
        (&["open"], open(None)),
        (&["open", "settings"], open(Some(Page::Settings))),
        (&["open", "history"], open(Some(Page::History))),
        (&["quit"], Ok(Command::Quit)),
    ] {
        let (parsed, out, err) = said(args);
        assert_eq!((parsed, out.as_str(), err.as_str()), (expected, "", ""), "{args:?}");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_possible() {
    for (args, hint) in [
        (&["stauts"][..], "'status'"),
        (&["open", "nowhere"], "history, projects, dictionary, models, settings, about"),
        (&["--jsno"], "--help"),
        (&["--background", "quit"], "--help"),
        (&["quit", "now"], "--help"),
    ] {
        let (parsed, out, err) = said(args);
        assert_eq!((parsed, out.as_str()), (Err(Next::Exit(Exit::WrongUsage)), ""), "{args:?}");
        assert!(err.contains(hint), "{hint} is missing in: {err}");
    }
}

#[test]
fn help_shows_commands_examples_exit_codes_and_where_the_settings_are() {
    let (parsed, out, err) = said(&["--help"]);
    assert_eq!((parsed, err.as_str()), (Err(Next::Exit(Exit::Done)), ""));
    for expected in
        ["status", "open", "quit", "--background", "Examples:", "Exit codes:", "settings.toml", "QUOTH_HOME"]
    {
        assert!(out.contains(expected), "{expected} is missing in\n{out}");
    }
    for exit in [Exit::Done, Exit::Failed, Exit::WrongUsage, Exit::NotRunning, Exit::Refused] {
        assert!(out.contains(&format!("\n  {}  ", exit as u8)), "{exit:?} is missing in\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
}

#[test]
fn version_is_the_version() {
    assert_eq!(said(&["--version"]).1, format!("quoth {}\n", env!("CARGO_PKG_VERSION")));
}
