//! Time as it is handed in: never asked for.

use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A moment of the clock that only goes forward, in milliseconds since the app started. All timers run on it, so that
/// setting the wall clock reaps, ends or delays nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tick(pub u64);

/// A length of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

/// The wall clock: milliseconds since 1970, for rows and people. Never compared for a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wall(pub i64);

/// Both clocks at one instant, as every input brings them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// The clock timers run on.
    pub tick: Tick,
    /// The clock rows are dated by.
    pub wall: Wall,
}

impl Tick {
    /// How long it is since `earlier`; nothing if that lies ahead.
    pub fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Millis> for Tick {
    type Output = Self;

    fn add(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for Tick {
    type Output = Millis;

    fn sub(self, earlier: Self) -> Millis {
        self.since(earlier)
    }
}

impl Millis {
    /// A number of whole seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds * 1000)
    }
}
