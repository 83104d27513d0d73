//! The line between two ends in one process; what needs a second process is in `tests/control_line.rs`.

use std::{
    future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use interprocess::local_socket::tokio::Stream;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    runtime::Handle,
};

use super::{
    Activity, Answer, Answers, Blocked, Caller, Claim, ControlError, LINE_LIMIT, Listening, Page, Request,
    Status,
    address::Address,
    claim,
    listener::{Line, Patience, read_line},
    wire,
};
use crate::{failure::Failure, places::Places};

const SOON: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Shell {
    opened: AtomicUsize,
    quits: AtomicBool,
    busy: bool,
}

struct Shared(Arc<Shell>);

impl Answers for Shared {
    async fn status(&self) -> Result<Status, Failure> {
        Ok(status())
    }

    async fn open(&self, page: Option<Page>) -> Result<(), Failure> {
        assert_ne!(page, Some(Page::About), "a bug in the shell");
        if page == Some(Page::Models) {
            future::pending::<()>().await;
        }
        self.0.opened.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn may_quit(&self) -> Result<(), Failure> {
        if self.0.busy { Err(Failure::new("recording", "A dictation is being recorded.")) } else { Ok(()) }
    }

    fn quit(&self) {
        self.0.quits.store(true, Ordering::SeqCst);
    }
}

fn status() -> Status {
    Status {
        version: "1.2.3".into(),
        pid: 7,
        uptime_ms: 5,
        window_open: false,
        activity: Activity::Idle,
        blocked_by: Some(Blocked::NoEngine),
        settings_problems: 0,
        notices: 0,
    }
}

/// A listening Quoth in a folder of its own.
struct Home {
    _folder: tempfile::TempDir,
    places: Places,
    shell: Arc<Shell>,
    listening: Listening,
}

impl Home {
    fn new(shell: Shell, patience: Patience) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        let shell = Arc::new(shell);
        let listening = listen(&places, &shell, patience);
        Self { _folder: folder, places, shell, listening }
    }

    fn patient() -> Self {
        Self::new(Shell::default(), Patience::default())
    }

    async fn caller(&self) -> Caller {
        Caller::call(&self.places, SOON).await.unwrap()
    }

    async fn raw(&self) -> Stream {
        Address::of(&self.places).unwrap().connect().await.unwrap()
    }

    /// Sends these bytes on a line of their own and reads one answer.
    async fn answer_to(&self, bytes: &[u8]) -> Answer {
        let mut line = self.raw().await;
        line.write_all(bytes).await.unwrap();
        answer_on(&mut line).await
    }
}

fn listen(places: &Places, shell: &Arc<Shell>, patience: Patience) -> Listening {
    let Claim::Ours(seat) = claim(places).unwrap() else { panic!("the seat is taken") };
    seat.listen_with(Shared(Arc::clone(shell)), &Handle::current(), patience).unwrap()
}

async fn answer_on(line: &mut Stream) -> Answer {
    match read_line(&mut tokio::io::BufReader::new(line)).await.unwrap() {
        Line::Whole(line) => wire::parse(&line).unwrap(),
        _ => panic!("no whole line"),
    }
}

fn refusal(answer: Answer) -> String {
    match answer {
        Answer::Refused(failure) => failure.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn the_lines_are_these() {
    let text = |line: Vec<u8>| String::from_utf8(line).unwrap();
    assert_eq!(text(wire::line(Request::Status).unwrap()), "{\"v\":1,\"ask\":\"status\"}\n");
    let open = Request::Open { page: Some(Page::Settings) };
    assert_eq!(text(wire::line(open).unwrap()), "{\"v\":1,\"ask\":\"open\",\"page\":\"settings\"}\n");
    assert_eq!(
        text(wire::line(Answer::Status(status())).unwrap()),
        "{\"v\":1,\"answer\":\"status\",\"version\":\"1.2.3\",\"pid\":7,\"uptime_ms\":5,\"window_open\":false,\
         \"activity\":\"idle\",\"blocked_by\":\"no_engine\",\"settings_problems\":0,\"notices\":0}\n"
    );
    assert_eq!(wire::parse(b"{\"v\":1,\"ask\":\"open\"}"), Ok(Request::Open { page: None }));
}

#[tokio::test]
async fn one_line_serves_many_questions() {
    let home = Home::patient();
    let mut caller = home.caller().await;
    for _ in 0..3 {
        assert_eq!(caller.ask(&Request::Status, SOON).await.unwrap(), Answer::Status(status()));
        assert_eq!(caller.ask(&Request::Open { page: None }, SOON).await.unwrap(), Answer::Opening);
    }
    assert_eq!(home.shell.opened.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn quit_is_answered_first_and_then_done() {
    let home = Home::patient();
    let mut caller = home.caller().await;
    assert_eq!(caller.ask(&Request::Quit, SOON).await.unwrap(), Answer::Quitting);
    let deadline = Instant::now() + SOON;
    while !home.shell.quits.load(Ordering::SeqCst) {
        assert!(Instant::now() < deadline, "it was never told to quit");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_refused_quit_is_an_error_for_the_caller_and_quoth_goes_on() {
    let home = Home::new(Shell { busy: true, ..Shell::default() }, Patience::default());
    let mut caller = home.caller().await;
    let error = caller.ask(&Request::Quit, SOON).await.unwrap_err();
    assert!(matches!(&error, ControlError::Refused(failure) if failure.code == "recording"), "{error:?}");
    caller.ask(&Request::Status, SOON).await.unwrap();
    assert!(!home.shell.quits.load(Ordering::SeqCst));
}

#[tokio::test]
async fn nonsense_is_answered_and_the_listener_goes_on() {
    let home = Home::patient();
    let nonsense: [(&[u8], &str); 9] = [
        (b"\n", "malformed"),
        (b"hello\n", "malformed"),
        (b"{}\n", "malformed"),
        (b"[1]\n", "malformed"),
        (b"{\"v\":1}\n", "malformed"),
        (b"{\"v\":1,\"ask\":\"dance\"}\n", "malformed"),
        (b"{\"v\":1,\"ask\":\"open\",\"page\":\"../x\"}\n", "malformed"),
        (b"\xFF\xFE\x00\n", "malformed"),
        (b"{\"v\":2,\"ask\":\"status\"}\n", "version"),
    ];
    for (bytes, code) in nonsense {
        assert_eq!(refusal(home.answer_to(bytes).await), code, "{}", String::from_utf8_lossy(bytes));
    }
    home.caller().await.ask(&Request::Status, SOON).await.unwrap();
}

#[tokio::test]
async fn an_answer_never_repeats_what_was_sent() {
    let home = Home::patient();
    let Answer::Refused(failure) = home.answer_to(b"{\"v\":1,\"ask\":\"secret words\"}\n").await else {
        panic!("not refused")
    };
    assert!(!failure.message.contains("secret"), "{failure:?}");
}

#[tokio::test]
async fn a_line_may_have_64_kib_and_no_byte_more() {
    let home = Home::patient();
    let padded = |length: usize| {
        let mut line = b"{\"v\":1,\"ask\":\"status\"}".to_vec();
        line.resize(length, b' ');
        line.push(b'\n');
        line
    };
    assert_eq!(home.answer_to(&padded(LINE_LIMIT)).await, Answer::Status(status()));
    let mut line = home.raw().await;
    // The listener may hang up while the rest is still being sent.
    let _ = line.write_all(&padded(LINE_LIMIT + 1)).await;
    assert_eq!(refusal(answer_on(&mut line).await), "too_long");
    home.caller().await.ask(&Request::Status, SOON).await.unwrap();
}

#[tokio::test]
async fn a_slow_caller_is_turned_away_and_holds_up_nobody() {
    let patience = Patience { line: Duration::from_millis(100), callers: 2 };
    let home = Home::new(Shell::default(), patience);
    let mut slow = Vec::new();
    for _ in 0..5 {
        let mut line = home.raw().await;
        line.write_all(b"{\"v\":1,").await.unwrap();
        slow.push(line);
    }
    // All places are taken by slow callers; they must go for this one to be answered.
    home.caller().await.ask(&Request::Status, SOON).await.unwrap();
    assert_eq!(refusal(answer_on(&mut slow[0]).await), "too_slow");
    assert_eq!(slow[0].read(&mut [0]).await.unwrap_or(0), 0, "the line was left open");
}

#[tokio::test]
async fn a_caller_that_hangs_up_without_waiting_harms_nobody() {
    let home = Home::patient();
    for _ in 0..20 {
        let mut line = home.raw().await;
        line.write_all(b"{\"v\":1,\"ask\":\"status\"}\n").await.unwrap();
        drop(line);
    }
    home.caller().await.ask(&Request::Status, SOON).await.unwrap();
}

#[tokio::test]
async fn a_panic_in_the_shell_is_an_answer_too() {
    let home = Home::patient();
    let mut caller = home.caller().await;
    let error = caller.ask(&Request::Open { page: Some(Page::About) }, SOON).await.unwrap_err();
    assert!(matches!(&error, ControlError::Refused(failure) if failure.code == "internal"), "{error:?}");
    caller.ask(&Request::Status, SOON).await.unwrap();
}

#[tokio::test]
async fn a_shell_that_hangs_is_given_up_and_others_are_served() {
    let home = Home::patient();
    let open = Request::Open { page: Some(Page::Models) };
    let error = home.caller().await.ask(&open, Duration::from_millis(50)).await.unwrap_err();
    assert!(matches!(error, ControlError::NotAnswering(_)), "{error:?}");
    home.caller().await.ask(&Request::Status, SOON).await.unwrap();
}

#[tokio::test]
async fn only_one_gets_the_seat_and_it_is_free_again_after() {
    let home = Home::patient();
    assert!(matches!(claim(&home.places).unwrap(), Claim::Running));
    home.listening.close().await;
    let error = Caller::call(&home.places, SOON).await.unwrap_err();
    assert!(matches!(error, ControlError::NotRunning), "{error:?}");
    let again = listen(&home.places, &home.shell, Patience::default());
    Caller::call(&home.places, SOON).await.unwrap().ask(&Request::Status, SOON).await.unwrap();
    again.close().await;
}

#[tokio::test]
async fn homes_do_not_meet() {
    let (one, other) = (Home::patient(), Home::patient());
    one.caller().await.ask(&Request::Open { page: None }, SOON).await.unwrap();
    assert_eq!(one.shell.opened.load(Ordering::SeqCst), 1);
    assert_eq!(other.shell.opened.load(Ordering::SeqCst), 0);
}

#[cfg(unix)]
mod unix {
    use std::{fs, os::unix::fs::PermissionsExt, os::unix::net::UnixListener, path::Path};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn the_socket_is_0600_in_a_folder_that_is_0700_and_goes_with_the_listener() {
        let home = Home::patient();
        let socket = home.places.runtime_dir.join("control.sock");
        assert_eq!((mode(&socket), mode(&home.places.runtime_dir)), (0o600, 0o700));
        drop(home.listening);
        assert!(!socket.exists());
    }

    #[tokio::test]
    async fn a_socket_left_by_a_killed_process_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.prepare().unwrap();
        drop(UnixListener::bind(places.runtime_dir.join("control.sock")).unwrap());
        let error = Caller::call(&places, SOON).await.unwrap_err();
        assert!(matches!(error, ControlError::NotRunning), "{error:?}");
        let listening = listen(&places, &Arc::default(), Patience::default());
        Caller::call(&places, SOON).await.unwrap().ask(&Request::Status, SOON).await.unwrap();
        drop(listening);
    }

    #[tokio::test]
    async fn a_path_too_long_for_a_socket_is_replaced_by_a_short_private_one() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("d".repeat(60)).join("e".repeat(60));
        let (places, other) = (Places::under(&deep.join("a")), Places::under(&deep.join("b")));
        let listening = listen(&places, &Arc::default(), Patience::default());
        Caller::call(&places, SOON).await.unwrap().ask(&Request::Status, SOON).await.unwrap();
        assert_ne!(Address::of(&places).unwrap(), Address::of(&other).unwrap());
        let shown = format!("{:?}", Address::of(&places).unwrap());
        let socket = Path::new(shown.split('"').nth(1).unwrap());
        assert_eq!((mode(socket), mode(socket.parent().unwrap())), (0o600, 0o700));
        drop(listening);
        assert!(!socket.exists());
        fs::remove_dir(socket.parent().unwrap()).unwrap();
    }
}
