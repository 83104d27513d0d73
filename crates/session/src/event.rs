//! What a session tells the world: one envelope around every event, from one enum, bound to its session when it began.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BootId, EventSeq, PipelineSeq, SessionId, Token, TurnSeq},
    scope::Scope,
    state::{Delivery, Life, Outcome, Phase, Progress, State},
    text::Text,
    time::{Millis, Wall},
    vocabulary::{Mode, StyleId, Trigger},
};

/// The version of the envelope.
pub const VERSION: u32 = 1;

/// An event with everything that says whose it is. Bound to its session at the session's begin: two sessions at once
/// cannot mislabel each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Always [`VERSION`].
    pub v: u32,
    /// Which run of the app; counters mean nothing across runs.
    pub boot_id: BootId,
    /// Whose it is.
    pub token: Token,
    /// Which of this session's events, from 1 and without a gap.
    pub seq: EventSeq,
    /// Which utterance, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub turn_seq: Option<TurnSeq>,
    /// Which run of recognise, correct, deliver, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pipeline_seq: Option<PipelineSeq>,
    /// Project, engine, session.
    pub scope: Scope,
    /// The scope as one string.
    pub scope_key: String,
    /// The session's real id, where the page knows it by a made-up one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub actual_session_id: Option<SessionId>,
    /// When.
    pub at: Wall,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

impl Envelope {
    /// The id to route by: the real one where there are two.
    pub fn resolved_id(&self) -> SessionId {
        self.actual_session_id.unwrap_or(self.scope.session)
    }
}

/// What happened. The engine is a field of the scope, never part of a name here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// A session exists.
    SessionCreated {
        /// How audio becomes text.
        mode: Mode,
        /// Who started it.
        trigger: Trigger,
        /// Which style corrects.
        style_id: Option<StyleId>,
        /// When.
        created_at: Wall,
        /// What the page called it until now.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        client_temp_id: Option<String>,
    },
    /// The app took it on. Always directly followed by a state change to running.
    SessionAccepted {
        /// What was asked.
        request_type: Request,
        /// When it was taken on.
        accepted_at: Wall,
    },
    /// Another request was refused because of this session.
    SessionBusy {
        /// What was asked.
        request_type: Request,
        /// Always true: this session goes on.
        is_processing: bool,
        /// Why.
        reason: Busy,
        /// Why, in words.
        message: String,
        /// When.
        reported_at: Wall,
        /// Whose session is in the way.
        holder_token: Token,
    },
    /// The session stands elsewhere now.
    SessionStateChanged {
        /// Where.
        state: State,
        /// Where it stood.
        prev: State,
        /// As a feed's reader sees it.
        life: Life,
        /// As a conversation sees it.
        phase: Phase,
        /// As a list of work sees it.
        progress: Progress,
        /// What moved it.
        reason: Cause,
        /// When.
        changed_at: Wall,
    },
    /// The microphone hears: speak.
    SessionReady,
    /// What the open segment sounds like so far. Replaces the one before.
    InterimText {
        /// The words so far.
        #[serde(default)]
        text: Text,
    },
    /// A finished segment. Appends.
    Segment(Segment),
    /// The raw text is whole.
    AsrFinal {
        /// The words.
        #[serde(default)]
        text: Text,
    },
    /// How the final text came about. Always directly before it.
    ResultMeta {
        /// The words as they were heard.
        asr_text: Text,
        /// Whether a language model had its way with them.
        llm_applied: bool,
        /// How long was spoken.
        audio_ms: Millis,
        /// From the end of speaking until now.
        latency_ms: Millis,
    },
    /// The text as it goes out.
    FinalText {
        /// The words.
        #[serde(default)]
        text: Text,
    },
    /// Where the text went, or that it waits.
    Delivery {
        /// Where; nothing while it waits for the user.
        outcome: Option<Delivery>,
        /// Why not where it was meant to go.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Undelivered>,
    },
    /// Something went less well than it should; the session goes on.
    SessionWarning(Trouble),
    /// Something broke; the session ends.
    SessionError {
        /// What.
        #[serde(flatten)]
        trouble: Trouble,
        /// How long a surface shows it before it is at rest again.
        reset_after_ms: Millis,
    },
    /// The session was called off.
    SessionAborted {
        /// Whether there was anything left to call off.
        success: bool,
        /// How it ended: cancelled, superseded, expired.
        reason: Outcome,
    },
    /// The session left memory; nothing more comes.
    SessionClosed {
        /// This event's own number.
        last_seq: EventSeq,
    },
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// A new dictation.
    Begin,
    /// The same take again.
    Redo,
}

/// Why a request was refused for another session's sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Busy {
    /// This session is being worked on.
    SessionAlreadyActive,
    /// Somebody is speaking.
    CaptureInUse,
    /// As many sessions as there may be are being worked on.
    MaxSessions,
}

impl Busy {
    /// For people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::SessionAlreadyActive => {
                "Session is already running. Wait for completion or stop it before sending another command."
            }
            Self::CaptureInUse => "A dictation is being recorded. Stop it before starting another.",
            Self::MaxSessions => "Still finishing earlier dictations",
        }
    }
}

/// What moved a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// It was begun.
    CommandAccepted,
    /// Somebody asked for another while it runs.
    SessionAlreadyActive,
    /// Somebody asked for another while it records.
    CaptureInUse,
    /// Somebody asked for one too many.
    MaxSessions,
    /// The microphone is open.
    CaptureStarted,
    /// The microphone would not open.
    CaptureFailed,
    /// The key came up, or a stop was asked for.
    Stopped,
    /// The longest recording allowed was reached.
    MaxDuration,
    /// A newer session took the microphone.
    MicrophoneTaken,
    /// The microphone is gone.
    DeviceLost,
    /// The machine went to sleep.
    Suspended,
    /// The key was pressed again in time.
    Resumed,
    /// The tail is over.
    TailEnded,
    /// An utterance ended and the next began.
    NextTurn,
    /// The raw text is whole.
    Recognised,
    /// Nobody spoke.
    NoSpeech,
    /// The engine failed.
    EngineFailed,
    /// The engine gave nothing in time.
    RecognitionTimeout,
    /// The language model answered well.
    Corrected,
    /// The language model failed, was late, or answered badly: the raw text goes.
    CorrectionFailed,
    /// The user would not wait for the language model.
    AcceptedRaw,
    /// Its turn to be delivered has come.
    DeliveryStarted,
    /// Its window is not in front.
    TargetLost,
    /// Where the text goes can't be known, or the user wants to be asked.
    AskUser,
    /// The user said where.
    UserChose,
    /// The text is where it should be.
    Delivered,
    /// The text could not be brought there.
    DeliveryFailed,
    /// Nobody wanted it for long.
    WaitedTooLong,
    /// The user called it off.
    Cancelled,
    /// A newer dictation took its place.
    Superseded,
    /// Nobody watched the recording.
    Expired,
    /// The app is ending.
    Quit,
}

/// Why a text did not go where it was meant to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undelivered {
    /// Another window is in front.
    TargetLost,
    /// Which window is in front can't be known.
    TargetUnknown,
    /// The field wants a password.
    PasswordField,
    /// The system lets us neither paste nor type.
    NoInjection,
    /// The injection reported an error.
    InjectionFailed,
    /// The user wants to be asked each time.
    AskUser,
    /// The microphone was lost: what there is may be half a sentence.
    DeviceLost,
    /// The injection reported nothing in time, so it is not known.
    Silence,
    /// The user did not say where for too long.
    WaitedTooLong,
    /// The app is ending.
    Quit,
}

/// A stretch of speech between pauses, recognised in one go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Which of the turn, from 0.
    pub idx: u32,
    /// Where it begins in the take.
    pub t0: Millis,
    /// Where it ends in the take.
    pub t1: Millis,
    /// The words.
    #[serde(default)]
    pub text: Text,
    /// How sure the engine is, in thousandths.
    #[serde(default)]
    pub confidence: u16,
}

/// Something to tell the user: a code to match, a sentence to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Stable.
    #[serde(default = "unknown")]
    pub code: String,
    /// For people; never holds what was said.
    #[serde(default = "unknown")]
    pub message: String,
}

impl Trouble {
    /// With this code and message.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

fn unknown() -> String {
    "unknown".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k5_a_missing_field_is_filled_and_never_throws() {
        let warning: Event = serde_json::from_str(r#"{"type":"session-warning"}"#).unwrap();
        assert_eq!(warning, Event::SessionWarning(Trouble::new("unknown", "unknown")));
        let error: Event = serde_json::from_str(r#"{"type":"session-error","reset_after_ms":2000}"#).unwrap();
        assert!(matches!(error, Event::SessionError { trouble, .. } if trouble.message == "unknown"));
        let text: Event = serde_json::from_str(r#"{"type":"final-text"}"#).unwrap();
        assert_eq!(text, Event::FinalText { text: Text::default() });
    }

    #[test]
    fn d73_no_event_is_named_after_an_engine() {
        let event = serde_json::to_value(Event::SessionReady).unwrap();
        assert_eq!(event["type"], "session-ready");
    }
}
