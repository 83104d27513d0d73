//! Invariant 6: the user's clipboard of before is put back in the end, or the user has replaced it.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

/// Content is a number; 0 is empty.
type Content = u32;
const EMPTY: Content = 0;

#[derive(Debug, Clone, Copy)]
enum Step {
    UserCopies,
    UserClears,
    Wait(u64),
    /// A delivery begins, whatever stage the last one is in, and gets as far as its plan.
    Begin {
        seen: Sight,
        can_type: bool,
    },
    Write,
    Paste {
        delay: u64,
    },
    /// The guard vetoed: the text stays.
    Leave,
    Withdraw,
    /// A report about a delivery that was overtaken.
    LateReport,
    /// The driver does what is due; it may fail to put back.
    Timer {
        restores: bool,
    },
    Quit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    Clear,
    /// Only a part can be copied.
    Partly,
    /// It can't be looked at, but copied.
    Blind,
}

struct World {
    ledger: ClipboardLedger<u32, Content>,
    now: u64,
    clipboard: Content,
    /// What must be there in the end.
    users: Content,
    /// Texts and copies are all different.
    next: Content,
    backups: Vec<Content>,
    freed: HashSet<u32>,
    delivery: Option<(Generation, Plan)>,
    overtaken: Vec<Generation>,
}

impl World {
    fn new(start: Content) -> Self {
        Self {
            ledger: ClipboardLedger::default(),
            now: 0,
            clipboard: start,
            users: start,
            next: 10,
            backups: Vec::new(),
            freed: HashSet::new(),
            delivery: None,
            overtaken: Vec::new(),
        }
    }

    fn fresh(&mut self) -> Content {
        self.next += 1;
        self.next
    }

    fn seen(&self, sight: Sight) -> Seen<Content> {
        match (sight, self.clipboard) {
            (Sight::Blind, _) => Seen::Unreadable,
            (_, EMPTY) => Seen::Empty,
            (_, content) => Seen::Content(content),
        }
    }

    fn found(&mut self, sight: Sight) -> Found<u32, Content> {
        // What we wrote ourselves can always be copied whole.
        let partly = sight == Sight::Partly && self.clipboard == self.users;
        match self.clipboard {
            EMPTY => Found::Empty,
            _ if partly => Found::Partial,
            content => {
                self.backups.push(content);
                let backup = u32::try_from(self.backups.len() - 1).unwrap();
                Found::Whole { backup, content }
            }
        }
    }

    fn step(&mut self, step: Step) {
        let now = Tick(self.now);
        match step {
            Step::UserCopies => {
                self.clipboard = self.fresh();
                self.users = self.clipboard;
            }
            Step::UserClears => {
                self.clipboard = EMPTY;
                self.users = EMPTY;
            }
            Step::Wait(span) => self.now += span,
            Step::Begin { seen, can_type } => {
                let (generation, need) = self.ledger.begin(&self.seen(seen), now);
                self.overtaken.extend(self.delivery.take().map(|(older, _)| older));
                let plan = match need {
                    Need::Nothing => Plan::Paste,
                    Need::Backup => {
                        let found = self.found(seen);
                        self.ledger.backed_up(generation, found, can_type, now).expect("it is the latest")
                    }
                };
                assert!(plan != Plan::Type || can_type);
                self.delivery = Some((generation, plan));
            }
            Step::Write => self.write(now),
            Step::Paste { delay } => self.report(|ledger, of| ledger.pasted(of, Millis(delay), now)),
            Step::Leave => {
                let text = self.clipboard;
                let mut left = false;
                self.report(|ledger, of| {
                    left = ledger.left_to_user(of);
                    left
                });
                if left {
                    // The text was given to the user, unless the user has copied something since.
                    self.users = text;
                }
            }
            Step::Withdraw => self.report(|ledger, of| ledger.withdrawn(of, now)),
            Step::LateReport => {
                for older in &self.overtaken {
                    let before = self.ledger.poll_timeout();
                    assert!(!self.ledger.pasted(*older, Millis(0), now));
                    assert!(!self.ledger.withdrawn(*older, now));
                    assert!(!self.ledger.left_to_user(*older));
                    assert!(!self.ledger.restored(*older));
                    assert_eq!(self.ledger.looked(*older, &Seen::Empty), None);
                    assert_eq!(self.ledger.poll_timeout(), before);
                }
            }
            Step::Timer { restores } => self.timer(restores),
            Step::Quit => self.ledger.settle(now),
        }
        while let Some(backup) = self.ledger.poll_forgotten() {
            assert!(self.freed.insert(backup), "freed twice");
        }
    }

    /// The driver looks once more directly before it writes, and starts over if the user has just copied something.
    fn write(&mut self, now: Tick) {
        let Some((generation, plan)) = self.delivery else { return };
        if plan == Plan::Type || !self.ledger.may_write(generation, &self.seen(Sight::Clear)) {
            return;
        }
        let text = self.fresh();
        assert!(self.ledger.wrote(generation, text, now));
        self.clipboard = text;
        if matches!(plan, Plan::PasteForGood(_)) {
            self.users = text;
        }
    }

    fn report(&mut self, report: impl FnOnce(&mut ClipboardLedger<u32, Content>, Generation) -> bool) {
        if let Some((generation, _)) = self.delivery
            && report(&mut self.ledger, generation)
        {
            self.delivery = None;
        }
    }

    fn timer(&mut self, restores: bool) {
        let Some(generation) = self.ledger.handle_timeout(Tick(self.now)) else { return };
        let seen = self.seen(Sight::Clear);
        if let Some(Settlement::Restore(saved)) = self.ledger.looked(generation, &seen) {
            assert_ne!(self.clipboard, self.users, "put back over what is the user's");
            if restores {
                self.clipboard = match saved {
                    Saved::Empty => EMPTY,
                    Saved::Backup(backup) => {
                        assert!(!self.freed.contains(&backup), "put back what was freed");
                        self.backups[backup as usize]
                    }
                };
                assert!(self.ledger.restored(generation));
            }
        }
    }
}

fn steps() -> impl Strategy<Value = Step> {
    let sights = prop_oneof![6 => Just(Sight::Clear), 1 => Just(Sight::Partly), 1 => Just(Sight::Blind)];
    prop_oneof![
        2 => Just(Step::UserCopies),
        1 => Just(Step::UserClears),
        4 => prop_oneof![3 => 1_u64..400, 1 => 400_u64..70_000].prop_map(Step::Wait),
        5 => (sights, any::<bool>()).prop_map(|(seen, can_type)| Step::Begin { seen, can_type }),
        6 => Just(Step::Write),
        5 => prop_oneof![Just(0_u64), Just(1_500), Just(60_000)].prop_map(|delay| Step::Paste { delay }),
        1 => Just(Step::Leave),
        2 => Just(Step::Withdraw),
        1 => Just(Step::LateReport),
        5 => prop_oneof![4 => Just(true), 1 => Just(false)].prop_map(|restores| Step::Timer { restores }),
        1 => Just(Step::Quit),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn t8_k33_in_the_end_the_clipboard_holds_what_the_user_last_put_there(
        start in prop_oneof![Just(EMPTY), Just(1)],
        steps in prop::collection::vec(steps(), 1..60),
    ) {
        let mut world = World::new(start);
        for step in steps {
            world.step(step);
        }
        let mut rounds = 0;
        while let Some(due) = world.ledger.poll_timeout() {
            rounds += 1;
            prop_assert!(rounds < 10, "it never comes to rest");
            world.now = world.now.max(due.0);
            world.step(Step::Timer { restores: true });
        }
        prop_assert_eq!(world.clipboard, world.users);
        prop_assert!(!world.ledger.owes());
        prop_assert_eq!(world.freed.len(), world.backups.len(), "every backup is freed once");
    }
}
