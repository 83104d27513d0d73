//! The fake hands: a clipboard, a window that reads it, and the honest ledger between them.

use std::collections::BTreeMap;

use crate::{
    clipboard::{ClipboardLedger, Found, Generation, Plan, Saved, Seen, Settlement},
    input::Work,
    limits,
    time::Tick,
};

/// What lies on the fake clipboard; nothing for an empty one.
pub type Clipboard = Option<String>;

/// A clipboard, its ledger, and what was pasted.
#[derive(Debug, Default)]
pub struct Hands {
    /// What lies on the clipboard.
    pub clipboard: Clipboard,
    /// How often something was injected.
    pub injections: Vec<(Tick, Work, String)>,
    /// Injections report nothing.
    pub silent: bool,
    ledger: ClipboardLedger<Clipboard, String>,
    under_way: BTreeMap<Work, (Generation, String)>,
}

impl Hands {
    /// A clipboard that holds something of the user's.
    pub fn holding(content: &str) -> Self {
        Self { clipboard: Some(content.to_owned()), ..Self::default() }
    }

    /// Backs the clipboard up and puts `text` onto it. False where the ledger would not.
    pub(super) fn write(&mut self, work: Work, text: &str, now: Tick) -> bool {
        let seen = self.seen();
        let (generation, _) = self.ledger.begin(&seen, now);
        let found = match &self.clipboard {
            None => Found::Empty,
            Some(content) => Found::Whole { backup: self.clipboard.clone(), content: content.clone() },
        };
        let plan = self.ledger.backed_up(generation, found, true, now);
        if matches!(plan, Some(Plan::Type)) || !self.ledger.may_write(generation, &seen) {
            return false;
        }
        self.clipboard = Some(text.to_owned());
        self.ledger.wrote(generation, text.to_owned(), now);
        self.under_way.insert(work, (generation, text.to_owned()));
        true
    }

    /// The window takes what lies on the clipboard.
    pub(super) fn inject(&mut self, work: Work, now: Tick) {
        let pasted = self.clipboard.clone().unwrap_or_default();
        self.injections.push((now, work, pasted));
    }

    /// The window has had its time: the clipboard may be put back.
    pub(super) fn done(&mut self, work: Work, now: Tick) {
        if let Some((generation, _)) = self.under_way.remove(&work) {
            self.ledger.pasted(generation, limits::CLIPBOARD_RESTORE, now);
        }
    }

    /// Nothing is injected after all.
    pub(super) fn withdraw(&mut self, work: Work, now: Tick) {
        if let Some((generation, _)) = self.under_way.remove(&work) {
            self.ledger.withdrawn(generation, now);
            self.pass(now);
        }
    }

    /// The text stays on the clipboard for the user.
    pub(super) fn leave(&mut self, text: &str) {
        self.clipboard = Some(text.to_owned());
    }

    pub(super) fn next(&self) -> Option<Tick> {
        self.ledger.poll_timeout()
    }

    /// Lets the ledger put back what it owes by now.
    pub(super) fn pass(&mut self, now: Tick) {
        let Some(generation) = self.ledger.handle_timeout(now) else { return };
        let seen = self.seen();
        if let Some(Settlement::Restore(saved)) = self.ledger.looked(generation, &seen) {
            self.clipboard = match saved {
                Saved::Empty => None,
                Saved::Backup(content) => content,
            };
            self.ledger.restored(generation);
        }
    }

    fn seen(&self) -> Seen<String> {
        self.clipboard.clone().map_or(Seen::Empty, Seen::Content)
    }
}
