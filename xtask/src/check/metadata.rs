//! What cargo says about the workspace and the crates it depends on.

use serde_json::Value;

use crate::{failure::Failure, processes, tools::cargo};

/// Everything `cargo metadata` knows.
pub(super) fn read() -> Result<Value, Failure> {
    let text = processes::output(cargo().args(["metadata", "--locked", "--format-version", "1"]))
        .map_err(|e| e.advise("`cargo xtask check lock-file` tells more"))?;
    serde_json::from_str(&text).map_err(|e| Failure::new(format!("cargo metadata is not JSON: {e}")))
}

/// The elements of a list; none if there is no list.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A text; empty if there is none.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

/// The workspace's own packages.
pub(super) fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    let ids = list(metadata, "workspace_members");
    list(metadata, "packages").iter().filter(move |package| ids.contains(&package["id"]))
}
