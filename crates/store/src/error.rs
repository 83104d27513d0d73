//! What can go wrong, and what to do about it.

use std::path::PathBuf;

/// Why the memory can't be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A later Quoth wrote it.
    #[error(
        "the history at {} was written by a newer Quoth (its version is {found}, this one knows {known}); \
         install that version again, or move the file away to start anew",
        path.display()
    )]
    Newer {
        /// Where it is.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The latest version known here.
        known: i64,
    },
    /// The folder or the file can't be made or protected.
    #[error("cannot prepare {} for the history: {source}; check that the folder may be written to", path.display())]
    Files {
        /// Which of them.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The schema could not be brought up to date.
    #[error("cannot bring the history at {} up to date: {source}; it is as it was before", path.display())]
    Migration {
        /// Where it is.
        path: PathBuf,
        /// What failed.
        source: sqlx::migrate::MigrateError,
    },
    /// SQLite can't open or read it.
    #[error("cannot open the history at {}: {source}", path.display())]
    Database {
        /// Where it is.
        path: PathBuf,
        /// What failed.
        source: sqlx::Error,
    },
}

/// Why something was not stored or found. The dictation goes on.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or it belongs to somebody else: that is not told apart.
    #[error("there is no such {what} in the history")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// A reference to a row that is not there, after it was resolved twice.
    #[error(
        "{table}.{column} refers to a row that does not exist, also after resolving it again; keep the record and retry"
    )]
    ForeignKey {
        /// The table that was written to.
        table: &'static str,
        /// Its column.
        column: &'static str,
    },
    /// What is stored can't be understood.
    #[error("{table}.{column} holds something unreadable: {value:?}")]
    Unreadable {
        /// In which table.
        table: &'static str,
        /// In which column.
        column: &'static str,
        /// What it says.
        value: String,
    },
    /// SQLite refuses: locked for too long, disk full, read-only, damaged. Keep the record and retry.
    #[error("the history cannot be read or written: {0}")]
    Database(#[from] sqlx::Error),
}
