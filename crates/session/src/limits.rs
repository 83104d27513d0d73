//! Every number that a rule depends on, with the reason for it. Nothing else in Quoth repeats one of these.
//!
//! Where a number comes from an earlier system it is named: S1 koe, S2 linnet, S3 dr-claw, S4 the orchestrator.

use crate::time::Millis;

/// How long the microphone stays open after the key is released, at most: people let go on the last syllable (S1).
pub const TAIL: Millis = Millis(300);
/// Silence after which the tail ends early: 150 ms without speech is longer than any stop consonant.
pub const TAIL_SILENCE: Millis = Millis(150);
/// An error is shown this long before the surface is at rest again (S1).
pub const ERROR_RESET: Millis = Millis(2_000);
/// The clipboard is put back this long after our paste, unless told otherwise: slow targets read late (S1).
pub const CLIPBOARD_RESTORE: Millis = Millis(1_500);
/// The longest restore delay that can be set; longer would outlive the user's memory of what was copied (S1).
pub const CLIPBOARD_RESTORE_MAX: Millis = Millis(60_000);
/// Between writing the clipboard and the paste keys: clipboard owners announce themselves asynchronously (S1).
pub const BEFORE_PASTE: Millis = Millis(50);
/// Between the paste keys and calling it done (S1).
pub const AFTER_PASTE: Millis = Millis(100);
/// Audio frames buffered between the microphone and its reader while a model loads (S1).
pub const AUDIO_FRAMES: usize = 1_024;
/// A key held at least this long speaks while it is held; a shorter press toggles (koe today).
pub const HOLD_THRESHOLD: Millis = Millis(180);
/// Two taps within this are a double tap; the habit of double clicks.
pub const DOUBLE_TAP: Millis = Millis(400);
/// A released modifier that comes back within this was never released: keyboards bounce (koe today).
pub const MODIFIER_DEBOUNCE: Millis = Millis(350);
/// A key held this long without a sign of life has lost its release; no one dictates half an hour on one held key.
pub const STUCK_KEY: Millis = Millis::seconds(30 * 60);
/// Two reports of a press further apart than this are two presses with a lost release between them: the slowest
/// keyboards repeat a held key after 1.8 s.
pub const KEY_REPEAT_GAP: Millis = Millis::seconds(2);
/// How often the system is asked whether a held key is still down: a lost release costs at most this much silence.
pub const KEY_PROBE: Millis = Millis::seconds(1);
/// A microphone that did not open is tried once more after this (koe today).
pub const CAPTURE_RETRY: Millis = Millis(500);
/// A microphone that says neither yes nor no within this is taken for one that would not open: sound servers hang.
pub const CAPTURE_OPEN: Millis = Millis::seconds(5);
/// How often opening a microphone is tried in all (koe today).
pub const CAPTURE_TRIES: u8 = 2;
/// How long "Copied" or "Click to paste" is shown (koe today).
pub const BADGE_LINGER: Millis = Millis::seconds(8);
/// The least time recognition gets after the recording ended (S1).
pub const RECOGNITION_MIN: Millis = Millis::seconds(5);
/// Recognition of a take gets this many times its length: local models are bound by the processor, not by a server.
pub const RECOGNITION_PER_AUDIO: u64 = 10;
/// A language model that has not answered by then is left out and the raw text goes (S1).
pub const CORRECTION: Millis = Millis::seconds(8);
/// A delivery that reports nothing within this is given up as unknown; longer than every wait inside it together.
pub const DELIVERY: Millis = Millis::seconds(20);
/// Interim revisions handed to a language model, and how many are kept for that (S1).
pub const INTERIM_HISTORY: (usize, usize) = (10, 64);
/// How long the runtime may take to end (S1).
pub const SHUTDOWN: Millis = Millis::seconds(2);
/// How long one pipeline may take to end at quit, so that what it has is saved (S4).
pub const PIPELINE_WAIT: Millis = Millis::seconds(3);
/// A recording begun from a window is ended when no window listens for longer than this: an open microphone that
/// nobody sees (S2).
pub const REAPER_TTL: Millis = Millis::seconds(90);
/// The reaper's shortest period (S2).
pub const REAPER_PERIOD_MIN: Millis = Millis::seconds(15);
/// The reaper's longest period (S2 today).
pub const REAPER_PERIOD_MAX: Millis = Millis::seconds(60);
/// Events a late subscriber gets replayed (S2).
pub const FEED_RING: usize = 50;
/// Events a subscriber may be behind before it is dropped and told (S2).
pub const FEED_QUEUE: usize = 100;
/// A silent feed says that it lives (S2).
pub const HEARTBEAT: Millis = Millis::seconds(15);
/// Views of sessions kept to be shown at once on a switch back (S3).
pub const SNAPSHOTS: usize = 40;
/// Places of messages closer than this are not halved again but all numbered anew: so a place has few enough digits to
/// come back the same from any text form.
pub const SMALLEST_GAP: f64 = 1.0 / 1024.0;
/// A title is cut after this many characters (S3).
pub const TITLE_CHARS: usize = 80;
/// Rows of one history page (S3).
pub const PAGE_ROWS: usize = 20;
/// No "started" after a dispatch: the turn goes back into the queue (S3).
pub const DISPATCH_ACK: Millis = Millis::seconds(6);
/// From one queued delivery to the next, at least: its paste and the return of the clipboard lie between, so that no
/// two interleave.
pub const DELIVERY_SPACING: Millis = Millis(BEFORE_PASTE.0 + AFTER_PASTE.0 + CLIPBOARD_RESTORE.0);
/// After a restart the queue waits this long for the state of what runs before it dispatches (S3).
pub const QUEUE_BOOTSTRAP: Millis = Millis(1_200);
/// A cancel that has not settled by then is a bug, and is logged as one (S3).
pub const CANCEL_WATCHDOG: Millis = Millis::seconds(5);
/// A cancel is offered to be undone this long.
pub const UNDO_CANCEL: Millis = Millis::seconds(8);
/// Live sessions at most: one that records and three that finish (S4).
pub const LIVE_SESSIONS: usize = 4;
/// Language-model calls at once.
pub const CORRECTIONS_AT_ONCE: usize = 2;
/// A finished session leaves memory after this (S4).
pub const IDLE: Millis = Millis::seconds(300);
/// How often finished sessions are looked at (S4).
pub const IDLE_TICK: Millis = Millis::seconds(30);
/// A text that waits for its user this long is kept in the history alone.
pub const WAITING: Millis = Millis::seconds(300);
/// Pairs of raw and corrected text given to a language model as context: what is usual, and at most (S4).
pub const CONTEXT_PAIRS: (usize, usize) = (3, 20);
/// Messages looked through for those pairs (S4).
pub const CONTEXT_LOAD: usize = 80;
/// The meter's frames: shortest interval, how many are kept, how long one counts.
pub const LEVEL_FRAMES: FrameLimits =
    FrameLimits { interval: Millis(33), kept: 90, lifetime: Millis::seconds(3) };
/// Bands of the meter: as many bars as the small recording window has room for.
pub const LEVEL_BANDS: usize = 32;
/// Context screenshots, which are opt-in and never stored (S4).
pub const SCREEN_FRAMES: FrameLimits =
    FrameLimits { interval: Millis::seconds(1), kept: 2, lifetime: Millis::seconds(10) };

/// How a stream of frames is thinned, kept and forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameLimits {
    /// A frame that comes sooner than this after the last accepted one is refused.
    pub interval: Millis,
    /// How many frames are kept.
    pub kept: usize,
    /// How old a frame may be and still count as the latest.
    pub lifetime: Millis,
}

/// How long recognition of a take of `audio` may go on after the recording ended.
pub fn recognition(audio: Millis) -> Millis {
    RECOGNITION_MIN.max(Millis(audio.0.saturating_mul(RECOGNITION_PER_AUDIO)))
}

/// How often the reaper looks, for a given time to live.
pub fn reaper_period(ttl: Millis) -> Millis {
    Millis(ttl.0 / 2).clamp(REAPER_PERIOD_MIN, REAPER_PERIOD_MAX)
}

/// A restore delay as set by the user: what can't be is the default.
pub fn clipboard_restore(wished: Option<i64>) -> Result<Millis, Millis> {
    match wished.map(u64::try_from) {
        None => Ok(CLIPBOARD_RESTORE),
        Some(Ok(wished)) if wished <= CLIPBOARD_RESTORE_MAX.0 => Ok(Millis(wished)),
        Some(_) => Err(CLIPBOARD_RESTORE),
    }
}
