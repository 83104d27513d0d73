//! The last events of a session, for who comes late.

use std::collections::VecDeque;

use super::{Class, FeedEvent};
use crate::{ids::EventSeq, limits};

/// The last [`limits::FEED_RING`] transcript events of one session. Other events never get in.
#[derive(Debug, Clone)]
pub struct Ring<E> {
    kept: VecDeque<E>,
    /// The newest event that had to go.
    lost: Option<EventSeq>,
}

/// What to look for in the kept events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Query {
    /// The least confidence; an event without one counts as 0.
    pub min_confidence: f32,
    /// How many of the latest.
    pub limit: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self { min_confidence: 0.0, limit: limits::FEED_RING }
    }
}

impl<E> Default for Ring<E> {
    fn default() -> Self {
        Self { kept: VecDeque::new(), lost: None }
    }
}

impl<E: FeedEvent> Ring<E> {
    /// Keeps a copy if it is a transcript event; the oldest goes when there are too many.
    pub fn keep(&mut self, event: &E) {
        if event.class() != Class::Transcript {
            return;
        }
        if self.kept.len() >= limits::FEED_RING
            && let Some(gone) = self.kept.pop_front()
        {
            self.lost = gone.seq().or(self.lost);
        }
        self.kept.push_back(event.clone());
    }

    /// Copies of the kept events after `after` (all where nothing is given), oldest first.
    pub fn after(&self, after: Option<EventSeq>) -> Vec<E> {
        self.kept
            .iter()
            .filter(|event| after.is_none_or(|after| event.seq() > Some(after)))
            .cloned()
            .collect()
    }

    /// Whether [`Ring::after`] leaves out nothing that came after `after`.
    pub fn reaches_back_to(&self, after: Option<EventSeq>) -> bool {
        self.lost <= after
    }

    /// The latest kept events that fit, oldest first.
    pub fn find(&self, query: Query) -> Vec<E> {
        let fits = |event: &&E| event.confidence().unwrap_or(0.0) >= query.min_confidence;
        let mut found: Vec<E> = self.kept.iter().rev().filter(fits).take(query.limit).cloned().collect();
        found.reverse();
        found
    }
}
