//! The tasks by name, and what may be typed after them.

use std::ffi::OsString;

use crate::{
    behaviours,
    build::{self, Profile},
    bundle,
    check::{self, Bindings},
    demo,
    failure::Failure,
    heart, other_systems,
    progress::step,
    run, setup,
    test::{self, Choice},
    usage,
};

const HELP: &str = "\
Quoth's tasks: cargo xtask TASK

  setup                       find what is missing on this machine and install it
  run [--release] [-- ARGS]   build and open the app; without a display: demo
  build [--release]           build the page and the whole workspace
  test [--fast] [NAME]        all tests, or those with NAME in theirs; --fast leaves out the virtual desktop
  test --windows [NAME]       the crates' tests as Windows programs, run under Wine
  check [STEP...]             formatting, lints, types, licences, imports, bindings; or just the steps named
  check --all-systems         the same, and the types for Windows and macOS
  bindings                    write ui/src/lib/bindings.ts from the Rust commands and events
  bundle                      make this system's installers in target/release/bundle
  demo                        start the app on a virtual desktop; screenshots go to target/demo
  bench core                  measure what a dictation costs in the session crate, and its memory
  bench NAME                  measure one thing on a virtual desktop (idle, ...)
  soak core --sequences N     play N random lives of the app against the session crate's invariants
  behaviours [--missing]      the promised behaviours and the tests named after them
  help                        this list
";

/// Performs the task. `false` if it ran to its end and found something wrong, which it has told by then.
pub(crate) fn perform(arguments: &[OsString]) -> Result<bool, Failure> {
    let words: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or("\u{fffd}")).collect();
    let (task, rest) = words.split_first().map_or(("help", &[][..]), |(task, rest)| (*task, rest));
    match (task, rest) {
        ("help" | "--help" | "-h", []) => {
            print!("{HELP}");
            Ok(true)
        }
        ("setup", []) => done(setup::setup()),
        ("run", _) => {
            let (own, apps) = match rest.iter().position(|word| *word == "--") {
                Some(at) => (&rest[..at], &arguments[at + 2..]),
                None => (rest, &[][..]),
            };
            done(run::run(profile(own)?, apps))
        }
        ("build", _) => {
            let profile = profile(rest)?;
            setup::for_build()?;
            done(build::build(profile))
        }
        ("bundle", []) => done(bundle::bundle()),
        ("test", _) => perform_tests(rest),
        ("check", _) => {
            let (options, names): (Vec<&str>, Vec<&str>) =
                rest.iter().partition(|word| word.starts_with('-'));
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            match options[..] {
                [] => conclude(check::check(false, &names)?),
                ["--all-systems"] => conclude(check::check(true, &names)?),
                _ => Err(usage(&format!("check knows no {}", options.join(" ")))),
            }
        }
        ("bindings", []) => {
            setup::for_fast_tests()?;
            crate::page::build()?;
            done(check::bindings(Bindings::Write))
        }
        ("demo", []) => done(demo::demo()),
        ("bench", ["core"]) => done(heart::bench()),
        ("soak", ["core", "--sequences", sequences]) => done(heart::soak(sequences)),
        ("bench", [name]) => done(demo::bench(name)),
        ("bench", _) => {
            Err(usage(&format!("bench takes one name of: core, {}", demo::benches()?.join(", "))))
        }
        ("behaviours", []) => done(behaviours::behaviours(false)),
        ("behaviours", ["--missing"]) => done(behaviours::behaviours(true)),
        _ => Err(usage(&format!("there is no task `{}`", words.join(" ")))),
    }
}

fn perform_tests(words: &[&str]) -> Result<bool, Failure> {
    let (options, names): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.starts_with('-'));
    let filter = match names[..] {
        [] => None,
        [name] => Some(name.to_owned()),
        _ => return Err(usage("test takes one name")),
    };
    let tally = match options[..] {
        [] => step("test", || test::test(&Choice { fast: false, filter }))?,
        ["--fast"] => step("test", || test::test(&Choice { fast: true, filter }))?,
        ["--windows"] => step("test for Windows", || other_systems::test_windows(filter.as_deref()))?,
        _ => return Err(usage(&format!("test knows no {}", options.join(" ")))),
    };
    Ok(test::close(tally))
}

fn profile(words: &[&str]) -> Result<Profile, Failure> {
    match words {
        [] => Ok(Profile::Debug),
        ["--release"] => Ok(Profile::Release),
        _ => Err(usage(&format!("not understood: {}", words.join(" ")))),
    }
}

fn done(result: Result<(), Failure>) -> Result<bool, Failure> {
    result.map(|()| true)
}

/// The one line a task that counts ends with.
fn conclude(tally: crate::tally::Tally) -> Result<bool, Failure> {
    println!("{tally}");
    Ok(tally.failed == 0)
}
