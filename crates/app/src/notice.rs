//! What the user must be told, kept until it is dismissed.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use specta::Type;
use tokio::sync::watch;

use crate::settings::SettingsProblem;

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    /// Good to know.
    Info,
    /// Something is not as the user wants it.
    Warning,
    /// Something failed.
    Error,
}

/// One thing the user must be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Notice {
    /// Grows by one with each notice; never used twice while the app runs.
    #[specta(type = u32)]
    pub id: u64,
    /// What it is about, stable: `panic`, `settings_wrong_value`, ...
    pub code: String,
    /// How much it matters.
    pub level: NoticeLevel,
    /// What happened and what to do, for people.
    pub message: String,
    /// When, in milliseconds since 1970 (UTC). Exact in a JavaScript number for ever that matters.
    #[specta(type = u32)]
    pub at: u64,
}

/// All notices not yet dismissed. Clones share them.
#[derive(Debug, Clone)]
pub struct Notices {
    shared: Arc<watch::Sender<Board>>,
}

/// The notices that stand, oldest first, and the number the next one gets.
#[derive(Debug, Clone, Default)]
pub struct Board {
    notices: Vec<Notice>,
    last_id: u64,
    /// The problems of the settings as last told, so that one the user dismissed is not told again.
    told: Vec<SettingsProblem>,
}

impl Board {
    /// The notices that stand, oldest first.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    fn add(&mut self, code: &str, level: NoticeLevel, message: String) -> bool {
        if self.notices.iter().any(|known| known.code == code && known.message == message) {
            return false;
        }
        self.last_id += 1;
        self.notices.push(Notice { id: self.last_id, code: code.to_owned(), level, message, at: now() });
        true
    }
}

impl Default for Notices {
    fn default() -> Self {
        Self { shared: Arc::new(watch::Sender::new(Board::default())) }
    }
}

impl Notices {
    /// Nothing to tell yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the user. The same code with the same message is not repeated while the first still stands.
    pub fn tell(&self, code: &str, level: NoticeLevel, message: impl Into<String>) {
        let message = message.into();
        self.shared.send_if_modified(|board| board.add(code, level, message));
    }

    /// Takes a notice away; an unknown id changes nothing. Answers what still stands.
    pub fn dismiss(&self, id: u64) -> Vec<Notice> {
        self.shared.send_if_modified(|board| {
            let before = board.notices.len();
            board.notices.retain(|notice| notice.id != id);
            board.notices.len() != before
        });
        self.list()
    }

    /// What stands, oldest first.
    pub fn list(&self) -> Vec<Notice> {
        self.shared.borrow().notices.clone()
    }

    /// Makes the notices about settings agree with these problems: what was mended goes, what is new comes,
    /// what the user has seen keeps its id.
    pub fn reflect_settings(&self, problems: &[SettingsProblem]) {
        self.shared.send_if_modified(|board| {
            let before = board.notices.len();
            board.notices.retain(|notice| {
                !notice.code.starts_with("settings_")
                    || problems.iter().any(|p| p.kind.code() == notice.code && p.message == notice.message)
            });
            let mut changed = board.notices.len() != before;
            for problem in problems.iter().filter(|problem| !board.told.contains(problem)).collect::<Vec<_>>()
            {
                changed |= board.add(problem.kind.code(), NoticeLevel::Warning, problem.message.clone());
            }
            board.told = problems.to_vec();
            changed
        });
    }

    /// A channel that always holds what stands now and wakes on every change.
    pub fn subscribe(&self) -> watch::Receiver<Board> {
        self.shared.subscribe()
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ProblemKind;

    fn problem(message: &str) -> SettingsProblem {
        SettingsProblem { kind: ProblemKind::WrongValue, key: None, line: None, message: message.into() }
    }

    #[test]
    fn the_same_notice_is_not_repeated_while_it_stands() {
        let notices = Notices::new();
        notices.tell("a", NoticeLevel::Info, "x");
        notices.tell("a", NoticeLevel::Info, "x");
        notices.tell("a", NoticeLevel::Info, "y");
        assert_eq!(notices.list().iter().map(|n| n.id).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn ids_are_not_used_again_after_a_dismissal() {
        let notices = Notices::new();
        notices.tell("a", NoticeLevel::Info, "x");
        assert!(notices.dismiss(1).is_empty());
        notices.tell("a", NoticeLevel::Info, "x");
        assert_eq!(notices.list()[0].id, 2);
    }

    #[test]
    fn subscribers_wake_on_a_change_and_only_then() {
        let notices = Notices::new();
        let mut seen = notices.subscribe();
        notices.tell("a", NoticeLevel::Info, "x");
        assert!(seen.has_changed().unwrap());
        assert_eq!(seen.borrow_and_update().notices().len(), 1);
        notices.tell("a", NoticeLevel::Info, "x");
        notices.dismiss(99);
        assert!(!seen.has_changed().unwrap());
    }

    #[test]
    fn mended_settings_take_their_notice_away_and_leave_the_others() {
        let notices = Notices::new();
        notices.tell("panic", NoticeLevel::Error, "p");
        notices.reflect_settings(&[problem("one"), problem("two")]);
        notices.reflect_settings(&[problem("two"), problem("three")]);
        let left: Vec<_> = notices.list().into_iter().map(|n| (n.id, n.message)).collect();
        assert_eq!(left, [(1, "p".into()), (3, "two".into()), (4, "three".into())]);
    }

    #[test]
    fn a_dismissed_settings_notice_comes_back_only_after_it_was_mended_and_broken_again() {
        let notices = Notices::new();
        notices.reflect_settings(&[problem("one")]);
        notices.dismiss(1);
        notices.reflect_settings(&[problem("one")]);
        assert_eq!(notices.list(), []);
        notices.reflect_settings(&[]);
        notices.reflect_settings(&[problem("one")]);
        assert_eq!(notices.list().len(), 1);
    }
}
