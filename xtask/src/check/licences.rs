//! The licences and origins of all crates, held against deny.toml.
//!
//! Read from cargo's metadata rather than by cargo-deny, which takes minutes to compile and is not on a newcomer's
//! machine. deny.toml is cargo-deny's own format: where it is on PATH it runs too, and CI on GitHub runs it with the
//! database of advisories.

use serde_json::Value;
use toml::Table;

use super::{metadata, none_of};
use crate::{failure::Failure, places, processes, tools::cargo};

pub(super) fn check() -> Result<(), Failure> {
    let rules = Rules::read(&places::read(&places::root().join("deny.toml"))?)?;
    let metadata = metadata::read()?;
    let members = metadata::list(&metadata, "workspace_members");
    let foreign =
        metadata::list(&metadata, "packages").iter().filter(|package| !members.contains(&package["id"]));
    let findings: Vec<String> = foreign.filter_map(|package| rules.complaint(package)).collect();
    none_of(&findings, "choose another crate, or argue for an exception in deny.toml")?;
    if processes::answer(cargo().args(["deny", "--version"])).is_some() {
        processes::run(cargo().args(["deny", "--locked", "check", "licenses", "bans", "sources"]))?;
    }
    Ok(())
}

struct Rules {
    allowed: Vec<String>,
    exceptions: Vec<(String, Vec<String>)>,
    banned: Vec<String>,
    registries: Vec<String>,
}

impl Rules {
    fn read(deny: &str) -> Result<Self, Failure> {
        let deny: Table = deny.parse().map_err(|e| Failure::new(format!("deny.toml: {e}")))?;
        let empty = Table::new();
        let table = |name: &str| deny.get(name).and_then(|value| value.as_table()).unwrap_or(&empty);
        let named = |entries: Option<&toml::Value>, key: &str| -> Vec<Table> {
            let entries = entries.and_then(|value| value.as_array()).into_iter().flatten();
            entries
                .filter_map(|entry| entry.as_table())
                .filter(|entry| entry.contains_key(key))
                .cloned()
                .collect()
        };
        let exceptions = named(table("licenses").get("exceptions"), "crate");
        let bans = named(table("bans").get("deny"), "crate");
        let name = |entry: &Table| entry.get("crate").and_then(|v| v.as_str()).unwrap_or("").to_owned();
        Ok(Self {
            allowed: strings(table("licenses").get("allow")),
            exceptions: exceptions.iter().map(|e| (name(e), strings(e.get("allow")))).collect(),
            banned: bans.iter().map(name).collect(),
            registries: strings(table("sources").get("allow-registry")),
        })
    }

    fn complaint(&self, package: &Value) -> Option<String> {
        let name = metadata::text(package, "name");
        let source = metadata::text(package, "source").trim_start_matches("registry+");
        let licence = metadata::text(package, "license");
        let label = format!("{name} {}", metadata::text(package, "version"));
        if self.banned.iter().any(|banned| banned == name) {
            Some(format!("{label} is banned"))
        } else if !self.registries.iter().any(|registry| registry == source) {
            Some(format!("{label} comes from {source}"))
        } else if !self.permits(name, licence) {
            Some(format!("{label} is under `{licence}`"))
        } else {
            None
        }
    }

    fn permits(&self, name: &str, licence: &str) -> bool {
        let excepted = self.exceptions.iter().filter(|(package, _)| package == name).flat_map(|(_, ids)| ids);
        let ids: Vec<&String> = self.allowed.iter().chain(excepted).collect();
        satisfied(licence, &|id| ids.iter().any(|allowed| *allowed == id))
    }
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    let list = value.and_then(|value| value.as_array()).into_iter().flatten();
    list.filter_map(|item| item.as_str()).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met with the licences allowed. Old manifests write `/` for OR.
fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let met = either(&mut words, allowed);
    // An expression that is empty or goes on after its end is not understood, so not met.
    met.unwrap_or(false) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = both(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        met |= both(words, allowed)?;
    }
    Some(met)
}

fn both(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut met = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed)?;
    }
    Some(met)
}

fn one(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    match words.next()? {
        "(" => {
            let met = either(words, allowed)?;
            words.next_if_eq(&")").map(|_| met)
        }
        ")" | "OR" | "AND" | "WITH" => None,
        id if words.next_if_eq(&"WITH").is_some() => Some(allowed(&format!("{id} WITH {}", words.next()?))),
        id => Some(allowed(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn expressions() {
        let met = |expression| {
            satisfied(expression, &|id| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&id))
        };
        assert!(met("MIT"));
        assert!(met("MIT OR GPL-3.0"));
        assert!(met("GPL-3.0/MIT"));
        assert!(met("(MIT OR Apache-2.0) AND ISC"));
        assert!(met("Apache-2.0 WITH LLVM-exception"));
        assert!(!met("MIT AND GPL-3.0"));
        assert!(!met("GPL-3.0 OR MIT AND Zlib"));
        assert!(!met("Apache-2.0"));
        assert!(!met(""));
        assert!(!met("(MIT"));
        assert!(!met("MIT ISC"));
    }

    #[test]
    fn rules_of_deny_toml() {
        let rules = Rules::read(
            r#"
            [licenses]
            allow = ["MIT"]
            exceptions = [{ crate = "special", allow = ["MPL-2.0"] }]
            [bans]
            deny = [{ crate = "openssl-sys", reason = "rustls" }]
            [sources]
            allow-registry = ["https://index"]
            "#,
        )
        .unwrap();
        let package = |name: &str, license: &str, source: &str| {
            rules
                .complaint(&json!({ "name": name, "version": "1.0.0", "license": license, "source": source }))
        };
        assert_eq!(package("a", "MIT", "registry+https://index"), None);
        assert_eq!(package("special", "MPL-2.0", "registry+https://index"), None);
        assert_eq!(package("b", "MPL-2.0", "registry+https://index").unwrap(), "b 1.0.0 is under `MPL-2.0`");
        assert_eq!(
            package("openssl-sys", "MIT", "registry+https://index").unwrap(),
            "openssl-sys 1.0.0 is banned"
        );
        assert_eq!(package("c", "MIT", "git+https://forge").unwrap(), "c 1.0.0 comes from git+https://forge");
        assert!(Rules::read("[licenses").is_err());
    }
}
