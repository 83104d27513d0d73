//! What the numbers in a step stand for in the life it is played in.

use uuid::Uuid;

use super::{
    Heard, Shown, Which, Who, Wish,
    rig::Rig,
    watch::{Watch, front},
};
use crate::{
    event::{Segment, Trouble},
    guard::Target,
    ids::{SessionId, Token},
    input::{Begin, Input, Whom, Work},
    queue::{Job, Kind, NewTurn, QueuedTurn, RecordingId, TurnId, What},
    scope::ScopeKey,
    sim::{begin, session_id},
    text::Text,
    time::Millis,
    vocabulary::Mode,
};

impl Rig {
    pub(super) fn queued(&mut self, ago: u8) -> Option<NewTurn> {
        let (session, _) = self.ago(ago)?;
        self.texts += 1;
        let id = Uuid::from_u128(self.texts.into());
        Some(NewTurn {
            id: TurnId(id),
            session: line_of(session),
            what: What::Recording(RecordingId(id)),
            job: Job::Transcribe,
            kind: if self.texts.is_multiple_of(4) { Kind::Steer } else { Kind::Normal },
            delivered_at: None,
        })
    }

    /// A queued turn that the engine was given, the one that has it first.
    pub(super) fn redone(&self, which: u8) -> Option<QueuedTurn> {
        let given = self.watch.redoing.iter().chain(self.watch.redone.iter().rev());
        given.into_iter().nth(which.into()).cloned()
    }

    pub(super) fn words(&mut self, kind: &str) -> Text {
        self.texts += 1;
        Text::from(format!("{kind} {}", self.texts))
    }

    pub(super) fn ago(&self, ago: u8) -> Option<(SessionId, Token)> {
        self.begun.iter().rev().nth(ago.into()).copied()
    }

    /// The token of the session so many begins ago; where there is none, one that was not given out yet.
    pub(super) fn token(&self, ago: u8) -> Token {
        let unused = self.begun.last().map_or(Token::FIRST, |(_, token)| token.next());
        self.ago(ago).map_or(unused, |(_, token)| token)
    }

    pub(super) fn whom(&self, who: Who) -> Whom {
        let nobody = Whom::Named(session_id(u64::MAX), Token::FIRST);
        match who {
            Who::Current => Whom::Current,
            Who::Ago(ago) => self.ago(ago).map_or(nobody, |(id, token)| Whom::Named(id, token)),
            Who::Mixed(id, token) => {
                self.ago(id).map_or(nobody, |(id, _)| Whom::Named(id, self.token(token)))
            }
            Who::Nobody => nobody,
        }
    }

    pub(super) fn which(&self, which: Which, under_way: impl Fn(&Watch) -> Option<Work>) -> Option<Work> {
        let ago = |ago: u8| self.seen.iter().rev().nth(ago.into()).copied();
        match which {
            Which::UnderWay => under_way(&self.watch).or_else(|| ago(0)),
            Which::Ago(runs) => ago(runs),
            Which::Off(runs, how) => ago(runs).map(|work| match how {
                0 => Work { turn: work.turn.next(), ..work },
                1 => Work { pipeline: work.pipeline.next(), ..work },
                2 => Work { token: work.token.next(), ..work },
                3 => Work { token: Token::FIRST, ..work },
                _ => Work { token: self.token(0), ..work },
            }),
        }
    }

    pub(super) fn wished(&mut self, wish: &Wish) -> Begin {
        let used = self.begun.last().filter(|_| wish.used_id).map(|(id, _)| *id);
        self.begins += 1;
        let mut next = begin(self.begins);
        next.session = used.unwrap_or(next.session);
        next.trigger = wish.trigger;
        next.mode = if wish.corrected { Mode::Corrected } else { Mode::Direct };
        next.target = target(wish.window);
        next.microphone_permitted = wish.permitted;
        next.wishes.overlap = wish.overlap;
        next.wishes.tail_repress = wish.repress;
        next.wishes.tail = Millis(wish.tail.into());
        next.wishes.auto_paste = wish.auto_paste;
        next.wishes.paste_when_unknown = wish.when_unknown;
        next.wishes.lost_target = wish.lost;
        next.wishes.longest = wish.longest.map(|longest| Millis(longest.into()));
        next.wishes.keep_history = wish.keep;
        next
    }
}

/// The line of the queue that belongs to a session.
pub(super) fn line_of(session: SessionId) -> ScopeKey {
    let mut begin = begin(1);
    begin.session = session;
    begin.scope().key()
}

pub(super) fn target(window: u8) -> Target {
    if window == 9 { Target::Unbound } else { Target::of(front(window)) }
}

pub(super) fn trouble(code: &str) -> Trouble {
    Trouble::new(code, "it broke")
}

pub(super) fn heard_by(token: Token, heard: Heard) -> Input {
    match heard {
        Heard::Started => Input::CaptureStarted(token),
        Heard::Failed => Input::CaptureFailed(token, trouble("audio")),
        Heard::Speech(spoken) => Input::SpeechHeard(token, Millis(spoken.into())),
        Heard::Silence => Input::FellSilent(token),
        Heard::Utterance => Input::UtteranceEnded(token),
        Heard::Lost => Input::DeviceLost(token),
        Heard::Trouble => Input::CaptureTrouble(token, trouble("quiet")),
    }
}

pub(super) fn recognised(work: Work, shown: Shown, words: Text) -> Input {
    match shown {
        Shown::Interim => Input::Interim(work, words),
        Shown::Segment => {
            let segment = Segment { idx: 0, t0: Millis(0), t1: Millis(1), text: words, confidence: 900 };
            Input::SegmentDone(work, segment)
        }
        Shown::Text => Input::Recognised(work, words),
        Shown::Blank => Input::Recognised(work, " ".into()),
        Shown::Failure => Input::RecognitionFailed(work, trouble("asr")),
    }
}

pub(super) fn corrected(work: Work, shown: Shown, words: Text) -> Input {
    match shown {
        Shown::Blank => Input::Corrected(work, " ".into()),
        Shown::Failure | Shown::Interim => Input::CorrectionFailed(work, trouble("llm")),
        Shown::Text | Shown::Segment => Input::Corrected(work, words),
    }
}
