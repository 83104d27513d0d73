//! Where Quoth keeps its files.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;

/// The four folders of one Quoth. Two Quoths with different places know nothing of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Holds `settings.toml`.
    pub config_dir: PathBuf,
    /// Holds what the user makes: recordings, history, models.
    pub data_dir: PathBuf,
    /// Holds `quoth.log` and its older parts.
    pub log_dir: PathBuf,
    /// Holds the lock and the control socket of the running Quoth; nobody else may enter it.
    pub runtime_dir: PathBuf,
}

/// Why the folders could not be found or made.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// The system names no home folder.
    #[error(
        "No home folder is known for this user. Set HOME, or set QUOTH_HOME to a folder for Quoth's files."
    )]
    NoHome,
    /// QUOTH_HOME cannot be made an absolute path.
    #[error("QUOTH_HOME=\"{}\" is no usable folder: {source}. Set it to the full path of a folder.", path.display())]
    BadHome {
        /// What the variable held.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder cannot be made.
    #[error("The folder {} cannot be made: {source}. Make it by hand, or check who may write there.", path.display())]
    NotMade {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder of the socket could be entered by somebody else.
    #[error("The folder {} is not private to this user: {reason}. Remove it; Quoth makes it anew.", path.display())]
    NotPrivate {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl Places {
    /// The places of the user this process runs as.
    ///
    /// `QUOTH_HOME=<folder>` puts all four under that folder; else each system's own custom is followed.
    pub fn of_this_user() -> Result<Self, PlacesError> {
        Self::from_variables(|name| std::env::var_os(name))
    }

    /// All four folders under one: `config`, `data`, `logs`, `run`.
    pub fn under(home: &Path) -> Self {
        Self {
            config_dir: home.join("config"),
            data_dir: home.join("data"),
            log_dir: home.join("logs"),
            runtime_dir: home.join("run"),
        }
    }

    /// The one settings file.
    pub fn settings_file(&self) -> PathBuf {
        self.config_dir.join("settings.toml")
    }

    /// The log that is being written; older parts lie beside it.
    pub fn log_file(&self) -> PathBuf {
        self.log_dir.join("quoth.log")
    }

    /// Makes the folders that are missing, for this user only, and insists that the runtime folder is private.
    pub fn prepare(&self) -> Result<(), PlacesError> {
        for dir in [&self.config_dir, &self.data_dir, &self.log_dir] {
            make(dir)?;
        }
        private_dir(&self.runtime_dir)
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, PlacesError> {
        if let Some(home) = variable("QUOTH_HOME").filter(|home| !home.is_empty()) {
            let path = PathBuf::from(home);
            let home = std::path::absolute(&path).map_err(|source| PlacesError::BadHome { path, source })?;
            return Ok(Self::under(&home));
        }
        // Linux lowers the name by itself; the other systems show it to people.
        let dirs = ProjectDirs::from("", "", "Quoth").ok_or(PlacesError::NoHome)?;
        let data_dir = dirs.data_local_dir().to_owned();
        let log_dir = dirs.state_dir().map_or_else(|| data_dir.join("logs"), Path::to_owned);
        let runtime_dir = session_dir(variable("XDG_RUNTIME_DIR"))
            .map_or_else(|| data_dir.join("run"), |dir| dir.join("quoth"));
        Ok(Self { config_dir: dirs.config_dir().to_owned(), data_dir, log_dir, runtime_dir })
    }
}

/// The folder the login session gives for sockets. A shell that lacks the variable (ssh, cron) must still find
/// the Quoth of the desktop session, so the usual place is tried too.
#[cfg(target_os = "linux")]
fn session_dir(named: Option<OsString>) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let uid = rustix::process::geteuid().as_raw();
    named.map(PathBuf::from).filter(|dir| dir.is_absolute()).or_else(|| {
        let usual = PathBuf::from(format!("/run/user/{uid}"));
        std::fs::metadata(&usual).is_ok_and(|folder| folder.is_dir() && folder.uid() == uid).then_some(usual)
    })
}

#[cfg(not(target_os = "linux"))]
fn session_dir(_named: Option<OsString>) -> Option<PathBuf> {
    None
}

/// Makes a folder and its missing parents; what is made anew is closed to others, what exists stays as it is.
fn make(path: &Path) -> Result<(), PlacesError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| PlacesError::NotMade { path: path.to_owned(), source })
}

/// Makes sure that `path` is a real folder of this user that nobody else may enter.
#[cfg(unix)]
pub(crate) fn private_dir(path: &Path) -> Result<(), PlacesError> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let not_private = |reason: String| PlacesError::NotPrivate { path: path.to_owned(), reason };
    make(path)?;
    // Not through a link: whoever may set the link decides where the socket is.
    let folder = std::fs::symlink_metadata(path).map_err(|error| not_private(error.to_string()))?;
    if !folder.is_dir() {
        return Err(not_private("it is no folder of its own, but a link or a file".into()));
    }
    let (owner, us) = (folder.uid(), rustix::process::geteuid().as_raw());
    if owner != us {
        return Err(not_private(format!("it belongs to user {owner}, and we are user {us}")));
    }
    if folder.mode() & 0o777 != 0o700 {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
            .map_err(|error| not_private(error.to_string()))?;
    }
    Ok(())
}

/// Elsewhere the folder lies in the user's profile, which the system closes to others; the pipe has its own guard.
#[cfg(not(unix))]
pub(crate) fn private_dir(path: &Path) -> Result<(), PlacesError> {
    make(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Places {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        Places::from_variables(|name| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.into())).unwrap()
    }

    #[test]
    fn quoth_home_puts_everything_under_one_folder() {
        let home = std::path::absolute("some-home").unwrap();
        assert_eq!(with(&[("QUOTH_HOME", "some-home"), ("XDG_RUNTIME_DIR", "/run/x")]), Places::under(&home));
    }

    #[test]
    fn an_empty_quoth_home_counts_as_unset() {
        assert_eq!(with(&[("QUOTH_HOME", "")]), with(&[]));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_names_its_folders_quoth_and_uses_the_session_folder() {
        let places = with(&[("XDG_RUNTIME_DIR", "/run/user/4711")]);
        assert_eq!(places.runtime_dir, Path::new("/run/user/4711/quoth"));
        for dir in [&places.config_dir, &places.data_dir, &places.log_dir] {
            assert!(dir.ends_with("quoth"), "{}", dir.display());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_relative_session_folder_is_not_believed() {
        assert_ne!(with(&[("XDG_RUNTIME_DIR", "run")]).runtime_dir, Path::new("run/quoth"));
    }

    #[test]
    fn prepare_makes_all_four_and_may_be_repeated() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(&home.path().join("new"));
        places.prepare().unwrap();
        places.prepare().unwrap();
        for dir in [&places.config_dir, &places.data_dir, &places.log_dir, &places.runtime_dir] {
            assert!(dir.is_dir(), "{}", dir.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_runtime_folder_is_closed_to_others_even_if_it_was_open() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        std::fs::create_dir(&places.runtime_dir).unwrap();
        std::fs::set_permissions(&places.runtime_dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        places.prepare().unwrap();
        let mode = std::fs::metadata(&places.runtime_dir).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[cfg(unix)]
    #[test]
    fn a_runtime_folder_that_is_a_link_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        std::os::unix::fs::symlink(tempfile::tempdir().unwrap().path(), &places.runtime_dir).unwrap();
        let target = std::fs::read_link(&places.runtime_dir).unwrap();
        std::fs::create_dir(&target).unwrap();
        let refused = places.prepare().unwrap_err();
        std::fs::remove_dir(&target).unwrap();
        assert!(matches!(refused, PlacesError::NotPrivate { .. }), "{refused}");
    }
}
