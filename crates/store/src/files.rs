//! The folder and the file: open to this user alone.

use std::{fs, io, path::Path};

/// Makes the folder and an empty file where there are none, and closes both to everybody else. What SQLite puts beside
/// the file takes over its rights.
pub(crate) fn prepare(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
        only_mine(folder, 0o700)?;
    }
    // Not truncated: it may be full of history.
    fs::OpenOptions::new().create(true).append(true).open(file)?;
    only_mine(file, 0o600)
}

#[cfg(unix)]
fn only_mine(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// On Windows a user's own folders are closed to others by the access list they inherit.
#[cfg(not(unix))]
fn only_mine(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
