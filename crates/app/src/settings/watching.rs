//! Noticing that somebody edited the settings file.

use std::{
    path::{Path, PathBuf},
    sync::{Weak, mpsc},
    thread,
    time::Duration,
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

use super::{SettingsError, disk, file::Inner};

/// An editor writes in several steps; it is done when nothing happened for this long.
const QUIET: Duration = Duration::from_millis(120);

/// Edits are followed while this lives. Its thread ends with it.
#[derive(Debug)]
pub(super) struct Watching {
    _watcher: RecommendedWatcher,
}

pub(super) fn start(path: &Path, settings: Weak<Inner>) -> Result<Watching, SettingsError> {
    let failed = |source| SettingsError::NotWatched { path: path.to_owned(), source };
    // The file as named and the file itself, if that is a link to somewhere else.
    let files = [path.to_owned(), disk::real_path(path)];
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name().map(ToOwned::to_owned)).collect();
    let (edits, edited) = mpsc::channel();
    let about_us = move |event: &Event| {
        let named =
            |path: &PathBuf| path.file_name().is_some_and(|name| names.iter().any(|ours| ours == name));
        changes(event.kind) && event.paths.iter().any(named)
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // After an error events may be missing: then looking is the safe thing to do.
        if event.as_ref().map_or(true, &about_us) {
            // Nobody listens any more only when everything ends.
            let _ = edits.send(());
        }
    })
    .map_err(failed)?;
    // Folders, since editors replace the file and a watch on it would go with the old one.
    let mut folders: Vec<_> = files.iter().filter_map(|file| file.parent()).collect();
    folders.dedup();
    for folder in folders {
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(failed)?;
    }
    thread::Builder::new()
        .name("settings-watch".into())
        .spawn(move || follow(&edited, &settings))
        .map_err(|error| failed(error.into()))?;
    Ok(Watching { _watcher: watcher })
}

/// Reading the file is no change; without this our own look at it would wake us for ever.
pub(super) fn changes(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

fn follow(edited: &mpsc::Receiver<()>, settings: &Weak<Inner>) {
    while edited.recv().is_ok() {
        while edited.recv_timeout(QUIET).is_ok() {}
        match settings.upgrade() {
            Some(settings) => drop(settings.reload()),
            None => return,
        }
    }
}
