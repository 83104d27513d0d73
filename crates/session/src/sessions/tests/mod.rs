
//! What the sessions promise.

mod timelines;
