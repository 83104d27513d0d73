//! What the sessions want done. The driver does it; nothing else decides.

use serde::{Deserialize, Serialize};

use crate::{
    event::Envelope,
    guard::Target,
    ids::{SessionId, Token},
    input::Work,
    queue::{QueueEffect, QueuedTurn, TurnId},
    scope::{EngineId, Scope},
    state::{Delivery, State},
    text::Text,
    time::{Millis, Wall},
    vocabulary::{Mode, OwnerId, StyleId, Trigger},
};

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Open the microphone for this session.
    OpenMicrophone(Token),
    /// Close it; the take is whole.
    CloseMicrophone(Token),
    /// Load the engine while the first words are spoken.
    WarmEngine(EngineId),
    /// Begin to recognise this turn's take, which may still grow.
    Recognise(Work, EngineId),
    /// The take is whole: give the text of all of it.
    FinishRecognition(Work),
    /// Give up on it.
    AbortRecognition(Work),
    /// Ask the language model.
    Correct(Work, Text, Option<StyleId>),
    /// Hang up.
    AbortCorrection(Work),
    /// Bring the text into its window: prepare, ask by [`crate::Input::AskInjection`], inject, report.
    Deliver(Work, Text, Target),
    /// Leave it, and put the clipboard back.
    AbortDelivery(Work),
    /// Work on a turn that was recorded earlier; its text goes to the clipboard or the history alone.
    Redo(QueuedTurn),
    /// Leave it; it comes again if it is still wanted.
    AbortRedo(TurnId),
    /// What the queue wants stored, delivered or told.
    Queue(QueueEffect),
    /// Put the text onto the clipboard, and leave it there.
    Copy(Work, Text),
    /// Never inject anything again.
    CloseInjection,
    /// Listen to no hotkey any more.
    DisarmHotkeys,
    /// Write it down.
    Persist(Record),
    /// Tell whoever listens.
    Emit(Box<Envelope>),
    /// Let the user hear where it stands.
    Cue(Cue),
    /// Keep the machine from falling asleep, or let it.
    KeepAwake(bool),
    /// Save what there is of this session, then say [`crate::Input::Closed`].
    Close(Token),
    /// Everything is saved: the process may end.
    Exit,
}

/// A sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// Speak.
    Start,
    /// Heard.
    Stop,
    /// It broke.
    Error,
}

/// One thing to write down, as soon as it is so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Which session.
    pub session: SessionId,
    /// Which of this run's sessions.
    pub token: Token,
    /// When.
    pub at: Wall,
    /// What.
    pub what: Fact,
}

/// What is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// A session began: the row, before the first word.
    Began {
        /// Its identity.
        scope: Scope,
        /// Whose words.
        owner: OwnerId,
        /// Who started it.
        trigger: Trigger,
        /// How audio becomes text.
        mode: Mode,
        /// Which style corrects.
        style: Option<StyleId>,
        /// The window it was meant for.
        target: Target,
    },
    /// A turn began.
    TurnBegan(WorkId),
    /// A session stands elsewhere.
    State(State),
    /// A take is whole.
    TakeEnded(WorkId, Millis),
    /// The raw text, current or late: it is kept either way.
    Raw(WorkId, Text),
    /// The corrected text, current or late: it is kept either way.
    Corrected(WorkId, Text),
    /// Why the raw text went instead of a corrected one.
    CorrectionLeftOut(WorkId, String),
    /// The text was given away: it must never be delivered again.
    Injected(WorkId),
    /// Where it went.
    Delivered(WorkId, Delivery),
    /// The take waits to be recognised later; nothing will be pasted by itself.
    Kept(WorkId),
}

/// [`Work`] without its token, as a row knows it.
pub type WorkId = (crate::ids::TurnSeq, crate::ids::PipelineSeq);

impl From<Work> for WorkId {
    fn from(work: Work) -> Self {
        (work.turn, work.pipeline)
    }
}
