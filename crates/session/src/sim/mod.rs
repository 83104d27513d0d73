//! A made-up world for tests: a clock that only moves when told, and fakes of microphone, engine, language model, hands and
//! page. A whole app's worth of behaviour runs in microseconds, and every run is the same.
//!
//! ```
//! use quoth_session::sim::World;
//!
//! let mut world = World::new();
//! let first = world.press();
//! world.run_to(2_000);
//! world.release();
//! world.run_to(10_000);
//! assert_eq!(world.pastes(), ["A."]);
//! assert_eq!(world.state_names(first).last(), Some(&"delivered"));
//! ```

pub mod chaos;
mod hands;
mod make;
mod page;
mod world;

pub use hands::{Clipboard, Hands};
pub use make::{at, begin, boot, session_id, window};
pub use page::{Page, Surface};
pub use world::{Reaction, World};
