//! What a dictation is, without I/O.

pub mod ids;
pub mod limits;
pub mod time;
