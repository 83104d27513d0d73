//! What dictating came to: words, time, and the time it saved.

use std::collections::{BTreeMap, BTreeSet};

use quoth_session::{time::Wall, vocabulary::OwnerId};
use serde::Serialize;

use crate::{Store, StoreError};

/// How fast people type, in words a minute: what dictating is held against.
const TYPING: i64 = 40;
const DAY: i64 = 24 * 60 * 60 * 1_000;
const MINUTE: i64 = 60 * 1_000;

/// The user's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// Now.
    pub now: Wall,
    /// How far the user's clock is ahead of the universal one, in minutes. One offset holds for all days, so that around a
    /// change of summer time an hour may count to the day beside it.
    pub offset_minutes: i32,
}

/// A sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// How many sessions.
    pub sessions: i64,
    /// How many words of the texts that count.
    pub words: i64,
    /// How long was spoken.
    pub audio_ms: i64,
    /// How many turns count with the text of a language model.
    pub corrections_applied: i64,
}

/// What dictating came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Statistics {
    /// All of it.
    pub total: Tally,
    /// Words a minute of speech; nothing where nothing was spoken.
    pub words_per_minute: Option<i64>,
    /// How much longer typing the same words would have taken, at 40 words a minute. Never below nothing.
    pub saved_ms: i64,
    /// Days in a row with a session, up to today or yesterday.
    pub streak: u32,
    /// The most days in a row there ever were.
    pub longest_streak: u32,
    /// By day, as days since 1970 by the user's clock.
    pub by_day: BTreeMap<i64, Tally>,
    /// By project.
    pub by_project: BTreeMap<String, Tally>,
    /// By program; those without one are left out.
    pub by_app: BTreeMap<String, Tally>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.words += other.words;
        self.audio_ms += other.audio_ms;
        self.corrections_applied += other.corrections_applied;
    }
}

impl Store {
    /// What an owner's sessions since `from` came to. Those in the trash don't count.
    pub async fn statistics(
        &self,
        owner: OwnerId,
        from: Option<Wall>,
        calendar: Calendar,
    ) -> Result<Statistics, StoreError> {
        let offset = i64::from(calendar.offset_minutes) * MINUTE;
        let from = from.map_or(i64::MIN, |from| from.0);
        let groups = sqlx::query!(
            r#"SELECT (s.started_at + ?1) / ?2 AS "day!: i64", s.project_id, s.target_app,
               count(DISTINCT s.pk) AS "sessions!: i64", ifnull(sum(m.words), 0) AS "words!: i64",
               ifnull(sum(t.audio_ms), 0) AS "audio_ms!: i64",
               ifnull(sum(m.kind = 'corrected'), 0) AS "corrections!: i64"
               FROM sessions s LEFT JOIN turns t ON t.session_pk = s.pk
               LEFT JOIN messages m ON m.turn_pk = t.pk AND m.chosen = 1
               WHERE s.owner_id = ?3 AND s.trashed_at IS NULL AND s.started_at >= ?4
               GROUP BY 1, s.project_id, s.target_app"#,
            offset,
            DAY,
            owner.0,
            from
        )
        .fetch_all(&self.readers)
        .await?;
        let mut statistics = Statistics::default();
        for group in groups {
            let tally = Tally {
                sessions: group.sessions,
                words: group.words,
                audio_ms: group.audio_ms,
                corrections_applied: group.corrections,
            };
            statistics.total.add(&tally);
            statistics.by_day.entry(group.day).or_default().add(&tally);
            statistics.by_project.entry(group.project_id).or_default().add(&tally);
            if let Some(app) = group.target_app {
                statistics.by_app.entry(app).or_default().add(&tally);
            }
        }
        let Tally { words, audio_ms, .. } = statistics.total;
        statistics.words_per_minute = (audio_ms > 0).then(|| words * MINUTE / audio_ms);
        statistics.saved_ms = (words * MINUTE / TYPING - audio_ms).max(0);
        let days: BTreeSet<i64> = statistics.by_day.keys().copied().collect();
        let today = (calendar.now.0 + offset).div_euclid(DAY);
        (statistics.streak, statistics.longest_streak) = streaks(&days, today);
        Ok(statistics)
    }
}

/// The days in a row up to today, and the most there ever were. A day that is not over yet breaks nothing.
fn streaks(days: &BTreeSet<i64>, today: i64) -> (u32, u32) {
    let (mut row, mut longest, mut last) = (0_u32, 0, None);
    for day in days {
        row = if last == Some(day - 1) { row + 1 } else { 1 };
        longest = longest.max(row);
        last = Some(*day);
    }
    let goes_on = last.is_some_and(|last| last == today || last == today - 1);
    (if goes_on { row } else { 0 }, longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_a_streak_goes_on_until_a_whole_day_is_missed() {
        let days = BTreeSet::from([1, 2, 3, 7, 8]);
        assert_eq!(streaks(&days, 8), (2, 3));
        assert_eq!(streaks(&days, 9), (2, 3));
        assert_eq!(streaks(&days, 10), (0, 3));
        assert_eq!(streaks(&BTreeSet::new(), 10), (0, 0));
    }
}
