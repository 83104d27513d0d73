//! A desktop of its own for every test: X server, session bus, keyring, window manager, tray, sound server with a
//! virtual microphone, and windows to dictate into. The real app runs on it and is driven as a user would: by keys at
//! the X server, by the tray icon, by a WAV played into the microphone, and by WebDriver inside its page.
//!
//! ```no_run
//! # #[cfg(target_os = "linux")]
//! # fn main() -> quoth_desktop::Result<()> {
//! use quoth_desktop::{Desktop, DesktopPlan, Editor, EditorPlan};
//!
//! let desktop = Desktop::start(&DesktopPlan::full())?;
//! let editor = Editor::open(&desktop, &EditorPlan::titled("Letter"))?;
//! editor.focus()?;
//! desktop.keys().type_text("Dear reader")?;
//! editor.wait_for_text("Dear reader")
//! # }
//! # #[cfg(not(target_os = "linux"))]
//! # fn main() {}
//! ```
//!
//! Nothing outlives its desktop, however the test ends (see [`Desktop`]), and several desktops can run side by side.
//! The library is empty on other systems, so that the workspace compiles everywhere.
#![cfg(target_os = "linux")]

mod app;
mod bus;
mod desktop;
mod display;
mod editor;
mod error;
mod evidence;
mod guardian;
mod keyboard;
mod keysyms;
mod microphone;
mod page;
mod parts;
mod picture;
mod plan;
mod pointer;
mod processes;
mod programs;
mod quoth;
mod tray;
mod tray_menu;
mod wait;
mod webdriver;
mod windows;

pub use app::{Answer, App, Installation};
pub use bus::Bus;
pub use desktop::Desktop;
pub use editor::{Editor, EditorKind, EditorPlan};
pub use error::{DesktopError, Result};
pub use keyboard::{Held, Keyboard};
pub use microphone::{Microphone, Playing, Recording};
pub use page::{Element, Page};
pub use picture::Picture;
pub use plan::{DesktopPlan, Part};
pub use pointer::{Button, Pointer};
pub use processes::{Memory, ProcessInfo, cpu_time, descendants, is_running, memory, with_environment};
pub use programs::Program;
pub use tray::{Tray, TrayMenu};
pub use tray_menu::MenuItem;
pub use wait::{PATIENCE, wait_until};
pub use windows::{Place, Window, Windows};
