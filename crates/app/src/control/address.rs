//! Where the line is, and that only this user can open it.
//!
//! On Unix a socket with mode 0600 in a folder with mode 0700, and the kernel's word on who calls. On Windows a
//! pipe whose access list holds this user alone; the system refuses everybody else before we hear of them.

use std::{io, path::PathBuf};

use interprocess::local_socket::{
    ConnectOptions, ListenerOptions,
    tokio::{Listener, Stream},
};

use super::ControlError;
use crate::places::Places;

/// The address of one Quoth's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    path: PathBuf,
}

impl Address {
    /// The address of the Quoth with these places, whether it runs or not.
    pub(super) fn of(places: &Places) -> Result<Self, ControlError> {
        system::path(places).map(|path| Self { path })
    }

    /// Binds it, in place of one that a killed process left. Only the holder of the lock may call this.
    pub(super) fn listen(&self) -> Result<Listener, ControlError> {
        system::prepare(&self.path)?;
        let open = || {
            let options = ListenerOptions::new().name(self.name()?);
            // The name is given back by `remove`, while the lock is still held: a late, automatic removal could
            // hit the socket of the next Quoth.
            let listener = system::guarded(options)?.reclaim_name(false).create_tokio()?;
            system::close_to_others(&self.path)?;
            Ok(listener)
        };
        open().map_err(|source| ControlError::NotOpened { path: self.path.clone(), source })
    }

    /// Calls whoever listens there.
    pub(super) async fn connect(&self) -> io::Result<Stream> {
        ConnectOptions::new().name(self.name()?).connect_tokio().await
    }

    /// Whether the caller is this user.
    pub(super) fn admits(caller: &Stream) -> bool {
        system::admits(caller)
    }

    /// Takes the socket file away.
    pub(super) fn remove(&self) {
        system::remove(&self.path);
    }

    fn name(&self) -> io::Result<interprocess::local_socket::Name<'_>> {
        use interprocess::local_socket::{GenericFilePath, ToFsName};
        self.path.as_path().to_fs_name::<GenericFilePath>()
    }
}

/// Stable across versions and processes (FNV-1a), for names that must differ where their paths do.
fn fingerprint(path: &std::path::Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(unix)]
mod system {
    use std::{
        fs, io,
        os::unix::{ffi::OsStrExt, fs::PermissionsExt},
        path::{Path, PathBuf},
    };

    use interprocess::local_socket::{ListenerOptions, tokio::Stream, traits::StreamCommon};

    use super::super::ControlError;
    use crate::places::{Places, private_dir};

    /// What fits into a socket address everywhere: 104 bytes on macOS, 108 on Linux, with a zero at the end.
    const LONGEST: usize = 103;

    /// The socket in the runtime folder; where that path is too long for a socket, in a private folder of this
    /// user among the temporary ones, named after the runtime folder.
    pub(super) fn path(places: &Places) -> Result<PathBuf, ControlError> {
        let usual = places.runtime_dir.join("control.sock");
        if usual.as_os_str().as_bytes().len() <= LONGEST {
            return Ok(usual);
        }
        let uid = rustix::process::geteuid().as_raw();
        let folder = format!("quoth-{uid}-{}", super::fingerprint(&places.runtime_dir));
        let short = std::env::temp_dir().join(folder).join("control.sock");
        if short.as_os_str().as_bytes().len() <= LONGEST {
            return Ok(short);
        }
        let reason =
            "the path is too long for a socket; set QUOTH_HOME or TMPDIR to a folder with a short path";
        Err(ControlError::NotOpened {
            path: usual,
            source: io::Error::new(io::ErrorKind::InvalidFilename, reason),
        })
    }

    /// Makes the folder private and takes away what a killed process left.
    pub(super) fn prepare(path: &Path) -> Result<(), ControlError> {
        if let Some(folder) = path.parent() {
            private_dir(folder)?;
        }
        remove(path);
        Ok(())
    }

    pub(super) fn guarded(options: ListenerOptions<'_>) -> io::Result<ListenerOptions<'_>> {
        Ok(options)
    }

    /// After binding, since not every Unix can set it before; nobody gets through the folder meanwhile.
    pub(super) fn close_to_others(path: &Path) -> io::Result<()> {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
    }

    pub(super) fn admits(caller: &Stream) -> bool {
        let uid = caller.peer_creds().ok().and_then(|creds| creds.euid());
        uid == Some(rustix::process::geteuid().as_raw())
    }

    pub(super) fn remove(path: &Path) {
        // Not there is what we want; anything else the next bind reports.
        let _ = fs::remove_file(path);
    }
}

#[cfg(windows)]
mod system {
    use std::{
        io,
        path::{Path, PathBuf},
    };

    use interprocess::{
        local_socket::{ListenerOptions, tokio::Stream},
        os::windows::{local_socket::ListenerOptionsExt, security_descriptor::SecurityDescriptor},
    };
    use widestring::U16CString;

    use super::super::ControlError;
    use crate::places::Places;

    /// A pipe named after the user and the runtime folder: other users and other homes do not meet.
    pub(super) fn path(places: &Places) -> Result<PathBuf, ControlError> {
        // The same folder has many spellings on Windows; the system's own is taken where the folder exists.
        let folder = places.runtime_dir.canonicalize().unwrap_or_else(|_| places.runtime_dir.clone());
        let folder = PathBuf::from(folder.to_string_lossy().to_lowercase());
        let name =
            |user: &str| PathBuf::from(format!(r"\\.\pipe\quoth-{user}-{}", super::fingerprint(&folder)));
        let user = this_user().map_err(|source| ControlError::NotOpened { path: name("user"), source })?;
        Ok(name(&user))
    }

    pub(super) fn prepare(_pipe: &Path) -> Result<(), ControlError> {
        Ok(())
    }

    /// Protected from inherited rights (`P`), everything allowed (`GA`) to this user, nothing to anybody else.
    pub(super) fn guarded(options: ListenerOptions<'_>) -> io::Result<ListenerOptions<'_>> {
        let text = format!("D:P(A;;GA;;;{})", this_user()?);
        let text = U16CString::from_str(text).map_err(io::Error::other)?;
        Ok(options.security_descriptor(SecurityDescriptor::deserialize(&text)?))
    }

    pub(super) fn close_to_others(_pipe: &Path) -> io::Result<()> {
        Ok(())
    }

    /// The access list has been asked already.
    pub(super) fn admits(_caller: &Stream) -> bool {
        true
    }

    /// A pipe goes with its last handle.
    pub(super) fn remove(_pipe: &Path) {}

    /// The security identifier (S-1-5-...) of the user this process runs as.
    fn this_user() -> io::Result<String> {
        use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
        let unknown = || io::Error::other("the user of this process could not be found");
        let pid = sysinfo::get_current_pid().map_err(|_| unknown())?;
        let mut system = System::new().map_err(|_| unknown())?;
        let what = ProcessRefreshKind::nothing().with_user(UpdateKind::Always);
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, what);
        let user = system.process(pid).and_then(|us| us.user_id()).map(|sid| sid.to_string());
        user.ok_or_else(unknown)
    }
}
