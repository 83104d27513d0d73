//! What a dictation is, without I/O.
//!
//! This crate decides; all others only do. Inputs and time go in, effects come out, and nothing else happens: no clock is
//! asked, no file touched, no task spawned. So every rule of `docs/behaviours.md` is tested in microseconds, with random
//! orders of events.
//!
//! - [`Sessions`] is the whole of it: what may begin, who owns the microphone, what becomes of a text whose window is
//!   gone, how the app ends. Read [`Input`] for what can happen, [`Effect`] for what is then to be done, [`state`] for where
//!   a session can stand.
//! - [`gesture`] makes begin, stop and cancel out of a key's presses and releases.
//! - [`queue`] holds recorded turns that wait for work, across restarts.
//! - [`feed`] and [`frames`] are how windows follow along; [`stale`] and [`answers`] say what a window must drop.
//! - [`guard`] and [`clipboard`] decide about the last step, the one that can't be taken back.
//! - [`limits`] holds every number, with its reason.
//!
#![cfg_attr(feature = "sim", doc = "```")]
#![cfg_attr(not(feature = "sim"), doc = "```ignore")]
//! use quoth_session::{Effect, Input, Sessions, sim};
//!
//! let mut sessions = Sessions::new(sim::boot());
//! sessions.ready(sim::at(0));
//! sessions.handle(Input::Begin(Box::new(sim::begin(1))), sim::at(0))?;
//! assert!(std::iter::from_fn(|| sessions.poll_effect()).any(|effect| matches!(effect, Effect::OpenMicrophone(_))));
//! # Ok::<(), quoth_session::Refusal>(())
//! ```
//!
//! Invariant: this crate depends on serde, thiserror and uuid alone (a test holds it to that), and has no
//! `cfg(target_os)`.
//!
//! Invariant: no text is logged or printed; [`text::Text`] shows its length only.

pub mod answers;
pub mod clipboard;
pub mod context;
pub mod effect;
pub mod event;
pub mod feed;
pub mod frames;
pub mod gesture;
pub mod guard;
pub mod history;
pub mod ids;
pub mod input;
pub mod limits;
pub mod pipeline;
pub mod queue;
pub mod scope;
mod sessions;
#[cfg(any(test, feature = "sim"))]
pub mod sim;
pub mod stale;
pub mod state;
pub mod sweep;
pub mod text;
pub mod time;
pub mod title;
pub mod transcript;
pub mod vocabulary;

pub use effect::Effect;
pub use input::Input;
pub use sessions::{Begun, Counts, LiveSession, Refusal, Reply, SessionCard, Sessions};
