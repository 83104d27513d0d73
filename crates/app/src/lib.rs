//! What Quoth does without a window: where its files are, its settings, the private socket by which a second
//! start and the command line reach the running app, its logs, and what it must tell the user.
//!
//! Architecture invariant: nothing here knows Tauri. The shell in `src-tauri` calls this crate and is never
//! called by it except through the traits it hands over ([`control::Answers`]).
//!
//! Architecture invariant: no text that somebody dictated reaches a log line, an argument or a diagnosis.

pub mod about;
pub mod command_line;
pub mod control;
pub mod failure;
pub mod logs;
pub mod notice;
pub mod places;
pub mod settings;
