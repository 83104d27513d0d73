//! What every effect must be like.

use super::watch::{Watch, must};
use crate::{
    effect::{Effect, Fact, Record, WorkId},
    event::{Envelope, Event},
    ids::{EventSeq, Token},
    input::Work,
    limits,
    sessions::Sessions,
    state::{Delivery, Outcome, State},
};

impl Watch {
    pub(super) fn effect(&mut self, effect: &Effect, sessions: &Sessions, now: u64) -> Result<(), String> {
        let quit = self.quit_at.is_some();
        match effect {
            Effect::OpenMicrophone(token) => {
                must!(!quit, "a microphone was opened after the quit");
                self.microphones.insert(*token);
                must!(self.microphones.len() == 1, "two microphones are open: {:?}", self.microphones);
            }
            Effect::CloseMicrophone(token) => {
                self.microphones.remove(token);
            }
            Effect::Recognise(work, _) => {
                must!(!quit, "the engine was given work after the quit");
                self.hearing.insert(*work);
                must!(self.hearing.len() == 1, "the engine works on {:?} at once", self.hearing);
            }
            Effect::FinishRecognition(work) => {
                must!(
                    self.hearing.contains(work),
                    "an engine that is not at work on {work:?} was asked for the rest"
                );
            }
            Effect::AbortRecognition(work) => {
                must!(self.hearing.remove(work), "an engine that is not at work on {work:?} was stopped");
            }
            Effect::Correct(work, _, _) => {
                must!(!quit, "the model was asked after the quit");
                self.correcting.insert(*work);
                let at_once = self.correcting.len();
                must!(at_once <= limits::CORRECTIONS_AT_ONCE, "{at_once} corrections at once");
            }
            Effect::AbortCorrection(work) => {
                must!(self.correcting.remove(work), "a model that was not asked about {work:?} was stopped");
            }
            Effect::Deliver(work, text, _) => {
                must!(!quit, "a text was delivered after the quit");
                self.delivering.insert(*work);
                must!(self.delivering.len() == 1, "the hands have {:?} at once", self.delivering);
                let turn = self.turn(*work);
                must!(turn.injected == 0, "{work:?} goes out again after it was injected");
                text.as_str().clone_into(&mut turn.text);
                if !turn.placed {
                    self.in_spoken_order(*work, sessions)?;
                }
            }
            Effect::AbortDelivery(work) => {
                must!(self.delivering.remove(work), "hands that do not have {work:?} were stopped");
            }
            Effect::Copy(work, text) => self.copied(*work, text.as_str(), sessions)?,
            Effect::Persist(record) => self.persisted(record)?,
            Effect::Emit(envelope) => self.told(envelope)?,
            Effect::KeepAwake(awake) => {
                must!(*awake != self.awake, "keep awake was {awake} already");
                self.awake = *awake;
            }
            Effect::Close(token) => {
                let log = self.log(*token)?;
                must!(log.told.is_some_and(State::is_ended), "session {token} is closed before it ended");
                must!(!log.closing, "session {token} is closed twice");
                log.closing = true;
            }
            Effect::Exit => {
                self.exits += 1;
                must!(self.exits == 1, "the app ends twice");
                let saved = sessions.in_memory() == 0;
                let had_its_time = self.quit_at.is_some_and(|at| now >= at + limits::PIPELINE_WAIT.0);
                must!(quit && (saved || had_its_time), "the app ends before everything is saved");
            }
            Effect::CloseInjection | Effect::DisarmHotkeys => must!(quit, "{effect:?} without a quit"),
            Effect::Redo(turn) => {
                must!(!quit, "a queued turn was given out after the quit");
                let free = self.redoing.is_empty() && self.hearing.is_empty();
                must!(free, "the engine has two things to do at once");
                must!(!self.paused.contains_key(&turn.id), "a queued turn runs that a cancel had paused");
                self.redoing.push(turn.clone());
            }
            Effect::AbortRedo(id) => {
                let stopped: Vec<_> = self.redoing.extract_if(.., |turn| turn.id == *id).collect();
                must!(!stopped.is_empty(), "a queued turn was stopped that does not have the engine");
                self.redone.extend(stopped);
            }
            Effect::WarmEngine(_) | Effect::Cue(_) | Effect::Queue(_) => {}
        }
        Ok(())
    }

    fn copied(&mut self, work: Work, text: &str, sessions: &Sessions) -> Result<(), String> {
        let state = sessions.turns(work.token).find(|(each, _)| *each == work).map(|(_, state)| state);
        let copied = state == Some(State::Ended(Outcome::Delivered(Delivery::Copied)));
        must!(copied, "{work:?} was copied, and is {state:?}");
        let turn = self.turn(work);
        turn.copied += 1;
        must!(turn.copied == 1 && !text.is_empty(), "{work:?} was copied {} times", turn.copied);
        Ok(())
    }

    fn persisted(&mut self, record: &Record) -> Result<(), String> {
        let token = record.token;
        let log = self.log(token)?;
        must!(log.begin.wishes.keep_history, "session {token} was written down against the user's wish");
        must!(log.begin.session == record.session, "session {token} was written down under another's id");
        must!(
            log.row || matches!(record.what, Fact::Began { .. }),
            "session {token} has facts before its row"
        );
        if matches!(record.what, Fact::Began { .. }) {
            must!(!log.row, "session {token} has two rows");
            log.row = true;
            return Ok(());
        }
        let of = |work: &WorkId| Work { token, turn: work.0, pipeline: work.1 };
        let (what, count) = match &record.what {
            Fact::Raw(work, _) => ("raw text", &mut self.turn(of(work)).raw),
            Fact::Corrected(work, _) => ("corrected text", &mut self.turn(of(work)).corrected),
            Fact::Kept(work) => ("recording", &mut self.turn(of(work)).kept),
            Fact::Delivered(work, _) => ("delivery", &mut self.turn(of(work)).delivered),
            Fact::Injected(work) => {
                let injected = self.turn(of(work)).injected;
                must!(injected == 1, "the injection of {work:?} was written down, and was {injected} times");
                return Ok(());
            }
            _ => return Ok(()),
        };
        *count += 1;
        must!(*count == 1, "the {what} of a turn of session {token} was written down {count} times");
        Ok(())
    }

    fn told(&mut self, envelope: &Envelope) -> Result<(), String> {
        let (token, seq) = (envelope.token, envelope.seq);
        if let Some((next_token, next_seq, why)) = self.due_next.take() {
            must!((token, seq) == (next_token, next_seq), "{why}");
            let fits = match why {
                AFTER_ACCEPTED => matches!(envelope.event, Event::SessionStateChanged { .. }),
                _ => matches!(envelope.event, Event::FinalText { .. }),
            };
            must!(fits, "{why}");
        }
        let log = self.log(token)?;
        must!(seq == EventSeq::after(log.last_seq), "session {token} told {seq} after {:?}", log.last_seq);
        log.last_seq = Some(seq);
        let own = envelope.scope.session == log.begin.session && envelope.scope_key == log.scope_key;
        must!(own, "session {token} told something under another's name");
        must!(!log.closed, "session {token} told something after it was closed");
        let over = log.told.is_some_and(State::is_ended);
        must!(
            !over || matches!(envelope.event, Event::SessionClosed { .. }),
            "session {token} told {} after its end",
            name(envelope)
        );
        match &envelope.event {
            Event::SessionStateChanged { state, prev, .. } => {
                let before = log.told.unwrap_or(State::Starting);
                must!(
                    *prev == before,
                    "session {token} told that it was {}, and was {}",
                    prev.name(),
                    before.name()
                );
                log.told = Some(*state);
                if state.is_ended() {
                    self.live.retain(|live| *live != token);
                    self.just_ended.push(token);
                }
            }
            Event::SessionClosed { last_seq } => {
                must!(log.closing && over && *last_seq == seq, "session {token} closed out of turn");
                log.closed = true;
            }
            Event::SessionAccepted { .. } => self.due_next = Some((token, seq.next(), AFTER_ACCEPTED)),
            Event::ResultMeta { .. } => self.due_next = Some((token, seq.next(), AFTER_META)),
            Event::FinalText { .. } => return self.final_text(token, envelope),
            _ => {}
        }
        Ok(())
    }

    fn final_text(&mut self, token: Token, envelope: &Envelope) -> Result<(), String> {
        let (Some(turn), Some(pipeline)) = (envelope.turn_seq, envelope.pipeline_seq) else {
            return Err(format!("session {token} told a text of no turn"));
        };
        let turn = self.turn(Work { token, turn, pipeline });
        turn.final_texts += 1;
        must!(turn.final_texts == 1, "session {token} told a turn's final text twice");
        Ok(())
    }
}

const AFTER_ACCEPTED: &str = "directly after accepted comes a state";
const AFTER_META: &str = "directly after result-meta comes the final text";

fn name(envelope: &Envelope) -> String {
    let told = format!("{:?}", envelope.event);
    told.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}
