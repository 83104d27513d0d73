//! Scripts without spaces between words, for the search index.
//!
//! The index knows words by the spaces around them. Chinese and Japanese have none, so each of their characters becomes a
//! word of its own; what is looked for becomes a phrase of such words, and is found wherever it stands.

/// Stands between two characters in the index: no letter, and not to be seen. Taken out again before anything is shown.
pub(crate) const GAP: char = '\u{200B}';

/// Whether a character belongs to a script that is written without spaces: Chinese and Japanese.
pub(crate) fn is_spaceless(character: char) -> bool {
    matches!(character,
        '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3040}'..='\u{30FF}' | '\u{3100}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9D}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// The text with a gap on both sides of every such character; nothing where there is none, and the text will do.
pub(crate) fn spread(text: &str) -> Option<String> {
    if !text.chars().any(is_spaceless) {
        return None;
    }
    let mut spread = String::with_capacity(text.len() * 2);
    let mut gap_due = false;
    for character in text.chars() {
        let spaceless = is_spaceless(character);
        if (gap_due || spaceless) && !spread.is_empty() {
            spread.push(GAP);
        }
        spread.push(character);
        gap_due = spaceless;
    }
    Some(spread)
}

/// A text from the index as it was written.
pub(crate) fn gather(spread: &str) -> String {
    spread.replace(GAP, "")
}

/// How many words a text has. Where there are no spaces, two characters count as one: most Chinese words have two.
pub(crate) fn words(text: &str) -> i64 {
    let spaceless = text.chars().filter(|character| is_spaceless(*character)).count().div_ceil(2);
    let is_gap = |character: char| character.is_whitespace() || is_spaceless(character);
    let spaced = text.split(is_gap).filter(|word| word.chars().any(char::is_alphanumeric)).count();
    i64::try_from(spaceless + spaced).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn s7_only_characters_of_scripts_without_spaces_are_set_apart() {
        assert_eq!(spread("plain words, größe"), None);
        let spread_text = spread("今天 ok再见").unwrap();
        assert_eq!(spread_text.replace(GAP, "|"), "今|天| ok|再|见");
    }

    #[test]
    fn s7_words_are_counted_in_scripts_with_and_without_spaces() {
        for (text, count) in
            [("", 0), ("don't - stop", 2), ("今天天气", 2), ("ok 今天好 x-ray", 4), (" … ", 0)]
        {
            assert_eq!(words(text), count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn s7_a_spread_text_gathers_to_what_it_was(text in "[今天気カナa-zé ,。]{0,20}") {
            prop_assert_eq!(spread(&text).map_or(text.clone(), |spread| gather(&spread)), text);
        }
    }
}
