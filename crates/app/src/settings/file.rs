//! The one owner of the settings file.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use toml_edit::Value;

use super::{
    SettingValue, SettingsError, SettingsView, TEMPLATE, disk,
    editing::{self, EditFault},
    problem::{ProblemKind, SettingsProblem},
    reading::{self, Fault, Reading},
    watching::{self, Watching},
};

/// The settings and their file. Clones share both.
///
/// Everything waits for the disk for a moment only; it may be called from any thread.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    path: PathBuf,
    state: Mutex<State>,
    views: watch::Sender<SettingsView>,
    watching: Mutex<Option<Watching>>,
}

#[derive(Debug)]
struct State {
    /// The text the settings in force were read from: what the next change is made to.
    text: String,
    /// What was on disk when we last looked; our own writing is known by it.
    disk: OnDisk,
    /// Problems of the file as a whole; those of single values follow from `text`.
    standing: Vec<SettingsProblem>,
    reading: Reading,
}

#[derive(Debug, PartialEq, Eq)]
enum OnDisk {
    Missing,
    /// Read as settings.
    Good(Vec<u8>),
    /// There, but no TOML.
    Broken(Vec<u8>),
    /// There, but the system does not let us read it.
    Closed,
}

impl SettingsFile {
    /// Opens the file, or writes it from the template where there is none.
    ///
    /// Never fails: what cannot be read is set aside with its content, defaults take its place, and the view
    /// names every problem.
    pub fn open(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let state = State::at_start(&path);
        let views = watch::Sender::new(state.view(&path));
        let inner = Inner { path, state: Mutex::new(state), views, watching: Mutex::new(None) };
        Self { inner: Arc::new(inner) }
    }

    /// The settings in force, and what is wrong with the file.
    pub fn view(&self) -> SettingsView {
        self.inner.views.borrow().clone()
    }

    /// A channel that always holds the settings in force and wakes when they or their problems change, whether
    /// by [`set`](Self::set) or by an edit of the file.
    pub fn subscribe(&self) -> watch::Receiver<SettingsView> {
        self.inner.views.subscribe()
    }

    /// Changes one setting, in the file first and then in force. Answers the new view.
    ///
    /// Edits made to the file meanwhile are kept. Where the setting is what it should be, nothing is written.
    pub fn set(&self, key: &str, value: impl Into<SettingValue>) -> Result<SettingsView, SettingsError> {
        let mut state = self.inner.lock();
        let outcome = state.look(&self.inner.path).set(&self.inner.path, key, &value.into().into());
        let view = state.view(&self.inner.path);
        // Before the lock goes: two changes are told in the order in which they were made.
        self.inner.publish(&view);
        outcome.map(|()| view)
    }

    /// Reads the file again if it changed, and answers what is in force now.
    ///
    /// While it cannot be read (somebody may be in the middle of typing), the settings stay as they are, the
    /// problem is named and the file is not touched. While it is gone, they stay too.
    pub fn reload(&self) -> SettingsView {
        self.inner.reload()
    }

    /// Follows edits of the file from now on, as long as any clone lives.
    pub fn watch(&self) -> Result<(), SettingsError> {
        let watching = watching::start(&self.inner.path, Arc::downgrade(&self.inner))?;
        *self.inner.watching.lock().unwrap_or_else(PoisonError::into_inner) = Some(watching);
        // What was edited before we watched.
        self.reload();
        Ok(())
    }
}

impl Inner {
    pub(super) fn reload(&self) -> SettingsView {
        let mut state = self.lock();
        let view = state.look(&self.path).view(&self.path);
        self.publish(&view);
        view
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change replaces whole values, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, view: &SettingsView) {
        self.views.send_if_modified(|current| {
            let changed = current != view;
            current.clone_from(view);
            changed
        });
    }
}

impl State {
    fn at_start(path: &Path) -> Self {
        let (standing, missing) = match fs::read(path) {
            Ok(bytes) => match understand(&bytes) {
                Ok((text, reading)) => {
                    return Self { text, disk: OnDisk::Good(bytes), standing: Vec::new(), reading };
                }
                Err(fault) => match disk::set_aside(path) {
                    Ok(aside) => (vec![was_set_aside(path, &aside, &fault)], true),
                    Err(error) => {
                        let stays = could_not_set_aside(path, &fault, &error);
                        return Self::defaults(OnDisk::Broken(bytes), vec![stays]);
                    }
                },
            },
            Err(error) if is_absent(&error) => (Vec::new(), true),
            Err(error) => (vec![(&SettingsError::unreadable(path, &error)).into()], false),
        };
        let mut state = Self::defaults(if missing { OnDisk::Missing } else { OnDisk::Closed }, standing);
        if missing && let Err(error) = state.write(path, TEMPLATE.to_owned()) {
            state.standing.push((&error).into());
        }
        state
    }

    /// The settings of the template, whatever is on disk.
    fn defaults(disk: OnDisk, standing: Vec<SettingsProblem>) -> Self {
        let reading = Reading { settings: super::Settings::default(), problems: Vec::new() };
        Self { text: TEMPLATE.to_owned(), disk, standing, reading }
    }

    fn view(&self, path: &Path) -> SettingsView {
        SettingsView {
            settings: self.reading.settings.clone(),
            problems: self.standing.iter().chain(&self.reading.problems).cloned().collect(),
            path: path.display().to_string(),
        }
    }

    /// Takes in what is on disk now, if it is not what we last saw there.
    fn look(&mut self, path: &Path) -> &mut Self {
        match fs::read(path) {
            Ok(bytes) => {
                if self.disk == OnDisk::Good(bytes.clone()) || self.disk == OnDisk::Broken(bytes.clone()) {
                    return self;
                }
                match understand(&bytes) {
                    Ok((text, reading)) => {
                        *self = Self { text, disk: OnDisk::Good(bytes), standing: Vec::new(), reading };
                    }
                    Err(fault) => {
                        self.disk = OnDisk::Broken(bytes);
                        self.standing = vec![is_broken(path, &fault)];
                    }
                }
            }
            Err(error) if is_absent(&error) => self.disk = OnDisk::Missing,
            Err(error) => {
                self.disk = OnDisk::Closed;
                self.standing = vec![(&SettingsError::unreadable(path, &error)).into()];
            }
        }
        self
    }

    fn set(&mut self, path: &Path, key: &str, value: &Value) -> Result<(), SettingsError> {
        let wanted = reading::with_value(&self.reading.settings, key, value)?;
        let stands = wanted == self.reading.settings && !editing::says_otherwise(&self.text, key, value);
        if stands && self.disk != OnDisk::Missing {
            return Ok(());
        }
        let text = editing::with_value(&self.text, key, value.clone()).map_err(|fault| match fault {
            EditFault::NoGroup(group) => {
                SettingsError::NoGroup { key: key.to_owned(), group, path: path.to_owned() }
            }
            EditFault::NotToml => SettingsError::not_saved(path, &io::ErrorKind::InvalidData.into()),
        })?;
        match &self.disk {
            OnDisk::Closed => {
                let error = fs::read(path).err().unwrap_or(io::ErrorKind::PermissionDenied.into());
                return Err(SettingsError::unreadable(path, &error));
            }
            OnDisk::Broken(bytes) => {
                let fault = understand(bytes).err().unwrap_or(Fault { line: 1, what: String::new() });
                let aside = disk::set_aside(path).map_err(|error| SettingsError::not_saved(path, &error))?;
                self.standing = vec![was_set_aside(path, &aside, &fault)];
                self.disk = OnDisk::Missing;
            }
            OnDisk::Missing | OnDisk::Good(_) => {}
        }
        self.write(path, text)
    }

    fn write(&mut self, path: &Path, text: String) -> Result<(), SettingsError> {
        let failed = |error| SettingsError::not_saved(path, &error);
        if let Some(folder) = disk::real_path(path).parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let reading = reading::read(&text)
            .map_err(|fault| failed(io::Error::new(io::ErrorKind::InvalidData, fault.what)))?;
        disk::replace(path, text.as_bytes()).map_err(failed)?;
        self.standing.retain(|problem| problem.kind != ProblemKind::NotSaved);
        self.disk = OnDisk::Good(text.as_bytes().to_vec());
        self.text = text;
        self.reading = reading;
        Ok(())
    }
}

fn understand(bytes: &[u8]) -> Result<(String, Reading), Fault> {
    let text = reading::decode(bytes)?;
    let reading = reading::read(&text)?;
    Ok((text, reading))
}

/// No file, or a folder on the way that is none: then writing says what is wrong.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn unreadable(line: u32, message: String) -> SettingsProblem {
    SettingsProblem { kind: ProblemKind::Unreadable, key: None, line: Some(line), message }
}

fn was_set_aside(path: &Path, aside: &Path, fault: &Fault) -> SettingsProblem {
    let (path, aside, Fault { line, what }) = (path.display(), aside.display(), fault);
    let message = format!(
        "The settings file {path} could not be read (line {line}: {what}). It was kept as {aside}, and a new file \
         takes its place. To get your settings back, mend the kept file and copy it over the new one."
    );
    unreadable(*line, message)
}

fn could_not_set_aside(path: &Path, fault: &Fault, error: &io::Error) -> SettingsProblem {
    let (path, Fault { line, what }) = (path.display(), fault);
    let message = format!(
        "The settings file {path} could not be read (line {line}: {what}) and could not be moved aside either \
         ({error}). It is untouched; the defaults are in force. Mend that line, or the rights to the folder."
    );
    unreadable(*line, message)
}

fn is_broken(path: &Path, fault: &Fault) -> SettingsProblem {
    let (path, Fault { line, what }) = (path.display(), fault);
    let message = format!(
        "The settings file {path} cannot be read at the moment (line {line}: {what}). The settings from before \
         stay in force until it can be read again."
    );
    unreadable(*line, message)
}
