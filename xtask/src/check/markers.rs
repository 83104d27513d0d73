//! Nothing unfinished is called done: no marker words, no test that silences the others.

use super::none_of;
use crate::{
    failure::Failure,
    places,
    sources::{self, Kind},
};

// In two parts, so that this file does not find itself.
const WORDS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
    concat!("W", "IP"),
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
];

/// `test.only` and its like: all other tests of the file are silently left out.
const SILENCERS: &[&str] =
    &[concat!("test.", "only("), concat!("it.", "only("), concat!("describe.", "only(")];

pub(super) fn check() -> Result<(), Failure> {
    let mut findings = Vec::new();
    for file in sources::list(Kind::ALL)? {
        for (line, marker) in markers(&places::read(&file)?) {
            findings.push(format!("{}:{line}: {marker}", places::shown(&file)));
        }
    }
    none_of(&findings, "finish it, or say in plain words what is deliberately not there")
}

fn markers(source: &str) -> Vec<(usize, &'static str)> {
    source
        .lines()
        .enumerate()
        .flat_map(|(index, line)| {
            let words = WORDS.iter().filter(move |word| has_word(line, word));
            let silencers = SILENCERS.iter().filter(move |silencer| line.contains(**silencer));
            words.chain(silencers).map(move |marker| (index + 1, *marker))
        })
        .collect()
}

/// Whether the line holds the marker as a word of its own.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
        !line[..at].ends_with(part_of_word) && !line[at + word.len()..].starts_with(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::markers;

    #[test]
    fn markers_are_found_as_words_alone() {
        let source =
            format!("fine\n// {}: later\nlet x = {}();\n", concat!("TO", "DO"), concat!("to", "do!"));
        assert_eq!(markers(&source), [(2, concat!("TO", "DO")), (3, concat!("to", "do!"))]);
        assert_eq!(markers(concat!("mktemp /tmp/a.", "XX", "XXXX")), []);
        assert_eq!(markers(concat!("MAS", "TO", "DON and ", "HA", "CKNEY")), []);
    }

    #[test]
    fn a_test_that_silences_the_others_is_found() {
        assert_eq!(markers(concat!("test.", "only(\"a\", () => {})")).len(), 1);
    }
}
