//! The fake page: it draws what its filter lets through, when it gets round to it.

use std::collections::VecDeque;

use crate::{
    event::{Envelope, Event},
    ids::Token,
    state::State,
    time::Tick,
};

/// What the overlay shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Surface {
    /// Nothing is going on.
    #[default]
    Idle,
    /// A session, where it stands.
    Showing(Token, State),
    /// An error, until the given moment.
    Error(Token, Tick),
}

/// An overlay that handles its events late, as a busy window does.
#[derive(Debug, Default)]
pub struct Page {
    /// What is seen now.
    pub surface: Surface,
    /// Every final text that was shown.
    pub texts: Vec<(Token, String)>,
    waiting: VecDeque<Envelope>,
    current: Option<Token>,
}

impl Page {
    pub(super) fn receive(&mut self, event: Envelope) {
        self.waiting.push_back(event);
    }

    /// The page handles everything that waits for it. What is not the current session's is dropped here, not where
    /// it was sent: between the two another session may have begun.
    pub fn drain(&mut self, current: Option<Token>, now: Tick) {
        self.current = current;
        while let Some(event) = self.waiting.pop_front() {
            if Some(event.token) == current {
                self.draw(&event, now);
            }
        }
        if let Surface::Error(token, until) = self.surface
            && now >= until
            && Some(token) == self.current
        {
            self.surface = Surface::Idle;
        }
    }

    fn draw(&mut self, envelope: &Envelope, now: Tick) {
        let token = envelope.token;
        match &envelope.event {
            Event::SessionError { reset_after_ms, .. } => {
                self.surface = Surface::Error(token, now + *reset_after_ms);
            }
            // While an error is showing, a change of state doesn't wipe it away.
            Event::SessionStateChanged { .. } if matches!(self.surface, Surface::Error(shown, _) if shown == token) =>
                {}
            Event::SessionStateChanged { state: State::Ended(_), .. } => self.surface = Surface::Idle,
            Event::SessionStateChanged { state, .. } => self.surface = Surface::Showing(token, *state),
            Event::FinalText { text } => self.texts.push((token, text.as_str().to_owned())),
            _ => {}
        }
    }
}
