//! Answers to a window's questions: the latest question wins, and what was shown before is shown again at once.
//!
//! A window that asks for session A, then for B, may get A's answer last. [`Questions`] drops it, whole: what an
//! [`Answer`] carries can only be reached through the guard, so no total, page or flag of a late answer leaks past it.

use std::collections::VecDeque;

use crate::{ids::RequestGen, limits};

/// What a loader brings back: sealed until [`Questions::accept`] has found it current.
#[derive(Debug, Clone)]
pub struct Answer<K, V> {
    request: RequestGen,
    about: K,
    value: V,
}

impl<K, V> Answer<K, V> {
    /// The answer `value` to question `request`, which was about `about`.
    pub fn new(request: RequestGen, about: K, value: V) -> Self {
        Self { request, about, value }
    }
}

/// Why an answer is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLate {
    /// Nothing is being waited for: the question was taken back, or answered already.
    #[error("the question was taken back or answered already")]
    NotAsked,
    /// A later question was asked since.
    #[error("a later question was asked since")]
    Overtaken,
    /// The number fits, but it speaks about something else than what is shown.
    #[error("the answer is about something else")]
    AboutAnother,
}

/// One window's questions of one kind. `K` is the whole of what was asked about (a full scope, never a bare id).
#[derive(Debug, Clone)]
pub struct Questions<K> {
    last: Option<RequestGen>,
    open: Option<(RequestGen, K)>,
}

impl<K> Default for Questions<K> {
    fn default() -> Self {
        Self { last: None, open: None }
    }
}

impl<K: PartialEq> Questions<K> {
    /// Asks about `about`; every earlier question is overtaken.
    pub fn ask(&mut self, about: K) -> RequestGen {
        let request = RequestGen::after(self.last);
        self.last = Some(request);
        self.open = Some((request, about));
        request
    }

    /// Takes the open question back: no answer to it will be accepted. Harmless where none is open.
    pub fn cancel(&mut self) {
        self.open = None;
    }

    /// Whether an answer is being waited for.
    pub fn waiting(&self) -> bool {
        self.open.is_some()
    }

    /// Opens an answer if it answers the open question; that question is then closed.
    pub fn accept<V>(&mut self, answer: Answer<K, V>) -> Result<V, TooLate> {
        match &self.open {
            None => Err(TooLate::NotAsked),
            Some((request, _)) if *request != answer.request => Err(TooLate::Overtaken),
            Some((_, about)) if *about != answer.about => Err(TooLate::AboutAnother),
            Some(_) => {
                self.open = None;
                Ok(answer.value)
            }
        }
    }
}

/// What was last shown for each key, so that a switch back shows something at once. Holds [`limits::SNAPSHOTS`]
/// entries; the one written longest ago goes first. Values are cloned in and out: nobody changes what is kept.
#[derive(Debug, Clone)]
pub struct Snapshots<K, V> {
    kept: VecDeque<(K, V)>,
}

impl<K, V> Default for Snapshots<K, V> {
    fn default() -> Self {
        Self { kept: VecDeque::new() }
    }
}

impl<K: PartialEq, V: Clone> Snapshots<K, V> {
    /// Keeps a copy of `value`; an older one under the same key is replaced.
    pub fn put(&mut self, key: K, value: &V) {
        self.forget(&key);
        if self.kept.len() >= limits::SNAPSHOTS {
            self.kept.pop_front();
        }
        self.kept.push_back((key, value.clone()));
    }

    /// A copy of what is kept under exactly this key.
    pub fn get(&self, key: &K) -> Option<V> {
        self.kept.iter().find(|(kept, _)| kept == key).map(|(_, value)| value.clone())
    }

    /// Forgets what is kept under this key, if anything.
    pub fn forget(&mut self, key: &K) {
        self.kept.retain(|(kept, _)| kept != key);
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Page {
        items: Vec<&'static str>,
        total: usize,
    }

    #[test]
    fn d19_the_latest_question_wins_however_the_answers_arrive() {
        let mut questions = Questions::default();
        let a = questions.ask("a");
        let b = questions.ask("b");
        let mut shown = Vec::new();
        for answer in [Answer::new(b, "b", "B"), Answer::new(a, "a", "A")] {
            shown.extend(questions.accept(answer));
        }
        assert_eq!(shown, ["B"]);
        assert!(b > a);
    }

    #[test]
    fn d19_a_cancelled_question_takes_no_answer() {
        let mut questions = Questions::default();
        let request = questions.ask("a");
        questions.cancel();
        assert!(!questions.waiting());
        assert_eq!(questions.accept(Answer::new(request, "a", 1)), Err(TooLate::NotAsked));
    }

    #[test]
    fn d19_the_whole_scope_is_compared_not_only_the_number() {
        let mut questions = Questions::default();
        let request = questions.ask(("mail", "whisper-local", "s1"));
        let other_engine = Answer::new(request, ("mail", "remote", "s1"), ());
        assert_eq!(questions.accept(other_engine), Err(TooLate::AboutAnother));
        assert!(questions.accept(Answer::new(request, ("mail", "whisper-local", "s1"), ())).is_ok());
    }

    #[test]
    fn d19_an_answer_is_taken_once() {
        let mut questions = Questions::default();
        let request = questions.ask("a");
        assert_eq!(questions.accept(Answer::new(request, "a", 1)), Ok(1));
        assert_eq!(questions.accept(Answer::new(request, "a", 1)), Err(TooLate::NotAsked));
    }

    #[test]
    fn d20_tl17_neither_items_nor_totals_of_a_late_answer_are_shown() {
        let mut questions = Questions::default();
        let mut shown = Page { items: Vec::new(), total: 0 };
        let slow = Answer::new(questions.ask("a"), "a", Page { items: vec!["a1"], total: 40 });
        let fast = Answer::new(questions.ask("b"), "b", Page { items: vec!["b1"], total: 1 });
        for answer in [fast, slow] {
            if let Ok(page) = questions.accept(answer) {
                shown = page;
            }
        }
        assert_eq!(shown, Page { items: vec!["b1"], total: 1 });
    }

    #[test]
    fn d22_forty_are_kept_and_the_one_written_longest_ago_goes() {
        let mut snapshots = Snapshots::default();
        for key in 0..limits::SNAPSHOTS {
            snapshots.put(key, &key);
        }
        snapshots.put(0, &100);
        snapshots.put(limits::SNAPSHOTS, &0);
        assert_eq!(snapshots.len(), 40);
        assert_eq!(snapshots.get(&0), Some(100), "written again, so not the oldest");
        assert_eq!(snapshots.get(&1), None);
    }

    #[test]
    fn d22_a_change_to_what_went_in_or_came_out_does_not_reach_what_is_kept() {
        let mut snapshots = Snapshots::default();
        let mut page = Page { items: vec!["one"], total: 1 };
        snapshots.put("k", &page);
        page.items.push("two");
        let mut out = snapshots.get(&"k").unwrap();
        out.items.clear();
        assert_eq!(snapshots.get(&"k").unwrap().items, ["one"]);
    }
}
