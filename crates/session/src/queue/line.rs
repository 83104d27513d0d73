//! The turns of one session: what waits, what is worked on, and whether the session is free.

use super::{Kind, QueuedTurn, Status, TurnId};
use crate::{scope::ScopeKey, time::Tick};

/// One session's part of the queue. A turn stands in `waiting` until its work has begun, and then in `work`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) waiting: Vec<QueuedTurn>,
    pub(super) pending: Option<Pending>,
    pub(super) work: Vec<Work>,
    pub(super) hold: Option<Hold>,
    /// A worker was busy with something else: the next "it is processing" does not speak of our dispatch.
    pub(super) doubt: bool,
}

/// A dispatch that nobody has acknowledged yet. Its turn still waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) turn: TurnId,
    pub(super) until: Tick,
}

/// The session is busy with something that is not ours, or may be: it is asked, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) ask_at: Tick,
}

/// A turn that is worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) turn: QueuedTurn,
    pub(super) phase: Phase,
}

/// How far the work on a turn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Started,
    Ready,
    Delivering,
}

impl Line {
    /// Puts a turn in: an urgent one in front, any other behind. While others are paused it is paused too.
    pub(super) fn enqueue(&mut self, mut turn: QueuedTurn) {
        if self.is_paused() {
            turn.status = Status::Paused;
        }
        match turn.kind {
            Kind::Steer => self.waiting.insert(0, turn),
            Kind::Normal => self.waiting.push(turn),
        }
    }

    /// The turn to work on next: the first urgent one, else the first; none that is paused.
    pub(super) fn next(&self) -> Option<&QueuedTurn> {
        let mut queued = self.waiting.iter().filter(|turn| turn.status == Status::Queued);
        queued.clone().find(|turn| turn.kind == Kind::Steer).or_else(|| queued.next())
    }

    /// Makes a turn urgent and puts it in front; its status stays. Answers whether it is here.
    pub(super) fn promote(&mut self, id: TurnId) -> bool {
        let Some(mut turn) = self.take(id) else { return false };
        turn.kind = Kind::Steer;
        self.waiting.insert(0, turn);
        true
    }

    /// Takes a waiting turn out.
    pub(super) fn take(&mut self, id: TurnId) -> Option<QueuedTurn> {
        let index = self.waiting.iter().position(|turn| turn.id == id)?;
        Some(self.waiting.remove(index))
    }

    /// Takes a turn out that is worked on.
    pub(super) fn take_work(&mut self, id: TurnId) -> Option<Work> {
        let index = self.work.iter().position(|work| work.turn.id == id)?;
        Some(self.work.remove(index))
    }

    /// A turn's work has begun: it waits no longer. Only for one that was dispatched.
    pub(super) fn adopt(&mut self, id: TurnId) -> bool {
        let dispatched = |turn: &QueuedTurn| turn.id == id && turn.dispatched_at.is_some();
        if !self.waiting.iter().any(dispatched) {
            return false;
        }
        self.release(id);
        self.hold = None;
        let begun = self.take(id).map(|turn| Work { turn, phase: Phase::Started });
        self.work.extend(begun);
        true
    }

    /// Gives up the unacknowledged dispatch of this turn, if there is one.
    pub(super) fn release(&mut self, id: TurnId) -> bool {
        let released = self.pending.is_some_and(|pending| pending.turn == id);
        if released {
            self.pending = None;
        }
        released
    }

    /// Sets the status of every waiting turn; answers whether any changed. Pausing takes dispatches back: their turns
    /// come out in `withdrawn`.
    pub(super) fn set_status(&mut self, status: Status, withdrawn: &mut Vec<TurnId>) -> bool {
        let mut changed = false;
        for turn in &mut self.waiting {
            changed |= turn.status != status;
            turn.status = status;
            if status == Status::Paused && turn.dispatched_at.take().is_some() {
                withdrawn.push(turn.id);
            }
        }
        if status == Status::Paused {
            self.pending = None;
        }
        changed
    }

    /// Whether any waiting turn is paused.
    pub(super) fn is_paused(&self) -> bool {
        self.waiting.iter().any(|turn| turn.status == Status::Paused)
    }

    /// Whether a turn could be given to a worker now.
    pub(super) fn is_free(&self) -> bool {
        self.pending.is_none() && self.work.is_empty() && self.hold.is_none()
    }

    /// Whether there is nothing to remember.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.is_free()
    }

    /// The rank of this line in the order of delivery: that of its oldest turn that is not paused. So a turn that was
    /// put before an older one takes its place, and no two lines can wait for one another.
    pub(super) fn rank(&self) -> Option<u64> {
        let queued = self.waiting.iter().filter(|turn| turn.status == Status::Queued);
        queued.chain(self.work.iter().map(|work| &work.turn)).map(|turn| turn.created).min()
    }

    /// Takes in another line, behind this one, under the name `session`. Where both have a dispatch under way, the
    /// other's is let go of: its turn still waits, and is adopted if it did start.
    pub(super) fn absorb(&mut self, other: Self, session: &ScopeKey) {
        let named = |mut turn: QueuedTurn| {
            turn.session = session.clone();
            turn
        };
        self.waiting.extend(other.waiting.into_iter().map(named));
        self.work.extend(other.work.into_iter().map(|work| Work { turn: named(work.turn), ..work }));
        self.pending = self.pending.or(other.pending);
        self.hold = self.hold.or(other.hold);
        self.doubt |= other.doubt;
    }
}
