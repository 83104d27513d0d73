//! A lossy stream of frames to several windows: the latest wins, nobody waits for anybody.

use std::collections::{BTreeMap, VecDeque};

use crate::ids::FeedId;

/// The subscribers of one stream. No replay; the stream ends with its session.
#[derive(Debug, Clone)]
pub struct FrameFeed<T> {
    queues: BTreeMap<FeedId, Queue<T>>,
    last_id: Option<FeedId>,
}

#[derive(Debug, Clone)]
struct Queue<T> {
    room: usize,
    frames: VecDeque<T>,
}

/// What a subscriber of frames finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextFrame<T> {
    /// The oldest frame that still waits.
    Frame(T),
    /// None waits now.
    None,
    /// There will be none: it was unsubscribed, or the stream has ended.
    Ended,
}

impl<T> Default for FrameFeed<T> {
    fn default() -> Self {
        Self { queues: BTreeMap::new(), last_id: None }
    }
}

impl<T: Clone> FrameFeed<T> {
    /// A new subscriber with room for `buffer` frames, at least one. It gets what comes from now on.
    pub fn subscribe(&mut self, buffer: usize) -> FeedId {
        let id = FeedId::after(self.last_id);
        self.last_id = Some(id);
        self.queues.insert(id, Queue { room: buffer.max(1), frames: VecDeque::new() });
        id
    }

    /// Ends a subscription. One that is not there changes nothing.
    pub fn unsubscribe(&mut self, id: FeedId) {
        self.queues.remove(&id);
    }

    /// Gives every subscriber its own copy. One without room loses its oldest frame; the others notice nothing.
    pub fn publish(&mut self, frame: &T) {
        for queue in self.queues.values_mut() {
            if queue.frames.len() >= queue.room {
                queue.frames.pop_front();
            }
            queue.frames.push_back(frame.clone());
        }
    }

    /// The next frame of a subscriber.
    pub fn poll(&mut self, id: FeedId) -> NextFrame<T> {
        match self.queues.get_mut(&id) {
            None => NextFrame::Ended,
            Some(queue) => queue.frames.pop_front().map_or(NextFrame::None, NextFrame::Frame),
        }
    }

    /// Ends the stream for everyone.
    pub fn close(&mut self) {
        self.queues.clear();
    }
}
