//! From the text that is ready to the text that is there: one at a time, in spoken order, into its own window or none.

use super::{Answer, Refusal, Reply, Sessions, timers::Timer};
use crate::{
    effect::{Effect, Fact},
    event::{Cause, Event, Trouble, Undelivered},
    guard::{InFront, Injection, Moment, PasteGuard, Target, Verdict},
    ids::{Token, TurnSeq},
    input::{Sight, Where, Work},
    limits,
    state::{Delivery, Outcome, State},
    time::Now,
    vocabulary::LostTarget,
};

impl Sessions {
    /// Hands the earliest ready text to the hands, as far as one may be delivered at all now.
    pub(super) fn give_hands(&mut self, now: Now) {
        while self.delivering.is_none() && self.quitting.is_none() {
            // A held key would turn the paste into another shortcut, or end the speaking it is held for.
            if self.keys_held || self.somebody_holds_to_speak() {
                return;
            }
            let Some(work) = self.next_to_deliver() else { return };
            self.place_or_deliver(work, now);
        }
    }

    /// Decides what a queued text is to meet: its window, its user, the clipboard, or the history alone.
    fn place_or_deliver(&mut self, work: Work, now: Now) {
        let Some(session) = self.by_token.get(&work.token) else { return };
        let Some(turn) = session.turns.iter().find(|turn| turn.seq == work.turn) else { return };
        let (held_back, wishes) = (turn.held_back, session.begin.wishes);
        let in_front = turn.sent_to.as_ref().unwrap_or(&session.begin.target).is_in_front(&self.front);
        self.announce(work, now);
        if let Some(why) = held_back {
            return self.finish(work, Delivery::Kept, Some(why), Cause::Delivered, now);
        }
        if !wishes.auto_paste {
            return self.ask_user(work, Undelivered::AskUser, Cause::AskUser, now);
        }
        match in_front {
            InFront::Yes => self.hand_over(work, now),
            InFront::CannotTell if wishes.paste_when_unknown => self.hand_over(work, now),
            InFront::CannotTell => self.target_lost(work, Undelivered::TargetUnknown, now),
            InFront::No => self.target_lost(work, Undelivered::TargetLost, now),
        }
    }

    fn hand_over(&mut self, work: Work, now: Now) {
        let Some((text, target)) = self.text_and_target(work) else { return };
        self.delivering = Some(work);
        self.force_turn(work, State::Delivering, Cause::DeliveryStarted, now);
        self.timers.set(work.token, Timer::Delivery(work.turn), now.tick + limits::DELIVERY);
        self.effect(Effect::Deliver(work, text, target));
    }

    fn text_and_target(&self, work: Work) -> Option<(crate::text::Text, Target)> {
        let session = self.by_token.get(&work.token)?;
        let turn = session.turns.iter().find(|turn| turn.seq == work.turn)?;
        let target = turn.sent_to.clone().unwrap_or_else(|| session.begin.target.clone());
        Some((turn.text()?.clone(), target))
    }

    /// Its window is not in front, and is not pulled there: people move on purpose.
    fn target_lost(&mut self, work: Work, why: Undelivered, now: Now) {
        let wish = self.by_token.get(&work.token).map(|session| session.begin.wishes.lost_target);
        match wish {
            Some(LostTarget::Copy) => self.copy(work, why, now),
            _ => self.ask_user(work, why, Cause::TargetLost, now),
        }
    }

    fn copy(&mut self, work: Work, why: Undelivered, now: Now) {
        if let Some((text, _)) = self.text_and_target(work) {
            self.effect(Effect::Copy(work, text));
        }
        self.finish(work, Delivery::Copied, Some(why), Cause::Delivered, now);
    }

    fn ask_user(&mut self, work: Work, why: Undelivered, cause: Cause, now: Now) {
        self.free_hands(work);
        self.timers.set(work.token, Timer::Waiting(work.turn), now.tick + limits::WAITING);
        self.tell_work(work, Event::Delivery { outcome: None, reason: Some(why) }, now);
        self.force_turn(work, State::Waiting, cause, now);
    }

    /// The text is where it is going to be: told, written down, over.
    fn finish(&mut self, work: Work, how: Delivery, why: Option<Undelivered>, cause: Cause, now: Now) {
        self.free_hands(work);
        self.timers.stop(work.token, Timer::Waiting(work.turn));
        self.persist(work.token, Fact::Delivered(work.into(), how), now);
        self.tell_work(work, Event::Delivery { outcome: Some(how), reason: why }, now);
        self.force_turn(work, State::Ended(Outcome::Delivered(how)), cause, now);
    }

    /// Tells the result, once: how it came about, and directly after it the text.
    fn announce(&mut self, work: Work, now: Now) {
        let Some(session) = self.by_token.get_mut(&work.token) else { return };
        let Some(turn) = session.turn_mut(work.turn).filter(|turn| !turn.announced) else { return };
        turn.announced = true;
        let asr_text = turn.raw.clone().unwrap_or_default();
        let text = turn.text().cloned().unwrap_or_default();
        let meta = Event::ResultMeta {
            asr_text,
            llm_applied: turn.corrected.is_some(),
            audio_ms: turn.spoken,
            latency_ms: now.tick.since(turn.take_ended.unwrap_or(now.tick)),
        };
        self.tell_work(work, meta, now);
        self.tell_work(work, Event::FinalText { text }, now);
    }

    /// The hands ask, at the instant of the injection. A yes is the point of no return, and is given once.
    pub(super) fn ask_injection(&mut self, work: Work, sight: &Sight, now: Now) -> Answer {
        let asked_in_time = self.delivering == Some(work);
        let Some(session) = self.current_work(work).filter(|_| asked_in_time) else { return Ok(Reply::Late) };
        let Some(turn) = session.turn_mut(work.turn) else { return Ok(Reply::Late) };
        if turn.injected {
            return Err(Refusal::InvalidState { from: turn.state, action: "be injected twice" });
        }
        let target = turn.sent_to.clone();
        let guard = PasteGuard {
            token: work.token,
            target: target.unwrap_or_else(|| session.begin.target.clone()),
            paste_when_unknown: session.begin.wishes.paste_when_unknown,
        };
        let moment = Moment {
            gate: &self.gate,
            wanted: true,
            current: self.current,
            hotkey_held: self.keys_held || self.somebody_holds_to_speak(),
            sight,
        };
        let verdict = guard.check(Injection::Text, moment);
        match verdict {
            Verdict::Inject => {
                if let Some(turn) = self.by_token.get_mut(&work.token).and_then(|s| s.turn_mut(work.turn)) {
                    turn.injected = true;
                }
                // Before the keys go out: a crash in between must not deliver it twice.
                self.persist(work.token, Fact::Injected(work.into()), now);
            }
            Verdict::Wait(_) => {}
            Verdict::Refuse(refusal) => {
                if let Some(why) = refusal.undelivered() {
                    self.free_hands(work);
                    self.effect(Effect::AbortDelivery(work));
                    self.target_lost(work, why, now);
                }
            }
        }
        Ok(Reply::Injection(verdict))
    }

    pub(super) fn delivered(&mut self, work: Work, how: Delivery, now: Now) -> Answer {
        let handed_over = self.delivering == Some(work);
        let Some(session) = self.current_work(work).filter(|_| handed_over) else { return Ok(Reply::Late) };
        let Some(turn) = session.turn_mut(work.turn) else { return Ok(Reply::Late) };
        // What was put into a window without having been asked for would have passed the guard by.
        if matches!(how, Delivery::Pasted | Delivery::Typed) && !turn.injected {
            return Err(Refusal::InvalidState { from: turn.state, action: "have been injected" });
        }
        let why = (how == Delivery::Copied).then_some(Undelivered::NoInjection);
        self.finish(work, how, why, Cause::Delivered, now);
        Ok(Reply::Done)
    }

    /// The hands could not: the words go to the clipboard, which needs no window.
    pub(super) fn delivery_failed(&mut self, work: Work, why: Undelivered, now: Now) -> Answer {
        let handed_over = self.delivering == Some(work);
        if self.current_work(work).is_none() || !handed_over {
            return Ok(Reply::Late);
        }
        let message = "The text could not be put into the window. It is on the clipboard and in the history.";
        self.warn(work.token, Trouble::new("delivery_failed", message), now);
        if let Some((text, _)) = self.text_and_target(work) {
            self.effect(Effect::Copy(work, text));
        }
        self.finish(work, Delivery::Copied, Some(why), Cause::DeliveryFailed, now);
        Ok(Reply::Done)
    }

    /// The hands said nothing for so long that nothing more is expected of them.
    pub(super) fn delivery_silent(&mut self, token: Token, turn: TurnSeq, now: Now) {
        let Some(work) = self.work_of(token, turn, State::Delivering) else { return };
        let injected = self
            .by_token
            .get(&token)
            .is_some_and(|session| session.turns.iter().any(|each| each.seq == turn && each.injected));
        self.effect(Effect::AbortDelivery(work));
        if injected {
            // It was given away; giving it away again would be worse than not knowing.
            return self.finish(
                work,
                Delivery::Pasted,
                Some(Undelivered::Silence),
                Cause::DeliveryFailed,
                now,
            );
        }
        self.copy(work, Undelivered::Silence, now);
    }

    pub(super) fn free_hands(&mut self, work: Work) {
        self.timers.stop(work.token, Timer::Delivery(work.turn));
        if self.delivering == Some(work) {
            self.delivering = None;
        }
    }

    /// The user says where a waiting text goes.
    pub(super) fn place(&mut self, token: Token, place: Where, now: Now) -> Answer {
        let session = self.by_token.get(&token).ok_or(Refusal::NotFound)?;
        let from = session.state();
        let waiting = session.turns.iter().find(|turn| turn.state == State::Waiting);
        let Some(work) = waiting.map(|turn| session.work(turn)) else {
            return Err(Refusal::InvalidState { from, action: "be placed" });
        };
        match place {
            // What is written to the clipboard now would be pasted in place of the text that is under way.
            Where::Clipboard | Where::Here(_) | Where::There if self.delivering.is_some() => {
                return Err(Refusal::InvalidState { from, action: "be delivered while another text is" });
            }
            Where::Clipboard => {
                if let Some((text, _)) = self.text_and_target(work) {
                    self.effect(Effect::Copy(work, text));
                }
                self.finish(work, Delivery::Copied, None, Cause::UserChose, now);
            }
            Where::HistoryOnly => self.finish(work, Delivery::Kept, None, Cause::UserChose, now),
            // The user's own word for this window: the text is bound to it, and it is looked at again at the injection.
            Where::Here(target) => self.deliver_after_all(work, Some(target), now),
            Where::There => self.deliver_after_all(work, None, now),
        }
        Ok(Reply::Done)
    }

    fn deliver_after_all(&mut self, work: Work, sent_to: Option<Target>, now: Now) {
        if let Some(turn) = self.by_token.get_mut(&work.token).and_then(|session| session.turn_mut(work.turn))
        {
            turn.sent_to = sent_to;
        }
        self.timers.stop(work.token, Timer::Waiting(work.turn));
        self.hand_over(work, now);
    }

    pub(super) fn waited_too_long(&mut self, token: Token, turn: TurnSeq, now: Now) {
        let Some(work) = self.work_of(token, turn, State::Waiting) else { return };
        self.finish(work, Delivery::Kept, Some(Undelivered::WaitedTooLong), Cause::WaitedTooLong, now);
    }
}
