//! The project's own files: all but what is built, fetched or generated.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, places};

/// Folders whose content nobody here wrote.
const FOREIGN: &[&str] = &["target", "node_modules", "dist", "gen", ".git", ".svelte-kit"];

/// Written by a program, and checked by the step that looks whether it is current.
pub(crate) const GENERATED: &[&str] = &["ui/src/lib/bindings.ts"];

/// What a source file is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Rust,
    TypeScript,
    Svelte,
    Css,
    Sql,
    Script,
}

impl Kind {
    /// Everything written by hand.
    pub(crate) const ALL: &[Self] =
        &[Self::Rust, Self::TypeScript, Self::Svelte, Self::Css, Self::Sql, Self::Script];

    fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()? {
            "rs" => Some(Self::Rust),
            "ts" | "mts" | "js" | "mjs" => Some(Self::TypeScript),
            "svelte" => Some(Self::Svelte),
            "css" => Some(Self::Css),
            "sql" => Some(Self::Sql),
            "sh" | "py" => Some(Self::Script),
            _ => None,
        }
    }
}

/// The files of these kinds, in order of their paths.
pub(crate) fn list(kinds: &[Kind]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    walk(&places::root(), kinds, &mut files)?;
    files.retain(|file| !GENERATED.contains(&places::shown(file).as_str()));
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, kinds: &[Kind], files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|e| Failure::file("list", folder, &e))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let foreign =
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| FOREIGN.contains(&name));
        if path.is_symlink() || foreign {
            continue;
        }
        if path.is_dir() {
            walk(&path, kinds, files)?;
        } else if Kind::of(&path).is_some_and(|kind| kinds.contains(&kind)) {
            files.push(path);
        }
    }
    Ok(())
}
