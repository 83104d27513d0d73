//! What a failing test leaves behind, in `target/e2e/<test>/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The names given out in this process, as a test may start two desktops.
static GIVEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The folder for what one desktop leaves when its test fails.
pub(crate) struct Evidence {
    folder: PathBuf,
}

impl Evidence {
    /// A folder named after the test, emptied of what an earlier run left there.
    pub(crate) fn of(name: Option<String>) -> Self {
        let name =
            name.or_else(|| std::thread::current().name().map(str::to_owned)).unwrap_or("unnamed".into());
        let name: String =
            name.replace("::", ".").replace(|c: char| !c.is_alphanumeric() && !"._-".contains(c), "_");
        let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unique = name.clone();
        for number in 2.. {
            if given.insert(unique.clone()) {
                break;
            }
            unique = format!("{name}-{number}");
        }
        let folder = target_folder().join("e2e").join(unique);
        // Nothing there, or not ours to remove: then the new evidence just lies beside the old.
        let _ = fs::remove_dir_all(&folder);
        Self { folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Copies the logs of a desktop: those of its programs, and all `*.log` files of the homes on it.
    pub(crate) fn keep_logs(&self, desktop: &Path) {
        let mut folders = vec![desktop.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let (path, kind) = (entry.path(), entry.file_type());
                if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "log") {
                    self.copy(&path, desktop);
                }
            }
        }
    }

    /// A log that cannot be copied must not hide the failure it would explain.
    fn copy(&self, file: &Path, desktop: &Path) {
        let kept = self.folder.join(file.strip_prefix(desktop).unwrap_or(file));
        if let Some(folder) = kept.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::copy(file, kept);
    }
}

/// Cargo's target folder. Cargo marks it by a file, unless the folder was there before.
fn target_folder() -> PathBuf {
    let profile = profile_folder();
    let marked = profile.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.or(profile.parent()).map_or_else(|| PathBuf::from("target"), Path::to_owned)
}

/// The folder of Cargo's profile (`target/debug`) that holds the running program: binaries stand in it, tests and examples one
/// deeper.
pub(crate) fn profile_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().unwrap_or(Path::new("target/debug"));
    let is_deeper = folder.file_name().is_some_and(|name| name == "deps" || name == "examples");
    if is_deeper { folder.parent().unwrap_or(folder) } else { folder }.to_owned()
}
