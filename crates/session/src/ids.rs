//! The numbers and names that say which. Each has one meaning and is never compared with another: they are distinct
//! types so that the compiler refuses it.

use std::{fmt, num::NonZeroU64, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which session: a UUID, version 7. Minted outside, because it holds a time and random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(Uuid);

impl SessionId {
    /// The id of a session made at `wall` with ten random bytes.
    pub fn mint(wall: crate::time::Wall, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(wall.0.max(0).unsigned_abs(), &random).into_uuid())
    }

    /// The first eight characters, for people to read. Not unique.
    pub fn short(self) -> String {
        let mut text = self.0.simple().to_string();
        text.truncate(8);
        text
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for SessionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(NonZeroU64);

        impl $name {
            /// The first one.
            pub const FIRST: Self = Self(NonZeroU64::MIN);

            /// The one after this.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }

            /// The one after `last`, or the first where there was none.
            #[must_use]
            pub fn after(last: Option<Self>) -> Self {
                last.map_or(Self::FIRST, Self::next)
            }

            /// The plain number, from 1.
            pub const fn get(self) -> u64 {
                self.0.get()
            }

            /// From a plain number; nothing for 0, which is never current.
            pub fn new(number: u64) -> Option<Self> {
                NonZeroU64::new(number).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counter! {
    /// Which session owns microphone and screen. Rises with each accepted begin while the app runs, never reused.
    Token
}
counter! {
    /// Which run of recognise, correct, deliver inside one session. Doing it again makes a new one.
    PipelineSeq
}
counter! {
    /// Which utterance of a session, in the order spoken.
    TurnSeq
}
counter! {
    /// A window's own counter of questions; an answer to an older question is dropped.
    RequestGen
}
counter! {
    /// Which control event of a session, gap-free.
    EventSeq
}
counter! {
    /// Which frame of a lossy stream.
    FrameSeq
}
counter! {
    /// Which subscription to a feed.
    FeedId
}

/// Which run of the app. Counters restart with each, so an event carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BootId(pub Uuid);
