//! What can happen to the sessions: everything the world says goes in as one of these.

use crate::{
    event::{Segment, Trouble, Undelivered},
    guard::{Front, Target},
    ids::{PipelineSeq, SessionId, Token, TurnSeq},
    queue::{NewTurn, QueueInput},
    scope::Scope,
    state::Delivery,
    text::Text,
    time::Millis,
    vocabulary::{LostTarget, Mode, Overlap, OwnerId, StyleId, TailRepress, Trigger},
};

/// Which run of recognise, correct, deliver on which utterance of which session. A result carries it; one that is not
/// current changes nothing and is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Work {
    /// Which session.
    pub token: Token,
    /// Which utterance.
    pub turn: TurnSeq,
    /// Which run.
    pub pipeline: PipelineSeq,
}

/// Everything a session is begun with. It holds for the session's life: a later change of focus or settings is not its
/// business.
#[derive(Debug, Clone, PartialEq)]
pub struct Begin {
    /// The id, minted by the caller.
    pub session: SessionId,
    /// Who starts it.
    pub trigger: Trigger,
    /// Project and engine, resolved to ones that exist.
    pub project: (crate::scope::ProjectId, String),
    /// The recogniser.
    pub engine: crate::scope::EngineId,
    /// Whose words these will be.
    pub owner: OwnerId,
    /// Which style corrects.
    pub style: Option<StyleId>,
    /// How audio becomes text.
    pub mode: Mode,
    /// The window that has the focus now.
    pub target: Target,
    /// What the page calls it until it knows better.
    pub client_temp_id: Option<String>,
    /// Whether the system lets us hear at all.
    pub microphone_permitted: bool,
    /// The user's wishes of this moment.
    pub wishes: Wishes,
}

/// The settings that a session obeys, as they were at its begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// What this dictation does to unfinished ones.
    pub overlap: Overlap,
    /// What a press in its tail does.
    pub tail_repress: TailRepress,
    /// How long the tail may last.
    pub tail: Millis,
    /// Whether a language model is set up and answers.
    pub corrector_ready: bool,
    /// Whether the text goes into the window by itself.
    pub auto_paste: bool,
    /// Whether to paste where the window in front can't be known.
    pub paste_when_unknown: bool,
    /// What becomes of a text whose window is not in front.
    pub lost_target: LostTarget,
    /// The longest recording.
    pub longest: Option<Millis>,
    /// Whether the history keeps it.
    pub keep_history: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            overlap: Overlap::default(),
            tail_repress: TailRepress::default(),
            tail: crate::limits::TAIL,
            corrector_ready: false,
            auto_paste: true,
            paste_when_unknown: false,
            lost_target: LostTarget::default(),
            longest: None,
            keep_history: true,
        }
    }
}

/// Whom a command means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Whoever owns microphone and screen.
    Current,
    /// This session, if the token is its.
    Named(SessionId, Token),
}

/// Where a waiting text shall go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// Into the window that is in front now.
    Here(Target),
    /// Where it was meant to go; the user brings that window forward.
    There,
    /// Onto the clipboard.
    Clipboard,
    /// Nowhere: the history has it.
    HistoryOnly,
}

/// Everything that can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Somebody wants to dictate.
    Begin(Box<Begin>),
    /// Somebody wants to stop speaking.
    Stop(Whom),
    /// The press came again; only in the tail, and only where the wishes let it go on.
    Resume(Target),
    /// Somebody calls it off.
    Cancel(Whom),
    /// The user would not wait for the language model.
    AcceptRaw(Whom),
    /// The user says where a waiting text goes.
    Place(Token, Where),

    /// The microphone is open and its first sample was heard.
    CaptureStarted(Token),
    /// It would not open.
    CaptureFailed(Token, Trouble),
    /// Speech was heard in the open turn: this many milliseconds of take exist now.
    SpeechHeard(Token, Millis),
    /// The microphone has heard nothing for the last [`crate::limits::TAIL_SILENCE`].
    FellSilent(Token),
    /// Hands-free: an utterance ended here and the next one begins.
    UtteranceEnded(Token),
    /// The microphone went away and no other took over.
    DeviceLost(Token),
    /// Something about the recording went less well than it should.
    CaptureTrouble(Token, Trouble),

    /// What the open segment sounds like so far.
    Interim(Work, Text),
    /// A segment is finished.
    SegmentDone(Work, Segment),
    /// The raw text is whole.
    Recognised(Work, Text),
    /// The engine could not.
    RecognitionFailed(Work, Trouble),
    /// The engine cannot be loaded at all.
    EngineUnavailable(Token, Trouble),

    /// The language model answered; the guard has looked at it.
    Corrected(Work, Text),
    /// It failed, or the guard refused its answer.
    CorrectionFailed(Work, Trouble),

    /// The hands are ready and ask, at this instant, whether they may.
    AskInjection(Work, Sight),
    /// They are done.
    Delivered(Work, Delivery),
    /// They could not.
    DeliveryFailed(Work, Undelivered),

    /// Another window is in front.
    FrontChanged(Front),
    /// A key of the hotkey is held down, or none is any more.
    KeysHeld(bool),

    /// The machine goes to sleep.
    Suspend,
    /// The machine woke up.
    Wake,
    /// What the driver had to do before a session leaves memory is done.
    Closed(Token),
    /// Something about turns that were recorded earlier.
    Queue(QueueInput),
    /// The user takes a cancel back; the turn is what was recorded.
    UndoCancel(Token, Box<NewTurn>),
    /// The app is ending.
    Quit,
}

/// What the hands see at the instant of an injection.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The window in front.
    pub front: Front,
    /// Whether its field wants a password.
    pub password_field: bool,
    /// Whether a modifier is held.
    pub modifiers_held: bool,
}

impl Begin {
    /// The identity that its events will carry.
    pub fn scope(&self) -> Scope {
        Scope {
            project_id: self.project.0.clone(),
            project_name: self.project.1.clone(),
            engine: self.engine.clone(),
            session: self.session,
        }
    }
}
