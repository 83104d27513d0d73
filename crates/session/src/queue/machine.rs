//! The rules: what each input does to the queue, and when its timers ring.

use std::collections::{BTreeMap, VecDeque};

use super::{
    NewTurn, QueueEffect, QueueError, QueueInput, Queued, QueuedTurn, Settled, Status, TurnId,
    line::{Hold, Line, Pending, Phase},
};
use crate::{
    limits,
    scope::ScopeKey,
    time::{Now, Tick},
};

/// All turns that wait for work or are worked on. See the [module](super).
#[derive(Debug, Clone, Default)]
pub struct Queue {
    pub(super) lines: BTreeMap<ScopeKey, Line>,
    pub(super) next_created: u64,
    pub(super) bootstrap: Option<Bootstrap>,
    slot: Slot,
    effects: VecDeque<QueueEffect>,
    late: u64,
}

/// After a restart, nothing is dispatched until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bootstrap {
    until: Tick,
}

impl Bootstrap {
    /// The wait that these lines call for: none where nothing waits.
    pub(super) fn of(lines: &BTreeMap<ScopeKey, Line>, now: Tick) -> Option<Self> {
        (!lines.is_empty()).then(|| Self { until: now + limits::QUEUE_BOOTSTRAP })
    }
}

/// The one delivery at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Slot {
    #[default]
    Free,
    Busy {
        turn: TurnId,
        since: Tick,
    },
    /// The last one may still have its clipboard out.
    Resting {
        until: Tick,
    },
}

impl Queue {
    /// Takes in what happened at `now`. An error changes nothing; a late message changes nothing and is counted.
    pub fn handle(&mut self, input: QueueInput, now: Now) -> Result<Queued, QueueError> {
        let done = match input {
            QueueInput::Enqueue(turn) => self.enqueue(turn, now)?,
            QueueInput::Promote(id) => self.in_waiting(id, |line| line.promote(id)),
            QueueInput::Remove(id) => self.remove(id),
            QueueInput::Pause(session) => self.set_status(&session, Status::Paused),
            QueueInput::Resume(session) => self.resume(&session),
            QueueInput::Started(id) => self.started(id),
            QueueInput::Refused(id) => self.refused(id, now.tick),
            QueueInput::Ready(id) => self.ready(id),
            QueueInput::Settled { session, turn, was, how } => {
                self.settled(session, turn, was.as_ref(), how, now.tick)
            }
            QueueInput::Processing { session, processing } => self.processing(&session, processing, now.tick),
            QueueInput::Reconcile { from, to } => self.reconcile(&from, &to),
        };
        if done == Queued::Late {
            self.late += 1;
        }
        self.go_on(now);
        Ok(done)
    }

    /// What is to be done next, in this order.
    pub fn poll_effect(&mut self) -> Option<QueueEffect> {
        self.effects.pop_front()
    }

    /// When [`Queue::handle_timeout`] is to be called at the latest.
    pub fn poll_timeout(&self) -> Option<Tick> {
        let slot = match self.slot {
            Slot::Free => None,
            Slot::Busy { since, .. } => Some(since + limits::DELIVERY),
            Slot::Resting { until } => Some(until),
        };
        let pending = self.lines.values().filter_map(|line| line.pending.map(|pending| pending.until));
        let asking = self.lines.values().filter_map(asks_at);
        let bootstrap = self.bootstrap.map(|bootstrap| bootstrap.until);
        pending.chain(asking).chain(slot).chain(bootstrap).min()
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Now) {
        let tick = now.tick;
        if self.bootstrap.is_some_and(|bootstrap| tick >= bootstrap.until) {
            self.bootstrap = None;
        }
        match self.slot {
            Slot::Resting { until } if tick >= until => self.slot = Slot::Free,
            Slot::Busy { turn, since } if tick.since(since) >= limits::DELIVERY => self.give_up(turn),
            _ => {}
        }
        for (session, line) in &mut self.lines {
            let unheard = line.pending.is_some_and(|pending| tick >= pending.until);
            if unheard {
                line.pending = None;
            }
            if unheard || asks_at(line).is_some_and(|at| tick >= at) {
                line.hold = Some(Hold { ask_at: tick + limits::DISPATCH_ACK });
                self.effects.push_back(QueueEffect::AskProcessing(session.clone()));
            }
        }
        self.go_on(now);
    }

    /// What waits in a session, in order. A turn whose dispatch nobody has acknowledged is still among it.
    pub fn waiting(&self, session: &ScopeKey) -> &[QueuedTurn] {
        self.lines.get(session).map_or(&[], |line| &line.waiting)
    }

    /// The sessions in which something waits.
    pub fn sessions(&self) -> impl Iterator<Item = &ScopeKey> {
        self.lines.iter().filter(|(_, line)| !line.waiting.is_empty()).map(|(session, _)| session)
    }

    /// The turn of a session that would be worked on next.
    pub fn next(&self, session: &ScopeKey) -> Option<&QueuedTurn> {
        self.lines.get(session)?.next()
    }

    /// How many turns wait paused, in all sessions.
    pub fn paused(&self) -> usize {
        let waiting = self.lines.values().flat_map(|line| &line.waiting);
        waiting.filter(|turn| turn.status == Status::Paused).count()
    }

    /// How many messages came too late to change anything.
    pub fn late(&self) -> u64 {
        self.late
    }

    pub(super) fn ask_everyone(&mut self) {
        self.effects.extend(self.lines.keys().cloned().map(QueueEffect::AskProcessing));
    }

    fn enqueue(&mut self, new: NewTurn, now: Now) -> Result<Queued, QueueError> {
        let NewTurn { id, session, what, job, kind, delivered_at } = new;
        if what.is_blank() {
            return Err(QueueError::Blank(id));
        }
        if session.session.is_empty() {
            return Err(QueueError::NoSession(id));
        }
        if delivered_at.is_some() {
            return Err(QueueError::Delivered(id));
        }
        if self.line_of(id).is_some() {
            return Err(QueueError::Twice(id));
        }
        let created = self.next_created;
        self.next_created += 1;
        self.lines.entry(session.clone()).or_default().enqueue(QueuedTurn {
            id,
            session: session.clone(),
            what,
            job,
            kind,
            status: Status::Queued,
            created_at: now.wall,
            dispatched_at: None,
            delivered_at: None,
            created,
        });
        Ok(self.changed(&session))
    }

    fn remove(&mut self, id: TurnId) -> Queued {
        let mut withdrawn = false;
        let done = self.in_waiting(id, |line| {
            let taken = line.take(id);
            withdrawn = taken.as_ref().is_some_and(|turn| turn.dispatched_at.is_some());
            line.release(id);
            taken.is_some()
        });
        if withdrawn {
            self.effects.push_back(QueueEffect::Withdraw(id));
        }
        done
    }

    fn set_status(&mut self, session: &ScopeKey, status: Status) -> Queued {
        let mut withdrawn = Vec::new();
        let line = self.lines.get_mut(session);
        if !line.is_some_and(|line| line.set_status(status, &mut withdrawn)) {
            return Queued::Unchanged;
        }
        self.effects.extend(withdrawn.into_iter().map(QueueEffect::Withdraw));
        self.changed(session)
    }

    fn resume(&mut self, session: &ScopeKey) -> Queued {
        let done = self.set_status(session, Status::Queued);
        if done == Queued::Changed && self.lines.get(session).is_some_and(|line| line.hold.is_some()) {
            self.effects.push_back(QueueEffect::AskProcessing(session.clone()));
        }
        done
    }

    fn started(&mut self, id: TurnId) -> Queued {
        let Some(session) = self.line_of(id) else { return Queued::Late };
        let Some(line) = self.lines.get_mut(&session) else { return Queued::Late };
        if line.adopt(id) {
            self.changed(&session)
        } else if line.work.iter().any(|work| work.turn.id == id) {
            Queued::Unchanged
        } else {
            Queued::Late
        }
    }

    /// A worker says that the session is busy with something else: the turn goes on waiting.
    fn refused(&mut self, id: TurnId, now: Tick) -> Queued {
        let Some(session) = self.line_of(id) else { return Queued::Late };
        let Some(line) = self.lines.get_mut(&session) else { return Queued::Late };
        if !line.release(id) {
            return Queued::Late;
        }
        if let Some(turn) = line.waiting.iter_mut().find(|turn| turn.id == id) {
            turn.dispatched_at = None;
        }
        line.doubt = true;
        line.hold = Some(Hold { ask_at: now + limits::DISPATCH_ACK });
        self.effects.push_back(QueueEffect::AskProcessing(session.clone()));
        self.changed(&session)
    }

    /// The words are there. A turn that was not given out since the app started has none to give.
    fn ready(&mut self, id: TurnId) -> Queued {
        let begun = self.started(id);
        let works = self.lines.values_mut().flat_map(|line| &mut line.work);
        let Some(work) = works.into_iter().find(|work| work.turn.id == id) else { return Queued::Late };
        if begun == Queued::Late || work.phase != Phase::Started {
            return Queued::Late;
        }
        work.phase = Phase::Ready;
        Queued::Changed
    }

    fn settled(
        &mut self,
        session: ScopeKey,
        turn: Option<TurnId>,
        was: Option<&ScopeKey>,
        how: Settled,
        now: Tick,
    ) -> Queued {
        if let Some(was) = was.filter(|was| was.is_temporary()) {
            self.reconcile(was, &session);
        }
        let session = match turn {
            None => session,
            Some(id) => match self.line_of(id).filter(|_| self.end_of(id, now)) {
                Some(session) => session,
                None => return Queued::Late,
            },
        };
        let Some(line) = self.lines.get_mut(&session) else { return Queued::Unchanged };
        line.hold = None;
        line.doubt = false;
        if how == Settled::Aborted {
            self.set_status(&session, Status::Paused);
        }
        self.changed(&session)
    }

    /// Forgets a turn whose work has ended; not one that nobody was working on.
    fn end_of(&mut self, id: TurnId, now: Tick) -> bool {
        let Some(line) = self.line_of(id).and_then(|session| self.lines.get_mut(&session)) else {
            return false;
        };
        line.adopt(id);
        if line.take_work(id).is_none() {
            return false;
        }
        if let Slot::Busy { turn, since } = self.slot
            && turn == id
        {
            let until = since + limits::DELIVERY_SPACING;
            self.slot = if now < until { Slot::Resting { until } } else { Slot::Free };
        }
        true
    }

    fn processing(&mut self, session: &ScopeKey, processing: bool, now: Tick) -> Queued {
        if !processing {
            let Some(line) = self.lines.get_mut(session) else { return Queued::Unchanged };
            line.pending = None;
            line.hold = None;
            line.doubt = false;
            return Queued::Changed;
        }
        let line = self.lines.entry(session.clone()).or_default();
        let doubtful = std::mem::take(&mut line.doubt);
        match line.pending {
            Some(_) if doubtful => Queued::Unchanged,
            Some(Pending { turn, .. }) => {
                line.adopt(turn);
                self.changed(session)
            }
            None if line.work.is_empty() => {
                line.hold = Some(Hold { ask_at: now + limits::DISPATCH_ACK });
                Queued::Changed
            }
            None => Queued::Unchanged,
        }
    }

    /// A session got its real name: what stood under the temporary one moves behind what the real one has.
    fn reconcile(&mut self, from: &ScopeKey, to: &ScopeKey) -> Queued {
        if from == to || from.session.is_empty() || to.session.is_empty() {
            return Queued::Unchanged;
        }
        let Some(line) = self.lines.remove(from) else { return Queued::Unchanged };
        self.lines.entry(to.clone()).or_default().absorb(line, to);
        self.changed(from);
        self.changed(to)
    }

    /// A delivery never reported: nobody knows whether the words arrived, so they are not sent again.
    fn give_up(&mut self, id: TurnId) {
        self.slot = Slot::Free;
        self.effects.push_back(QueueEffect::GaveUp(id));
        if let Some(session) = self.line_of(id) {
            if let Some(line) = self.lines.get_mut(&session) {
                line.take_work(id);
            }
            self.changed(&session);
        }
    }

    /// Gives out whatever can be given out now, and forgets lines in which nothing is left.
    fn go_on(&mut self, now: Now) {
        if self.bootstrap.is_none() {
            self.dispatch(now);
        }
        self.deliver(now);
        self.lines.retain(|_, line| !line.is_empty());
    }

    fn dispatch(&mut self, now: Now) {
        for line in self.lines.values_mut().filter(|line| line.is_free()) {
            let Some(id) = line.next().map(|turn| turn.id) else { continue };
            line.pending = Some(Pending { turn: id, until: now.tick + limits::DISPATCH_ACK });
            for turn in line.waiting.iter_mut().filter(|turn| turn.id == id) {
                turn.dispatched_at = Some(now.wall);
                self.effects.push_back(QueueEffect::Dispatch(turn.clone()));
            }
        }
    }

    /// Hands the words of the oldest turn to the delivery, if they are there. Younger ones wait for it.
    fn deliver(&mut self, now: Now) {
        let ranked = self.lines.values_mut().filter_map(|line| line.rank().map(|rank| (rank, line)));
        let first = ranked.min_by_key(|(rank, _)| *rank).and_then(|(_, line)| line.work.first_mut());
        let Some(work) = first.filter(|work| work.phase == Phase::Ready) else { return };
        if self.slot != Slot::Free {
            return;
        }
        work.phase = Phase::Delivering;
        work.turn.delivered_at = Some(now.wall);
        let id = work.turn.id;
        self.slot = Slot::Busy { turn: id, since: now.tick };
        self.effects.extend([QueueEffect::MarkDelivered(id, now.wall), QueueEffect::Deliver(id)]);
    }

    /// Does something to the line in which a turn waits.
    fn in_waiting(&mut self, id: TurnId, change: impl FnOnce(&mut Line) -> bool) -> Queued {
        let Some(session) = self.line_of(id) else { return Queued::Unchanged };
        if self.lines.get_mut(&session).is_some_and(change) {
            self.changed(&session)
        } else {
            Queued::Unchanged
        }
    }

    fn line_of(&self, id: TurnId) -> Option<ScopeKey> {
        let has = |line: &Line| {
            line.waiting.iter().chain(line.work.iter().map(|work| &work.turn)).any(|turn| turn.id == id)
        };
        self.lines.iter().find(|(_, line)| has(line)).map(|(session, _)| session.clone())
    }

    fn changed(&mut self, session: &ScopeKey) -> Queued {
        let told = QueueEffect::Changed(session.clone());
        if !self.effects.contains(&told) {
            self.effects.push_back(told);
        }
        Queued::Changed
    }
}

/// When a session is to be asked again whether it is busy: only while something waits for the answer.
fn asks_at(line: &Line) -> Option<Tick> {
    line.hold.filter(|_| line.next().is_some()).map(|hold| hold.ask_at)
}
