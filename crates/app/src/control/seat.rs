//! Who runs: the one who holds the lock.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::PathBuf,
};

use super::ControlError;
use crate::places::Places;

/// The right to be this user's Quoth. Lets go when dropped, and however the process ends.
#[derive(Debug)]
pub struct Seat {
    pub(super) places: Places,
    /// Held, never read: the system keeps the lock with the open file.
    _lock: File,
}

/// Who runs.
#[derive(Debug)]
pub enum Claim {
    /// We do.
    Ours(Seat),
    /// Another process does.
    Running,
}

/// Takes the seat if it is free, making the folders that are missing.
///
/// Two processes that claim at the same time never both get it.
pub fn claim(places: &Places) -> Result<Claim, ControlError> {
    places.prepare()?;
    let path = lock_file(places);
    let failed = |source| ControlError::NotOpened { path: path.clone(), source };
    // Never removed: a lock on a file that somebody unlinked would be no lock.
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(Claim::Ours(Seat { places: places.clone(), _lock: lock })),
        Err(TryLockError::WouldBlock) => Ok(Claim::Running),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Whether anybody holds the seat now. Makes nothing.
pub(super) fn is_taken(places: &Places) -> bool {
    let Ok(lock) = OpenOptions::new().write(true).open(lock_file(places)) else { return false };
    // Shared, so that two who look do not take each other for the holder.
    matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn lock_file(places: &Places) -> PathBuf {
    places.runtime_dir.join("running.lock")
}
