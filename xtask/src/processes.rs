//! Programs that tasks start, and their certain end.
//!
//! Each runs in a process group of its own, dies with xtask on Linux, and is ended when the user stops the task:
//! the groups are asked first, so that a test runner can end its tests, then whatever is left is killed. On Linux
//! xtask adopts orphans (`PR_SET_CHILD_SUBREAPER`), so that what left its group is found too.

use std::{
    collections::BTreeSet,
    process::{self, Child, Command, ExitStatus, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::failure::Failure;

/// How long a process may take to end after it was asked to: nextest gives its tests ten seconds.
const GRACE: Duration = Duration::from_secs(12);
const POLL: Duration = Duration::from_millis(20);

static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Ends all processes and leaves with 130 when the user presses Ctrl-C or the system asks us to stop.
pub(crate) fn end_all_when_interrupted() -> Result<(), Failure> {
    system::adopt_orphans();
    ctrlc::set_handler(|| {
        STOPPING.store(true, Ordering::SeqCst);
        let asked: Vec<u32> = running().iter().copied().collect();
        eprintln!("\nxtask: stopping");
        end(&asked);
        system::kill_what_is_left();
        process::exit(130)
    })
    .map_err(|e| Failure::new(format!("cannot listen for Ctrl-C: {e}")))
}

/// A started program. Dropping it ends it and what it started.
pub(crate) struct Running {
    child: Child,
    name: String,
    over: bool,
}

impl Running {
    /// Starts a program in a process group of its own, without the keyboard.
    pub(crate) fn start(command: &mut Command) -> Result<Self, Failure> {
        hold_if_stopping();
        let name = described(command);
        command.stdin(Stdio::null());
        system::set_apart(command);
        let child = command.spawn().map_err(|e| not_started(&name, &e))?;
        running().insert(child.id());
        Ok(Self { child, name, over: false })
    }

    /// What it writes to standard output, if that was piped. Can be taken once.
    pub(crate) fn stdout(&mut self) -> Option<process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for the end.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus, Failure> {
        let status = self.child.wait();
        self.ended();
        status.map_err(|e| Failure::new(format!("lost track of {}: {e}", self.name)))
    }

    /// Waits for the end until the deadline; `None` if it still runs then.
    pub(crate) fn wait_until(&mut self, deadline: Instant) -> Result<Option<ExitStatus>, Failure> {
        loop {
            let status = self
                .child
                .try_wait()
                .map_err(|e| Failure::new(format!("lost track of {}: {e}", self.name)))?;
            if status.is_some() {
                self.ended();
                return Ok(status);
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            thread::sleep(POLL);
        }
    }

    fn ended(&mut self) {
        self.over = true;
        running().remove(&self.child.id());
        hold_if_stopping();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.over {
            end(&[self.child.id()]);
            // Reaped, whatever it answers: it has been killed.
            let _ = self.child.wait();
            self.ended();
        }
    }
}

/// Runs a program to its end; anything but success is a failure that names the command.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let mut running = Running::start(command)?;
    let status = running.wait()?;
    succeeded(&running.name, status)
}

/// Whether the program ended well; what it says goes where ours goes.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool, Failure> {
    Ok(Running::start(command)?.wait()?.success())
}

/// Runs a program that may ask the user something (sudo's password): it keeps the terminal.
pub(crate) fn run_in_foreground(command: &mut Command) -> Result<(), Failure> {
    let name = described(command);
    let status = command.status().map_err(|e| not_started(&name, &e))?;
    hold_if_stopping();
    succeeded(&name, status)
}

/// Becomes another program where the system can, else runs it: Ctrl-C and its end are its own from here on.
pub(crate) fn become_program(command: &mut Command) -> Result<(), Failure> {
    let name = described(command);
    Err(not_started(&name, &system::become_program(command)))
}

/// Runs a program and gives back what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let (name, status, text) = capture(command)?;
    succeeded(&name, status).map(|()| text)
}

/// What a program that may well fail, or not exist, wrote to standard output.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let (_, status, text) = capture(command.stderr(Stdio::null())).ok()?;
    status.success().then_some(text)
}

/// What a program wrote to standard output, however it ended.
pub(crate) fn text_of(command: &mut Command) -> Result<String, Failure> {
    capture(command.stderr(Stdio::null())).map(|(_, _, text)| text)
}

fn capture(command: &mut Command) -> Result<(String, ExitStatus, String), Failure> {
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    let mut text = Vec::new();
    if let Some(mut stdout) = running.stdout() {
        std::io::Read::read_to_end(&mut stdout, &mut text)
            .map_err(|e| Failure::new(format!("cannot read what {} says: {e}", running.name)))?;
    }
    let status = running.wait()?;
    Ok((running.name.clone(), status, String::from_utf8_lossy(&text).into_owned()))
}

/// The command as it would be typed, shortened to what helps.
pub(crate) fn described(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    command.get_args().fold(name, |line, argument| format!("{line} {}", argument.to_string_lossy()))
}

fn succeeded(name: &str, status: ExitStatus) -> Result<(), Failure> {
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` failed ({status})"))) }
}

fn not_started(name: &str, cause: &std::io::Error) -> Failure {
    let program = name.split(' ').next().unwrap_or(name);
    Failure::new(format!("cannot start `{name}`: {cause}"))
        .advise(format!("is {program} installed and on PATH? `cargo xtask setup` finds what is missing"))
}

fn running() -> MutexGuard<'static, BTreeSet<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While the user's stop is carried out nothing else may happen, least of all an exit that cuts it short.
fn hold_if_stopping() {
    while STOPPING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Asks the groups of these processes to end, then kills them.
fn end(leaders: &[u32]) {
    for &leader in leaders {
        system::ask_to_end(leader);
    }
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline && leaders.iter().any(|&leader| system::is_alive(leader)) {
        thread::sleep(POLL);
    }
    for &leader in leaders {
        system::kill(leader);
    }
}

#[cfg(unix)]
mod system {
    use std::{os::unix::process::CommandExt as _, process::Command};

    use nix::{
        sys::signal::{self, Signal, killpg},
        unistd::Pid,
    };

    pub(super) fn set_apart(command: &mut Command) {
        command.process_group(0);
        #[cfg(target_os = "linux")]
        // SAFETY: prctl is one system call and touches no memory of the parent.
        unsafe {
            command.pre_exec(|| Ok(nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?));
        }
    }

    pub(super) fn become_program(command: &mut Command) -> std::io::Error {
        #[cfg(target_os = "linux")]
        linux::disown_orphans();
        command.exec()
    }

    pub(super) fn ask_to_end(leader: u32) {
        signal_group(leader, Signal::SIGTERM);
    }

    pub(super) fn kill(leader: u32) {
        signal_group(leader, Signal::SIGKILL);
    }

    /// Whether anything in the group still runs. A zombie counts as gone.
    pub(super) fn is_alive(leader: u32) -> bool {
        #[cfg(target_os = "linux")]
        return linux::processes().iter().any(|p| p.group == leader && !p.is_zombie());
        #[cfg(not(target_os = "linux"))]
        return i32::try_from(leader).is_ok_and(|leader| killpg(Pid::from_raw(leader), None).is_ok());
    }

    // A group that is gone already is what was wanted.
    fn signal_group(leader: u32, signal: Signal) {
        if let Ok(leader) = i32::try_from(leader) {
            let _ = killpg(Pid::from_raw(leader), signal);
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn adopt_orphans() {}
    #[cfg(not(target_os = "linux"))]
    pub(super) fn kill_what_is_left() {}

    #[cfg(target_os = "linux")]
    pub(super) use linux::{adopt_orphans, kill_what_is_left};

    #[cfg(target_os = "linux")]
    mod linux {
        use super::{Pid, Signal, signal};
        use std::{collections::BTreeSet, fs, process};

        pub(in super::super) fn adopt_orphans() {
            // Without it orphans go to init, as they do on every other system.
            let _ = nix::sys::prctl::set_child_subreaper(true);
        }

        pub(super) fn disown_orphans() {
            let _ = nix::sys::prctl::set_child_subreaper(false);
        }

        pub(in super::super) fn kill_what_is_left() {
            loop {
                let left = descendants(process::id());
                if left.is_empty() {
                    return;
                }
                for pid in left.into_iter().filter_map(|pid| i32::try_from(pid).ok()) {
                    let _ = signal::kill(Pid::from_raw(pid), Signal::SIGKILL);
                }
            }
        }

        fn descendants(of: u32) -> BTreeSet<u32> {
            let all = processes();
            let mut found = BTreeSet::from([of]);
            loop {
                let before = found.len();
                found.extend(
                    all.iter().filter(|p| found.contains(&p.parent)).map(|p| p.pid).collect::<Vec<_>>(),
                );
                if found.len() == before {
                    break;
                }
            }
            let zombies: BTreeSet<u32> = all.iter().filter(|p| p.is_zombie()).map(|p| p.pid).collect();
            found.into_iter().filter(|pid| *pid != of && !zombies.contains(pid)).collect()
        }

        pub(super) struct Process {
            pid: u32,
            parent: u32,
            pub(super) group: u32,
            state: char,
        }

        impl Process {
            pub(super) fn is_zombie(&self) -> bool {
                matches!(self.state, 'Z' | 'X')
            }
        }

        pub(super) fn processes() -> Vec<Process> {
            let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
            entries
                .flatten()
                .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
                .filter_map(|pid: u32| read(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?))
                .collect()
        }

        /// `pid (name) state parent group ...`; the name may hold anything, also brackets.
        fn read(pid: u32, stat: &str) -> Option<Process> {
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
            let state = fields.next()?.chars().next()?;
            Some(Process {
                pid,
                state,
                parent: fields.next()?.parse().ok()?,
                group: fields.next()?.parse().ok()?,
            })
        }

        #[cfg(test)]
        mod tests {
            #[test]
            fn a_process_name_may_hold_brackets_and_spaces() {
                let process = super::read(7, "7 (a) b (c)) S 3 5 5 0 -1").unwrap();
                assert_eq!((process.state, process.parent, process.group), ('S', 3, 5));
            }
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::process::{Command, Stdio};

    // The console tells everything in it about Ctrl-C; what stays is ended with all it started.
    pub(super) fn set_apart(_: &mut Command) {}
    pub(super) fn become_program(command: &mut Command) -> std::io::Error {
        match command.status() {
            Ok(status) => std::process::exit(status.code().unwrap_or(1)),
            Err(e) => e,
        }
    }

    pub(super) fn adopt_orphans() {}
    pub(super) fn ask_to_end(_: u32) {}
    pub(super) fn kill_what_is_left() {}

    pub(super) fn is_alive(leader: u32) -> bool {
        Command::new("tasklist")
            .args(["/NH", "/FI", &format!("PID eq {leader}")])
            .output()
            .is_ok_and(|list| String::from_utf8_lossy(&list.stdout).contains(&leader.to_string()))
    }

    pub(super) fn kill(leader: u32) {
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &leader.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}
