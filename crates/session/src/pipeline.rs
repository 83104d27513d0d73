//! Which run of recognise, correct, deliver is the current one, and which utterance.
//!
//! [`Pipelines`] counts the runs inside a session, [`Turns`] its utterances; [`Runs`] holds both and says what becomes
//! of an output: shown and delivered, or only saved under the turn it belongs to.

use std::collections::BTreeSet;

use crate::{
    ids::{PipelineSeq, TurnSeq},
    limits,
    time::Tick,
};

/// The runs of one session. The latest started one is current, also after it has finished; none is before the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pipelines {
    current: Option<PipelineSeq>,
    running: BTreeSet<PipelineSeq>,
    cancellable: Option<PipelineSeq>,
}

/// What [`Pipelines::finish`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// The current run has ended.
    Current,
    /// An earlier run has ended; the current one goes on untouched.
    Late,
    /// There is no such run, or it had ended already. Nothing changed.
    Nothing,
}

/// Someone waits for one run to end. Ask [`Pipelines::waited`] at every change and at [`Wait::until`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pipeline: Option<PipelineSeq>,
    /// When the waiting ends at the latest.
    pub until: Tick,
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// The run has ended, or there was none.
    Done,
    /// It was not waited for any longer.
    TimedOut,
}

impl Pipelines {
    /// Starts a run and makes it current. An earlier one that still runs goes on until it says that it has ended.
    pub fn start(&mut self) -> PipelineSeq {
        let seq = PipelineSeq::after(self.current);
        self.current = Some(seq);
        self.running.insert(seq);
        self.cancellable = Some(seq);
        seq
    }

    /// The current run.
    pub fn current(&self) -> Option<PipelineSeq> {
        self.current
    }

    /// Whether this is the current run.
    pub fn is_current(&self, seq: PipelineSeq) -> bool {
        self.current == Some(seq)
    }

    /// Whether the current run has not ended.
    pub fn is_running(&self) -> bool {
        self.current.is_some_and(|seq| self.running.contains(&seq))
    }

    /// A run has ended. Whoever waits for exactly this one is released, current or not. Doing it again is harmless.
    pub fn finish(&mut self, seq: PipelineSeq) -> Finished {
        if !self.running.remove(&seq) {
            return Finished::Nothing;
        }
        if self.cancellable == Some(seq) {
            self.cancellable = None;
        }
        if self.is_current(seq) { Finished::Current } else { Finished::Late }
    }

    /// Takes the right to cancel the current run: answers which one is to be cancelled, once. Nothing for a run that has
    /// ended or is being cancelled already.
    pub fn cancel(&mut self) -> Option<PipelineSeq> {
        self.cancellable.take()
    }

    /// Starts waiting, for [`limits::PIPELINE_WAIT`], until the current run has ended.
    pub fn wait(&self, now: Tick) -> Wait {
        Wait { pipeline: self.current, until: now + limits::PIPELINE_WAIT }
    }

    /// Whether a wait is over, and how. A run that ends at the last moment counts as done.
    pub fn waited(&self, wait: &Wait, now: Tick) -> Option<Waited> {
        match wait.pipeline {
            Some(seq) if self.running.contains(&seq) => (now >= wait.until).then_some(Waited::TimedOut),
            _ => Some(Waited::Done),
        }
    }

    /// The session goes away: every run counts as ended, so that nobody waits for it.
    pub fn close(&mut self) {
        self.running.clear();
        self.cancellable = None;
    }
}

/// The utterances of one session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turns {
    current: Option<TurnSeq>,
}

impl Turns {
    /// Starts the next utterance, also where one is interrupted by it.
    pub fn start(&mut self) -> TurnSeq {
        let seq = TurnSeq::after(self.current);
        self.current = Some(seq);
        seq
    }

    /// The current utterance.
    pub fn current(&self) -> Option<TurnSeq> {
        self.current
    }

    /// Whether this is the current utterance.
    pub fn is_current(&self, seq: TurnSeq) -> bool {
        self.current == Some(seq)
    }
}

/// What becomes of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is shown, saved and delivered.
    Shown,
    /// It is saved under its own turn and goes nowhere else.
    SavedOnly,
}

/// What a new utterance did to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preempted {
    /// The run to cancel, if one was under way.
    pub cancel: Option<PipelineSeq>,
    /// The wait for it to save what it has.
    pub wait: Wait,
    /// The new utterance.
    pub turn: TurnSeq,
    /// Its run.
    pub pipeline: PipelineSeq,
}

/// The runs and utterances of one session together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs {
    /// The runs.
    pub pipelines: Pipelines,
    /// The utterances.
    pub turns: Turns,
}

impl Runs {
    /// A new utterance comes in: the run before is to be cancelled and waited for, a new turn and a new run begin.
    pub fn preempt(&mut self, now: Tick) -> Preempted {
        let cancel = self.pipelines.cancel();
        let wait = self.pipelines.wait(now);
        Preempted { cancel, wait, turn: self.turns.start(), pipeline: self.pipelines.start() }
    }

    /// What becomes of an output of this run for this turn: shown only if both are current.
    pub fn fate(&self, pipeline: PipelineSeq, turn: TurnSeq) -> Fate {
        if self.pipelines.is_current(pipeline) && self.turns.is_current(turn) {
            Fate::Shown
        } else {
            Fate::SavedOnly
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Tick = Tick(0);

    #[test]
    fn c8_runs_count_from_one_and_each_has_its_own_end() {
        let mut pipelines = Pipelines::default();
        let first = pipelines.start();
        assert_eq!(first.get(), 1);
        pipelines.finish(first);
        assert_eq!(pipelines.start().get(), 2);
        assert_eq!(pipelines.waited(&pipelines.wait(T0), T0), None, "the new run has a fresh end");
    }

    #[test]
    fn c9_a_late_end_of_an_older_run_never_ends_the_current() {
        let mut pipelines = Pipelines::default();
        let old = pipelines.start();
        let new = pipelines.start();
        assert_eq!(pipelines.finish(old), Finished::Late);
        assert!(pipelines.is_running());
        assert_eq!(pipelines.finish(new), Finished::Current);
        assert!(!pipelines.is_running());
    }

    #[test]
    fn c9_ending_twice_or_before_any_is_harmless() {
        let mut pipelines = Pipelines::default();
        assert_eq!(pipelines.finish(PipelineSeq::FIRST), Finished::Nothing);
        let seq = pipelines.start();
        assert_eq!(pipelines.finish(seq), Finished::Current);
        let ended = pipelines.clone();
        assert_eq!(pipelines.finish(seq), Finished::Nothing);
        assert_eq!(pipelines, ended);
    }

    #[test]
    fn c10_nothing_is_current_before_the_first_start() {
        let mut pipelines = Pipelines::default();
        assert_eq!(pipelines.current(), None);
        assert!(!pipelines.is_current(PipelineSeq::FIRST));
        assert_eq!(PipelineSeq::new(0), None);
        let seq = pipelines.start();
        assert!(pipelines.is_current(seq));
        assert!(!pipelines.is_current(seq.next()));
    }

    #[test]
    fn c11_turns_rise_from_one_also_when_one_interrupts_another() {
        let mut turns = Turns::default();
        assert_eq!(turns.current(), None);
        let first = turns.start();
        let second = turns.start();
        assert_eq!((first.get(), second.get()), (1, 2));
        assert!(!turns.is_current(first));
        assert!(turns.is_current(second));
        assert_eq!(turns.current(), Some(second));
    }

    #[test]
    fn c12_waiting_ends_at_once_without_a_run_or_when_it_ends_or_after_three_seconds() {
        let mut pipelines = Pipelines::default();
        assert_eq!(pipelines.waited(&pipelines.wait(T0), T0), Some(Waited::Done));
        let seq = pipelines.start();
        let wait = pipelines.wait(T0);
        assert_eq!(wait.until, Tick(3_000));
        assert_eq!(pipelines.waited(&wait, Tick(2_999)), None);
        assert_eq!(pipelines.waited(&wait, Tick(3_000)), Some(Waited::TimedOut));
        pipelines.finish(seq);
        assert_eq!(pipelines.waited(&wait, Tick(3_000)), Some(Waited::Done));
    }

    #[test]
    fn c12_a_superseded_run_releases_its_own_waiters_when_it_ends() {
        let mut pipelines = Pipelines::default();
        let old = pipelines.start();
        let wait = pipelines.wait(T0);
        pipelines.start();
        assert_eq!(pipelines.waited(&wait, Tick(10)), None);
        pipelines.finish(old);
        assert_eq!(pipelines.waited(&wait, Tick(10)), Some(Waited::Done));
    }

    #[test]
    fn c12_closing_the_session_releases_everyone() {
        let mut pipelines = Pipelines::default();
        pipelines.start();
        let wait = pipelines.wait(T0);
        pipelines.close();
        assert_eq!(pipelines.waited(&wait, T0), Some(Waited::Done));
        assert_eq!(pipelines.cancel(), None);
    }

    #[test]
    fn c33_cancel_is_taken_once_and_never_for_an_ended_run() {
        let mut pipelines = Pipelines::default();
        assert_eq!(pipelines.cancel(), None);
        let seq = pipelines.start();
        assert_eq!(pipelines.cancel(), Some(seq));
        assert_eq!(pipelines.cancel(), None);
        let next = pipelines.start();
        pipelines.finish(next);
        assert_eq!(pipelines.cancel(), None);
    }

    #[test]
    fn c33_a_late_end_of_an_older_run_leaves_the_current_cancel_intact() {
        let mut pipelines = Pipelines::default();
        let old = pipelines.start();
        let new = pipelines.start();
        pipelines.finish(old);
        assert_eq!(pipelines.cancel(), Some(new));
    }

    #[test]
    fn c32_a_new_utterance_cancels_waits_and_the_old_text_is_saved_but_not_shown() {
        let mut runs = Runs::default();
        let first = runs.preempt(T0);
        assert_eq!(first.cancel, None);
        assert_eq!(runs.pipelines.waited(&first.wait, T0), Some(Waited::Done));
        let second = runs.preempt(Tick(100));
        assert_eq!(second.cancel, Some(first.pipeline));
        assert_eq!(runs.pipelines.waited(&second.wait, Tick(100)), None, "it may still save what it has");
        assert_eq!(second.wait.until, Tick(3_100));
        assert_eq!(runs.fate(first.pipeline, first.turn), Fate::SavedOnly);
        assert_eq!(runs.fate(second.pipeline, first.turn), Fate::SavedOnly);
        assert_eq!(runs.fate(first.pipeline, second.turn), Fate::SavedOnly);
        assert_eq!(runs.fate(second.pipeline, second.turn), Fate::Shown);
    }
}
