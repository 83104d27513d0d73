//! What holds for every order of everything that can happen: see [`crate::sim::chaos`] for the rules.

use std::{env, thread};

use crate::sim::chaos;

/// How many random scripts the normal run plays; `cargo xtask soak core --sequences N` plays as many as it is told.
const SEQUENCES: u64 = 10_000;

/// `QUOTH_SEED` plays that one script, as a failure names it.
#[test]
fn k2_c9_d26_t5_whatever_happens_in_whatever_order_the_invariants_hold() {
    let (from, to): (u64, u64) = match env::var("QUOTH_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => (seed, seed + 1),
        None => (0, SEQUENCES),
    };
    let half = from.midpoint(to);
    let ran = thread::scope(|scope| {
        let other = scope.spawn(move || play(from, half));
        let mut ran = play(half, to);
        ran += other.join().unwrap();
        ran
    });
    // A script that does nothing breaks nothing.
    assert!(
        to - from < SEQUENCES || (ran.injections > SEQUENCES / 4 && ran.turned_down > SEQUENCES),
        "{ran:?}"
    );
}

fn play(from: u64, to: u64) -> chaos::Ran {
    let mut all = chaos::Ran::default();
    for seed in from..to {
        match chaos::try_seed(seed) {
            Ok(ran) => all += ran,
            Err(found) => panic!("{found}"),
        }
    }
    all
}
