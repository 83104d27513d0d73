//! The page in `ui/`: its packages, its build, its checks and its tests.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    failure::Failure,
    packages, places, processes,
    progress::{say, step},
    stamp::Stamp,
    tally::{self, Tally},
};

const OLDEST_NODE: u32 = 20;

/// Installs the page's packages if package-lock.json is not the one they were installed from.
pub(crate) fn install() -> Result<(), Failure> {
    let node = node_version()?;
    let lock = places::ui().join("package-lock.json");
    let modules = places::ui().join("node_modules");
    // Inside node_modules, so that removing the folder removes the stamp.
    let stamp = Stamp::of(modules.join(".installed-from"), &format!("node {node}"), &[lock])?;
    if stamp.is_current() {
        return Ok(());
    }
    step("page packages: npm ci", || {
        processes::run(npm().args(["ci", "--no-audit", "--no-fund"]))
            .map_err(|e| e.advise("npm needs the network here; `cd ui && npm ci` shows more"))?;
        stamp.set()
    })
}

/// Builds the page into `ui/dist` if anything in it changed. The app cannot be compiled without it.
pub(crate) fn build() -> Result<(), Failure> {
    // Not in dist: what lies there becomes part of the app.
    let stamp = Stamp::of(places::ui().join("node_modules/.page-built-from"), "", &sources()?)?;
    if stamp.is_current() && places::ui().join("dist/index.html").is_file() {
        say("page: unchanged since its last build");
        return Ok(());
    }
    step("page: npm run build", || {
        processes::run(npm().args(["run", "--silent", "build"]))
            .map_err(|e| e.advise("mend what the page's build says above"))?;
        stamp.set()
    })
}

/// Types and lint of the page.
pub(crate) fn check() -> Result<(), Failure> {
    processes::run(npm().args(["run", "--silent", "check"])).map_err(|e| e.advise("mend what is named above"))
}

/// Runs the page's tests; `filter` is part of a test's name.
pub(crate) fn test(filter: Option<&str>) -> Result<Tally, Failure> {
    let report = places::target().join("tests/vitest.json");
    places::remove_file(&report)?;
    let mut vitest = npm();
    vitest.args(["exec", "--", "vitest", "run", "--reporter=default", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", report.display()));
    if let Some(filter) = filter {
        vitest.args(["--testNamePattern", filter]);
    }
    let passed = step("page tests: vitest", || processes::succeeds(&mut vitest))?;
    match fs::read_to_string(&report) {
        Ok(text) => Ok(tally::vitest(&text)?.failed_if(!passed)),
        Err(_) => Err(Failure::new("vitest ended without a report").advise("its message stands above")),
    }
}

fn npm() -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(places::ui());
    npm
}

/// All that the page is built from: what lies in `ui/`, less what is made from it.
fn sources() -> Result<Vec<PathBuf>, Failure> {
    let ui = places::ui();
    let entries = fs::read_dir(&ui).map_err(|e| Failure::file("list", &ui, &e))?;
    let made = ["node_modules", "dist", "coverage", "test-results"];
    let mut sources: Vec<_> = entries
        .flatten()
        .filter(|entry| !entry.file_name().to_str().is_some_and(|name| made.contains(&name)))
        .map(|entry| entry.path())
        .collect();
    sources.sort();
    Ok(sources)
}

fn node_version() -> Result<String, Failure> {
    let found = processes::answer(Command::new("node").arg("--version"))
        .ok_or_else(|| Failure::new("Node is missing").advise(packages::how_to_get_node()))?;
    match major(&found) {
        Some(major) if major >= OLDEST_NODE => Ok(found.trim().to_owned()),
        _ => Err(Failure::new(format!("Node {} is too old: {OLDEST_NODE} or newer is needed", found.trim()))
            .advise(packages::how_to_get_node())),
    }
}

fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn nodes_version_is_read() {
        assert_eq!(super::major("v20.20.2\n"), Some(20));
        assert_eq!(super::major("nonsense"), None);
    }
}
