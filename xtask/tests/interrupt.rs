//! Stopping a task leaves no process behind: the real xtask, with stand-ins for the programs it calls.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::{
    env, fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// A checkout in which `setup` meets an npm that never ends.
struct Checkout {
    folder: PathBuf,
}

/// Starts one child that stays in its group and one that leaves it, then waits for ever.
const NPM: &str = "#!/bin/sh
sleep 600 &
staying=$!
setsid sleep 600 &
echo $$ $staying $! > \"$PIDS.part\"
mv \"$PIDS.part\" \"$PIDS\"
wait
";

impl Checkout {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("quoth-xtask-{name}-{}", process::id()));
        let this = Self { folder };
        this.file("ui/package-lock.json", "{}");
        this.file("xtask/Cargo.toml", "");
        this.program("npm", NPM);
        this.program("node", "#!/bin/sh\necho v22.0.0\n");
        // Whatever system this is, its packages are all there.
        this.program("dpkg-query", "#!/bin/sh\nfor name; do echo \"$name installed\"; done\n");
        this.program("pkg-config", "#!/bin/sh\n");
        this.program("cmake", "#!/bin/sh\n");
        this
    }

    fn file(&self, path: &str, content: &str) -> PathBuf {
        let file = self.folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, content).unwrap();
        file
    }

    fn program(&self, name: &str, script: &str) {
        let file = self.file(&format!("bin/{name}"), script);
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Starts `xtask setup`, and waits until npm and its two children run.
    fn set_up(&self) -> (Child, Vec<i32>) {
        let path = env::var_os("PATH").unwrap();
        let path =
            env::join_paths([self.folder.join("bin")].into_iter().chain(env::split_paths(&path))).unwrap();
        let pids = self.folder.join("pids");
        let xtask = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("setup")
            .env("PATH", path)
            .env("PIDS", &pids)
            .env("CARGO_MANIFEST_DIR", self.folder.join("xtask"))
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_until("npm has started its children", || pids.is_file());
        let pids: Vec<i32> =
            fs::read_to_string(pids).unwrap().split_whitespace().map(|pid| pid.parse().unwrap()).collect();
        assert_eq!(pids.len(), 3);
        assert!(pids.iter().all(|pid| runs(*pid)));
        (xtask, pids)
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn runs(pid: i32) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    stat.is_ok_and(|stat| !stat.rsplit(')').next().unwrap().trim_start().starts_with(['Z', 'X']))
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < deadline, "waited 30 s in vain: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn stopped_by(signal: Signal, name: &str) {
    let checkout = Checkout::new(name);
    let (mut xtask, pids) = checkout.set_up();
    kill(Pid::from_raw(xtask.id().try_into().unwrap()), signal).unwrap();
    assert_eq!(xtask.wait().unwrap().code(), Some(130));
    let left: Vec<_> = pids.into_iter().filter(|pid| runs(*pid)).collect();
    assert!(left.is_empty(), "still running: {left:?}");
}

#[test]
fn ctrl_c_ends_children_and_grandchildren_also_those_that_left_their_group() {
    stopped_by(Signal::SIGINT, "int");
}

#[test]
fn sigterm_ends_them_too() {
    stopped_by(Signal::SIGTERM, "term");
}

#[test]
fn a_killed_xtask_takes_the_program_it_runs_along() {
    let checkout = Checkout::new("kill");
    let (mut xtask, pids) = checkout.set_up();
    xtask.kill().unwrap();
    xtask.wait().unwrap();
    wait_until("npm is gone", || !runs(pids[0]));
    // Nobody is left to end what npm started: the kernel does it for direct children alone.
    for pid in &pids[1..] {
        let _ = kill(Pid::from_raw(*pid), Signal::SIGKILL);
    }
}
