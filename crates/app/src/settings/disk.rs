//! The file on disk: reading it, replacing it in one step, setting it aside.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Follows links to the file itself, so that a file linked from elsewhere (dotfiles) is written there and the
/// link stays. The file need not exist.
pub(super) fn real_path(path: &Path) -> PathBuf {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut real = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&real) {
            Ok(target) => real = real.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => break,
        }
    }
    real
}

/// Replaces the content in one step: a reader sees the old file or the new one, never a part.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let real = real_path(path);
    let folder = real.parent().ok_or(io::ErrorKind::NotFound)?;
    if let Ok(old) = fs::metadata(&real) {
        // A rename does not ask whether the file it replaces is write-protected; its owner meant it.
        refuse_if_protected(&old)?;
    }
    refuse_folder_if_protected(folder)?;
    let mut new = tempfile::Builder::new().prefix(".settings-").suffix(".new").tempfile_in(folder)?;
    new.write_all(content)?;
    if let Ok(old) = fs::metadata(&real) {
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    // No longer temporary: on Windows that is an attribute of the file, and it would stay.
    let (_, new) = new.keep().map_err(|error| error.error)?;
    rename_over(&new, &real).inspect_err(|_| {
        // The first error is the one to tell.
        let _ = fs::remove_file(&new);
    })
}

/// On Windows a virus scanner or an indexer may hold the old file open for a moment, and then it cannot be
/// replaced; elsewhere the first try counts.
fn rename_over(new: &Path, old: &Path) -> io::Result<()> {
    const PAUSE: Duration = Duration::from_millis(20);
    let mut tries = if cfg!(windows) { 25 } else { 1 };
    loop {
        tries -= 1;
        match fs::rename(new, old) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && tries > 0 => {
                thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// Moves the file out of the way under a name that says when, and answers that name.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let real = real_path(path);
    if let Some(folder) = real.parent() {
        refuse_folder_if_protected(folder)?;
    }
    let stem = real.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let name = |again: u32| match again {
        0 => real.with_file_name(format!("{stem}.unreadable-{now}.toml")),
        again => real.with_file_name(format!("{stem}.unreadable-{now}-{again}.toml")),
    };
    let aside = (0..).map(name).find(|name| fs::symlink_metadata(name).is_err());
    let aside = aside.ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(&real, &aside)?;
    Ok(aside)
}

fn refuse_if_protected(file: &fs::Metadata) -> io::Result<()> {
    if file.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is write-protected"));
    }
    Ok(())
}

/// The superuser may write anywhere; a folder that was write-protected on purpose is left alone even then. (On
/// Windows the mark on a folder means something else.)
fn refuse_folder_if_protected(folder: &Path) -> io::Result<()> {
    if cfg!(unix) && fs::metadata(folder)?.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "its folder is write-protected"));
    }
    Ok(())
}
