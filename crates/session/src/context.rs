//! What a language model is shown of earlier dictations: pairs of what was said and what it became.

use std::collections::BTreeMap;

use crate::{history::Role, ids::SessionId, limits, time::Wall};

/// A stored message, as the history hands it out for this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The project it was said in.
    pub project: String,
    /// Its session; rows of old versions may have none.
    pub session: Option<SessionId>,
    /// Whose words.
    pub role: Role,
    /// The words.
    pub text: String,
    /// When.
    pub at: Wall,
}

/// What was said and what it was corrected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What was said; several utterances with one correction stand on lines of their own.
    pub raw: String,
    /// When it was said.
    pub raw_at: Wall,
    /// What it was corrected to.
    pub corrected: String,
    /// When it was corrected.
    pub corrected_at: Wall,
}

/// The latest pairs of `project` among `earlier` (oldest first), oldest first: as many as `wished` up to the most
/// there may be, or the usual number. Never pairs across sessions. Their times rise strictly and do not pass `now`.
pub fn pairs(earlier: &[Earlier], project: &str, wished: Option<usize>, now: Wall) -> Vec<Pair> {
    let (usual, most) = limits::CONTEXT_PAIRS;
    let looked_at = &earlier[earlier.len().saturating_sub(limits::CONTEXT_LOAD)..];
    let mut pairs = paired(looked_at.iter().filter(|message| message.project == project));
    let surplus = pairs.len().saturating_sub(wished.unwrap_or(usual).min(most));
    pairs.drain(..surplus);
    straighten(&mut pairs, now);
    pairs
}

/// Puts each correction to the words before it in its session. Words without correction and corrections without
/// words are dropped.
fn paired<'a>(messages: impl Iterator<Item = &'a Earlier>) -> Vec<Pair> {
    let mut said: BTreeMap<SessionId, (String, Wall)> = BTreeMap::new();
    let mut pairs = Vec::new();
    for message in messages {
        let Some(session) = message.session else { continue };
        if message.text.trim().is_empty() {
            continue;
        }
        match message.role {
            Role::System => {}
            Role::User => {
                said.entry(session)
                    .and_modify(|(text, at)| {
                        text.push('\n');
                        text.push_str(&message.text);
                        *at = message.at;
                    })
                    .or_insert_with(|| (message.text.clone(), message.at));
            }
            Role::Assistant => {
                if let Some((raw, raw_at)) = said.remove(&session) {
                    pairs.push(Pair {
                        raw,
                        raw_at,
                        corrected: message.text.clone(),
                        corrected_at: message.at,
                    });
                }
            }
        }
    }
    pairs
}

/// Pulls times back, from the last to the first, until each lies before the next and the last not after `now`.
fn straighten(pairs: &mut [Pair], now: Wall) {
    let mut latest = now.0;
    for pair in pairs.iter_mut().rev() {
        for at in [&mut pair.corrected_at, &mut pair.raw_at] {
            at.0 = at.0.min(latest);
            latest = at.0.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn session(number: u8) -> SessionId {
        SessionId::mint(Wall(0), [number; 10])
    }

    fn message(number: u8, role: Role, text: &str, at: i64) -> Earlier {
        let project = "mail".to_owned();
        Earlier { project, session: Some(session(number)), role, text: text.to_owned(), at: Wall(at) }
    }

    fn words(pairs: &[Pair]) -> Vec<(&str, &str)> {
        pairs.iter().map(|pair| (pair.raw.as_str(), pair.corrected.as_str())).collect()
    }

    use Role::{Assistant, System, User};

    #[test]
    fn c16_consecutive_words_are_merged_and_orphans_dropped() {
        let earlier = [
            message(1, Assistant, "orphan", 1),
            message(1, User, "one", 2),
            message(1, System, "remark", 3),
            message(1, User, "two", 4),
            message(1, Assistant, "One. Two.", 5),
            message(1, Assistant, "orphan again", 6),
            message(1, User, "never corrected", 7),
        ];
        assert_eq!(words(&pairs(&earlier, "mail", None, Wall(10))), [("one\ntwo", "One. Two.")]);
    }

    #[test]
    fn c16_nothing_is_paired_across_sessions_or_projects_or_without_session() {
        let mut earlier = vec![
            message(1, User, "a", 1),
            message(2, User, "b", 2),
            message(1, Assistant, "A", 3),
            message(2, Assistant, "B", 4),
            message(3, User, "c", 5),
            message(4, Assistant, "not c's", 6),
        ];
        let elsewhere = |role, text| Earlier { project: "code".to_owned(), ..message(5, role, text, 7) };
        let nowhere = |role, text| Earlier { session: None, ..message(6, role, text, 8) };
        earlier.extend([elsewhere(User, "d"), elsewhere(Assistant, "D")]);
        earlier.extend([nowhere(User, "e"), nowhere(Assistant, "E")]);
        assert_eq!(words(&pairs(&earlier, "mail", None, Wall(10))), [("a", "A"), ("b", "B")]);
    }

    #[test]
    fn c16_three_pairs_are_usual_twenty_the_most_out_of_eighty_messages() {
        let mut earlier = Vec::new();
        for number in 0..100 {
            earlier.push(message(1, User, &format!("u{number}"), number * 2));
            earlier.push(message(1, Assistant, &format!("a{number}"), number * 2 + 1));
        }
        let count = |wished| pairs(&earlier, "mail", wished, Wall(1_000)).len();
        assert_eq!((count(None), count(Some(0)), count(Some(5)), count(Some(500))), (3, 0, 5, 20));
        let latest = pairs(&earlier, "mail", Some(1), Wall(1_000));
        assert_eq!(words(&latest), [("u99", "a99")]);
        earlier.extend((0..80).map(|at| message(2, System, "remark", 200 + at)));
        assert!(pairs(&earlier, "mail", None, Wall(1_000)).is_empty(), "only the last 80 are looked at");
    }

    #[test]
    fn c16_times_rise_strictly_and_do_not_pass_now() {
        let earlier = [
            message(1, User, "a", 900),
            message(1, Assistant, "A", 900),
            message(1, User, "b", 900),
            message(1, Assistant, "B", 5_000),
        ];
        let times: Vec<_> = pairs(&earlier, "mail", None, Wall(901))
            .iter()
            .flat_map(|pair| [pair.raw_at.0, pair.corrected_at.0])
            .collect();
        assert_eq!(times, [898, 899, 900, 901]);
    }

    proptest! {
        #[test]
        fn c16_every_pair_is_of_one_session_and_in_order(
            rows in prop::collection::vec((0_u8..3, 0_u8..3, -5_i64..30), 0..120), wished in 0_usize..30,
        ) {
            let roles = [User, Assistant, System];
            let earlier: Vec<_> = rows
                .iter()
                .map(|(number, role, at)| message(*number, roles[usize::from(*role)], &number.to_string(), *at))
                .collect();
            let pairs = pairs(&earlier, "mail", Some(wished), Wall(20));
            prop_assert!(pairs.len() <= wished.min(20));
            let times: Vec<_> = pairs.iter().flat_map(|pair| [pair.raw_at, pair.corrected_at]).collect();
            prop_assert!(times.windows(2).all(|two| two[0] < two[1]));
            prop_assert!(times.last().is_none_or(|last| *last <= Wall(20)));
            for pair in &pairs {
                prop_assert!(pair.raw.lines().all(|line| line == pair.corrected));
            }
        }
    }
}
