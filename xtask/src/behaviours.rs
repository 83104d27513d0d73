//! `cargo xtask behaviours`: which promised behaviours have tests named after them.
//!
//! A Rust test names its behaviours first, `k09_k27_release_keeps_the_tail`; a TypeScript test likewise,
//! `test("D12, K3 late answers are dropped", ...)`. `k9` and `k09` are the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    failure::Failure,
    places,
    sources::{self, Kind},
};

/// A behaviour's id: K1, TL17, ...
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Id {
    family: Family,
    number: u32,
}

/// In the order of the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Family {
    K,
    T,
    L,
    D,
    C,
    TL,
}

impl Id {
    fn parse(word: &str) -> Option<Self> {
        let digits = word.find(|c: char| c.is_ascii_digit())?;
        let family = match word[..digits].to_ascii_uppercase().as_str() {
            "K" => Family::K,
            "T" => Family::T,
            "L" => Family::L,
            "D" => Family::D,
            "C" => Family::C,
            "TL" => Family::TL,
            _ => return None,
        };
        Some(Self { family, number: word[digits..].parse().ok()? })
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:?}{}", self.family, self.number))
    }
}

/// A test, by file and name.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Test {
    file: String,
    name: String,
}

/// Prints every behaviour with its tests, or those without any alone, and how many there are.
pub(crate) fn behaviours(missing_alone: bool) -> Result<(), Failure> {
    let promised = promised(&places::read(&places::root().join("docs/behaviours.md"))?);
    if promised.is_empty() {
        return Err(Failure::new("docs/behaviours.md holds no table of behaviours"));
    }
    let tests = tests_by_behaviour()?;
    for id in &promised {
        match tests.get(id) {
            None => println!("{id:<5} -"),
            Some(_) if missing_alone => {}
            Some(tests) => tests.iter().for_each(|test| println!("{id:<5} {}: {}", test.file, test.name)),
        }
    }
    for (id, tests) in tests.iter().filter(|(id, _)| !promised.contains(id)) {
        for test in tests {
            println!("{id:<5} is promised nowhere, yet named by {}: {}", test.file, test.name);
        }
    }
    let without = promised.iter().filter(|id| !tests.contains_key(id)).count();
    println!("{} behaviours, {} with tests, {without} without", promised.len(), promised.len() - without);
    Ok(())
}

fn tests_by_behaviour() -> Result<BTreeMap<Id, Vec<Test>>, Failure> {
    let mut found: BTreeMap<Id, Vec<Test>> = BTreeMap::new();
    for (kind, names_in) in
        [(Kind::Rust, rust_tests as fn(&str) -> Vec<String>), (Kind::TypeScript, page_tests)]
    {
        for file in sources::list(&[kind])? {
            for name in names_in(&places::read(&file)?) {
                for id in named(&name) {
                    let test = Test { file: places::shown(&file), name: name.clone() };
                    found.entry(id).or_default().push(test);
                }
            }
        }
    }
    Ok(found)
}

/// The ids in the first column of the document's tables (`| K9 | ...`, `| TL1 normal hold | ...`).
fn promised(document: &str) -> BTreeSet<Id> {
    let cells = document.lines().filter_map(|line| line.trim().strip_prefix('|')?.split('|').next());
    cells.filter_map(|cell| Id::parse(cell.split_whitespace().next()?.trim_matches('*'))).collect()
}

/// The ids a test's name begins with.
fn named(test: &str) -> Vec<Id> {
    let words = test.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut ids = Vec::new();
    for id in words.map_while(Id::parse) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// The names of all functions under `#[test]`, `#[tokio::test(...)]` and their like.
fn rust_tests(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if let Some(attribute) = line.strip_prefix("#[") {
            let path = attribute.split(['(', ']']).next().unwrap_or("");
            is_test |= path.rsplit("::").next() == Some("test");
        }
        if let Some((_, function)) = line.split_once("fn ")
            && is_test
            && !line.starts_with("//")
        {
            names.extend(function.split(['(', '<']).next().map(|name| name.trim().to_owned()));
            is_test = false;
        }
    }
    names
}

/// The names of all `test("...")` and `it("...")`, also `test.each(table)("...")`.
fn page_tests(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for word in ["test", "it"] {
        for (at, _) in source.match_indices(word) {
            let starts_word = !source[..at].ends_with(|c: char| c.is_alphanumeric() || "_$.".contains(c));
            if starts_word {
                names.extend(first_text(&source[at + word.len()..]));
            }
        }
    }
    names
}

/// After `test`: any `.each`, `.skip`, then brackets; the first that begin with a text hold the name.
fn first_text(mut rest: &str) -> Option<String> {
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '.');
        let inside = rest.strip_prefix('(')?;
        let text = inside.trim_start();
        if let Some(quote) = text.chars().next().filter(|c| "\"'`".contains(*c)) {
            return text[1..].split(quote).next().map(str::to_owned);
        }
        let mut depth = 1;
        let end = inside.find(|c: char| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        rest = &inside[end + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        named(text).iter().map(Id::to_string).collect()
    }

    #[test]
    fn a_name_begins_with_its_behaviours() {
        assert_eq!(ids("k09_begin_order"), ["K9"]);
        assert_eq!(ids("k9_k27_tl01_stale_end"), ["K9", "K27", "TL1"]);
        assert_eq!(ids("k9_k09_twice"), ["K9"]);
        assert_eq!(ids("D12, K3: late answers"), ["D12", "K3"]);
        assert_eq!(ids("D12/C5 late"), ["D12", "C5"]);
        assert_eq!(ids("late_k9"), Vec::<String>::new());
        assert_eq!(ids("kilo"), Vec::<String>::new());
        assert_eq!(ids("q1_decision"), Vec::<String>::new());
    }

    #[test]
    fn the_tables_first_column_is_the_promise() {
        let document = "# K1 no\n| ID | Behaviour |\n|---|---|\n| K2 | as K3 says |\n| **C5** | bold |\n| TL1 normal hold | x |\n\
                        | Q1 | a question |\n| `session-ready` | — |\n| K3..K5 | no |\n";
        let found: Vec<String> = promised(document).iter().map(Id::to_string).collect();
        assert_eq!(found, ["K2", "C5", "TL1"]);
    }

    #[test]
    fn the_projects_own_promise_is_read() {
        let document = places::read(&places::root().join("docs/behaviours.md")).unwrap();
        let families = promised(&document).iter().fold(BTreeMap::new(), |mut counts, id| {
            *counts.entry(format!("{:?}", id.family)).or_insert(0) += 1;
            counts
        });
        let expected = [("C", 34), ("D", 74), ("K", 39), ("L", 31), ("T", 19), ("TL", 17)];
        assert_eq!(families, expected.map(|(family, count)| (family.to_owned(), count)).into());
    }

    #[test]
    fn rust_tests_are_told_from_other_functions() {
        let source = "fn k1_no() {}\n#[test]\nfn k2_yes() {\n}\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn k3_yes() {}\n\
                      proptest! {\n  #[test]\n  #[cfg(unix)]\n  fn k4_yes(x in 0..5) {}\n}\n#[cfg(test)]\nmod tests { }\nfn k5_no() {}\n";
        assert_eq!(rust_tests(source), ["k2_yes", "k3_yes", "k4_yes"]);
    }

    #[test]
    fn page_tests_in_all_their_forms() {
        let source = "test(\"D1 a\", () => {});\nit('D2 b', f)\ntest.each([(1), 2])(`D3 c`, f)\nsubmit(\"D4\")\nit.skip(\n  \"D5 d\")\nlatest(\"D6\")";
        let mut names = page_tests(source);
        names.sort();
        assert_eq!(names, ["D1 a", "D2 b", "D3 c", "D5 d"]);
    }
}
