//! What the sessions promise.

mod beginning;
mod going_on;
mod redoing;
mod timelines;
