//! Remembers what a step was done for, so that it is done again only when that changed.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{failure::Failure, places};

/// A mark on disk that holds the fingerprint of what a step's result was made from.
pub(crate) struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// The stamp in this file, for the given inputs: files and folders (hashed by content), and a word on the tools.
    pub(crate) fn of(file: PathBuf, tools: &str, inputs: &[PathBuf]) -> Result<Self, Failure> {
        let mut hasher = DefaultHasher::new();
        tools.hash(&mut hasher);
        for input in inputs {
            add(input, &mut hasher)?;
        }
        Ok(Self { file, fingerprint: format!("{:016x}", hasher.finish()) })
    }

    /// Whether the step was done for exactly these inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|written| written == self.fingerprint)
    }

    /// To be called when the step was done.
    pub(crate) fn set(&self) -> Result<(), Failure> {
        places::write(&self.file, &self.fingerprint)
    }
}

fn add(input: &Path, hasher: &mut DefaultHasher) -> Result<(), Failure> {
    places::shown(input).hash(hasher);
    if !input.is_dir() {
        let content = fs::read(input).map_err(|e| Failure::file("read", input, &e))?;
        content.hash(hasher);
        return Ok(());
    }
    let mut entries = fs::read_dir(input)
        .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
        .map_err(|e| Failure::file("list", input, &e))?;
    entries.sort();
    entries.iter().try_for_each(|entry| add(entry, hasher))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;

    #[test]
    fn a_changed_file_makes_the_stamp_old() {
        let folder = env::temp_dir().join(format!("quoth-stamp-{}", std::process::id()));
        let source = folder.join("src/deep/a.ts");
        let stamp = |tools| Stamp::of(folder.join("stamp"), tools, &[folder.join("src")]).unwrap();
        places::write(&source, "one").unwrap();
        assert!(!stamp("node 20").is_current());
        stamp("node 20").set().unwrap();
        assert!(stamp("node 20").is_current());
        assert!(!stamp("node 22").is_current());
        places::write(&source, "two").unwrap();
        assert!(!stamp("node 20").is_current());
        places::remove_folder(&folder).unwrap();
    }
}
