//! Random lives of the whole app, checked against what must hold in every one of them.
//!
//! A [`script`] is a list of [`Step`]s made from one number; [`run`] plays it to a fresh [`Sessions`](crate::Sessions), lets
//! the fakes answer at once, late, twice, wrongly or never, and looks at everything after every step. Whatever the
//! script was, the app is then left alone or quits, and must come to rest. A script that breaks a rule is [`shrink`]ed to
//! the steps that matter.

mod dice;
mod drain;
mod meaning;
mod rig;
mod step;
mod watch;

use std::fmt;

pub use dice::Dice;
pub use step::{Heard, Placed, Shown, Step, Which, Who, Wish};

/// A rule that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which, in words, with what was seen instead.
    pub rule: String,
    /// After which step; as many as there are for what came when all was to come to rest.
    pub step: usize,
}

/// What a script came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ran {
    /// Inputs taken in, and calls because time had passed.
    pub events: u64,
    /// Sessions that began.
    pub sessions: u64,
    /// Texts that were injected.
    pub injections: u64,
    /// Inputs that were late, stale or refused.
    pub turned_down: u64,
}

/// A script that breaks a rule, and the least of it that still does.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it was made from.
    pub seed: u64,
    /// The rule.
    pub broken: Broken,
    /// The steps that matter.
    pub steps: Vec<Step>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after step {}: {}", self.step, self.rule)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {}", self.seed, self.broken)?;
        for (at, step) in self.steps.iter().enumerate() {
            writeln!(f, "  {at}: {step:?}")?;
        }
        Ok(())
    }
}

impl std::ops::AddAssign for Ran {
    fn add_assign(&mut self, other: Self) {
        self.events += other.events;
        self.sessions += other.sessions;
        self.injections += other.injections;
        self.turned_down += other.turned_down;
    }
}

/// The script of this number. The same number gives the same script.
pub fn script(seed: u64) -> Vec<Step> {
    let mut dice = Dice::new(seed);
    let length = 10 + dice.below(70);
    // How often it goes as it usually does: from nearly always, so that much gets done, to hardly ever.
    let usual = 1 + dice.below(8);
    let mut at = 0;
    let mut next = || {
        if dice.below(9) >= usual {
            return Step::random(&mut dice);
        }
        at += 1;
        Step::usual(at - 1, &mut dice)
    };
    (0..length).map(|_| next()).collect()
}

/// Plays a script, then lets everything come to rest.
pub fn run(steps: &[Step]) -> Result<Ran, Broken> {
    let mut rig = rig::Rig::new();
    for (at, step) in steps.iter().enumerate() {
        rig.take(step).map_err(|rule| Broken { rule, step: at })?;
    }
    rig.come_to_rest().map_err(|rule| Broken { rule, step: steps.len() })
}

/// Plays the script of this number; one that breaks a rule is shrunk.
pub fn try_seed(seed: u64) -> Result<Ran, Box<Found>> {
    let steps = script(seed);
    run(&steps).map_err(|broken| Box::new(shrink(seed, steps, broken)))
}

/// Leaves out and simplifies steps for as long as a rule still breaks.
pub fn shrink(seed: u64, steps: Vec<Step>, broken: Broken) -> Found {
    let mut found = Found { seed, broken, steps };
    while found.leave_out() || found.simplify() {}
    found
}

impl Found {
    fn accept(&mut self, steps: Vec<Step>) -> bool {
        let Err(broken) = run(&steps) else { return false };
        self.broken = broken;
        self.steps = steps;
        true
    }

    /// Leaves out ever shorter stretches. Answers whether any could go.
    fn leave_out(&mut self) -> bool {
        let mut any = false;
        let mut length = self.steps.len().div_ceil(2);
        while length > 0 {
            let mut at = 0;
            while at < self.steps.len() {
                let mut fewer = self.steps.clone();
                fewer.drain(at..(at + length).min(fewer.len()));
                if self.accept(fewer) { any = true } else { at += length }
            }
            length /= 2;
        }
        any
    }

    fn simplify(&mut self) -> bool {
        (0..self.steps.len()).any(|at| {
            let simpler = self.steps.get(at).map_or_else(Vec::new, Step::simpler);
            simpler.into_iter().any(|step| {
                let mut steps = self.steps.clone();
                steps[at] = step;
                self.accept(steps)
            })
        })
    }
}
