//! Another user of the same machine cannot use the control line, even where all doors to it stand open.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;

use quoth_desktop::{Desktop, DesktopPlan, Installation, Part};

/// Nobody, on every system.
const SOMEBODY_ELSE: u32 = 65534;

/// Asks at the socket and prints what came of it: the answer, or the name of what went wrong.
const CALL: &str = r#"
import socket, sys
try:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(20)
    line.connect(sys.argv[1])
    line.sendall(b'{"v":1,"ask":"' + sys.argv[2].encode() + b'"}\n')
    print("answer", line.recv(1000).decode(), end="")
except OSError as error:
    print(type(error).__name__, end="")
"#;

/// What somebody hears who asks. `uid` is who, or else it is us.
fn call(quoth: &Installation<'_>, uid: Option<u32>, ask: &str) -> String {
    let mut command = quoth.command("/usr/bin/python3");
    command.args(["-c", CALL]).arg(quoth.socket()).arg(ask).current_dir("/");
    if let Some(uid) = uid {
        command.uid(uid);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn somebody_else_is_kept_out_by_the_folder_and_turned_away_by_quoth_itself() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray)).unwrap();
    let quoth = Installation::new(&desktop).unwrap();
    let app = quoth.start_in_tray().unwrap();
    quoth.wait_logged("started").unwrap();
    let socket = quoth.socket();
    let run = socket.parent().unwrap();
    assert_eq!(format!("{:o} {:o}", mode(run), mode(&socket)), "700 600");
    let heard = call(&quoth, None, "status");
    assert!(heard.starts_with("answer {") && heard.contains("\"pid\""), "we ourselves are answered: {heard}");

    // Only root can be somebody else.
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return;
    }
    // The folders of the test are private, too; Quoth's own is to be what keeps others out.
    chmod(desktop.folder(), 0o711);
    chmod(quoth.home(), 0o711);
    assert_eq!(call(&quoth, Some(SOMEBODY_ELSE), "quit"), "PermissionError");

    // Even if somebody opened folder and socket, Quoth asks the system who calls.
    chmod(run, 0o711);
    chmod(&socket, 0o666);
    let heard = call(&quoth, Some(SOMEBODY_ELSE), "quit");
    assert!(["answer ", "ConnectionResetError", "BrokenPipeError"].contains(&&*heard), "{heard}");
    quoth.wait_logged("somebody else tried to use the control line").unwrap();
    assert_eq!(quoth.status().unwrap().unwrap()["pid"], app.pid(), "and goes on");
}
