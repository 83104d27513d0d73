//! Where a session stands, how it ended, and how coarser eyes see it.

use serde::{Deserialize, Serialize};

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Accepted; the microphone is being opened.
    Starting,
    /// The microphone hears.
    Recording,
    /// The key is up; the last syllable is still coming in.
    Tail,
    /// The recording is whole and becomes text.
    Recognising,
    /// The text is being corrected by a language model.
    Correcting,
    /// The text is ready and waits for its turn to be delivered.
    Queued,
    /// The text is ready and its window is gone: the user decides.
    Waiting,
    /// The text is on its way into its window.
    Delivering,
    /// Over, for good.
    Ended(Outcome),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The text reached the user.
    Delivered(Delivery),
    /// Nobody spoke.
    NoSpeech,
    /// Something broke; what there is, is kept.
    Failed(Failure),
    /// The user, or the app's end, called it off.
    Cancelled(Cancel),
    /// A newer dictation took its place.
    Superseded,
    /// A recording that nobody watched was ended.
    Expired,
}

/// Where the text went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Into its window, by the clipboard.
    Pasted,
    /// Into its window, key by key.
    Typed,
    /// Onto the clipboard.
    Copied,
    /// Into the history alone.
    Kept,
}

/// What broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The microphone could not be opened.
    Audio,
    /// The engine could not be loaded.
    Engine,
    /// The engine gave an error.
    Recognition,
    /// The engine gave nothing in time.
    RecognitionTimeout,
    /// The app ended in the middle; found at the next start.
    Interrupted,
}

/// Who called it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cancel {
    /// The user.
    User,
    /// The app is ending.
    Quit,
}

/// As a feed's reader sees it: `starting | running | stopped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// Being set up.
    Starting,
    /// Going on.
    Running,
    /// Over.
    Stopped,
}

/// As a conversation sees it: `init | connected | listening | processing | speaking | closed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Being set up.
    Init,
    /// The engine is ready, nothing is heard yet.
    Connected,
    /// Hearing.
    Listening,
    /// Turning sound into words.
    Processing,
    /// Delivering.
    Speaking,
    /// Over.
    Closed,
}

/// As a list of work sees it: `queued | running | waiting_user | completed | failed | aborted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Its turn has not come.
    Queued,
    /// Going on.
    Running,
    /// The user must decide.
    WaitingUser,
    /// Done.
    Completed,
    /// Broken.
    Failed,
    /// Called off, superseded or expired.
    Aborted,
}

impl State {
    /// Whether it is over.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Ended(_))
    }

    /// Whether the session holds the microphone, or is about to.
    pub const fn holds_microphone(self) -> bool {
        matches!(self, Self::Starting | Self::Recording | Self::Tail)
    }

    /// Whether words are being listened to.
    pub const fn is_recording(self) -> bool {
        matches!(self, Self::Recording)
    }

    /// Whether the app is working on it, so that the machine must not fall asleep.
    pub const fn is_busy(self) -> bool {
        !matches!(self, Self::Waiting | Self::Ended(_))
    }

    /// Whether a session may go from here to `to`. This is the whole table; the guards are the machine's.
    pub const fn may_become(self, to: Self) -> bool {
        use Outcome::{Cancelled, Delivered, Expired, Failed, NoSpeech, Superseded};
        use State::{Correcting, Delivering, Ended, Queued, Recognising, Recording, Starting, Tail, Waiting};
        match (self, to) {
            (Ended(_), _) => false,
            (_, Ended(Cancelled(_) | Superseded)) => true,
            (Starting, Recording | Ended(Failed(_) | NoSpeech))
            | (Recording, Tail | Recognising | Ended(Failed(_) | Expired))
            | (Tail, Recording | Recognising | Ended(Failed(_) | Expired))
            | (
                Recognising,
                Correcting | Queued | Recording | Ended(NoSpeech | Failed(_) | Expired | Delivered(_)),
            )
            | (Correcting, Queued | Ended(Delivered(_) | Expired))
            | (Queued, Delivering | Waiting | Ended(Delivered(_) | Expired))
            | (Waiting, Delivering | Ended(Delivered(_)))
            | (Delivering, Waiting | Ended(Delivered(_))) => true,
            _ => false,
        }
    }

    /// What a stored session that is not in memory stands at: one that an earlier run left in the middle was interrupted.
    pub const fn without_its_run(self) -> Self {
        match self {
            Self::Ended(_) => self,
            _ => Self::Ended(Outcome::Failed(Failure::Interrupted)),
        }
    }

    /// As a feed's reader sees it.
    pub const fn life(self) -> Life {
        match self {
            Self::Starting => Life::Starting,
            Self::Ended(_) => Life::Stopped,
            _ => Life::Running,
        }
    }

    /// As a conversation sees it.
    pub const fn phase(self) -> Phase {
        match self {
            Self::Starting => Phase::Connected,
            Self::Recording | Self::Tail => Phase::Listening,
            Self::Recognising | Self::Correcting | Self::Queued | Self::Waiting => Phase::Processing,
            Self::Delivering => Phase::Speaking,
            Self::Ended(_) => Phase::Closed,
        }
    }

    /// As a list of work sees it.
    pub const fn progress(self) -> Progress {
        match self {
            Self::Queued => Progress::Queued,
            Self::Waiting => Progress::WaitingUser,
            Self::Ended(outcome) => outcome.progress(),
            _ => Progress::Running,
        }
    }

    /// The name on the wire and in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Recording => "recording",
            Self::Tail => "tail",
            Self::Recognising => "recognising",
            Self::Correcting => "correcting",
            Self::Queued => "queued",
            Self::Waiting => "waiting",
            Self::Delivering => "delivering",
            Self::Ended(outcome) => outcome.name(),
        }
    }
}

impl Outcome {
    /// As a list of work sees it.
    pub const fn progress(self) -> Progress {
        match self {
            Self::Delivered(_) | Self::NoSpeech => Progress::Completed,
            Self::Failed(_) => Progress::Failed,
            Self::Cancelled(_) | Self::Superseded | Self::Expired => Progress::Aborted,
        }
    }

    /// The name on the wire and in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::NoSpeech => "no_speech",
            Self::Failed(_) => "failed",
            Self::Cancelled(_) => "cancelled",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
        }
    }

    /// The finer reason within the name, where there is one.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Delivered(Delivery::Pasted) => Some("pasted"),
            Self::Delivered(Delivery::Typed) => Some("typed"),
            Self::Delivered(Delivery::Copied) => Some("copied"),
            Self::Delivered(Delivery::Kept) => Some("history_only"),
            Self::Failed(Failure::Audio) => Some("audio"),
            Self::Failed(Failure::Engine) => Some("engine"),
            Self::Failed(Failure::Recognition) => Some("asr"),
            Self::Failed(Failure::RecognitionTimeout) => Some("asr_timeout"),
            Self::Failed(Failure::Interrupted) => Some("interrupted"),
            Self::Cancelled(Cancel::Quit) => Some("quit"),
            Self::NoSpeech | Self::Cancelled(Cancel::User) | Self::Superseded | Self::Expired => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d26_tl15_a_row_left_in_the_middle_was_interrupted_and_an_ended_one_stays_as_it_is() {
        let interrupted = State::Ended(Outcome::Failed(Failure::Interrupted));
        for left in [State::Starting, State::Recording, State::Correcting, State::Waiting, State::Delivering]
        {
            assert_eq!(left.without_its_run(), interrupted);
        }
        let pasted = State::Ended(Outcome::Delivered(Delivery::Pasted));
        assert_eq!(pasted.without_its_run(), pasted);
    }

    #[test]
    fn k25_the_table_lets_every_live_state_be_called_off_and_nothing_leave_its_end() {
        let live = [
            State::Starting,
            State::Recording,
            State::Tail,
            State::Recognising,
            State::Correcting,
            State::Queued,
            State::Waiting,
            State::Delivering,
        ];
        let ends = [
            Outcome::Delivered(Delivery::Kept),
            Outcome::NoSpeech,
            Outcome::Failed(Failure::Engine),
            Outcome::Cancelled(Cancel::User),
            Outcome::Superseded,
            Outcome::Expired,
        ];
        for state in live {
            assert!(state.may_become(State::Ended(Outcome::Cancelled(Cancel::User))));
            assert!(state.may_become(State::Ended(Outcome::Superseded)));
            assert!(!state.may_become(state), "{state:?}");
            for end in ends {
                assert!(!State::Ended(end).may_become(state));
            }
        }
        // Straight from hearing into a window there is no way.
        for early in [State::Starting, State::Recording, State::Tail, State::Recognising, State::Correcting] {
            assert!(!early.may_become(State::Delivering), "{early:?}");
        }
    }
}
