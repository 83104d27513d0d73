//! A panic is written down with its place and told to the user calmly. What it says may hold dictated text (a
//! failed cut of a string shows the string), so only words that stand in the program itself are kept.

use std::{
    collections::VecDeque,
    panic::{self, PanicHookInfo},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crate::notice::{NoticeLevel, Notices};

/// Where something broke. Holds nothing a user said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanicPlace {
    /// The thread's name.
    pub thread: String,
    /// File, line and column in the source.
    pub location: String,
    /// What the program says there, if it is a fixed text.
    pub message: Option<&'static str>,
}

/// The last places where something broke, oldest first. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Panics {
    places: Arc<Mutex<VecDeque<PanicPlace>>>,
}

impl Panics {
    /// Enough to see a pattern.
    const KEPT: usize = 10;

    /// Nothing broke yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The last places, oldest first.
    pub fn list(&self) -> Vec<PanicPlace> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn keep(&self, place: PanicPlace) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() == Self::KEPT {
            places.pop_front();
        }
        places.push_back(place);
    }
}

/// From now on every panic of this process is logged, kept in `panics` and told as a notice. Nothing is printed:
/// the terminal of a desktop session is a log, too.
pub fn install_panic_hook(panics: Panics, notices: Notices) {
    panic::set_hook(Box::new(move |info| {
        let place = place_of(info);
        tracing::error!(
            thread = place.thread,
            location = place.location,
            message = place.message.unwrap_or("(not logged: it may hold what somebody said)"),
            "something inside Quoth panicked"
        );
        panics.keep(place);
        notices.tell(
            "panic",
            NoticeLevel::Error,
            "Something inside Quoth went wrong and was stopped; the rest goes on. If something does not work now, \
             quit Quoth and start it again. The log says where it happened.",
        );
    }));
}

fn place_of(info: &PanicHookInfo) -> PanicPlace {
    PanicPlace {
        thread: thread::current().name().unwrap_or("unnamed").to_owned(),
        location: info.location().map(ToString::to_string).unwrap_or_default(),
        // A formatted message is a String; only a literal is a &'static str.
        message: info.payload().downcast_ref::<&'static str>().copied(),
    }
}
