//! Turns that were recorded earlier and are worked on again: they share the one engine with the live ones, and wait for it.
//!
//! The [`Queue`] knows their order and when they are paused; here is only when the engine has time for them, and that a
//! cancel can be taken back.

use super::{Answer, Refusal, Reply, Sessions};
use crate::{
    effect::Effect,
    ids::Token,
    limits,
    queue::{NewTurn, Queue, QueueEffect, QueueInput, Queued, QueuedTurn, SavedTurn, Settled, TurnId},
    state::{Cancel, Outcome, State},
    time::Now,
};

/// Queued turns between the queue, which has given them out, and the engine.
#[derive(Debug, Default)]
pub(super) struct Redoing {
    pub(super) queue: Queue,
    /// Given out by the queue; the engine has no time for them yet.
    waiting: Vec<QueuedTurn>,
    /// The one that has the engine.
    at_work: Option<QueuedTurn>,
}

impl Sessions {
    /// Takes in the queue as it was saved by an earlier run. Everything in it is paused: old speech is never pasted by
    /// itself. Answers how many turns wait, paused.
    pub fn load_queue(&mut self, rows: Vec<SavedTurn>, now: Now) -> usize {
        let (queue, _) = Queue::load(rows, now);
        self.redoing = Redoing { queue, ..Redoing::default() };
        self.redoing.queue.paused()
    }

    /// The queue, to look at.
    pub fn queue(&self) -> &Queue {
        &self.redoing.queue
    }

    pub(super) fn queue_input(&mut self, input: QueueInput, now: Now) -> Answer {
        let ended = match &input {
            QueueInput::Ready(id) | QueueInput::Settled { turn: Some(id), .. } => Some(*id),
            _ => None,
        };
        let done = self.redoing.queue.handle(input, now).map_err(Refusal::Queue)?;
        if let Some(id) = ended {
            self.redoing.waiting.retain(|turn| turn.id != id);
            self.redoing.at_work.take_if(|turn| turn.id == id);
        }
        Ok(if done == Queued::Late { Reply::Late } else { Reply::Done })
    }

    /// The user takes a cancel back, in time: what was said is worked on after all, before anything else that waits. Its
    /// text goes to the clipboard, not into a window, because that moment is over.
    pub(super) fn undo_cancel(&mut self, token: Token, turn: NewTurn, now: Now) -> Answer {
        let session = self.by_token.get(&token).ok_or(Refusal::NotFound)?;
        let from = session.state();
        let in_time = session.ended.is_some_and(|ended| now.tick.since(ended) <= limits::UNDO_CANCEL);
        if from != State::Ended(Outcome::Cancelled(Cancel::User)) || !in_time {
            return Err(Refusal::InvalidState { from, action: "have its cancel taken back" });
        }
        let key = turn.session.clone();
        self.redoing.queue.handle(QueueInput::Enqueue(turn), now).map_err(Refusal::Queue)?;
        self.queue_input(QueueInput::Resume(key), now)
    }

    /// A session's own work ended: its line in the queue goes on, or is paused by a cancel.
    pub(super) fn tell_queue(&mut self, token: Token, outcome: Outcome, now: Now) {
        let Some(session) = self.by_token.get(&token).map(|session| session.scope.key()) else { return };
        let how = match outcome {
            Outcome::Cancelled(_) => Settled::Aborted,
            Outcome::Failed(_) => Settled::Error,
            _ => Settled::Complete,
        };
        let settled = QueueInput::Settled { session, turn: None, was: None, how };
        // Nothing to refuse: it names no turn.
        let _ = self.redoing.queue.handle(settled, now);
    }

    /// Carries the queue's wishes on, and gives the engine to a queued turn while no live one needs it.
    pub(super) fn redo(&mut self, now: Now) {
        while let Some(effect) = self.redoing.queue.poll_effect() {
            self.queue_effect(effect, now);
        }
        if self.hearing.is_some() {
            // Somebody speaks, or waits for what they said: old work steps aside and comes again.
            if let Some(turn) = self.redoing.at_work.take() {
                self.effect(Effect::AbortRedo(turn.id));
                self.redoing.waiting.insert(0, turn);
            }
            return;
        }
        if self.redoing.at_work.is_some() || self.redoing.waiting.is_empty() || self.quitting.is_some() {
            return;
        }
        let turn = self.redoing.waiting.remove(0);
        let _ = self.redoing.queue.handle(QueueInput::Started(turn.id), now);
        self.effect(Effect::Redo(turn.clone()));
        self.redoing.at_work = Some(turn);
        while let Some(effect) = self.redoing.queue.poll_effect() {
            self.queue_effect(effect, now);
        }
    }

    fn queue_effect(&mut self, effect: QueueEffect, now: Now) {
        match effect {
            QueueEffect::Dispatch(turn) => {
                if self.redoing.waiting.iter().chain(&self.redoing.at_work).all(|known| known.id != turn.id) {
                    self.redoing.waiting.push(turn);
                }
            }
            QueueEffect::Withdraw(id) => self.withdraw(id),
            QueueEffect::AskProcessing(session) => {
                let live = self.live.iter().filter_map(|token| self.by_token.get(token));
                let processing =
                    live.into_iter().any(|each| each.scope.key() == session && each.state().is_busy());
                let _ = self.redoing.queue.handle(QueueInput::Processing { session, processing }, now);
            }
            told @ (QueueEffect::MarkDelivered(..)
            | QueueEffect::Deliver(_)
            | QueueEffect::GaveUp(_)
            | QueueEffect::Changed(_)) => self.effect(Effect::Queue(told)),
        }
    }

    fn withdraw(&mut self, id: TurnId) {
        self.redoing.waiting.retain(|turn| turn.id != id);
        if self.redoing.at_work.take_if(|turn| turn.id == id).is_some() {
            self.effect(Effect::AbortRedo(id));
        }
    }
}
