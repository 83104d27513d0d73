//! The queue of recorded turns that wait for work: recognise, correct, put through a template.
//!
//! Each session has a line of its own and one turn at a time is worked on in it; urgent turns go first. A turn stays in
//! the queue until a worker says that it has begun, and in the saved queue until its work has ended, so that work is
//! done at least once. Words go out exactly once: a turn is marked delivered, in the store, before its words are handed
//! to the delivery, and a turn so marked is never taken in again. Deliveries go out one at a time, in the order the
//! turns came in, across all sessions; a turn that was put before an older one of its session takes its place.
//!
//! A cancel pauses its session's line until the user resumes it, and after a restart everything is paused.
//!
//! ```text
//! Queue::handle(QueueInput, now) -> Queued     what happened
//! Queue::poll_effect()                         what is to be done
//! Queue::poll_timeout() / handle_timeout(now)  when to come back
//! ```

mod line;
mod machine;
mod saved;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_order;
#[cfg(test)]
mod tests_restart;
mod turn;

pub use machine::Queue;
pub use saved::{Dropped, Loaded, SavedTurn};
pub use turn::{Job, Kind, NewTurn, QueuedTurn, RecordingId, Status, TurnId, What};

use crate::{scope::ScopeKey, time::Wall};

/// What happens to the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueInput {
    /// A turn comes in. It is worked on at once if its session is free and nothing stands before it.
    Enqueue(NewTurn),
    /// The user wants this one next.
    Promote(TurnId),
    /// The user does not want this one. Only what waits can be removed; what is worked on is cancelled.
    Remove(TurnId),
    /// What waits in a session is to wait on.
    Pause(ScopeKey),
    /// What waits in a session may be worked on.
    Resume(ScopeKey),
    /// A worker has begun with a turn.
    Started(TurnId),
    /// A worker has not taken a turn, because the session is busy with something else.
    Refused(TurnId),
    /// A turn's words are there.
    Ready(TurnId),
    /// Work in a session has ended.
    Settled {
        /// Which session.
        session: ScopeKey,
        /// The queue's turn that it was; nothing for work that did not come from the queue.
        turn: Option<TurnId>,
        /// The name the session went by when the work began.
        was: Option<ScopeKey>,
        /// How it ended.
        how: Settled,
    },
    /// Whether something is going on in a session: the answer to [`QueueEffect::AskProcessing`], or news.
    Processing {
        /// Which session.
        session: ScopeKey,
        /// Whether it is busy.
        processing: bool,
    },
    /// A session that had a temporary name got its own.
    Reconcile {
        /// The temporary name.
        from: ScopeKey,
        /// Its own.
        to: ScopeKey,
    },
}

/// How work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Settled {
    /// It is done, and delivered where there was something to deliver.
    Complete,
    /// It failed; what there is stands in the history.
    Error,
    /// The user cancelled it: what waits behind it is paused.
    Aborted,
}

/// What an input did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queued {
    /// It changed something.
    Changed,
    /// Nothing needed to change.
    Unchanged,
    /// It spoke of what is no longer so; it changed nothing and was counted.
    Late,
}

/// What the queue wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueEffect {
    /// Give this turn to a worker, which answers Started or Refused. The same turn may come again: work on it is
    /// wanted at least once.
    Dispatch(QueuedTurn),
    /// Take a turn back from its worker; nothing of it is wanted any more for now.
    Withdraw(TurnId),
    /// Say whether something is going on in this session.
    AskProcessing(ScopeKey),
    /// Store that the turn's words went out. Always right before the [`QueueEffect::Deliver`] of the same turn, and to
    /// be done before it.
    MarkDelivered(TurnId, Wall),
    /// Hand the turn's words to the delivery; it ends with [`QueueInput::Settled`].
    Deliver(TurnId),
    /// A delivery did not report in time: what became of the words is not known.
    GaveUp(TurnId),
    /// A session's line changed: store it and tell the windows.
    Changed(ScopeKey),
}

/// Why a turn was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// There is nothing to work on.
    #[error("queued turn {} has neither recording nor words", .0.0)]
    Blank(TurnId),
    /// It belongs to no session.
    #[error("queued turn {} belongs to no session", .0.0)]
    NoSession(TurnId),
    /// It is in the queue already.
    #[error("queued turn {} is in the queue already", .0.0)]
    Twice(TurnId),
    /// Its words went out already; doing it again takes a new turn.
    #[error("the words of turn {} were delivered already; queue a new turn to do it again", .0.0)]
    Delivered(TurnId),
}
