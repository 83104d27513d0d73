//! What several of these tests need.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::time::{Duration, Instant};

/// Waits for something another thread or process does, and says what did not happen.
pub(crate) fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !happened() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs one test of this program again, as a child, with these variables set. Its output is shown if it fails.
pub(crate) fn again(test: &str, variables: &[(&str, &str)]) -> std::process::Command {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture", "--test-threads=1"]).envs(variables.iter().copied());
    child
}

/// Whether this process may do what file permissions forbid.
#[cfg(unix)]
pub(crate) fn is_superuser() -> bool {
    rustix::process::geteuid().is_root()
}

/// The user nobody, who owns nothing.
#[cfg(unix)]
pub(crate) const NOBODY: u32 = 65534;

/// This test program where everybody may run it; a build folder under /root is closed to others.
#[cfg(unix)]
pub(crate) fn program_for_everybody() -> (tempfile::TempDir, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let open = |path: &std::path::Path| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    open(folder.path());
    let program = folder.path().join("program");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    open(&program);
    (folder, program)
}
