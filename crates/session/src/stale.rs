//! Which events a surface takes in, and why it drops the others. The page holds to the same rules.
//!
//! Dropping by app run, token and scope keeps one session's events away from another's surface; dropping by sequence
//! number keeps one from being applied twice; a gap calls for a resync instead.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BootId, EventSeq, Token},
    scope::ScopeKey,
};

/// What an event says of itself, as far as the filter looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which run of the app it is of.
    pub boot: BootId,
    /// Its session's token; nothing for what belongs to no session.
    pub token: Option<Token>,
    /// Its number in its session.
    pub seq: Option<EventSeq>,
    /// Its session, by the id it goes by now; a part that is not known is empty.
    pub scope: ScopeKey,
    /// What it means to those who watch other sessions.
    pub reach: Reach,
}

/// Whom an event concerns besides its own session's surfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// It says that a session was created, accepted, busy, aborted, closed or changed state: every list hears it.
    Lifecycle,
    /// It says that a session's work came to an end, well or not: its row is finished wherever one looks.
    Ending,
    /// It is for those who look at its session, and nobody else.
    Own,
}

/// Who wants the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Surface {
    /// Overlay or tray: shows the session that owns microphone and screen.
    Current(Option<Token>),
    /// A pane that shows one session, or none yet.
    View(Option<ScopeKey>),
    /// A list of sessions.
    Lists,
}

/// Why an event was dropped. The codes are those the debug view prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dropped {
    /// Another run of the app sent it.
    BootMismatch,
    /// It is of a session that does not own the screen.
    TokenMismatch,
    /// It, or a later one, was taken in already.
    DuplicateMessageReference,
    /// No session is shown.
    NoActiveViewSession,
    /// It names no session.
    MissingSessionId,
    /// It is of another session.
    SessionIdMismatch,
    /// It is of another engine.
    ProviderMismatch,
    /// It is of another project.
    ProjectMismatch,
    /// It tells a list nothing.
    NotForLists,
}

/// What is to be done with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Take it in.
    Accept,
    /// It is not for this surface, but its session's row is to be updated.
    Background(Dropped),
    /// Do nothing.
    Drop(Dropped),
    /// Events are missing before it: resync from the last one taken in.
    Resync {
        /// The last event taken in.
        after: Option<EventSeq>,
    },
}

/// One surface's filter. Feed it every event in order of arrival.
#[derive(Debug, Clone)]
pub struct Filter {
    boot: BootId,
    surface: Surface,
    last: BTreeMap<Token, EventSeq>,
}

impl Filter {
    /// The filter of a surface for the events of one run of the app.
    pub fn new(boot: BootId, surface: Surface) -> Self {
        Self { boot, surface, last: BTreeMap::new() }
    }

    /// The surface shows something else from now on.
    pub fn show(&mut self, surface: Surface) {
        self.surface = surface;
    }

    /// A snapshot was taken in that holds everything up to `last` of a session.
    pub fn resynced(&mut self, token: Token, last: Option<EventSeq>) {
        match last {
            Some(last) => self.last.insert(token, last),
            None => self.last.remove(&token),
        };
    }

    /// A session is closed: no event of it will come.
    pub fn forget(&mut self, token: Token) {
        self.last.remove(&token);
    }

    /// What is to be done with an event. One that is accepted counts as taken in.
    pub fn judge(&mut self, mark: &Mark) -> Verdict {
        if mark.boot != self.boot {
            return Verdict::Drop(Dropped::BootMismatch);
        }
        let (Some(token), Some(seq)) = (mark.token, mark.seq) else { return Verdict::Accept };
        if let Err(why) = self.concerns(mark, token) {
            let everywhere = mark.reach != Reach::Own && why != Dropped::MissingSessionId;
            return if everywhere { Verdict::Background(why) } else { Verdict::Drop(why) };
        }
        let last = self.last.get(&token).copied();
        if last >= Some(seq) {
            return Verdict::Drop(Dropped::DuplicateMessageReference);
        }
        // A list is sent only what concerns it, so its numbers have gaps by right.
        if self.surface != Surface::Lists && seq != EventSeq::after(last) {
            return Verdict::Resync { after: last };
        }
        self.last.insert(token, seq);
        Verdict::Accept
    }

    fn concerns(&self, mark: &Mark, token: Token) -> Result<(), Dropped> {
        match &self.surface {
            Surface::Current(current) if *current != Some(token) => Err(Dropped::TokenMismatch),
            Surface::Current(_) => Ok(()),
            _ if mark.scope.session.is_empty() => Err(Dropped::MissingSessionId),
            Surface::Lists if mark.reach == Reach::Own => Err(Dropped::NotForLists),
            Surface::Lists => Ok(()),
            Surface::View(None) => Err(Dropped::NoActiveViewSession),
            Surface::View(Some(shown)) if shown.session != mark.scope.session => {
                Err(Dropped::SessionIdMismatch)
            }
            Surface::View(Some(shown)) if shown.engine != mark.scope.engine => Err(Dropped::ProviderMismatch),
            Surface::View(Some(shown)) if shown.project != mark.scope.project => {
                Err(Dropped::ProjectMismatch)
            }
            Surface::View(Some(_)) => Ok(()),
        }
    }
}

/// What a state's name says to a page that shows a sign of activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activity {
    /// Something is going on, or waits for the user.
    Processing,
    /// It is over: signs of activity and their timers go.
    Terminal,
}

/// The activity that a state's name stands for; an unknown one is to be ignored.
pub fn activity(state: &str) -> Option<Activity> {
    match state {
        "running" | "queued" | "in_progress" | "waiting_user" => Some(Activity::Processing),
        "completed" | "failed" | "aborted" | "error" | "idle" => Some(Activity::Terminal),
        _ => None,
    }
}

#[cfg(test)]
#[path = "stale_tests.rs"]
mod tests;
