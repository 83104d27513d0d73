//! Plays as many random scripts as it is told: `cargo xtask soak core --sequences N`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to the person at the terminal")]

use std::{
    env,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

use quoth_session::sim::chaos::{self, Found, Ran};

const THREADS: u64 = 2;
/// A failure is looked into one at a time; the rest would say the same.
const FOUND_AT_MOST: u64 = 5;

fn main() -> ExitCode {
    let mut numbers = env::args().skip(1).map(|word| word.parse::<u64>());
    let (Some(Ok(sequences)), first) = (numbers.next(), numbers.next().unwrap_or(Ok(0)).unwrap_or(0)) else {
        eprintln!("soak: how many sequences? And, if you like, from which seed?");
        return ExitCode::FAILURE;
    };
    let began = Instant::now();
    let next = AtomicU64::new(first);
    let broken = AtomicU64::new(0);
    let work = || {
        let mut all = Ran::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + sequences || broken.load(Ordering::Relaxed) >= FOUND_AT_MOST {
                return all;
            }
            match chaos::try_seed(seed) {
                Ok(ran) => all += ran,
                Err(found) => tell(&found, &broken),
            }
        }
    };
    let mut ran = Ran::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            match thread.join() {
                Ok(part) => ran += part,
                Err(_) => {
                    broken.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    });
    let seconds = began.elapsed().as_secs_f64();
    let broken = broken.into_inner();
    let played = next.into_inner().saturating_sub(first).min(sequences);
    println!(
        "{played} sequences on {THREADS} threads in {seconds:.1} s: {} events ({:.0} events/s), {} sessions, {} injections, \
         {} inputs turned down, {broken} broken",
        ran.events,
        ran.events as f64 / seconds,
        ran.sessions,
        ran.injections,
        ran.turned_down
    );
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(found: &Found, broken: &AtomicU64) {
    broken.fetch_add(1, Ordering::Relaxed);
    eprintln!("{found}");
}
