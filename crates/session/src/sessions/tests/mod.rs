//! What the sessions promise.

mod beginning;
mod going_on;
mod properties;
mod redoing;
mod timelines;
