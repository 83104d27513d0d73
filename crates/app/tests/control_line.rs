//! Processes that meet: who runs, who calls, who is kept out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "clippy knows tests only by their attribute, not their helpers"
)]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use quoth_app::{
    command_line::{Command, Exit, Next, run_client},
    control::{self, Activity, Answers, Blocked, Claim, ControlError, Page, Status, claim, start},
    failure::Failure,
    places::Places,
};
use support::{again, wait_until};
use tokio::runtime::Runtime;

const SOON: Duration = Duration::from_secs(15);

/// A Quoth without a window: it says what it was asked, and can be told to quit.
struct Shell {
    said: mpsc::Sender<String>,
    refuses: bool,
}

impl Answers for Shell {
    async fn status(&self) -> Result<Status, Failure> {
        Ok(Status {
            version: "1.2.3".into(),
            pid: std::process::id(),
            uptime_ms: 182_000,
            window_open: false,
            activity: Activity::Idle,
            blocked_by: Some(Blocked::NoEngine),
            settings_problems: 2,
            notices: 1,
        })
    }

    async fn open(&self, page: Option<Page>) -> Result<(), Failure> {
        self.said.send(format!("open {page:?}")).map_err(|_| Failure::internal("gone"))
    }

    async fn may_quit(&self) -> Result<(), Failure> {
        if self.refuses { Err(Failure::new("recording", "A dictation is being recorded.")) } else { Ok(()) }
    }

    fn quit(&self) {
        self.said.send("quit".into()).unwrap();
    }
}

/// A Quoth in this process that lives until it is asked to quit.
struct Running {
    said: mpsc::Receiver<String>,
    runtime: Runtime,
    listening: Option<control::Listening>,
}

fn runs(places: &Places, refuses: bool) -> Running {
    let Claim::Ours(seat) = claim(places).unwrap() else { panic!("the seat is taken") };
    let runtime = Runtime::new().unwrap();
    let (say, said) = mpsc::channel();
    let listening = seat.listen(Shell { said: say, refuses }, runtime.handle()).unwrap();
    Running { said, runtime, listening: Some(listening) }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(listening) = self.listening.take() {
            self.runtime.block_on(listening.close());
        }
    }
}

fn home() -> (tempfile::TempDir, Places) {
    let folder = tempfile::tempdir().unwrap();
    let places = Places::under(folder.path());
    (folder, places)
}

fn client(places: &Places, command: &Command) -> (Next, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let next = run_client(command, places, &mut out, &mut err);
    (next, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn commands_when_nothing_runs() {
    let (_folder, places) = home();
    for command in [Command::Status { json: false }, Command::Status { json: true }, Command::Quit] {
        let (next, out, err) = client(&places, &command);
        assert_eq!((next, out.as_str()), (Next::Exit(Exit::NotRunning), ""));
        assert_eq!(err, "quoth: Quoth is not running.\n");
    }
    let page = Some(Page::Settings);
    let (next, out, err) = client(&places, &Command::Open { page });
    assert_eq!((next, out.as_str(), err.as_str()), (Next::StartApp { background: false, page }, "", ""));
    assert!(!places.runtime_dir.exists(), "asking makes no folders");
}

#[test]
fn status_for_people_is_a_few_aligned_lines() {
    let (_folder, places) = home();
    let _running = runs(&places, false);
    let (next, out, err) = client(&places, &Command::Status { json: false });
    assert_eq!((next, err.as_str()), (Next::Exit(Exit::Done), ""));
    let expected = format!(
        "Quoth        1.2.3, process {}\nRunning for  3 min 2 s\nWindow       closed, in the tray\nNow          idle\n\
         Dictation    not possible yet: there is no recogniser\n\
         Settings     2 problems (see: quoth open settings)\nNotices      1\n",
        std::process::id()
    );
    assert_eq!(out, expected);
}

#[test]
fn status_for_scripts_is_one_json_object() {
    let (_folder, places) = home();
    let _running = runs(&places, false);
    let (next, out, _) = client(&places, &Command::Status { json: true });
    assert_eq!(next, Next::Exit(Exit::Done));
    let status: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status["pid"], std::process::id());
    assert_eq!(status["blocked_by"], "no_engine");
    assert!(out.ends_with("}\n"), "{out}");
}

#[test]
fn open_reaches_the_running_one_with_its_page() {
    let (_folder, places) = home();
    let running = runs(&places, false);
    assert_eq!(client(&places, &Command::Open { page: Some(Page::Models) }).0, Next::Exit(Exit::Done));
    assert_eq!(running.said.recv_timeout(SOON).unwrap(), "open Some(Models)");
}

#[test]
fn a_refusal_is_shown_and_ends_with_4() {
    let (_folder, places) = home();
    let _running = runs(&places, true);
    let (next, _, err) = client(&places, &Command::Quit);
    assert_eq!(next, Next::Exit(Exit::Refused));
    assert_eq!(err, "quoth: A dictation is being recorded.\n");
}

#[test]
fn quit_returns_only_when_the_seat_is_free() {
    let (_folder, places) = home();
    let running = runs(&places, false);
    let quitter = std::thread::spawn({
        let places = places.clone();
        move || client(&places, &Command::Quit)
    });
    assert_eq!(running.said.recv_timeout(SOON).unwrap(), "quit");
    // It was told to quit and has not done so yet: whoever asked must still be waiting.
    assert!(matches!(claim(&places).unwrap(), Claim::Running));
    assert!(!quitter.is_finished());
    drop(running);
    let (next, out, err) = quitter.join().unwrap();
    assert_eq!((next, out.as_str(), err.as_str()), (Next::Exit(Exit::Done), "", ""));
    assert!(matches!(claim(&places).unwrap(), Claim::Ours(_)));
}

#[test]
fn a_quoth_that_holds_the_seat_but_does_not_listen_is_called_unresponsive() {
    let (_folder, places) = home();
    let Claim::Ours(_seat) = claim(&places).unwrap() else { panic!("the seat is taken") };
    let asked = control::ask(&places, &control::Request::Status, Duration::from_millis(100));
    assert!(matches!(asked, Err(ControlError::NotAnswering(_))), "{asked:?}");
    let waited = control::wait_until_gone(&places, Duration::from_millis(50));
    assert!(matches!(waited, Err(ControlError::StillRunning)), "{waited:?}");
}

#[test]
fn a_caller_waits_for_one_that_is_just_starting() {
    let (_folder, places) = home();
    let Claim::Ours(seat) = claim(&places).unwrap() else { panic!("the seat is taken") };
    let caller = std::thread::spawn(move || start(&places, None, SOON).map(|seat| seat.is_some()));
    let runtime = Runtime::new().unwrap();
    let (say, said) = mpsc::channel();
    let listening = seat.listen(Shell { said: say, refuses: false }, runtime.handle()).unwrap();
    assert!(!caller.join().unwrap().unwrap());
    assert_eq!(said.recv_timeout(SOON).unwrap(), "open None");
    runtime.block_on(listening.close());
}

/// Set in the children of these tests: where to be a Quoth.
const HOME: &str = "QUOTH_TEST_HOME";

/// Not a test by itself: the child that others start. It becomes the Quoth of its home, or calls the one that runs.
#[test]
fn child() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let places = Places::under(&PathBuf::from(home));
    let mut out = std::io::stdout();
    match start(&places, None, SOON).unwrap() {
        None => writeln!(out, "<called>").unwrap(),
        Some(seat) => {
            let runtime = Runtime::new().unwrap();
            let (say, said) = mpsc::channel();
            let _listening = seat.listen(Shell { said: say, refuses: false }, runtime.handle()).unwrap();
            writeln!(out, "<runs>").unwrap();
            while said.recv_timeout(SOON).unwrap() != "quit" {}
        }
    }
}

struct Process(Child);

impl Process {
    fn spawn(home: &Path) -> Self {
        let home = home.to_str().unwrap();
        Self(again("child", &[(HOME, home)]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// What it says it became.
    fn became(&mut self) -> String {
        let out = BufReader::new(self.0.stdout.as_mut().unwrap());
        let mut lines = out.lines().map(|line| line.unwrap());
        let said = lines.find_map(|line| Some(line[line.find('<')?..].trim().to_owned()));
        said.expect("the child said nothing")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn of_many_that_start_at_once_exactly_one_runs() {
    let (folder, places) = home();
    let mut processes: Vec<_> = (0..6).map(|_| Process::spawn(folder.path())).collect();
    let mut became: Vec<_> = processes.iter_mut().map(Process::became).collect();
    became.sort();
    assert_eq!(became, ["<called>", "<called>", "<called>", "<called>", "<called>", "<runs>"]);
    assert_eq!(client(&places, &Command::Quit).0, Next::Exit(Exit::Done));
}

#[test]
fn a_killed_quoth_leaves_nothing_that_keeps_the_next_from_starting() {
    let (folder, places) = home();
    let mut first = Process::spawn(folder.path());
    assert_eq!(first.became(), "<runs>");
    first.0.kill().unwrap();
    first.0.wait().unwrap();
    assert_eq!(client(&places, &Command::Status { json: false }).0, Next::Exit(Exit::NotRunning));
    let mut second = Process::spawn(folder.path());
    assert_eq!(second.became(), "<runs>");
    assert_eq!(client(&places, &Command::Status { json: false }).0, Next::Exit(Exit::Done));
}

#[test]
fn after_quit_the_process_is_gone_and_so_is_its_socket() {
    let (folder, places) = home();
    let mut process = Process::spawn(folder.path());
    assert_eq!(process.became(), "<runs>");
    let before = Instant::now();
    assert_eq!(client(&places, &Command::Quit).0, Next::Exit(Exit::Done));
    assert!(before.elapsed() < SOON);
    wait_until("the process ends", || process.0.try_wait().unwrap().is_some());
    let mut rest = String::new();
    process.0.stdout.as_mut().unwrap().read_to_string(&mut rest).unwrap();
    let left: Vec<_> =
        fs::read_dir(&places.runtime_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["running.lock"], "{rest}");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::{fs::PermissionsExt, net::UnixStream, process::CommandExt};

    use super::*;
    use crate::support::{NOBODY, is_superuser, program_for_everybody};

    const SOCKET: &str = "QUOTH_TEST_SOCKET";

    /// Not a test by itself: somebody else, who tries the socket and says what came of it.
    #[test]
    fn stranger() {
        let Some(socket) = std::env::var_os(SOCKET) else { return };
        let mut out = std::io::stdout();
        let mut answer = String::new();
        let tried = UnixStream::connect(&socket).and_then(|mut line| {
            line.write_all(b"{\"v\":1,\"ask\":\"status\"}\n")?;
            line.read_to_string(&mut answer)
        });
        let outcome = match tried {
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => "<denied>",
            _ if answer.is_empty() => "<hung up>",
            _ => "<answered>",
        };
        writeln!(out, "{outcome}").unwrap();
    }

    fn as_nobody(socket: &Path) -> String {
        let (_folder, program) = program_for_everybody();
        let mut child = std::process::Command::new(program);
        child.args(again("unix::stranger", &[]).get_args()).env(SOCKET, socket).current_dir("/");
        let output = child.uid(NOBODY).gid(NOBODY).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        said.split('<').nth(1).and_then(|rest| rest.split('>').next()).unwrap_or(&said).to_owned()
    }

    fn open_to_all(path: &Path) {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }

    #[test]
    fn another_user_cannot_use_the_socket() {
        if !is_superuser() {
            eprintln!(
                "SKIPPED another_user_cannot_use_the_socket: only the superuser can try it as another user"
            );
            return;
        }
        let (folder, places) = home();
        let running = runs(&places, false);
        let socket = places.runtime_dir.join("control.sock");
        // The folder of the test is open to all; what keeps others out is ours alone.
        open_to_all(folder.path());
        assert_eq!(as_nobody(&socket), "denied", "by the folder");
        open_to_all(&places.runtime_dir);
        assert_eq!(as_nobody(&socket), "denied", "by the socket");
        open_to_all(&socket);
        assert_eq!(as_nobody(&socket), "hung up", "by the kernel's word on who calls");
        drop(running);
    }
}
