//! A lossy stream of the latest: what the level meter and, for those who allow it, the context screenshot are made of.
//!
//! Control events must all arrive; frames must only be fresh. So a frame that comes too soon is refused, old ones fall
//! out of a ring, and a subscriber that is slow gets the newest frame and never the queue of those it missed. Everyone
//! gets a copy of their own.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{FeedId, FrameSeq},
    limits::{FrameLimits, LEVEL_BANDS},
    time::{Millis, Tick},
};

/// How loud the microphone is, for a meter.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Level {
    /// The mean of the last interval, 0 to 1.
    pub rms: f32,
    /// The loudest sample of it, 0 to 1.
    pub peak: f32,
    /// Its spectrum from low to high, 0 to 1 each.
    pub bands: [f32; LEVEL_BANDS],
}

/// A frame as it was taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame<T> {
    /// Its number in this ring. Gaps mean nothing: the stream is lossy.
    pub frame_seq: FrameSeq,
    /// Where it comes from.
    pub source: String,
    /// When it was taken in.
    pub received_at: Tick,
    /// The frame itself.
    pub data: T,
}

/// Why a frame was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Nothing was started, or it was stopped: a frame that was under way does not start it again.
    #[error("the stream is stopped: start it before sending frames")]
    Stopped,
    /// The last one is too recent.
    #[error("the last frame was taken in less than the interval ago")]
    TooSoon,
    /// The session is over.
    #[error("the stream has ended")]
    Closed,
}

/// What a subscriber finds.
#[derive(Debug, Clone, PartialEq)]
pub enum Next<T> {
    /// The newest frame since it last asked.
    Frame(Frame<T>),
    /// Nothing new.
    Nothing,
    /// Nothing new, and nothing ever again; or it is not subscribed.
    Closed,
}

/// The newest frames of one source at a time, and those who watch.
#[derive(Debug, Clone)]
pub struct FrameRing<T> {
    limits: FrameLimits,
    source: Option<String>,
    frames: VecDeque<Frame<T>>,
    last_accepted: Option<Tick>,
    last_active: Option<Tick>,
    last_seq: Option<FrameSeq>,
    last_subscriber: Option<FeedId>,
    subscribers: BTreeMap<FeedId, Option<Frame<T>>>,
    closed: bool,
}

impl<T: Clone> FrameRing<T> {
    /// An empty ring that is not started. A limit of no kept frame keeps one.
    pub fn new(limits: FrameLimits) -> Self {
        Self {
            limits: FrameLimits { kept: limits.kept.max(1), ..limits },
            source: None,
            frames: VecDeque::new(),
            last_accepted: None,
            last_active: None,
            last_seq: None,
            last_subscriber: None,
            subscribers: BTreeMap::new(),
            closed: false,
        }
    }

    /// Frames of `source` are welcome from now on. Another source than before begins with an empty ring and may send at
    /// once; the same one goes on.
    pub fn start(&mut self, source: &str, now: Tick) {
        if self.closed {
            return;
        }
        if self.source.as_deref() != Some(source) {
            self.clear();
            self.source = Some(source.to_owned());
        }
        self.last_active = Some(now);
    }

    /// No frames are welcome any more, and none are kept. With a `source` only if that is the one that runs.
    pub fn stop(&mut self, source: Option<&str>, now: Tick) {
        if source.is_none() || self.source.is_none() || source == self.source.as_deref() {
            self.clear();
            self.source = None;
        }
        self.last_active = Some(now);
    }

    /// Takes in a frame and hands it to all subscribers. The interval is judged before the source: a new source inside it
    /// is refused and changes nothing. An accepted frame of a new source drops those of the old one.
    pub fn push(&mut self, source: &str, data: T, now: Tick) -> Result<FrameSeq, Rejected> {
        if self.closed {
            return Err(Rejected::Closed);
        }
        let Some(active) = &self.source else { return Err(Rejected::Stopped) };
        if self.last_accepted.is_some_and(|last| now.since(last) < self.limits.interval) {
            return Err(Rejected::TooSoon);
        }
        if active != source {
            self.clear();
            self.source = Some(source.to_owned());
        }
        let frame_seq = FrameSeq::after(self.last_seq);
        let frame = Frame { frame_seq, source: source.to_owned(), received_at: now, data };
        for slot in self.subscribers.values_mut() {
            *slot = Some(frame.clone());
        }
        self.frames.push_back(frame);
        while self.frames.len() > self.limits.kept {
            self.frames.pop_front();
        }
        self.last_seq = Some(frame_seq);
        self.last_accepted = Some(now);
        self.last_active = Some(now);
        Ok(frame_seq)
    }

    /// A copy of the newest frame, if it is at most `ttl` old. A `ttl` of nothing finds nothing.
    pub fn latest(&self, now: Tick, ttl: Millis) -> Option<Frame<T>> {
        self.fresh(now, ttl).last().cloned()
    }

    /// Copies of all kept frames that are at most `ttl` old, oldest first.
    pub fn recent(&self, now: Tick, ttl: Millis) -> Vec<Frame<T>> {
        self.fresh(now, ttl).cloned().collect()
    }

    /// A new subscriber. It gets what comes from now on, nothing from before.
    pub fn subscribe(&mut self) -> FeedId {
        let id = FeedId::after(self.last_subscriber);
        self.last_subscriber = Some(id);
        if !self.closed {
            self.subscribers.insert(id, None);
        }
        id
    }

    /// The newest frame that this subscriber has not had yet.
    pub fn next(&mut self, subscriber: FeedId) -> Next<T> {
        match self.subscribers.get_mut(&subscriber).map(Option::take) {
            Some(Some(frame)) => Next::Frame(frame),
            Some(None) if self.closed => {
                self.subscribers.remove(&subscriber);
                Next::Closed
            }
            Some(None) => Next::Nothing,
            None => Next::Closed,
        }
    }

    /// This subscriber is gone, and so is what it had not fetched. Once more does no harm.
    pub fn unsubscribe(&mut self, subscriber: FeedId) {
        self.subscribers.remove(&subscriber);
    }

    /// How many subscribers have not left.
    pub fn subscriber_count(&self) -> usize {
        self.subscribers.len()
    }

    /// The session is over: nothing is taken in any more, and each subscriber is told after its last frame.
    pub fn close(&mut self) {
        self.closed = true;
        self.source = None;
        self.clear();
    }

    /// When it was last started, stopped or fed. A refused frame is no sign of life.
    pub fn last_active(&self) -> Option<Tick> {
        self.last_active
    }

    fn fresh(&self, now: Tick, ttl: Millis) -> impl Iterator<Item = &Frame<T>> {
        let counts = move |frame: &&Frame<T>| ttl > Millis(0) && now.since(frame.received_at) <= ttl;
        self.frames.iter().filter(counts)
    }

    fn clear(&mut self) {
        self.frames.clear();
        self.last_accepted = None;
    }
}

#[cfg(test)]
mod tests;
