//! Who is owed the clipboard: a ledger of what was on it before us, and of whether that may be put back.
//!
//! A paste borrows the clipboard. What the user had there is backed up, our text is written, the paste keys are sent,
//! and a while later the backup goes back, because slow programs read late. In that while the user may copy something,
//! or the next dictation may borrow again. Three rules keep what is the user's:
//!
//! - The earliest backup that was not put back yet is the one that counts; text of ours is never backed up over it.
//! - Nothing is put back over anything but our own text.
//! - Whatever a delivery comes to, even silence, the debt is looked at again.
//!
//! The ledger holds no content. `B` names a backup that the driver keeps, `C` says which content was seen (a change count
//! or a hash). One driver works through one delivery at a time:
//! [`begin`](ClipboardLedger::begin), [`backed_up`](ClipboardLedger::backed_up) if asked for,
//! [`may_write`](ClipboardLedger::may_write), [`wrote`](ClipboardLedger::wrote), then one of [`pasted`](ClipboardLedger::pasted),
//! [`left_to_user`](ClipboardLedger::left_to_user), [`withdrawn`](ClipboardLedger::withdrawn). When the timeout falls
//! due: [`looked`](ClipboardLedger::looked), then [`restored`](ClipboardLedger::restored). What a later delivery has
//! overtaken is recognised by its [`Generation`] and changes nothing.

use std::collections::VecDeque;

use crate::{
    limits::{AFTER_PASTE, CLIPBOARD_RESTORE, DELIVERY},
    time::{Millis, Tick},
};

/// Which borrowing of the clipboard. A later one voids the timers and reports of all before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Generation(u64);

/// What is on the clipboard now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen<C> {
    /// Nothing.
    Empty,
    /// This.
    Content(C),
    /// It could not be looked at.
    Unreadable,
}

/// Whether the clipboard has to be backed up before it is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It holds what may be the user's.
    Backup,
    /// It holds our own text of an earlier delivery; the backup from before that still counts.
    Nothing,
}

/// How the backup went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<B, C> {
    /// There was nothing; putting back means to empty it again.
    Empty,
    /// Every format was copied.
    Whole {
        /// The copy.
        backup: B,
        /// Of this.
        content: C,
    },
    /// Some formats can't be copied: what would be put back would be less than what was there.
    Partial,
    /// It could not be read.
    Unreadable,
}

/// How to bring the text into its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Through the clipboard, which will be put back.
    Paste,
    /// Through the clipboard, which can't be put back: tell the user so.
    PasteForGood(Loss),
    /// By typing, so that the clipboard stays as it is. Nothing more is to be reported here.
    Type,
}

/// Why the clipboard can't be put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Loss {
    /// It held formats that can't be copied.
    #[error("the clipboard held something that can't be copied, so it was not put back")]
    Partial,
    /// It could not be read.
    #[error("the clipboard could not be read, so it was not put back")]
    Unreadable,
}

/// What was on the clipboard before us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved<B> {
    /// Nothing.
    Empty,
    /// This backup.
    Backup(B),
}

/// What to do about the debt, after a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement<B> {
    /// Put this back, then say [`ClipboardLedger::restored`]. If it can't be done, say nothing: it is tried again.
    Restore(Saved<B>),
    /// Our text is gone already: whoever replaced it keeps what they put there.
    Leave,
}

#[derive(Debug, Clone)]
struct Owed<B, C> {
    saved: Saved<B>,
    /// Our text, over which the backup may be put.
    ours: C,
}

/// A backup made for a delivery that has not written yet.
#[derive(Debug, Clone)]
struct Backup<B, C> {
    saved: Saved<B>,
    /// What it is of.
    of: Seen<C>,
}

#[derive(Debug, Clone)]
enum Stage<B, C> {
    Rest,
    /// A delivery gets ready; nothing was written for it yet.
    Preparing {
        gives_up: Tick,
        /// When the debt of an earlier delivery was due; it will be again if this one comes to nothing.
        was_due: Tick,
        backup: Option<Backup<B, C>>,
    },
    /// Our text is on the clipboard, and the paste keys may have been sent.
    Written {
        gives_up: Tick,
    },
    Due {
        at: Tick,
    },
    /// The driver looks, or puts back.
    Settling {
        again: Tick,
    },
}

/// The ledger. See the module's text.
#[derive(Debug, Clone)]
pub struct ClipboardLedger<B, C> {
    generation: Generation,
    owed: Option<Owed<B, C>>,
    stage: Stage<B, C>,
    forgotten: VecDeque<B>,
}

impl<B, C> Default for ClipboardLedger<B, C> {
    fn default() -> Self {
        Self { generation: Generation::default(), owed: None, stage: Stage::Rest, forgotten: VecDeque::new() }
    }
}

impl<B: Clone, C: Clone + PartialEq> ClipboardLedger<B, C> {
    /// A delivery wants the clipboard, which was `seen` to hold this. Voids every older timer.
    pub fn begin(&mut self, seen: &Seen<C>, now: Tick) -> (Generation, Need) {
        self.generation.0 += 1;
        let was_due = match std::mem::replace(&mut self.stage, Stage::Rest) {
            Stage::Due { at } => at,
            Stage::Preparing { was_due, backup, .. } => {
                self.forget(backup.map(|backup| backup.saved));
                was_due
            }
            // The earlier text may still be read by its window.
            Stage::Written { .. } => now + CLIPBOARD_RESTORE,
            Stage::Settling { .. } | Stage::Rest => now,
        };
        let need = match (&self.owed, seen) {
            (Some(owed), Seen::Content(content)) if *content == owed.ours => Need::Nothing,
            (Some(_), Seen::Unreadable) | (None, _) => Need::Backup,
            (Some(_), Seen::Content(_) | Seen::Empty) => {
                self.forgive();
                Need::Backup
            }
        };
        self.stage = Stage::Preparing { gives_up: now + DELIVERY, was_due, backup: None };
        (self.generation, need)
    }

    /// The backup that was needed is made, or could not be. `can_type` says whether the text could be typed instead.
    /// Nothing if a later delivery has begun.
    pub fn backed_up(
        &mut self,
        of: Generation,
        found: Found<B, C>,
        can_type: bool,
        now: Tick,
    ) -> Option<Plan> {
        let Stage::Preparing { gives_up, was_due, backup: None } = self.stage else { return None };
        if of != self.generation {
            return None;
        }
        let (backup, loss) = match found {
            Found::Empty => (Some(Backup { saved: Saved::Empty, of: Seen::Empty }), None),
            Found::Whole { backup, content }
                if self.owed.as_ref().is_some_and(|owed| owed.ours == content) =>
            {
                // Our own text after all.
                self.forgotten.push_back(backup);
                return Some(Plan::Paste);
            }
            Found::Whole { backup, content } => {
                (Some(Backup { saved: Saved::Backup(backup), of: Seen::Content(content) }), None)
            }
            Found::Partial => (None, Some(Loss::Partial)),
            Found::Unreadable => (None, Some(Loss::Unreadable)),
        };
        // Whatever was found is not ours, unless it could not be read.
        if loss != Some(Loss::Unreadable) {
            self.forgive();
        }
        match loss {
            None => {
                self.stage = Stage::Preparing { gives_up, was_due, backup };
                Some(Plan::Paste)
            }
            Some(_) if can_type => {
                self.withdrawn(of, now);
                Some(Plan::Type)
            }
            Some(loss) => Some(Plan::PasteForGood(loss)),
        }
    }

    /// Whether the clipboard, looked at once more directly before writing, still holds what was planned for. If not, the
    /// user has just copied something: [`begin`](ClipboardLedger::begin) again, so that it is not lost.
    pub fn may_write(&self, of: Generation, seen: &Seen<C>) -> bool {
        let Stage::Preparing { backup, .. } = &self.stage else { return false };
        of == self.generation
            && match (backup, &self.owed, seen) {
                (Some(backup), _, seen) => backup.of == *seen,
                (None, Some(owed), Seen::Content(content)) => owed.ours == *content,
                (None, Some(_), Seen::Empty) => false,
                // Nothing can be put back here, and that is said.
                (None, None, _) | (None, Some(_), Seen::Unreadable) => true,
            }
    }

    /// Our text, `ours`, is on the clipboard. False if a later delivery has begun.
    pub fn wrote(&mut self, of: Generation, ours: C, now: Tick) -> bool {
        let Stage::Preparing { backup, .. } = &mut self.stage else { return false };
        if of != self.generation {
            return false;
        }
        match (backup.take(), &mut self.owed) {
            (Some(backup), owed) => *owed = Some(Owed { saved: backup.saved, ours }),
            // The earliest backup stands; it may be put over this text now.
            (None, Some(owed)) => owed.ours = ours,
            (None, None) => {}
        }
        self.stage = Stage::Written { gives_up: now + DELIVERY };
        true
    }

    /// The paste is done. The clipboard is put back `delay` after now, as the session's settings were at its begin; a
    /// delay of nothing is a delay. False if a later delivery has begun: then that one puts it back.
    pub fn pasted(&mut self, of: Generation, delay: Millis, now: Tick) -> bool {
        self.written(of) && {
            self.due(now + delay);
            true
        }
    }

    /// The text stays on the clipboard for the user to paste: nothing is put back. False if a later delivery has begun.
    pub fn left_to_user(&mut self, of: Generation) -> bool {
        self.written(of) && {
            self.forgive();
            self.stage = Stage::Rest;
            true
        }
    }

    /// The delivery came to nothing, and no window was told to read our text: the clipboard is put back at once, or when
    /// an earlier delivery's was due. False if a later delivery has begun.
    pub fn withdrawn(&mut self, of: Generation, now: Tick) -> bool {
        if of != self.generation {
            return false;
        }
        match std::mem::replace(&mut self.stage, Stage::Rest) {
            Stage::Preparing { was_due, backup, .. } => {
                self.forget(backup.map(|backup| backup.saved));
                self.due(was_due.max(now));
                true
            }
            Stage::Written { .. } => {
                self.due(now);
                true
            }
            other => {
                self.stage = other;
                false
            }
        }
    }

    /// The app is ending: what is owed is due as soon as a window that was just told to paste has had its moment.
    pub fn settle(&mut self, now: Tick) {
        let soon = now + AFTER_PASTE;
        match self.stage {
            Stage::Preparing { .. } => {
                self.withdrawn(self.generation, now);
                self.settle(now);
            }
            Stage::Written { .. } => self.due(soon),
            Stage::Due { at } => self.due(at.min(soon)),
            Stage::Rest | Stage::Settling { .. } => {}
        }
    }

    /// When to call [`ClipboardLedger::handle_timeout`].
    pub fn poll_timeout(&self) -> Option<Tick> {
        match self.stage {
            Stage::Rest => None,
            Stage::Preparing { gives_up, .. } | Stage::Written { gives_up } => Some(gives_up),
            Stage::Due { at } => Some(at),
            Stage::Settling { again } => Some(again),
        }
    }

    /// What is due at `now`: look at the clipboard and say what was [`looked`](ClipboardLedger::looked) at. A delivery that
    /// reported nothing in time is taken for withdrawn.
    pub fn handle_timeout(&mut self, now: Tick) -> Option<Generation> {
        if self.poll_timeout().is_none_or(|due| due > now) {
            return None;
        }
        self.withdrawn(self.generation, now);
        if !matches!(self.stage, Stage::Due { at } if at <= now)
            && !matches!(self.stage, Stage::Settling { .. })
        {
            return None;
        }
        self.stage = Stage::Settling { again: now + DELIVERY };
        Some(self.generation)
    }

    /// What the clipboard held when it was looked at for [`ClipboardLedger::handle_timeout`]. Nothing if a later delivery has
    /// begun.
    pub fn looked(&mut self, of: Generation, seen: &Seen<C>) -> Option<Settlement<B>> {
        if of != self.generation || !matches!(self.stage, Stage::Settling { .. }) {
            return None;
        }
        let owed = self.owed.as_ref()?;
        if matches!(seen, Seen::Content(content) if *content == owed.ours) {
            return Some(Settlement::Restore(owed.saved.clone()));
        }
        // What can't be read can't be known to be ours.
        self.forgive();
        self.stage = Stage::Rest;
        Some(Settlement::Leave)
    }

    /// The backup is back on the clipboard. False if a later delivery has begun meanwhile.
    pub fn restored(&mut self, of: Generation) -> bool {
        if of != self.generation || !matches!(self.stage, Stage::Settling { .. }) {
            return false;
        }
        self.forgive();
        self.stage = Stage::Rest;
        true
    }

    /// A backup that nobody will ask for again, so that its memory can go.
    pub fn poll_forgotten(&mut self) -> Option<B> {
        self.forgotten.pop_front()
    }

    /// Whether the user's clipboard is still to be put back.
    pub fn owes(&self) -> bool {
        self.owed.is_some()
    }

    fn written(&self, of: Generation) -> bool {
        of == self.generation && matches!(self.stage, Stage::Written { .. })
    }

    fn due(&mut self, at: Tick) {
        self.stage = if self.owed.is_some() { Stage::Due { at } } else { Stage::Rest };
    }

    /// Nothing is owed any more.
    fn forgive(&mut self) {
        let saved = self.owed.take().map(|owed| owed.saved);
        self.forget(saved);
    }

    fn forget(&mut self, saved: Option<Saved<B>>) {
        if let Some(Saved::Backup(backup)) = saved {
            self.forgotten.push_back(backup);
        }
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
