//! `cargo xtask demo` and `cargo xtask bench`: programs of the package `quoth-desktop`, run on its virtual desktop.

use std::{env, fs, process::Command};

use crate::{
    build::{self, Profile},
    failure::Failure,
    places, processes,
    progress::{say, step},
    setup,
};

/// Shows the app on a virtual desktop and leaves screenshots.
pub(crate) fn demo() -> Result<(), Failure> {
    run_example("demo", Profile::Debug)?;
    let folder = places::target().join("demo");
    let pictures = fs::read_dir(&folder).map_err(|e| Failure::file("list", &folder, &e))?;
    let mut names: Vec<_> = pictures.flatten().map(|entry| places::shown(&entry.path())).collect();
    names.sort();
    names.iter().for_each(|name| println!("{name}"));
    Ok(())
}

/// Measures one thing, by name (`idle`, ...).
pub(crate) fn bench(name: &str) -> Result<(), Failure> {
    let known = benches()?;
    if !known.iter().any(|known| known == name) {
        return Err(Failure::new(format!("there is no measurement named `{name}`"))
            .advise(format!("name one of: {}", known.join(", "))));
    }
    // What is measured is what users get.
    run_example(&format!("bench_{name}"), Profile::Release)
}

/// The measurements there are: examples named `bench_...`.
pub(crate) fn benches() -> Result<Vec<String>, Failure> {
    let folder = places::root().join("tests/examples");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Failure::file("list", &folder, &e)),
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|e| Some(e.path().file_stem()?.to_str()?.strip_prefix("bench_")?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Runs one of the desktop's programs on the app of this profile; the program itself is always the quickly built one.
fn run_example(name: &str, app: Profile) -> Result<(), Failure> {
    setup::for_desktop()?;
    build::build(Profile::Debug)?;
    let mut binary = places::target().join("debug/quoth");
    if app == Profile::Release {
        build::build(Profile::Release)?;
        binary = places::target().join("release/quoth");
    }
    let program = places::target().join("debug/examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        return Err(Failure::new(format!("tests/examples/{name}.rs was not built")));
    }
    let mut command = Command::new(&program);
    command.current_dir(places::root()).env("QUOTH_BIN", binary.with_extension(env::consts::EXE_EXTENSION));
    step(name, || processes::run(&mut command))
        .inspect_err(|_| say("the messages above and target/e2e/ tell more"))
}
