//! What the sessions promise.

mod beginning;
mod ending;
mod going_on;
mod properties;
mod properties_found;
mod redoing;
mod timelines;
