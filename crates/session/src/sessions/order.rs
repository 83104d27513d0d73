//! Whose turn it is: one engine, two language-model calls, one pair of hands, all in spoken order.

use super::{Sessions, timers::Timer};
use crate::{
    effect::Effect,
    ids::{Token, TurnSeq},
    input::Work,
    limits,
    state::State,
    time::Now,
};

impl Sessions {
    /// Lets the engine work on the earliest turn that needs it.
    pub(super) fn give_engine(&mut self, now: Now) {
        if self.hearing.is_some_and(|work| !self.still_wants_engine(work)) {
            self.hearing = None;
        }
        if self.hearing.is_some() {
            return;
        }
        let next = self.live.iter().filter_map(|token| self.by_token.get(token)).find_map(|session| {
            let turn = session.turns.iter().find(|turn| turn.wants_engine())?;
            Some((session.work(turn), session.begin.engine.clone(), turn.take_ended.is_some()))
        });
        let Some((work, engine, whole)) = next else { return };
        self.hearing = Some(work);
        self.effect(Effect::Recognise(work, engine));
        if whole {
            self.ask_for_the_rest(work, now);
        }
    }

    /// The take of a turn is whole. If the engine is at it, it is told; else it will be when it gets there.
    pub(super) fn finish_hearing(&mut self, token: Token, turn: TurnSeq, now: Now) {
        if let Some(work) = self.hearing.filter(|work| work.token == token && work.turn == turn) {
            self.ask_for_the_rest(work, now);
        }
    }

    /// From here the clock of recognition runs: waiting behind another turn is not the engine's fault.
    fn ask_for_the_rest(&mut self, work: Work, now: Now) {
        self.effect(Effect::FinishRecognition(work));
        let limit = self.recognition_limit(work);
        self.timers.set(work.token, Timer::Recognition(work.turn), now.tick + limit);
    }

    /// The engine is done with a turn, one way or another.
    pub(super) fn free_engine(&mut self, work: Work) {
        self.timers.stop(work.token, Timer::Recognition(work.turn));
        if self.hearing == Some(work) {
            self.hearing = None;
        }
    }

    fn still_wants_engine(&self, work: Work) -> bool {
        self.by_token.get(&work.token).is_some_and(|session| {
            session
                .turns
                .iter()
                .any(|turn| turn.seq == work.turn && turn.pipeline == work.pipeline && turn.wants_engine())
        })
    }

    /// Asks the language model for the earliest turns that wait for it, as many at once as may be.
    pub(super) fn give_correctors(&mut self, now: Now) {
        let turns = |sessions: &Self, under_way: bool| -> Vec<Work> {
            let live = sessions.live.iter().filter_map(|token| sessions.by_token.get(token));
            live.flat_map(|session| {
                let turns = session.turns.iter();
                turns
                    .filter(|turn| turn.state == State::Correcting && turn.correcting == under_way)
                    .map(|turn| session.work(turn))
            })
            .collect()
        };
        let free = limits::CORRECTIONS_AT_ONCE.saturating_sub(turns(self, true).len());
        for work in turns(self, false).into_iter().take(free) {
            let Some(session) = self.by_token.get_mut(&work.token) else { continue };
            let style = session.begin.style;
            let Some(turn) = session.turn_mut(work.turn) else { continue };
            let Some(raw) = turn.raw.clone() else { continue };
            turn.correcting = true;
            self.effect(Effect::Correct(work, raw, style));
            self.timers.set(work.token, Timer::Correction(work.turn), now.tick + limits::CORRECTION);
        }
    }

    /// The earliest text that is not yet where it should be. A text that waits for its user holds up nobody.
    pub(super) fn next_to_deliver(&self) -> Option<Work> {
        let live = self.live.iter().filter_map(|token| self.by_token.get(token));
        let mut turns = live.flat_map(|session| session.turns.iter().map(move |turn| (session, turn)));
        let (session, turn) =
            turns.find(|(_, turn)| !turn.state.is_ended() && turn.state != State::Waiting)?;
        (turn.state == State::Queued).then(|| session.work(turn))
    }
}
