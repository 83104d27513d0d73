//! What one dictation costs, and that thousands of finished ones cost no memory: `cargo xtask bench core`.
#![allow(clippy::print_stdout, reason = "it speaks to the person at the terminal")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
};

use quoth_session::{
    Effect, Input, Reply, Sessions,
    guard::Front,
    ids::Token,
    input::{Sight, Whom, Work},
    limits, sim,
    state::Delivery,
    time::Millis,
};

/// Bytes that are allocated now.
static LIVE: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; only a number is kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A machine with a clock, and the effects of its last input.
struct Bench {
    sessions: Sessions,
    now: u64,
    begun: u64,
}

impl Bench {
    fn new() -> Self {
        let mut sessions = Sessions::new(sim::boot());
        sessions.ready(sim::at(0));
        let mut bench = Self { sessions, now: 0, begun: 0 };
        bench.tell(Input::FrontChanged(Front::Known(sim::window(1))));
        bench
    }

    /// Hands an input in and drains the effects. Answers what it answered, and the work that was last given out.
    fn tell(&mut self, input: Input) -> (Option<Reply>, Option<Work>) {
        let answer = self.sessions.handle(input, sim::at(self.now)).ok();
        (answer, self.drain())
    }

    fn drain(&mut self) -> Option<Work> {
        let mut given = None;
        let mut closing = Vec::new();
        while let Some(effect) = self.sessions.poll_effect() {
            match effect {
                Effect::FinishRecognition(work) | Effect::Correct(work, ..) | Effect::Deliver(work, ..) => {
                    given = Some(work);
                }
                Effect::Close(token) => closing.push(token),
                _ => {}
            }
        }
        for token in closing {
            self.tell(Input::Closed(token));
        }
        given
    }

    fn pass(&mut self, span: Millis) {
        let end = self.now + span.0;
        while let Some(due) = self.sessions.poll_timeout().filter(|due| due.0 <= end) {
            self.now = due.0;
            self.sessions.handle_timeout(sim::at(self.now));
            self.drain();
        }
        self.now = end;
    }

    fn begin(&mut self) -> Option<Token> {
        self.begun += 1;
        match self.tell(Input::Begin(Box::new(sim::begin(self.begun)))) {
            (Some(Reply::Begun(begun)), _) => Some(begun.token),
            _ => None,
        }
    }

    /// From the press to the paste: everything that a dictation with a language model goes through.
    fn dictate(&mut self) -> Option<Reply> {
        let token = self.begin()?;
        self.tell(Input::CaptureStarted(token));
        self.tell(Input::SpeechHeard(token, Millis(2_000)));
        self.tell(Input::Stop(Whom::Current));
        let (_, heard) = self.tell(Input::FellSilent(token));
        let (_, asked) = self.tell(Input::Recognised(heard?, "what was said, as it was heard".into()));
        let (_, given) = self.tell(Input::Corrected(asked?, "What was said, as it was meant.".into()));
        let sight =
            Sight { front: Front::Known(sim::window(1)), password_field: false, modifiers_held: false };
        self.tell(Input::AskInjection(given?, sight));
        self.tell(Input::Delivered(given?, Delivery::Pasted)).0
    }
}

#[divan::bench]
fn one_dictation(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(Bench::new).bench_local_refs(Bench::dictate);
}

/// One in the middle of a working day: 5 minutes of finished dictations, one every 10 s, are still in memory.
#[divan::bench]
fn one_dictation_after_many(bencher: divan::Bencher<'_, '_>) {
    let mut bench = Bench::new();
    bencher.bench_local(|| {
        bench.pass(Millis::seconds(10));
        bench.dictate()
    });
}

/// A day after another, with 4 sessions that wait for recognition all the time... which the clock would end: so they are
/// begun anew as they end. Answers sessions and bytes in memory.
fn memory_after(finished: u64) -> Result<(usize, usize), String> {
    let before = LIVE.load(Ordering::Relaxed);
    let mut bench = Bench::new();
    for _ in 0..finished {
        if bench.dictate() != Some(Reply::Done) {
            return Err("a dictation did not come to its end".into());
        }
        bench.pass(Millis::seconds(10));
    }
    for _ in 0..limits::LIVE_SESSIONS {
        let token = bench.begin().ok_or("four sessions at once were refused")?;
        bench.tell(Input::CaptureStarted(token));
        bench.tell(Input::SpeechHeard(token, Millis(500)));
    }
    Ok((bench.sessions.in_memory(), LIVE.load(Ordering::Relaxed) - before))
}

fn main() -> ExitCode {
    divan::main();
    let flat = memory_after(1_000).and_then(|few| Ok((few, memory_after(10_000)?)));
    match flat {
        Ok(((few, few_bytes), (many, many_bytes))) => {
            println!("4 live and 1000 finished sessions: {few} in memory, {few_bytes} bytes");
            println!("4 live and 10000 finished sessions: {many} in memory, {many_bytes} bytes");
            // Buffers may stand at another fill, no more.
            if many == few && many_bytes <= few_bytes + few_bytes / 10 {
                return ExitCode::SUCCESS;
            }
            println!("memory grows with what is finished");
        }
        Err(problem) => println!("{problem}"),
    }
    ExitCode::FAILURE
}
