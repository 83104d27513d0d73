//! From what keys do to what the user means: begin, stop, cancel, or nothing at all.
//!
//! A keyboard says little and says it badly: keys repeat by themselves, bounce, lose their release to a menu that grabs
//! the keyboard, and some desktops never tell of a release. [`Gestures`] is the one place that knows this. Events and
//! time go in by [`Gestures::handle`], what the user means comes out; [`Gestures::poll_timeout`] names the next moment at
//! which silence means something too.
//!
//! The machine does not know what a session is. It is told what became of its wishes ([`KeyInput::Begun`],
//! [`KeyInput::BeginRefused`], [`KeyInput::Session`]), and of starts it had no part in, so that the hotkey stops whatever
//! records, whoever started it.

mod machine;
mod words;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use machine::Gestures;
pub use words::{Ask, Binding, Gesture, KeyInput, KeyKind, KeyReports, Plan, PressMode, Refusal};
