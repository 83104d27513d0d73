//! A log file that never grows beyond its limit by more than a line.
//!
//! Written here since the crates for it panic or lose lines when the disk misbehaves, and a log that panics while
//! it writes down a panic ends the process.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The one being written and two older ones.
const FILES: u32 = 3;

#[derive(Debug)]
pub(super) struct RollingFile {
    path: PathBuf,
    /// `None` after a failure to open; the next write tries again.
    file: Option<File>,
    written: u64,
    limit: u64,
}

impl RollingFile {
    /// Goes on with the file that is there.
    pub(super) fn open(path: &Path, limit: u64) -> io::Result<Self> {
        let mut rolling = Self { path: path.to_owned(), file: None, written: 0, limit };
        rolling.reopen()?;
        Ok(rolling)
    }

    pub(super) fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    fn reopen(&mut self) -> io::Result<&mut File> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.path)?;
        self.written = file.metadata()?.len();
        Ok(self.file.insert(file))
    }

    /// quoth.log becomes quoth.1.log, that becomes quoth.2.log, and what that was goes.
    fn roll(&mut self) {
        // Windows renames no open file.
        self.file = None;
        for older in (1..FILES).rev() {
            // The first times there are no older ones; a failure leaves us with the file there is.
            let _ = fs::rename(self.part(older - 1), self.part(older));
        }
    }

    fn part(&self, number: u32) -> PathBuf {
        if number == 0 {
            return self.path.clone();
        }
        let mut name = OsString::from(self.path.file_stem().unwrap_or_default());
        name.push(format!(".{number}.log"));
        self.path.with_file_name(name)
    }
}

impl Write for RollingFile {
    /// Takes a whole line or nothing: a line never lies in two files.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let after = self.written.saturating_add(line.len() as u64);
        if after > self.limit && self.written > 0 {
            self.roll();
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.reopen()?,
        };
        file.write_all(line)?;
        self.written += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}
