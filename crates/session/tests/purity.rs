//! What decides must not be able to do: the session crate's dependencies and sources, looked at from outside.
#![allow(clippy::unwrap_used, reason = "a test's own mistake")]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// All there may be, with what those three bring themselves.
const ALLOWED: [&str; 13] = [
    "quoth-session",
    "serde",
    "serde_core",
    "serde_derive",
    "thiserror",
    "thiserror-impl",
    "uuid",
    "proc-macro2",
    "quote",
    "syn",
    "unicode-ident",
    // uuid's, in a browser only.
    "js-sys",
    "wasm-bindgen",
];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(here()).args(["tree", "--offline", "--edges", "normal", "--prefix", "none"]);
    let output =
        command.args(["--format", "{lib}|{p}", "--features", "sim"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let packages = text.lines().filter_map(|line| line.split('|').nth(1)?.split(' ').next());
    packages.map(str::to_owned).collect()
}

#[test]
fn d74_the_core_depends_on_serde_thiserror_and_uuid_alone() {
    let direct = tree(&["--depth", "1"]);
    let expected = ["quoth-session", "serde", "thiserror", "uuid"].map(str::to_owned);
    assert_eq!(direct, BTreeSet::from(expected));
    let foreign: Vec<_> = tree(&[]).into_iter().filter(|name| !ALLOWED.contains(&name.as_str())).collect();
    assert!(foreign.is_empty(), "brought in by a dependency: {foreign:?}");
}

#[test]
fn d74_the_core_knows_no_system_no_clock_and_no_input_or_output() {
    let forbidden = [
        "target_os",
        "target_family",
        "cfg(unix)",
        "cfg(windows)",
        "std::fs",
        "std::net",
        "std::io",
        "std::process",
        "std::thread",
        "Instant::now",
        "SystemTime",
        "async fn",
        "println!",
        "tracing::",
        "log::",
    ];
    let mut files = Vec::new();
    rust_files(&here().join("src"), &mut files);
    assert!(files.len() > 30, "only {} sources were found", files.len());
    for file in files {
        let test = file.components().any(|part| part.as_os_str() == "tests")
            || file.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("tests"));
        if test {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (number, line) in code.enumerate() {
            let found = forbidden.iter().find(|word| line.contains(**word));
            assert!(found.is_none(), "{}: line {number} without comments: {line}", file.display());
        }
    }
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}
