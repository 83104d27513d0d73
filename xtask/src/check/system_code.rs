//! Code for one operating system stands in files named after it, or in the shell.

use super::none_of;
use crate::{
    failure::Failure,
    places,
    sources::{self, Kind},
};

/// The shell may ask what system it is on, and so may what is never shipped.
const FREE: &[&str] = &["src-tauri/", "tests/", "xtask/"];

/// These crates have one file a system: `src/.../linux.rs`, `unix.rs`, ...
const WITH_SYSTEM_FILES: &[&str] = &["crates/paste/", "crates/audio/", "crates/app/"];

const SYSTEMS: &[&str] = &["linux", "windows", "macos", "unix"];

/// Files of the driver with a line or two for a system, and why a file for each would only scatter one idea.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/app/src/places.rs", "where each system wants its folders, and their rights"),
    ("crates/app/src/control/address.rs", "a socket or a pipe: the address is the whole difference"),
    ("crates/app/src/logs/rolling.rs", "the rights of the log file"),
    ("crates/app/src/settings/disk.rs", "what a write-protected folder is"),
    ("crates/store/src/files.rs", "the rights of the history's folder and file"),
];

pub(super) fn check() -> Result<(), Failure> {
    let mut findings = Vec::new();
    for file in sources::list(&[Kind::Rust])? {
        let path = places::shown(&file);
        if may_hold_system_code(&path) {
            continue;
        }
        let may_choose_files = WITH_SYSTEM_FILES.iter().any(|folder| path.starts_with(folder));
        let lines = conditions(without_tests(&places::read(&file)?), may_choose_files);
        match ALLOWED.iter().find(|(allowed, _)| *allowed == path) {
            Some((_, why)) if lines.is_empty() => {
                findings.push(format!(
                    "{path}: allowed to ({why}), yet no longer depends on the operating system"
                ));
            }
            Some(_) => {}
            None => findings
                .extend(lines.iter().map(|line| format!("{path}:{line}: depends on the operating system"))),
        }
    }
    none_of(
        &findings,
        "move it into a file named after the system (crates/paste, crates/audio, crates/app) or into src-tauri; \
         xtask/src/check/system_code.rs holds the few exceptions",
    )
}

/// Files of the shell and of tests, and files named after a system in crates that have such.
fn may_hold_system_code(path: &str) -> bool {
    let mut parts = path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    let in_system_file = WITH_SYSTEM_FILES.iter().any(|folder| path.starts_with(folder))
        && parts.clone().any(|part| SYSTEMS.contains(&part));
    in_system_file || parts.any(|part| part == "tests") || FREE.iter().any(|folder| path.starts_with(folder))
}

/// The source up to its tests, which may look at what one system does.
fn without_tests(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod tests {").next().unwrap_or(source)
}

/// The lines that hold a condition on the system. Where a crate has a file for each, choosing among them
/// (`#[cfg(unix)] mod unix;`) is no finding.
fn conditions(source: &str, may_choose_files: bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = source[from..].find("cfg").map(|at| from + at) {
        from = at + "cfg".len();
        let line_start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
        if source[line_start..at].trim_start().starts_with("//") {
            continue;
        }
        let Some((condition, end)) = condition(source, at) else { continue };
        let names_system = words(condition)
            .any(|word| ["target_os", "target_family", "windows", "unix", "target_vendor"].contains(&word));
        if names_system && !(may_choose_files && chooses_file(&source[end..])) {
            found.push(source[..at].matches('\n').count() + 1);
        }
    }
    found
}

/// The text in the brackets of `cfg(...)`, `cfg!(...)`, `cfg_attr(...)`, and where it ends.
fn condition(source: &str, at: usize) -> Option<(&str, usize)> {
    if source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let rest = &source[at..];
    let open = ["cfg(", "cfg!(", "cfg_attr("].iter().find(|start| rest.starts_with(**start))?.len();
    let mut depth = 1;
    for (index, c) in rest[open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&rest[open..open + index], at + open + index + 1));
        }
    }
    None
}

/// Whether what follows the attribute declares or imports a system's file.
fn chooses_file(after: &str) -> bool {
    let Some(item) = after.trim_start().strip_prefix(']') else { return false };
    let Some((item, _)) = item.split_once(';') else { return false };
    let mut words = words(item).skip_while(|word| ["pub", "crate", "super", "self"].contains(word));
    matches!(words.next(), Some("mod" | "use")) && words.any(|word| SYSTEMS.contains(&word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_on_the_system_are_found_with_their_lines() {
        let source = "\n#[cfg(target_os = \"linux\")]\nfn a() {}\n#[cfg(\n  not(\n    windows))]\nfn b() {}\nif cfg!(unix) {}\n\
                      #[cfg_attr(target_family = \"unix\", x)]\n";
        assert_eq!(conditions(source, false), [2, 4, 8, 9]);
        assert_eq!(conditions(source, true), [2, 4, 8, 9]);
    }

    #[test]
    fn other_conditions_and_comments_are_none() {
        let source = "#[cfg(test)]\n// #[cfg(unix)]\n/// cfg(windows)\n#[cfg(feature = \"x\")]\nfn my_cfg(unix: u8) {}\n";
        assert_eq!(conditions(source, false), Vec::<usize>::new());
    }

    #[test]
    fn choosing_among_system_files_is_fine_where_there_are_any() {
        let source = "#[cfg(unix)]\nmod unix;\n#[cfg(windows)]\npub(crate) use windows::Pipe;\n#[cfg(windows)]\nuse winreg;\n";
        assert_eq!(conditions(source, true), [5]);
        assert_eq!(conditions(source, false), [1, 3, 5]);
    }

    #[test]
    fn tests_may_look_at_one_system() {
        let source =
            "#[cfg(unix)]\nfn a() {}\n#[cfg(test)]\nmod tests {\n    #[cfg(unix)]\n    fn b() {}\n}\n";
        assert_eq!(conditions(without_tests(source), false), [1]);
    }

    #[test]
    fn files_named_after_a_system() {
        assert!(may_hold_system_code("crates/paste/src/linux.rs"));
        assert!(may_hold_system_code("crates/app/src/control/windows/pipe.rs"));
        assert!(may_hold_system_code("src-tauri/src/tray.rs"));
        assert!(may_hold_system_code("crates/text/tests/folders.rs"));
        assert!(!may_hold_system_code("crates/text/src/linux.rs"));
        assert!(!may_hold_system_code("crates/app/src/control/mod.rs"));
    }
}
