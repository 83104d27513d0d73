//! Counters as SQLite holds them: signed.

use quoth_session::ids::TurnSeq;

/// A counter on its way into a row.
pub(crate) fn row(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Which utterance a row speaks of. The schema has none below 1.
pub(crate) fn turn(number: i64) -> TurnSeq {
    u64::try_from(number).ok().and_then(TurnSeq::new).unwrap_or(TurnSeq::FIRST)
}
