//! The clipboard, for what the user asks the window to copy. What a dictation does to it is another matter.

use std::sync::{Mutex, PoisonError};

/// Text that was put on the clipboard stays there as long as this lives: on Linux its owner hands it out on request.
#[derive(Default)]
pub(crate) struct Clipboard {
    held: Mutex<Option<arboard::Clipboard>>,
}

impl Clipboard {
    /// Puts `text` onto the clipboard. Answers whether that worked; a system without one is no reason to fail.
    pub(crate) fn put(&self, text: &str) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let put = match held.as_mut() {
            Some(clipboard) => clipboard.set_text(text),
            None => arboard::Clipboard::new().and_then(|clipboard| held.insert(clipboard).set_text(text)),
        };
        if let Err(problem) = &put {
            // The error tells what the system said, not what was to be copied.
            tracing::warn!(%problem, "the clipboard took no text");
        }
        put.is_ok()
    }
}
