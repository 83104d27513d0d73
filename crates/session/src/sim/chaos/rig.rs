//! The app and everything around it, moved by steps.

use super::{
    Placed, Ran, Step,
    meaning::{corrected, heard_by, line_of, recognised, target, trouble},
    watch::{Met, Watch, front, must},
};
use crate::{
    effect::{Effect, Fact},
    event::{Event, Undelivered},
    feed::{Item, Lease},
    guard::Verdict,
    ids::{EventSeq, FeedId, SessionId, Token},
    input::{Begin, Input, Sight, Where, Whom, Work},
    limits,
    queue::{QueueInput, QueuedTurn, Settled},
    scope::ScopeKey,
    sessions::{Refusal, Reply, Sessions},
    sim::{Hands, Page, Surface, at, boot},
    stale,
    state::{Delivery, State},
};

/// A window that listens.
struct Window {
    feed: FeedId,
    session: SessionId,
    last: Option<EventSeq>,
}

/// One life of the app.
pub(super) struct Rig {
    sessions: Sessions,
    hands: Hands,
    page: Page,
    filter: stale::Filter,
    unread: Vec<stale::Mark>,
    pub(super) watch: Watch,
    now: u64,
    pub(super) begins: u64,
    pub(super) begun: Vec<(SessionId, Token)>,
    /// Every run that anybody was ever given.
    pub(super) seen: Vec<Work>,
    windows: Vec<Window>,
    closing: Vec<Token>,
    /// What must lie on the clipboard when all is quiet: the user's own, or what was left there for them.
    owner: Option<String>,
    /// The user copied something since our text was written.
    meddled: bool,
    pub(super) texts: u64,
    looks: u64,
    ran: Ran,
}

impl Rig {
    pub(super) fn new() -> Self {
        let mut sessions = Sessions::new(boot());
        sessions.ready(at(0));
        let _ = sessions.handle(Input::FrontChanged(front(1)), at(0));
        Self {
            sessions,
            hands: Hands::holding("the user's"),
            page: Page::default(),
            filter: stale::Filter::new(boot(), stale::Surface::Current(None)),
            unread: Vec::new(),
            watch: Watch::default(),
            now: 0,
            begins: 0,
            begun: Vec::new(),
            seen: Vec::new(),
            windows: Vec::new(),
            closing: Vec::new(),
            owner: Some("the user's".to_owned()),
            meddled: false,
            texts: 0,
            looks: 0,
            ran: Ran::default(),
        }
    }

    pub(super) fn take(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Begin(wish) => {
                let begin = self.wished(wish);
                return self.begin(begin);
            }
            Step::Stop(who) => drop(self.tell(Input::Stop(self.whom(*who)))?),
            Step::Cancel(who) => drop(self.tell(Input::Cancel(self.whom(*who)))?),
            Step::AcceptRaw(who) => drop(self.tell(Input::AcceptRaw(self.whom(*who)))?),
            Step::Resume(window) => drop(self.tell(Input::Resume(target(*window)))?),
            Step::Place(ago, place) => {
                let place = match place {
                    Placed::Here(window) => Where::Here(target(*window)),
                    Placed::There => Where::There,
                    Placed::Clipboard => Where::Clipboard,
                    Placed::History => Where::HistoryOnly,
                };
                drop(self.tell(Input::Place(self.token(*ago), place))?);
            }
            Step::Capture(ago, heard) => drop(self.tell(heard_by(self.token(*ago), *heard))?),
            Step::Engine(which, shown) => {
                let Some(work) = self.which(*which, |watch| watch.hearing.first().copied()) else {
                    return Ok(());
                };
                let words = self.words("raw");
                drop(self.tell(recognised(work, *shown, words))?);
            }
            Step::NoEngine(ago) => {
                drop(self.tell(Input::EngineUnavailable(self.token(*ago), trouble("engine")))?);
            }
            Step::Model(which, shown) => {
                let Some(work) = self.which(*which, |watch| watch.correcting.first().copied()) else {
                    return Ok(());
                };
                let words = self.words("Corrected");
                drop(self.tell(corrected(work, *shown, words))?);
            }
            Step::Ask(which, window, password_field, modifiers_held) => {
                let Some(work) = self.which(*which, |watch| watch.delivering.first().copied()) else {
                    return Ok(());
                };
                let sight = Sight {
                    front: front(*window),
                    password_field: *password_field,
                    modifiers_held: *modifiers_held,
                };
                return self.ask(work, sight);
            }
            Step::Report(which, what) => {
                let Some(work) = self.which(*which, |watch| watch.delivering.first().copied()) else {
                    return Ok(());
                };
                return self.report(work, *what);
            }
            Step::Front(window) => drop(self.tell(Input::FrontChanged(front(*window)))?),
            Step::Keys(held) => drop(self.tell(Input::KeysHeld(*held))?),
            Step::Sleep(true) => drop(self.tell(Input::Suspend)?),
            Step::Sleep(false) => drop(self.tell(Input::Wake)?),
            Step::Closed(None) => return self.save_all(),
            Step::Closed(Some(ago)) => {
                let token = self.token(*ago);
                self.closing.retain(|closing| *closing != token);
                drop(self.tell(Input::Closed(token))?);
            }
            Step::Enqueue(ago) => {
                let Some(turn) = self.queued(*ago) else { return Ok(()) };
                drop(self.tell(Input::Queue(QueueInput::Enqueue(turn)))?);
            }
            Step::Undo(ago) => {
                let Some(turn) = self.queued(*ago) else { return Ok(()) };
                drop(self.tell(Input::UndoCancel(self.token(*ago), Box::new(turn)))?);
            }
            Step::Redone(which, how) => {
                let Some(turn) = self.redone(*which) else { return Ok(()) };
                return self.settle(&turn, *how);
            }
            Step::ResumeQueue(ago) => {
                let Some((session, _)) = self.ago(*ago) else { return Ok(()) };
                drop(self.tell(Input::Queue(QueueInput::Resume(line_of(session))))?);
            }
            Step::Quit => drop(self.tell(Input::Quit)?),
            Step::Subscribe(ago) => return self.subscribe(*ago),
            Step::Unsubscribe(nth) => {
                if usize::from(*nth) < self.windows.len() {
                    let window = self.windows.remove((*nth).into());
                    self.sessions.unsubscribe(window.feed, at(self.now));
                }
                return Ok(());
            }
            Step::Read(nth) => return self.read((*nth).into()),
            Step::Copies => {
                self.texts += 1;
                let copied = Some(format!("the user's {}", self.texts));
                self.hands.clipboard.clone_from(&copied);
                self.owner = copied;
                self.meddled = true;
                return Ok(());
            }
            Step::Draws => return self.draw(),
            Step::Wait(span) => return self.pass_until(self.now + u64::from(*span)),
            Step::Late(span) => {
                self.now += u64::from(*span);
                return self.time_out();
            }
            Step::Stall(span) => {
                self.now += u64::from(*span);
                return Ok(());
            }
            Step::Early => return self.time_out(),
        };
        Ok(())
    }

    fn begin(&mut self, begin: Begin) -> Result<(), String> {
        let (session, overlap) = (begin.session, begin.wishes.overlap);
        if let Ok(Reply::Begun(begun)) = self.tell(Input::Begin(Box::new(begin)))? {
            self.begun.push((session, begun.token));
            self.ran.sessions += 1;
            must!(self.sessions.current() == Some(begun.token), "{overlap:?} began and is not current");
        }
        Ok(())
    }

    /// Hands one input in and looks at everything that comes of it.
    fn tell(&mut self, told: Input) -> Result<Result<Reply, Refusal>, String> {
        let input = told.clone();
        (self.ran.events, self.looks) = (self.ran.events + 1, self.looks + 1);
        let due = self.sessions.poll_timeout().is_some_and(|due| due.0 <= self.now);
        let met = Met::by(&input, &self.sessions);
        // Looking at everything is slow, so that it is done now and then.
        let before = (self.looks.is_multiple_of(8) && !due).then(|| self.sessions.digest());
        let counts = self.sessions.counts();
        let answer = self.sessions.handle(told, at(self.now));
        self.watch.answered(&input, met, &answer, &self.sessions, self.now)?;

        let mut expected = counts;
        expected.late += u64::from(matches!(answer, Ok(Reply::Late)));
        expected.illegal += u64::from(matches!(answer, Err(Refusal::InvalidState { .. })));
        expected.refused += u64::from(answer.is_err() && matches!(input, Input::Begin(_)));
        must!(self.sessions.counts() == expected, "{input:?} answered {answer:?} and was counted otherwise");

        let effects: Vec<Effect> = std::iter::from_fn(|| self.sessions.poll_effect()).collect();
        if !due && matches!(answer, Ok(Reply::Late | Reply::Stale) | Err(_)) {
            self.ran.turned_down += 1;
            must!(
                effects.iter().all(|effect| may_follow(&answer, effect)),
                "{input:?} answered {answer:?} and did {effects:?}"
            );
            // The queue counts its own late messages.
            let counted = matches!(input, Input::Queue(_));
            let same = counted || before.is_none_or(|before| before == self.sessions.digest());
            must!(same || !effects.is_empty(), "{input:?} answered {answer:?} and changed something");
        }
        self.carry_out(effects)?;
        Ok(answer)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> Result<(), String> {
        for effect in effects {
            self.watch.effect(&effect, &self.sessions, self.now)?;
            match effect {
                Effect::Recognise(work, _) => self.seen.push(work),
                Effect::Deliver(work, text, _) => {
                    self.meddled = false;
                    self.hands.write(work, text.as_str(), at(self.now).tick);
                }
                Effect::AbortDelivery(work) => self.hands.withdraw(work, at(self.now).tick),
                Effect::Copy(work, text) => self.leave(work, text.as_str()),
                Effect::Close(token) => self.closing.push(token),
                Effect::Emit(envelope) => {
                    self.unread.push(stale::Mark {
                        boot: envelope.boot_id,
                        token: Some(envelope.token),
                        seq: Some(envelope.seq),
                        scope: ScopeKey {
                            project: String::new(),
                            engine: String::new(),
                            session: String::new(),
                        },
                        reach: stale::Reach::Own,
                    });
                    self.page.receive(*envelope);
                }
                _ => {}
            }
        }
        self.watch.check(&self.sessions)
    }

    /// A text stays on the clipboard for the user. One that was injected lies there already, and these hands take what is
    /// there back when its time has come.
    fn leave(&mut self, work: Work, text: &str) {
        if self.watch.turn(work).injected == 0 {
            self.hands.leave(text);
            self.owner = Some(text.to_owned());
        }
    }

    fn ask(&mut self, work: Work, sight: Sight) -> Result<(), String> {
        if self.tell(Input::AskInjection(work, sight))? != Ok(Reply::Injection(Verdict::Inject)) {
            return Ok(());
        }
        self.ran.injections += 1;
        self.hands.inject(work, at(self.now).tick);
        let meant = &self.watch.turn(work).text;
        let went_out = self.hands.injections.last().map(|(_, _, text)| text);
        must!(self.meddled || went_out == Some(meant), "{work:?} pasted something else than its own text");
        Ok(())
    }

    fn report(&mut self, work: Work, what: u8) -> Result<(), String> {
        let has_it = self.watch.delivering.contains(&work) && self.watch.turn(work).injected == 0;
        if has_it && what >= 2 {
            self.hands.withdraw(work, at(self.now).tick);
        }
        let how = match what {
            0 => Delivery::Pasted,
            1 => Delivery::Typed,
            2 => Delivery::Copied,
            3 => Delivery::Kept,
            _ => {
                self.tell(Input::DeliveryFailed(work, Undelivered::InjectionFailed))?.ok();
                return Ok(());
            }
        };
        if how == Delivery::Copied && self.watch.delivering.contains(&work) {
            let text = self.watch.turn(work).text.clone();
            self.leave(work, &text);
        }
        self.tell(Input::Delivered(work, how))?.ok();
        Ok(())
    }

    fn settle(&mut self, turn: &QueuedTurn, how: u8) -> Result<(), String> {
        let how = match how {
            0 => Settled::Complete,
            1 => Settled::Error,
            2 => Settled::Aborted,
            _ => {
                self.tell(Input::Queue(QueueInput::Ready(turn.id)))?.ok();
                return Ok(());
            }
        };
        let settled =
            QueueInput::Settled { session: turn.session.clone(), turn: Some(turn.id), was: None, how };
        self.tell(Input::Queue(settled))?.ok();
        Ok(())
    }

    fn save_all(&mut self) -> Result<(), String> {
        for token in std::mem::take(&mut self.closing) {
            let answer = self.tell(Input::Closed(token))?;
            must!(answer == Ok(Reply::Done), "session {token} could not be closed: {answer:?}");
        }
        Ok(())
    }

    fn subscribe(&mut self, ago: u8) -> Result<(), String> {
        let Some((session, _)) = self.ago(ago) else { return Ok(()) };
        if let Ok(opening) = self.sessions.subscribe(Some(session), None, at(self.now)) {
            let known = self.watch.token_of(session).and_then(|token| self.watch.logs.get(&token)?.last_seq);
            must!(opening.last_seq == known, "a window was told of another last event");
            self.windows.push(Window { feed: opening.feed, session, last: opening.last_seq });
            // Holding the key counts as being there too.
            let _ = self.sessions.lease(session, Lease::Hold, ago.is_multiple_of(2), at(self.now));
        }
        Ok(())
    }

    fn read(&mut self, nth: usize) -> Result<(), String> {
        let Some(window) = self.windows.get_mut(nth) else { return Ok(()) };
        while let Some(item) = self.sessions.poll_feed(window.feed) {
            match item {
                Item::Event(event) => {
                    must!(event.scope.session == window.session, "a window got another session's event");
                    must!(
                        event.seq == EventSeq::after(window.last),
                        "a window missed an event before {}",
                        event.seq
                    );
                    window.last = Some(event.seq);
                }
                Item::Heartbeat { last_seq } => {
                    must!(last_seq >= window.last, "a heartbeat went back in time");
                }
                Item::Dropped { last_seq } | Item::Closed { last_seq } => {
                    must!(last_seq == window.last, "a feed ended elsewhere than it had come");
                    self.windows.remove(nth);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The page gets round to its events, long after some of them.
    fn draw(&mut self) -> Result<(), String> {
        let current = self.sessions.current();
        self.filter.show(stale::Surface::Current(current));
        for mark in self.unread.drain(..) {
            let verdict = self.filter.judge(&mark);
            let fits = (verdict == stale::Verdict::Accept) == (mark.token == current);
            must!(
                fits,
                "the page judged an event of {:?}, with {current:?} current: {verdict:?}",
                mark.token
            );
        }
        self.page.drain(current, at(self.now).tick);
        let shown = match self.page.surface {
            Surface::Idle => None,
            Surface::Showing(token, _) | Surface::Error(token, _) => Some(token),
        };
        must!(shown.is_none() || shown == current, "the page shows {shown:?}, and {current:?} is current");
        Ok(())
    }

    fn time_out(&mut self) -> Result<(), String> {
        self.ran.events += 1;
        self.sessions.handle_timeout(at(self.now));
        let effects: Vec<Effect> = std::iter::from_fn(|| self.sessions.poll_effect()).collect();
        self.carry_out(effects)?;
        self.hands.pass(at(self.now).tick);
        let next = self.sessions.poll_timeout();
        must!(
            next.is_none_or(|next| next.0 > self.now),
            "at {} it wants to be called at {next:?} again",
            self.now
        );
        let overdue = self.watch.quit_at.is_some_and(|quit| self.now >= quit + limits::PIPELINE_WAIT.0);
        must!(!overdue || self.watch.exits == 1, "the app has not ended in time");
        Ok(())
    }

    fn pass_until(&mut self, end: u64) -> Result<(), String> {
        while let Some(next) = self.next().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            self.time_out()?;
        }
        self.now = self.now.max(end);
        Ok(())
    }

    fn next(&self) -> Option<u64> {
        let due = [self.sessions.poll_timeout(), self.hands.next()];
        due.into_iter().flatten().map(|tick| tick.0).min()
    }

    /// Nobody does anything any more but what the app itself is waiting for. Everything must end, and leave.
    pub(super) fn come_to_rest(mut self) -> Result<Ran, String> {
        self.draw()?;
        for window in std::mem::take(&mut self.windows) {
            self.sessions.unsubscribe(window.feed, at(self.now));
        }
        self.tell(Input::KeysHeld(false))?.ok();
        for token in self.watch.live.clone() {
            match self.sessions.state(token) {
                Some(State::Starting) => self.tell(Input::CaptureStarted(token))?.ok(),
                _ => None,
            };
        }
        self.tell(Input::Stop(Whom::Current))?.ok();
        for (session, _) in self.begun.clone() {
            self.tell(Input::Queue(QueueInput::Resume(line_of(session))))?.ok();
        }
        self.work_off()?;
        let mut calls = 0;
        while let Some(next) = self.next() {
            if self.watch.exits > 0 && self.sessions.left_over() == 0 && self.hands.next().is_none() {
                // The process is gone; what is queued was saved, and waits for the next one.
                break;
            }
            calls += 1;
            must!(calls < 2_000, "it never comes to rest: {}", self.unfinished());
            self.now = self.now.max(next);
            self.time_out()?;
            self.save_all()?;
            self.work_off()?;
        }
        self.draw()?;
        must!(self.watch.live.is_empty(), "it waits for nothing, and has not ended: {}", self.unfinished());
        must!(!self.watch.awake, "the machine is kept awake for nothing");
        must!(self.sessions.left_over() == 0, "{} things are left in memory", self.sessions.left_over());
        let kept = self.begun.iter().find(|(id, _)| self.sessions.remembers(*id));
        must!(kept.is_none(), "something of a session that left memory is kept: {kept:?}");
        let clipboard = &self.hands.clipboard;
        must!(*clipboard == self.owner, "the clipboard holds {clipboard:?} and not {:?}", self.owner);
        Ok(self.ran)
    }

    /// Whatever queued turn has the engine is done with it, until none has.
    fn work_off(&mut self) -> Result<(), String> {
        self.watch.ready.clone().iter().try_for_each(|turn| self.settle(turn, 0))?;
        while let Some(turn) = self.watch.redoing.first().cloned() {
            self.settle(&turn, 0)?;
        }
        Ok(())
    }

    fn unfinished(&self) -> String {
        let live = self.watch.live.iter().flat_map(|token| self.sessions.turns(*token));
        live.map(|(work, state)| format!("{work:?} is {}", state.name())).collect::<Vec<_>>().join(", ")
    }
}

/// What an input that is turned down may still lead to: words that came late are kept, and whoever is in the way of a
/// begin is told so.
fn may_follow(answer: &Result<Reply, Refusal>, effect: &Effect) -> bool {
    match (answer, effect) {
        (Ok(Reply::Late), Effect::Persist(record)) => {
            matches!(record.what, Fact::Raw(..) | Fact::Corrected(..))
        }
        (Err(Refusal::Busy { .. } | Refusal::MaxSessions), Effect::Emit(envelope)) => match &envelope.event {
            Event::SessionBusy { .. } => true,
            Event::SessionStateChanged { state, prev, .. } => state == prev,
            _ => false,
        },
        _ => false,
    }
}
