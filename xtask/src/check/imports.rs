//! The import rule: who may depend on whom, read from cargo's metadata.
//!
//! `quoth` (the shell) -> `quoth-app` (the driver) -> the five in the middle -> `quoth-session` (the rules). The five
//! never import one another, the rules import nothing that does I/O, and only the shell knows Tauri.

use serde_json::Value;

use super::{metadata, none_of};
use crate::failure::Failure;

const MIDDLE: [&str; 5] = ["quoth-audio", "quoth-speech", "quoth-text", "quoth-paste", "quoth-store"];

/// What a package of the workspace may import of it; `None` where anything goes.
fn allowed(package: &str) -> Option<Vec<&'static str>> {
    match package {
        "quoth" => Some(vec!["quoth-app"]),
        "quoth-app" => Some(MIDDLE.iter().copied().chain(["quoth-session"]).collect()),
        "quoth-session" => Some(vec![]),
        "quoth-desktop" | "xtask" => None,
        // The middle. A package this table does not know is held to the same until it finds its place here.
        _ => Some(vec!["quoth-session"]),
    }
}

/// All that `quoth-session` may import from outside: no I/O, no clock, no system.
const SESSION_IMPORTS: [&str; 3] = ["serde", "thiserror", "uuid"];

pub(super) fn check() -> Result<(), Failure> {
    none_of(
        &violations(&metadata::read()?),
        "move the code to the side of the border it belongs to; the rule stands in ARCHITECTURE.md",
    )
}

fn violations(metadata: &Value) -> Vec<String> {
    let names: Vec<&str> =
        metadata::members(metadata).map(|package| metadata::text(package, "name")).collect();
    metadata::members(metadata)
        .flat_map(|package| {
            let importer = metadata::text(package, "name");
            let names = &names;
            metadata::list(package, "dependencies")
                .iter()
                .filter_map(move |import| violation(importer, import, names))
        })
        .collect()
}

fn violation(importer: &str, import: &Value, members: &[&str]) -> Option<String> {
    let imported = metadata::text(import, "name");
    let for_tests = metadata::text(import, "kind") == "dev";
    let complaint = if members.contains(&imported) {
        let desktop_for_tests = imported == "quoth-desktop" && for_tests;
        let fine = match (importer, imported) {
            (_, "xtask") => false,
            // A crate may test itself on the virtual desktop; shipped code never needs it.
            (_, "quoth-desktop") => desktop_for_tests || importer == "xtask",
            _ => allowed(importer).is_none_or(|allowed| allowed.contains(&imported)),
        };
        (!fine).then(|| match allowed(importer).as_deref() {
            Some([]) => "it may import nothing of the workspace".to_owned(),
            Some(allowed) if MIDDLE.contains(&importer) && MIDDLE.contains(&imported) => {
                format!("sideways: of the workspace it may import {} alone", allowed.join(", "))
            }
            Some(allowed) if imported != "xtask" && imported != "quoth-desktop" => {
                format!("of the workspace it may import {}", allowed.join(", "))
            }
            _ => "nothing may import it".to_owned(),
        })
    } else if is_shell_crate(imported) && importer != "quoth" {
        Some("only the shell (src-tauri) knows Tauri".to_owned())
    } else if importer == "quoth-session" && !for_tests && !SESSION_IMPORTS.contains(&imported) {
        Some(format!("it may import {} alone", SESSION_IMPORTS.join(", ")))
    } else {
        None
    };
    complaint.map(|complaint| format!("{importer} imports {imported}: {complaint}"))
}

fn is_shell_crate(name: &str) -> bool {
    name == "tauri" || name.starts_with("tauri-") || ["tao", "wry", "muda", "tray-icon"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A workspace whose packages import what is given, as (importer, imported, kind).
    fn workspace(imports: &[(&str, &str, Option<&str>)]) -> Value {
        let members =
            ["quoth", "quoth-app", "quoth-audio", "quoth-store", "quoth-session", "quoth-desktop", "xtask"];
        let packages: Vec<Value> = members
            .iter()
            .map(|name| {
                let dependencies: Vec<Value> = imports
                    .iter()
                    .filter(|(importer, ..)| importer == name)
                    .map(|(_, imported, kind)| json!({ "name": imported, "kind": kind }))
                    .collect();
                json!({ "name": name, "id": name, "dependencies": dependencies })
            })
            .chain([json!({ "name": "tauri-utils", "id": "x",
                "dependencies": [{ "name": "tauri-winres", "kind": null }] })])
            .collect();
        json!({ "packages": packages, "workspace_members": members })
    }

    fn complaints(importer: &str, imported: &str, kind: Option<&str>) -> usize {
        violations(&workspace(&[(importer, imported, kind)])).len()
    }

    #[test]
    fn the_design_itself_is_fine() {
        let imports = [
            ("quoth", "quoth-app", None),
            ("quoth", "tauri", None),
            ("quoth", "tauri-build", Some("build")),
            ("quoth-app", "quoth-audio", None),
            ("quoth-app", "quoth-session", None),
            ("quoth-app", "tokio", None),
            ("quoth-audio", "quoth-session", None),
            ("quoth-audio", "cpal", None),
            ("quoth-session", "uuid", None),
            ("quoth-session", "proptest", Some("dev")),
            ("quoth-desktop", "quoth-app", None),
        ];
        assert_eq!(violations(&workspace(&imports)), Vec::<String>::new());
    }

    #[test]
    fn sideways_and_upward_imports_are_found_in_every_kind() {
        for kind in [None, Some("dev"), Some("build")] {
            assert_eq!(complaints("quoth-audio", "quoth-store", kind), 1, "sideways {kind:?}");
            assert_eq!(complaints("quoth-audio", "quoth-app", kind), 1, "upward {kind:?}");
            assert_eq!(complaints("quoth-session", "quoth-audio", kind), 1, "session {kind:?}");
            assert_eq!(complaints("quoth", "quoth-store", kind), 1, "past the driver {kind:?}");
        }
        let told = violations(&workspace(&[("quoth-audio", "quoth-store", None)]));
        assert_eq!(
            told,
            ["quoth-audio imports quoth-store: sideways: of the workspace it may import quoth-session alone"]
        );
    }

    #[test]
    fn the_rules_stay_pure() {
        assert_eq!(complaints("quoth-session", "tokio", None), 1);
        assert_eq!(complaints("quoth-session", "cc", Some("build")), 1);
    }

    #[test]
    fn tauri_stays_in_the_shell() {
        assert_eq!(complaints("quoth-app", "tauri", None), 1);
        assert_eq!(complaints("quoth-desktop", "tauri-driver", Some("dev")), 1);
        assert_eq!(complaints("quoth-app", "wry", None), 1);
    }

    #[test]
    fn nothing_imports_the_tests_or_the_tasks() {
        assert_eq!(complaints("quoth-app", "xtask", Some("dev")), 1);
        assert_eq!(complaints("quoth-app", "quoth-desktop", None), 1);
        assert_eq!(
            complaints("quoth-app", "quoth-desktop", Some("dev")),
            0,
            "a crate's own tests may run on it"
        );
    }
}
