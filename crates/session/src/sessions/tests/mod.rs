//! What the sessions promise.

//! What the sessions promise.

mod beginning;
mod going_on;
mod timelines;
