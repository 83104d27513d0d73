//! From a stream of partial results to one text.
//!
//! An engine speaks in three voices: *interim* text that it may still change, *definite* text of windows that may
//! overlap the ones before, and a *final* text at the end. Segments cut at pauses never overlap; they have their own
//! way in ([`Transcript::segment`]), because taking an overlap out of "no" and "no" would lose a spoken word.

use std::collections::VecDeque;

use crate::limits;

/// What is known of an utterance so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    interim: String,
    definite: String,
    final_text: String,
    revisions: VecDeque<String>,
}

impl Transcript {
    /// A new interim text: it replaces the one before and is kept as a revision. A blank one is ignored.
    pub fn interim(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        text.clone_into(&mut self.interim);
        if self.revisions.back().is_some_and(|last| last == text) {
            return;
        }
        let (_, kept) = limits::INTERIM_HISTORY;
        if self.revisions.len() >= kept {
            self.revisions.pop_front();
        }
        self.revisions.push_back(text.to_owned());
    }

    /// Text of a window that will not change any more and may overlap what came before. Ends the interim text.
    pub fn definite(&mut self, text: &str) {
        self.definite = merge(&self.definite, text);
        self.interim.clear();
    }

    /// Text of a segment that begins where the last one ended: appended as it is, repeated words included.
    pub fn segment(&mut self, text: &str) {
        self.definite = join(&self.definite, text);
        self.interim.clear();
    }

    /// What the engine says at the end; it may be all of it or only what is new.
    pub fn finish(&mut self, text: &str) {
        self.final_text = merge(&self.final_text, text);
        self.interim.clear();
    }

    /// What will not change any more: the definite text with the final text merged into it.
    pub fn committed(&self) -> String {
        merge(&self.definite, &self.final_text)
    }

    /// The best text there is: what is committed, else the interim text.
    pub fn best(&self) -> String {
        let committed = self.committed();
        if committed.is_empty() { self.interim.clone() } else { committed }
    }

    /// What to show while the user speaks: what is committed, and the interim text behind it.
    pub fn live_preview(&self) -> String {
        merge(&self.committed(), &self.interim)
    }

    /// The latest interim revisions, oldest first, for a language model to see what was heard otherwise.
    pub fn revisions(&self) -> impl Iterator<Item = &str> {
        let (shown, _) = limits::INTERIM_HISTORY;
        self.revisions.iter().skip(self.revisions.len().saturating_sub(shown)).map(String::as_str)
    }
}

/// `next` put behind `base`: one that begins with `base` replaces it, one that `base` begins with is a stale replay
/// and ignored, anything else is appended without the longest stretch that ends `base` and begins `next`.
pub fn merge(base: &str, next: &str) -> String {
    if next.starts_with(base) {
        return next.to_owned();
    }
    if base.starts_with(next) {
        return base.to_owned();
    }
    match overlap(base, next) {
        0 => join(base, next),
        shared => format!("{base}{}", &next[shared..]),
    }
}

/// How many bytes of `next`'s beginning already end `base`; always a character boundary of both.
fn overlap(base: &str, next: &str) -> usize {
    base.char_indices()
        .map(|(start, _)| &base[start..])
        .find(|ending| next.starts_with(ending))
        .map_or(0, str::len)
}

/// Two texts one after the other, with a space between where both their scripts use one.
fn join(base: &str, next: &str) -> String {
    let (Some(before), Some(after)) = (base.chars().next_back(), next.chars().next()) else {
        return format!("{base}{next}");
    };
    let touching = before.is_whitespace() || after.is_whitespace();
    let gap = if touching || spaceless(before) || spaceless(after) { "" } else { " " };
    format!("{base}{gap}{next}")
}

/// Whether a character belongs to a script written without spaces: Chinese and Japanese, with their punctuation.
fn spaceless(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn t3_a_text_that_extends_the_last_replaces_it() {
        assert_eq!(merge("the quick", "the quick brown"), "the quick brown");
    }

    #[test]
    fn t3_a_stale_replay_is_ignored() {
        assert_eq!(merge("the quick brown", "the quick"), "the quick brown");
        assert_eq!(merge("the quick brown", ""), "the quick brown");
    }

    #[test]
    fn t3_the_longest_overlap_is_taken_out_at_character_boundaries() {
        assert_eq!(merge("over the lazy", "the lazy dog"), "over the lazy dog");
        assert_eq!(merge("größe ü", "ü ä"), "größe ü ä");
        assert_eq!(merge("今天天气", "天气很好"), "今天天气很好");
        assert_eq!(merge("one", "two"), "one two");
        assert_eq!(merge("今天", "很好"), "今天很好");
    }

    #[test]
    fn t3_best_is_the_committed_text_else_the_interim() {
        let mut transcript = Transcript::default();
        transcript.interim("hel");
        assert_eq!(transcript.best(), "hel");
        assert_eq!(transcript.committed(), "");
        transcript.definite("hello wor");
        assert_eq!(transcript.best(), "hello wor");
        transcript.finish("hello world");
        assert_eq!(transcript.best(), "hello world");
    }

    #[test]
    fn t3_the_preview_shows_the_interim_behind_the_committed() {
        let mut transcript = Transcript::default();
        transcript.definite("hello");
        transcript.interim("hello there");
        assert_eq!(transcript.live_preview(), "hello there");
        transcript.interim("my friend");
        assert_eq!(transcript.live_preview(), "hello my friend");
        assert_eq!(transcript.best(), "hello");
    }

    #[test]
    fn t3_words_said_twice_in_two_segments_stay_twice() {
        let mut transcript = Transcript::default();
        transcript.segment("No.");
        transcript.segment("No.");
        assert_eq!(transcript.best(), "No. No.");
    }

    #[test]
    fn k15_interims_replace_one_another_and_blank_ones_are_ignored() {
        let mut transcript = Transcript::default();
        transcript.interim("one");
        transcript.interim("two");
        transcript.interim("  ");
        assert_eq!(transcript.best(), "two");
    }

    #[test]
    fn k19_sixty_four_revisions_are_kept_and_the_last_ten_are_given() {
        let mut transcript = Transcript::default();
        for number in 0..70 {
            transcript.interim(&number.to_string());
            transcript.interim(&number.to_string());
        }
        assert_eq!(transcript.revisions.len(), 64);
        let given: Vec<_> = transcript.revisions().collect();
        assert_eq!(given, ["60", "61", "62", "63", "64", "65", "66", "67", "68", "69"]);
    }

    proptest! {
        #[test]
        fn t3_merging_keeps_the_base_and_ends_with_the_end_of_the_next(base in "[ab ü]{0,8}", next in "[ab ü]{0,8}") {
            let merged = merge(&base, &next);
            prop_assert!(merged.starts_with(&base));
            prop_assert!(base.starts_with(&next) || merged.ends_with(&next));
            prop_assert!(merged.len() <= base.len() + next.len() + 1);
            prop_assert_eq!(merge(&merged, &merged), merged);
        }

        #[test]
        fn t3_overlapping_windows_of_one_text_give_that_text_back(
            letters in Just(('a'..='z').collect::<Vec<_>>()).prop_shuffle(), step in 1_usize..6, shared in 1_usize..6,
        ) {
            let text: String = letters.into_iter().collect();
            let mut transcript = Transcript::default();
            for end in (step..text.len()).step_by(step).chain([text.len()]) {
                transcript.definite(&text[end.saturating_sub(step + shared)..end]);
            }
            prop_assert_eq!(transcript.best(), text);
        }
    }
}
