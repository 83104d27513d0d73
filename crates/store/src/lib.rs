//! Memory: owners, projects and every dictation, in one SQLite file.
//!
//! [`Store::open`] opens it. [`Store::record`] writes down what the sessions say as it happens, each [`Fact`] in a
//! transaction of its own: what it answered for is on disk. A bad owner, project, engine or style never breaks a
//! dictation; it is resolved to a valid one, and what was asked for is kept beside it.
//!
//! [`Fact`]: quoth_session::effect::Fact
//!
//! Invariant: foreign keys are enforced on every connection; one that can't is not used.
//! Invariant: what the user said or wrote is never overwritten: doing it again and editing add versions.
//! Invariant: no text is logged.
//!
//! Queries are checked when they are compiled, against `.sqlx/`, which `prepare.sh` writes.

mod begin;
mod error;
mod files;
mod numbers;
mod open;
mod owner;
mod page;
mod place;
mod queue;
mod record;
mod record_text;
mod repair;
mod script;
mod search;
mod start;
mod statistics;
mod take;
mod trash;
mod versions;
mod whole;
mod wording;

pub use error::{OpenError, StoreError};
pub use open::{Run, Store};
pub use owner::{OwnerChoice, OwnerSource, OwnerWishes, choose_owner};
pub use page::{Card, Cursor, Filter, Page};
pub use place::DEFAULT_PROJECT;
pub use record::Recorded;
pub use repair::Repair;
pub use search::{Hit, Piece};
pub use start::Recovery;
pub use statistics::{Calendar, Statistics, Tally};
pub use take::NewTake;
pub use whole::{Attempt, Stage, TakeCard, Turn, Version, VersionId, WholeSession};
pub use wording::VersionKind;
