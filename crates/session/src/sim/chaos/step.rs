//! What may happen next, in terms that still make sense when other steps are left out.

use super::Dice;
use crate::vocabulary::{LostTarget, Overlap, TailRepress, Trigger};

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Somebody wants to dictate.
    Begin(Wish),
    /// Somebody wants to stop.
    Stop(Who),
    /// The press came again, in this window.
    Resume(u8),
    /// Somebody calls it off.
    Cancel(Who),
    /// Somebody would not wait for the language model.
    AcceptRaw(Who),
    /// Somebody says where the text of the session so many begins ago goes.
    Place(u8, Placed),
    /// The microphone of the session so many begins ago says something.
    Capture(u8, Heard),
    /// The engine says something about a run: a whole text, part of one, or (third) that it can't.
    Engine(Which, Shown),
    /// The engine cannot be loaded for the session so many begins ago.
    NoEngine(u8),
    /// The language model says something.
    Model(Which, Shown),
    /// The hands ask, seeing this window, perhaps a password field, perhaps a held modifier.
    Ask(Which, u8, bool, bool),
    /// The hands report one of pasted, typed, copied, kept, failed.
    Report(Which, u8),
    /// Another window is in front.
    Front(u8),
    /// A key is held, or none.
    Keys(bool),
    /// The machine goes to sleep, or wakes.
    Sleep(bool),
    /// The driver has saved a session's last words: one it was asked for, or made up.
    Closed(Option<u8>),
    /// A turn recorded earlier is to be worked on, in the session so many begins ago.
    Enqueue(u8),
    /// The cancel of the session so many begins ago is taken back.
    Undo(u8),
    /// Whoever has a queued turn, the one that has the engine first, is done: well, badly, called off, or its text is there.
    Redone(u8, u8),
    /// The queue of the session so many begins ago goes on.
    ResumeQueue(u8),
    /// The app is ending.
    Quit,
    /// A window listens to the session so many begins ago.
    Subscribe(u8),
    /// A window listens no longer.
    Unsubscribe(u8),
    /// A window reads what waits for it.
    Read(u8),
    /// The user copies something.
    Copies,
    /// The page draws what it has got.
    Draws,
    /// Time passes, and everything is called when it is due.
    Wait(u32),
    /// Time passes, and only then is anything called: a machine under load.
    Late(u32),
    /// Time passes and nothing is called at all.
    Stall(u32),
    /// Called although nothing is due.
    Early,
}

/// How a session is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What it does to earlier ones.
    pub overlap: Overlap,
    /// Who begins it.
    pub trigger: Trigger,
    /// The window it is meant for: 0 for an unknown one, 9 for none.
    pub window: u8,
    /// Whether a language model corrects.
    pub corrected: bool,
    /// Whether it goes out by itself.
    pub auto_paste: bool,
    /// Whether it is pasted where the window can't be known.
    pub when_unknown: bool,
    /// What becomes of it where the window is gone.
    pub lost: LostTarget,
    /// What a press in the tail does.
    pub repress: TailRepress,
    /// How long the tail may be.
    pub tail: u16,
    /// How long the recording may be.
    pub longest: Option<u32>,
    /// Whether the history keeps it.
    pub keep: bool,
    /// Whether it may hear.
    pub permitted: bool,
    /// Whether the id is one that was used before.
    pub used_id: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            overlap: Overlap::Queue,
            trigger: Trigger::Toggle,
            window: 1,
            corrected: false,
            auto_paste: true,
            when_unknown: false,
            lost: LostTarget::Wait,
            repress: TailRepress::Begin,
            tail: 300,
            longest: None,
            keep: true,
            permitted: true,
            used_id: false,
        }
    }
}

/// Whom a command means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever is current.
    Current,
    /// The session so many begins ago.
    Ago(u8),
    /// The id of one session with the token of another.
    Mixed(u8, u8),
    /// An id that nobody has.
    Nobody,
}

/// Which run a result is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One that was asked for and is under way, the oldest.
    UnderWay,
    /// One that was seen so many runs ago, over or not.
    Ago(u8),
    /// The one so many runs ago with a turn, a run or a token that is off.
    Off(u8, u8),
}

/// Where a waiting text is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// Into this window.
    Here(u8),
    /// Where it was meant to go.
    There,
    /// Onto the clipboard.
    Clipboard,
    /// Nowhere.
    History,
}

/// What the microphone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It is open.
    Started,
    /// It would not open.
    Failed,
    /// Somebody speaks.
    Speech(u16),
    /// Nobody speaks.
    Silence,
    /// An utterance ended, the next begins.
    Utterance,
    /// It is gone.
    Lost,
    /// Something is not as it should be.
    Trouble,
}

/// What an engine or a language model says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Words that may change.
    Interim,
    /// A segment.
    Segment,
    /// The whole text.
    Text,
    /// Nothing but blanks.
    Blank,
    /// It failed.
    Failure,
}

impl Step {
    /// Any step, the usual ones more often.
    pub fn random(dice: &mut Dice) -> Self {
        match dice.below(100) {
            0..=9 => Self::Begin(Wish::random(dice)),
            10..=18 => Self::Capture(back(dice), Heard::Started),
            19..=24 => Self::Capture(back(dice), Heard::Speech(u16::from(dice.small(200)) * 40)),
            25..=28 => Self::Capture(back(dice), Heard::random(dice)),
            29..=36 => Self::Stop(Who::random(dice)),
            37..=46 => Self::Engine(Which::random(dice), Shown::random(dice)),
            47..=53 => Self::Model(Which::random(dice), Shown::random(dice)),
            54..=62 => {
                let front = if dice.one_in(4) { dice.small(4) } else { 1 };
                Self::Ask(Which::random(dice), front, dice.one_in(12), dice.one_in(12))
            }
            63..=69 => Self::Report(Which::random(dice), dice.small(5)),
            70..=79 => Self::Wait(span(dice)),
            80 => Self::Late(span(dice)),
            81 => Self::Stall(span(dice)),
            82 => Self::Early,
            83..=84 => Self::Cancel(Who::random(dice)),
            85 => Self::AcceptRaw(Who::random(dice)),
            86..=88 => Self::Place(dice.small(5), Placed::random(dice)),
            89..=91 => Self::Front(if dice.one_in(3) { dice.small(4) } else { 1 }),
            92 => Self::Keys(dice.one_in(3)),
            93 => Self::Closed((!dice.one_in(2)).then(|| dice.small(6))),
            94 => match dice.below(8) {
                0 => Self::Quit,
                1 | 2 => Self::Sleep(dice.one_in(2)),
                3 => Self::NoEngine(back(dice)),
                _ => Self::Resume(1 + dice.small(2)),
            },
            95 => Self::Enqueue(dice.small(3)),
            96 => match dice.below(4) {
                0 => Self::Undo(back(dice)),
                1 => Self::ResumeQueue(dice.small(3)),
                _ => Self::Redone(if dice.one_in(4) { dice.small(4) } else { 0 }, dice.small(4)),
            },
            97 if dice.one_in(2) => Self::Unsubscribe(dice.small(4)),
            97 => Self::Subscribe(dice.small(5)),
            98 => Self::Read(dice.small(4)),
            _ if dice.one_in(2) => Self::Copies,
            _ => Self::Draws,
        }
    }

    /// What comes in this place of a dictation that goes well, over and over.
    pub fn usual(at: usize, dice: &mut Dice) -> Self {
        match at % 11 {
            0 => Self::Begin(Wish::random(dice)),
            1 => Self::Capture(0, Heard::Started),
            2 => Self::Capture(0, Heard::Speech(400)),
            3 if dice.one_in(3) => Self::Capture(0, Heard::Utterance),
            3 => Self::Wait(u32::from(dice.small(100)) * 10),
            4 => Self::Stop(Who::Current),
            5 => Self::Wait(350),
            6 => Self::Engine(Which::UnderWay, Shown::Text),
            7 => Self::Model(Which::UnderWay, Shown::Text),
            8 => Self::Ask(Which::UnderWay, 1, false, false),
            9 => Self::Report(Which::UnderWay, 0),
            _ => Self::Wait(span(dice)),
        }
    }

    /// The same with less to it.
    pub fn simpler(&self) -> Vec<Self> {
        match self {
            Self::Begin(wish) => wish.simpler().into_iter().map(Self::Begin).collect(),
            Self::Wait(span) if *span > 0 => vec![Self::Wait(0), Self::Wait(span / 2)],
            Self::Late(span) | Self::Stall(span) => vec![Self::Wait(*span)],
            Self::Stop(who) if *who != Who::Current => vec![Self::Stop(Who::Current)],
            Self::Cancel(who) if *who != Who::Current => vec![Self::Cancel(Who::Current)],
            Self::Ask(which, front, true, held) => vec![Self::Ask(*which, *front, false, *held)],
            Self::Ask(which, front, false, true) => vec![Self::Ask(*which, *front, false, false)],
            _ => Vec::new(),
        }
    }
}

impl Wish {
    fn random(dice: &mut Dice) -> Self {
        let overlaps = [Overlap::Queue, Overlap::Queue, Overlap::Supersede, Overlap::Refuse];
        let triggers = [Trigger::Hold, Trigger::Toggle, Trigger::Gui, Trigger::Tray, Trigger::Cli];
        let windows = [1, 1, 1, 1, 2, 0, 9];
        Self {
            overlap: overlaps[usize::from(dice.small(4))],
            trigger: triggers[usize::from(dice.small(5))],
            window: windows[usize::from(dice.small(7))],
            corrected: dice.one_in(2),
            auto_paste: !dice.one_in(8),
            when_unknown: dice.one_in(2),
            lost: if dice.one_in(3) { LostTarget::Copy } else { LostTarget::Wait },
            repress: if dice.one_in(2) { TailRepress::Continue } else { TailRepress::Begin },
            tail: [300, 300, 0, 1_000][usize::from(dice.small(4))],
            longest: dice.one_in(6).then(|| [0, 500, 20_000][usize::from(dice.small(3))]),
            keep: !dice.one_in(10),
            permitted: !dice.one_in(20),
            used_id: dice.one_in(20),
        }
    }

    fn simpler(&self) -> Vec<Self> {
        let plain = Self::default();
        let simpler = [
            plain.clone(),
            Self { overlap: plain.overlap, ..self.clone() },
            Self { trigger: plain.trigger, ..self.clone() },
            Self { window: plain.window, ..self.clone() },
            Self { corrected: plain.corrected, ..self.clone() },
            Self { auto_paste: true, when_unknown: false, lost: plain.lost, ..self.clone() },
            Self { repress: plain.repress, tail: plain.tail, longest: None, keep: true, ..self.clone() },
            Self { permitted: true, used_id: false, ..self.clone() },
        ];
        simpler.into_iter().filter(|simpler| simpler != self).collect()
    }
}

impl Who {
    fn random(dice: &mut Dice) -> Self {
        match dice.below(12) {
            0..=7 => Self::Current,
            8 | 9 => Self::Ago(dice.small(5)),
            10 => Self::Mixed(dice.small(4), dice.small(4)),
            _ => Self::Nobody,
        }
    }
}

impl Which {
    fn random(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0..=6 => Self::UnderWay,
            7 | 8 => Self::Ago(dice.small(8)),
            _ => Self::Off(dice.small(8), dice.small(5)),
        }
    }
}

impl Placed {
    fn random(dice: &mut Dice) -> Self {
        match dice.below(6) {
            0..=2 => Self::Here(1 + dice.small(2)),
            3 => Self::There,
            4 => Self::Clipboard,
            _ => Self::History,
        }
    }
}

impl Heard {
    fn random(dice: &mut Dice) -> Self {
        let all = [Self::Failed, Self::Silence, Self::Utterance, Self::Utterance, Self::Lost, Self::Trouble];
        all[usize::from(dice.small(6))]
    }
}

impl Shown {
    fn random(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0 => Self::Interim,
            1 => Self::Segment,
            2 => Self::Blank,
            3 => Self::Failure,
            _ => Self::Text,
        }
    }
}

/// How many begins ago: mostly the last.
fn back(dice: &mut Dice) -> u8 {
    if dice.one_in(6) { dice.small(5) } else { 0 }
}

/// Any length of time, from a moment to past every timer.
fn span(dice: &mut Dice) -> u32 {
    let limits = [10, 100, 400, 2_000, 10_000, 30_000, 400_000];
    let limit = limits[usize::from(dice.small(7))];
    u32::try_from(dice.below(limit)).unwrap_or(0)
}
