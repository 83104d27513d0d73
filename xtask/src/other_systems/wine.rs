//! `cargo xtask test --windows`: the crates' tests, built for Windows and really run, under Wine.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    Target, cargo_for, folder,
    rustc_web::{Found, RustcWeb},
};
use crate::{
    failure::Failure,
    packages::{self, Purpose},
    places,
    processes::{self, Running},
    progress::{say, step},
    tally::{self, Tally},
};

/// The crates whose tests are run. It grows with each that has code for Windows.
const CRATES: &[&str] = &["quoth-app"];

const LINKER: &str = "x86_64-w64-mingw32-gcc-posix";

/// How long one test program may take.
const DEADLINE: Duration = Duration::from_secs(240);

/// Builds the test programs and runs them. A failed test is no failure of the task: it is counted.
pub(crate) fn test_windows(filter: Option<&str>) -> Result<Tally, Failure> {
    packages::provide(&[Purpose::Build, Purpose::Windows])?;
    let compiler = match RustcWeb::provide()? {
        Found::Here(compiler) => compiler,
        Found::Unavailable(why) => {
            return Err(Failure::new(format!("Windows programs cannot be built here: {why}"))
                .advise("use a Debian 12 machine or container"));
        }
    };
    let programs = step("build the tests for Windows", || build(&compiler))?;
    let screen = Screen::start()?;
    let wine = step("start Wine", || Wine::start(&screen))?;
    let mut tally = Tally::default();
    for program in &programs {
        tally += wine.run(program, filter)?;
    }
    say("Wine has run all");
    Ok(tally)
}

/// A test program: its file, and the folder of the crate whose tests it holds.
struct Program {
    file: PathBuf,
    home: PathBuf,
}

fn build(compiler: &RustcWeb) -> Result<Vec<Program>, Failure> {
    let mut cargo = cargo_for(Target::Windows, "test", compiler);
    cargo.args(["--no-run", "--message-format=json-render-diagnostics"]);
    for name in CRATES {
        cargo.args(["--package", name]);
    }
    cargo
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER)
        .env("CC_x86_64_pc_windows_gnu", LINKER)
        .env("CXX_x86_64_pc_windows_gnu", "x86_64-w64-mingw32-g++-posix");
    let messages =
        processes::output(&mut cargo).map_err(|e| e.advise("mend what the compiler says above"))?;
    let programs = programs(&messages);
    if programs.is_empty() {
        return Err(Failure::new(format!("cargo built no test program of {}", CRATES.join(", "))));
    }
    Ok(programs)
}

/// The test programs among cargo's messages.
fn programs(messages: &str) -> Vec<Program> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["profile"]["test"] == true)
        .filter_map(|message| {
            let manifest = Path::new(message["manifest_path"].as_str()?);
            Some(Program {
                file: message["executable"].as_str()?.into(),
                home: manifest.parent()?.to_owned(),
            })
        })
        .collect()
}

/// An X server without a screen, for the length of the run.
struct Screen {
    display: String,
    _server: Running,
}

impl Screen {
    fn start() -> Result<Self, Failure> {
        // It picks a free number itself and says which when it is ready.
        let mut server = Running::start(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout() {
            BufReader::new(stdout)
                .read_line(&mut number)
                .map_err(|e| Failure::new(format!("cannot read Xvfb's display number: {e}")))?;
        }
        match number.trim() {
            "" => Err(Failure::new("Xvfb ended before it was ready").advise("run `Xvfb :99` to see why")),
            number => Ok(Self { display: format!(":{number}"), _server: server }),
        }
    }
}

/// A Windows of our own in the target folder. Dropping it shuts it down.
struct Wine {
    prefix: PathBuf,
    display: String,
}

impl Wine {
    fn start(screen: &Screen) -> Result<Self, Failure> {
        let wine = Self { prefix: folder().join("wine"), display: screen.display.clone() };
        places::make_folder(&wine.prefix)?;
        processes::run(wine.command("wineboot").arg("-i").stdout(Stdio::null()).stderr(Stdio::null()))?;
        let library = wine.prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
        if !library.is_file() {
            build_process_prng(&library)?;
        }
        Ok(wine)
    }

    fn run(&self, program: &Program, filter: Option<&str>) -> Result<Tally, Failure> {
        let name = program.file.file_name().unwrap_or(OsStr::new("?")).to_string_lossy().into_owned();
        let log = folder().join("logs").join(format!("{name}.txt"));
        places::write(&log, "")?;
        let output = fs::File::create(&log).map_err(|e| Failure::file("write", &log, &e))?;
        let mut command = self.command("wine");
        // One test at a time: Wine's server is one process for all of them.
        command.arg(&program.file).args(filter).args(["--test-threads", "1"]).current_dir(&program.home);
        command.stdout(output).stderr(Stdio::inherit());
        let began = Instant::now();
        let mut running = Running::start(&mut command)?;
        let status = running.wait_until(began + DEADLINE)?;
        drop(running);
        let text = String::from_utf8_lossy(&fs::read(&log).map_err(|e| Failure::file("read", &log, &e))?)
            .into_owned();
        print!("{text}");
        let outcome = match status {
            Some(status) => tally::libtest(&text).map(|tally| tally.failed_if(!status.success())),
            None => {
                say(&format!("{name} was still running after {} s and was ended", DEADLINE.as_secs()));
                None
            }
        };
        let tally = outcome.unwrap_or(Tally::BROKEN);
        say(&format!("{name}: {tally} in {:.1} s", began.elapsed().as_secs_f64()));
        Ok(tally)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            // No questions about .NET and the old HTML control.
            .env("WINEDLLOVERRIDES", "mscoree=;mshtml=")
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY");
        command
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        if let Err(failure) = processes::succeeds(self.command("wineserver").arg("-k")) {
            say(&format!("Wine was not shut down: {failure}"));
        }
    }
}

fn build_process_prng(library: &Path) -> Result<(), Failure> {
    let source = folder().join("process_prng.c");
    places::write(&source, include_str!("process_prng.c"))?;
    processes::run(Command::new(LINKER).args(["-shared", "-o"]).arg(library).arg(&source).arg("-ladvapi32"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_programs_are_told_from_other_artifacts() {
        let messages = r#"{"reason":"compiler-artifact","manifest_path":"/w/crates/app/Cargo.toml","profile":{"test":false},"executable":"/t/quoth.exe"}
{"reason":"compiler-artifact","manifest_path":"/w/crates/app/Cargo.toml","profile":{"test":true},"executable":"/t/quoth_app-1.exe"}
{"reason":"compiler-artifact","manifest_path":"/w/crates/app/Cargo.toml","profile":{"test":true},"executable":null}
{"reason":"build-finished","success":true}
not json"#;
        let programs = programs(messages);
        assert_eq!(programs.len(), 1);
        assert_eq!(programs[0].file, Path::new("/t/quoth_app-1.exe"));
        assert_eq!(programs[0].home, Path::new("/w/crates/app"));
    }
}
