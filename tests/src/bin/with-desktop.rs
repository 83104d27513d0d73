//! `with-desktop COMMAND...`: runs a command on a virtual desktop of its own and ends with its exit code. Says on
//! standard error where the desktop is.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use std::io::Write as _;

    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        let _ = writeln!(std::io::stderr(), "usage: with-desktop COMMAND [ARGUMENT...]");
        return ExitCode::from(2);
    };
    let ran = || -> Result<_, Box<dyn std::error::Error>> {
        let desktop =
            quoth_desktop::Desktop::start(&quoth_desktop::DesktopPlan::full().named("with-desktop"))?;
        let (display, folder) = (desktop.display_name(), desktop.folder().display());
        writeln!(std::io::stderr(), "desktop {display} {folder} ready after {:?}", desktop.ready_after())?;
        Ok(desktop.command(program).args(arguments).status()?)
    };
    match ran() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "with-desktop: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::from(2)
}
